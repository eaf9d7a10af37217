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
  descriptor_ = descriptor;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      since_(other.since_) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  bytes_ = std::exchange(other.bytes_, {});
  descriptor_ = std::exchange(other.descriptor_, -1);
  since_ = other.since_;
  return *this;
}

void MappedFile::unmap() {
  if (!bytes_.empty()) ::munmap(const_cast<std::uint8_t*>(bytes_.data()), bytes_.size());
  if (descriptor_ >= 0) ::close(descriptor_);
}

Bytes MappedFile::fetch(Bytes view, std::string& copy) const {
  if (bytes_.size() <= whole_bytes || view.empty()) return view;
  copy.resize(view.size());
  const auto offset = static_cast<off_t>(view.data() - bytes_.data());
  const ssize_t count = ::pread(descriptor_, copy.data(), copy.size(), offset);
  return count == static_cast<ssize_t>(view.size()) ? as_bytes(copy) : view;
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
