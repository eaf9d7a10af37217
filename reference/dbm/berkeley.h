// Files of Berkeley DB 3.0 to 5.3: metadata and pages, in either byte order.
// README.md, "Berkeley DB", is the specification.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "reference/bytes/ordered.h"
#include "reference/dbm/entry.h"
#include "reference/dbm/magic.h"

namespace assay::dbm {

// Types of pages (db_page.h).
enum class PageType : std::uint8_t {
  invalid = 0,
  duplicate = 1,  // before 3.1
  hash_unsorted = 2,
  btree_internal = 3,
  recno_internal = 4,
  btree_leaf = 5,
  recno_leaf = 6,
  overflow = 7,
  hash_meta = 8,
  btree_meta = 9,
  queue_meta = 10,
  queue_data = 11,
  duplicate_leaf = 12,
  hash = 13,
};

// "btree leaf", ... ; "unknown" for any other number.
std::string_view name(PageType type);

// What the metadata page of a database says, as far as reading needs it.
struct BerkeleyMeta {
  Format format = Format::unknown;
  bool big_endian = false;
  std::uint32_t version = 0;
  std::uint32_t page_size = 0;
  std::uint32_t last_page = 0;
  std::uint32_t flags = 0;
  bool checksums = false;
  bool recno = false;         // a btree of record numbers
  bool subdatabases = false;  // the entries name further databases in the file
  bool duplicates = false;
  // btree, recno
  std::uint32_t root = 0;
  // hash
  std::uint32_t max_bucket = 0, high_mask = 0, low_mask = 0;
  std::uint32_t charkey = 0;
  std::array<std::uint32_t, 32> spares = {};
  // queue; fixed-length recno
  std::uint32_t first_record = 0, current_record = 0;
  std::uint32_t record_length = 0, records_per_page = 0, extent_pages = 0;
};

// The metadata on page `page` of a file. Throws DecodeError: unsupported for
// encrypted files, versions before 3.0 and after 5.3, heaps, compression,
// partitions; malformed when it contradicts itself.
BerkeleyMeta read_berkeley_meta(Bytes file, std::uint32_t page = 0);

// The fields that every page but a queue's begins with.
struct PageHeader {
  std::uint32_t number, previous, next;
  std::uint16_t entries;  // overflow: how many refer to it
  std::uint16_t high;     // where items begin; overflow: bytes on the page
  std::uint8_t level;
  PageType type;
};

// The pages of one file.
class BerkeleyPages {
 public:
  BerkeleyPages(Bytes file, const BerkeleyMeta& meta, ReadOptions options);

  std::uint32_t page_size() const { return page_size_; }
  // Pages that are in the file as a whole.
  std::uint64_t count() const { return file_.size() / page_size_; }
  // Where what follows the header begins.
  std::uint32_t overhead() const { return overhead_; }
  const Ordered& file() const { return file_; }

  // A page; throws when the file does not have it.
  Ordered page(std::uint32_t number) const;
  // Its header; throws when it is not the page of that number, or its items'
  // offsets do not fit.
  PageHeader header(const Ordered& page, std::uint32_t number) const;
  // The offset of item `index` in a page.
  std::uint16_t item(const Ordered& page, std::uint32_t index) const {
    return page.u16(overhead_ + 2 * std::uint64_t{index}, "inp");
  }

  // The same as page(), for pages that a sound file leads to only once. Throws
  // when there were more such calls than pages: a chain is a loop. (In a file to
  // be salvaged some loops must not cost the rest: eight times as many.)
  Ordered visit(std::uint32_t number);
  // The same pages, none visited yet.
  BerkeleyPages anew() const {
    BerkeleyPages pages = *this;
    pages.visits_ = 0;
    return pages;
  }

  // The bytes of an overflow item: a view where it lies on one page, else
  // assembled in `pieces`. Counts its pages as visited if `counted`.
  Bytes overflow(std::uint32_t first, std::uint32_t size, std::string& pieces, bool counted);

 private:
  Ordered file_;
  std::uint32_t page_size_;
  std::uint32_t overhead_;
  std::uint64_t visits_ = 0;
  std::uint64_t most_visits_;
};

}  // namespace assay::dbm
