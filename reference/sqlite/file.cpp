#include "reference/sqlite/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace assay::sqlite {
namespace {

[[noreturn]] void refuse(const std::string& path, const char* what) {
  throw std::runtime_error(fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

}  // namespace

DiskFile::DiskFile(const std::string& path)
    : path_(path), descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) refuse(path_, "cannot be opened");
}

DiskFile::~DiskFile() {
  close(descriptor_);
}

std::uint64_t DiskFile::size() const {
  struct stat status;
  if (fstat(descriptor_, &status) != 0) refuse(path_, "has no size");
  // A file of one byte counts as empty: SQLite may have made it so, for the sake
  // of a file system that has no inode for a file without bytes (os_unix.c,
  // unixFileSize).
  return status.st_size <= 1 ? 0 : static_cast<std::uint64_t>(status.st_size);
}

std::size_t DiskFile::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count =
        pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(path_, "cannot be read");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

bool DiskFile::write_locked(std::uint64_t offset) const {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(offset);
  lock.l_len = 1;
  return fcntl(descriptor_, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::size_t MemoryFile::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset >= bytes_.size()) return 0;
  const std::size_t count =
      std::min<std::uint64_t>(out.size(), bytes_.size() - static_cast<std::size_t>(offset));
  if (count != 0) std::memcpy(out.data(), bytes_.data() + offset, count);
  return count;
}

std::unique_ptr<DiskFile> open_if_exists(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return nullptr;
  return std::make_unique<DiskFile>(path);
}

}  // namespace assay::sqlite
