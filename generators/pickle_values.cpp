#include "generators/pickle_values.h"

#include <algorithm>
#include <set>
#include <vector>

#include "generators/value_graphs.h"
#include "generators/value_simpler.h"
#include "reference/bytes/error.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/machine.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::generators {
namespace {

constexpr unsigned protocols = 6;

void set_option(Stream& stream, std::string key, decltype(CaseOption::value) value) {
  stream.options.push_back({std::move(key), std::move(value)});
  std::sort(stream.options.begin(), stream.options.end(),
            [](const CaseOption& a, const CaseOption& b) { return a.key < b.key; });
}

Stream make_pickling(Choices& choices, std::span<const Stream> seeds) {
  // A value of the corpus in every protocol.
  if (!seeds.empty() && choices.chance(10)) return choices.one_of(seeds);
  Stream stream;
  ValueWorld world;
  world.persistent = choices.chance(10);
  world.python2 = choices.chance(4);
  world.large = choices.chance(4);
  world.hash_order = choices.chance(5);
  if (choices.chance(15)) {
    world.buffers = 3;
    stream.buffers = {"6162", "w:63", ""};
    if (choices.chance(40)) set_option(stream, "buffer_callback", std::string("oob"));
  }
  if (choices.chance(8))
    set_option(stream, "extensions",
               std::string(choices.one_of({"1=m:C,300=m:D,70000=n:E", "255=m:C,256=m:D,65535=n:E",
                                           "65536=m:C,2147483647=m:D,128=n:E"})));
  if (choices.chance(6)) set_option(stream, "fix_imports", false);
  if (choices.chance(6)) set_option(stream, "fast", true);
  if (choices.chance(10)) set_option(stream, "optimize", true);
  const auto size = static_cast<std::uint64_t>(std::max(choices.size(), 4));
  Graph graph;
  const NodeId root = make_value(
      choices, graph, world,
      choices.between(1, choices.chance(25) ? size / 2 : std::max(size / 10, std::uint64_t{2})));
  stream.bytes = print(graph, root, {.every_label = true});
  return stream;
}

Stream as_protocol(Stream stream, unsigned number) {
  stream.protocol = static_cast<int>(number);
  return stream;
}

// What shrinking goes by; it only ever gets smaller.
struct Size {
  std::size_t settings, objects, text;
  int protocol;
  std::string_view value;
  auto operator<=>(const Size&) const = default;
};

Size size_of(const Stream& stream) {
  return {stream.options.size() + stream.buffers.size(), value_size(stream.bytes),
          stream.bytes.size(), stream.protocol, stream.bytes};
}

}  // namespace

std::vector<Stream> simpler_encodings(const Stream& stream, std::size_t limit) {
  std::vector<Stream> found;
  std::set<std::string> seen;
  const Size size = size_of(stream);
  const auto offer = [&](Stream candidate) {
    if (found.size() < limit && size_of(candidate) < size) found.push_back(std::move(candidate));
  };
  for (std::size_t i = 0; i < stream.options.size(); ++i) {
    Stream fewer = stream;
    fewer.options.erase(fewer.options.begin() + static_cast<std::ptrdiff_t>(i));
    offer(fewer);
  }
  if (!stream.buffers.empty()) {
    Stream fewer = stream;
    fewer.buffers.pop_back();
    offer(fewer);
  }
  simpler_values(stream.bytes, [&](std::string value) {
    if (seen.insert(value).second) {
      Stream candidate = stream;
      candidate.bytes = std::move(value);
      offer(std::move(candidate));
    }
    return found.size() < limit;
  });
  for (int protocol = 0; protocol < stream.protocol; ++protocol) {
    Stream lower = stream;
    lower.protocol = protocol;
    offer(lower);
  }
  return found;
}

