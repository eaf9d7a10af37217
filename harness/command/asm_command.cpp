// assay asm: assembly text to bytes.
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/marshal/assembler.h"
#include "reference/pickle/assembler.h"

namespace assay {
namespace {

struct AsmOptions {
  std::string file, out, format = "pickle";
  bool hex = false;
};

void assemble_file(const AsmOptions& options) {
  const std::string text = read_input_file(options.file);
  std::string raw;
  try {
    if (options.format == "marshal") {
      raw = marshal::assemble(text);
    } else {
      raw = as_text(pickle::assemble(text));
    }
  } catch (const DecodeError& error) {
    throw UsageError(fmt::format("{}: {}", shown_name(options.file), error.what()));
  }
  if (!options.out.empty()) {
    std::ofstream out(options.out, std::ios::binary);
    out << raw;
    if (!out.flush()) throw UsageError(options.out + ": cannot be written");
  } else if (options.hex || is_terminal(STDOUT_FILENO)) {
    fmt::print("{}\n", to_hex(raw));
  } else {
    std::fwrite(raw.data(), 1, raw.size(), stdout);
  }
}

}  // namespace

void add_asm(CLI::App& app, Context&) {
  auto options = std::make_shared<AsmOptions>();
  CLI::App* command = app.add_subcommand("asm", "Assemble assembly text to bytes");
  command->add_option("file", options->file, "A file, or - for standard input")->required();
  command->add_option("--format", options->format, "pickle or marshal")
      ->check(CLI::IsMember({"pickle", "marshal"}))
      ->capture_default_str();
  command->add_option("-o,--out", options->out, "Write the bytes to this file");
  command->add_flag("--hex", options->hex, "Print hex (as is done on a terminal)");
  command->callback([options] { assemble_file(*options); });
}

}  // namespace assay
