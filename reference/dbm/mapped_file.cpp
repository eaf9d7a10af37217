#include "reference/dbm/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace assay::dbm {
namespace {

[[noreturn]] void fail(int descriptor, int error, const std::string& path) {
  if (descriptor >= 0) ::close(descriptor);
  throw std::system_error(error, std::generic_category(), path);
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) fail(descriptor, errno, path);
  struct stat status = {};
  if (::fstat(descriptor, &status) != 0) fail(descriptor, errno, path);
  if (S_ISDIR(status.st_mode)) fail(descriptor, EISDIR, path);
  if (!S_ISREG(status.st_mode)) fail(descriptor, ESPIPE, path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size != 0) {
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED) fail(descriptor, errno, path);
    bytes_ = {static_cast<const std::uint8_t*>(data), size};
  }
  ::close(descriptor);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})), since_(other.since_) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  bytes_ = std::exchange(other.bytes_, {});
  since_ = other.since_;
  return *this;
}

void MappedFile::unmap() {
  if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
}

void MappedFile::give_back() const {
  since_ = 0;
  ::madvise(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size(), MADV_DONTNEED);
}

bool readable(const std::string& path) {
  if (path.find('\0') != std::string::npos) return false;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return false;
  struct stat status = {};
  const bool folder = ::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode);
  ::close(descriptor);
  return !folder;
}

}  // namespace assay::dbm
