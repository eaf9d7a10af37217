#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "reference/value/text.h"
#include "reference/value/text_forms.h"
#include "reference/value/text_labels.h"
#include "reference/value/text_scanner.h"

namespace assay {
namespace {

using Item = TextItem;
using Want = TextLabels::Want;
using Form = TextForm;
using Part = TextPart;
using OpenForm = OpenTextForm;

class Parser : TextScanner {
 public:
  Parser(Graph& graph, std::string_view text)
      : TextScanner(graph, text), labels_(graph, text.size()) {}

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
      labels_.resolve();
      return labels_.node(root);
    }
  }

 private:
  // --- labels --------------------------------------------------------------
  // The label whose number is next.
  std::uint32_t read_place(std::string_view field) {
    const std::size_t start = at_;
    return labels_.label(read_number(field), start);
  }
  // `&N` in front of a value.
  std::uint32_t read_label() {
    ++at_;
    return read_place("label");
  }
  void define(std::uint32_t label, NodeId id) {
    if (label != TextLabels::none) labels_.define(label, {id, 0});
  }
  void define_line(std::uint32_t label, std::size_t offset) {
    labels_.claim(label, offset);
    labels_.define(label, value());
    while (peek() == ' ') ++at_;
    if (peek() != '\n') fail("label line", "expected a newline after the value");
  }
  Item reference() {
    ++at_;
    return labels_.refer(read_place("reference"));
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
    std::uint32_t label = TextLabels::none;
    if (peek() == '&') {
      label = read_label();
      labels_.claim(label, item_at_);
      if (peek() != ' ' && peek() != '\n') fail("label", "expected a space");
      skip();
    }
    if (peek() == '*') {
      if (label != TextLabels::none) fail("label", "expected a value, not a reference");
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
    if (at_literal()) return read_literal_node();
    if (!is_letter(peek())) fail("value", "expected a value");
    return begin_name(label);
  }

  std::nullopt_t open(Form form, std::uint32_t label) {
    OpenForm frame{};
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
    if (const std::optional<NodeId> atom = read_named_atom(name)) return atom;
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
      if (!accept('}')) return open(Form::frozendict, label);
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
    if (name.empty() || is_decimal(name[0])) fail_at(start, "code", "expected the name of a field");
    expect('=', "code");
    values_.push_back({graph_.string(graph_.keep(as_bytes(name))), 0});
  }

  // --- inside forms --------------------------------------------------------
  // Gives a value to the innermost form. True when that closes the form, which
  // is then the value; false when the form wants another.
  bool deliver(Item& item) {
    OpenForm& frame = frames_.back();
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
        return deliver_to_code(item);
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
      fail(text_form_name(frames_.back().form), fmt::format("expected ',' or '{}'", closing));
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
    OpenForm& frame = frames_.back();
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
    OpenForm& frame = frames_.back();
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
    OpenForm& frame = frames_.back();
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

  bool deliver_to_code(Item& item) {
    if (accept(',')) {
      begin_field();
      return false;
    }
    expect(')', "code");
    return close(item, Kind::code);
  }

  bool deliver_counted(Item& item, std::size_t count, Kind kind) {
    const OpenForm& frame = frames_.back();
    if (values_.size() - frame.first < count) {
      expect(',', text_form_name(frame.form));
      return false;
    }
    expect(')', text_form_name(frame.form));
    return close(item, kind);
  }

  // Makes the node of the innermost form from its values.
  bool close(Item& item, Kind kind) {
    const OpenForm frame = frames_.back();
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
    for (std::size_t i = first; i < last; ++i) labels_.fix(made, i - first, values_[i]);
    return made;
  }

  static NodeId known(const Item& item) { return item.pending() ? Graph::none : item.id; }

  // --- calls ---------------------------------------------------------------
  bool deliver_to_call(Item& item) {
    OpenForm& frame = frames_.back();
    const std::string_view field = text_form_name(frame.form);
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
  void next_argument(OpenForm& frame, std::string_view field) {
    skip();
    const auto begins_value = [&](char c, char bracket) {
      return c == bracket || c == '&' || c == '*';
    };
    if (peek() == '*' && peek(1) == '*' && !is_decimal(peek(2))) {
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
    if (!name.empty() && !is_decimal(name[0]) && peek() == '=') {
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

  void begin_keywords(OpenForm& frame) {
    if (frame.keywords == 0)
      frame.keywords = static_cast<std::uint32_t>(values_.size() - frame.first);
  }

  // After `**`: a dict of which the pairs join the keywords, or, as a labelled
  // dict or a reference, a dict that several instances share.
  void begin_star_star(OpenForm& frame, std::string_view field) {
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
    const OpenForm frame = frames_.back();
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
    labels_.fix(made, 0, callee);
    labels_.fix(made, 1, args);
    if (has_kwargs) labels_.fix(made, 2, kwargs);
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
        open(operation.form, TextLabels::none);
        frames_.back().instance = instance;
        return true;
      }
    fail_at(start, "operation", "expected build, append, set or add");
  }

  bool deliver_to_operation(Item& item) {
    const OpenForm frame = frames_.back();
    const std::string_view field = text_form_name(frame.form);
    if (frame.form == Form::set_item && values_.size() - frame.first == 1) {
      expect(',', field);
      return false;
    }
    // A state, and what is called with it.
    if (frame.form == Form::build && values_.size() - frame.first == 1 && accept(',')) return false;
    expect(')', field);
    const Item a = values_[frame.first];
    const std::size_t edge = graph_.edges(frame.instance).size();
    labels_.fix(frame.instance, edge + 1, a);
    switch (frame.form) {
      case Form::build: {
        const bool has_setter = values_.size() - frame.first == 2;
        if (has_setter) labels_.fix(frame.instance, edge + 2, values_[frame.first + 1]);
        graph_.record(frame.instance, Op::build, known(a),
                      has_setter ? known(values_[frame.first + 1]) : no_node);
        break;
      }
      case Form::append:
        graph_.record(frame.instance, Op::append, known(a));
        break;
      case Form::add:
        graph_.record(frame.instance, Op::add, known(a));
        break;
      default:
        labels_.fix(frame.instance, edge + 2, values_[frame.first + 1]);
        graph_.record(frame.instance, Op::set, known(a), known(values_[frame.first + 1]));
        break;
    }
    values_.resize(frame.first);
    frames_.pop_back();
    item = {frame.instance, 0};
    item_at_ = at_ - 1;
    return !begin_operation(frame.instance);
  }

  void want(const Item& item, Want want, std::string_view field, std::string_view expected) {
    labels_.require(item, want, item_at_, field, expected);
  }

  std::size_t item_at_ = 0;  // where the last value starts, or where it closed
  std::vector<OpenForm> frames_;
  std::vector<Item> values_;
  std::vector<NodeId> ids_;
  TextLabels labels_;
};

}  // namespace

NodeId parse(Graph& graph, std::string_view text) {
  return Parser(graph, text).document();
}

}  // namespace assay
