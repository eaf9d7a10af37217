// A case as the corpus holds it, and what the oracles said of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace assay {

// One entry of a case's `options`, passed to the adapter as it stands.
struct CaseOption {
  std::string key;
  std::variant<bool, std::int64_t, std::string> value;
  bool operator==(const CaseOption&) const = default;
};

// One group of oracles that gave the same answer: a value, the class of the
// exception that rejected the input, or none, because the process died.
struct RecordedOutcome {
  std::vector<std::string> profiles;      // natural order
  std::optional<std::string> value;       // value text; nothing if rejected
  std::string error;                      // class name; empty if accepted or crashed
  std::optional<std::uint64_t> consumed;  // bytes; only of accepted inputs

  bool accepted() const { return value.has_value(); }
  // The oracle aborts, or reads memory that is not there. Nobody is judged by it.
  bool crashed() const { return !value && error.empty(); }
};

struct Case {
  std::string id;
  std::string format;
  std::string topic;
  std::string why;
  std::string spec;
  std::string source;                // `asm` as written, or empty
  std::string input;                 // the bytes
  int protocol = -1;                 // -1: the format has none, or no opcode decodes
  std::vector<CaseOption> options;   // sorted by key
  std::vector<std::string> buffers;  // as the protocol wants them: hex, `w:` hex
  std::vector<std::string> quirks;
  std::string same_as;  // id of the case this one repeats on purpose
  bool word = false;    // the outcome depends on the word size
  std::string file;     // the TOML file, relative to the corpus' parent folder
  unsigned line = 0;
  std::vector<RecordedOutcome> outcomes;  // recorded

  // Options and buffers as one line of JSON; empty if there are none. What
  // recorded outcomes are compared with to find stale ones.
  std::string options_text() const;
};

}  // namespace assay
