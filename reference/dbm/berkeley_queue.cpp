#include "reference/dbm/berkeley_queue.h"

#include <fmt/format.h>

#include <charconv>

namespace assay::dbm {
namespace {

// sizeof(QPAGE), or with the words for a checksum (db_page.h, QPAGE_SZ).
constexpr std::uint32_t header_bytes = 28, header_with_checksum = 48;
constexpr std::uint8_t valid = 1;  // QAM_VALID

}  // namespace

BerkeleyQueueStream::BerkeleyQueueStream(Bytes file, ReadOptions options)
    : EntryStream(options), meta_(read_berkeley_meta(file)), pages_(file, meta_, options) {
  if (meta_.format != Format::berkeley_queue)
    throw DecodeError(ErrorKind::malformed, 12, "magic", "the database is no queue");
  if (meta_.extent_pages != 0)
    throw DecodeError(ErrorKind::unsupported, 92, "page_ext",
                      "the records are in files of their own, __dbq.*");
  record_ = meta_.first_record;
  // Numbers wrap round, but never to 0.
  left_ = meta_.current_record >= meta_.first_record
              ? meta_.current_record - meta_.first_record
              : std::uint64_t{0xffffffff} - meta_.first_record + meta_.current_record;
}

// False for a place that holds no record.
bool BerkeleyQueueStream::fetch(std::uint32_t number, Entry& entry) {
  const std::uint32_t place = number - 1;
  const std::uint32_t page_number = 1 + place / meta_.records_per_page;
  const Ordered page = pages_.page(page_number);
  // QAMDATA: a byte of flags and the record, padded to four bytes.
  const std::uint64_t stride = (std::uint64_t{meta_.record_length} + 4) & ~std::uint64_t{3};
  const std::uint64_t at = (meta_.checksums ? header_with_checksum : header_bytes) +
                           stride * (place % meta_.records_per_page);
  const auto type = static_cast<PageType>(page.u8(25, "type"));
  if (type == PageType::invalid) return false;
  if (type != PageType::queue_data)
    throw DecodeError(ErrorKind::malformed, page.offset(25), "type",
                      fmt::format("page {} is {}, not queue data", page_number, name(type)));
  if ((page.u8(at, "flags") & valid) == 0) return false;
  entry = {};
  entry.value = page.bytes(at + 1, meta_.record_length, "record");
  entry.numbered = true;
  entry.number = number;
  entry.offset = page.offset(at);
  return true;
}

bool BerkeleyQueueStream::next(Entry& entry) {
  while (left_ > 0) {
    const std::uint32_t number = record_;
    const std::uint64_t page = 1 + std::uint64_t{number - 1} / meta_.records_per_page;
    try {
      if (page >= pages_.count()) {
        left_ = 0;
        if (page <= meta_.last_page) pages_.page(static_cast<std::uint32_t>(page));
        return false;
      }
      --left_;
      record_ = number == 0xffffffff ? 1 : number + 1;
      if (!fetch(number, entry)) continue;
      visited(entry.value.size());
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  return false;
}

bool BerkeleyQueueStream::find(Bytes key, Entry& entry) {
  std::uint32_t number = 0;
  const std::string_view text = as_text(key);
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size() || number == 0) return false;
  const std::uint64_t page = 1 + std::uint64_t{number - 1} / meta_.records_per_page;
  return page < pages_.count() && fetch(number, entry);
}

}  // namespace assay::dbm
