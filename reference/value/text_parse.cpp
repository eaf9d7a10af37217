#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/value/id_map.h"
#include "reference/value/literal.h"
#include "reference/value/text.h"

namespace assay {
namespace {

// A value that was read: a node, or a reference to a label that is not yet
// defined (then `label` is its place in labels_).
struct Item {
  NodeId id = no_node;
  std::uint32_t label = 0;
  bool pending() const { return id == no_node; }
};

// Forms that hold values. What they have read stands on the value stack from
// Frame::first on; the node is made when the form closes.
enum class Form : std::uint8_t {
  list,
  tuple,
  braces,  // dict or set, not yet known
  dict,
  set,
  frozenset,
  frozendict,
  range,
  slice,
  code,
  global,
  persid,
  readonly,
  call,
  new_,
  build,
  append,
  set_item,
  add,
};

// Where a call is in its arguments, or a dict in its pairs.
enum class Part : std::uint8_t {
  first,     // callee; key of a dict
  argument,  // positional
  star,      // *tuple
  keyword,   // name=value
  pair_key,  // **{key: value}
  pair_value,
  star_star,  // **dict
  value,      // of a dict's pair
};

constexpr std::uint32_t no_label = 0xffffffff;

struct Frame {
  Form form;
  Part part = Part::first;
  bool star = false;       // the arguments are one tuple
  bool star_star = false;  // the keywords are one dict
  std::uint32_t label = no_label;
  std::uint32_t keywords = 0;  // values before the first keyword; 0: no keyword yet
  NodeId instance = no_node;   // of an operation
  std::size_t first = 0;
};

struct Label {
  NodeId id = no_node;
  std::uint32_t alias = no_label;  // `&1 = *2`
  bool defined = false;
  std::size_t used_at = 0;
};

// An edge that waits for its label.
struct Fixup {
  NodeId holder;
  std::uint32_t edge;
  std::uint32_t label;
};

// What must be true of the node of a label, once that is known.
enum class Want : std::uint8_t { integer, name, tuple, dict };
struct Check {
  std::uint32_t label;
  Want want;
  std::size_t offset;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view form_name(Form form) {
  constexpr std::array<std::string_view, 19> names = {
      "list",  "tuple", "dict or set", "dict",   "set",    "frozenset", "frozendict",
      "range", "slice", "code",        "global", "persid", "readonly",  "call",
      "new",   "build", "append",      "set",    "add"};
  return names[static_cast<std::size_t>(form)];
}

class Parser {
 public:
  Parser(Graph& graph, std::string_view text) : graph_(graph), text_(text) {}

  NodeId document() {
    while (true) {
      skip();
      const std::size_t start = at_;
      if (peek() == '&') {
        const std::uint32_t label = read_label();
        skip();
        if (peek() == '=') {
          ++at_;
          define_line(label, start);
          continue;
        }
        at_ = start;
      }
      const Item root = value();
      skip();
      if (at_ != text_.size()) fail("document", "expected the end after the root value");
      resolve();
      return root.pending() ? labels_[root.label].id : root.id;
    }
  }

