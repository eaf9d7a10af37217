#include "harness/command/case_catalogue.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "harness/command/asking.h"
#include "harness/command/quirk_list.h"
#include "harness/command/text_layout.h"
#include "harness/verdict/judge.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/marshal/assembler.h"
#include "reference/marshal/scan.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/listing.h"
#include "reports/format_name.h"

namespace assay {
namespace {

constexpr std::size_t bytes_shown = 512;
constexpr std::size_t lines_shown = 60;  // of a disassembly
constexpr std::size_t script_lines = 200;
constexpr std::size_t longest_asked = 8000;  // characters of a value or program
// A longer input is no example that somebody reads instruction by instruction.
constexpr std::size_t longest_listed = 65536;

// Whether the input is bytes to be taken apart.
bool takes_bytes(const Case& c) {
  return c.operation == "decode" || c.operation == "inspect";
}

// The opcodes up to the first byte that is no whole instruction.
std::vector<std::string> pickle_opcodes(std::string_view input) {
  std::set<std::string_view> names;
  Cursor cursor(as_bytes(input));
  try {
    while (!cursor.at_end()) names.insert(pickle::read_instruction(cursor).opcode->name);
  } catch (const DecodeError&) {
    // What follows is not in the instruction stream.
  }
  return {names.begin(), names.end()};
}

// As who the input is taken apart: the last profile that accepts it, or the newest.
marshal::Profile marshal_profile(const Case& c) {
  std::string profile = "cpython-3.13-c";
  for (const RecordedOutcome& outcome : c.outcomes)
    if (outcome.accepted()) profile = outcome.profiles.back();
  return marshal::Profile::parse(profile).value_or(marshal::Profile());
}

std::string marshal_listing(const Case& c, bool full) {
  std::istringstream lines(marshal::disassemble(as_bytes(c.input), marshal_profile(c)));
  std::string text;
  for (std::string line; std::getline(lines, line);)
    text += (full ? line : cut_line(line, screen_columns)) + "\n";
  return text;
}

// The types up to where the data are wrong or complete.
std::vector<std::string> marshal_types(const Case& c) {
  std::set<std::string_view> names;
  const marshal::Profile profile = marshal_profile(c);
  marshal::Scan scan(as_bytes(c.input), profile);
  try {
    for (marshal::Piece piece; scan.next(piece);)
      if (piece.type != nullptr) names.insert(piece.type->name);
  } catch (const DecodeError&) {
    // What follows is of no type.
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> features_of(const Case& c) {
  if (!takes_bytes(c)) return {};
  if (c.format == "pickle") return pickle_opcodes(c.input);
  if (c.format == "marshal") return marshal_types(c);
  return {};
}

std::string shown_outcome(const RecordedOutcome& outcome) {
  return outcome.crashed() ? "!crash of the interpreter" : outcome_text(outcome);
}

// Bytes that were written, taken apart as a case of this format would be.
std::string written_listing(const std::string& format, std::string bytes) {
  if (bytes.size() > longest_listed) return "";
  Case c;
  c.format = take_apart_format(format).base;
  c.input = std::move(bytes);
  return first_lines(case_listing(c, false), lines_shown);
}

CatalogueOutcome outcome_of(const Case& c, const RecordedOutcome& outcome) {
  return {outcome.profiles, shown_outcome(outcome),
          outcome.consumed ? static_cast<std::int64_t>(*outcome.consumed) : -1,
          outcome.data ? written_listing(c.reported, *outcome.data) : ""};
}

CatalogueCase entry_of(const Case& c) {
  CatalogueCase entry;
  entry.id = c.id;
  entry.format = c.reported;
  entry.operation = c.operation;
  entry.asked = first_lines(c.value.empty() ? c.script : c.value, script_lines);
  if (entry.asked.size() > longest_asked) entry.asked.resize(longest_asked);
  entry.files = c.files;
  entry.why = c.why;
  entry.source = c.spec;
  entry.options = options_alone(c);
  entry.file = c.file;
  entry.quirks = c.quirks;
  entry.size = c.input.size();
  entry.hex = to_hex(std::string_view(c.input).substr(0, bytes_shown));
  entry.word = c.word;
  entry.features = features_of(c);
  if (c.input.size() <= longest_listed)
    entry.listing = first_lines(case_listing(c, false), lines_shown);
  for (const RecordedOutcome& outcome : c.outcomes)
    entry.outcomes.push_back(outcome_of(c, outcome));
  return entry;
}

}  // namespace

std::string case_listing(const Case& c, bool full) {
  if (!takes_bytes(c)) return "";
  if (c.format == "pickle") return pickle::listing(as_bytes(c.input), {.full = full});
  if (c.format == "marshal") return marshal_listing(c, full);
  return "";
}

Catalogue make_catalogue(const Corpus& corpus) {
  Catalogue catalogue;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases) catalogue.cases.push_back(entry_of(c));
  for (const QuirkEntry& row : quirk_list())
    catalogue.quirks.push_back({std::string(row.format), std::string(row.name),
                                std::string(row.statement), std::string(row.citation)});
  for (const pickle::Opcode& opcode : pickle::opcodes())
    catalogue.features.push_back({"pickle", opcode.protocol, std::string(opcode.name)});
  for (const marshal::TypeCode& type : marshal::type_codes())
    catalogue.features.push_back({"marshal", type.version, std::string(type.name)});
  catalogue.profiles = corpus.profiles();
  catalogue.list_written = [](const std::string& format, const std::string& hex) {
    std::optional<std::string> bytes = from_hex(hex);
    return bytes ? written_listing(format, *std::move(bytes)) : "";
  };
  return catalogue;
}

}  // namespace assay
