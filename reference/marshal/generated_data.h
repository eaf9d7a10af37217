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
    switch (choose() % 10) {
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
};

}  // namespace assay::marshal
