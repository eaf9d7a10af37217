// The door, the memo and the loop of the pickler.
#include "reference/pickle/pickler.h"

#include <fmt/format.h>

#include <new>

#include "reference/bytes/error.h"
#include "reference/pickle/pickler_state.h"
#include "reference/value/utf8.h"

namespace assay::pickle {

Pickling::Pickling(const Graph& graph, const Profile& profile, const PickleOptions& options)
    : graph_(graph),
      profile_(profile),
      options_(options),
      protocol_(options.protocol),
      python2_(profile.python2()),
      counts_references_(profile.has(Quirk::memo_by_reference_count)),
      c_lane_(!profile.pure_python()),
      out_(profile) {}

void Pickling::fail(Fault fault, std::string message) {
  throw Rejection{fault, std::move(message)};
}

void Pickling::unsupported(const std::string& what) {
  throw DecodeError(ErrorKind::unsupported, 0, "value", what);
}

void Pickling::dump(NodeId root) {
  if (protocol_ < 0 || protocol_ > profile_.highest_protocol())
    fail(Fault::unsupported_protocol,
         fmt::format("pickle protocol must be <= {}", profile_.highest_protocol()));
  if (options_.out_of_band && !profile_.has(Quirk::protocol_5)) unsupported("buffer_callback");
  if (options_.out_of_band && protocol_ < 5)
    fail(Fault::value_error, "buffer_callback needs protocol >= 5");
  memo_ = Pool<std::uint32_t>::zeroed(graph_.size());
  if (counts_references_) count_references(root);
  if (protocol_ >= 2) out_.code1(Code::PROTO, static_cast<std::uint64_t>(protocol_));
  if (protocol_ >= 4) out_.begin_framing();
  // The caller and the arguments of dump() refer to it.
  if (!save(root, true)) run();
  out_.code(Code::STOP);
  out_.end_framing();
}

// --- the loop -------------------------------------------------------------------

Frame& Pickling::push(Task task, NodeId node) {
  Frame frame{};
  frame.task = task;
  frame.node = node;
  frame.stride = 1;
  frames_.push(frame);
  return frames_.back();
}

void Pickling::run() {
  while (!frames_.empty()) {
    switch (top().task) {
      case Task::list:
        step_list();
        break;
      case Task::pairs:
        step_pairs();
        break;
      case Task::tuple:
        step_tuple();
        break;
      case Task::frozenset:
        step_frozenset();
        break;
      case Task::recipe:
        step_recipe();
        break;
      case Task::persid:
        out_.code(Code::BINPERSID);
        pop();
        break;
    }
  }
}

bool Pickling::save(NodeId id, bool held) {
  out_.boundary();
  switch (graph_.kind(id)) {
    case Kind::none:
      out_.code(Code::NONE);
      return true;
    case Kind::false_:
    case Kind::true_:
      save_bool(id == Graph::true_);
      return true;
    case Kind::integer:
      save_integer(id);
      return true;
    case Kind::floating:
      save_double(graph_[id].floating);
      return true;
    case Kind::string:
      save_string(id, held);
      return true;
    case Kind::list:
      return save_list(id, held);
    case Kind::tuple:
      return save_tuple(id, held);
    case Kind::dict:
      return save_dict(id, held);
    default:
      return save_other(id, held);
  }
}

bool Pickling::save_other(NodeId id, bool held) {
  switch (graph_.kind(id)) {
    case Kind::big_integer:
      save_big_integer(id);
      return true;
    case Kind::bytes:
      return save_bytes(id, held);
    case Kind::bytearray:
      return save_bytearray(id);
    case Kind::set:
      return save_set(id);
    case Kind::frozenset:
      return save_frozenset(id);
    case Kind::complex:
      return save_complex(id, held);
    case Kind::range:
      return save_range(id);
    case Kind::slice:
      return save_slice(id);
    case Kind::global:
      save_global(id);
      return true;
    case Kind::ellipsis:
    case Kind::not_implemented:
      if (python2_) fail(Fault::type_error, "can't pickle a singleton object");
      save_name("builtins", id == Graph::ellipsis ? "Ellipsis" : "NotImplemented");
      return true;
    case Kind::stop_iteration:
      save_name(python2_ ? "exceptions" : "builtins", "StopIteration");
      return true;
    case Kind::call:
      return save_call(id);
    case Kind::new_:
      return save_new(id);
    case Kind::persid:
      return save_persid(id);
    case Kind::buffer:
    case Kind::readonly:
      save_buffer(id);
      return true;
    default:
      unsupported("no object is written as ext(...)");
  }
}

// --- the memo -------------------------------------------------------------------

std::uint32_t* Pickling::short_text_slot(std::string_view text) {
  if (text.empty()) return &short_texts_[256];
  const auto first = static_cast<std::uint8_t>(text[0]);
  if (text.size() == 1) return &short_texts_[first];
  if (text.size() > 2 || (first != 0xc2 && first != 0xc3)) return nullptr;
  return &short_texts_[((first & 3) << 6) | (static_cast<std::uint8_t>(text[1]) & 0x3f)];
}

std::uint32_t* Pickling::text_slot(NodeId id) {
  if (graph_.text_size(id) <= 2)
    if (std::uint32_t* shared = short_text_slot(graph_.text(id))) return shared;
  return &memo_[id];
}

// The slot of an object that is no global.
std::uint32_t* Pickling::slot(NodeId id) {
  const Node& node = graph_[id];
  if (node.kind == Kind::string) return text_slot(id);
  if (node.kind == Kind::bytes && graph_.text_size(id) <= 1)
    return &short_bytes_[graph_.text_size(id) == 0 ? 256 : graph_.data(id)[0]];
  if (node.kind == Kind::frozenset && node.size == 0) return &empty_frozenset_;
  return &memo_[id];
}

// Begins to write an object that is in the memo only when it is written, if it
// is not in the memo (false: it was, and its GET is written).
bool Pickling::begin(std::uint32_t* slot, NodeId id) {
  if (known(*slot)) {
    write_get(*slot);
    return false;
  }
  const std::uint32_t now = open_bit | (progress_ & ~open_bit);
  if (*slot != 0 && (options_.fast || *slot == now)) {
    bool in_container = false;
    for (std::size_t i = frames_.size(); options_.fast && i-- > 0;) {
      const Frame& frame = frames_[i];
      in_container |= !frame.fresh && frame.exact;
      if (frame.node == id) break;
    }
    fail(in_container ? Fault::recursion_in_fast_mode : Fault::recursion,
         "maximum recursion depth exceeded");
  }
  *slot = now;
  return true;
}

void Pickling::write_get(std::uint32_t slot) {
  out_.get(protocol_, slot - (profile_.has(Quirk::memo_from_one) ? 0 : 1));
}

void Pickling::write_put(std::uint32_t index) {
  out_.put(protocol_, index + (profile_.has(Quirk::memo_from_one) ? 1 : 0));
}

// The object of `slot` is in the memo from here on.
void Pickling::memoize(std::uint32_t* slot) {
  if (options_.fast) return finish(slot);
  if (memo_count_ >= open_bit - 2)
    throw DecodeError(ErrorKind::limit, 0, "memo", "more than 2**31 objects");
  write_put(memo_count_);
  *slot = ++memo_count_;
  ++progress_;
}

// So is an object that the lane made for the occasion. Nothing else refers to
// it, so C2 gives it no index.
void Pickling::memoize_fresh(bool held) {
  if (options_.fast || (counts_references_ && !held)) return;
  write_put(memo_count_++);
}

// As memoize(), where C2 first asks how many references there are.
void Pickling::memoize_counted(std::uint32_t* slot, NodeId id, bool held) {
  if (is_shared(id, held))
    memoize(slot);
  else
    finish(slot);
}

// --- the door -------------------------------------------------------------------

Pickled pickle(const Graph& graph, NodeId root, const Profile& profile,
               const PickleOptions& options) {
  Pickling pickling(graph, profile, options);
  Pickled result;
  const auto stopped = [&](Status status, std::string message) {
    result.status = status;
    result.message = std::move(message);
  };
  try {
    pickling.dump(root);
    result = std::move(pickling.result());
    result.data = std::move(pickling.output().bytes());
    if (options.optimize) result.data = optimize(result.bytes(), profile);
    result.status = Status::accepted;
  } catch (const Rejection& rejection) {
    stopped(Status::rejected, rejection.message);
    result.error = exception_class(rejection.fault, profile);
  } catch (const DecodeError& error) {
    stopped(error.kind() == ErrorKind::unsupported ? Status::unsupported
            : error.kind() == ErrorKind::limit     ? Status::limit
                                                   : Status::internal,
            error.what());
  } catch (const std::bad_alloc&) {
    stopped(Status::limit, "out of memory");
  }
  return result;
}

}  // namespace assay::pickle
