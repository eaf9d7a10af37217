// assay dis: a pickle, instruction by instruction.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/command/marshal_file.h"
#include "harness/command/project.h"
#include "reference/bytes/hex.h"
#include "reference/pickle/disassembler.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/listing.h"

namespace assay {
namespace {

struct DisOptions {
  std::string file, format, profile;
  bool assembly = false, full = false, json = false;
};

nlohmann::ordered_json instructions(std::string_view bytes) {
  nlohmann::ordered_json report;
  report["instructions"] = nlohmann::ordered_json::array();
  Cursor cursor(as_bytes(bytes));
  try {
    while (!cursor.at_end()) {
      const pickle::Instruction instruction = pickle::read_instruction(cursor);
      nlohmann::ordered_json entry;
      entry["offset"] = instruction.offset;
      entry["size"] = instruction.size;
      entry["opcode"] = instruction.opcode->name;
      std::string argument;
      pickle::append_argument(argument, instruction);
      if (!argument.empty()) entry["argument"] = argument;
      entry["protocol"] = instruction.opcode->protocol;
      report["instructions"].push_back(std::move(entry));
    }
  } catch (const DecodeError& error) {
    report["error"] = {{"offset", error.offset()},
                       {"field", error.field()},
                       {"kind", name(error.kind())},
                       {"message", error.what()}};
    report["rest"] = to_hex(cursor.rest());
  }
  return report;
}

// Whether the bytes are instructions to their end.
bool is_whole(std::string_view bytes) {
  Cursor cursor(as_bytes(bytes));
  try {
    while (!cursor.at_end()) pickle::read_instruction(cursor);
  } catch (const DecodeError&) {
    return false;
  }
  return true;
}

void disassemble_file(Context& context, const DisOptions& options) {
  const std::string bytes = read_input_file(options.file);
  if (wants_marshal(options.format, bytes))
    return dis_marshal(options.file,
                       open_marshal(options.file, bytes, options.format, options.profile),
                       options.assembly, options.full, options.json);
  if (!is_whole(bytes)) context.status = exit_differs;
  if (options.json) {
    fmt::print("{}\n", instructions(bytes).dump());
  } else if (options.assembly) {
    fmt::print("{}", pickle::disassemble(as_bytes(bytes)));
  } else {
    fmt::print("{}", pickle::listing(as_bytes(bytes), {.full = options.full}));
  }
}

}  // namespace

void add_dis(CLI::App& app, Context& context) {
  auto options = std::make_shared<DisOptions>();
  CLI::App* command =
      app.add_subcommand("dis", "Disassemble a pickle, a .pyc file or marshalled data");
  command->add_option("file", options->file, "A file, or - for standard input")->required();
  command->add_option("--format", options->format, "pickle, pyc or marshal (default: found)")
      ->check(CLI::IsMember({"pickle", "pyc", "marshal"}));
  command->add_option("--as", options->profile, "marshal: whose code objects (default: 3.13's)");
  command->add_flag("--asm", options->assembly, "Assembly text that 'assay asm' takes back");
  command->add_flag("--full", options->full, "Never cut an argument");
  command->add_flag("--json", options->json, "The instructions as JSON");
  command->callback([options, &context] { disassemble_file(context, *options); });
}

}  // namespace assay
