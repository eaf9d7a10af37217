#include "harness/command/repeat.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace assay {
namespace {

bool stands_for_itself(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), stands_for_itself))
    return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::string program_words(const Context& context) {
  const char* launcher = std::getenv("ASSAY_COMMAND");
  if (launcher != nullptr && *launcher != '\0') return shell_word(launcher);
  if (context.root_given.empty()) return "./assay";
  return fmt::format("{} --root {}", shell_word((context.program_folder / "assay").string()),
                     shell_word(context.root_given.string()));
}

std::string subject_words(const SubjectOptions& options) {
  std::string words;
  for (const std::string& name : options.wanted) words += " --impl " + shell_word(name);
  for (const std::string& command : options.exec) words += " --exec " + shell_word(command);
  if (options.start_seconds > 0)
    words += fmt::format(" --start-seconds {:g}", options.start_seconds);
  return words;
}

std::string subject_words(const Subject& subject, const std::string& name) {
  if (subject.command.empty()) return " --impl " + shell_word(name);
  const bool exec = subject.candidate.implementation.mode == Implementation::Mode::exec;
  return fmt::format(" {} {}", exec ? "--exec" : "--impl", shell_word(subject.command));
}

}  // namespace assay
