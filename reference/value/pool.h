// Growing storage for plain data: a vector whose growth is realloc(), so that
// the kernel moves large blocks instead of copying them and a 100 MB input
// never holds two copies of its nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace assay {

// Blocks from this size on are asked to be of large pages.
inline constexpr std::size_t large_block = std::size_t{8} << 20;

// Asks the kernel to back the block with large pages where it has them (Linux,
// madvise(2), MADV_HUGEPAGE); elsewhere nothing. To fault in 100 MB in pages of
// 4 KiB takes longer than to write a pickle of floats into them.
void advise_large_pages(void* block, std::size_t bytes) noexcept;

template <typename T>
class Pool {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Pool() = default;
  Pool(Pool&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Pool& operator=(Pool&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { std::free(data_); }

  // `count` items of zero bytes. Pages of them that nobody writes to cost
  // nothing: calloc() gets them from the kernel, which has them ready.
  static Pool zeroed(std::size_t count) {
    Pool pool;
    if (count == 0) return pool;
    pool.data_ = static_cast<T*>(std::calloc(count, sizeof(T)));
    if (pool.data_ == nullptr) throw std::bad_alloc();
    pool.size_ = pool.capacity_ = count;
    return pool;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  const T& back() const { return data_[size_ - 1]; }

  void push(const T& item) {
    if (size_ == capacity_) reserve(size_ + 1);
    data_[size_++] = item;
  }
  // Adds `count` items whose contents the caller must write.
  T* extend(std::size_t count) {
    if (count > capacity_ - size_) reserve(size_ + count);
    T* added = data_ + size_;
    size_ += count;
    return added;
  }
  // Forgets the items from `size` on; `size` must not exceed size().
  void shrink(std::size_t size) { size_ = size; }

  void reserve(std::size_t wanted) {
    if (wanted <= capacity_) return;
    std::size_t grown = capacity_ + capacity_ / 2 + 16;
    if (grown < wanted) grown = wanted;
    if (grown > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    void* moved = std::realloc(static_cast<void*>(data_), grown * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    if (grown * sizeof(T) >= large_block) advise_large_pages(moved, grown * sizeof(T));
    data_ = static_cast<T*>(moved);
    capacity_ = grown;
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Bytes that never move once given out: decoded text, integers' limbs, and
// whole inputs that a graph must keep alive.
class ByteStore {
 public:
  std::uint8_t* allocate(std::size_t count) {
    if (count > left_) return allocate_chunk(count);
    std::uint8_t* given = at_;
    at_ += count;
    left_ -= count;
    return given;
  }

 private:
  static constexpr std::size_t chunk_bytes = 64 * 1024;

  std::uint8_t* allocate_chunk(std::size_t count) {
    // A large piece gets a chunk of its own and leaves the current one open.
    if (count > chunk_bytes / 4) {
      chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(count));
      return chunks_.back().get();
    }
    chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(chunk_bytes));
    at_ = chunks_.back().get() + count;
    left_ = chunk_bytes - count;
    return chunks_.back().get();
  }

  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::uint8_t* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace assay
