// Marshalled data from a sequence of choices, mostly valid. Tests and generators only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "reference/marshal/code_layout.h"
#include "reference/marshal/profile.h"
#include "reference/marshal/type_code.h"

namespace assay::marshal {

class StreamFromChoices {
 public:
  StreamFromChoices(const Profile& profile, std::span<const std::uint8_t> choices)
      : profile_(profile), choices_(choices) {}

  std::string build() {
    object(0);
    const std::size_t faults = choose() % 4 == 0 ? choose() % 3 + 1 : 0;
    for (std::size_t i = 0; i < faults && !out_.empty(); ++i) damage();
    return out_;
  }

 private:
  std::uint8_t choose() {
    if (choices_.empty()) return 0;
    const std::uint8_t choice = choices_.front();
    choices_ = choices_.subspan(1);
    return choice;
  }

  void damage() {
    const std::size_t at = (choose() | choose() << 8) % out_.size();
    switch (choose() % 5) {
      case 0:
        out_[at] = static_cast<char>(choose());
        break;
      case 1:
        out_.erase(at, 1);
        break;
      case 2:
        out_.insert(at, 1, static_cast<char>(choose()));
        break;
      case 3:
        out_.resize(at);
        break;
      default:
        out_[at] = "0NFTS.iIlfgxysutaAzZ()[{}<>:crR\xe3\xa8\xbe\xdb\xfb"[choose() % 36];
        break;
    }
  }

  void type(std::uint8_t code) {
    const bool flagged = profile_.has(Quirk::references) && choose() % 3 == 0;
    if (flagged && code != 'N' && code != '0') ++numbered_;
    if (!profile_.has(Quirk::references) && code == 't') ++numbered_;
    out_ += static_cast<char>(code | (flagged ? 0x80 : 0));
  }
  void int4(std::int64_t value) {
    for (int i = 0; i < 4; ++i) out_ += static_cast<char>(value >> (8 * i));
  }
  void sized(std::string_view text, bool short_form = false) {
    if (short_form) {
      out_ += static_cast<char>(text.size());
    } else {
      int4(static_cast<std::int64_t>(text.size()));
    }
    out_ += text;
  }

