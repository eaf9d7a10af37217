// The pickle machine: reads a pickle as one CPython lane does, and says what
// that lane would: the value, or the class of the exception, and how many bytes
// of the file were read.
//
// Nothing that the pickle names is imported or called. Globals are nodes;
// calls, states and items are recorded on instance nodes, except for the
// constructors of built-in types in resolve.h. A value's memory is linear in
// the input.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/pickle/profile.h"
#include "reference/value/equality.h"
#include "reference/value/graph.h"

namespace assay::pickle {

// An entry of copyreg's extension registry.
struct Extension {
  std::int64_t code = 0;
  std::string module;
  std::string name;
};

// A name as find_class gets it: two strings of the graph.
struct LookedUp {
  NodeId module = no_node;
  NodeId name = no_node;
};

// The arguments of Unpickler(), and what stands in for its environment.
// Python 2 has no encoding, errors and fix_imports and ignores them.
struct UnpickleOptions {
  std::string encoding = "ASCII";
  std::string errors = "strict";
  bool fix_imports = true;
  // Out-of-band buffers, in order; their data must outlive the graph.
  std::vector<SuppliedBuffer> buffers;
  // Whether the unpickler defines persistent_load.
  bool persistent = true;
  // What persistent_load gives for a pid; by default a persid node.
  std::function<NodeId(Graph&, NodeId pid)> persistent_load;
  std::vector<Extension> extensions;
  // An extension code that is not registered gives ext(code) instead of
  // ValueError.
  bool symbolic_extensions = false;
  // Leaves the constructors of resolve.h as call nodes.
  bool symbolic = false;
  // What find_class is called with, in order, before fix_imports renames it: also
  // where it, or loading later on, fails. Null: nobody asks.
  std::vector<LookedUp>* looked_up = nullptr;
};

enum class Status : std::uint8_t {
  accepted,
  rejected,     // as the profile rejects it: `error` is the exception's class
  unsupported,  // outside what the machine implements (`message` says what)
  limit,        // a row of bytes/limits.h was exceeded
  internal,     // a bug in Assay
};

// What became of one load().
struct Outcome {
  bool accepted = false;
  Status status = Status::internal;
  NodeId value = no_node;      // accepted
  std::string_view error;      // rejected: "UnpicklingError"; static storage
  std::string message;         // not accepted: why, for people
  std::uint64_t offset = 0;    // of the opcode byte last executed, in the file
  std::uint64_t consumed = 0;  // accepted: the file's position after load()
};

class Machine;

// An Unpickler on a file that supports read, readinto and readline and not
// peek: io.BytesIO in Python 3, cStringIO.StringIO in Python 2.
class Unpickler {
 public:
  // `file` and the options' buffers must outlive the graph: strings in it are
  // views into them.
  Unpickler(Graph& graph, Bytes file, const Profile& profile, UnpickleOptions options = {});
  ~Unpickler();
  Unpickler(Unpickler&&) noexcept;
  Unpickler& operator=(Unpickler&&) noexcept;

  // Reads the next pickle of the file. The memo survives; after an outcome that
  // is not accepted, further calls give what the lane would, as far as its
  // state is defined.
  Outcome load();

  // As if a new Unpickler were made on the file where it now stands: an empty
  // memo, the buffers from the first on.
  void renew();

 private:
  std::unique_ptr<Machine> machine_;
};

// One load() of a new Unpickler.
Outcome unpickle(Graph& graph, Bytes file, const Profile& profile, UnpickleOptions options = {});

}  // namespace assay::pickle
