#include "reference/sqlite/wal.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <vector>

#include "reference/sqlite/varint.h"

namespace assay::sqlite {
namespace {

constexpr std::size_t log_header = 32, frame_header = 24;

// The checksum goes on from one frame to the next; the magic number says in
// which byte order the words are summed. SQLite file format, 4.2.
class Checksum {
 public:
  explicit Checksum(bool big_endian) : big_endian_(big_endian) {}
  void add(Bytes bytes) {  // a multiple of 8
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first_ += word(bytes, at) + second_;
      second_ += word(bytes, at + 4) + first_;
    }
  }
  // The sums are stored big-endian, whatever the words were.
  bool stands_at(Bytes bytes, std::size_t at) const {
    return be32_at(bytes, at) == first_ && be32_at(bytes, at + 4) == second_;
  }

 private:
  std::uint32_t word(Bytes bytes, std::size_t at) const {
    const std::uint32_t big = be32_at(bytes, at);
    return big_endian_ ? big : __builtin_bswap32(big);
  }
  bool big_endian_;
  std::uint32_t first_ = 0, second_ = 0;
};

}  // namespace

Overlay read_wal(const File& log) {
  Overlay overlay;
  overlay.file = &log;
  std::array<std::uint8_t, log_header> header{};
  if (log.size() <= log_header || log.read(0, header) != log_header) return overlay;
  const Bytes start(header);
  const std::uint32_t magic = be32_at(start, 0);
  const std::uint32_t page_size = be32_at(start, 8);
  if ((magic & ~1u) != 0x377f0682 || page_size < 512 || page_size > 65536 ||
      !std::has_single_bit(page_size))
    return overlay;
  Checksum checksum((magic & 1) != 0);
  checksum.add(start.first(24));
  if (!checksum.stands_at(start, 24)) return overlay;
  if (const std::uint32_t version = be32_at(start, 4); version != 3007000)
    throw DecodeError(ErrorKind::unsupported, 4, "WAL format version",
                      fmt::format("{} is not 3007000", version));
  overlay.page_size = page_size;

  std::vector<std::uint8_t> frame(frame_header + page_size);
  const Bytes bytes(frame);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> open;  // of no commit yet
  for (std::uint64_t at = log_header; log.read(at, frame) == frame.size(); at += frame.size()) {
    const std::uint32_t page = be32_at(bytes, 0);
    const bool same_salts =
        be32_at(bytes, 8) == be32_at(start, 16) && be32_at(bytes, 12) == be32_at(start, 20);
    if (!same_salts || page == 0) break;
    checksum.add(bytes.first(8));
    checksum.add(bytes.subspan(frame_header));
    if (!checksum.stands_at(bytes, 16)) break;
    open.emplace_back(page, at + frame_header);
    const std::uint32_t pages_after_commit = be32_at(bytes, 4);
    if (pages_after_commit == 0) continue;
    for (const auto& [number, offset] : open) overlay.pages[number] = offset;
    open.clear();
    overlay.page_count = pages_after_commit;
  }
  return overlay;
}

}  // namespace assay::sqlite
