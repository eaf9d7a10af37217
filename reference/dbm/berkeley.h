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

// The bytes of a metadata page over which its checksum goes, and which a file must
// have to be opened (db_page.h, DBMETASIZE).
constexpr std::uint32_t berkeley_meta_bytes = 512;

// Whether the checksum of a metadata page is right; also if it has none.
// `metadata` is its berkeley_meta_bytes bytes.
bool berkeley_meta_is_whole(const Ordered& metadata);

// The metadata on page `page` of a file. Throws DecodeError: unsupported for
// encrypted files, versions before 3.0 and after 5.3, heaps, compression,
// partitions; malformed when it contradicts itself, or its checksum is wrong.
// The latter is noted in `doubts` instead, if given.
BerkeleyMeta read_berkeley_meta(Bytes file, std::uint32_t page = 0,
                                std::vector<Loss>* doubts = nullptr);

// The fields that every page but a queue's begins with.
struct PageHeader {
  std::uint32_t number, previous, next;
  std::uint16_t entries;  // overflow: how many refer to it
  std::uint16_t high;     // where items begin; overflow: bytes on the page
  std::uint8_t level;
  PageType type;
};

// Throws: the page is of a type that it cannot be where it stands; `wanted` says of which
// it should be.
[[noreturn]] void wrong_type(const Ordered& page, std::uint32_t number, std::string_view wanted);

// The pages of one file.
class BerkeleyPages {
 public:
  // `doubts` is where it is noted what is given although it is doubtful.
  BerkeleyPages(Bytes file, const BerkeleyMeta& meta, ReadOptions options,
                std::vector<Loss>* doubts);

  std::uint32_t page_size() const { return page_size_; }
  // Pages that are in the file as a whole.
  std::uint64_t count() const { return file_.size() / page_size_; }
  // Where what follows the header begins.
  std::uint32_t overhead() const { return overhead_; }
  const Ordered& file() const { return file_; }

  // Pages to which the library goes, from the first one on: README.md, "The last
  // page". May be more or fewer than the file has. All of them when salvaging.
  std::uint64_t within() const { return within_; }
  // The library makes a hash's page for which it looks beyond them, an empty one,
  // and goes up to it from then on.
  void make(std::uint32_t number);
  // Whether there is nothing on the page: it was made, or (when reading as the
  // library) the file does not have it.
  bool empty(std::uint32_t number) const;
  // Notes, at the end of the reading, if pages behind last_pgno hold something.
  void note_pages_behind();
  // The same when salvaging, if the file ends before last_pgno.
  void note_pages_missing();

  // What a page that the file has says it is.
  PageType type(std::uint32_t number) const {
    return static_cast<PageType>(file_.u8(std::uint64_t{number} * page_size_ + 25, "type"));
  }
  // The page that a page of the file says comes behind it; 0 for none.
  std::uint32_t next(std::uint32_t number) const {
    return file_.u32(std::uint64_t{number} * page_size_ + 16, "next_pgno");
  }
  // A page; throws when the file does not have it, the library does not go there,
  // or its checksum is wrong.
  Ordered page(std::uint32_t number) const;
  // Its header; throws when it is not the page of that number, or its items'
  // offsets do not fit.
  PageHeader header(const Ordered& page, std::uint32_t number) const;
  // Whether a page in a leaf's place is free, or was never written to: the library
  // passes over it, which is noted. Never when salvaging.
  bool passes_over(const Ordered& page, const PageHeader& head, std::uint32_t number) const;
  // The offset of item `index` in a page.
  std::uint16_t item(const Ordered& page, std::uint32_t index) const {
    return page.u16(overhead_ + 2 * std::uint64_t{index}, "inp");
  }

  // The same as page(), for pages that a sound file leads to only once. Throws
  // when there were more such calls than pages: a chain is a loop. (In a file to
  // be salvaged some loops must not cost the rest: eight times as many.)
  Ordered visit(std::uint32_t number);
  // The same pages, none visited or made yet.
  BerkeleyPages anew() const;

  // The bytes of an overflow item: a view where it lies on one page, else
  // assembled in `pieces`. Counts its pages as visited if `counted`.
  Bytes overflow(std::uint32_t first, std::uint32_t size, std::string& pieces, bool counted);

  // A key against an overflow item: less than, equal to or greater than 0. As many pages
  // are read as are needed.
  int compare(Bytes key, std::uint32_t first, std::uint32_t size) const;

 private:
  bool is_whole(const Ordered& page) const;
  void doubt_longer(const Ordered& page, const PageHeader& head, std::uint64_t left);

  Ordered file_;
  std::uint32_t page_size_;
  std::uint32_t overhead_;
  std::uint64_t visits_ = 0;
  std::uint64_t most_visits_;
  ReadOptions options_;
  std::vector<Loss>* doubts_;
  std::uint64_t within_, within_at_first_;
  std::uint64_t last_page_;  // last_pgno
  bool mapped_;              // the library reads it from memory, not through its cache
  bool checksums_, queue_, hash_;
  // By number; empty if there is none.
  std::vector<bool> made_;
  mutable std::vector<bool> doubted_;  // the checksum is noted to be wrong
};

}  // namespace assay::dbm
