#include "reference/marshal/reader.h"

#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/marshal/code_check.h"
#include "reference/marshal/errors.h"
#include "reference/marshal/kept_error.h"
#include "reference/marshal/key_filler.h"
#include "reference/marshal/scalars.h"
#include "reference/marshal/type_code.h"
#include "reference/value/equality.h"
#include "reference/value/mapping.h"
#include "reference/value/pool.h"

namespace assay::marshal {
namespace {

// What r_object gives for TYPE_NULL.
constexpr NodeId null_object = no_node;
constexpr std::uint32_t no_reference = 0xffffffff;
// Keys before one that is added while an error is kept.
constexpr std::size_t most_met = 1000;

// An object whose parts are being read. They stand on the value stack from
// `first` on.
struct Frame {
  std::uint8_t type;
  bool has_key;             // a dict waits for the value of a pair
  std::uint32_t reference;  // its place among the references
  std::uint32_t left;       // items still to come; the number of the next field
  NodeId node;              // made already, for references to it
  std::size_t first;
};

// An object that can be referred to. `open`: a tuple whose items are missing.
struct Reference {
  NodeId id;
  bool open;
};

class Reader {
 public:
  Reader(Graph& graph, Bytes data, const Profile& profile, ReadOptions options)
      : graph_(graph),
        profile_(profile),
        options_(options),
        scalars_(graph, data, profile),
        keys_(graph, {.python2 = profile.python2(),
                      .slice_hashable = profile.has(Quirk::slice_hashable),
                      .fields_left_out = fields_left_out(profile.version())}),
        fill_(graph, keys_),
        code_(graph, profile),
        limit_(profile.has(Quirk::shallow) ? 1500 : 2000),
        goes_on_(profile.has(Quirk::errors_go_on)) {
    for (const TypeCode& row : type_codes()) {
      if (find_type(row.code, profile.version()) == nullptr) continue;
      types_[row.code] = row.code;
      if (profile.has(Quirk::references)) types_[row.code | type::flag_ref] = row.code;
    }
  }

  Outcome run() {
    Outcome outcome;
    try {
      outcome.value = root();
      outcome.accepted = true;
      outcome.status = Status::accepted;
      outcome.consumed = scalars_.offset();
    } catch (const Rejection& rejection) {
      outcome.status = Status::rejected;
      outcome.error = class_name(rejection.error);
      outcome.message = rejection.message;
    } catch (const Crash& crash) {
      outcome.status = Status::crashes;
      outcome.message = crash.message;
    } catch (const DecodeError& error) {
      outcome.status = error.kind() == ErrorKind::limit         ? Status::limit
                       : error.kind() == ErrorKind::unsupported ? Status::unsupported
                                                                : Status::internal;
      outcome.message = error.what();
    } catch (const std::bad_alloc&) {
      outcome.status = Status::limit;
      outcome.message = "out of memory";
    }
    outcome.offset = offset_;
    return outcome;
  }

 private:
  NodeId root() {
    if (!goes_on_) return object();
    while (true) {
      try {
        return object();
      } catch (Rejection& rejection) {
        if (!pending_ || !rejection.if_none_yet) pending_ = std::move(rejection);
        if (!unwind()) throw *pending_;
      }
    }
  }

  // Python 2.7: an error ends everything up to a dict that waits for a value.
  // That one forgets the key and goes on.
  bool unwind() {
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.type == type::dict && frame.has_key) {
        frame.has_key = false;
        values_.shrink(values_.size() - 1);
        return true;
      }
      values_.shrink(frame.first);
      frames_.shrink(frames_.size() - 1);
    }
    return false;
  }

  // Reads on until the outermost object is complete.
  NodeId object() {
    NodeId value = no_node;
    while (true) {
      bool complete = begin(value);
      while (complete && !frames_.empty()) complete = deliver(value);
      if (!complete) continue;
      if (value == null_object) null_in("object");
      return value;
    }
  }

  [[noreturn]] static void null_in(std::string_view where) {
    throw Rejection{Error::type_error, "NULL object in marshal data for " + std::string(where),
                    true};
  }

  // --- the start of an object -------------------------------------------------