 private:
  // --- characters ----------------------------------------------------------
  char peek(std::size_t ahead = 0) const {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  [[noreturn]] void fail_at(std::size_t offset, std::string_view field, std::string_view what) {
    const ErrorKind kind = offset >= text_.size() ? ErrorKind::truncated : ErrorKind::malformed;
    throw DecodeError(kind, offset, field, what);
  }
  [[noreturn]] void fail(std::string_view field, std::string_view what) {
    fail_at(at_, field, what);
  }
  void expect(char c, std::string_view field) {
    skip();
    if (peek() != c) fail(field, fmt::format("expected '{}'", c));
    ++at_;
  }
  char peek_after_blanks() {
    skip();
    return peek();
  }
  // Skips blanks, then `c` if it is next.
  bool accept(char c) {
    skip();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  std::string_view read_name() {
    const std::size_t start = at_;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }

  // --- labels --------------------------------------------------------------
  // The number after '&' or '*', as a place in labels_.
  std::uint32_t read_number(std::string_view field) {
    std::uint32_t number = 0;
    const char* const start = text_.data() + at_;
    const auto [end, error] = std::from_chars(start, text_.data() + text_.size(), number);
    if (end == start) fail(field, "expected a number");
    if (error != std::errc{} || number >= no_node) fail(field, "number too large");
    at_ += static_cast<std::size_t>(end - start);
    std::uint32_t& place = numbers_[number];
    if (place == 0) {
      labels_.push_back({});
      labels_.back().used_at = at_ - static_cast<std::size_t>(end - start);
      place = static_cast<std::uint32_t>(labels_.size());
    }
    return place - 1;
  }
  // `&N` in front of a value.
  std::uint32_t read_label() {
    ++at_;
    return read_number("label");
  }
  // Claims a label for the value that follows at once.
  void claim(std::uint32_t label, std::size_t offset) {
    if (labels_[label].defined) fail_at(offset, "label", "defined twice");
    labels_[label].defined = true;
  }
  void define(std::uint32_t label, NodeId id) {
    if (label != no_label) labels_[label].id = id;
  }
  void define_line(std::uint32_t label, std::size_t offset) {
    claim(label, offset);
    const Item item = value();
    if (item.pending()) {
      labels_[label].alias = item.label;
    } else {
      labels_[label].id = item.id;
    }
    while (peek() == ' ') ++at_;
    if (peek() != '\n') fail("label line", "expected a newline after the value");
  }
  Item reference() {
    ++at_;
    const std::uint32_t label = read_number("reference");
    return {labels_[label].id, label};
  }

  // --- values --------------------------------------------------------------
  // One value with all that is inside it.
  Item value() {
    Item item;
    while (true) {
      if (begin(item)) {
        while (!frames_.empty() && deliver(item)) {
        }
        if (frames_.empty()) return item;
      }
    }
  }

  // Reads the start of a value: true if that is all of it, false if a form was
  // opened whose first value is next.
  bool begin(Item& item) {
    skip();
    item_at_ = at_;
    std::uint32_t label = no_label;
    if (peek() == '&') {
      label = read_label();
      claim(label, item_at_);
      if (peek() != ' ' && peek() != '\n') fail("label", "expected a space");
      skip();
    }
    if (peek() == '*') {
      if (label != no_label) fail("label", "expected a value, not a reference");
      item = reference();
      return true;
    }
    const std::optional<NodeId> made = begin_form(label);
    if (!made) return false;
    define(label, *made);
    item = {*made, 0};
    return true;
  }

  std::optional<NodeId> begin_form(std::uint32_t label) {
    switch (peek()) {
      case '[':
        ++at_;
        if (accept(']')) return graph_.list();
        return open(Form::list, label);
      case '(':
        ++at_;
        if (accept(')')) return Graph::empty_tuple;
        return open(Form::tuple, label);
      case '{':
        ++at_;
        if (accept('}')) return graph_.dict();
        return open(Form::braces, label);
      default:
        break;
    }
    if (starts_literal(text_, at_)) {
      read_literal(text_, at_, literal_);
      return add_literal(graph_, literal_);
    }
    if (!is_letter(peek())) fail("value", "expected a value");
    return begin_name(label);
  }

  std::nullopt_t open(Form form, std::uint32_t label) {
    Frame frame{};
    frame.form = form;
    frame.label = label;
    frame.first = values_.size();
    frames_.push_back(frame);
    return std::nullopt;
  }

  std::optional<NodeId> begin_name(std::uint32_t label) {
    struct Constant {
      std::string_view name;
      NodeId id;
    };
    static constexpr Constant constants[] = {{"None", Graph::none},
                                             {"True", Graph::true_},
                                             {"False", Graph::false_},
                                             {"Ellipsis", Graph::ellipsis},
                                             {"NotImplemented", Graph::not_implemented},
                                             {"StopIteration", Graph::stop_iteration}};
    struct Opening {
      std::string_view name;
      Form form;
    };
    static constexpr Opening openings[] = {{"range", Form::range},       {"slice", Form::slice},
                                           {"global", Form::global},     {"persid", Form::persid},
                                           {"readonly", Form::readonly}, {"call", Form::call},
                                           {"new", Form::new_}};
    const std::size_t start = at_;
    const std::string_view name = read_name();
    for (const Constant& constant : constants)
      if (name == constant.name) return constant.id;
    for (const Opening& opening : openings)
      if (name == opening.name) {
        expect('(', name);
        return open(opening.form, label);
      }
    if (name == "frozenset") return begin_frozenset(label);
    if (name == "frozendict") return begin_frozendict(label);
    if (name == "code") return begin_code(label);
    if (const std::optional<NodeId> atom = named_atom(name)) return atom;
    fail_at(start, "value", fmt::format("unknown name '{}'", name.substr(0, 40)));
  }

  std::optional<NodeId> begin_frozenset(std::uint32_t label) {
    expect('(', "frozenset");
    if (accept('{')) return open(Form::frozenset, label);
    expect(')', "frozenset");
    const NodeId made = graph_.set();
    graph_.freeze(made);
    return made;
  }

  std::optional<NodeId> begin_frozendict(std::uint32_t label) {
    expect('(', "frozendict");
    if (accept('{')) {
      if (peek_after_blanks() != '}') return open(Form::frozendict, label);
      ++at_;
    }
    expect(')', "frozendict");
    return graph_.container(Kind::frozendict, {});
  }

  std::optional<NodeId> begin_code(std::uint32_t label) {
    expect('(', "code");
    if (accept(')')) return graph_.container(Kind::code, {});
    open(Form::code, label);
    begin_field();
    return std::nullopt;
  }

  // `name=` of a code object's field.
  void begin_field() {
    skip();
    const std::size_t start = at_;
    const std::string_view name = read_name();
    if (name.empty() || is_digit(name[0])) fail_at(start, "code", "expected the name of a field");
    expect('=', "code");
    values_.push_back({graph_.string(graph_.keep(as_bytes(name))), 0});
  }

  // Names whose parentheses hold literals only.
  std::optional<NodeId> named_atom(std::string_view name) {
    std::optional<NodeId> made;
    if (name == "set") {
      expect('(', name);
      made = graph_.set();
    } else if (name == "bytearray") {
      expect('(', name);
      skip();
      Bytes content;
      if (peek() != ')') {
        read_literal_of(Literal::Kind::bytes, name, "expected a bytes literal");
        content = graph_.keep(as_bytes(literal_.text));
      }
      made = graph_.bytearray(content);
    } else if (name == "complex") {
      expect('(', name);
      read_literal_of(Literal::Kind::floating, name, "expected a float");
      const double real = literal_.floating;
      expect(',', name);
      read_literal_of(Literal::Kind::floating, name, "expected a float");
      made = graph_.complex(real, literal_.floating);
    } else if (name == "long") {
      expect('(', name);
      read_literal_of(Literal::Kind::integer, name, "expected an integer");
      made = add_literal(graph_, literal_, true);
    } else if (name == "buffer" || name == "ext") {
      expect('(', name);
      const std::int64_t number = read_small(name);
      made = name == "buffer" ? graph_.buffer(number) : graph_.ext(number);
    }
    if (made) expect(')', name);
    return made;
  }

  void read_literal_of(Literal::Kind kind, std::string_view field, std::string_view expected) {
    skip();
    const std::size_t start = at_;
    if (!starts_literal(text_, at_)) fail(field, expected);
    read_literal(text_, at_, literal_);
    if (literal_.kind != kind) fail_at(start, field, expected);
  }

  std::int64_t read_small(std::string_view field) {
    skip();
    const std::size_t start = at_;
    read_literal_of(Literal::Kind::integer, field, "expected an integer");
    const NodeId id = add_literal(graph_, literal_);
    if (graph_.kind(id) != Kind::integer) fail_at(start, field, "integer beyond 64 bits");
    return graph_[id].integer;
  }

  // --- inside forms --------------------------------------------------------
  // Gives a value to the innermost form. True when that closes the form, which
  // is then the value; false when the form wants another.
  bool deliver(Item& item) {
    Frame& frame = frames_.back();
    values_.push_back(item);
    switch (frame.form) {
      case Form::list:
        return next_or_close(item, ']', Kind::list);
      case Form::tuple:
        return deliver_to_tuple(item);
      case Form::braces:
        return deliver_to_braces(item);
      case Form::dict:
        return deliver_to_dict(item);
      case Form::set:
        return next_or_close(item, '}', Kind::set);
      case Form::frozenset:
        return deliver_to_frozenset(item);
      case Form::frozendict:
        return deliver_to_frozendict(item);
      case Form::code:
        if (accept(',')) {
          begin_field();
          return false;
        }
        expect(')', "code");
        return close(item, Kind::code);
      case Form::range:
        want(item, Want::integer, "range", "expected an integer");
        return deliver_counted(item, 3, Kind::range);
      case Form::slice:
        return deliver_counted(item, 3, Kind::slice);
      case Form::global:
        want(item, Want::name, "global", "expected a str or bytes");
        return deliver_counted(item, 2, Kind::global);
      case Form::persid:
        return deliver_counted(item, 1, Kind::persid);
      case Form::readonly:
        return deliver_counted(item, 1, Kind::readonly);
      case Form::call:
      case Form::new_:
        return deliver_to_call(item);
      default:
        return deliver_to_operation(item);
    }
  }

  bool next_or_close(Item& item, char closing, Kind kind) {
    if (accept(',')) return false;
    if (peek() != closing)
      fail(form_name(frames_.back().form), fmt::format("expected ',' or '{}'", closing));
    ++at_;
    return close(item, kind);
  }

  bool deliver_to_tuple(Item& item) {
    const bool first = values_.size() - frames_.back().first == 1;
    if (accept(',')) {
      if (!first || !accept(')')) return false;
      return close(item, Kind::tuple);
    }
    if (peek() != ')') fail("tuple", "expected ',' or ')'");
    if (first) fail("tuple", "expected ',' (a tuple of one is written (x,))");
    ++at_;
    return close(item, Kind::tuple);
  }

  bool deliver_to_braces(Item& item) {
    Frame& frame = frames_.back();
    if (accept(':')) {
      frame.form = Form::dict;
      frame.part = Part::value;
      return false;
    }
    if (peek() != ',' && peek() != '}') fail("dict or set", "expected ':', ',' or '}'");
    frame.form = Form::set;
    return next_or_close(item, '}', Kind::set);
  }

  bool deliver_to_dict(Item& item) {
    Frame& frame = frames_.back();
    if (frame.part == Part::first) {
      expect(':', "dict");
      frame.part = Part::value;
      return false;
    }
    frame.part = Part::first;
    return next_or_close(item, '}', Kind::dict);
  }

  bool deliver_to_frozenset(Item& item) {
    if (accept(',')) return false;
    if (peek() != '}') fail("frozenset", "expected ',' or '}'");
    ++at_;
    expect(')', "frozenset");
    return close(item, Kind::frozenset);
  }

  bool deliver_to_frozendict(Item& item) {
    Frame& frame = frames_.back();
    if (frame.part == Part::first) {
      expect(':', "frozendict");
      frame.part = Part::value;
      return false;
    }
    frame.part = Part::first;
    if (accept(',')) return false;
    if (peek() != '}') fail("frozendict", "expected ',' or '}'");
    ++at_;
    expect(')', "frozendict");
    return close(item, Kind::frozendict);
  }

  bool deliver_counted(Item& item, std::size_t count, Kind kind) {
    const Frame& frame = frames_.back();
    if (values_.size() - frame.first < count) {
      expect(',', form_name(frame.form));
      return false;
    }
    expect(')', form_name(frame.form));
    return close(item, kind);
  }

  // Makes the node of the innermost form from its values.
  bool close(Item& item, Kind kind) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    item = {make(kind, frame.first, values_.size()), 0};
    values_.resize(frame.first);
    define(frame.label, item.id);
    item_at_ = at_ - 1;
    return true;
  }

  // A node of the values [first, last) of the stack.
  NodeId make(Kind kind, std::size_t first, std::size_t last) {
    ids_.clear();
    bool complete = true;
    for (std::size_t i = first; i < last; ++i) {
      complete = complete && !values_[i].pending();
      ids_.push_back(values_[i].pending() ? Graph::none : values_[i].id);
    }
    const NodeId made = graph_.container(kind, ids_);
    if (complete) return made;
    for (std::size_t i = first; i < last; ++i) fix(made, i - first, values_[i]);
    return made;
  }

  void fix(NodeId holder, std::size_t edge, const Item& item) {
    if (item.pending()) fixups_.push_back({holder, static_cast<std::uint32_t>(edge), item.label});
  }

  static NodeId known(const Item& item) { return item.pending() ? Graph::none : item.id; }

  // --- calls ---------------------------------------------------------------
  bool deliver_to_call(Item& item) {
    Frame& frame = frames_.back();
    const std::string_view field = form_name(frame.form);
    switch (frame.part) {
      case Part::star:
        want(item, Want::tuple, field, "expected a tuple");
        break;
      case Part::star_star:
        want(item, Want::dict, field, "expected a dict");
        break;
      case Part::pair_key:
        expect(':', field);
        frame.part = Part::pair_value;
        return false;
      case Part::pair_value:
        if (accept(',')) {
          frame.part = Part::pair_key;
          return false;
        }
        expect('}', field);
        break;
      default:
        break;
    }
    const bool last = frame.part == Part::star_star || frame.part == Part::pair_value;
    if (!last && accept(',')) {
      next_argument(frame, field);
      return false;
    }
    if (!accept(')')) fail(field, last ? "expected ')'" : "expected ',' or ')'");
    return close_call(item);
  }

  // After a comma: which kind of argument comes next. Leaves `at_` at its value.
  void next_argument(Frame& frame, std::string_view field) {
    skip();
    const auto begins_value = [&](char c, char bracket) {
      return c == bracket || c == '&' || c == '*';
    };
    if (peek() == '*' && peek(1) == '*' && !is_digit(peek(2))) {
      at_ += 2;
      begin_star_star(frame, field);
      return;
    }
    if (peek() == '*' && begins_value(peek(1), '(')) {
      if (values_.size() - frame.first != 1) fail(field, "expected no argument before *");
      ++at_;
      frame.part = Part::star;
      frame.star = true;
      return;
    }
    const std::size_t start = at_;
    const std::string_view name = read_name();
    if (!name.empty() && !is_digit(name[0]) && peek() == '=') {
      ++at_;
      begin_keywords(frame);
      values_.push_back({graph_.string(graph_.keep(as_bytes(name))), 0});
      frame.part = Part::keyword;
      return;
    }
    at_ = start;
    if (frame.star) fail(field, "expected a keyword or ')'");
    if (frame.keywords != 0) fail(field, "expected a keyword");
    frame.part = Part::argument;
  }

  void begin_keywords(Frame& frame) {
    if (frame.keywords == 0)
      frame.keywords = static_cast<std::uint32_t>(values_.size() - frame.first);
  }

  // After `**`: a dict of which the pairs join the keywords, or, as a labelled
  // dict or a reference, a dict that several instances share.
  void begin_star_star(Frame& frame, std::string_view field) {
    if (peek() == '{') {
      ++at_;
      begin_keywords(frame);
      frame.part = Part::pair_key;
      return;
    }
    if (peek() != '&' && peek() != '*') fail(field, "expected a dict after **");
    if (frame.keywords != 0) fail(field, "expected no keyword before a shared **");
    begin_keywords(frame);
    frame.part = Part::star_star;
    frame.star_star = true;
  }

  bool close_call(Item& item) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    const std::size_t last = values_.size();
    const std::size_t keywords = frame.keywords == 0 ? last : frame.first + frame.keywords;
    const Item callee = values_[frame.first];
    Item args;
    if (frame.star) {
      args = values_[frame.first + 1];
    } else {
      args = {make(Kind::tuple, frame.first + 1, keywords), 0};
    }
    Item kwargs;
    const bool has_kwargs = keywords != last;
    if (frame.star_star) {
      kwargs = values_[keywords];
    } else if (has_kwargs) {
      kwargs = {make(Kind::dict, keywords, last), 0};
    }
    const NodeId kwargs_id = has_kwargs ? known(kwargs) : no_node;
    const NodeId made = frame.form == Form::call
                            ? graph_.call(known(callee), known(args), kwargs_id)
                            : graph_.new_(known(callee), known(args), kwargs_id);
    fix(made, 0, callee);
    fix(made, 1, args);
    if (has_kwargs) fix(made, 2, kwargs);
    values_.resize(frame.first);
    define(frame.label, made);
    item = {made, 0};
    item_at_ = at_ - 1;
    return !begin_operation(made);
  }

