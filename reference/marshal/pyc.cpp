#include "reference/marshal/pyc.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/bytes/error.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/reader.h"
#include "reference/value/compare.h"

namespace assay::marshal {
namespace {

std::string shown(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : "none";
}
std::string shown(const std::optional<std::uint64_t>& hash) {
  return hash ? fmt::format("{:016x}", *hash) : "none";
}

Profile profile_of(const PycHeader& header) {
  if (const std::optional<Profile> found = pyc_profile(header)) return *found;
  throw DecodeError(ErrorKind::unsupported, 0, "magic number",
                    fmt::format("code objects of Python {}.{}", header.magic->python.major,
                                header.magic->python.minor));
}

// Marshalled data, read. `offset`: of the data in their file, for errors.
struct Loaded {
  Loaded(Bytes bytes, const Profile& as, std::size_t offset) : profile(as), data(bytes) {
    const Outcome outcome = read(graph, data, profile);
    if (!outcome.accepted)
      throw DecodeError(ErrorKind::malformed, offset + outcome.offset, "object", outcome.message);
    value = outcome.value;
    data = data.first(outcome.consumed);
  }

  Profile profile;
  Bytes data;
  Graph graph;
  NodeId value = no_node;
};

// At most one difference.
std::vector<PycDifference> compare_data(const Loaded& a, const Loaded& b) {
  if (const auto difference = first_difference(a.graph, a.value, b.graph, b.value)) {
    const char* what = a.graph.kind(a.value) == Kind::code ? "code" : "value";
    return {{what + difference->path, difference->left, difference->right}};
  }
  if (std::ranges::equal(a.data, b.data)) return {};
  const bool same = normal_form(a.data, a.profile) == normal_form(b.data, b.profile);
  return {{same ? "references" : "marshal", fmt::format("{} bytes", a.data.size()),
           fmt::format("{} bytes", b.data.size())}};
}

}  // namespace

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

std::vector<PycDifference> compare_marshal(Bytes left, const Profile& left_profile, Bytes right,
                                           const Profile& right_profile) {
  return compare_data(Loaded(left, left_profile, 0), Loaded(right, right_profile, 0));
}

std::vector<PycDifference> compare_pyc(Bytes left, Bytes right) {
  if (std::ranges::equal(left, right)) return {};
  const PycHeader a = read_pyc_header(left), b = read_pyc_header(right);
  std::vector<PycDifference> found;
  const auto compare = [&](const char* what, const std::string& x, const std::string& y) {
    if (x != y) found.push_back({what, x, y});
  };
  compare("magic", std::to_string(a.number), std::to_string(b.number));
  compare("flags", std::to_string(a.flags), std::to_string(b.flags));
  compare("time", shown(a.time), shown(b.time));
  compare("size", shown(a.size), shown(b.size));
  compare("hash", shown(a.hash), shown(b.hash));
  const std::vector<PycDifference> code =
      compare_data(Loaded(left.subspan(a.bytes), profile_of(a), a.bytes),
                   Loaded(right.subspan(b.bytes), profile_of(b), b.bytes));
  found.insert(found.end(), code.begin(), code.end());
  return found;
}

}  // namespace assay::marshal