  // Reads a type code and what belongs to it. True when `value` is all of it,
  // false when a frame was pushed whose parts come next.
  bool begin(NodeId& value) {
    offset_ = scalars_.offset();
    if (frames_.size() >= limit_) too_deep();
    const std::uint8_t code = scalars_.type_code();
    flag_ = (code & type::flag_ref) != 0;
    switch (types_[code]) {
      case type::null:
        value = null_object;
        return true;
      case type::none:
        value = Graph::none;
        return true;
      case type::false_:
        value = Graph::false_;
        return true;
      case type::true_:
        value = Graph::true_;
        return true;
      case type::stop_iteration:
        value = Graph::stop_iteration;
        return true;
      case type::ellipsis:
        value = Graph::ellipsis;
        return true;
      case type::reference:
      case type::string_reference:
        value = referred();
        return true;
      case type::integer:
        return numbered(value, scalars_.integer());
      case type::short_ascii:
      case type::ascii:
        return numbered(value, scalars_.latin1(types_[code] == type::short_ascii));
      case type::short_ascii_interned:
      case type::ascii_interned:
        return interned(value, scalars_.latin1(types_[code] == type::short_ascii_interned));
      case type::bytes:
        return numbered(value, scalars_.bytes());
      case type::interned:
        return interned(value, profile_.python2() ? scalars_.bytes() : scalars_.utf8());
      case type::unicode:
        return numbered(value, scalars_.utf8());
      case type::integer64:
        return numbered(value, scalars_.integer64());
      case type::long_:
        return numbered(value, scalars_.long_integer());
      case type::binary_float:
        return number(value, scalars_.binary_float());
      case type::text_float:
        return number(value, scalars_.text_float());
      case type::binary_complex: {
        const double real = part(scalars_.binary_float());
        return numbered(value, graph_.complex(real, part(scalars_.binary_float())));
      }
      case type::text_complex: {
        const double real = part(scalars_.text_float());
        return numbered(value, graph_.complex(real, part(scalars_.text_float())));
      }
      case type::small_tuple:
        return begin_tuple(value, scalars_.short_size());
      case type::tuple:
        return begin_tuple(value, scalars_.size("tuple"));
      case type::list:
        return begin_list(value);
      case type::dict:
      case type::frozendict:
        return begin_dict(types_[code]);
      case type::set:
      case type::frozenset:
        return begin_set(value, types_[code]);
      case type::slice:
        push({type::slice, false, reserve(), 3, no_node, values_.size()});
        return false;
      case type::code:
        return begin_code();
      default:
        throw Rejection{Error::value_error, "bad marshal data (unknown type code)"};
    }
  }

  // The type code has been read by then.
  void too_deep() {
    if (scalars_.at_end() && !profile_.has(Quirk::depth_before_eof)) return;
    if (!scalars_.at_end()) scalars_.type_code();
    throw Rejection{Error::value_error, "recursion limit exceeded"};
  }

  // r_ref: an object that is complete when it is numbered.
  bool numbered(NodeId& value, NodeId id) {
    value = id;
    if (flag_ && id != null_object) references_.push({id, false});
    return true;
  }

  bool interned(NodeId& value, NodeId id) {
    graph_.set_interned(id);
    if (profile_.has(Quirk::string_references)) references_.push({id, false});
    return numbered(value, id);
  }

  // Python 2.7 takes -1.0 for a sign of the error that it keeps.
  double part(double value) const {
    if (pending_ && value == -1.0) throw Rejection{pending_->error, pending_->message, true};
    return value;
  }
  bool number(NodeId& value, double read) { return numbered(value, graph_.floating(part(read))); }

  // r_ref_reserve: an object that is numbered before it can be referred to.
  std::uint32_t reserve() {
    if (!flag_) return no_reference;
    references_.push({no_node, false});
    return static_cast<std::uint32_t>(references_.size() - 1);
  }
  void refer(std::uint32_t reference, NodeId id) {
    if (reference != no_reference) references_[reference] = {id, false};
  }

  NodeId referred() {
    const std::int64_t index = scalars_.int4();
    const auto count = static_cast<std::int64_t>(references_.size());
    if (index < 0 || index >= count || references_[static_cast<std::size_t>(index)].id == no_node)
      throw Rejection{Error::value_error, profile_.python2()
                                              ? "bad marshal data (string ref out of range)"
                                              : "bad marshal data (invalid reference)"};
    const Reference& reference = references_[static_cast<std::size_t>(index)];
    cyclic_ = cyclic_ || reference.open;
    return reference.id;
  }

  void push(const Frame& frame) { frames_.push(frame); }

  // A tuple that is numbered has its node at once, as a list until its items are
  // there: a tuple that is not complete has no hash.
  bool begin_tuple(NodeId& value, std::uint32_t size) {
    if (size == 0) return numbered(value, Graph::empty_tuple);
    Frame frame{type::tuple, false, no_reference, size, no_node, values_.size()};
    if (flag_ && profile_.has(Quirk::tuple_after_items)) {
      frame.reference = reserve();
    } else if (flag_) {
      frame.node = graph_.list();
      frame.reference = static_cast<std::uint32_t>(references_.size());
      references_.push({frame.node, true});
    }
    push(frame);
    return false;
  }

  bool begin_list(NodeId& value) {
    const std::uint32_t size = scalars_.size("list");
    if (size == 0) return numbered(value, graph_.list());
    Frame frame{type::list, false, no_reference, size, no_node, values_.size()};
    if (flag_) numbered(frame.node, graph_.list());
    push(frame);
    return false;
  }