  // `.op(` after an instance.
  bool begin_operation(NodeId instance) {
    const std::size_t end = at_;
    if (!accept('.')) {
      at_ = end;  // a label line ends with a newline
      return false;
    }
    struct Operation {
      std::string_view name;
      Form form;
    };
    static constexpr Operation operations[] = {{"build", Form::build},
                                               {"append", Form::append},
                                               {"set", Form::set_item},
                                               {"add", Form::add}};
    const std::size_t start = at_;
    const std::string_view name = read_name();
    for (const Operation& operation : operations)
      if (name == operation.name) {
        expect('(', name);
        open(operation.form, no_label);
        frames_.back().instance = instance;
        return true;
      }
    fail_at(start, "operation", "expected build, append, set or add");
  }

  bool deliver_to_operation(Item& item) {
    const Frame frame = frames_.back();
    const std::string_view field = form_name(frame.form);
    if (frame.form == Form::set_item && values_.size() - frame.first == 1) {
      expect(',', field);
      return false;
    }
    expect(')', field);
    const Item a = values_[frame.first];
    const std::size_t edge = graph_.edges(frame.instance).size();
    fix(frame.instance, edge + 1, a);
    switch (frame.form) {
      case Form::build:
        graph_.record(frame.instance, Op::build, known(a));
        break;
      case Form::append:
        graph_.record(frame.instance, Op::append, known(a));
        break;
      case Form::add:
        graph_.record(frame.instance, Op::add, known(a));
        break;
      default:
        fix(frame.instance, edge + 2, values_[frame.first + 1]);
        graph_.record(frame.instance, Op::set, known(a), known(values_[frame.first + 1]));
        break;
    }
    values_.resize(frame.first);
    frames_.pop_back();
    item = {frame.instance, 0};
    item_at_ = at_ - 1;
    return !begin_operation(frame.instance);
  }

