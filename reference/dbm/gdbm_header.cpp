#include <fmt/format.h>

#include "reference/dbm/gdbm.h"
#include "reference/dbm/magic.h"

namespace assay::dbm {
namespace {

// src/gdbmdefs.h: gdbm_file_header, avail_elem, bucket_element, hash_bucket.
constexpr GdbmLayout layouts[] = {
    {"64-bit offsets", 8, 16, 104, 112, 24},
    {"32-bit offsets", 4, 8, 52, 60, 20},
    // i386 and others that align eight bytes to four.
    {"64-bit offsets, packed", 8, 12, 76, 84, 24},
};

// sizeof(hash_bucket) counts one element.
std::uint64_t elements_of(const GdbmLayout& layout, std::uint32_t bucket_size) {
  const std::uint32_t with_one = layout.elements_at + layout.element_bytes;
  if (bucket_size < with_one) return 0;
  return (bucket_size - with_one) / layout.element_bytes + 1;
}

GdbmHeader read_fields(const Ordered& file, const GdbmLayout& layout) {
  GdbmHeader header;
  header.layout = &layout;
  header.big_endian = file.big_endian();
  header.magic = file.u32(0, "header_magic");
  header.block_size = file.u32(4, "block_size");
  const bool wide = layout.offset_bytes == 8;
  std::uint64_t at = 8;
  header.directory = wide ? file.u64(at, "dir") : file.u32(at, "dir");
  at += layout.offset_bytes;
  header.directory_size = file.u32(at, "dir_size");
  header.directory_bits = file.u32(at + 4, "dir_bits");
  header.bucket_size = file.u32(at + 8, "bucket_size");
  header.bucket_elements = file.u32(at + 12, "bucket_elems");
  header.next_block = wide ? file.u64(at + 16, "next_block") : file.u32(at + 16, "next_block");
  return header;
}

// gdbmopen.c, validate_header().
const char* contradiction(const GdbmHeader& header) {
  const GdbmLayout& layout = *header.layout;
  if (header.block_size == 0 || header.block_size > INT32_MAX) return "block_size";
  if (header.directory_bits > 31) return "dir_bits";
  if (header.directory_size != std::uint64_t{layout.offset_bytes} << header.directory_bits)
    return "dir_size";
  if (header.bucket_size > INT32_MAX || header.bucket_elements == 0 ||
      header.bucket_elements != elements_of(layout, header.bucket_size))
    return "bucket_elems";
  return nullptr;
}

}  // namespace

GdbmHeader read_gdbm_header(Bytes bytes) {
  const auto found = find_magic(bytes);
  if (!found || found->magic->format != Format::gdbm)
    throw DecodeError(ErrorKind::malformed, 0, "header_magic", "is none of GNU dbm's");
  const Ordered file(bytes, found->big_endian);
  const char* fault = nullptr;
  for (const GdbmLayout& layout : layouts) {
    const std::uint8_t bits = found->magic->offset_bits;
    if (bits != 0 && bits != layout.offset_bytes * 8) continue;
    GdbmHeader header = read_fields(file, layout);
    const char* wrong = contradiction(header);
    if (wrong != nullptr) {
      if (fault == nullptr) fault = wrong;
      continue;
    }
    header.numsync = found->magic->numsync;
    // gdbm_ext_header: version, numsync, six words of nothing.
    const std::uint64_t extension = layout.offset_bytes == 8 ? 40 : 32;
    if (header.numsync) header.synchronised = file.u32(extension + 4, "numsync");
    return header;
  }
  throw DecodeError(ErrorKind::malformed, 0, fault, "contradicts the rest of the header");
}

// src/hash.c, _gdbm_hash().
std::uint32_t gdbm_hash(Bytes key, bool signed_char) {
  std::uint32_t value = 0x238f13afu * static_cast<std::uint32_t>(key.size());
  std::uint32_t shift = 0;  // index * 5 % 24
  for (const std::uint8_t byte : key) {
    const std::uint32_t letter =
        signed_char ? static_cast<std::uint32_t>(static_cast<std::int8_t>(byte)) : byte;
    value = (value + (letter << shift)) & 0x7fffffffu;
    shift = shift + 5 >= 24 ? shift + 5 - 24 : shift + 5;
  }
  return (1103515243u * value + 12345u) & 0x7fffffffu;
}

}  // namespace assay::dbm
