// assay asm: assembly text to bytes.
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "reference/bytes/hex.h"
#include "reference/pickle/assembler.h"

namespace assay {
namespace {

struct AsmOptions {
  std::string file, out;
  bool hex = false;
};

void assemble_file(const AsmOptions& options) {
  const std::string text = read_input_file(options.file);
  std::vector<std::uint8_t> bytes;
  try {
    bytes = pickle::assemble(text);
  } catch (const pickle::AssemblyError& error) {
    throw UsageError(fmt::format("{}: {}", shown_name(options.file), error.what()));
  }
  const std::string_view raw = as_text(bytes);
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
  CLI::App* command = app.add_subcommand("asm", "Assemble pickle assembly text to bytes");
  command->add_option("file", options->file, "A file, or - for standard input")->required();
  command->add_option("-o,--out", options->out, "Write the bytes to this file");
  command->add_flag("--hex", options->hex, "Print hex (as is done on a terminal)");
  command->callback([options] { assemble_file(*options); });
}

}  // namespace assay
