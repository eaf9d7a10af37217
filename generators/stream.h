// What generators of streams give, and what the command knows of a format.
//
// A format plugs in with one StreamFormat: how a stream is made from choices,
// which streams are simpler than one, how it is written down, and where a reader
// stops in it. `assay fuzz` and the properties know no more of a format.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generators/choices.h"
#include "harness/corpus/case.h"
#include "harness/corpus/corpus.h"

namespace assay::generators {

// An input as an adapter is asked to decode it, a value to encode, or a script.
struct Stream {
  std::string bytes;                 // or value text, or the lines of a script
  std::vector<CaseOption> options;   // sorted by key
  std::vector<std::string> buffers;  // hex, "w:" before writable ones
  int protocol = -1;                 // encode: what to write
  bool operator==(const Stream&) const = default;
};

struct StreamFormat {
  std::string_view name;  // as cases and adapters call it: "pickle"

  // A stream. `seeds` are streams of the corpus to mutate and to splice; there
  // may be none. The same choices and seeds make the same stream.
  Stream (*make)(Choices& choices, std::span<const Stream> seeds);

  // Streams that are simpler than this one (fewer instructions, smaller
  // arguments, fewer bytes, fewer options), the boldest first, about `limit` at
  // most. Every chain of them ends.
  std::vector<Stream> (*simpler)(const Stream& stream, std::size_t limit);

  // The bytes as a case writes them: assembly text, one instruction a line.
  // Empty where the format has none; then a case has hex.
  std::string (*source)(std::string_view bytes);

  // Where the reference, as the profile of that name (or its default), stops
  // reading the stream: the name of an instruction. For telling causes apart.
  std::string (*place)(const Stream& stream, std::string_view profile);

  // Why what becomes of the stream depends on the machine's memory, if it does:
  // a count or an index that some reader allocates for before it looks whether
  // the data is there. Asked of streams that an oracle has no memory for.
  std::optional<std::string> (*needs_memory)(std::string_view bytes);

  // What is asked: to decode the bytes, to write them ("encode"), which are value
  // text, or to run them as a script ("write").
  std::string_view operation = "decode";

  // How many streams in a row are made from the same choices, each a variant of
  // what `make` gives.
  unsigned variants = 1;
  Stream (*variant)(Stream stream, unsigned number) = nullptr;

  // encode: the name of the part of what was written that holds the byte at
  // `offset`. For telling causes apart.
  std::string (*written_part)(std::string_view data, std::size_t offset) = nullptr;

  // encode: why what two sides wrote, `profile` or who imitates it, may differ
  // though each is right; nothing where it may not.
  std::optional<std::string> (*may_differ)(const Stream& stream, std::string_view profile,
                                           std::string_view a, std::string_view b) = nullptr;

  // encode: why the exceptions with which two sides refuse a value may differ though
  // each is right; nothing where they may not. nullptr where they never may.
  std::optional<std::string> (*refusals_may_differ)(const Stream& stream,
                                                    std::string_view profile) = nullptr;

  // encode: whether two sides wrote the same though the bytes differ, where a format
  // leaves a writer free; nullptr where it does not.
  bool (*written_alike)(const Stream& stream, std::string_view profile, std::string_view a,
                        std::string_view b) = nullptr;
};

// Every format that has generators.
std::span<const StreamFormat> stream_formats();

// The format of that name and operation, or nullptr; without an operation the
// first of that name.
const StreamFormat* find_stream_format(std::string_view name, std::string_view operation = {});

// The streams of a format's cases that are short enough to mutate, in the
// corpus' order.
std::vector<Stream> corpus_streams(const Corpus& corpus, const StreamFormat& format);

// Stream `index` of the run `seed`.
Stream make_stream(const StreamFormat& format, std::uint64_t seed, std::uint64_t index,
                   std::span<const Stream> seeds);

}  // namespace assay::generators
