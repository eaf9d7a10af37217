// A new folder that is removed, with all that is in it, with its object.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace assay {

class TemporaryFolder {
 public:
  // Makes a folder whose path is `beginning` and six characters that make it new.
  // If that fails, path() is empty and errno says why.
  explicit TemporaryFolder(const std::filesystem::path& beginning) {
    std::string name = beginning.string() + "XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace assay
