// `*.recorded.json`: what every oracle said of the cases of one TOML file.
//
//   {"schema":"assay-recorded-1",
//   "oracles":{
//   "cpython-3.13-c":{"version":"3.13.0","word":64}},
//   "cases":{
//   "int/ten":{"input":"492b300a2e","outcomes":[
//   {"profiles":["cpython-2.7-c"],"value":"8","consumed":6},
//   {"profiles":["cpython-2.7-py"],"error":"ValueError"},
//   {"profiles":["cpython-3.6-c"],"crash":true}]}}}
//
// An oracle that cannot tell everything apart says so in `lossy`, as its hello
// does. One oracle, one outcome a line, so that differences are readable. `input` is
// hex, or `crc32:xxxxxxxx/LENGTH` when longer than 256 bytes, of Case::content(); a
// case with options or buffers has them as one string in `options`. What an oracle
// wrote stands as hex in `data`, with `buffers` where some went out of band.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/corpus/case.h"

namespace assay {

struct OracleVersion {
  std::string version;  // with patch level: "3.13.0"
  int word = 64;
  std::vector<std::string> lossy;  // what it cannot tell apart: "dict=unordered"
  bool operator==(const OracleVersion&) const = default;
};

struct RecordedCase {
  std::string input;    // input_mark() of what the oracles were given
  std::string options;  // Case::options_text()
  std::vector<RecordedOutcome> outcomes;
};

struct Recorded {
  std::map<std::string, OracleVersion> oracles;  // by profile
  std::map<std::string, RecordedCase> cases;     // by id
};

// How an input is written down in a recorded file.
std::string input_mark(std::string_view bytes);

// The mark of bytes of any length: `crc32:xxxxxxxx/LENGTH`.
std::string content_mark(std::string_view bytes);

// An outcome as an object, as it stands in a recorded file and in whatever else
// shows outcomes to programs.
nlohmann::ordered_json outcome_json(const RecordedOutcome& outcome);

// Takes the text of a file; throws std::runtime_error saying what is wrong.
Recorded parse_recorded(std::string_view text);

// The text of a file. Cases come in the order of `ids`; others are left out.
std::string print_recorded(const Recorded& recorded, const std::vector<std::string>& ids);

// Whether two value texts say the same value, as far as one oracle can see.
using SameValue = std::function<bool(std::string_view, std::string_view)>;

// Adds one profile's answer to `outcomes`, joining the group whose answer is
// the same and keeping the natural order. The text of a group is that of its
// first member: oracles that cannot tell everything apart come last.
void add_outcome(std::vector<RecordedOutcome>& outcomes, const std::string& profile,
                 const RecordedOutcome& answer, const SameValue& same_value);

}  // namespace assay
