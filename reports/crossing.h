// The matrices of `assay cross` (files written by A, opened by B) beside a run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay {

struct Crossing {
  std::string format;  // "dbm", "shelve"
  std::string json;    // what cross-FORMAT.json holds, of schema assay-cross-1
};

// Those of `folder`, in the order of their formats. Throws std::runtime_error naming
// a cross-FORMAT.json that is not of the schema.
std::vector<Crossing> crossings_in(const std::filesystem::path& folder);

}  // namespace assay
