// assay export: the corpus as plain vectors, for suites that have neither our
// runner nor Python.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/command/project.h"
#include "reference/bytes/hex.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t longest_inline_input = 4096;

constexpr const char* readme = R"(# Assay test vectors

What every recorded CPython makes of each input, without any program of Assay.

- `FORMAT.json`: all cases of a format; `schema.json` describes it (JSON Schema).
- `FORMAT/…`: each input as a file of its own, named for the case's id.

A case has an `input` (hex) or, when that is long, only its `file`. Each of its
`outcomes` says which `profiles` gave it: a `value` with the number of bytes
`consumed`, or the class of the exception, `error`. A value is value text:
Python's literals, `&1`/`*1` for shared and cyclic nodes, and calls for what the
data names (reference/value/README.md in Assay).

The oracles read from a stream (`pickle.load`, not `loads`: what crosses the end
of a frame differs), import and call nothing, and take `persid(x)` for whatever a
persistent id stands for, unless `options` say otherwise.

A reader agrees with CPython on a case if it gives one of the outcomes of the
profiles that it follows. Where all of them reject, the class of the exception
matters only to readers that claim Python's.

harness/example/vectors in Assay judges a reader by these files in 20 lines of
Python, and of JavaScript.
)";

constexpr const char* schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Assay test vectors of one format",
  "type": "object",
  "required": ["schema", "assay", "format", "oracles", "cases"],
  "properties": {
    "schema": {"const": "assay-vectors-1"},
    "assay": {"type": "string", "description": "version of Assay"},
    "format": {"type": "string"},
    "oracles": {
      "type": "object",
      "description": "by profile",
      "additionalProperties": {
        "type": "object",
        "required": ["version", "word"],
        "properties": {
          "version": {"type": "string"},
          "word": {"enum": [32, 64], "description": "bits of Py_ssize_t"},
          "lossy": {
            "type": "array",
            "items": {"type": "string"},
            "description": "what this oracle cannot tell apart"
          }
        }
      }
    },
    "cases": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["id", "topic", "why", "spec", "file", "size", "outcomes"],
        "properties": {
          "id": {"type": "string", "description": "unique and never used again"},
          "topic": {"type": "string"},
          "why": {"type": "string"},
          "spec": {"type": "string"},
          "protocol": {"type": "integer"},
          "quirks": {"type": "array", "items": {"type": "string"}},
          "word": {"type": "boolean", "description": "the outcome depends on the word size"},
          "options": {"type": "object", "description": "arguments of the reader"},
          "input": {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
          "file": {"type": "string", "description": "the input, relative to this file"},
          "size": {"type": "integer", "description": "bytes of the input"},
          "outcomes": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["profiles"],
              "properties": {
                "profiles": {"type": "array", "items": {"type": "string"}},
                "value": {"type": "string", "description": "value text"},
                "consumed": {"type": "integer"},
                "error": {"type": "string", "description": "class of the exception"},
                "crash": {"type": "boolean", "description": "the process dies"}
              },
              "oneOf": [{"required": ["value"]}, {"required": ["error"]}, {"required": ["crash"]}]
            }
          }
        }
      }
    }
  }
}
)";

void write_bytes(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw UsageError(path.string() + ": cannot be written");
}

Json to_json(const Case& c, const std::string& file) {
  Json json;
  json["id"] = c.id;
  json["topic"] = c.topic;
  json["why"] = c.why;
  json["spec"] = c.spec;
  if (c.protocol >= 0) json["protocol"] = c.protocol;
  if (!c.quirks.empty()) json["quirks"] = c.quirks;
  if (c.word) json["word"] = true;
  if (!c.options_text().empty()) json["options"] = Json::parse(c.options_text());
  if (c.input.size() <= longest_inline_input) json["input"] = to_hex(c.input);
  json["file"] = file;
  json["size"] = c.input.size();
  json["outcomes"] = Json::array();
  for (const RecordedOutcome& outcome : c.outcomes) {
    Json entry;
    entry["profiles"] = outcome.profiles;
    if (outcome.value) entry["value"] = *outcome.value;
    if (outcome.data) entry["data"] = to_hex(*outcome.data);
    if (!outcome.buffers.empty()) entry["buffers"] = outcome.buffers;
    if (outcome.consumed) entry["consumed"] = *outcome.consumed;
    if (outcome.crashed()) entry["crash"] = true;
    if (!outcome.accepted() && !outcome.crashed()) entry["error"] = outcome.error;
    json["outcomes"].push_back(std::move(entry));
  }
  return json;
}

// One case a line, so that two exports can be compared.
std::string vectors(const Corpus& corpus, const std::string& format, const fs::path& folder) {
  Json head;
  head["schema"] = "assay-vectors-1";
  head["assay"] = ASSAY_VERSION;
  head["format"] = format;
  for (const auto& [profile, oracle] : corpus.oracles()) {
    Json& entry = head["oracles"][profile];
    entry["version"] = oracle.version;
    entry["word"] = oracle.word;
    if (!oracle.lossy.empty()) entry["lossy"] = oracle.lossy;
  }
  std::string text = head.dump();
  text.pop_back();
  text += ",\"cases\":[";
  bool first = true;
  for (const CaseFile& file : corpus.files) {
    if (file.format != format) continue;
    for (const Case& c : file.cases) {
      if (c.operation != "decode") continue;  // vectors are inputs and values
      const std::string name = fmt::format("{}/{}.bin", format, c.id);
      write_bytes(folder / name, c.input);
      text += (first ? "\n" : ",\n") + to_json(c, name).dump();
      first = false;
    }
  }
  return text + "\n]}\n";
}

void export_vectors(Context& context, const fs::path& folder) {
  const Corpus corpus = load_project_corpus(context);
  std::set<std::string> found;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases)
      if (c.operation == "decode") found.insert(file.format);
  for (const std::string& format : found)
    write_bytes(folder / (format + ".json"), vectors(corpus, format, folder));
  write_bytes(folder / "schema.json", schema);
  write_bytes(folder / "README.md", readme);
  fmt::print("{} cases written to {}\n", corpus.case_count(), folder.string());
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("export", "Write the corpus as JSON and files that need no Assay");
  command->add_option("folder", *folder, "Where to; made if it is not there")->required();
  command->callback([folder, &context] { export_vectors(context, *folder); });
}

}  // namespace assay
