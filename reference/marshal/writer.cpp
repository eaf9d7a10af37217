#include "reference/marshal/writer.h"

#include <algorithm>
#include <bit>
#include <map>
#include <new>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/marshal/code_layout.h"
#include "reference/marshal/errors.h"
#include "reference/marshal/float_text.h"
#include "reference/marshal/output.h"
#include "reference/marshal/sharing.h"
#include "reference/marshal/type_code.h"
#include "reference/value/id_map.h"
#include "reference/value/pool.h"
#include "reference/value/utf8.h"

namespace assay::marshal {
namespace {

struct Unsupported {
  std::string message;
};

[[noreturn]] void unmarshallable() {
  throw Rejection{Error::value_error, "unmarshallable object"};
}

constexpr std::size_t largest = 0x7fffffff;

// The orders of sets that are sorted: made from the inside out.
class SetOrders {
 public:
  std::span<const NodeId> find(NodeId set, std::span<const NodeId> unsorted) const {
    const auto* place = places_.find(set);
    if (place == nullptr) return unsorted;
    return std::span(items_).subspan(*place - 1, unsorted.size());
  }
  void add(NodeId set, const std::vector<std::pair<std::string, NodeId>>& sorted) {
    places_[set] = items_.size() + 1;
    for (const auto& [data, item] : sorted) items_.push_back(item);
  }
  bool known(NodeId set) const { return places_.find(set) != nullptr; }

 private:
  IdMap<std::size_t> places_;  // plus one
  std::vector<NodeId> items_;
};

class Writer {
 public:
  Writer(const Graph& graph, int version, const Profile& profile, WriteOptions options,
         const SetOrders& orders)
      : graph_(graph),
        profile_(profile),
        options_(options),
        orders_(orders),
        version_(version),
        limit_(profile.has(Quirk::shallow) ? 1500 : 2000),
        refers_(version >= 3 && profile.has(Quirk::references)),
        out_(options.most_bytes) {}

  std::string write(NodeId root) {
    if (!refers_) return write_counted(root);
    const std::uint64_t counted = count_all(root);
    std::string data = write_counted(root);
    if (opened_ == counted) return data;
    // The graph holds more than this value.
    states_.shrink(0);
    count(root);
    return write_counted(root);
  }

  // Prepares keys of the items of sets that are inside `root`.
  void begin_keys(NodeId root) {
    keys_ = true;
    if (refers_) count(root);
  }

  // What dumps() makes of an item while the whole value exists: FLAG_REF stands on
  // all that there are two references to, wherever.
  std::string key(NodeId item) {
    if (!refers_) return write_counted(item);
    const State held = states_[item];
    if (profile_.has(Quirk::set_items_held)) states_[item] = State::shared;
    std::string data = write_counted(item);
    for (const NodeId node : flagged_) states_[node] = State::shared;
    flagged_.clear();
    states_[item] = held;
    return data;
  }

 private:
  std::string write_counted(NodeId root) {
    strings_.clear();
    count_numbered_ = 0;
    opened_ = 1;
    open(root, false);
    while (!frames_.empty()) step();
    return out_.take();
  }

  struct Frame {
    NodeId node;
    std::uint32_t next;
    bool interns;  // the items are names of a code object
  };

  // --- references -------------------------------------------------------------

  // How often a node is referred to, or that it has a number (in numbers_). No plain
  // byte: to write one, compilers must think, may change anything.
  enum class State : std::uint8_t { none, one, shared, numbered };
  static void refer(State& state) {
    state = static_cast<State>(static_cast<unsigned>(state) + (state < State::shared));
  }

  // Counts the references from all of the graph, in the order of its nodes, which
  // is quicker than from object to object, and how many there are. Where as many
  // are written, they are those of the value alone.
  std::uint64_t count_all(NodeId root) {
    clear_states();
    std::uint64_t references = 1, bytes = 0;
    states_[root] = State::one;
    for (NodeId node = Graph::first_free; node < graph_.size(); ++node) {
      if (!Graph::has_edges(graph_.kind(node))) {
        bytes += graph_[node].size;
        continue;
      }
      references += each_reference(node, [this](NodeId to) { refer(states_[to]); });
    }
    // A type code, and a number or size: what most objects and references take.
    out_.expect(references * 5 + bytes);
    return references;
  }

