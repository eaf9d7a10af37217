#include "harness/command/known_files.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "harness/command/command.h"
#include "harness/command/project.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

KnownFailures read(const fs::path& file, const std::string& shown) {
  const std::string text = read_input_file(file.string());
  try {
    return KnownFailures(text, shown);
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

void write(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  if (!(out << text).flush()) throw UsageError(file + ": cannot be written");
}

}  // namespace

KnownFiles::KnownFiles(const std::vector<Subject>& subjects, const std::string& named, bool update,
                       const fs::path& root)
    : name_(named), update_(update) {
  if (update && named.empty()) throw UsageError("--update-known needs --known FILE");
  if (!named.empty() && (!update || fs::exists(named))) named_ = read(named, named);
  for (const Subject& subject : subjects) {
    const fs::path& file = subject.candidate.known;
    std::error_code error;
    if (file.empty() || own_.contains(file) ||
        (!named.empty() && fs::equivalent(file, named, error)))
      continue;
    own_.emplace(file, read(file, file.lexically_proximate(fs::absolute(root)).string()));
  }
}

std::vector<std::string> KnownFiles::apply(JudgedRun& run,
                                           const KnownFailures::FitsACase& fits_a_case) const {
  std::vector<ResultRecord>& results = run.results.results;
  std::vector<std::string> problems;
  const auto add = [&](const std::vector<std::string>& more) {
    problems.insert(problems.end(), more.begin(), more.end());
  };
  for (const auto& [file, failures] : own_) {
    std::set<std::string> implementations;
    for (const auto& [name, known] : run.known)
      if (known == file) implementations.insert(name);
    if (!implementations.empty()) add(failures.apply(results, fits_a_case, implementations));
  }
  if (!update_) {
    add(named_.apply(results, fits_a_case));
    return problems;
  }
  std::vector<ResultRecord> others;
  std::copy_if(results.begin(), results.end(), std::back_inserter(others),
               [](const ResultRecord& result) { return !result.known; });
  const std::string text = named_.updated(others, fits_a_case);
  write(name_, text);
  add(KnownFailures(text, name_).apply(results, fits_a_case));
  return problems;
}

}  // namespace assay