  // --- what is only known at the end -----------------------------------------
  bool is(NodeId id, Want want) const {
    const Kind kind = graph_.kind(id);
    switch (want) {
      case Want::integer:
        return kind == Kind::integer || kind == Kind::big_integer || kind == Kind::true_ ||
               kind == Kind::false_;
      case Want::name:
        return kind == Kind::string || kind == Kind::bytes;
      case Want::tuple:
        return kind == Kind::tuple;
      case Want::dict:
        return kind == Kind::dict;
    }
    return false;
  }

  void want(const Item& item, Want want, std::string_view field, std::string_view expected) {
    if (item.pending()) {
      checks_.push_back({item.label, want, item_at_});
    } else if (!is(item.id, want)) {
      fail_at(item_at_, field, expected);
    }
  }

  // Follows aliases to the label that has a node. Every alias on the way is
  // then resolved, so that chains are walked once.
  void resolve_label(std::uint32_t start) {
    std::uint32_t end = start;
    std::size_t steps = 0;
    while (labels_[end].id == no_node) {
      if (!labels_[end].defined)
        fail_at(labels_[end].used_at, "reference", "this label is not defined");
      if (++steps > labels_.size()) fail_at(labels_[start].used_at, "label", "defined as itself");
      end = labels_[end].alias;
    }
    const NodeId id = labels_[end].id;
    for (std::uint32_t at = start; labels_[at].id == no_node; at = labels_[at].alias)
      labels_[at].id = id;
  }

  void resolve() {
    for (std::uint32_t label = 0; label < labels_.size(); ++label) resolve_label(label);
    for (const Fixup& fixup : fixups_)
      graph_.set_edge(fixup.holder, fixup.edge, labels_[fixup.label].id);
    for (const Check& check : checks_)
      if (!is(labels_[check.label].id, check.want))
        fail_at(check.offset, "reference", "refers to a value of the wrong type");
  }

  Graph& graph_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t item_at_ = 0;  // where the last value starts, or where it closed
  std::vector<Frame> frames_;
  std::vector<Item> values_;
  std::vector<NodeId> ids_;
  std::vector<Label> labels_;
  IdMap<std::uint32_t> numbers_;  // label number -> place in labels_, plus one
  std::vector<Fixup> fixups_;
  std::vector<Check> checks_;
  Literal literal_;
};

}  // namespace

NodeId parse(Graph& graph, std::string_view text) {
  return Parser(graph, text).document();
}

}  // namespace assay
