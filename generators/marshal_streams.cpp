#include "generators/marshal_streams.h"

#include <algorithm>

#include "generators/mutation.h"
#include "reference/marshal/assembler.h"
#include "reference/marshal/bytecode.h"
#include "reference/marshal/generated_data.h"
#include "reference/marshal/reader.h"
#include "reference/marshal/type_code.h"

namespace assay::generators {
namespace {

// Sizes that no machine minds.
constexpr std::uint32_t modest_size = 1 << 20;

marshal::Profile any_profile(Choices& choices) {
  return marshal::Profile::parse(choices.one_of(marshal::recorded_profiles())).value();
}

std::string generated(Choices& choices) {
  const marshal::Profile profile = any_profile(choices);
  std::vector<std::uint8_t> bytes(
      choices.between(4, 4 + 2 * static_cast<unsigned>(choices.size())));
  for (std::uint8_t& byte : bytes) byte = choices.byte();
  return marshal::StreamFromChoices(profile, bytes).build();
}

Stream make_marshal(Choices& choices, std::span<const Stream> seeds) {
  for (;;) {
    Stream stream;
    if (seeds.empty() || choices.chance(70)) {
      stream.bytes = generated(choices);
    } else {
      // Without its options: a change may make any Python's data of it.
      const std::vector<std::string_view> others = {choices.one_of(seeds).bytes};
      stream.bytes = mutated(choices, choices.one_of(seeds).bytes, others);
    }
    if (!marshal_needs_memory(stream.bytes)) return stream;
  }
}

// Fewer bytes, or None in the place of some: every step is shorter, or has
// fewer bytes that are not 'N'.
std::vector<Stream> simpler_marshal(const Stream& stream, std::size_t limit) {
  std::vector<Stream> all;
  const std::string& bytes = stream.bytes;
  const auto add = [&](std::string simpler) {
    if (all.size() < limit) all.push_back({std::move(simpler), stream.options, stream.buffers});
  };
  if (!stream.options.empty()) all.push_back({bytes, {}, stream.buffers});
  for (std::size_t size = std::max<std::size_t>(bytes.size() / 2, 1);; size /= 2) {
    for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
      std::string shorter = bytes;
      shorter.erase(at, size);
      add(shorter);
      if (size > 1) {
        shorter.insert(at, 1, static_cast<char>(marshal::type::none));
        add(std::move(shorter));
      } else if (bytes[at] != static_cast<char>(marshal::type::none)) {
        add(bytes.substr(0, at) + static_cast<char>(marshal::type::none) + bytes.substr(at + 1));
      }
    }
    if (size == 1) return all;
  }
}

std::string source_of(std::string_view bytes) {
  return marshal::disassemble(as_bytes(bytes), marshal::Profile());
}

// The name of the type code that the reference read last.
std::string place_of(const Stream& stream, std::string_view profile) {
  Graph graph;
  const marshal::Outcome outcome = marshal::read(
      graph, as_bytes(stream.bytes), marshal::Profile::parse(profile).value_or(marshal::Profile()));
  if (outcome.offset >= stream.bytes.size()) return "end";
  const auto code = static_cast<std::uint8_t>(stream.bytes[outcome.offset]);
  for (const marshal::TypeCode& row : marshal::type_codes())
    if (row.code == (code & ~marshal::type::flag_ref)) return std::string(row.name);
  return "no type";
}

bool has_undefined_bytecode(std::string_view bytes) {
  for (const std::string_view name : marshal::recorded_profiles()) {
    const marshal::Profile profile = marshal::Profile::parse(name).value();
    if (!profile.has(marshal::Quirk::locals_plus)) continue;
    Graph graph;
    marshal::read(graph, as_bytes(bytes), profile);
    for (NodeId id = Graph::first_free; id < graph.size(); ++id)
      if (graph.kind(id) == Kind::bytes &&
          marshal::crashes_when_read(graph.data(id), profile.version()))
        return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> marshal_needs_memory(std::string_view bytes) {
  // Any byte may be read as a type code: what stands before it decides.
  constexpr std::string_view sized = "([lsutaA";
  for (std::size_t i = 0; i + 5 <= bytes.size(); ++i) {
    const auto code = static_cast<std::uint8_t>(bytes[i]);
    if (sized.find(static_cast<char>(code & 0x7f)) == std::string_view::npos) continue;
    std::uint32_t size = Cursor(as_bytes(bytes.substr(i + 1, 4))).le32("size");
    if ((code & 0x7f) == 'l' && size > 0x80000000) size = ~size + 1;
    if (size > modest_size && size < 0x80000000)
      return "a size that some reader allocates before it looks whether the data are there";
  }
  const bool code = bytes.find_first_of("c\xe3") != std::string_view::npos;
  if (code && has_undefined_bytecode(bytes))
    return "bytecode that makes a CPython read what is not there";
  return std::nullopt;
}

const StreamFormat marshal_format = {"marshal", make_marshal, simpler_marshal,
                                     source_of, place_of,     marshal_needs_memory};

}  // namespace assay::generators
