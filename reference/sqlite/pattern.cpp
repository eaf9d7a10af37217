#include "reference/sqlite/pattern.h"

#include <optional>
#include <vector>

#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

// A part of a pattern, which matches one character; `any` matches any number.
struct Part {
  enum Kind : std::uint8_t { one, character, set, any, never } kind = one;
  std::uint32_t point = 0;         // character
  std::size_t begin = 0, end = 0;  // set: in the pattern, between the brackets
};

std::uint32_t folded(std::uint32_t point) {
  return point >= 'A' && point <= 'Z' ? point + 'a' - 'A' : point;
}

// Whether a set has a character, read as patternCompare reads it: `^` first turns
// it round, `]` first is a member, `-` between two makes a range.
bool in_set(Bytes pattern, const Part& set, std::uint32_t point) {
  std::size_t at = set.begin;
  const bool turned = at < set.end && pattern[at] == '^';
  if (turned) ++at;
  bool seen = false;
  std::uint32_t before = 0;
  if (at < set.end && pattern[at] == ']') {
    seen = point == ']';
    ++at;
  }
  while (at < set.end) {
    std::uint32_t member = read_utf8(pattern, at);
    if (member == '-' && at < set.end && before > 0) {
      member = read_utf8(pattern, at);
      seen |= point >= before && point <= member;
      before = 0;
    } else {
      seen |= point == member;
      before = member;
    }
  }
  return seen != turned;
}

// The end of a set that begins at `at`; nothing if it is not closed.
std::optional<std::size_t> end_of_set(Bytes pattern, std::size_t at) {
  if (at < pattern.size() && pattern[at] == '^') ++at;
  if (at < pattern.size() && pattern[at] == ']') ++at;
  while (at < pattern.size()) {
    if (pattern[at] == ']') return at;
    read_utf8(pattern, at);
  }
  return std::nullopt;
}

std::vector<Part> like_parts(Bytes pattern, std::uint32_t escape) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::uint32_t point = read_utf8(pattern, at);
    if (point == escape && escape != 0) {
      if (at == pattern.size()) {
        parts.push_back({Part::never});
      } else {
        parts.push_back({Part::character, folded(read_utf8(pattern, at))});
      }
    } else if (point == '%') {
      parts.push_back({Part::any});
    } else if (point == '_') {
      parts.push_back({Part::one});
    } else {
      parts.push_back({Part::character, folded(point)});
    }
  }
  return parts;
}

std::vector<Part> glob_parts(Bytes pattern) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::uint32_t point = read_utf8(pattern, at);
    if (point == '*') {
      parts.push_back({Part::any});
    } else if (point == '?') {
      parts.push_back({Part::one});
    } else if (point == '[') {
      const auto end = end_of_set(pattern, at);
      if (!end) {
        parts.push_back({Part::never});
        break;
      }
      parts.push_back({Part::set, 0, at, *end});
      at = *end + 1;
    } else {
      parts.push_back({Part::character, point});
    }
  }
  return parts;
}

// From the last `any` on the match is tried one character further each time; what
// came before it need not be tried again.
bool matches(Bytes pattern, const std::vector<Part>& parts, Bytes text, bool fold) {
  std::size_t at = 0, part = 0, any = parts.size(), retry = 0;
  while (at < text.size()) {
    if (part < parts.size() && parts[part].kind == Part::any) {
      any = part++;
      retry = at;
      continue;
    }
    std::size_t next = at;
    const std::uint32_t read = read_utf8(text, next);
    bool matched = false;
    if (part < parts.size()) {
      const Part& one = parts[part];
      matched = one.kind == Part::one ||
                (one.kind == Part::character && one.point == (fold ? folded(read) : read)) ||
                (one.kind == Part::set && in_set(pattern, one, read));
    }
    if (matched) {
      at = next;
      ++part;
    } else if (any < parts.size()) {
      read_utf8(text, retry);
      at = retry;
      part = any + 1;
    } else {
      return false;
    }
  }
  while (part < parts.size() && parts[part].kind == Part::any) ++part;
  return part == parts.size();
}

Bytes up_to_nul(std::string_view text) {
  return as_bytes(text.substr(0, text.find('\0')));
}

}  // namespace

bool like_matches(std::string_view pattern, std::string_view text, std::uint32_t escape) {
  const Bytes whole = up_to_nul(pattern);
  return matches(whole, like_parts(whole, escape), up_to_nul(text), true);
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  const Bytes whole = up_to_nul(pattern);
  return matches(whole, glob_parts(whole), up_to_nul(text), false);
}

}  // namespace assay::sqlite