namespace {

std::string protocol_of(const Stream& stream, std::string_view) {
  return "protocol " + std::to_string(stream.protocol);
}

// The instruction that holds the byte at `offset`.
std::string instruction_at(std::string_view data, std::size_t offset) {
  Cursor cursor(as_bytes(data));
  try {
    while (!cursor.at_end()) {
      const pickle::Instruction one = pickle::read_instruction(cursor);
      if (offset < one.end()) return std::string(one.opcode->name);
    }
  } catch (const DecodeError&) {
    return "no instruction";
  }
  return "the end";
}

bool has_hash_order(std::string_view value, bool python2) {
  Graph graph;
  parse(graph, value);
  for (NodeId id = Graph::first_free; id < graph.size(); ++id) {
    const Kind kind = graph.kind(id);
    const std::size_t edges = graph.edges(id).size();
    if ((kind == Kind::set || kind == Kind::frozenset) && edges > 1) return true;
    if (kind == Kind::dict && python2 && edges > 2) return true;
  }
  return false;
}

pickle::UnpickleOptions read_options() {
  pickle::UnpickleOptions options;
  options.encoding = "bytes";
  options.symbolic_extensions = true;
  // As many as a value can take, which may take one several times.
  options.buffers.resize(200);
  return options;
}

bool is_letter(const pickle::Instruction& one) {
  return one.opcode->name.ends_with("BINUNICODE") && one.data.size() == 1;
}

// The instructions of a pickle in an order that says nothing, without the indices
// of the memo, which follow the order. `letters`: as if there were no texts of one
// letter, nor what the memo and the frames have of them.
std::vector<std::string> ingredients(std::string_view data, bool letters) {
  std::vector<std::string> all;
  Cursor cursor(as_bytes(data));
  while (!cursor.at_end()) {
    const pickle::Instruction one = pickle::read_instruction(cursor);
    const std::string_view name = one.opcode->name;
    const bool of_the_memo = name.ends_with("GET") || name.ends_with("PUT") || name == "MEMOIZE";
    if (letters && (of_the_memo || name == "FRAME" || is_letter(one))) continue;
    all.emplace_back(data.substr(one.offset, of_the_memo ? 1 : one.size));
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Of pickles that no reader accepts, such as those that call None.
bool has_the_same_ingredients(std::string_view a, std::string_view b, bool letters) {
  try {
    return ingredients(a, letters) == ingredients(b, letters);
  } catch (const DecodeError&) {
    return false;
  }
}

bool has_text_of_one_letter(std::string_view data) {
  Cursor cursor(as_bytes(data));
  try {
    while (!cursor.at_end()) {
      if (is_letter(pickle::read_instruction(cursor))) return true;
    }
  } catch (const DecodeError&) {
    return false;  // no pickle
  }
  return false;
}

// Whether a letter that came of interning is the letter that came of a text of one
// character depends in 3.11 and 3.12 on what the process interned before, and so
// does whether the name of a global is a GET (Objects/unicodeobject.c,
// PyUnicode_InternInPlace, get_latin1_char).
bool letters_are_apart(std::string_view profile, std::string_view a) {
  return (profile.starts_with("cpython-3.11-") || profile.starts_with("cpython-3.12-")) &&
         has_text_of_one_letter(a);
}

bool is_python2(std::string_view profile) {
  return profile.starts_with("cpython-2.");
}

std::optional<std::string> no_memory_needed(std::string_view) {
  return std::nullopt;
}

}  // namespace

std::optional<std::string> pickles_may_differ(const Stream& stream, std::string_view profile,
                                              std::string_view a, std::string_view b) {
  const bool python2 = is_python2(profile);
  const bool hashes = has_hash_order(stream.bytes, python2);
  const bool letters = letters_are_apart(profile, a);
  if (!hashes && !letters) return std::nullopt;
  Graph left, right;
  const auto one = pickle::unpickle(left, as_bytes(a), {}, read_options());
  const auto other = pickle::unpickle(right, as_bytes(b), {}, read_options());
  if (!one.accepted && !other.accepted && has_the_same_ingredients(a, b, letters))
    return hashes ? "pickles that no reader accepts, in the order of hashes"
                  : "pickles that no reader accepts, by which letters a process interned";
  if (!one.accepted || !other.accepted) return std::nullopt;
  try {
    if (first_difference(left, one.value, right, other.value, {python2 ? relax::dict_order : 0u}))
      return std::nullopt;
  } catch (const DecodeError&) {
    return std::nullopt;
  }
  if (!hashes) return "pickles of one value, by which letters a process interned";
  return python2 ? "pickles of one value, in the order of hashes (sets, dicts)"
                 : "pickles of one value, in the order of hashes (sets)";
}

std::optional<std::string> pickle_refusals_may_differ(const Stream& stream,
                                                      std::string_view profile) {
  if (!has_hash_order(stream.bytes, is_python2(profile))) return std::nullopt;
  return "refused for what comes first in the order of hashes";
}

const StreamFormat pickle_values_format = {.name = "pickle",
                                           .make = make_pickling,
                                           .simpler = simpler_encodings,
                                           .source = nullptr,
                                           .place = protocol_of,
                                           .needs_memory = no_memory_needed,
                                           .operation = "encode",
                                           .variants = protocols,
                                           .variant = as_protocol,
                                           .written_part = instruction_at,
                                           .may_differ = pickles_may_differ,
                                           .refusals_may_differ = pickle_refusals_may_differ};

}  // namespace assay::generators
