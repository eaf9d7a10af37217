#include "reference/sqlite/expression_functions.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "reference/sqlite/float_text.h"
#include "reference/sqlite/operand.h"
#include "reference/sqlite/pattern.h"
#include "reference/sqlite/printf_function.h"
#include "reference/sqlite/quoted_value.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

constexpr std::size_t any_number = 127;  // SQLITE_MAX_FUNCTION_ARG

bool null(const Field& value) {
  return value.storage == Storage::null;
}

std::string text_argument(const Call& call, std::size_t i) {
  return text_of(call.arguments[i], call.encoding);
}
// sqlite3_value_int() keeps 32 bits of the 64.
std::int64_t int_argument(const Call& call, std::size_t i) {
  return static_cast<std::int32_t>(integer_of(call.arguments[i], call.encoding));
}

bool any_null(const Call& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(), null);
}

// Moves over one character (sqliteInt.h, SQLITE_SKIP_UTF8).
void skip_character(std::string_view text, std::size_t& at) {
  if (static_cast<unsigned char>(text[at++]) < 0xc0) return;
  while (at < text.size() && (text[at] & 0xc0) == 0x80) ++at;
}

std::string_view up_to_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

void run_abs(Call& call) {
  const Field& value = call.arguments[0];
  if (null(value)) return;
  if (value.storage != Storage::integer) {
    const double real = real_of(value, call.encoding);
    call.result = Field::of(real < 0 ? -real : real);
    return;
  }
  if (value.integer == std::numeric_limits<std::int64_t>::min())
    call.failure = "abs() of the smallest integer";
  else
    call.result = Field::of(value.integer < 0 ? -value.integer : value.integer);
}

void run_char(Call& call) {
  std::string text;
  for (const Field& argument : call.arguments) {
    const std::int64_t point = integer_of(argument, call.encoding);
    write_utf8(text, point < 0 || point > 0x10ffff ? 0xfffd : static_cast<std::uint32_t>(point));
  }
  call.give_text(text);
}

void run_hex(Call& call) {
  // Text is shown as it is stored (sqlite3_value_blob() converts nothing).
  const Field& value = call.arguments[0];
  const bool bytes = value.storage == Storage::text || value.storage == Storage::blob;
  const std::string number = bytes || null(value) ? "" : text_argument(call, 0);
  std::string digits;
  for (const std::uint8_t byte : bytes ? value.bytes : as_bytes(number)) {
    digits += "0123456789ABCDEF"[byte >> 4];
    digits += "0123456789ABCDEF"[byte & 15];
  }
  call.give_text(digits);
}

void run_instr(Call& call) {
  if (any_null(call)) return;
  const Field &value = call.arguments[0], &sought = call.arguments[1];
  const bool blobs = value.storage == Storage::blob && sought.storage == Storage::blob;
  const std::string hay = blobs ? std::string(as_text(value.bytes)) : text_argument(call, 0);
  const std::string needle = blobs ? std::string(as_text(sought.bytes)) : text_argument(call, 1);
  if (needle.empty()) {
    // A single byte is no UTF-16, and is sought as a NUL.
    if (!sought.bytes.empty()) call.failure = "instr() with half a character";
    call.result = Field::of(std::int64_t{1});
    return;
  }
  // Where characters begin; a needle that stands elsewhere is not found.
  std::int64_t position = 1;
  for (std::size_t at = 0; needle.size() <= hay.size() - at; ++position) {
    if (hay.compare(at, needle.size(), needle) == 0) {
      call.result = Field::of(position);
      return;
    }
    do {
      ++at;
    } while (!blobs && at < hay.size() && (hay[at] & 0xc0) == 0x80);
  }
  call.result = Field::of(std::int64_t{0});
}

// Characters of a text up to a NUL, bytes of a blob, characters of a number.
void run_length(Call& call) {
  const Field& value = call.arguments[0];
  if (null(value)) return;
  std::int64_t length = 0;
  if (value.storage == Storage::blob) {
    length = static_cast<std::int64_t>(value.bytes.size());
  } else {
    const std::string text = text_argument(call, 0);
    const std::string_view counted = up_to_nul(text);
    for (std::size_t at = 0; at < counted.size(); ++length) skip_character(counted, at);
  }
  call.result = Field::of(length);
}

void change_case(Call& call, char first, char last, int by) {
  if (null(call.arguments[0])) return;
  std::string text = text_argument(call, 0);
  for (char& c : text)
    if (c >= first && c <= last) c = static_cast<char>(c + by);
  call.give_text(text);
}
void run_lower(Call& call) {
  change_case(call, 'A', 'Z', 'a' - 'A');
}
void run_upper(Call& call) {
  change_case(call, 'a', 'z', 'A' - 'a');
}

// Of equals min() takes the last and max() the first (func.c, minmaxFunc).
void run_minmax(Call& call, bool least) {
  if (any_null(call)) return;
  std::size_t best = 0;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    const int order =
        compare(call.arguments[best], call.arguments[i], call.encoding, call.collation);
    if (least ? order >= 0 : order < 0) best = i;
  }
  call.give_argument(best);
}
void run_min(Call& call) {
  run_minmax(call, true);
}
void run_max(Call& call) {
  run_minmax(call, false);
}