  // Calls `to` for each object that a node refers to, and gives their number.
  template <typename To>
  std::uint64_t each_reference(NodeId node, const To& to) const {
    const std::span<const NodeId> edges = graph_.edges(node);
    const bool code = graph_.kind(node) == Kind::code;
    std::uint64_t references = 0;
    for (std::size_t i = code ? 1 : 0; i < edges.size(); i += code ? 2 : 1) {
      if (edges[i] == no_node || (code && is_number_field(i / 2))) continue;
      to(edges[i]);
      ++references;
    }
    return references;
  }

  void clear_states() {
    if (!states_.empty()) return;
    State* states = states_.extend(graph_.size());
    std::fill(states, states + graph_.size(), State::none);
    if (numbers_.empty()) numbers_.extend(graph_.size());
  }

  // Which nodes are referred to more than once, from the value on.
  void count(NodeId root) {
    clear_states();
    queue_.clear();
    count_one(root);
    while (!queue_.empty()) {
      const NodeId node = queue_.back();
      queue_.pop_back();
      each_reference(node, [this](NodeId to) { count_one(to); });
    }
  }

  void count_one(NodeId node) {
    State& state = states_[node];
    if (state == State::none && Graph::has_edges(graph_.kind(node))) queue_.push_back(node);
    refer(state);
    if (keys_ && is_held_anyway(node)) state = State::shared;
  }

  // Whether there are always two references: the process has one, or
  // (bpo-34033) marshal takes the object, an interned str, for one that has.
  bool is_held_anyway(NodeId node) const {
    const Kind kind = graph_.kind(node);
    if (node < Graph::first_free) return true;
    if (kind == Kind::string)
      return graph_.interned(node) || is_latin1_character(graph_.text(node));
    if (kind == Kind::integer && profile_.has(Quirk::integers_to_1024))
      return graph_[node].integer > 0 && graph_[node].integer <= 1024;
    return kind == Kind::bytes && graph_.text_size(node) <= 1;
  }

  // Numbers of a code object are no objects.
  bool is_number_field(std::size_t field) const {
    const std::span<const CodeField> fields = code_fields(profile_.version());
    return field < fields.size() && fields[field].integer;
  }

  // Writes a type code, numbered if the object is referred to again.
  void type(std::uint8_t code, NodeId node) {
    const bool flagged = refers_ && states_[node] == State::shared;
    if (flagged) {
      states_[node] = State::numbered;
      numbers_[node] = count_numbered_++;
      if (keys_) flagged_.push_back(node);
    }
    out_.byte(flagged ? code | type::flag_ref : code);
  }

  // --- bytes ------------------------------------------------------------------

  void int4(std::uint64_t value) { out_.le32(static_cast<std::uint32_t>(value)); }
  void int8(std::uint64_t value) { out_.le64(value); }
  void size(std::size_t size) {
    if (size > largest) unmarshallable();
    int4(size);
  }
  void sized(std::string_view bytes) {
    size(bytes.size());
    out_.bytes(bytes);
  }
  void short_sized(std::string_view bytes) {
    out_.byte(static_cast<std::uint8_t>(bytes.size()));
    out_.bytes(bytes);
  }

  // --- objects ----------------------------------------------------------------

  // Writes an object, or the start of one whose parts follow.
  void open(NodeId node, bool interned) {
    const Node& head = graph_[node];
    if (refers_ && states_[node] == State::numbered) {
      out_.byte(type::reference);
      return int4(numbers_[node]);
    }
    switch (head.kind) {
      case Kind::none:
        return out_.byte(type::none);
      case Kind::true_:
        return out_.byte(type::true_);
      case Kind::false_:
        return out_.byte(type::false_);
      case Kind::ellipsis:
        return out_.byte(type::ellipsis);
      case Kind::stop_iteration:
        return out_.byte(type::stop_iteration);
      case Kind::integer:
      case Kind::big_integer:
        return integer(node);
      case Kind::floating:
        type(version_ > 1 ? type::binary_float : type::text_float, node);
        return floating(head.floating);
      case Kind::complex:
        type(version_ > 1 ? type::binary_complex : type::text_complex, node);
        floating(graph_.real(node));
        return floating(graph_.imaginary(node));
      case Kind::string:
        return string(node, interned || graph_.interned(node));
      case Kind::bytes:
        return bytes(node, interned || graph_.interned(node));
      case Kind::bytearray:
        type(type::bytes, node);
        return sized(graph_.text(node));
      case Kind::readonly:
        return readonly(node);
      default:
        return container(node, interned);
    }
  }

