#include "reference/sqlite/constant.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <vector>

#include "reference/bytes/hex.h"
#include "reference/sqlite/float_text.h"
#include "reference/sqlite/number_text.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Constant of(std::int64_t value) {
  Constant constant;
  constant.storage = Storage::integer;
  constant.integer = value;
  return constant;
}
Constant text_of(std::string_view text) {
  Constant constant;
  constant.storage = Storage::text;
  constant.bytes = text;
  return constant;
}

// A real that is an integer becomes one.
void real_to_integer(Constant& value) {
  if (value.storage != Storage::real) return;
  if (const auto whole = integral(value.real)) value = of(*whole);
}

void become_number(Constant& value) {
  if (value.storage != Storage::text) return;
  const auto number = number_in(value.bytes);
  if (!number) return;
  value.bytes.clear();
  if (number->integer) {
    value.storage = Storage::integer;
    value.integer = number->as_integer;
  } else {
    value.storage = Storage::real;
    value.real = number->as_real;
    real_to_integer(value);
  }
}

std::string text_of_number(const Constant& value) {
  return value.storage == Storage::integer ? fmt::format("{}", value.integer)
                                           : real_as_text(value.real);
}

void negate(Constant& value) {
  if (value.storage == Storage::null) return;
  cast(value, Affinity::numeric);
  if (value.storage == Storage::integer && value.integer != smallest) {
    value.integer = -value.integer;
  } else {
    value.real = value.storage == Storage::integer ? -static_cast<double>(smallest) : -value.real;
    value.storage = Storage::real;
  }
}

// What stands around the literal, from the outside to the inside.
struct Wrapper {
  enum { parentheses, plus, minus, type_cast } kind;
  Affinity to = Affinity::blob;  // type_cast
};

class Expression {
 public:
  Expression(std::string_view sql, Affinity affinity)
      : tokens_(tokenize(sql)), affinity_(affinity) {}

  Constant value() {
    open();
    const Token literal = tokens_[at_];
    if (literal.kind != TokenKind::end) ++at_;
    if (!close()) return {};
    return evaluate(literal);
  }

 private:
  void open() {
    for (;; ++at_) {
      const Token& token = tokens_[at_];
      if (token.symbol("(")) {
        wrappers_.push_back({Wrapper::parentheses});
      } else if (token.symbol("+")) {
        wrappers_.push_back({Wrapper::plus});
      } else if (token.symbol("-")) {
        wrappers_.push_back({Wrapper::minus});
      } else if (token.is("CAST") && tokens_[at_ + 1].symbol("(")) {
        wrappers_.push_back({Wrapper::type_cast});
        ++at_;
      } else {
        return;
      }
    }
  }
  bool close() {
    for (auto wrapper = wrappers_.rbegin(); wrapper != wrappers_.rend(); ++wrapper) {
      if (wrapper->kind == Wrapper::plus || wrapper->kind == Wrapper::minus) continue;
      if (wrapper->kind == Wrapper::type_cast) {
        if (!tokens_[at_].is("AS")) return false;
        std::string type;
        for (++at_; tokens_[at_].names(); ++at_) type += unquoted(tokens_[at_]) + ' ';
        wrapper->to = affinity_of(type);
      }
      if (!tokens_[at_].symbol(")")) return false;
      ++at_;
    }
    return tokens_[at_].kind == TokenKind::end;
  }
  // A sign that stands directly before a number belongs to it.
  bool sign_is_part(std::size_t wrapper, const Token& literal) const {
    if (literal.kind != TokenKind::integer && literal.kind != TokenKind::floating) return false;
    for (std::size_t i = wrapper + 1; i < wrappers_.size(); ++i)
      if (wrappers_[i].kind != Wrapper::parentheses) return false;
    return wrappers_[wrapper].kind == Wrapper::minus;
  }
  Constant evaluate(const Token& literal) const {
    // The affinity that reaches the inside is the innermost CAST's.
    std::vector<Affinity> outer;
    Affinity inner = affinity_;
    for (const Wrapper& wrapper : wrappers_) {
      outer.push_back(inner);
      if (wrapper.kind == Wrapper::type_cast) inner = wrapper.to;
    }
    bool negative = false;
    std::size_t left = wrappers_.size();
    while (left > 0) {
      if (sign_is_part(left - 1, literal)) {
        negative = true;
        --left;
        break;
      }
      if (wrappers_[left - 1].kind != Wrapper::parentheses) break;
      --left;
    }
    auto value = literal_value(literal, negative, inner);
    if (!value) return {};
    while (left-- > 0) {
      const Wrapper& wrapper = wrappers_[left];
      if (wrapper.kind == Wrapper::type_cast) cast(*value, wrapper.to);
      if (wrapper.kind == Wrapper::minus) negate(*value);
      if (wrapper.kind == Wrapper::type_cast || wrapper.kind == Wrapper::minus)
        apply_affinity(*value, outer[left]);
    }
    return *value;
  }
  std::optional<Constant> literal_value(const Token& token, bool negative,
                                        Affinity affinity) const {
    if (token.kind == TokenKind::integer || token.kind == TokenKind::floating) {
      // Integers of 32 bits are integers at once, hexadecimal ones too; others
      // are text that the affinity makes a number of.
      Constant value = text_of((negative ? "-" : "") + std::string(token.text));
      std::int64_t small = 0;
      if (token.kind == TokenKind::integer && small_integer(token.text, small))
        value = of(negative ? -small : small);
      apply_affinity(value, affinity == Affinity::blob ? Affinity::numeric : affinity);
      return value;
    }
    const bool outside = wrappers_.empty();
    if (token.kind == TokenKind::string || (token.kind == TokenKind::identifier && outside)) {
      Constant value = text_of(unquoted(token));
      apply_affinity(value, affinity);
      return value;
    }
    if (token.kind == TokenKind::blob) {
      Constant value;
      value.storage = Storage::blob;
      value.bytes = *from_hex(token.text.substr(2, token.text.size() - 3));
      return value;
    }
    if (token.is("TRUE")) return of(1);
    if (token.is("FALSE")) return of(0);
    if (token.kind != TokenKind::word || !outside || token.is("NULL")) return std::nullopt;
    if (token.is("CURRENT_DATE") || token.is("CURRENT_TIME") || token.is("CURRENT_TIMESTAMP"))
      return std::nullopt;
    // DEFAULT name, a string without quotes (parse.y, "DEFAULT scantok id").
    Constant value = text_of(token.text);
    apply_affinity(value, affinity);
    return value;
  }
  static bool small_integer(std::string_view text, std::int64_t& value) {
    const bool hex = text.size() > 2 && (text[1] == 'x' || text[1] == 'X');
    if (hex) text.remove_prefix(2);
    const auto result =
        std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    return result.ec == std::errc() && value <= 0x7fffffff;
  }

