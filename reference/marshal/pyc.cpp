#include "reference/marshal/pyc.h"

#include <fmt/format.h>

#include "reference/bytes/error.h"

namespace assay::marshal {

PycLayout pyc_layout(std::uint16_t number) {
  if (number > 20000 || number < 3210) return PycLayout::time;  // Python 2 is above 20000
  return number < 3392 ? PycLayout::time_size : PycLayout::flags;
}

PycHeader read_pyc_header(Bytes file) {
  Cursor cursor(file);
  PycHeader header;
  header.number = cursor.le16("magic number");
  if (cursor.le16("magic number") != 0x0a0d)
    throw DecodeError(ErrorKind::malformed, 2, "magic number", "expected 0d 0a");
  header.magic = find_pyc_magic(header.number);
  if (header.magic == nullptr)
    throw DecodeError(ErrorKind::unsupported, 0, "magic number",
                      fmt::format("unknown number {}", header.number));
  const PycLayout layout = pyc_layout(header.number);
  if (layout == PycLayout::flags) {
    header.flags = cursor.le32("flags");
    if ((header.flags & ~(PycHeader::hash_based | PycHeader::check_source)) != 0)
      throw DecodeError(ErrorKind::malformed, 4, "flags", "unknown bits");
  }
  if ((header.flags & PycHeader::hash_based) != 0) {
    header.hash = cursor.le64("source hash");
  } else {
    header.time = cursor.le32("time");
    if (layout != PycLayout::time) header.size = cursor.le32("source size");
  }
  header.bytes = static_cast<std::size_t>(cursor.offset());
  return header;
}

std::optional<Profile> pyc_profile(const PycHeader& header) {
  const Version python = header.magic->python;
  const bool described = (python.major == 2 && python.minor == 7) || python >= Version{3, 6, 0};
  if (!described) return std::nullopt;
  return Profile(recorded_version(python.major, python.minor), 64);
}

}  // namespace assay::marshal
