// The adapter protocol: one JSON object a line, in ASCII, requests on the
// adapter's stdin and answers on its stdout. harness/README.md is the full
// description; here is what one line may hold, as types.
//
// Bytes (`data`) are raw in these structs and lower-case hex on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay {

// The only version of the protocol there is; an adapter that does not know it
// answers `hello` with an error.
inline constexpr int protocol_version = 1;

using OptionValue = std::variant<bool, std::int64_t, std::string>;

// What an adapter is asked. Fields that are empty are left out of the line, but
// for `data` of an operation that takes input bytes (decode, identify, inspect),
// where empty bytes are an input like any other.
struct Request {
  std::string op = "decode";  // one of operation_words (hello_words.h)
  std::string id;             // the runner puts its own; see write_request
  std::string format;         // "pickle", "dbm.gnu", …
  std::string data;           // raw bytes
  std::map<std::string, OptionValue> options;
  std::vector<std::string> buffers;  // as on the wire: hex, with "w:" before it when writable
  std::optional<int> protocol;       // encode: the protocol (or version) to write
  std::string value;                 // encode: value text
  std::string path;                  // read, write, …: a file or the stem of several
  std::string script;                // write: the operations to perform; scenario: a program
};

// The four things an adapter may say of a case.
struct ValueAnswer {
  std::string text;                       // value text, ASCII
  std::optional<std::uint64_t> consumed;  // bytes of the input, where the adapter can know
  bool operator==(const ValueAnswer&) const = default;
};
struct DataAnswer {
  std::string bytes;                 // raw
  std::vector<std::string> buffers;  // that went out of band, as on the wire
  bool operator==(const DataAnswer&) const = default;
};
struct ErrorAnswer {
  std::string name;  // exception class without its module; empty when unknown (--exec)
  std::string message;
  std::optional<std::uint64_t> consumed;
  bool operator==(const ErrorAnswer&) const = default;
};
struct UnsupportedAnswer {
  std::string why;
  bool operator==(const UnsupportedAnswer&) const = default;
};
using AnswerOutcome = std::variant<ValueAnswer, DataAnswer, ErrorAnswer, UnsupportedAnswer>;

struct Answer {
  std::string id;
  AnswerOutcome outcome;
  bool operator==(const Answer&) const = default;
};

// The answer to `hello`: who the adapter is and what it can tell apart.
struct Hello {
  std::string implementation;
  std::string version;
  std::string lane;      // may be empty
  std::string language;  // may be empty
  unsigned window = 1;   // requests it wants sent ahead, at least 1
  std::vector<std::string> formats;
  std::string identity = "all";    // all | mutable | none
  std::vector<std::string> lossy;  // "tuple=list", …
  std::string profile;             // "cpython-3.13-c"; empty when it imitates none
  std::optional<int> word;         // 32 | 64
  std::string errors;              // "python" when it claims Python's exception classes
  bool operator==(const Hello&) const = default;
};

// Why a line is no answer. Never thrown: returned, and judged `adapter-error`.
struct ProtocolFault {
  enum class Kind : std::uint8_t {
    not_ascii,   // a byte outside printable ASCII
    not_json,    // no JSON object, or something after it
    nested,      // a list or an object where a scalar belongs
    bad_field,   // unknown key, key twice, or a value of the wrong type
    missing,     // no id, or no outcome, or more than one outcome
    too_long,    // the line is longer than the runner allows
    unknown_id,  // an id that is not outstanding
    answered_twice,
    wrong_version,  // hello: the adapter speaks another version, or refused
  };
  Kind kind;
  std::string detail;  // one line of ASCII, with an excerpt of what was read
};

// The name of a kind as printed in messages ("not-json", …).
std::string_view name(ProtocolFault::Kind kind);

// Appends the request as one line, newline included, with `id` in place of
// request.id. `id` must need no JSON escaping. Bytes outside ASCII in text
// fields are taken as UTF-8 and escaped.
void write_request(const Request& request, std::string_view id, std::string& out);

// The same with request.id, without the newline: for messages and `explain`.
std::string request_line(const Request& request);

// Appends {"op":"hello","protocol":1} and {"op":"bye"}, newline included.
void write_hello(std::string& out);
void write_bye(std::string& out);

// Reads one line, without its newline.
std::variant<Answer, ProtocolFault> parse_answer(std::string_view line);
std::variant<Hello, ProtocolFault> parse_hello(std::string_view line);

// Reads a request, as an adapter does (and the tests). nullopt when malformed.
std::optional<Request> parse_request(std::string_view line);

// Writes an answer, newline included, as an adapter does.
void write_answer(const Answer& answer, std::string& out);

// Writes a hello answer, newline included, as an adapter does.
void write_hello_answer(const Hello& hello, std::string& out);

// Lower-case hex of raw bytes, appended; and back (either case). nullopt when
// `hex` has an odd length or a character that is no hex digit.
void append_hex(std::string_view bytes, std::string& out);
std::optional<std::string> parse_hex(std::string_view hex);

}  // namespace assay
