#include "reference/sqlite/expression.h"

#include <fmt/format.h>

#include <span>
#include <string>

#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/sqlite/expression_functions.h"
#include "reference/sqlite/expression_nodes.h"
#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {
namespace {

// How strongly operators bind, weakest first (parse.y, the table of precedence).
enum Binding : std::uint8_t {
  binds_or = 1,
  binds_and,
  binds_not,
  binds_equal,  // IS, LIKE, IN, BETWEEN, ISNULL, =
  binds_less,
  binds_bits,
  binds_plus,
  binds_times,
  binds_concatenate,
  binds_collate,
  binds_sign,
};

struct Binary {
  std::string_view symbol;
  Binding binding;
  Operator op;
};
constexpr Binary binaries[] = {
    {"=", binds_equal, Operator::equal},      {"==", binds_equal, Operator::equal},
    {"!=", binds_equal, Operator::not_equal}, {"<>", binds_equal, Operator::not_equal},
    {"<", binds_less, Operator::less},        {"<=", binds_less, Operator::less_equal},
    {">", binds_less, Operator::greater},     {">=", binds_less, Operator::greater_equal},
    {"&", binds_bits, Operator::bit_and},     {"|", binds_bits, Operator::bit_or},
    {"<<", binds_bits, Operator::shift_left}, {">>", binds_bits, Operator::shift_right},
    {"+", binds_plus, Operator::add},         {"-", binds_plus, Operator::subtract},
    {"*", binds_times, Operator::multiply},   {"/", binds_times, Operator::divide},
    {"%", binds_times, Operator::remainder},  {"||", binds_concatenate, Operator::concatenate},
};

// Functions that SQLite works out itself, and no further than it must
// (expr.c, exprCodeInlineFunction).
struct Lazy {
  std::string_view name;
  std::size_t least, most;
  Operator op;
};
constexpr Lazy lazies[] = {
    {"coalesce", 2, 127, Operator::first_not_null},
    {"ifnull", 2, 2, Operator::first_not_null},
    {"iif", 3, 3, Operator::first_true},
};

// What waits on the parser's stack for an operand, or for its end.
struct Waiting {
  enum Kind : std::uint8_t {
    // These end where they are closed.
    whole,
    parentheses,
    call,
    cast,
    list,         // x IN (
    case_of,      // CASE x
    when,         // WHEN x
    then,         // THEN x
    otherwise,    // ELSE x
    between_low,  // x BETWEEN low, up to AND
    // These end where something binds less.
    prefix,
    binary,
    like,
    between_high,
  } kind = whole;
  Binding binding = binds_or;
  Operator op = Operator::literal;
  bool negated = false;                // NOT LIKE, NOT IN, NOT BETWEEN
  bool has_operand = false;            // CASE x WHEN; LIKE x ESCAPE
  std::size_t depth = 0;               // operands below its own
  const Function* function = nullptr;  // call, like
  const Lazy* lazy = nullptr;          // call

  bool closed() const { return kind < prefix; }
};

class Parser : TokenReader {
 public:
  Parser(std::string_view sql, const TableDefinition& table) : TokenReader(sql), table_(table) {}

  Expression parse() {
    waiting_.push_back({});
    for (bool wanted = true; wanted || current().kind != TokenKind::end;)
      wanted = wanted ? read_operand() : read_operator();
    reduce(binds_or);
    if (waiting_.size() != 1 || operands_.size() != 1) refuse("an end that is too early");
    return nodes_.finish(operands_[0]);
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    throw DecodeError(ErrorKind::unsupported, current().at, "expression", what);
  }
  [[noreturn]] void refuse_token() const {
    const Token& token = current();
    refuse(token.kind == TokenKind::end ? "an end that is too early" : token.text.substr(0, 40));
  }

