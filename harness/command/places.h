// Where a machine keeps things, taken out of what goes into records: a report tells
// nothing of the machine, and one run reads like the next.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace assay {

class Places {
 public:
  // Of this process: the project's folder, the folder for temporary files and the
  // user's own, as far as there are such.
  explicit Places(const std::filesystem::path& project);
  // Folders, absolute, given by hand.
  Places(const std::string& project, const std::string& temporary, const std::string& home);

  // The text with paths below the project's folder written "./…", a folder or file in
  // that for temporary files "<folder>", and the user's folder "~".
  std::string without(std::string text) const;

 private:
  enum class Kind { project, temporary, home };
  void add(Kind kind, std::string folder);

  std::vector<std::pair<Kind, std::string>> folders_;  // the longest first
};

}  // namespace assay
