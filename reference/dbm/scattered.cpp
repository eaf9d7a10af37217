#include "reference/dbm/scattered.h"

#include <algorithm>
#include <cstring>

namespace assay::dbm {
namespace {

constexpr std::uint64_t most_regions = 2048;
constexpr unsigned smallest_region_bits = 16;
// What a page fault brings into the process: Linux maps the neighbours with it.
constexpr std::uint64_t fault_bytes = 1u << 16;

}  // namespace

void ScatteredEntries::add(std::uint64_t at, std::uint32_t key, std::uint32_t value,
                           std::uint32_t hash) {
  const Place place{at, key, value, static_cast<std::uint32_t>(bytes_), hash};
  if (place.size() <= most_copied) bytes_ += place.size();
  places_.push_back(place);
}

void ScatteredEntries::clear() {
  places_.clear();
  bytes_ = 0;
  next_ = 0;
}

// A counting sort: within a region the order does not matter.
void ScatteredEntries::order_by_region() {
  region_begin_.assign(region_begin_.size(), 0);
  for (const Place& place : places_) ++region_begin_[region_of(place) + 1];
  for (std::size_t i = 1; i < region_begin_.size(); ++i) region_begin_[i] += region_begin_[i - 1];
  order_.resize(places_.size());
  std::vector<std::uint32_t> at(region_begin_);
  for (std::size_t i = 0; i < places_.size(); ++i)
    order_[at[region_of(places_[i])]++] = static_cast<std::uint32_t>(i);
}

void ScatteredEntries::copy_region(std::size_t region, const MappedFile& file) {
  const std::uint32_t begin = region_begin_[region], end = region_begin_[region + 1];
  const std::uint8_t* from = file.bytes().data();
  for (std::uint32_t i = begin; i < end; ++i) {
    const Place& place = places_[order_[i]];
    if (place.size() <= most_copied)
      std::memcpy(copies_.data() + place.copy, from + place.at, place.size());
  }
  file.visited(
      std::min(std::uint64_t{end - begin} * fault_bytes, std::uint64_t{1} << region_bits_));
}

void ScatteredEntries::fetch(const MappedFile& file) {
  file_ = &file;
  region_bits_ = smallest_region_bits;
  while (file.bytes().size() >> region_bits_ >= most_regions) ++region_bits_;
  region_begin_.resize((file.bytes().size() >> region_bits_) + 2);
  if (copies_.size() < bytes_) copies_.resize(bytes_);
  order_by_region();
  for (std::size_t region = 0; region + 1 < region_begin_.size(); ++region)
    copy_region(region, file);
}

bool ScatteredEntries::next(Entry& entry, std::uint32_t& hash) {
  if (next_ == places_.size()) return false;
  const Place& place = places_[next_++];
  hash = place.hash;
  entry = {};
  entry.offset = place.at;
  const bool copied = place.size() <= most_copied;
  const Bytes both = copied ? Bytes(copies_).subspan(place.copy, place.size())
                            : file_->bytes().subspan(place.at, place.size());
  if (!copied) file_->visited(place.size());
  entry.key = both.first(place.key);
  entry.value = both.subspan(place.key);
  return true;
}

}  // namespace assay::dbm
