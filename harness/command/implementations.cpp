#include "harness/command/implementations.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "harness/command/project.h"
#include "harness/corpus/profile_name.h"

namespace assay {
namespace {

void greet_one(KnownImplementation& known, const std::map<std::string, std::string>& recorded) {
  known.name = known.candidate.implementation.name;
  known.trouble = known.candidate.missing;
  if (!known.trouble.empty()) return;
  RunOptions options;
  options.hello_seconds = known.candidate.start_seconds;
  auto answer = greet(known.candidate.implementation, options);
  if (const auto* why = std::get_if<std::string>(&answer)) {
    known.trouble = *why;
    return;
  }
  known.hello = std::get<Hello>(std::move(answer));
  if (known.candidate.kind != Candidate::Kind::described)
    known.name = implementation_name(*known.hello, recorded);
}

}  // namespace

std::vector<KnownImplementation> greet_all(const std::vector<Candidate>& candidates,
                                           const std::map<std::string, std::string>& recorded) {
  std::vector<KnownImplementation> all(candidates.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].candidate = candidates[i];
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> crew;
    for (unsigned i = 0; i < std::max(2u, std::thread::hardware_concurrency()); ++i)
      crew.emplace_back([&] {
        for (std::size_t at; (at = next++) < all.size();) greet_one(all[at], recorded);
      });
  }
  std::set<std::string> names;
  std::erase_if(all, [&](const KnownImplementation& known) {
    return known.hello && !names.insert(known.name).second;
  });
  return all;
}

std::map<std::string, std::string> recorded_versions(Context& context) {
  std::map<std::string, std::string> versions;
  if (!std::filesystem::is_directory(context.project() / "corpus")) return versions;
  for (const auto& [profile, oracle] :
       load_corpus(context.project() / "corpus", formats()).oracles())
    versions[profile] = oracle.version;
  return versions;
}

std::vector<KnownImplementation> known_implementations(Context& context) {
  const Surroundings where = environment(context.project(), context.program_folder);
  std::vector<Candidate> candidates = find_candidates(where);
  const auto recorded = recorded_versions(context);
  std::vector<std::string> profiles;
  for (const auto& [profile, version] : recorded) profiles.push_back(profile);
  std::sort(profiles.begin(), profiles.end(), profile_before);
  candidates.push_back(
      reference_candidate(where, profiles.empty() ? "cpython-3.13-c" : profiles.back()));
  return greet_all(candidates, recorded);
}

}  // namespace assay
