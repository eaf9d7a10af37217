#include "reference/sqlite/journal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "reference/sqlite/varint.h"

namespace assay::sqlite {
namespace {

constexpr std::array<std::uint8_t, 8> magic = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
constexpr std::uint32_t no_sync = 0xffffffff;  // as many records as the file holds
constexpr std::uint64_t smallest_sector = 512;

// One journal header and where its records begin.
struct Part {
  std::uint32_t records = 0;
  std::uint32_t checksum_start = 0;
  std::uint32_t pages_before = 0;
  std::uint32_t sector_size = 0;  // in the first header only
  std::uint32_t page_size = 0;    // likewise
};

bool has_magic(Bytes bytes) {
  return std::equal(magic.begin(), magic.end(), bytes.begin());
}

std::optional<Part> read_part(const File& journal, std::uint64_t at) {
  std::array<std::uint8_t, 28> header{};
  if (journal.read(at, header) != header.size() || !has_magic(header)) return std::nullopt;
  const Bytes bytes(header);
  return Part{be32_at(bytes, 8), be32_at(bytes, 12), be32_at(bytes, 16), be32_at(bytes, 20),
              be32_at(bytes, 24)};
}

// A super-journal's name stands at the end: page number of the lock-byte page,
// name, its length, its checksum, the magic (pager.c, readSuperJournal). Empty
// when the journal has none.
std::string super_journal(const File& journal) {
  constexpr std::uint32_t longest = 512;  // os_unix.c, MAX_PATHNAME
  const std::uint64_t size = journal.size();
  std::array<std::uint8_t, 16> tail{};
  if (size < tail.size() || journal.read(size - tail.size(), tail) != tail.size()) return "";
  const std::uint32_t length = be32_at(tail, 0);
  if (length == 0 || length > longest || length > size - tail.size() ||
      !has_magic(Bytes(tail).subspan(8)))
    return "";
  std::string name(length, '\0');
  journal.read(size - tail.size() - length,
               {reinterpret_cast<std::uint8_t*>(name.data()), name.size()});
  std::uint32_t checksum = be32_at(tail, 4);
  for (const char c : name) checksum -= static_cast<std::uint32_t>(static_cast<signed char>(c));
  // The name is a C string.
  return checksum == 0 ? name.substr(0, name.find('\0')) : "";
}

// SQLite file format, 3: the sum of every 200th byte, from the end.
std::uint32_t page_checksum(Bytes page, std::uint32_t start) {
  std::uint32_t sum = start;
  for (std::size_t at = page.size(); at > 200;) {
    at -= 200;
    sum += page[at];
  }
  return sum;
}

class Playback {
 public:
  Playback(const File& journal, std::uint32_t page_size)
      : journal_(journal), size_(journal.size()), page_size_(page_size) {
    overlay_.file = &journal;
    overlay_.page_size = page_size;
  }

  Overlay play() {
    bool whole = true;
    for (bool first = true; whole; first = false) {
      // Headers stand at the start of a sector.
      at_ = (at_ + sector_ - 1) / sector_ * sector_;
      if (size_ < sector_ || at_ > size_ - sector_) break;
      const auto part = read_part(journal_, at_);
      if (!part || (first && !begin(*part))) break;
      at_ += sector_;
      whole = play_part(*part);
    }
    return std::move(overlay_);
  }

 private:
  // A size that cannot be means that the header never reached the disk.
  bool begin(const Part& part) {
    const std::uint32_t page_size = part.page_size == 0 ? page_size_ : part.page_size;
    if (page_size < 512 || page_size > 65536 || !std::has_single_bit(page_size) ||
        part.sector_size < 32 || part.sector_size > 65536 || !std::has_single_bit(part.sector_size))
      return false;
    page_size_ = overlay_.page_size = page_size;
    sector_ = part.sector_size;
    overlay_.page_count = part.pages_before;
    return true;
  }
  // False when the journal ends, or is torn, among the records.
  bool play_part(const Part& part) {
    std::uint64_t records = part.records;
    if (records == no_sync) records = (size_ - sector_) / (page_size_ + 8);
    std::vector<std::uint8_t> record(page_size_ + 8);
    const Bytes bytes(record);
    for (; records > 0; --records) {
      if (journal_.read(at_, record) != record.size()) return false;
      const std::uint64_t page_at = at_ + 4;
      at_ += record.size();
      const std::uint32_t page = be32_at(bytes, 0);
      if (page == 0 || page == 0x40000000 / page_size_ + 1) return false;
      if (page > *overlay_.page_count) continue;
      if (page_checksum(bytes.subspan(4, page_size_), part.checksum_start) !=
          be32_at(bytes, 4 + page_size_))
        return false;
      overlay_.pages[page] = page_at;
    }
    return true;
  }

  const File& journal_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  std::uint64_t sector_ = smallest_sector;
  std::uint32_t page_size_;
  Overlay overlay_;
};

}  // namespace

std::optional<Overlay> read_hot_journal(const File& journal, std::uint32_t page_size,
                                        const std::function<bool(const std::string&)>& exists) {
  std::array<std::uint8_t, 1> first{};
  if (journal.read(0, first) == 0 || first[0] == 0) return std::nullopt;
  const std::string super = super_journal(journal);
  if (!super.empty() && !exists(super)) return std::nullopt;
  return Playback(journal, page_size).play();
}

}  // namespace assay::sqlite