  // --- operands --------------------------------------------------------------
  // True when an operand is still wanted.
  bool read_operand() {
    const Token token = current();
    if (const auto op = prefix_of(token)) {
      ++at_;
      push(Waiting::prefix, *op == Operator::logical_not ? binds_not : binds_sign).op = *op;
      return true;
    }
    if (take_symbol("(")) {
      for (const char* word : {"SELECT", "WITH", "VALUES"})
        if (current().is(word)) refuse("a subquery");
      push(Waiting::parentheses);
      return true;
    }
    if (take_word("CASE")) {
      push(take_word("WHEN") ? Waiting::when : Waiting::case_of);
      return true;
    }
    if (token.is("CAST") && current(1).symbol("(")) {
      at_ += 2;
      push(Waiting::cast);
      return true;
    }
    if (token.names() && token.kind != TokenKind::string && current(1).symbol("("))
      return read_call();
    operands_.push_back(token.names() && token.kind != TokenKind::string ? read_name()
                                                                         : read_literal());
    return false;
  }
  static std::optional<Operator> prefix_of(const Token& token) {
    if (token.symbol("-")) return Operator::negate;
    if (token.symbol("+")) return Operator::plus;
    if (token.symbol("~")) return Operator::bit_not;
    if (token.is("NOT")) return Operator::logical_not;
    return std::nullopt;
  }
  std::uint32_t read_literal() {
    const Token token = current();
    if (token.kind == TokenKind::integer || token.kind == TokenKind::floating) {
      number_token_ = token;
      number_ = make_number(false);
      ++at_;
      return *number_;
    }
    Constant blob;
    blob.storage = Storage::blob;
    if (token.kind == TokenKind::blob)
      blob.bytes = *from_hex(token.text.substr(2, token.text.size() - 3));
    else if (token.kind != TokenKind::string)
      refuse_token();
    ++at_;
    return token.kind == TokenKind::blob ? nodes_.literal(std::move(blob))
                                         : nodes_.text(unquoted(token));
  }
  // A column, or what a name without one is (resolve.c, lookupName). Names with a
  // point are prohibited in generated columns.
  std::uint32_t read_name() {
    const Token token = current();
    ++at_;
    if (token.is("NULL")) return nodes_.literal(Constant());
    for (const char* word : {"CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"})
      if (token.is(word)) refuse(word);
    const std::string name = unquoted(token);
    if (const auto column = table_.find(name)) return make_column(*column);
    if (token.kind == TokenKind::identifier && token.text.front() == '"')
      return nodes_.quoted_text(name);
    const bool is_true = token.is("TRUE");
    if (!is_true && !token.is("FALSE")) refuse(fmt::format("the name {}", name));
    boolean_ = nodes_.integer(is_true);
    boolean_is_true_ = is_true;
    return *boolean_;
  }
  std::uint32_t make_column(std::size_t index) {
    const std::string& collation = table_.columns[index].collation;
    if (!collation_named(collation)) refuse(fmt::format("the collation {}", collation));
    return nodes_.column(table_, index);
  }
  bool read_call() {
    const std::string name = unquoted(current());
    const Lazy* lazy = nullptr;
    for (const Lazy& one : lazies)
      if (same_name(one.name, name)) lazy = &one;
    const Function* function = function_named(name);
    if (function == nullptr && lazy == nullptr) refuse(fmt::format("the function {}()", name));
    at_ += 2;
    if (current().symbol("*") || current().is("DISTINCT")) refuse_token();
    Waiting& waiting = push(Waiting::call);
    waiting.function = function;
    waiting.lazy = lazy;
    if (!current().symbol(")")) return true;
    ++at_;
    close_call();
    return false;
  }

  // --- operators -------------------------------------------------------------
  Waiting& push(Waiting::Kind kind, Binding binding = binds_or) {
    Waiting waiting;
    waiting.kind = kind;
    waiting.binding = binding;
    waiting.depth = operands_.size();
    waiting_.push_back(waiting);
    return waiting_.back();
  }
  std::uint32_t pop() {
    const std::uint32_t top = operands_.back();
    operands_.pop_back();
    return top;
  }
  // Applies what binds at least so strongly as what comes next.
  void reduce(Binding next) {
    while (!waiting_.back().closed() && waiting_.back().binding >= next) {
      const Waiting done = waiting_.back();
      waiting_.pop_back();
      const std::uint32_t last = pop();
      operands_.push_back(done.kind == Waiting::prefix   ? apply_prefix(done.op, last)
                          : done.kind == Waiting::binary ? apply_binary(done.op, pop(), last)
                          : done.kind == Waiting::like   ? apply_like(done, last)
                                                         : apply_between(done, last));
    }
  }
  std::uint32_t apply_prefix(Operator op, std::uint32_t operand) {
    // A sign directly before a number is part of it (expr.c, TK_UMINUS).
    if (op == Operator::negate && number_ == operand) {
      number_.reset();
      return make_number(true);
    }
    return op == Operator::plus ? nodes_.plain(operand) : nodes_.make(op, {operand});
  }
  std::uint32_t make_number(bool negative) {
    const auto made =
        nodes_.number(number_token_.text, number_token_.kind == TokenKind::integer, negative);
    if (!made) refuse("a hexadecimal number of more than 64 bits");
    return *made;
  }
  std::uint32_t apply_binary(Operator op, std::uint32_t left, std::uint32_t right) {
    const bool is = op == Operator::is || op == Operator::is_not;
    if (is && boolean_ == right) {
      const Operator test = boolean_is_true_ ? Operator::is_true : Operator::is_false;
      return nodes_.negation_if(op == Operator::is_not, nodes_.make(test, {left}));
    }
    if (op >= Operator::equal && op <= Operator::is_not) return nodes_.comparison(op, left, right);
    return nodes_.make(op, {left, right});
  }
  // like(pattern, text) or like(pattern, text, escape).
  std::uint32_t apply_like(const Waiting& done, std::uint32_t last) {
    const std::uint32_t second = pop();
    std::vector<std::uint32_t> arguments{last, second};
    if (done.has_operand) arguments = {second, pop(), last};
    check_count(*done.function, arguments.size());
    return nodes_.negation_if(done.negated, nodes_.call(*done.function, arguments));
  }
  // x >= low AND x <= high (expr.c, exprCodeBetween).
  std::uint32_t apply_between(const Waiting& done, std::uint32_t high) {
    const std::uint32_t low = pop(), value = pop();
    const std::uint32_t above = nodes_.comparison(Operator::greater_equal, value, low);
    const std::uint32_t below = nodes_.comparison(Operator::less_equal, value, high);
    return nodes_.negation_if(done.negated, nodes_.make(Operator::logical_and, {above, below}));
  }

