#include "reference/dbm/berkeley_salvage.h"

#include <fmt/format.h>

#include <functional>

namespace assay::dbm {
namespace {

std::string given_before(Bytes key) {
  constexpr std::size_t shown = 40;
  std::string text;
  for (const std::uint8_t byte : key.first(std::min(key.size(), shown)))
    text += byte >= 0x20 && byte < 0x7f && byte != '\'' && byte != '\\'
                ? std::string(1, static_cast<char>(byte))
                : fmt::format("\\x{:02x}", byte);
  return fmt::format(
      "key given twice: b'{}'{}: a page to which the database does not lead has "
      "another value, older or newer",
      text, key.size() > shown ? "..." : "");
}

}  // namespace

std::optional<std::uint32_t> SalvageOrder::next() {
  for (;;) {
    for (; next_ < reached_.size(); ++next_)
      if (reached_[next_] != astray_ && !passed_[next_]) return static_cast<std::uint32_t>(next_++);
    if (astray_) return std::nullopt;
    astray_ = true;
    next_ = 0;
  }
}

bool SalvageOrder::give(const Entry& entry) {
  const std::hash<std::string_view> hash;
  const std::size_t key = hash(as_text(entry.key));
  const bool is_new = keys_.insert(key).second;
  // Rotated, so that a key and a value that are equal do not cancel out.
  const std::size_t pair = (key << 1 | key >> 63) ^ hash(as_text(entry.value));
  if (!pairs_.insert(pair).second && !is_new) return false;
  if (!is_new) doubts_->push_back({entry.offset, given_before(entry.key)});
  return true;
}

}  // namespace assay::dbm
