// The `assay` program. Each command stands in a file of its own.
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <system_error>

#include "harness/command/chapter.h"
#include "harness/command/command.h"
#include "harness/command/cross_command.h"
#include "harness/command/fleet.h"
#include "harness/command/migrate_command.h"
#include "harness/command/report_commands.h"
#include "harness/command/rewrite_command.h"
#include "harness/command/smoke_command.h"
#include "harness/command/suggestions.h"
#include "harness/command/text_layout.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

fs::path own_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::current_path() : program.parent_path();
}

// Help in 80 columns, whatever the descriptions' length.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return labelled("  " + make_option_name(option, is_positional) + make_option_opts(option),
                    make_option_desc(option), indent);
  }
  // CLI11's dots behind an option that may be given again look like more
  // arguments.
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    const bool again = !option->get_positional() && text.ends_with(" ...");
    if (again) text.resize(text.size() - 4);
    return text;
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    const bool again = !option->get_positional() &&
                       option->get_expected_max() == CLI::detail::expected_max_vector_size;
    return CLI::Formatter::make_option_desc(option) + (again ? "; may be given again" : "");
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return labelled("  " + command->get_name(), command->get_description(), indent / 2);
  }

 private:
  static constexpr std::size_t indent = 26;
};

// A first word that is no command, with what may have been meant.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return std::nullopt;
  for (const char* of_launcher : {"test", "setup", "bench", "format", "tidy"})
    names.emplace_back(of_launcher);
  return fmt::format("no command is called '{}'{}\nassay --help lists them", argv[1],
                     perhaps(argv[1], names));
}

int run_program(int argc, char** argv) {
  CLI::App app{"Does this implementation of Python's persistence formats agree with CPython?"};
  app.name("assay");
  app.require_subcommand(1);
  app.fallthrough();
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_version_flag("--version", std::string("assay ") + ASSAY_VERSION);
  Context context;
  context.program_folder = own_folder();
  app.add_option("--root", context.root_given, "Folder of the project (default: found from here)")
      ->type_name("FOLDER");
  add_run(app, context);
  add_impls(app, context);
  add_smoke(app, context);
  add_explain(app, context);
  add_show(app, context);
  add_diff(app, context);
  add_dis(app, context);
  add_asm(app, context);
  add_encode(app, context);
  add_normal_form(app, context);
  add_rewrite(app, context);
  add_quirks(app, context);
  add_record(app, context);
  add_verify(app, context);
  add_chapter(app, context);
  add_compare(app, context);
  add_report(app, context);
  add_merge(app, context);
  add_migrate(app, context);
  add_fuzz(app, context);
  add_cross(app, context);
  add_lint(app, context);
  add_export(app, context);
  if (const auto what = unknown_command(app, argc, argv)) {
    fmt::print(stderr, "assay: {}\n", *what);
    return exit_usage;
  }
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
  } catch (const assay::Interrupted& interrupted) {
    fmt::print(stderr, "assay: interrupted; nothing was written\n");
    return 128 + interrupted.signal();
  } catch (const std::system_error& error) {
    // Whoever read the output has seen enough (`assay run | head`).
    if (error.code() == std::errc::broken_pipe) return assay::exit_differs;
    fmt::print(stderr, "assay: {}\n", error.what());
    return 3;
  } catch (const std::exception& error) {
    fmt::print(stderr, "assay: internal error: {}\n", error.what());
    return 3;
  }
}
