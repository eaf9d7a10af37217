// assay show: a file as value text.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/command/dbm_file.h"
#include "harness/command/marshal_file.h"
#include "harness/command/pickle_file.h"
#include "harness/command/project.h"
#include "harness/command/sqlite_file.h"
#include "harness/persistent/sqlite_records.h"
#include "reference/dbm/sqlite3/store.h"
#include "reference/pickle/opcode.h"

namespace assay {
namespace {

struct ShowOptions {
  std::string file, profile, format, persistent, sql, encoding, errors;
  std::vector<std::string> buffers;
  std::string key_encoding;
  bool symbolic = false, one_unpickler = false, json = false, salvage = false, identify = false;
  std::string table;
  bool check = false, iterdump = false;
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
      if (const auto* refusal = std::get_if<JsonRefusal>(&one.json)) {
        entry["not_json"] = {
            {"path", refusal->path}, {"type", refusal->type}, {"why", refusal->why}};
      } else {
        entry["json"] = std::get<nlohmann::ordered_json>(one.json);
      }
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

// Whether the file was one of dbm's, and has been shown.
bool shown_as_dbm(const ShowOptions& options, Context& context) {
  const bool asked = options.format == "dbm" || options.format == "shelve";
  if (options.file == "-" || (!options.format.empty() && !asked)) return false;
  const auto found = dbm::identify(options.file);
  if (!found && (asked || options.salvage || options.identify))
    throw UsageError(options.file + ": is no dbm file, nor the name of one without its ending");
  if (!found) return false;
  // A database of SQLite's is one of dbm.sqlite3's if it has that module's table, or
  // is to be salvaged as one.
  if (found->format == dbm::Format::sqlite && !asked && !options.identify && !options.salvage &&
      (options.check || !options.table.empty() || !dbm::is_dbm_sqlite3(found->file)))
    return false;
  DbmShowOptions show;
  show.format = options.format;
  show.key_encoding = options.key_encoding;
  show.salvage = options.salvage;
  show.identify_only = options.identify;
  show.json = options.json;
  show.profile = parse_profile_option(options.profile);
  show.unpickle.symbolic = options.symbolic;
  show.unpickle.symbolic_extensions = true;
  if (!options.encoding.empty()) show.unpickle.encoding = options.encoding;
  if (!options.errors.empty()) show.unpickle.errors = options.errors;
  if (!show_dbm(*found, show)) context.status = exit_differs;
  return true;
}

// Whether the file is a database of SQLite's, and has been shown.
bool shown_as_sqlite(const ShowOptions& options, Context& context) {
  const bool wanted =
      options.check || options.iterdump || !options.table.empty() || options.format == "sqlite";
  if (options.file == "-" && wanted)
    throw UsageError("a database is read from a file, with what stands beside it");
  if (!wanted && (!options.format.empty() || options.file == "-" || !is_sqlite_file(options.file)))
    return false;
  SqliteShowOptions show{options.table, options.check, options.json, std::nullopt};
  if (options.iterdump) {
    const auto version = parse_profile_option(options.profile).version();
    show.dump_as = {version.major, version.minor};
  }
  if (!show_sqlite(options.file, show)) context.status = exit_differs;
  return true;
}

void show(const ShowOptions& options, Context& context) {
  if (shown_as_dbm(options, context) || shown_as_sqlite(options, context)) return;
  const std::string file = read_input_file(options.file);
  if (wants_marshal(options.format, file))
    return show_marshal(options.file,
                        open_marshal(options.file, file, options.format, options.profile),
                        options.json);
  if (!options.format.empty() && options.format != "pickle")
    throw UsageError(fmt::format(
        "--format {}: pickle, pyc, marshal, dbm, shelve and sqlite can be shown", options.format));
  if (const std::string other = other_format(file); options.format.empty() && !other.empty())
    throw UsageError(
        fmt::format("{}: at 0x0: magic: this is {}, which cannot be shown; "
                    "--format pickle insists",
                    options.file, other));
  LoadOptions load;
  load.profile = parse_profile_option(options.profile);
  load.one_unpickler = options.one_unpickler;
  load.json = options.json;
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

void add_show(CLI::App& app, Context& context) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = app.add_subcommand("show", "Decode a file to value text, executing nothing");
  command
      ->add_option("file", options->file,
                   "A file, a dbm file's name without its ending, or - for standard input")
      ->required();
  command->add_option("--as", options->profile, "The profile to read as (default: cpython-3.13-c)");
  command->add_option("--format", options->format,
                      "pickle, dbm, shelve or sqlite (default: found from the bytes)");
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
  command->add_flag("--json", options->json,
                    "A JSON list of the pickles, each as JSON if JSON can carry it; one object of "
                    "another file");
  command->add_option("--key-encoding", options->key_encoding,
                      "keyencoding of a shelf (default: utf-8)");
  command->add_flag("--salvage", options->salvage,
                    "dbm: read what is intact of a broken file and report what is lost");
  command->add_flag("--identify", options->identify,
                    "dbm: say what the file is and which Python opens it, no more");
  command->add_option("--table", options->table, "SQLite: only the rows of this table");
  command->add_flag("--iterdump", options->iterdump,
                    "SQLite: the lines of Connection.iterdump(), as the Python of --as");
  command->add_flag("--check", options->check, "SQLite: look for faults, name page and cell");
  command->callback([options, &context] { show(*options, context); });
}

}  // namespace assay