void run_nullif(Call& call) {
  if (compare(call.arguments[0], call.arguments[1], call.encoding, call.collation) != 0)
    call.give_argument(0);
}

void run_quote(Call& call) {
  std::string quoted;
  append_quoted(quoted, call.arguments[0], call.encoding);
  call.give_text(quoted);
}

void run_replace(Call& call) {
  const Field& value = call.arguments[0];
  if (null(value) || null(call.arguments[1])) return;
  const std::string text = text_argument(call, 0), pattern = text_argument(call, 1);
  if (up_to_nul(pattern).empty()) {
    // Of a value that is no text SQLite makes one that is two things at once.
    if (value.storage != Storage::text) call.failure = "replace() of nothing in what is no text";
    call.result = value;
    return;
  }
  if (null(call.arguments[2])) return;
  const std::string with = text_argument(call, 2);
  std::string replaced;
  std::size_t at = 0;
  for (std::size_t found = 0; (found = text.find(pattern, at)) != std::string::npos;
       at = found + pattern.size()) {
    replaced.append(text, at, found - at);
    replaced += with;
    if (replaced.size() > max_text) {
      call.failure = "a text of more than 16 MiB";
      return;
    }
  }
  call.give_text(replaced.append(text, at));
}

// func.c, roundFunc, before SQLite 3.43: half away from 0, or the digits of
// "%.*f" read back.
void run_round(Call& call) {
  if (any_null(call)) return;
  double value = real_of(call.arguments[0], call.encoding);
  const std::int64_t asked = call.arguments.size() == 2 ? int_argument(call, 1) : 0;
  const int digits = static_cast<int>(std::clamp<std::int64_t>(asked, 0, 30));
  if (value >= -4503599627370496.0 && value <= 4503599627370496.0)
    value = digits == 0
                ? static_cast<double>(static_cast<std::int64_t>(value + (value < 0 ? -0.5 : 0.5)))
                : real_from_text(real_fixed(value, digits));
  call.result = Field::of(value);
}

// Text that is a number from end to end counts as one; other text has no sign.
void run_sign(Call& call) {
  std::string storage;
  const Field value = with_affinity(call.arguments[0], Affinity::numeric, call.encoding, storage);
  if (value.storage != Storage::integer && value.storage != Storage::real) return;
  const double real = real_of(value, call.encoding);
  call.result = Field::of(std::int64_t{real < 0 ? -1 : real > 0 ? 1 : 0});
}

// Start and length in characters, turned to what lies inside of `size` characters
// or more (func.c, substrFunc). Nothing beyond 64 bits can come of 32.
struct Part {
  std::int64_t start, length;
};
Part part_of(std::int64_t start, std::optional<std::int64_t> asked, std::int64_t size) {
  const bool backwards = asked && *asked < 0;
  std::int64_t length = !asked ? 1000000000 : backwards ? -*asked : *asked;
  if (start < 0) {
    start += size;
    if (start < 0) {
      length = std::max<std::int64_t>(length + start, 0);
      start = 0;
    }
  } else if (start > 0) {
    --start;
  } else if (length > 0) {
    --length;
  }
  if (backwards) {
    start -= length;
    if (start < 0) {
      length += start;
      start = 0;
    }
  }
  return {start, length};
}

void run_substr(Call& call) {
  if (any_null(call)) return;
  const Field& value = call.arguments[0];
  std::optional<std::int64_t> asked;
  if (call.arguments.size() == 3) asked = int_argument(call, 2);
  const std::int64_t start = int_argument(call, 1);
  if (value.storage == Storage::blob) {
    // An empty blob is a null pointer, for which SQLite gives NULL.
    if (value.bytes.empty()) return;
    if (call.encoding != TextEncoding::utf8) {
      call.failure = "substr() of a blob in a UTF-16 database";
      return;
    }
    const auto size = static_cast<std::int64_t>(value.bytes.size());
    const Part part = part_of(start, asked, size);
    const std::int64_t begin = std::min(part.start, size);
    call.result = value;
    call.result.bytes = value.bytes.subspan(
        static_cast<std::size_t>(begin),
        static_cast<std::size_t>(std::clamp<std::int64_t>(part.length, 0, size - begin)));
    return;
  }
  const std::string whole = text_argument(call, 0);
  const std::string_view text = up_to_nul(whole);
  std::int64_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++size) skip_character(text, at);
  Part part = part_of(start, asked, size);
  std::size_t begin = 0;
  for (; begin < text.size() && part.start > 0; --part.start) skip_character(text, begin);
  std::size_t end = begin;
  for (; end < text.size() && part.length > 0; --part.length) skip_character(text, end);
  call.give_text(text.substr(begin, end - begin));
}

