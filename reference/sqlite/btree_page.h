// One page of a b-tree: its header, its cell pointers, its cells. What the cells
// say is for the record layer. SQLite file format, 1.6.
#pragma once

#include <cstdint>
#include <string>

#include "reference/bytes/cursor.h"

namespace assay::sqlite {

enum class TreeKind : std::uint8_t { table, index };

// One cell, as views into its page.
struct Cell {
  std::size_t at = 0;            // offset in the page
  std::size_t size = 0;          // bytes of the page that are the cell's, at least 4
  std::uint32_t left_child = 0;  // interior pages
  std::int64_t rowid = 0;        // table trees
  std::uint64_t payload_size = 0;
  Bytes local;                      // the part of the payload in this page
  std::uint32_t overflow_page = 0;  // where the rest is; 0 when all is here
};

class BtreePage {
 public:
  BtreePage() = default;

  // Reads the header of page `number`; `page` is the whole page, `offset` where
  // it stands in the database file. Throws DecodeError, naming the page, for a
  // page of no kind and for cell pointers that do not fit.
  BtreePage(Bytes page, std::uint32_t number, std::uint32_t usable_size, std::uint64_t offset);

  TreeKind kind() const { return kind_; }
  bool leaf() const { return leaf_; }
  std::uint32_t number() const { return number_; }
  std::uint32_t cells() const { return cells_; }
  std::uint32_t right_child() const { return right_child_; }  // interior pages

  // Fields of the header that only an integrity check wants.
  std::uint32_t first_freeblock() const;
  std::uint32_t content_start() const;  // 65536 is written as 0
  std::uint32_t fragmented_bytes() const;
  std::size_t header_start() const { return start_; }
  std::size_t pointers_end() const { return pointers_ + 2 * std::size_t{cells_}; }
  std::uint32_t usable_size() const { return usable_; }
  Bytes bytes() const { return page_; }

  // Cell `index` < cells(). Throws DecodeError naming page and cell.
  Cell cell(std::uint32_t index) const;
  // Only the pointer to the left of it, and the key (a table's): interior pages.
  std::uint32_t left_child(std::uint32_t index) const;

  // Offset in the database file of a byte of this page.
  std::uint64_t offset_of(std::size_t at) const { return offset_ + at; }
  [[noreturn]] void malformed(std::uint32_t cell, std::size_t at, const char* field,
                              const std::string& what) const;

 private:
  std::size_t cell_start(std::uint32_t index) const;
  std::uint64_t local_payload(std::uint64_t payload) const;

  Bytes page_;
  std::uint64_t offset_ = 0;
  std::size_t start_ = 0;     // of the b-tree header: 100 in page 1
  std::size_t pointers_ = 0;  // of the cell pointer array
  std::uint32_t number_ = 0;
  std::uint32_t usable_ = 0;
  std::uint32_t cells_ = 0;
  std::uint32_t right_child_ = 0;
  std::uint32_t max_local_ = 0, min_local_ = 0;
  TreeKind kind_ = TreeKind::table;
  bool leaf_ = true;
};

}  // namespace assay::sqlite
