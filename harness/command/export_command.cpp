// assay export: the corpus as plain vectors, for suites that have neither our
// runner nor Python.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/command/asking.h"
#include "harness/command/project.h"
#include "reference/bytes/hex.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t longest_inline_input = 4096;

constexpr const char* readme = R"(# Assay test vectors

What every recorded CPython makes of each input, without any program of Assay.

- `FORMAT.json`: the cases of reading a format, or of running programs (`chapter`);
  `FORMAT-OPERATION.json`: of doing something else with it (`pickle-encode.json`);
  `schema.json` describes them (JSON Schema).
- `FORMAT/…`: inputs as files of their own, named for the case's id.

Its `operation` says what a case asks:

| operation | asked | outcome |
|---|---|---|
| decode | `input` (hex; when that is long, only its `file`) | `value`, and the bytes `consumed` |
| inspect | likewise | `value`: a list of the globals that are looked up, `global('os', 'name')` |
| encode | `value`, `protocol` | `data` (hex); `buffers` that went out of band |
| read, identify, iterdump | the `files`, which lie at `path` | `value` |
| write | `script`, on a copy of the `files` if there are some | `value` |
| scenario | `script`, a program in Python | `value`: the list of lines it prints |

Each of the `outcomes` says which `profiles` gave it; instead of a value or data it may
be the class of an exception, `error`. A value is value text: Python's literals,
`&1`/`*1` for shared and cyclic nodes, and calls for what the data names
(reference/value/README.md in Assay; scripts are in harness/adapters/README.md).

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
  "required": ["schema", "assay", "format", "operation", "oracles", "cases"],
  "properties": {
    "schema": {"const": "assay-vectors-1"},
    "assay": {"type": "string", "description": "version of Assay"},
    "format": {"type": "string", "description": "pickle, dbm.gnu, python (programs), …"},
    "operation": {
      "enum": [
        "decode", "inspect", "encode", "read", "identify", "iterdump", "write", "scenario"
      ]
    },
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
        "required": ["id", "topic", "why", "spec", "outcomes"],
        "anyOf": [
          {"required": ["file", "size"]},
          {"required": ["value", "protocol"]},
          {"required": ["path", "files"]},
          {"required": ["script"]}
        ],
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
          "value": {"type": "string", "description": "value text, to be written"},
          "script": {"type": "string", "description": "operations, or a program"},
          "path": {"type": "string", "description": "what the files have in common"},
          "files": {"type": "array", "items": {"type": "string"}},
          "outcomes": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["profiles"],
              "properties": {
                "profiles": {"type": "array", "items": {"type": "string"}},
                "value": {"type": "string", "description": "value text"},
                "data": {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
                "buffers": {"type": "array", "items": {"type": "string"}},
                "consumed": {"type": "integer"},
                "error": {"type": "string", "description": "class of the exception"},
                "crash": {"type": "boolean", "description": "the process dies"}
              },
              "oneOf": [
                {"required": ["value"]}, {"required": ["data"]}, {"required": ["error"]},
                {"required": ["crash"]}
              ]
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

// The files that a case's path names, copied beside the vectors.
Json copy_files(const Case& c, const fs::path& folder, const std::string& place) {
  Json names = Json::array();
  for (const std::string_view ending : path_endings) {
    const fs::path from(c.path + std::string(ending));
    if (!fs::is_regular_file(from)) continue;
    const std::string name = place + "/" + from.filename().string();
    write_bytes(folder / name, read_input_file(from.string()));
    names.push_back(name);
  }
  return names;
}

// What is asked; bytes and files are written beside the vectors.
void put_asked(Json& json, const Case& c, const fs::path& folder, const std::string& format) {
  const std::string place = format + "/" + c.id;
  if (!c.path.empty()) {
    json["path"] = place + "/" + fs::path(c.path).filename().string();
    json["files"] = copy_files(c, folder, place);
  }
  if (!c.script.empty()) json["script"] = c.script;
  if (c.operation == "encode") json["value"] = c.value;
  if (!c.path.empty() || !c.script.empty() || c.operation == "encode") return;
  if (c.input.size() <= longest_inline_input) json["input"] = to_hex(c.input);
  json["file"] = place + ".bin";
  json["size"] = c.input.size();
  write_bytes(folder / (place + ".bin"), c.input);
}

Json to_json(const Case& c, const fs::path& folder, const std::string& format) {
  Json json;
  json["id"] = c.id;
  json["topic"] = c.topic;
  json["why"] = c.why;
  json["spec"] = c.spec;
  if (c.protocol >= 0) json["protocol"] = c.protocol;
  if (!c.quirks.empty()) json["quirks"] = c.quirks;
  if (c.word) json["word"] = true;
  if (const std::string options = options_alone(c); !options.empty())
    json["options"] = Json::parse(options);
  put_asked(json, c, folder, format);
  json["outcomes"] = Json::array();
  for (const RecordedOutcome& outcome : c.outcomes)
    json["outcomes"].push_back(outcome_json(outcome));
  return json;
}

// "dbm-gnu-write" of "dbm.gnu:write".
std::string file_name(std::string reported) {
  for (char& c : reported)
    if (c == '.' || c == ':') c = '-';
  return reported;
}

// One case a line, so that two exports can be compared.
std::string vectors(const Corpus& corpus, const std::vector<const Case*>& cases,
                    const fs::path& folder) {
  const Case& any = *cases.front();
  Json head;
  head["schema"] = "assay-vectors-1";
  head["assay"] = ASSAY_VERSION;
  head["format"] = any.module;
  head["operation"] = any.operation;
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
  for (const Case* c : cases) {
    text += (first ? "\n" : ",\n") + to_json(*c, folder, file_name(c->reported)).dump();
    first = false;
  }
  return text + "\n]}\n";
}

void export_vectors(Context& context, const fs::path& folder) {
  const Corpus corpus = load_project_corpus(context);
  std::map<std::string, std::vector<const Case*>> found;  // as reports count them
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases) found[c.reported].push_back(&c);
  for (const auto& [reported, cases] : found)
    write_bytes(folder / (file_name(reported) + ".json"), vectors(corpus, cases, folder));
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