  [[noreturn]] static void too_deep() {
    throw Rejection{Error::value_error, "object too deeply nested to marshal"};
  }

  void integer(NodeId node) {
    const Node& head = graph_[node];
    const bool python2_int = profile_.python2() && (head.flags & flag::python2_long) == 0;
    if (head.kind == Kind::big_integer || (profile_.python2() && !python2_int))
      return long_integer(node);
    const auto bits = static_cast<std::uint64_t>(head.integer);
    if (head.integer >= INT32_MIN && head.integer <= INT32_MAX) {
      type(type::integer, node);
      return int4(bits);
    }
    if (!python2_int) return long_integer(node);
    type(type::integer64, node);
    int8(bits);
  }

  // Digits of 15 bits.
  void long_integer(NodeId node) {
    type(type::long_, node);
    const Node& head = graph_[node];
    const bool big = head.kind == Kind::big_integer;
    const bool negative = big ? graph_.negative(node) : head.integer < 0;
    const std::uint64_t small = negative
                                    ? std::uint64_t{0} - static_cast<std::uint64_t>(head.integer)
                                    : static_cast<std::uint64_t>(head.integer);
    const std::span<const std::uint64_t> limbs = big ? graph_.limbs(node) : std::span(&small, 1);
    const std::size_t bits =
        limbs.size() * 64 - static_cast<std::size_t>(std::countl_zero(limbs.back()));
    const std::size_t count = (bits + 14) / 15;
    if (count > largest) unmarshallable();
    int4(negative ? std::uint64_t{0} - count : count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t limb = i * 15 / 64, shift = i * 15 % 64;
      std::uint64_t digit = limbs[limb] >> shift;
      if (shift > 49 && limb + 1 < limbs.size()) digit |= limbs[limb + 1] << (64 - shift);
      out_.le16(static_cast<std::uint16_t>(digit & 0x7fff));
    }
  }

  void floating(double value) {
    if (version_ > 1) return int8(std::bit_cast<std::uint64_t>(value));
    short_sized(float_to_text(value));
  }

  void string(NodeId node, bool interned) {
    const std::string_view text = graph_.text(node);
    if (profile_.python2() || version_ < 4 || !is_ascii(as_bytes(text))) {
      const bool marked = interned && version_ >= 3 && !profile_.python2();
      type(marked ? type::interned : type::unicode, node);
      if (!profile_.has(Quirk::surrogates_joined) || text.find('\xed') == text.npos)
        return sized(text);
      std::string joined;
      append_joined(joined, text);
      return sized(joined);
    }
    if (text.size() < 256) {
      type(interned ? type::short_ascii_interned : type::short_ascii, node);
      return short_sized(text);
    }
    type(interned ? type::ascii_interned : type::ascii, node);
    sized(text);
  }

  void bytes(NodeId node, bool interned) {
    const std::string_view text = graph_.text(node);
    if (!profile_.python2() || version_ < 1 || !interned) {
      type(type::bytes, node);
      return sized(text);
    }
    const auto [known, added] = strings_.emplace(text, static_cast<std::uint32_t>(strings_.size()));
    out_.byte(added ? type::interned : type::string_reference);
    if (added) return sized(text);
    int4(known->second);
  }

  void readonly(NodeId node) {
    const NodeId of = graph_.edges(node)[0];
    const Kind kind = graph_.kind(of);
    if (kind != Kind::bytes && kind != Kind::bytearray)
      throw Unsupported{"the content of a buffer is not known"};
    type(type::bytes, node);
    sized(graph_.text(of));
  }

