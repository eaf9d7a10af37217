// assay show: a file as value text.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/command/pickle_file.h"
#include "harness/command/project.h"
#include "harness/persistent/sqlite_records.h"
#include "reference/pickle/opcode.h"

namespace assay {
namespace {

struct ShowOptions {
  std::string file, profile, format, persistent, sql, encoding, errors;
  std::vector<std::string> buffers;
  bool symbolic = false, one_unpickler = false, json = false;
};

// What stands at an offset: an opcode's name, as far as there is one.
std::string instruction_name(std::string_view file, std::uint64_t offset) {
  if (offset >= file.size()) return "end of file";
  const pickle::Opcode* opcode = pickle::find_opcode(static_cast<std::uint8_t>(file[offset]));
  return opcode == nullptr ? "opcode" : std::string(opcode->name);
}

void print_json(const std::vector<LoadedPickle>& pickles) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const LoadedPickle& one : pickles) {
    nlohmann::ordered_json entry;
    entry["offset"] = one.offset;
    if (one.accepted) {
      entry["consumed"] = one.consumed;
      entry["value"] = one.value;
    } else {
      entry["error"] = one.error;
      entry["message"] = one.message;
      entry["at"] = one.at;
    }
    list.push_back(std::move(entry));
  }
  fmt::print("{}\n", list.dump());
}

void print_text(const std::vector<LoadedPickle>& pickles) {
  const std::size_t values = pickles.size() - (pickles.back().accepted ? 0 : 1);
  for (std::size_t i = 0; i < values; ++i) {
    const LoadedPickle& one = pickles[i];
    if (values > 1)
      fmt::print("# {} of {}, offset {:#x}, {} bytes\n", i + 1, values, one.offset,
                 one.consumed - one.offset);
    fmt::print("{}\n", one.value);
  }
}

void show(const ShowOptions& options) {
  if (!options.format.empty() && options.format != "pickle")
    throw UsageError(fmt::format("--format {}: only pickle can be shown", options.format));
  const std::string file = read_input_file(options.file);
  if (const std::string other = other_format(file); options.format.empty() && !other.empty())
    throw UsageError(
        fmt::format("{}: at 0x0: magic: this is {}, which cannot be shown; "
                    "--format pickle insists",
                    options.file, other));
  LoadOptions load;
  load.profile = parse_profile_option(options.profile);
  load.one_unpickler = options.one_unpickler;
  load.unpickle.symbolic = options.symbolic;
  load.unpickle.symbolic_extensions = true;
  if (!options.encoding.empty()) load.unpickle.encoding = options.encoding;
  if (!options.errors.empty()) load.unpickle.errors = options.errors;
  std::vector<std::string> buffers;
  for (const std::string& name : options.buffers) buffers.push_back(read_input_file(name));
  for (const std::string& buffer : buffers)
    load.unpickle.buffers.push_back({as_bytes(buffer), false});
  std::optional<SqliteRecords> records;
  if (!options.persistent.empty()) {
    try {
      records.emplace(options.persistent, options.sql);
    } catch (const std::runtime_error& error) {
      throw UsageError(error.what());
    }
    load.unpickle.persistent_load = [&records](Graph& graph, NodeId pid) {
      return records->fetch(graph, pid);
    };
  }
  std::vector<LoadedPickle> pickles;
  try {
    pickles = load_pickles(file, load);
  } catch (const std::runtime_error& error) {
    throw UsageError(fmt::format("{}: {}", shown_name(options.file), error.what()));
  }
  if (options.json) {
    print_json(pickles);
  } else {
    print_text(pickles);
  }
  const LoadedPickle& last = pickles.back();
  if (last.accepted) return;
  const std::string what = last.error.empty() ? last.message : last.error + ": " + last.message;
  const std::string field = instruction_name(file, last.at);
  throw UsageError(fmt::format("{}: at {:#x}: {}: {}{}", shown_name(options.file), last.at, field,
                               pickles.size() > 1 ? "behind the last pickle: " : "", what));
}

}  // namespace

void add_show(CLI::App& app, Context&) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = app.add_subcommand("show", "Decode a file to value text, executing nothing");
  command->add_option("file", options->file, "A file, or - for standard input")->required();
  command->add_option("--as", options->profile, "The profile to read as (default: cpython-3.13-c)");
  command->add_option("--format", options->format, "pickle (default: found from the bytes)");
  command->add_flag("--symbolic", options->symbolic,
                    "Leave constructors of built-in types as calls");
  command->add_option("--encoding", options->encoding, "For Python 2's strings (default: ASCII)");
  command->add_option("--errors", options->errors, "What to do with bytes that do not decode");
  command->add_option("--buffer", options->buffers, "An out-of-band buffer (several: in order)")
      ->allow_extra_args(false);
  command->add_option("--persistent", options->persistent,
                      "SQLite database whose rows the persistent ids name");
  command->add_option("--sql", options->sql, "Query that gives the row of a key (one parameter)");
  command->add_flag("--one-unpickler", options->one_unpickler,
                    "Pickles of one file share their memo");
  command->add_flag("--json", options->json, "A JSON list of the pickles");
  command->callback([options] { show(*options); });
}

}  // namespace assay
