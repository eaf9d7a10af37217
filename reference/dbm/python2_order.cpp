#include "reference/dbm/python2_order.h"

namespace assay::dbm {
namespace {

// The slots that are looked at for a hash, one after the other.
// Objects/dictobject.c, lookdict_string
class Probe {
 public:
  Probe(std::int64_t hash, std::size_t slots)
      : mask_(slots - 1),
        perturb_(static_cast<std::uint64_t>(hash)),
        at_(static_cast<std::uint64_t>(hash) & mask_) {}
  std::size_t slot() const { return at_ & mask_; }
  void advance() {
    at_ = (at_ << 2) + at_ + perturb_ + 1;
    perturb_ >>= 5;
  }

 private:
  std::uint64_t mask_, perturb_, at_;
};

}  // namespace

// Objects/stringobject.c, string_hash
std::int64_t python2_hash(std::string_view text) {
  if (text.empty()) return 0;
  auto x = std::uint64_t{static_cast<unsigned char>(text[0])} << 7;
  for (const char c : text) x = 1000003 * x ^ static_cast<unsigned char>(c);
  x ^= text.size();
  const auto hash = static_cast<std::int64_t>(x);
  return hash == -1 ? -2 : hash;
}

void Python2Order::place(std::int64_t hash, std::int64_t item) {
  Slot* reusable = nullptr;  // the first dummy on the way
  for (Probe probe(hash, slots_.size());; probe.advance()) {
    Slot& slot = slots_[probe.slot()];
    if (slot.item == dummy && reusable == nullptr) reusable = &slot;
    if (slot.item != empty) continue;
    if (reusable == nullptr) ++filled_;
    (reusable == nullptr ? slot : *reusable) = {hash, item};
    ++used_;
    return;
  }
}

void Python2Order::add(std::int64_t hash, std::int64_t item) {
  place(hash, item);
  if (filled_ * 3 >= slots_.size() * 2) resize((used_ > 50000 ? 2 : 4) * used_);
}

void Python2Order::remove(std::int64_t hash, std::int64_t item) {
  for (Probe probe(hash, slots_.size());; probe.advance()) {
    Slot& slot = slots_[probe.slot()];
    if (slot.item == empty) return;
    if (slot.item != item) continue;
    slot.item = dummy;
    --used_;
    return;
  }
}

// dictresize()
void Python2Order::resize(std::size_t above) {
  std::size_t size = smallest;
  while (size <= above) size *= 2;
  std::vector<Slot> old(size);
  old.swap(slots_);
  used_ = filled_ = 0;
  for (const Slot& slot : old)
    if (slot.item >= 0) place(slot.hash, slot.item);
}

}  // namespace assay::dbm
