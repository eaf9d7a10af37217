// The judgements of an observation, never merged: each says something else
// about an implementation. Their names are part of every output format.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assay {

enum class Verdict : std::uint8_t {
  pass,              // the outcome the target gives
  lossy,             // that outcome, seen through what the adapter says it cannot tell apart
  wrong_value,       // accepted, as the target does, with another value
  rejected_valid,    // the target accepts it
  accepted_invalid,  // the target rejects it
  wrong_error,       // rejected with another exception class than Python's
  wrong_consumed,    // the right value, another number of bytes
  other_bytes,       // written otherwise than the target does, and read as the same value
  wrong_bytes,       // likewise by who imitates a profile; or needs a later protocol
  seen,              // inspected: every global that the target looks up is listed
  missed,            // the target looks up a global that is not listed
  failed_closed,     // the inspector refused, which hides nothing
  crash,             // the process died of it
  timeout,           // no answer within the time limit
  out_of_memory,     // the process outgrew the memory limit
  state_dependent,   // another answer when the case ran alone
  adapter_error,     // the adapter broke the protocol
  unsupported,       // the implementation says that it does not do this
  skipped,           // not asked, or nothing to judge it by
};

inline constexpr std::size_t verdict_count = static_cast<std::size_t>(Verdict::skipped) + 1;

inline constexpr std::array<std::string_view, verdict_count> verdict_names = {"pass",
                                                                              "lossy",
                                                                              "wrong-value",
                                                                              "rejected-valid",
                                                                              "accepted-invalid",
                                                                              "wrong-error",
                                                                              "wrong-consumed",
                                                                              "other-bytes",
                                                                              "wrong-bytes",
                                                                              "seen",
                                                                              "missed",
                                                                              "failed-closed",
                                                                              "crash",
                                                                              "timeout",
                                                                              "out-of-memory",
                                                                              "state-dependent",
                                                                              "adapter-error",
                                                                              "unsupported",
                                                                              "skipped"};

constexpr std::string_view name(Verdict verdict) {
  return verdict_names[static_cast<std::size_t>(verdict)];
}

constexpr std::optional<Verdict> verdict_from(std::string_view name) {
  for (std::size_t i = 0; i < verdict_count; ++i)
    if (verdict_names[i] == name) return static_cast<Verdict>(i);
  return std::nullopt;
}

// What a column of the matrix adds up: agreement; agreement as far as can be seen
// or asked for; disagreement; cases that say nothing about the implementation.
enum class Standing : std::uint8_t { agrees, lossy, differs, not_judged };

constexpr Standing standing(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
    case Verdict::seen:
      return Standing::agrees;
    case Verdict::lossy:
    case Verdict::other_bytes:
    case Verdict::failed_closed:
      return Standing::lossy;
    case Verdict::unsupported:
    case Verdict::skipped:
      return Standing::not_judged;
    default:
      return Standing::differs;
  }
}

// How far the target agrees with itself on a case (ARCHITECTURE.md, Verdicts).
enum class Level : std::uint8_t { must, may_differ, divergent };

inline constexpr std::array<std::string_view, 3> level_names = {"must", "may-differ", "divergent"};

constexpr std::string_view name(Level level) {
  return level_names[static_cast<std::size_t>(level)];
}

constexpr std::optional<Level> level_from(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<Level>(i);
  return std::nullopt;
}

}  // namespace assay
