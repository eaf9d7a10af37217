#include "reference/shelve/shelf.h"

#include <cctype>

#include "reference/value/utf8.h"

namespace assay::shelve {
namespace {

constexpr int looked_at = 8;  // entries, of which most must be pickles

// The str of Latin-1 bytes, or of ASCII, kept in the graph.
NodeId latin1(Graph& graph, Bytes key) {
  std::string text;
  for (const std::uint8_t byte : key) {
    if (byte < 0x80) {
      text += static_cast<char>(byte);
    } else {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return graph.string(graph.keep(as_bytes(text)));
}

NodeId decoded_key(Graph& graph, Bytes key, const ShelfOptions& options) {
  if (options.profile.python2()) return graph.bytes(key);
  switch (options.key_encoding) {
    case KeyEncoding::utf8:
      return valid_utf8(key, false) ? graph.string(key) : no_node;
    case KeyEncoding::ascii:
      return is_ascii(key) ? graph.string(key) : no_node;
    case KeyEncoding::latin1:
      return latin1(graph, key);
  }
  return no_node;
}

}  // namespace

std::optional<KeyEncoding> parse_key_encoding(std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != '-' && c != '_' && c != ' ')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (plain == "utf8" || plain == "u8") return KeyEncoding::utf8;
  if (plain == "latin1" || plain == "latin" || plain == "iso88591" || plain == "l1")
    return KeyEncoding::latin1;
  if (plain == "ascii" || plain == "usascii") return KeyEncoding::ascii;
  return std::nullopt;
}

Shelf::Shelf(dbm::EntryStream& store, ShelfOptions options)
    : store_(store), options_(std::move(options)) {}

bool Shelf::next(Graph& graph, ShelfEntry& entry) {
  dbm::Entry stored;
  if (!store_.next(stored)) return false;
  entry = {};
  entry.raw_key = stored.key;
  entry.offset = stored.offset;
  entry.key =
      stored.numbered ? graph.integer(stored.number) : decoded_key(graph, stored.key, options_);
  entry.value = pickle::unpickle(graph, stored.value, options_.profile, options_.unpickle);
  if (entry.value.accepted) entry.extra = stored.value.size() - entry.value.consumed;
  return true;
}

bool looks_like_shelf(dbm::EntryStream& store) {
  Shelf shelf(store, {});
  int seen = 0, pickles = 0;
  for (; seen < looked_at; ++seen) {
    Graph graph;
    ShelfEntry entry;
    if (!shelf.next(graph, entry)) break;
    pickles += entry.value.accepted && entry.extra == 0;
  }
  return 2 * pickles > seen;
}

}  // namespace assay::shelve
