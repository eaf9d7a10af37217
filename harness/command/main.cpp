// The `assay` program. Each command stands in a file of its own.
#include <fmt/format.h>

#include <exception>

#include "harness/command/command.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

fs::path own_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::current_path() : program.parent_path();
}

int run_program(int argc, char** argv) {
  CLI::App app{"Does this implementation of Python's persistence formats agree with CPython?"};
  app.name("assay");
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(26);
  Context context;
  context.program_folder = own_folder();
  app.add_option("--root", context.root, "Folder of the project (default: found from here)");
  add_run(app, context);
  add_record(app, context);
  add_verify(app, context);
  add_lint(app, context);
  add_impls(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? exit_as_expected : exit_usage;
  } catch (const UsageError& error) {
    fmt::print(stderr, "assay: {}\n", error.what());
    return exit_usage;
  }
  return context.status;
}

}  // namespace
}  // namespace assay

int main(int argc, char** argv) {
  try {
    return assay::run_program(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "assay: internal error: {}\n", error.what());
    return 3;
  }
}
