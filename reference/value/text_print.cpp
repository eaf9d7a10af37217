#include <algorithm>
#include <charconv>
#include <vector>

#include "reference/value/literal.h"
#include "reference/value/text.h"

namespace assay {
namespace {

// Shared text and integers up to these sizes are repeated rather than labelled.
constexpr std::size_t repeated_text = 32;
constexpr std::size_t repeated_limbs = repeated_text / sizeof(std::uint64_t);
constexpr std::size_t repeated_names = 64;
// Arguments beyond this many may be printed as a node of their own, `*&3 (…)`,
// so that a thousand calls that share a thousand arguments stay linear.
constexpr std::size_t inline_arguments = 16;

// Whether a node is labelled when it is referred to more than once: those with
// identity, and all whose repetition could make a text much longer than its
// graph; with `every`, all that have a node of their own but numbers.
bool takes_label(const Graph& graph, NodeId id, bool every) {
  const Node& node = graph[id];
  switch (node.kind) {
    case Kind::tuple:
    case Kind::frozenset:
    case Kind::frozendict:
      return node.size != 0;
    case Kind::string:
    case Kind::bytes:
      return every || graph.text_size(id) > repeated_text;
    case Kind::big_integer:
      return node.size > repeated_limbs;
    case Kind::global:
      return graph.text_size(graph.module(id)) + graph.text_size(graph.qualname(id)) >
             repeated_names;
    case Kind::complex:
      return every;
    case Kind::range:
    case Kind::slice:
    case Kind::code:
    case Kind::persid:
      return true;
    default:
      return Graph::has_identity(node.kind);
  }
}

// Whether printing a node means printing others inside it.
bool is_composite(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  return Graph::has_edges(node.kind) && node.size != 0 && node.kind != Kind::global;
}

bool is_identifier(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (name.empty() || !is_letter(name[0])) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}

void append_number(std::string& out, std::int64_t value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end);
}

void append_integer(std::string& out, const Graph& graph, NodeId id) {
  const bool python2_long = (graph[id].flags & flag::python2_long) != 0;
  if (python2_long) out += "long(";
  append_integer_literal(out, graph, id);
  if (python2_long) out += ')';
}

// Text of at most about `limit` bytes; the cut falls between code points.
std::string_view start_of(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

// Values that are always written in one way: the singletons, and containers
// when they are empty.
std::string_view fixed_text(Kind kind) {
  switch (kind) {
    case Kind::none:
      return "None";
    case Kind::false_:
      return "False";
    case Kind::true_:
      return "True";
    case Kind::ellipsis:
      return "Ellipsis";
    case Kind::not_implemented:
      return "NotImplemented";
    case Kind::stop_iteration:
      return "StopIteration";
    case Kind::list:
      return "[]";
    case Kind::tuple:
      return "()";
    case Kind::dict:
      return "{}";
    case Kind::set:
      return "set()";
    case Kind::frozenset:
      return "frozenset()";
    case Kind::frozendict:
      return "frozendict()";
    case Kind::code:
      return "code()";
    default:
      return {};
  }
}

// A str or bytes, cut after `limit` bytes.
void append_text(std::string& out, const Graph& graph, NodeId id, std::size_t limit) {
  if (graph.kind(id) == Kind::string) {
    append_string_literal(out, start_of(graph.text(id), limit));
  } else {
    append_bytes_literal(out, graph.text(id).substr(0, limit));
  }
}

// Everything that has no composite inside. Text is cut after `limit` bytes.
void append_atom(std::string& out, const Graph& graph, NodeId id, std::size_t limit) {
  const Node& node = graph[id];
  switch (node.kind) {
    case Kind::integer:
    case Kind::big_integer:
      return append_integer(out, graph, id);
    case Kind::floating:
      return append_float_literal(out, node.floating);
    case Kind::string:
    case Kind::bytes:
      return append_text(out, graph, id, limit);
    case Kind::complex:
      out += "complex(";
      append_float_literal(out, graph.real(id));
      out += ", ";
      append_float_literal(out, graph.imaginary(id));
      break;
    case Kind::bytearray:
      out += "bytearray(";
      append_text(out, graph, id, limit);
      break;
    case Kind::global:
      out += "global(";
      append_text(out, graph, graph.module(id), limit);
      out += ", ";
      append_text(out, graph, graph.qualname(id), limit);
      break;
    case Kind::buffer:
    case Kind::ext:
      out += node.kind == Kind::buffer ? "buffer(" : "ext(";
      append_number(out, node.integer);
      break;
    default:
      out += fixed_text(node.kind);
      return;
  }
  out += ')';
}

struct Brackets {
  std::string_view open, close;
};

Brackets brackets(Kind kind) {
  switch (kind) {
    case Kind::list:
      return {"[", "]"};
    case Kind::tuple:
      return {"(", ")"};
    case Kind::dict:
    case Kind::set:
      return {"{", "}"};
    case Kind::frozenset:
      return {"frozenset({", "})"};
    case Kind::frozendict:
      return {"frozendict({", "})"};
    case Kind::code:
      return {"code(", ")"};
    case Kind::range:
      return {"range(", ")"};
    case Kind::slice:
      return {"slice(", ")"};
    case Kind::persid:
      return {"persid(", ")"};
    case Kind::readonly:
      return {"readonly(", ")"};
    case Kind::call:
      return {"call(", ")"};
    default:
      return {"new(", ")"};
  }
}

constexpr std::string_view op_names[] = {".build(", ".append(", ".set(", ".add("};

// A composite that is being printed, and how far.
struct Frame {
  enum class Part : std::uint8_t { callee, arguments, keywords, pairs, operations };
  NodeId node;
  std::uint32_t next = 0;
  Part part = Part::callee;  // of an instance
};

// Gives the values inside a composite one by one, in the order in which they
// are printed, writing what stands between them to out_. Counting references
// and printing are the same walk, so that they cannot disagree.
class Walk {
 protected:
  Walk(const Graph& graph, std::string& out) : graph_(graph), out_(out) {}
  ~Walk() = default;

  // Whether the arguments (the keywords) of an instance are printed as a value
  // of their own, of which there may then be one for several instances.
  virtual bool stands_alone(NodeId arguments) const = 0;

  // The next value inside, or no_node when all of it is written.
  NodeId advance(Frame& frame) {
    const Kind kind = graph_.kind(frame.node);
    if (Graph::is_instance(kind)) return advance_instance(frame);
    const std::span<const NodeId> edges = graph_.edges(frame.node);
    if (frame.next == edges.size()) {
      if (kind == Kind::tuple && edges.size() == 1) out_ += ',';
      out_ += brackets(kind).close;
      return no_node;
    }
    if (frame.next == 0) {
      out_ += brackets(kind).open;
    } else {
      const bool pairs = kind == Kind::dict || kind == Kind::frozendict;
      out_ += pairs && frame.next % 2 != 0 ? ": " : ", ";
    }
    if (kind == Kind::code) {
      out_ += graph_.text(edges[frame.next++]);
      out_ += '=';
    }
    return edges[frame.next++];
  }

  const Graph& graph_;
  std::string& out_;

 private:
  using Part = Frame::Part;

  NodeId advance_instance(Frame& frame) {
    NodeId next = no_node;
    switch (frame.part) {
      case Part::callee:
        out_ += brackets(graph_.kind(frame.node)).open;
        frame.part = Part::arguments;
        return graph_.callee(frame.node);
      case Part::arguments:
        next = next_argument(frame);
        if (next != no_node) return next;
        frame = {frame.node, 0, Part::keywords};
        [[fallthrough]];
      case Part::keywords:
        next = next_keyword(frame);
        if (next != no_node) return next;
        break;
      case Part::pairs:
        next = next_pair(frame);
        if (next != no_node) return next;
        break;
      case Part::operations:
        return next_operand(frame);
    }
    out_ += ')';
    frame = {frame.node, 0, Part::operations};
    return next_operand(frame);
  }

  NodeId next_argument(Frame& frame) {
    const NodeId args = graph_.args(frame.node);
    const std::span<const NodeId> items = graph_.items(args);
    const bool whole = items.size() > inline_arguments && stands_alone(args);
    if (frame.next == (whole ? 1 : items.size())) return no_node;
    out_ += whole ? ", *" : ", ";
    ++frame.next;
    return whole ? args : items[frame.next - 1];
  }

  NodeId next_keyword(Frame& frame) {
    const NodeId kwargs = graph_.kwargs(frame.node);
    if (kwargs == no_node) return no_node;
    const std::span<const NodeId> pairs = graph_.edges(kwargs);
    const bool whole = pairs.size() > inline_arguments * 2 && stands_alone(kwargs);
    if (frame.next == (whole ? 1 : pairs.size())) return no_node;
    if (whole) {
      out_ += ", **";
      frame.next = 1;
      return kwargs;
    }
    const NodeId key = pairs[frame.next];
    if (graph_.kind(key) != Kind::string || !is_identifier(graph_.text(key))) {
      // This pair and all after it, so that their order is kept.
      out_ += ", **{";
      frame.part = Part::pairs;
      ++frame.next;
      return key;
    }
    out_ += ", ";
    out_ += graph_.text(key);
    out_ += '=';
    frame.next += 2;
    return pairs[frame.next - 1];
  }

  NodeId next_pair(Frame& frame) {
    const std::span<const NodeId> pairs = graph_.edges(graph_.kwargs(frame.node));
    if (frame.next == pairs.size()) {
      out_ += '}';
      return no_node;
    }
    out_ += frame.next % 2 != 0 ? ": " : ", ";
    return pairs[frame.next++];
  }

  // Operations are triples: the operation, one operand, and for `set`, and for
  // some `build`, another.
  NodeId next_operand(Frame& frame) {
    const std::span<const NodeId> ops = graph_.ops(frame.node);
    if (frame.next % 3 == 2) {
      if (ops[frame.next] != no_node) {
        out_ += ", ";
        return ops[frame.next++];
      }
      ++frame.next;
    }
    if (frame.next != 0 && frame.next % 3 == 0) out_ += ')';
    if (frame.next == ops.size()) return no_node;
    out_ += op_names[ops[frame.next]];
    frame.next += 2;
    return ops[frame.next - 1];
  }
};

// What is known of each node: how often it is referred to (0, 1, more), and
// once it has a label, its number.
class Labels {
 public:
  Labels(const Graph& graph, bool every) : graph_(graph), every_(every), states_(graph.size(), 0) {}
  bool takes_label(NodeId id) const { return assay::takes_label(graph_, id, every_); }
  // True when this is the first reference to the node.
  bool refer(NodeId id) {
    if (states_[id] < shared) ++states_[id];
    return states_[id] == 1;
  }
  bool is_shared(NodeId id) const { return states_[id] >= shared; }
  bool is_numbered(NodeId id) const { return states_[id] > shared; }
  std::uint32_t number(NodeId id) const { return states_[id] - shared; }
  void give_number(NodeId id) { states_[id] = shared + ++last_; }

 private:
  static constexpr std::uint32_t shared = 2;
  const Graph& graph_;
  bool every_;
  std::vector<std::uint32_t> states_;
  std::uint32_t last_ = 0;
};

// First walk: who is shared, and how deep the nested form would be.
class Count final : Walk {
 public:
  Count(const Graph& graph, Labels& labels) : Walk(graph, unused_), labels_(labels) {}

  std::size_t depth(NodeId root) {
    std::size_t deepest = 0;
    refer(root);
    while (!stack_.empty()) {
      deepest = std::max(deepest, stack_.size());
      const NodeId next = advance(stack_.back());
      unused_.clear();
      if (next == no_node) {
        stack_.pop_back();
      } else {
        refer(next);
      }
    }
    return deepest;
  }

 private:
  bool stands_alone(NodeId) const override { return true; }

  void refer(NodeId id) {
    if (labels_.takes_label(id) && labels_.refer(id) && is_composite(graph_, id))
      stack_.push_back({id});
  }

  Labels& labels_;
  std::string unused_;
  std::vector<Frame> stack_;
};

// Second walk: the text.
class Printer final : Walk {
 public:
  Printer(const Graph& graph, Labels& labels, std::string& out)
      : Walk(graph, out), labels_(labels) {}

  void nested(NodeId root) {
    open(root);
    while (!stack_.empty()) {
      const NodeId next = advance(stack_.back());
      if (next == no_node) {
        stack_.pop_back();
      } else {
        open(next);
      }
    }
  }

  // A line for each node that is composite or labelled, in the order of their
  // numbers; the root is the first and is named on the last line.
  void flat(NodeId root) {
    refer(root);
    out_.clear();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const NodeId id = lines_[i];
      label("&", id, " = ");
      if (is_composite(graph_, id)) {
        Frame frame{id};
        for (NodeId next = advance(frame); next != no_node; next = advance(frame)) refer(next);
      } else {
        append_atom(out_, graph_, id, no_limit);
      }
      out_ += '\n';
    }
    refer(root);
  }

 private:
  static constexpr std::size_t no_limit = SIZE_MAX;

  bool stands_alone(NodeId arguments) const override { return labels_.is_shared(arguments); }

  void label(std::string_view before, NodeId id, std::string_view after) {
    out_ += before;
    append_number(out_, labels_.number(id));
    out_ += after;
  }

  void open(NodeId id) {
    if (labels_.takes_label(id) && labels_.is_shared(id)) {
      if (labels_.is_numbered(id)) return label("*", id, "");
      labels_.give_number(id);
      label("&", id, " ");
    }
    if (is_composite(graph_, id)) {
      stack_.push_back({id});
    } else {
      append_atom(out_, graph_, id, no_limit);
    }
  }

  void refer(NodeId id) {
    const bool labelled = labels_.takes_label(id) && labels_.is_shared(id);
    if (!labelled && !is_composite(graph_, id)) return append_atom(out_, graph_, id, no_limit);
    if (!labels_.is_numbered(id)) {
      labels_.give_number(id);
      lines_.push_back(id);
    }
    label("*", id, "");
  }

  Labels& labels_;
  std::vector<Frame> stack_;
  std::vector<NodeId> lines_;
};

class Excerpt final : Walk {
 public:
  Excerpt(const Graph& graph, std::string& out, std::size_t limit)
      : Walk(graph, out), limit_(limit) {}

  void print(NodeId root) {
    open(root);
    while (!stack_.empty() && out_.size() <= limit_) {
      const NodeId next = advance(stack_.back());
      if (next == no_node) {
        stack_.pop_back();
      } else {
        open(next);
      }
    }
    if (out_.size() <= limit_) return;
    out_.resize(limit_ - 3);
    out_ += "...";
  }

 private:
  bool stands_alone(NodeId) const override { return false; }

  void open(NodeId id) {
    if (is_composite(graph_, id)) {
      stack_.push_back({id});
    } else {
      append_atom(out_, graph_, id, limit_);
    }
  }

  std::size_t limit_;
  std::vector<Frame> stack_;
};

}  // namespace

std::string print(const Graph& graph, NodeId root, PrintOptions options) {
  std::string out;
  Labels labels(graph, options.every_label);
  const std::size_t depth = Count(graph, labels).depth(root);
  Printer printer(graph, labels, out);
  if (depth > options.depth) {
    printer.flat(root);
  } else {
    printer.nested(root);
  }
  return out;
}

std::string excerpt(const Graph& graph, NodeId id, std::size_t limit) {
  std::string out;
  Excerpt(graph, out, limit).print(id);
  return out;
}

}  // namespace assay