void trim(Call& call, bool left, bool right) {
  if (any_null(call)) return;
  const std::string whole = text_argument(call, 0);
  const std::string set = call.arguments.size() == 2 ? text_argument(call, 1) : " ";
  const std::string_view characters = up_to_nul(set);
  std::string_view text = whole;
  // The length of the first character of the set that stands at that end.
  const auto at_end = [&](bool front) -> std::size_t {
    for (std::size_t at = 0; at < characters.size();) {
      const std::size_t start = at;
      skip_character(characters, at);
      const std::string_view one = characters.substr(start, at - start);
      if (front ? text.starts_with(one) : text.ends_with(one)) return one.size();
    }
    return 0;
  };
  while (left) {
    const std::size_t size = at_end(true);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  while (right) {
    const std::size_t size = at_end(false);
    if (size == 0) break;
    text.remove_suffix(size);
  }
  call.give_text(text);
}
void run_ltrim(Call& call) {
  trim(call, true, false);
}
void run_rtrim(Call& call) {
  trim(call, false, true);
}
void run_trim(Call& call) {
  trim(call, true, true);
}

void run_typeof(Call& call) {
  static constexpr std::string_view names[] = {"null", "integer", "real", "text", "blob"};
  call.give_text(names[static_cast<std::size_t>(call.arguments[0].storage)]);
}

void run_unicode(Call& call) {
  const std::string whole = text_argument(call, 0);
  const std::string_view text = up_to_nul(whole);
  std::size_t at = 0;
  if (!text.empty()) call.result = Field::of(std::int64_t{read_utf8(as_bytes(text), at)});
}

// What LIKE and GLOB refuse, or what depends on how SQLite was built: blobs
// (SQLITE_LIKE_DOESNT_MATCH_BLOBS); and U+0080, which behind a % or * is sought as
// the byte 80.
const char* no_pattern(const Call& call, std::string_view pattern) {
  if (call.arguments[0].storage == Storage::blob || call.arguments[1].storage == Storage::blob)
    return "LIKE or GLOB of a blob";
  if (pattern.size() > 50000) return "a pattern of more than 50000 bytes";
  for (std::size_t at = 0; at < pattern.size();)
    if (read_utf8(as_bytes(pattern), at) == 0x80) return "U+0080 in a pattern";
  return nullptr;
}

// The arguments are the pattern, the text and perhaps the escape character.
void run_like(Call& call) {
  const std::string pattern = text_argument(call, 0), text = text_argument(call, 1);
  call.failure = no_pattern(call, pattern);
  if (call.failure != nullptr) return;
  std::uint32_t escape = 0;
  if (call.arguments.size() == 3) {
    if (null(call.arguments[2])) return;
    const std::string character = text_argument(call, 2);
    std::size_t at = 0;
    if (!up_to_nul(character).empty()) escape = read_utf8(as_bytes(up_to_nul(character)), at);
    if (at == 0 || at != up_to_nul(character).size()) {
      call.failure = "ESCAPE with more or less than one character";
      return;
    }
  }
  if (null(call.arguments[0]) || null(call.arguments[1])) return;
  call.result = Field::of(std::int64_t{like_matches(pattern, text, escape)});
}
void run_glob(Call& call) {
  const std::string pattern = text_argument(call, 0), text = text_argument(call, 1);
  call.failure = no_pattern(call, pattern);
  if (call.failure != nullptr || any_null(call)) return;
  call.result = Field::of(std::int64_t{glob_matches(pattern, text)});
}

constexpr std::array<Function, 25> functions = {{
    {"abs", 1, 1, run_abs},
    {"char", 0, any_number, run_char},
    {"glob", 2, 2, run_glob},
    {"hex", 1, 1, run_hex},
    {"instr", 2, 2, run_instr},
    {"length", 1, 1, run_length},
    {"like", 2, 3, run_like},
    {"lower", 1, 1, run_lower},
    {"ltrim", 1, 2, run_ltrim},
    {"max", 2, any_number, run_max},
    {"min", 2, any_number, run_min},
    {"nullif", 2, 2, run_nullif},
    {"format", 1, any_number, run_printf},
    {"printf", 1, any_number, run_printf},
    {"quote", 1, 1, run_quote},
    {"replace", 3, 3, run_replace},
    {"round", 1, 2, run_round},
    {"rtrim", 1, 2, run_rtrim},
    {"sign", 1, 1, run_sign},
    {"substr", 2, 3, run_substr},
    {"substring", 2, 3, run_substr},
    {"trim", 1, 2, run_trim},
    {"typeof", 1, 1, run_typeof},
    {"unicode", 1, 1, run_unicode},
    {"upper", 1, 1, run_upper},
}};

}  // namespace

void Call::give_argument(std::size_t i) {
  chosen = i;
  result = arguments[i];
}

void Call::give_text(std::string_view utf8) {
  text = from_utf8(as_bytes(utf8), encoding);
  result.storage = Storage::text;
  result.bytes = as_bytes(text);
}

const Function* function_named(std::string_view name) {
  for (const Function& one : functions)
    if (same_name(one.name, name)) return &one;
  return nullptr;
}

}  // namespace assay::sqlite
