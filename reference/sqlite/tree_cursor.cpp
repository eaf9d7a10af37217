#include "reference/sqlite/tree_cursor.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/sqlite/varint.h"

namespace assay::sqlite {

void TreeCursor::rewind() {
  depth_ = 0;
  started_ = false;
  pages_left_ = pager_->page_count();
}

// Every page belongs to one place: a walk that needs more pages than there are
// has been somewhere twice.
void TreeCursor::spend_page(std::uint64_t at) {
  if (pages_left_ == 0)
    throw DecodeError(ErrorKind::malformed, at, "page number",
                      fmt::format("the tree of page {} visits a page twice", root_));
  --pages_left_;
}

void TreeCursor::descend(std::uint32_t page, const char* field, std::uint64_t at) {
  if (depth_ == max_depth)
    throw DecodeError(ErrorKind::malformed, at, field,
                      fmt::format("the tree of page {} is deeper than {}", root_, max_depth));
  spend_page(at);
  Level& level = levels_[depth_];
  level.bytes.resize(pager_->page_size());
  pager_->read(page, level.bytes, field, at);
  level.page = BtreePage(level.bytes, page, pager_->usable_size(), pager_->offset_of(page));
  level.at = 0;
  const std::uint64_t start = level.page.offset_of(level.page.header_start());
  if (level.page.kind() != kind_)
    throw DecodeError(ErrorKind::malformed, start, "b-tree page type",
                      fmt::format("page {} is of {}", page,
                                  kind_ == TreeKind::table ? "an index, in a table's tree"
                                                           : "a table, in an index's tree"));
  // Only a root may be without cells, and only page 1 may have a child then
  // (btree.c, getAndInitPage and moveToRoot).
  if (level.page.cells() == 0 && (depth_ != 0 || (!level.page.leaf() && page != 1)))
    throw DecodeError(ErrorKind::malformed, start + 3, "number of cells",
                      fmt::format("page {} has none", page));
  ++depth_;
}

void TreeCursor::take(std::uint32_t index) {
  cell_level_ = depth_ - 1;
  cell_index_ = index;
  cell_ = levels_[cell_level_].page.cell(index);
}

// The `child`-th page below an interior page; the last is the right child.
void TreeCursor::step_down(Level& level, std::uint32_t child) {
  const BtreePage& page = level.page;
  const std::size_t start = page.header_start();
  if (child == page.cells())
    return descend(page.right_child(), "right child", page.offset_of(start + 8));
  descend(page.left_child(child), "left child", page.offset_of(start + 12 + 2 * child));
}

bool TreeCursor::next() {
  if (!started_) {
    started_ = true;
    descend(root_, "root page", 0);
  }
  while (depth_ > 0) {
    Level& level = levels_[depth_ - 1];
    const std::uint32_t cells = level.page.cells();
    if (level.page.leaf()) {
      if (level.at < cells) {
        take(level.at++);
        return true;
      }
    } else if (kind_ == TreeKind::table) {
      if (level.at <= cells) {
        step_down(level, level.at++);
        continue;
      }
    } else if (level.at <= 2 * cells) {
      const std::uint32_t at = level.at++;
      if (at % 2 == 0) {
        step_down(level, at / 2);
        continue;
      }
      take(at / 2);
      return true;
    }
    --depth_;
  }
  return false;
}

bool TreeCursor::find(std::int64_t rowid) {
  rewind();
  started_ = true;
  descend(root_, "root page", 0);
  for (;;) {
    Level& level = levels_[depth_ - 1];
    // The first cell whose key is not below: its left child holds what is sought.
    std::uint32_t low = 0, high = level.page.cells();
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      if (level.page.cell(middle).rowid < rowid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    level.at = low;
    if (!level.page.leaf()) {
      ++level.at;
      step_down(level, low);
      continue;
    }
    if (low == level.page.cells() || level.page.cell(low).rowid != rowid) return false;
    take(level.at++);
    return true;
  }
}

bool TreeCursor::find_first(const Order& order) {
  rewind();
  started_ = true;
  descend(root_, "root page", 0);
  for (;;) {
    Level& level = levels_[depth_ - 1];
    std::uint32_t low = 0, high = level.page.cells();
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      take(middle);
      if (order(payload(), payload_offset()) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (level.page.leaf()) {
      level.at = low;
      return next();
    }
    level.at = 2 * low + 1;
    step_down(level, low);
  }
}

std::uint64_t TreeCursor::payload_offset() const {
  const BtreePage& page = levels_[cell_level_].page;
  return page.offset_of(static_cast<std::size_t>(cell_.local.data() - page.bytes().data()));
}

// SQLite file format, 1.7: each overflow page begins with the number of the
// next, 0 in the last one.
Bytes TreeCursor::payload() {
  if (cell_.overflow_page == 0 && cell_.local.size() >= cell_.payload_size) return cell_.local;
  const BtreePage& page = levels_[cell_level_].page;
  const std::uint64_t in_database = std::uint64_t{pager_->page_count()} * pager_->page_size();
  if (cell_.payload_size > in_database)
    page.malformed(cell_index_, cell_.at, "payload size",
                   fmt::format("{} bytes in a database of {}", cell_.payload_size, in_database));
  payload_.resize(static_cast<std::size_t>(cell_.payload_size));
  std::copy(cell_.local.begin(), cell_.local.end(), payload_.begin());
  overflow_.resize(pager_->page_size());
  std::size_t done = cell_.local.size();
  std::uint32_t next = cell_.overflow_page;
  std::uint64_t at = page.offset_of(cell_.at + cell_.size - 4);
  while (done < payload_.size()) {
    if (next == 0)
      throw DecodeError(ErrorKind::malformed, at, "overflow page",
                        fmt::format("page {}, cell {}: the chain ends {} bytes early",
                                    page.number(), cell_index_, payload_.size() - done));
    spend_page(at);
    pager_->read(next, overflow_, "overflow page", at);
    const std::size_t count =
        std::min<std::size_t>(payload_.size() - done, pager_->usable_size() - 4);
    std::copy_n(overflow_.begin() + 4, count, payload_.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
    at = pager_->offset_of(next);
    next = be32_at(overflow_, 0);
  }
  return payload_;
}

}  // namespace assay::sqlite