  void container(NodeId node, bool interned) {
    const std::size_t count = graph_.edges(node).size();
    switch (graph_.kind(node)) {
      case Kind::tuple:
        if (version_ >= 4 && count < 256 && profile_.has(Quirk::ascii_forms)) {
          type(type::small_tuple, node);
          out_.byte(static_cast<std::uint8_t>(count));
        } else {
          type(type::tuple, node);
          size(count);
        }
        break;
      case Kind::list:
        type(type::list, node);
        size(count);
        break;
      case Kind::set:
      case Kind::frozenset:
        type(graph_.kind(node) == Kind::set ? type::set : type::frozenset, node);
        size(count);
        break;
      case Kind::dict:
        type(type::dict, node);
        break;
      case Kind::frozendict:
        if (!profile_.has(Quirk::frozendicts) || version_ < 6) unmarshallable();
        type(type::frozendict, node);
        break;
      case Kind::slice:
        if (!profile_.has(Quirk::slices) || version_ < 5) unmarshallable();
        type(type::slice, node);
        break;
      case Kind::code:
        begin_code(node);
        break;
      case Kind::buffer:
        throw Unsupported{"the content of a buffer is not known"};
      default:
        unmarshallable();
    }
    opened_ += count;
    frames_.push_back({node, 0, interned});
  }

  void begin_code(NodeId node) {
    if (profile_.has(Quirk::allow_code) && !options_.allow_code)
      throw Rejection{Error::value_error, "marshalling code objects is disallowed"};
    const std::span<const CodeField> fields = code_fields(profile_.version());
    const std::span<const NodeId> edges = graph_.edges(node);
    bool same = edges.size() == fields.size() * 2;
    for (std::size_t i = 0; same && i < fields.size(); ++i)
      same = graph_.text(edges[i * 2]) == fields[i].name &&
             (!fields[i].integer || graph_.kind(edges[i * 2 + 1]) == Kind::integer);
    if (!same) throw Unsupported{"a code object of another Python"};
    type(type::code, node);
    // Names of fields and numbers are no objects.
    for (const CodeField& field : fields) opened_ -= field.integer ? 2 : 1;
  }

  // The parts of the innermost container up to one that is a container itself, or
  // its end.
  void step() {
    Frame& frame = frames_.back();
    const std::span<const NodeId> edges = graph_.edges(frame.node);
    const Kind kind = graph_.kind(frame.node);
    const bool is_set = kind == Kind::set || kind == Kind::frozenset;
    const std::span<const NodeId> parts = is_set ? orders_.find(frame.node, edges) : edges;
    const std::size_t depth = frames_.size();
    if (depth >= limit_ && frame.next < parts.size()) too_deep();
    while (frame.next < parts.size()) {
      if (kind == Kind::code) {
        step_code(frame, edges);
      } else {
        open(parts[frame.next++], frame.interns && kind == Kind::tuple);
      }
      if (frames_.size() != depth) return;  // `frame` may be gone
    }
    if (kind == Kind::dict || kind == Kind::frozendict) {
      if (depth >= limit_) too_deep();
      out_.byte(type::null);
    }
    frames_.pop_back();
  }

  void step_code(Frame& frame, std::span<const NodeId> edges) {
    const CodeField& field = code_fields(profile_.version())[frame.next / 2];
    const NodeId value = edges[frame.next + 1];
    frame.next += 2;
    if (field.integer) return int4(static_cast<std::uint64_t>(graph_[value].integer));
    const bool names = holds_names(field.name) && graph_.kind(value) == Kind::tuple;
    open(value, names);
  }

  const Graph& graph_;
  const Profile& profile_;
  WriteOptions options_;
  const SetOrders& orders_;
  int version_;
  std::size_t limit_;
  bool refers_;
  bool keys_ = false;
  Output out_;
  std::vector<Frame> frames_;
  Pool<State> states_;
  Pool<std::uint32_t> numbers_;  // of those that have one; the rest is not set
  std::uint64_t opened_ = 0;     // objects and references that were written
  std::vector<NodeId> flagged_;  // what was numbered in a key
  std::vector<NodeId> queue_;    // containers still to be counted
  std::uint32_t count_numbered_ = 0;
  std::map<std::string_view, std::uint32_t> strings_;  // Python 2.7's interned strings
};

// What is refused because it holds itself, and the sets in the order in which
// they must be sorted: the inner ones first.
class Survey {
 public:
  Survey(const Graph& graph, const Profile& profile) : graph_(graph), profile_(profile) {}

