// Random choices that come from one number: what every generator draws from.
//
// The numbers are RapidCheck's, so that a generator written over Choices is a
// rc::Gen, too (stream_gen.h), and a stream is the same on every machine.
#pragma once

#include <rapidcheck/Random.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace assay::generators {

class Choices {
 public:
  // The choices of stream `index` of a run: the same for the same three.
  Choices(std::uint64_t seed, std::uint64_t index, std::string_view format);
  // `size` (0 and up, about 100 at most) is RapidCheck's: how large things get.
  explicit Choices(const rc::Random& random, int size = 100) : random_(random), size_(size) {}

  int size() const { return size_; }
  // A number from 0 to n - 1; 0 when n is 0.
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : random_.next() % n; }
  // A number from `low` to `high`, both included.
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  // True `percent` times of a hundred.
  bool chance(unsigned percent) { return below(100) < percent; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(below(256)); }

  // One of what stands there, which must not be empty.
  template <typename T>
  const T& one_of(std::span<const T> all) {
    return all[below(all.size())];
  }
  template <typename T, std::size_t n>
  const T& one_of(const T (&all)[n]) {
    return all[below(n)];
  }
  template <typename T>
  T one_of(std::initializer_list<T> all) {
    return all.begin()[below(all.size())];
  }

 private:
  rc::Random random_;
  int size_ = 100;
};

}  // namespace assay::generators
