#include "harness/command/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "harness/command/written_match.h"
#include "reference/marshal/assembler.h"
#include "reference/marshal/quirks.h"
#include "reference/pickle/assembler.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/quirks.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

bool is_project(const fs::path& folder) {
  return fs::is_directory(folder / "harness" / "adapters");
}

fs::path find_project(fs::path from) {
  for (from = fs::absolute(from);; from = from.parent_path()) {
    if (is_project(from)) return from;
    if (from == from.parent_path()) return {};
  }
}

std::string assemble_pickle(std::string_view text) {
  const std::vector<std::uint8_t> bytes = pickle::assemble(text);
  return std::string(bytes.begin(), bytes.end());
}

// The highest protocol among the opcodes, as far as instructions can be read.
int pickle_protocol(std::string_view bytes) {
  int highest = -1;
  Cursor cursor(as_bytes(bytes));
  try {
    while (!cursor.at_end())
      highest = std::max(highest, int{pickle::read_instruction(cursor).opcode->protocol});
  } catch (const DecodeError&) {
    // An opcode whose argument is broken was meant, too.
    if (!cursor.at_end())
      if (const pickle::Opcode* opcode = pickle::find_opcode(cursor.rest()[0]))
        highest = std::max(highest, int{opcode->protocol});
  }
  return std::max(highest, 0);
}

FormatRules marshal_rules() {
  FormatRules rules;
  rules.operations = {"decode", "encode", "scenario"};
  rules.match_written = match_marshal;
  rules.assemble = marshal::assemble;
  rules.protocol = [](std::string_view bytes) { return marshal::lowest_version(as_bytes(bytes)); };
  rules.options = {{"allow_code", OptionRule::Type::boolean, {}},
                   {"python", OptionRule::Type::text, {}},
                   {"needs", OptionRule::Type::text, {}}};
  for (const marshal::QuirkRow& row : marshal::quirk_rows()) rules.quirks.emplace(row.name);
  return rules;
}

FormatRules pickle_rules() {
  FormatRules rules;
  rules.operations = {"decode", "encode", "inspect", "scenario"};
  rules.match_written = match_pickles;
  rules.assemble = assemble_pickle;
  rules.protocol = pickle_protocol;
  rules.buffers = true;
  using Type = OptionRule::Type;
  rules.options = {{"encoding", Type::text, {}},
                   {"errors", Type::text, {}},
                   {"fix_imports", Type::boolean, {}},
                   {"persistent", Type::text, {"none", "ids"}},
                   {"extensions", Type::text, {}},
                   {"symbolic", Type::boolean, {}},
                   {"loads", Type::count, {}},
                   {"fresh", Type::boolean, {}},
                   {"fast", Type::boolean, {}},
                   {"optimize", Type::boolean, {}},
                   {"buffer_callback", Type::text, {"oob"}},
                   {"needs", Type::text, {}}};
  for (const pickle::QuirkRow& row : pickle::quirk_rows()) rules.quirks.emplace(row.name);
  return rules;
}

// Formats that are files and modules, not bytes and functions.
FormatRules file_rules(std::vector<std::string> operations, std::set<std::string> modules) {
  FormatRules rules;
  rules.operations = std::move(operations);
  rules.modules = std::move(modules);
  rules.options = {{"needs", OptionRule::Type::text, {}},
                   {"ndbm", OptionRule::Type::text, {"none", "gdbm", "berkeley"}},
                   {"keyencoding", OptionRule::Type::text, {}}};
  return rules;
}

FormatTable make_formats() {
  FormatTable table;
  table["chapter"] = file_rules({"scenario"}, {});
  table["dbm"] = file_rules({"read", "identify", "write", "scenario"},
                            {"dbm", "dbm.dumb", "dbm.gnu", "dbm.ndbm", "dbm.sqlite3", "bsddb.hash",
                             "bsddb.btree", "bsddb.recno", "bsddb.queue"});
  table["marshal"] = marshal_rules();
  table["pickle"] = pickle_rules();
  table["shelve"] = file_rules({"read", "write", "scenario"}, {});
  table["sqlite"] = file_rules({"read", "iterdump", "scenario"}, {});
  return table;
}

}  // namespace

const fs::path& Context::project() {
  if (root.empty()) root = root_given;
  if (!root.empty()) {
    if (!is_project(root))
      throw UsageError(fmt::format("{}: no project here (no harness/adapters)", root.string()));
    return root;
  }
  const char* told = std::getenv("ASSAY_ROOT");
  root = told != nullptr && *told != '\0' ? fs::path(told) : find_project(fs::current_path());
  if (root.empty()) root = find_project(program_folder);
  if (root.empty()) throw UsageError("no project found from here; say --root FOLDER");
  return root;
}

const FormatTable& formats() {
  static const FormatTable table = make_formats();
  return table;
}

Corpus load_project_corpus(Context& context) {
  Corpus corpus = load_corpus(context.project() / "corpus", formats());
  const auto broken = [](const Problem& problem) { return !problem.record; };
  const auto first = std::find_if(corpus.problems.begin(), corpus.problems.end(), broken);
  if (first == corpus.problems.end()) return corpus;
  const auto count = std::count_if(first, corpus.problems.end(), broken);
  throw UsageError(
      fmt::format("{}{}", first->message(),
                  count == 1 ? "" : fmt::format(" (and {} more: assay lint)", count - 1)));
}

std::string shown_name(const std::string& name) {
  return name == "-" ? "standard input" : name;
}

std::string read_input_file(const std::string& name) {
  std::stringstream text;
  if (name == "-") {
    text << std::cin.rdbuf();
    return std::move(text).str();
  }
  if (fs::is_directory(name)) throw UsageError(name + ": is a folder");
  if (!fs::exists(name)) throw UsageError(name + ": there is no such file");
  std::ifstream in(name, std::ios::binary);
  if (!in) throw UsageError(name + ": cannot be read");
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace assay
