// What is on this machine that speaks the adapter protocol.
//
// Discovery looks at files only and starts nothing; whoever wants to know more
// asks a candidate for its hello (runner.h). A candidate is one interpreter and
// one lane of it, the reference, or a third party's adapter that a descriptor
// names:
//
//   harness/adapters/NAME/adapter.toml
//     name     = "ogorek"               as reports show it
//     language = "Go"
//     formats  = ["pickle"]
//     command  = ["./adapter", "--fast"] run in the descriptor's folder
//     lanes    = ["c", "py"]            one candidate each, with --lane LANE
//     needs    = ["/usr/lib/x.so"]      files that installing brings
//     mode     = "adapter"              or "exec": one process a case
//     install  = "go build -o adapter ."  for people, when it is not there
//     target   = "cpython-3.13-c"       what judges it, instead of cpython-3.8+
//     start_seconds = 60                limit from its start to its hello (20)
//
// A descriptor with `kind` instead of a command says the same of interpreters
// that are found by themselves:
//
//     kind     = "jython"               or "pypy"
//     target   = "cpython-2.7"
//
// known.toml beside a descriptor lists failures that are known (verdict/known.h).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/runner/runner.h"

namespace assay {

// Where to look; environment() fills it from this process' surroundings, tests
// from a folder of their own.
struct Surroundings {
  std::filesystem::path root;               // of the project
  std::filesystem::path program_folder;     // where assay-reference stands, too
  std::vector<std::filesystem::path> path;  // $PATH
  std::filesystem::path pyenv;              // $PYENV_ROOT or ~/.pyenv
  std::filesystem::path pyodide;            // node_modules with pyodide packages
};
Surroundings environment(const std::filesystem::path& root,
                         const std::filesystem::path& program_folder);

struct Candidate {
  enum class Kind : std::uint8_t { python, pypy, jython, pyodide, reference, described };
  Kind kind = Kind::python;
  Implementation implementation;     // its name is a guess until the hello is known
  std::string origin;                // the interpreter or descriptor, for people
  std::string lane;                  // what it was asked to be: "c", "py", …; may be empty
  std::string version;               // as far as file names tell; may be empty
  std::vector<std::string> formats;  // of a descriptor
  std::vector<std::string> lanes;    // of a descriptor: one candidate is made for each
  std::string target;                // of a descriptor; empty: the usual one
  std::filesystem::path known;       // its known.toml; empty: none
  std::string install;               // how to get it, if `missing` is not empty
  std::string missing;               // why it cannot be started
  double start_seconds = 20;         // how long its start may take, to the answer to hello

  bool heavy() const { return kind == Kind::jython || kind == Kind::pyodide; }
};

// Every candidate but the reference: CPythons by version, then other
// interpreters, then described adapters.
std::vector<Candidate> find_candidates(const Surroundings& surroundings);

// The reference behind the protocol as one profile.
Candidate reference_candidate(const Surroundings& surroundings, const std::string& profile);

// An implementation's name in reports, from its hello. CPythons are named for
// their profile, with the patch level unless it is the one in `recorded` (a
// profile without patch level to its version); the reference is
// `reference@PROFILE`; anything else `implementation-version[-lane]`.
std::string implementation_name(const Hello& hello,
                                const std::map<std::string, std::string>& recorded);

// Why a descriptor cannot be used, or nothing and the candidate is filled. Of
// one with `kind` only the kind, the target and the known failures are filled;
// others are of the kind `described`.
std::optional<std::string> read_descriptor(const std::filesystem::path& file,
                                           const Surroundings& surroundings, Candidate& candidate);

// The first executable file called `name` in `path`; empty if there is none.
std::filesystem::path find_program(const std::string& name,
                                   const std::vector<std::filesystem::path>& path);

}  // namespace assay
