// Decoding a pickle file as a profile, for the commands that show files.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/command/json_value.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/profile.h"

namespace assay {

struct LoadOptions {
  pickle::Profile profile;
  pickle::UnpickleOptions unpickle;
  bool one_unpickler = false;  // the memo survives from one pickle to the next
  bool json = false;           // values as JSON, too
};

// One pickle of a file.
struct LoadedPickle {
  std::uint64_t offset = 0;    // where it begins
  std::uint64_t consumed = 0;  // the file's position behind it, if it was accepted
  bool accepted = false;
  std::string value;                                       // value text
  std::variant<nlohmann::ordered_json, JsonRefusal> json;  // if it was asked for
  std::string error;  // exception class; empty if it is not Python's refusal
  std::string message;
  std::uint64_t at = 0;  // offset of the opcode that was refused

  // "value text", "!Class", or "?message" for what is outside of the reference.
  std::string outcome() const;
};

// Every pickle of `file`, one behind the other, until one is refused.
std::vector<LoadedPickle> load_pickles(std::string_view file, const LoadOptions& options);

// The same into a graph of the caller's, which `options.unpickle` may refer to.
std::vector<LoadedPickle> load_pickles(Graph& graph, std::string_view file,
                                       const LoadOptions& options);

// The name of another format, if the bytes look like one: "an SQLite database".
// Empty for a pickle, as far as can be seen.
std::string other_format(std::string_view file);

// Reads --as; throws UsageError naming the recorded profiles.
pickle::Profile parse_profile_option(const std::string& name);

}  // namespace assay
