#include "harness/command/pickle_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/command/command.h"
#include "harness/command/suggestions.h"
#include "harness/corpus/profile_name.h"
#include "reference/value/text.h"

namespace assay {
namespace {

using namespace std::string_view_literals;

LoadedPickle loaded(const pickle::Outcome& outcome, const Graph& graph, std::uint64_t offset) {
  LoadedPickle one;
  one.offset = offset;
  one.at = outcome.offset;
  one.accepted = outcome.status == pickle::Status::accepted;
  if (one.accepted) {
    one.consumed = outcome.consumed;
    one.value = print(graph, outcome.value);
  } else {
    if (outcome.status == pickle::Status::rejected) one.error = outcome.error;
    one.message = outcome.message;
  }
  return one;
}

}  // namespace

std::string LoadedPickle::outcome() const {
  if (accepted) return value;
  return error.empty() ? "?" + message : "!" + error;
}

std::vector<LoadedPickle> load_pickles(std::string_view file, const LoadOptions& options) {
  Graph graph;
  return load_pickles(graph, file, options);
}

std::vector<LoadedPickle> load_pickles(Graph& graph, std::string_view file,
                                       const LoadOptions& options) {
  std::vector<LoadedPickle> all;
  pickle::Unpickler unpickler(graph, as_bytes(file), options.profile, options.unpickle);
  std::uint64_t offset = 0;
  do {
    if (!all.empty() && !options.one_unpickler) unpickler.renew();
    const pickle::Outcome outcome = unpickler.load();
    all.push_back(loaded(outcome, graph, offset));
    if (options.json && all.back().accepted) all.back().json = json_of(graph, outcome.value);
    // A frame may end behind the last STOP; the next pickle begins there.
    if (!all.back().accepted || all.back().consumed <= offset) break;
    offset = all.back().consumed;
  } while (offset < file.size());
  return all;
}

std::string other_format(std::string_view file) {
  struct Magic {
    std::size_t offset;
    std::string_view bytes;
    const char* what;
  };
  static constexpr Magic magics[] = {
      {0, "SQLite format 3\0"sv, "an SQLite database"},
      {0, "PK\x03\x04"sv, "a ZIP archive (the pickle may be a file inside)"},
      {0, "\x1f\x8b"sv, "compressed with gzip"},
      {0, "BZh"sv, "compressed with bzip2"},
      {0,
       "\xfd"
       "7zXZ"sv,
       "compressed with xz"},
      {0, "\x28\xb5\x2f\xfd"sv, "compressed with zstd"},
      {0, "\x93NUMPY"sv, "a NumPy array"},
      {0, "\x89HDF"sv, "an HDF5 file"},
  };
  for (const Magic& magic : magics)
    if (file.substr(std::min(magic.offset, file.size())).starts_with(magic.bytes))
      return magic.what;
  return "";
}

pickle::Profile parse_profile_option(const std::string& name) {
  if (name.empty()) return {};
  std::vector<std::string> profiles;
  for (const auto& profile : pickle::recorded_profiles()) profiles.emplace_back(profile);
  const auto wanted = ProfileName::parse(name);
  const bool has_version =
      wanted && std::any_of(profiles.begin(), profiles.end(), [&](const std::string& each) {
        const auto recorded = ProfileName::parse(each);
        return recorded->major == wanted->major && recorded->minor == wanted->minor;
      });
  if (const auto profile = pickle::Profile::parse(name); profile && has_version) return *profile;
  throw UsageError(fmt::format("--as {}: no profile is called so{}\nthey are: {}", name,
                               perhaps(name, profiles), fmt::join(profiles, " ")));
}

}  // namespace assay