  // True when an operand is wanted next.
  bool read_operator() {
    const Token token = current();
    for (const Binary& one : binaries)
      if (token.symbol(one.symbol)) return ++at_, push_binary(one.op, one.binding);
    if (take_symbol(")")) return close();
    if (take_symbol(",")) return next_in_list();
    if (take_word("OR")) return push_binary(Operator::logical_or, binds_or);
    if (take_word("AND")) return read_and();
    if (take_word("IS")) return read_is();
    if (take_word("ISNULL")) return apply_null_test(Operator::is_null);
    if (take_word("NOTNULL")) return apply_null_test(Operator::not_null);
    if (take_word("COLLATE")) return read_collate();
    if (take_word("ESCAPE")) return read_escape();
    if (take_word("AS")) return read_cast_type();
    for (const char* word : {"WHEN", "THEN", "ELSE", "END"})
      if (token.is(word)) return read_case(word);
    const bool negated = take_word("NOT");
    if (negated && take_word("NULL")) return apply_null_test(Operator::not_null);
    if (take_word("BETWEEN")) return push_waiting(Waiting::between_low, negated);
    if (take_word("IN")) return read_in(negated);
    for (const char* word : {"LIKE", "GLOB"})
      if (take_word(word)) {
        push_waiting(Waiting::like, negated);
        waiting_.back().function = function_named(word);
        return true;
      }
    refuse_token();
  }
  bool push_binary(Operator op, Binding binding) {
    reduce(binding);
    push(Waiting::binary, binding).op = op;
    return true;
  }
  bool push_waiting(Waiting::Kind kind, bool negated) {
    reduce(binds_equal);
    push(kind, binds_equal).negated = negated;
    return true;
  }
  // The first AND behind BETWEEN is its own.
  bool read_and() {
    reduce(binds_not);
    if (waiting_.back().kind != Waiting::between_low)
      return push_binary(Operator::logical_and, binds_and);
    waiting_.back().kind = Waiting::between_high;
    return true;
  }
  // IS, IS NOT, and since 3.39 IS [NOT] DISTINCT FROM, which is the other one.
  bool read_is() {
    bool negated = take_word("NOT");
    if (current().is("DISTINCT") && current(1).is("FROM")) {
      at_ += 2;
      negated = !negated;
    }
    return push_binary(negated ? Operator::is_not : Operator::is, binds_equal);
  }
  bool apply_null_test(Operator op) {
    reduce(binds_equal);
    operands_.push_back(nodes_.make(op, {pop()}));
    return false;
  }
  bool read_collate() {
    reduce(binds_collate);
    if (!current().names()) refuse_token();
    const auto collation = collation_named(unquoted(current()));
    if (!collation) refuse(fmt::format("the collation {}", current().text));
    ++at_;
    const std::uint32_t operand = pop();
    operands_.push_back(nodes_.collate(operand, *collation));
    if (boolean_ == operand) boolean_ = operands_.back();
    return false;
  }
  bool read_escape() {
    reduce(binds_less);
    Waiting& like = waiting_.back();
    if (like.kind != Waiting::like || like.has_operand) refuse("ESCAPE");
    like.has_operand = true;
    return true;
  }
  bool read_in(bool negated) {
    if (!take_symbol("(")) refuse("IN with a table");
    for (const char* word : {"SELECT", "WITH", "VALUES"})
      if (current().is(word)) refuse("a subquery");
    push_waiting(Waiting::list, negated);
    if (!take_symbol(")")) return true;
    close_list();
    return false;
  }

