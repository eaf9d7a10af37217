#include "reference/dbm/dumb.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/dbm/python_error.h"

namespace assay::dbm {
namespace {

// str.rstrip() of 3.x on Latin-1 text, str.rstrip() of 2.7 on bytes.
bool is_blank(char c, Python python) {
  const auto byte = static_cast<unsigned char>(c);
  if ((byte >= 9 && byte <= 13) || byte == ' ') return true;
  return python.major == 3 && ((byte >= 0x1c && byte <= 0x1f) || byte == 0x85 || byte == 0xa0);
}

// The end of the line that begins at `begin`. 3.x opens the file as text with
// universal newlines; 2.7 knows '\n' alone.
std::size_t line_end(std::string_view text, std::size_t begin, Python python) {
  const std::size_t end =
      python.major == 3 ? text.find_first_of("\r\n", begin) : text.find('\n', begin);
  return std::min(end, text.size());
}

}  // namespace

bool next_dumb_line(std::string_view dir, std::size_t& at, Python python, std::string_view& line) {
  if (at >= dir.size()) return false;
  const std::size_t end = line_end(dir, at, python);
  line = dir.substr(at, end - at);
  while (!line.empty() && is_blank(line.back(), python)) line.remove_suffix(1);
  at = end + (dir.substr(end).starts_with("\r\n") ? 2 : 1);
  return true;
}

DumbStream::DumbStream(Bytes dir, std::optional<Bytes> dat, Python python, ReadOptions options)
    : EntryStream(options), dat_(dat), python_(python) {
  if (!dat_) {
    const DecodeError missing(ErrorKind::malformed, 0, ".dat", "the file of values is missing");
    if (!options.salvage) throw missing;
    lose(0, missing.what());
  }
  read_index(dir);
}

void DumbStream::read_index(Bytes dir) {
  std::string_view line;
  for (std::size_t at = 0, begin = 0; next_dumb_line(as_text(dir), at, python_, line); begin = at) {
    try {
      add(parse_dumb_line(line, python_, begin), begin);
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
}

void DumbStream::add(DumbLine line, std::uint64_t offset) {
  const auto [found, added] = index_.try_emplace(line.key, records_.size());
  if (added) {
    records_.push_back(
        {std::move(line.key), line.position, line.size, offset, line.unicode, line.exception});
  } else {  // the later line counts, in the place of the first
    Record& record = records_[found->second];
    record.position = line.position;
    record.size = line.size;
    record.line = offset;
    record.exception = line.exception;
  }
}

// f.seek(position); f.read(size)
void DumbStream::fetch(const Record& record, Entry& entry) {
  entry = {};
  entry.key = as_bytes(record.key);
  entry.offset = record.line;
  entry.unicode = record.unicode;
  if (!record.exception.empty())
    throw PythonError(record.exception, record.line, "pair",
                      "is no position and size that a file can be read by");
  if (!dat_) throw DecodeError(ErrorKind::malformed, record.line, ".dat", "holds the value");
  const std::uint64_t position =
      std::min<std::uint64_t>(static_cast<std::uint64_t>(record.position), dat_->size());
  const std::uint64_t left = dat_->size() - position;
  const auto size = static_cast<std::uint64_t>(record.size);
  entry.value = dat_->subspan(position, record.size < 0 ? left : std::min(size, left));
  if (record.size >= 0 && size > left)
    lose(record.line, fmt::format("at {:#x}: size: the value of key {} has {} of its {} bytes; "
                                  ".dat ends",
                                  record.line, at_, left, size));
  visited(entry.value.size());
}

bool DumbStream::next(Entry& entry) {
  while (at_ < records_.size()) {
    try {
      fetch(records_[at_++], entry);
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  return false;
}

bool DumbStream::find(Bytes key, Entry& entry) {
  const auto found = index_.find(std::string(as_text(key)));
  if (found == index_.end()) return false;
  fetch(records_[found->second], entry);
  return true;
}

}  // namespace assay::dbm