  std::vector<Token> tokens_;
  std::vector<Wrapper> wrappers_;
  std::size_t at_ = 0;
  Affinity affinity_;
};

}  // namespace

void apply_affinity(Constant& value, Affinity affinity) {
  switch (affinity) {
    case Affinity::blob:
      return;
    case Affinity::text:
      if (value.storage != Storage::integer && value.storage != Storage::real) return;
      value.bytes = text_of_number(value);
      value.storage = Storage::text;
      return;
    default:
      become_number(value);
      real_to_integer(value);
  }
}

void cast(Constant& value, Affinity to) {
  const bool bytes = value.storage == Storage::text || value.storage == Storage::blob;
  if (value.storage == Storage::null) return;
  switch (to) {
    case Affinity::text:
    case Affinity::blob:
      if (!bytes) value.bytes = text_of_number(value);
      value.storage = to == Affinity::text ? Storage::text : Storage::blob;
      return;
    case Affinity::integer:
      if (bytes) value = of(leading_integer(value.bytes));
      if (value.storage == Storage::real) value = of(integer_from_real(value.real));
      return;
    case Affinity::real:
      if (bytes) value.real = leading_number(value.bytes).as_real;
      if (value.storage == Storage::integer) value.real = static_cast<double>(value.integer);
      value.storage = Storage::real;
      return;
    case Affinity::numeric:
      if (!bytes) return;
      const Number number = leading_number(value.bytes);
      const auto whole = number.integer ? number.as_integer : small_integral(number.as_real);
      if (whole) {
        value = of(*whole);
      } else {
        value.real = number.as_real;
        value.storage = Storage::real;
      }
      return;
  }
}

Constant constant_of(const Field& field, TextEncoding encoding) {
  Constant value;
  value.storage = field.storage;
  std::string storage;
  if (field.storage == Storage::integer) value.integer = field.integer;
  if (field.storage == Storage::real) value.real = field.real;
  if (field.storage == Storage::text)
    value.bytes = std::string(as_text(as_utf8(field.bytes, encoding, storage)));
  if (field.storage == Storage::blob) value.bytes = std::string(as_text(field.bytes));
  return value;
}

Field field_of(const Constant& value, TextEncoding encoding, std::string& storage) {
  if (value.storage == Storage::integer) return Field::of(value.integer);
  if (value.storage == Storage::real) return Field::of(value.real);
  Field field;
  field.storage = value.storage;
  field.bytes = as_bytes(value.bytes);
  if (value.storage != Storage::text) return field;
  storage = from_utf8(field.bytes, encoding);
  field.bytes = as_bytes(storage);
  return field;
}

Constant constant_value(std::string_view sql, Affinity affinity) {
  return Expression(sql, affinity).value();
}

}  // namespace assay::sqlite