  bool begin_dict(std::uint8_t kind) {
    Frame frame{kind, false, no_reference, 0, no_node, values_.size()};
    if (kind == type::frozendict) {
      frame.reference = reserve();
    } else if (flag_) {
      numbered(frame.node, graph_.dict());
    }
    push(frame);
    return false;
  }

  bool begin_set(NodeId& value, std::uint8_t kind) {
    const std::uint32_t size = scalars_.size("set");
    if (size == 0) {
      const NodeId made = graph_.set();
      if (kind == type::frozenset) graph_.freeze(made);
      return numbered(value, made);
    }
    Frame frame{kind, false, no_reference, size, no_node, values_.size()};
    if (kind == type::frozenset) {
      frame.reference = reserve();
    } else if (flag_) {
      numbered(frame.node, graph_.set());
    }
    push(frame);
    return false;
  }

  bool begin_code() {
    if (profile_.has(Quirk::allow_code) && !options_.allow_code)
      throw Rejection{Error::value_error, "unmarshalling code objects is disallowed"};
    push({type::code, false, reserve(), 0, no_node, values_.size()});
    read_numbers(frames_.back());
    return false;
  }

  // --- the parts of an object -------------------------------------------------

  // Gives a value to the innermost frame. True when that completes the frame's
  // object, which is then the value.
  bool deliver(NodeId& value) {
    Frame& frame = frames_.back();
    switch (frame.type) {
      case type::tuple:
        if (value == null_object) null_in("tuple");
        values_.push(value);
        return --frame.left == 0 && end_tuple(value);
      case type::list:
        if (value == null_object) null_in("list");
        values_.push(value);
        return --frame.left == 0 && end_list(value);
      case type::set:
      case type::frozenset:
        if (value == null_object) null_in("set");
        require_hashable(value);
        if (pending_ && meets_error(parts(frame), 1, value))
          throw Rejection{pending_->error, pending_->message, true};
        values_.push(value);
        return --frame.left == 0 && end_set(value);
      case type::slice:
        return deliver_to_slice(value);
      case type::code:
        return deliver_to_code(value);
      default:
        return deliver_to_dict(value);
    }
  }

  std::span<const NodeId> parts(const Frame& frame) const {
    return {values_.data() + frame.first, values_.size() - frame.first};
  }
  void pop() {
    values_.shrink(frames_.back().first);
    frames_.shrink(frames_.size() - 1);
  }

  bool end_tuple(NodeId& value) {
    const Frame& frame = frames_.back();
    if (frame.node == no_node) {
      value = graph_.tuple(parts(frame));
    } else {
      value = frame.node;
      graph_.fill(value, Kind::tuple, parts(frame));
    }
    refer(frame.reference, value);
    pop();
    return true;
  }

  bool end_list(NodeId& value) {
    const Frame& frame = frames_.back();
    value = frame.node == no_node ? graph_.list() : frame.node;
    graph_.fill(value, Kind::list, parts(frame));
    pop();
    return true;
  }

  bool deliver_to_dict(NodeId& value) {
    Frame& frame = frames_.back();
    if (!frame.has_key) {
      if (value == null_object) return end_dict(value);
      values_.push(value);
      frame.has_key = true;
      return false;
    }
    frame.has_key = false;
    if (value == null_object) {
      values_.shrink(values_.size() - 1);
      return !goes_on_ && end_dict(value);
    }
    try {
      require_hashable(values_.back());
    } catch (const Rejection& rejection) {
      values_.shrink(values_.size() - 1);
      if (!goes_on_) throw;
      pending_ = rejection;
      return false;
    }
    const std::span<const NodeId> pairs = parts(frame);
    if (pending_ && meets_error(pairs.first(pairs.size() - 1), 2, pairs.back())) {
      values_.shrink(values_.size() - 1);
      return false;
    }
    values_.push(value);
    return false;
  }

  bool end_dict(NodeId& value) {
    const Frame& frame = frames_.back();
    if (pending_) throw Rejection{pending_->error, pending_->message, true};
    value = frame.node == no_node ? graph_.dict() : frame.node;
    fill_(value, 2, parts(frame));
    if (frame.type == type::frozendict) {
      graph_.freeze(value);
      if (!profile_.has(Quirk::frozendict_reference_lost)) refer(frame.reference, value);
    }
    pop();
    return true;
  }

  bool end_set(NodeId& value) {
    const Frame& frame = frames_.back();
    value = frame.node == no_node ? graph_.set() : frame.node;
    fill_(value, 1, parts(frame));
    if (frame.type == type::frozenset) {
      graph_.freeze(value);
      refer(frame.reference, value);
    }
    pop();
    return true;
  }

