// Entries that lie scattered over a large file, fetched many at a time.
//
// A hash file gives its entries in an order that has nothing to do with where they
// stand: read one by one, each costs a page fault, unless the whole file stays
// resident. So their places are collected first, and then fetched region by region
// from the beginning of the file to its end.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/dbm/entry.h"

namespace assay::dbm {

class ScatteredEntries {
 public:
  // Takes the place of the next entry, key and value behind it: `key` and `value`
  // bytes at `at`, which lie in the file that fetch() gets. next() gives `hash` back.
  void add(std::uint64_t at, std::uint32_t key, std::uint32_t value, std::uint32_t hash);
  bool full() const { return places_.size() == most_entries || bytes_ >= most_bytes; }
  bool empty() const { return places_.empty(); }

  // Fetches what was added since the last clear().
  void fetch(const MappedFile& file);
  // The entries in the order in which they were added; false behind the last one.
  bool next(Entry& entry, std::uint32_t& hash);
  void clear();

  // Bounds of the memory taken: 24 and 4 bytes for each place, and the copies.
  static constexpr std::size_t most_entries = std::size_t{1} << 19;
  static constexpr std::size_t most_bytes = std::size_t{1} << 25;
  // An entry larger than this is not copied: next() gives a view into the file.
  static constexpr std::size_t most_copied = std::size_t{1} << 16;

 private:
  struct Place {
    std::uint64_t at;
    std::uint32_t key, value;
    std::uint32_t copy;  // where its copy begins in copies_
    std::uint32_t hash;

    std::uint64_t size() const { return std::uint64_t{key} + value; }
  };

  void order_by_region();
  void copy_region(std::size_t region, const MappedFile& file);
  std::size_t region_of(const Place& place) const { return place.at >> region_bits_; }

  std::vector<Place> places_;
  std::vector<std::uint32_t> order_;         // indices of places_, by region
  std::vector<std::uint32_t> region_begin_;  // in order_, and the end of the last one
  std::vector<std::uint8_t> copies_;
  std::size_t bytes_ = 0;  // of the copies
  unsigned region_bits_ = 0;
  const MappedFile* file_ = nullptr;
  std::size_t next_ = 0;
};

}  // namespace assay::dbm
