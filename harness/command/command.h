// The `assay` program: what its commands share.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace assay {

// Exit statuses; part of the interface (README.md).
inline constexpr int exit_as_expected = 0;
inline constexpr int exit_differs = 1;
inline constexpr int exit_usage = 2;  // wrong usage, or input that cannot be read

// Wrong usage or unreadable input: the message is printed, the status is 2.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What a command is given and what it leaves behind.
struct Context {
  std::filesystem::path root;            // of the project: --root, $ASSAY_ROOT, or found
  std::filesystem::path root_given;      // --root as it was given
  std::filesystem::path program_folder;  // where this program stands
  int status = exit_as_expected;

  // The root, looked for when first needed; throws UsageError if there is none.
  const std::filesystem::path& project();
};

// One function a command; each declares its options and what it does.
void add_run(CLI::App& app, Context& context);
void add_show(CLI::App& app, Context& context);
void add_dis(CLI::App& app, Context& context);
void add_normal_form(CLI::App& app, Context& context);
void add_asm(CLI::App& app, Context& context);
void add_encode(CLI::App& app, Context& context);
void add_diff(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_quirks(CLI::App& app, Context& context);
void add_export(CLI::App& app, Context& context);
void add_lint(CLI::App& app, Context& context);
void add_impls(CLI::App& app, Context& context);
void add_record(CLI::App& app, Context& context);
void add_verify(CLI::App& app, Context& context);
void add_fuzz(CLI::App& app, Context& context);

}  // namespace assay
