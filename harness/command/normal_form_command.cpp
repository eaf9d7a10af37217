// assay normal-form: marshalled data without what depends on reference counts.
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "harness/command/marshal_file.h"
#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/marshal/normal_form.h"

namespace assay {
namespace {

struct NormalFormCommand {
  std::string file, format, profile, out;
  bool forget_interned = false, hex = false;
};

void normal_form(const NormalFormCommand& options) {
  std::string content = read_input_file(options.file);
  if (!wants_marshal(options.format, content))
    throw UsageError(shown_name(options.file) +
                     ": is no .pyc file; --format marshal says that "
                     "it is marshalled data");
  const MarshalFile file =
      open_marshal(options.file, std::move(content), options.format, options.profile);
  std::string bytes = file.content.substr(0, file.offset());
  try {
    bytes += marshal::normal_form(file.data(), file.profile,
                                  {.forget_interned = options.forget_interned});
  } catch (const DecodeError& error) {
    throw UsageError(fmt::format("{}: at {:#x}: {}: {}", shown_name(options.file),
                                 file.offset() + error.offset(), error.field(), error.what()));
  }
  if (!options.out.empty()) {
    std::ofstream out(options.out, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw UsageError(options.out + ": cannot be written");
  } else if (options.hex || is_terminal(STDOUT_FILENO)) {
    fmt::print("{}\n", to_hex(bytes));
  } else {
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  }
}

}  // namespace

void add_normal_form(CLI::App& app, Context&) {
  auto options = std::make_shared<NormalFormCommand>();
  CLI::App* command = app.add_subcommand(
      "normal-form", "A .pyc file without what depends on reference counts (FLAG_REF)");
  command->add_option("file", options->file, "A file, or - for standard input")->required();
  command->add_option("--format", options->format, "pyc or marshal (default: found from the bytes)")
      ->check(CLI::IsMember({"pyc", "marshal"}));
  command->add_option("--as", options->profile, "The profile to read as (default: the header's)");
  command->add_flag("--forget-interned", options->forget_interned,
                    "Write interned strings as others");
  command->add_option("-o,--out", options->out, "Write the bytes to this file");
  command->add_flag("--hex", options->hex, "Print hex (as is done on a terminal)");
  command->callback([options] { normal_form(*options); });
}

}  // namespace assay
