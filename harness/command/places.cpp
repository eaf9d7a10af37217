#include "harness/command/places.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

namespace assay {
namespace {

// What a name in a path is made of; beside others a path begins or ends.
bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

std::string environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

std::string temporary_folder() {
  std::error_code error;
  return std::filesystem::temp_directory_path(error).string();
}

}  // namespace

Places::Places(const std::filesystem::path& project)
    : Places(std::filesystem::absolute(project).lexically_normal().string(), temporary_folder(),
             environment("HOME")) {}

Places::Places(const std::string& project, const std::string& temporary, const std::string& home) {
  add(Kind::project, project);
  add(Kind::temporary, temporary);
  add(Kind::home, home);
  std::stable_sort(folders_.begin(), folders_.end(),
                   [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
}

void Places::add(Kind kind, std::string folder) {
  while (folder.ends_with('/')) folder.pop_back();
  if (folder.starts_with('/')) folders_.emplace_back(kind, std::move(folder));
}

std::string Places::without(std::string text) const {
  for (const auto& [kind, folder] : folders_) {
    std::size_t from = 0;
    while ((from = text.find(folder, from)) != std::string::npos) {
      std::size_t end = from + folder.size();
      const bool begins = from == 0 || (!in_name(text[from - 1]) && text[from - 1] != '/');
      const bool ends = end == text.size() || !in_name(text[end]);
      if (!begins || !ends) {
        from = end;
        continue;
      }
      if (kind == Kind::temporary && end < text.size() && text[end] == '/')
        for (++end; end < text.size() && in_name(text[end]);) ++end;
      const std::string_view with = kind == Kind::project ? "."
                                    : kind == Kind::home  ? "~"
                                                          : "<folder>";
      text.replace(from, end - from, with);
      from += with.size();
    }
  }
  return text;
}

}  // namespace assay