  bool deliver_to_slice(NodeId& value) {
    Frame& frame = frames_.back();
    if (value == null_object) {  // the slice is NULL, too
      pop();
      return true;
    }
    values_.push(value);
    if (--frame.left != 0) return false;
    value = graph_.container(Kind::slice, parts(frame));
    refer(frame.reference, value);
    pop();
    return true;
  }

  bool deliver_to_code(NodeId& value) {
    Frame& frame = frames_.back();
    if (value == null_object) {
      if (!profile_.has(Quirk::null_field_is_null)) null_in("code object");
      pop();
      return true;
    }
    values_.push(value);
    ++frame.left;
    read_numbers(frame);
    return frame.left == code_.fields().size() && end_code(value);
  }

  // The fields that are no objects, up to the next that is one.
  void read_numbers(Frame& frame) {
    const std::span<const CodeField> fields = code_.fields();
    for (; frame.left < fields.size() && fields[frame.left].integer; ++frame.left)
      values_.push(graph_.integer(scalars_.int4()));
  }

  bool end_code(NodeId& value) {
    const Frame frame = frames_.back();
    const std::span<const CodeField> fields = code_.fields();
    code_({values_.data() + frame.first, fields.size()}, cyclic_,
          [this](NodeId id) { return open_size(id); });
    // 2.7 codeobject.c intern_string_constants: PySequence_Tuple of a frozenset takes the
    // kept error for its own, and PyErr_Clear forgets it.
    if (pending_ && code_.constants_hold_frozenset()) pending_.reset();
    if (field_names_.empty())
      for (const CodeField& field : fields) field_names_.push_back(graph_.string(field.name));
    NodeId edges[most_code_fields * 2];
    for (std::size_t i = 0; i < fields.size(); ++i) {
      edges[i * 2] = field_names_[i];
      edges[i * 2 + 1] = values_[frame.first + i];
    }
    value = graph_.container(Kind::code, {edges, fields.size() * 2});
    refer(frame.reference, value);
    pop();
    return true;
  }

  // --- hashing ----------------------------------------------------------------

  // The number of items of a tuple that is being read; -1 for anything else.
  std::int64_t open_size(NodeId id) const {
    for (const Frame& frame : std::span(frames_.data(), frames_.size()))
      if (frame.type == type::tuple && frame.node == id) {
        const std::size_t end = &frame == &frames_.back() ? values_.size() : (&frame)[1].first;
        return static_cast<std::int64_t>(end - frame.first) + frame.left;
      }
    return -1;
  }

  void require_hashable(NodeId id) {
    if (graph_.kind(id) < Kind::bytearray) return;
    try {
      keys_.equality().require_hashable(id);
    } catch (const Unhashable& unhashable) {
      if (unhashable.type().empty()) throw Crash{"the hash of a tuple that holds itself"};
      if (open_size(unhashable.node()) >= 0) throw Crash{"the hash of a tuple without its items"};
      throw Rejection{Error::type_error,
                      "unhashable type: '" + std::string(unhashable.type()) + "'"};
    }
  }

  // Compares a key with those before it while Python 2.7 keeps an error, which may
  // be lost. True if that fails and the key is not added.
  bool meets_error(std::span<const NodeId> parts, std::size_t step, NodeId key) {
    bool unknown = parts.size() > most_met * step;
    for (std::size_t i = 0; i < parts.size() && !unknown; i += step) {
      const Meeting meeting = meet(graph_, parts[i], key);
      if (meeting == Meeting::equal) return false;
      if (meeting == Meeting::fails) return true;
      if (meeting == Meeting::loses) {
        pending_.reset();
        return false;
      }
      unknown = meeting == Meeting::unknown;
    }
    if (unknown)
      throw DecodeError(ErrorKind::unsupported, offset_, "key",
                        "a comparison while Python 2.7 keeps an error");
    return false;
  }

  Graph& graph_;
  const Profile& profile_;
  ReadOptions options_;
  Scalars scalars_;
  Keys keys_;
  KeyFiller fill_;
  CodeCheck code_;
  std::uint8_t types_[256] = {};  // by type code: the type, 0 for none
  std::size_t limit_;
  bool goes_on_;
  bool flag_ = false;    // FLAG_REF of the type code last read
  bool cyclic_ = false;  // a tuple may hold itself
  std::uint64_t offset_ = 0;
  Pool<Frame> frames_;
  Pool<NodeId> values_;
  Pool<Reference> references_;
  std::optional<Rejection> pending_;  // the error that Python 2.7 keeps
  std::vector<NodeId> field_names_;
};

}  // namespace

Outcome read(Graph& graph, Bytes data, const Profile& profile, ReadOptions options) {
  return Reader(graph, data, profile, options).run();
}

}  // namespace assay::marshal
