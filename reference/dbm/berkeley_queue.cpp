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
    : EntryStream(options),
      meta_(read_berkeley_meta(file, 0, options.salvage ? noted() : nullptr)),
      pages_(file, meta_, options, noted()) {
  if (meta_.format != Format::berkeley_queue)
    throw DecodeError(ErrorKind::malformed, 12, "magic", "the database is no queue");
  if (meta_.extent_pages != 0)
    throw DecodeError(ErrorKind::unsupported, 92, "page_ext",
                      "the records are in files of their own, __dbq.*");
  record_ = meta_.first_record;
  // Numbers wrap round, but never to 0. qam/qam.c, __qamc_get: the first one is looked
  // at before it is compared with cur_recno.
  left_ = meta_.current_record > meta_.first_record
              ? meta_.current_record - meta_.first_record
              : std::uint64_t{0xffffffff} - meta_.first_record + meta_.current_record;
  if (meta_.current_record == meta_.first_record) left_ = 1;
}

std::uint64_t BerkeleyQueueStream::page_of(std::uint32_t number) const {
  return 1 + std::uint64_t{number - 1} / meta_.records_per_page;
}

// False for a place that holds no record.
bool BerkeleyQueueStream::fetch(std::uint32_t number, Entry& entry) {
  const std::uint32_t place = number - 1;
  const auto page_number = static_cast<std::uint32_t>(page_of(number));
  const Ordered page = pages_.page(page_number);
  // QAMDATA: a byte of flags and the record, padded to four bytes.
  const std::uint64_t stride = (std::uint64_t{meta_.record_length} + 4) & ~std::uint64_t{3};
  const std::uint64_t at = (meta_.checksums ? header_with_checksum : header_bytes) +
                           stride * (place % meta_.records_per_page);
  const auto type = static_cast<PageType>(page.u8(25, "type"));
  // qam/qam.c, __qam_position: a page without its number was never written to. Its type is
  // looked at where pages are worked at when they come in (db/db_conv.c, __db_pgin).
  if (page.u32(8, "pgno") == 0) return false;
  const bool any_type = as_library() && !meta_.big_endian && !meta_.checksums;
  if (type != PageType::queue_data && !any_type) wrong_type(page, page_number, "queue data");
  if ((page.u8(at, "flags") & valid) == 0) return false;
  entry = {};
  entry.value = page.bytes(at + 1, meta_.record_length, "record");
  entry.numbered = true;
  entry.number = number;
  entry.offset = page.offset(at);
  return true;
}

// The page of record_ is not in the file: goes on behind what is not there either.
// Page numbers only begin anew where the record's number goes round.
void BerkeleyQueueStream::skip_absent_pages() {
  const std::uint64_t here = page_of(record_);
  const std::uint64_t to_round = std::uint64_t{0xffffffff} - record_ + 1;
  const bool goes_round = to_round < left_;
  left_ = goes_round ? left_ - to_round : 0;
  record_ = 1;
  if (here <= meta_.last_page && !as_library()) pages_.page(static_cast<std::uint32_t>(here));
}

bool BerkeleyQueueStream::next(Entry& entry) {
  while (left_ > 0) {
    try {
      if (page_of(record_) >= pages_.count()) {
        skip_absent_pages();
        continue;
      }
      const std::uint32_t number = record_;
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

// qam/qam.c, __qamc_get with DB_SET: from first_recno to before cur_recno only.
bool BerkeleyQueueStream::outside(std::uint32_t number) const {
  const std::uint32_t first = meta_.first_record, current = meta_.current_record;
  if (current >= first) return number < first || number >= current;
  return number >= current && number < first;
}

bool BerkeleyQueueStream::find(Bytes key, Entry& entry) {
  std::uint32_t number = 0;
  const std::string_view text = as_text(key);
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size() || number == 0) return false;
  return !outside(number) && page_of(number) < pages_.count() && fetch(number, entry);
}

}  // namespace assay::dbm