  std::vector<NodeId> sets(NodeId root) {
    std::vector<NodeId> found;
    enter(root);
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      const std::span<const NodeId> edges = graph_.edges(frame.node);
      if (frame.next < edges.size()) {
        enter(edges[frame.next++]);
        continue;
      }
      const Kind kind = graph_.kind(frame.node);
      if (kind == Kind::set || kind == Kind::frozenset) found.push_back(frame.node);
      states_[frame.node] = done;
      stack_.pop_back();
    }
    return found;
  }

 private:
  static constexpr std::uint8_t entered = 1, done = 2;
  struct Frame {
    NodeId node;
    std::size_t next;
  };

  void enter(NodeId node) {
    if (node == no_node || !Graph::has_edges(graph_.kind(node))) return;
    if (states_.empty()) states_.assign(graph_.size(), 0);
    if (states_[node] == done) return;
    if (states_[node] == entered) return refuse(graph_.kind(node));
    states_[node] = entered;
    stack_.push_back({node, 0});
  }

  void refuse(Kind kind) const {
    if (kind == Kind::tuple && profile_.has(Quirk::tuple_after_items)) unmarshallable();
    if (!profile_.has(Quirk::no_recursive_immutables)) return;
    if (kind == Kind::code || kind == Kind::slice || kind == Kind::frozendict) unmarshallable();
  }

  const Graph& graph_;
  const Profile& profile_;
  std::vector<std::uint8_t> states_;
  std::vector<Frame> stack_;
};

bool has_sets(const Graph& graph) {
  for (NodeId id = Graph::first_free; id < graph.size(); ++id)
    if (graph.kind(id) == Kind::set || graph.kind(id) == Kind::frozenset) return true;
  return false;
}

SetOrders sort_sets(const Graph& graph, NodeId root, int version, const Profile& profile,
                    WriteOptions options) {
  SetOrders orders;
  const bool sorts = profile.has(Quirk::sets_sorted) && !options.keep_set_order && has_sets(graph);
  if (!sorts && !profile.has(Quirk::no_recursive_immutables)) return orders;
  const std::vector<NodeId> sets = Survey(graph, profile).sets(root);
  if (!sorts) return orders;
  Writer writer(graph, version, profile, options, orders);
  writer.begin_keys(root);
  for (const NodeId set : sets) {
    std::vector<std::pair<std::string, NodeId>> items;
    std::uint64_t bytes = 0;
    for (const NodeId item : graph.items(set)) {
      items.emplace_back(writer.key(item), item);
      bytes += items.back().first.size();
      if (bytes > options.most_bytes)
        throw DecodeError(ErrorKind::limit, options.most_bytes, "items of a set",
                          "more bytes than are allowed (limits.h, unfolded_bytes)");
    }
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    orders.add(set, items);
  }
  return orders;
}

}  // namespace

Written write(const Graph& graph, NodeId root, int version, const Profile& profile,
              WriteOptions options) {
  Written written;
  try {
    const SetOrders orders = sort_sets(graph, root, version, profile, options);
    written.data = Writer(graph, version, profile, options, orders).write(root);
    written.accepted = true;
    written.status = Status::accepted;
  } catch (const Rejection& rejection) {
    written.status = Status::rejected;
    written.error = class_name(rejection.error);
    written.message = rejection.message;
  } catch (const Unsupported& unsupported) {
    written.status = Status::unsupported;
    written.message = unsupported.message;
  } catch (const DecodeError& error) {
    written.status = error.kind() == ErrorKind::limit ? Status::limit : Status::internal;
    written.message = error.what();
  } catch (const std::bad_alloc&) {
    written.status = Status::limit;
    written.message = "out of memory";
  }
  return written;
}

}  // namespace assay::marshal
