// Pages by number, whatever they hold: from the database file, or from what is
// laid over it by a write-ahead log or a rollback journal.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "reference/sqlite/file.h"
#include "reference/sqlite/header.h"

namespace assay::sqlite {

// Pages that stand elsewhere than in the database file.
struct Overlay {
  const File* file = nullptr;
  std::uint32_t page_size = 0;
  std::unordered_map<std::uint32_t, std::uint64_t> pages;  // number -> offset in `file`
  // Pages of the whole database where this overlay decides that.
  std::optional<std::uint32_t> page_count;
};

class Pager {
 public:
  // Files must outlive the pager. Later overlays lie over earlier ones. Reads
  // page 1 for the header. A database without any page has an empty schema:
  // page_count() is 0 then, and header() is what SQLite assumes.
  // Throws DecodeError for a header that is none, for a page count beyond the
  // file, for an overlay of another page size.
  Pager(const File& database, std::vector<Overlay> overlays);

  const Header& header() const { return header_; }
  std::uint32_t page_count() const { return page_count_; }
  std::uint32_t page_size() const { return header_.page_size; }
  std::uint32_t usable_size() const { return header_.usable_size(); }

  // The page that the operating system's locks stand on; it holds nothing.
  // SQLite file format, 1.4. Only databases beyond 1 GiB have one.
  std::uint32_t lock_byte_page() const { return 0x40000000 / header_.page_size + 1; }

  // Where a page begins in the database file, for messages.
  std::uint64_t offset_of(std::uint32_t page) const {
    return page == 0 ? 0 : (std::uint64_t{page} - 1) * header_.page_size;
  }

  // Reads a page into `out` (page_size() bytes). What a torn last page lacks is
  // zero. Throws DecodeError(malformed) naming `why` (the field that holds the
  // number) and `at`, its offset, when the database has no such page.
  void read(std::uint32_t page, std::span<std::uint8_t> out, const char* why,
            std::uint64_t at) const;

 private:
  const File* file_of(std::uint32_t page, std::uint64_t& offset) const;
  std::uint32_t count_pages() const;

  const File& database_;
  std::vector<Overlay> overlays_;
  Header header_;
  std::uint32_t page_count_ = 0;
};

}  // namespace assay::sqlite
