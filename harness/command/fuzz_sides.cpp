#include "harness/command/fuzz_sides.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/command/implementations.h"
#include "harness/command/project.h"
#include "harness/command/subjects.h"
#include "harness/corpus/profile_name.h"

namespace assay {
namespace {

class Chooser {
 public:
  Chooser(Context& context, const Corpus& corpus)
      : context_(context),
        corpus_(corpus),
        where_(environment(context.project(), context.program_folder)) {
    for (const auto& [profile, oracle] : corpus.oracles()) versions_[profile] = oracle.version;
  }

  std::vector<FuzzPair> choose(const FuzzSidesOptions& options) {
    if (!options.profiles.empty() && !(options.impls.empty() && options.against.empty()))
      throw UsageError("--as names both sides; --impl and --against do not go with it");
    if (options.impls.empty() && !options.against.empty())
      throw UsageError("--against needs --impl");
    std::vector<FuzzPair> pairs;
    for (const std::string& profile : options.profiles)
      pairs.push_back({one(reference_candidate(where_, profile)), oracle(profile)});
    if (options.impls.empty() && options.profiles.empty()) return every_oracle();
    for (const std::string& wanted : options.impls) {
      const auto against = [&](const FuzzSide& subject) {
        return options.against.empty() ? oracle_of(subject) : the_one(options.against);
      };
      for (FuzzSide& subject : named(wanted)) {
        FuzzSide other = against(subject);
        pairs.push_back({std::move(subject), std::move(other)});
      }
    }
    return pairs;
  }

 private:
  FuzzSide one(const Candidate& candidate) {
    std::vector<KnownImplementation> greeted = greet_all({candidate}, versions_);
    if (!greeted[0].hello)
      throw UsageError(fmt::format("{}: {}", candidate.implementation.name, greeted[0].trouble));
    return {greeted[0].name, candidate, *greeted[0].hello};
  }

  // Everything that a name, glob, kind or command of --impl stands for.
  std::vector<FuzzSide> named(const std::string& wanted) {
    constexpr std::string_view reference = "reference@";
    if (wanted.starts_with(reference) && ProfileName::parse(wanted.substr(reference.size())))
      return {one(reference_candidate(where_, wanted.substr(reference.size())))};
    const std::vector<Subject> subjects = choose_subjects(context_, corpus_, {{wanted}, {}});
    std::vector<Candidate> candidates;
    for (const Subject& subject : subjects) candidates.push_back(subject.candidate);
    std::vector<FuzzSide> sides;
    for (KnownImplementation& known : greet_all(candidates, versions_)) {
      if (!known.hello) throw UsageError(fmt::format("{}: {}", known.name, known.trouble));
      const auto& globs = subjects[0].names;
      const bool fits = globs.empty() || std::any_of(globs.begin(), globs.end(), [&](auto& glob) {
                          return glob_match(glob, known.name);
                        });
      if (fits) sides.push_back({known.name, known.candidate, *known.hello});
    }
    if (sides.empty())
      throw UsageError(fmt::format("no implementation here is called '{}' (assay impls)", wanted));
    return sides;
  }

  FuzzSide the_one(const std::string& wanted) {
    std::vector<FuzzSide> sides = named(wanted);
    if (sides.size() != 1)
      throw UsageError(fmt::format("--against {} names {} implementations: {}, {}, ...", wanted,
                                   sides.size(), sides[0].name, sides[1].name));
    return sides[0];
  }

  const std::vector<FuzzSide>& oracles() {
    if (!oracles_.empty()) return oracles_;
    std::vector<Candidate> candidates = find_candidates(where_);
    std::erase_if(candidates, [](const Candidate& c) {
      const bool cpython = c.kind == Candidate::Kind::python || c.kind == Candidate::Kind::pyodide;
      return !cpython || !c.missing.empty();
    });
    for (KnownImplementation& known : greet_all(candidates, versions_)) {
      if (!known.hello)
        fmt::print(stderr, "assay: {} is left out: {}\n", known.name, known.trouble);
      else if (known.hello->implementation == "cpython")
        oracles_.push_back({known.name, known.candidate, *known.hello});
    }
    if (oracles_.empty()) throw UsageError("no CPython here to compare with (assay impls)");
    return oracles_;
  }

  FuzzSide oracle(const std::string& profile) {
    for (const FuzzSide& side : oracles())
      if (side.name == profile) return side;
    throw UsageError(fmt::format("no {} here to compare with (assay impls)", profile));
  }

  FuzzSide oracle_of(const FuzzSide& subject) {
    const bool itself = subject.hello.implementation == "cpython";
    if (!subject.hello.profile.empty() && !itself) return oracle(subject.hello.profile);
    const FuzzSide* newest = nullptr;
    for (const FuzzSide& side : oracles())
      if (side.hello.lane == "c" && side.hello.word == 64 && side.name != subject.name)
        if (newest == nullptr || profile_before(newest->name, side.name)) newest = &side;
    if (newest == nullptr) throw UsageError("no CPython here to compare with; say --against");
    return *newest;
  }

  std::vector<FuzzPair> every_oracle() {
    std::vector<FuzzPair> pairs;
    for (const FuzzSide& side : oracles())
      pairs.push_back({one(reference_candidate(where_, side.name)), side});
    return pairs;
  }

  Context& context_;
  const Corpus& corpus_;
  Surroundings where_;
  std::map<std::string, std::string> versions_;
  std::vector<FuzzSide> oracles_;
};

}  // namespace

std::vector<FuzzPair> choose_pairs(Context& context, const Corpus& corpus,
                                   const FuzzSidesOptions& options) {
  return Chooser(context, corpus).choose(options);
}

}  // namespace assay
