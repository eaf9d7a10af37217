// A case as the corpus holds it, and what the oracles said of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  std::optional<std::string> data;        // bytes that were written, raw (encode)
  std::vector<std::string> buffers;       // that went out of band, as on the wire (encode)
  std::string error;                      // class name; empty if accepted or crashed
  std::optional<std::uint64_t> consumed;  // bytes; only of accepted inputs

  bool accepted() const { return value.has_value() || data.has_value(); }
  // The oracle aborts, or reads memory that is not there. Nobody is judged by it.
  bool crashed() const { return !accepted() && error.empty(); }
};

// What a case asks for.
//
//   decode, inspect             `input`, bytes: its value; the globals it names
//   encode                      `value` as `protocol`: bytes
//   read, identify, iterdump    the files of `path`: their content
//   write                       `script`, on a copy of the files of `path` if there is one
//   scenario                    `script`, a program in Python: the lines it prints
inline constexpr std::array<std::string_view, 8> case_operations = {
    "decode", "inspect", "encode", "read", "identify", "iterdump", "write", "scenario"};

// What may stand behind the stem of a path: the files of one database.
inline constexpr std::array<std::string_view, 9> path_endings = {
    "", ".dir", ".dat", ".bak", ".pag", ".db", "-wal", "-journal", "-shm"};

struct Case {
  std::string id;
  std::string format;
  std::string topic;
  std::string why;
  std::string spec;
  std::string operation = "decode";  // one of case_operations
  std::string module;                // what a request calls the format: "pickle", "dbm.gnu"
  std::string reported;              // what reports count it under: "pickle", "pickle:encode"
  std::string source;                // `asm` as written, or empty
  std::string input;                 // the bytes
  std::string value;                 // value text
  std::string script;                // operations, or a program
  std::string path;                  // a file, or the stem of several; absolute
  std::string files;                 // a mark of each file of `path`, a line each
  int protocol = -1;                 // -1: the format has none, or no opcode decodes
  std::vector<CaseOption> options;   // sorted by key
  std::vector<std::string> buffers;  // as the protocol wants them: hex, `w:` hex
  std::vector<std::string> quirks;
  std::string same_as;  // id of the case this one repeats on purpose
  bool word = false;    // the outcome depends on the word size
  std::string file;     // the TOML file, relative to the corpus' parent folder
  unsigned line = 0;
  std::vector<RecordedOutcome> outcomes;  // recorded

  // Options and buffers as one line of JSON, with the operation, the module and
  // the protocol to write where they are not the usual ones; empty if there are
  // none. What recorded outcomes are compared with to find stale ones.
  std::string options_text() const;

  // All else that is asked: the bytes, the value, the program, or the script and
  // marks of the files.
  std::string content() const;
};

}  // namespace assay