  // --- what is closed --------------------------------------------------------
  bool next_in_list() {
    reduce(binds_or);
    const auto kind = waiting_.back().kind;
    if (kind != Waiting::call && kind != Waiting::list) refuse("a row value");
    return true;
  }
  bool close() {
    reduce(binds_or);
    switch (waiting_.back().kind) {
      case Waiting::parentheses:
        waiting_.pop_back();
        return false;
      case Waiting::call:
        close_call();
        return false;
      case Waiting::list:
        close_list();
        return false;
      default:
        refuse("a ) that closes nothing");
    }
  }
  void close_call() {
    const Waiting call = waiting_.back();
    waiting_.pop_back();
    const auto arguments = std::span(operands_).subspan(call.depth);
    if (call.lazy != nullptr) {
      check_count(*call.lazy, arguments.size());
    } else {
      check_count(*call.function, arguments.size());
    }
    if (current().is("FILTER") || current().is("OVER")) refuse_token();
    const std::uint32_t made = call.lazy != nullptr ? nodes_.lazy_call(call.lazy->op, arguments)
                                                    : nodes_.call(*call.function, arguments);
    operands_.resize(call.depth);
    operands_.push_back(made);
  }
  template <class Called>
  void check_count(const Called& called, std::size_t count) const {
    if (count < called.least || count > called.most)
      refuse(fmt::format("{}() with {} arguments", called.name, count));
  }
  void close_list() {
    const Waiting list = waiting_.back();
    waiting_.pop_back();
    const std::vector<std::uint32_t> items(
        operands_.begin() + static_cast<std::ptrdiff_t>(list.depth), operands_.end());
    operands_.resize(list.depth);
    const std::uint32_t value = pop();
    operands_.push_back(nodes_.negation_if(list.negated, nodes_.membership(value, items)));
  }
  bool read_cast_type() {
    reduce(binds_or);
    if (waiting_.back().kind != Waiting::cast) refuse("AS");
    waiting_.pop_back();
    std::string type;
    std::size_t depth = 0;
    for (; depth > 0 || !current().symbol(")"); ++at_) {
      if (current().kind == TokenKind::end) refuse_token();
      if (current().symbol("(")) ++depth;
      if (current().symbol(")")) --depth;
      type += std::string(current().text) + ' ';
    }
    ++at_;
    operands_.push_back(nodes_.cast(pop(), affinity_of(type)));
    return false;
  }
  // The conditions and values are operands until END; what CASE is of stands below
  // them.
  bool read_case(std::string_view word) {
    reduce(binds_or);
    Waiting& part = waiting_.back();
    ++at_;
    if (word == "WHEN" && part.kind == Waiting::case_of) {
      part.has_operand = true;
      part.kind = Waiting::when;
    } else if (word == "WHEN" && part.kind == Waiting::then) {
      part.kind = Waiting::when;
    } else if (word == "THEN" && part.kind == Waiting::when) {
      make_condition(part);
      part.kind = Waiting::then;
    } else if (word == "ELSE" && part.kind == Waiting::then) {
      part.kind = Waiting::otherwise;
    } else if (word == "END" && (part.kind == Waiting::then || part.kind == Waiting::otherwise)) {
      const std::size_t first = part.depth + (part.has_operand ? 1 : 0);
      const std::uint32_t made =
          nodes_.make(Operator::first_true, std::span(operands_).subspan(first));
      operands_.resize(part.depth);
      operands_.push_back(made);
      waiting_.pop_back();
      return false;
    } else {
      refuse(word);
    }
    return true;
  }
  void make_condition(const Waiting& part) {
    if (!part.has_operand) return;
    const std::uint32_t condition = pop();
    operands_.push_back(nodes_.comparison(Operator::equal, operands_[part.depth], condition));
  }

  const TableDefinition& table_;
  ExpressionNodes nodes_;
  std::vector<Waiting> waiting_;
  std::vector<std::uint32_t> operands_;
  // The last number and the last TRUE or FALSE, which some operators look for.
  std::optional<std::uint32_t> number_, boolean_;
  bool boolean_is_true_ = false;
  Token number_token_;
};

}  // namespace

Expression parse_expression(std::string_view sql, const TableDefinition& table) {
  return Parser(sql, table).parse();
}

}  // namespace assay::sqlite
