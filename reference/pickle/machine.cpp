#include "reference/pickle/machine.h"

#include <fmt/format.h>

#include "reference/bytes/error.h"
#include "reference/pickle/machine_inline.h"
#include "reference/pickle/opcode.h"

namespace assay::pickle {
namespace {

EqualityRules rules_of(const Profile& profile) {
  EqualityRules rules;
  rules.python2 = profile.python2();
  rules.slice_hashable = profile.has(Quirk::slice_hashable);
  return rules;
}

// The message names the byte, as both of CPython's unpicklers do.
std::string invalid_load_key(std::uint8_t opcode) {
  const bool printable = opcode >= 0x20 && opcode < 0x7f && opcode != '\'' && opcode != '\\';
  return printable ? fmt::format("invalid load key, '{}'", static_cast<char>(opcode))
                   : fmt::format("invalid load key, '\\x{:02x}'", opcode);
}

}  // namespace

Machine::Machine(Graph& graph, Bytes file, const Profile& profile, UnpickleOptions options)
    : graph_(graph),
      profile_(profile),
      options_(std::move(options)),
      encoding_(profile.python2() ? "bytes" : options_.encoding, options_.errors),
      input_(file, profile_),
      keys_(graph, rules_of(profile)),
      memo_(profile.has(Quirk::memo_far_apart)),
      marks_on_stack_(profile.has(Quirk::marks_on_stack)),
      fenced_(!profile.has(Quirk::marks_on_stack) && !profile.has(Quirk::no_fence)),
      protocol_3_(profile.has(Quirk::protocol_3)),
      protocol_4_(profile.has(Quirk::protocol_4)),
      protocol_5_(profile.has(Quirk::protocol_5)),
      charge_limit_(limits::unpaid_items_per_byte * file.size() + limits::unpaid_items) {
  for (const SuppliedBuffer& buffer : options_.buffers)
    writable_buffers_ = writable_buffers_ || buffer.writable;
}

void Machine::renew() {
  input_.drop_frame();
  memo_.clear();
  next_buffer_ = 0;
}

void Machine::fail(Fault fault, std::string message) const {
  throw Rejection{fault, std::move(message)};
}

void Machine::unsupported(std::string what) const {
  throw DecodeError(ErrorKind::unsupported, opcode_offset_, "pickle", what);
}

NodeId Machine::load() {
  stack_.shrink(0);
  marks_.shrink(0);
  fence_ = 0;
  protocol_ = 0;
  input_.begin_load();
  if (marks_on_stack_) {
    mark_object_ = graph_.call(graph_.global(graph_.string("__builtin__"), graph_.string("object")),
                               Graph::empty_tuple);
    mark_objects_.push_back(mark_object_);
  }
  return run();
}

// The loop. Opcodes that the lane does not have yet fall through to `unknown`.
NodeId Machine::run() {
  using enum Code;
  for (;;) {
    opcode_offset_ = input_.offset();
    std::uint8_t opcode;
    if (!input_.next_opcode(opcode)) fail(Fault::end_of_input, "Ran out of input");
    switch (static_cast<Code>(opcode)) {
      // clang-format off
      case MARK: op_mark(); continue;
      case STOP: return pop();
      case POP: op_pop(); continue;
      case POP_MARK: op_pop_mark(); continue;
      case DUP: op_dup(); continue;
      case GET: op_get(); continue;
      case BINGET: op_binget(); continue;
      case LONG_BINGET: op_long_binget(); continue;
      case PUT: op_put(); continue;
      case BINPUT: op_binput(); continue;
      case LONG_BINPUT: op_long_binput(); continue;
      case MEMOIZE: if (!protocol_4_) break; op_memoize(); continue;

      case NONE: push(Graph::none); continue;
      case NEWTRUE: push(Graph::true_); continue;
      case NEWFALSE: push(Graph::false_); continue;
      case INT: op_int(); continue;
      case BININT: op_binint(); continue;
      case BININT1: op_binint1(); continue;
      case BININT2: op_binint2(); continue;
      case LONG: op_long(); continue;
      case LONG1: op_long1(); continue;
      case LONG4: op_long4(); continue;
      case FLOAT: op_float(); continue;
      case BINFLOAT: op_binfloat(); continue;

      case STRING: op_string(); continue;
      case BINSTRING: op_binstring(); continue;
      case SHORT_BINSTRING: op_short_binstring(); continue;
      case UNICODE: op_unicode(); continue;
      case SHORT_BINUNICODE: if (!protocol_4_) break; op_short_binunicode(); continue;
      case BINUNICODE: op_binunicode(); continue;
      case BINUNICODE8: if (!protocol_4_) break; op_binunicode8(); continue;
      case SHORT_BINBYTES: if (!protocol_3_) break; op_short_binbytes(); continue;
      case BINBYTES: if (!protocol_3_) break; op_binbytes(); continue;
      case BINBYTES8: if (!protocol_4_) break; op_binbytes8(); continue;
      case BYTEARRAY8: if (!protocol_5_) break; op_bytearray8(); continue;
      case NEXT_BUFFER: if (!protocol_5_) break; op_next_buffer(); continue;
      case READONLY_BUFFER: if (!protocol_5_) break; op_readonly_buffer(); continue;

      case EMPTY_TUPLE: op_empty_tuple(); continue;
      case TUPLE1: op_tuple1(); continue;
      case TUPLE2: op_tuple2(); continue;
      case TUPLE3: op_tuple3(); continue;
      case TUPLE: op_tuple(); continue;
      case EMPTY_LIST: op_empty_list(); continue;
      case LIST: op_list(); continue;
      case APPEND: op_append(); continue;
      case APPENDS: op_appends(); continue;
      case EMPTY_DICT: op_empty_dict(); continue;
      case DICT: op_dict(); continue;
      case SETITEM: op_setitem(); continue;
      case SETITEMS: op_setitems(); continue;
      case EMPTY_SET: if (!protocol_4_) break; op_empty_set(); continue;
      case ADDITEMS: if (!protocol_4_) break; op_additems(); continue;
      case FROZENSET: if (!protocol_4_) break; op_frozenset(); continue;

      case GLOBAL: op_global(); continue;
      case STACK_GLOBAL: if (!protocol_4_) break; op_stack_global(); continue;
      case INST: op_inst(); continue;
      case OBJ: op_obj(); continue;
      case REDUCE: op_reduce(); continue;
      case NEWOBJ: op_newobj(); continue;
      case NEWOBJ_EX: if (!protocol_4_) break; op_newobj_ex(); continue;
      case BUILD: op_build(); continue;
      case EXT1: op_ext1(); continue;
      case EXT2: op_ext2(); continue;
      case EXT4: op_ext4(); continue;
      case PERSID: op_persid(); continue;
      case BINPERSID: op_binpersid(); continue;
      case PROTO: op_proto(); continue;
      case FRAME: if (!protocol_4_) break; op_frame(); continue;
        // clang-format on
    }
    if (opcode == 0 && profile_.has(Quirk::nul_ends_input)) fail(Fault::end_of_input);
    fail(Fault::unknown_opcode, invalid_load_key(opcode));
  }
}

Unpickler::Unpickler(Graph& graph, Bytes file, const Profile& profile, UnpickleOptions options)
    : machine_(std::make_unique<Machine>(graph, file, profile, std::move(options))) {}
Unpickler::~Unpickler() = default;
Unpickler::Unpickler(Unpickler&&) noexcept = default;
Unpickler& Unpickler::operator=(Unpickler&&) noexcept = default;

void Unpickler::renew() {
  machine_->renew();
}

Outcome Unpickler::load() {
  Outcome outcome;
  const auto reject = [&](std::string_view error, std::string message) {
    outcome.status = Status::rejected;
    outcome.error = error;
    outcome.message = std::move(message);
  };
  try {
    outcome.value = machine_->load();
    outcome.accepted = true;
    outcome.status = Status::accepted;
    outcome.consumed = machine_->file_position();
  } catch (const Rejection& rejection) {
    reject(exception_class(rejection.fault, machine_->profile()), rejection.message);
  } catch (const Unhashable& unhashable) {
    reject(exception_class(Fault::type_error, machine_->profile()), unhashable.what());
  } catch (const DecodeError& error) {
    outcome.status = error.kind() == ErrorKind::limit         ? Status::limit
                     : error.kind() == ErrorKind::unsupported ? Status::unsupported
                                                              : Status::internal;
    outcome.message = error.what();
  } catch (const std::bad_alloc&) {
    outcome.status = Status::limit;
    outcome.message = "out of memory";
  }
  outcome.offset = machine_->opcode_offset();
  return outcome;
}

Outcome unpickle(Graph& graph, Bytes file, const Profile& profile, UnpickleOptions options) {
  return Unpickler(graph, file, profile, std::move(options)).load();
}

}  // namespace assay::pickle
