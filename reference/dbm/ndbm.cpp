#include "reference/dbm/ndbm.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::dbm {
namespace {

// 1024: ndbm, sdbm; 4096: ndbm of some systems; 8192: sdbm of APR.
constexpr std::uint32_t page_sizes[] = {1024, 4096, 8192, 16384};

// A page begins with a count and as many offsets, two for each pair: keys and
// values lie from its end down. sdbm.c, chkpage().
const char* fault(const Ordered& page) {
  const std::uint32_t count = page.u16(0, "count");
  if (count % 2 != 0) return "an odd count of offsets";
  if (2 * (std::uint64_t{count} + 1) > page.size()) return "more offsets than the page holds";
  std::uint64_t end = page.size();
  for (std::uint32_t i = 1; i <= count; ++i) {
    const std::uint16_t begin = page.u16(2 * std::uint64_t{i}, "offset");
    if (begin > end || begin < 2 * (count + 1)) return "offsets that do not descend";
    end = begin;
  }
  return nullptr;
}

bool is_sound(Bytes pag, const NdbmShape& shape) {
  const Ordered file(pag, shape.big_endian);
  for (std::uint64_t at = 0; file.size() - at >= shape.page_size; at += shape.page_size)
    if (fault(file.window(at, shape.page_size, "page")) != nullptr) return false;
  return file.size() >= shape.page_size || file.size() == 0;
}

}  // namespace

std::optional<NdbmShape> ndbm_shape(Bytes pag) {
  for (const std::uint32_t page_size : page_sizes)
    for (const bool big_endian : {false, true})
      if (is_sound(pag, {page_size, big_endian})) return NdbmShape{page_size, big_endian};
  return std::nullopt;
}

NdbmStream::NdbmStream(Bytes pag, ReadOptions options)
    : EntryStream(options),
      shape_(ndbm_shape(pag).value_or(NdbmShape{})),
      file_(pag, shape_.big_endian) {}

bool NdbmStream::next_page() {
  for (; at_page_ < file_.size(); at_page_ += shape_.page_size) {
    try {
      page_ = file_.window(at_page_, shape_.page_size, "page");
      if (const char* wrong = fault(page_))
        throw DecodeError(ErrorKind::malformed, at_page_, "page",
                          fmt::format("page {} has {}", at_page_ / shape_.page_size, wrong));
      count_ = page_.u16(0, "count");
      at_ = 0;
      end_ = shape_.page_size;
      at_page_ += shape_.page_size;
      visited(shape_.page_size);
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  return false;
}

bool NdbmStream::next(Entry& entry) {
  while (at_ >= count_)
    if (!next_page()) return false;
  const std::uint16_t key = page_.u16(2 * std::uint64_t{at_ + 1}, "offset of a key");
  const std::uint16_t value = page_.u16(2 * std::uint64_t{at_ + 2}, "offset of a value");
  entry = {};
  entry.key = page_.bytes(key, end_ - key, "key");
  entry.value = page_.bytes(value, static_cast<std::uint64_t>(key - value), "value");
  entry.offset = page_.offset(key);
  end_ = value;
  at_ += 2;
  return true;
}

bool NdbmStream::find(Bytes key, Entry& entry) {
  NdbmStream all(file_.data(), {});
  while (all.next(entry))
    if (std::equal(key.begin(), key.end(), entry.key.begin(), entry.key.end())) return true;
  return false;
}

}  // namespace assay::dbm
