#include "reference/sqlite/pager.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::sqlite {
namespace {

// What SQLite assumes of a file without a byte (btree.c, sqlite3BtreeOpen).
Header header_of_nothing() {
  Header header;
  header.page_size = 4096;
  header.write_version = header.read_version = 1;
  return header;
}

std::uint64_t pages_in(std::uint64_t bytes, std::uint32_t page_size) {
  return bytes / page_size + (bytes % page_size != 0 ? 1 : 0);
}

}  // namespace

Pager::Pager(const File& database, std::vector<Overlay> overlays)
    : database_(database), overlays_(std::move(overlays)) {
  std::optional<std::uint32_t> decided;
  for (const Overlay& overlay : overlays_)
    if (overlay.page_count) decided = overlay.page_count;
  if (decided == 0u || (!decided && database_.size() == 0)) {
    header_ = header_of_nothing();
    return;
  }
  std::uint64_t offset = 0;
  const File* file = file_of(1, offset);
  std::array<std::uint8_t, header_bytes> first{};
  const std::size_t have = file->read(offset, first);
  header_ = parse_header(Bytes(first).first(have));
  for (const Overlay& overlay : overlays_)
    if (overlay.page_size != header_.page_size && !overlay.pages.empty())
      throw DecodeError(ErrorKind::malformed, 16, "page size",
                        fmt::format("{} here and {} in the journal or log", header_.page_size,
                                    overlay.page_size));
  page_count_ = count_pages();
}

// btree.c, lockBtree: the header's count where it can be trusted, else the
// file's size; a count beyond the file is corrupt.
std::uint32_t Pager::count_pages() const {
  std::uint64_t in_file = pages_in(database_.size(), header_.page_size);
  for (const Overlay& overlay : overlays_)
    if (overlay.page_count) in_file = *overlay.page_count;
  if (in_file > 0xfffffffe)
    throw DecodeError(ErrorKind::malformed, 0, "file size", "more pages than numbers");
  if (!header_.counts_pages()) return static_cast<std::uint32_t>(in_file);
  if (header_.page_count > in_file)
    throw DecodeError(ErrorKind::truncated, 28, "database size",
                      fmt::format("{} pages, and the file has {}", header_.page_count, in_file));
  return header_.page_count;
}

const File* Pager::file_of(std::uint32_t page, std::uint64_t& offset) const {
  for (auto overlay = overlays_.rbegin(); overlay != overlays_.rend(); ++overlay) {
    const auto found = overlay->pages.find(page);
    if (found == overlay->pages.end()) continue;
    offset = found->second;
    return overlay->file;
  }
  offset = offset_of(page);
  return &database_;
}

void Pager::read(std::uint32_t page, std::span<std::uint8_t> out, const char* why,
                 std::uint64_t at) const {
  if (page == 0 || page > page_count_)
    throw DecodeError(ErrorKind::malformed, at, why,
                      fmt::format("names page {} of {}", page, page_count_));
  if (page == lock_byte_page())
    throw DecodeError(ErrorKind::malformed, at, why,
                      fmt::format("names page {}, the lock-byte page", page));
  std::uint64_t offset = 0;
  const File* file = file_of(page, offset);
  const std::size_t have = file->read(offset, out.first(header_.page_size));
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(have),
            out.begin() + static_cast<std::ptrdiff_t>(header_.page_size), std::uint8_t{0});
}

}  // namespace assay::sqlite
