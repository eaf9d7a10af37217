// The .pyc files of the standard libraries on this machine: read, written again,
// and equal to themselves in normal form. A sample of each library, or all of it
// where ASSAY_MARSHAL_LIBRARY=all is set.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reference/marshal/normal_form.h"
#include "reference/marshal/oracle_for_tests.h"
#include "reference/marshal/pyc.h"
#include "reference/marshal/writer.h"

namespace assay::marshal {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What is wrong with a file; empty for nothing.
std::string fault(const std::string& file, int version, std::size_t& bytes) {
  const PycHeader header = read_pyc_header(as_bytes(file));
  const auto profile = pyc_profile(header);
  if (!profile) return "no profile";
  const Bytes data = as_bytes(file).subspan(header.bytes);
  bytes += data.size();
  Graph graph;
  const Outcome outcome = read(graph, data, *profile);
  if (!outcome.accepted) return std::string(outcome.error) + ": " + outcome.message;
  if (outcome.consumed != data.size()) return "bytes are left over";
  const Written written = write(graph, outcome.value, version, *profile, {.keep_set_order = true});
  if (!written.accepted) return "not written: " + written.message;
  if (written.data != normal_form(data, *profile)) return "other bytes";
  if (written.data != normal_form(as_bytes(written.data), *profile)) return "not in normal form";
  return "";
}

// All .pyc files below a folder, in alphabetical order, or `most` of them spread
// evenly.
std::vector<fs::path> sample(const fs::path& folder, std::size_t most) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".pyc" || entry.path().extension() == ".pyo")
      all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  if (all.size() <= most) return all;
  std::vector<fs::path> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(all[i * all.size() / most]);
  return chosen;
}

TEST(Library, EveryPycIsWrittenAgainAsItWas) {
  const std::vector<Oracle> all = oracles();
  ASSERT_FALSE(all.empty()) << "no CPython on this machine";
  const char* wanted = std::getenv("ASSAY_MARSHAL_LIBRARY");
  const std::size_t most = wanted != nullptr && std::string_view(wanted) == "all" ? SIZE_MAX : 100;
  std::size_t files_of_all = 0;
  for (const Oracle& oracle : all) {
    if (!oracle.native()) continue;
    // A launcher may have a folder of its own: ask for the library's.
    const std::string folder = output_of(
        oracle.command + " -c 'import os, sys; sys.stdout.write(os.path.dirname(os.__file__))'");
    std::size_t files = 0, bytes = 0, wrong = 0;
    for (const fs::path& path : sample(folder, most)) {
      const std::string text = content(path);
      // Test data of some libraries: files that are broken on purpose, or are of
      // other Pythons.
      if (text.size() < 16 || find_pyc_magic(static_cast<std::uint16_t>(
                                  static_cast<unsigned char>(text[0]) |
                                  static_cast<unsigned char>(text[1]) << 8)) == nullptr)
        continue;
      const auto header = read_pyc_header(as_bytes(text));
      if (header.magic->python.minor != oracle.profile.version().minor) continue;
      ++files;
      const std::string found = fault(text, std::min(oracle.profile.highest_version(), 4), bytes);
      if (!found.empty() && ++wrong <= 5) ADD_FAILURE() << path << ": " << found;
    }
    std::printf("%s: %zu files, %zu bytes, %zu wrong\n", oracle.profile.name().c_str(), files,
                bytes, wrong);
    files_of_all += files;
  }
  EXPECT_GT(files_of_all, 0U) << "no .pyc file in any library";
}

}  // namespace
}  // namespace assay::marshal
