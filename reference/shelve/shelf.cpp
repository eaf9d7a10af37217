#include "reference/shelve/shelf.h"

namespace assay::shelve {
namespace {

constexpr int looked_at = 8;  // entries, of which most must be pickles

}  // namespace

Shelf::Shelf(dbm::EntryStream& store, ShelfOptions options)
    : store_(store), options_(std::move(options)) {}

bool Shelf::next(Graph& graph, ShelfEntry& entry) {
  dbm::Entry stored;
  if (!store_.next(stored)) return false;
  entry = {};
  entry.raw_key = stored.key;
  entry.offset = stored.offset;
  entry.key = stored.numbered              ? graph.integer(stored.number)
              : options_.profile.python2() ? graph.bytes(stored.key)
                                           : decode_key(graph, stored.key, options_.key_encoding);
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