  std::string_view word() {
    static constexpr std::string_view words[] = {"",    "a",   "b",     "name", "not a name",
                                                 "x_1", "nan", "-1e-5", "-1",   "1e999"};
    return words[choose() % std::size(words)];
  }
  void text() {
    static constexpr std::string_view words[] = {
        "a", "\xc3\xa9", "\xed\xa0\x80", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff", "k"};
    static constexpr std::string_view codes = "ututaAzZ";
    const std::uint8_t code = codes[choose() % (profile_.has(Quirk::ascii_forms) ? 8 : 4)];
    type(code);
    if (code == 'u' || code == 't') return sized(words[choose() % std::size(words)]);
    sized(word(), code == 'z' || code == 'Z');
  }
  void name() {
    type(profile_.python2() ? (choose() % 2 != 0 ? 's' : 't') : 'u');
    sized(word());
  }
  void float_text() { sized(word(), true); }
  void raw(int count) {
    for (; count > 0; --count) out_ += static_cast<char>(choose());
  }

  void number() {
    switch (choose() % 8) {
      case 0:
        type('l');
        return digits();
      case 1:
        type('I');
        return raw(8);
      case 2:
        type('f');
        return float_text();
      case 3:
        type('g');
        return raw(8);
      case 4:
        type('x');
        float_text();
        return float_text();
      case 5:
        type('y');
        return raw(16);
      case 6:
        type('i');
        return raw(4);
      default:
        type('i');
        return int4(choose() % 4);
    }
  }
  void digits() {
    const int count = choose() % 6;
    int4(choose() % 2 != 0 ? -count : count);
    for (int i = 0; i < count; ++i) {
      raw(1);
      out_ += static_cast<char>(choose() % 16 == 0 ? choose() : choose() & 0x7f);
    }
  }

  void items(int depth, int count) {
    for (; count > 0; --count) object(depth + 1);
  }

  void container(int depth) {
    const int count = choose() % 4;
    switch (choose() % 13) {
      case 0:
      case 1:
        type('(');
        int4(count);
        return items(depth, count);
      case 2:
        type(profile_.has(Quirk::ascii_forms) ? ')' : '[');
        if (profile_.has(Quirk::ascii_forms)) {
          out_ += static_cast<char>(count);
        } else {
          int4(count);
        }
        return items(depth, count);
      case 3:
      case 4:
        type('[');
        int4(count);
        return items(depth, count);
      case 5:
        type('<');
        int4(count);
        return items(depth, count);
      case 6:
        type('>');
        int4(count);
        return items(depth, count);
      case 7:
        type(':');
        return items(depth, 3);
      case 10:
      case 11:
        return twins();
      default:
        type(choose() % 4 == 0 ? '}' : '{');
        items(depth, count * 2);
        out_ += '0';
    }
  }

  void names(int depth) {
    if (choose() % 16 == 0) return object(depth + 1);
    const int count = choose() % 3;
    type('(');
    int4(count);
    for (int i = 0; i < count; ++i) name();
  }

  void code(int depth) {
    type('c');
    for (const CodeField& field : code_fields(profile_.version())) {
      const bool odd = choose() % 32 == 0;
      if (field.integer) {
        if (odd) {
          raw(4);
        } else if (field.name == "stacksize" || field.name == "firstlineno") {
          int4(choose());
        } else if (field.name == "flags") {
          int4(choose() & 0x7f);
        } else {
          int4(choose() % 16 == 0 ? 1 : 0);
        }
      } else if (odd) {
        object(depth + 1);
      } else if (field.name == "consts") {
        const int count = choose() % 3;
        type('(');
        int4(count);
        items(depth, count);
      } else if (field.name == "code") {
        type('s');
        const int count = choose() % 8 * 2;
        int4(count);
        raw(count);
      } else if (field.name == "localsplusnames") {
        variables_ = choose() % 3;
        type('(');
        int4(variables_);
        for (int i = 0; i < variables_; ++i) name();
      } else if (field.name == "localspluskinds") {
        type('s');
        int4(variables_);
        for (int i = 0; i < variables_; ++i) out_ += static_cast<char>(0x20 << choose() % 3);
      } else if (field.name.ends_with("name")) {
        name();
      } else if (field.name.ends_with("table") || field.name == "lnotab") {
        type('s');
        sized(word());
      } else {
        names(depth);
      }
    }
  }

  // Two code objects as keys or items that differ in one field, if in any, and perhaps
  // in their constant.
  void twins() {
    const bool dict = choose() % 4 == 0;
    const bool pairs = choose() % 4 == 0;  // (code,) is a key, too
    type(dict ? '{' : choose() % 2 != 0 ? '<' : '>');
    if (!dict) int4(2);
    const std::span<const CodeField> fields = code_fields(profile_.version());
    const std::size_t odd = choose() % (fields.size() + 2);
    for (const bool second : {false, true}) {
      repeats_ = second && choose() % 2 == 0;
      if (pairs) tuple_of_one();
      out_ += 'c';
      for (std::size_t i = 0; i < fields.size(); ++i) twin_field(fields[i], second && i == odd);
      if (dict) out_ += second ? 'T' : 'F';
    }
    if (dict) out_ += '0';
    repeats_ = false;
  }
  void tuple_of_one() {
    out_ += '(';
    int4(1);
  }
  void twin_field(const CodeField& field, bool odd) {
    using std::string_view_literals::operator""sv;
    const std::string_view name = field.name;
    if (name == "flags") {
      int4(odd ? 0x60 : 0x40);
    } else if (field.integer) {
      int4((name == "argcount" || name == "nlocals") != odd ? 1 : 0);
    } else if (name == "consts") {
      tuple_of_one();
      const std::size_t start = out_.size();
      if (repeats_) {
        out_ += constant_;
      } else {
        constant(depth_);
      }
      constant_ = out_.substr(start);
    } else if (name == "names" || name == "varnames" || name == "localsplusnames") {
      out_ += '(';
      int4(2);
      bytes_or_text("a");
      bytes_or_text(odd ? "b" : "a");
    } else if (name == "freevars" || name == "cellvars") {
      out_ += '(';
      int4(odd ? 1 : 0);
      if (odd) bytes_or_text("a");
    } else if (name.ends_with("name")) {
      bytes_or_text(odd ? "b" : "a");
    } else {
      out_ += 's';
      if (name == "localspluskinds") return sized(odd ? "\x20\x60" : "\x20\x20");
      sized(odd ? "\x09\0"sv : ""sv);
    }
  }
  void bytes_or_text(std::string_view text) {
    out_ += profile_.python2() ? 's' : 'u';
    sized(text);
  }
  // One that is equal to others of these, or almost.
  void constant(int depth) {
    using std::string_view_literals::operator""sv;
    static constexpr std::string_view near[] = {
        "T"sv,
        "i\1\0\0\0"sv,
        "l\1\0\0\0\1\0"sv,
        "g\0\0\0\0\0\0\xf0\x3f"sv,
        "y\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\0"sv,
        "y\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x80"sv,
        "F"sv,
        "i\0\0\0\0"sv,
        "g\0\0\0\0\0\0\0\0"sv,
        "g\0\0\0\0\0\0\0\x80"sv,
        "g\0\0\0\0\0\0\xf8\x7f"sv,
        "i\1\1\0\0"sv,
        "l\1\0\0\0\1\1"sv,
        "s\1\0\0\0a"sv,
        "u\1\0\0\0a"sv,
        "u\2\0\0\0\xc3\xa9"sv,
        "s\1\0\0\0\xe9"sv,
        "u\3\0\0\0a b"sv,
        "N"sv,
        "[\0\0\0\0"sv,
    };
    const std::uint8_t what = choose();
    if (depth < 3 && what >= 192) {
      out_ += what % 2 != 0 ? '(' : '>';
      int4(1);
      return constant(depth + 1);
    }
    if (depth < 3 && what >= 176) {
      out_ += 'c';
      depth_ = depth + 1;
      for (const CodeField& field : code_fields(profile_.version())) twin_field(field, false);
      depth_ = 0;
      return;
    }
    out_ += near[what % 8 == 0 ? what / 8 % std::size(near) : what % 3];
  }

  void object(int depth) {
    const int what = choose() % 16;
    if (depth < 8 && what < 5) return container(depth);
    if (what == 5 ? depth < 4 : depth == 0 && what >= 12) return code(depth);
    switch (what) {
      case 6:
      case 7:
        return number();
      case 8:
      case 9:
        return text();
      case 10:
        type('s');
        return sized(word());
      case 11:
      case 12:
        out_ += profile_.python2() ? 'R' : 'r';
        return int4(numbered_ == 0 ? choose() % 4 : choose() % (numbered_ + 1));
      case 13:
        out_ += choose() % 8 == 0 ? '0' : 'T';
        return;
      default:
        out_ += "NTFS."[choose() % 5];
    }
  }

  const Profile& profile_;
  std::span<const std::uint8_t> choices_;
  std::string out_;
  int numbered_ = 0;
  int variables_ = 0;
  int depth_ = 0;         // of code objects among constants
  bool repeats_ = false;  // the second of two has the constant of the first
  std::string constant_;
};

}  // namespace assay::marshal
