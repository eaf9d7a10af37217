// The files of known failures that a run goes by: each adapter's own known.toml
// and the one that --known names.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/command/judging.h"
#include "harness/verdict/known.h"

namespace assay {

class KnownFiles {
 public:
  // Reads the known.toml of every subject that has one, and `named` if it is not
  // empty. Where `named` is the known.toml of an adapter, it is that adapter's no
  // more. With `update`, `named` need not exist. Throws UsageError.
  KnownFiles(const std::vector<Subject>& subjects, const std::string& named, bool update,
             const std::filesystem::path& root);

  // Marks the known failures of the run; gives what fails it, a line each. With
  // `update`, the named file is rewritten first, to hold what no adapter's own
  // file does.
  std::vector<std::string> apply(JudgedRun& run, const KnownFailures::FitsACase& fits_a_case) const;

 private:
  std::map<std::filesystem::path, KnownFailures> own_;  // by file
  KnownFailures named_;
  std::string name_;
  bool update_;
};

}  // namespace assay
