// Where bytes come from: a file on disk, or bytes in memory. The layers above
// ask for ranges and never keep more than they asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "reference/bytes/cursor.h"

namespace assay::sqlite {

class File {
 public:
  virtual ~File() = default;

  // Bytes in the file, now.
  virtual std::uint64_t size() const = 0;

  // Fills `out` from `offset` on, as far as the file goes; gives the number of
  // bytes filled. Throws std::runtime_error when the system refuses.
  virtual std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
};

// A file opened for reading. It is read with pread(2) and not mapped: a mapped
// file that another process truncates would end ours with SIGBUS.
class DiskFile final : public File {
 public:
  // Throws std::runtime_error naming the file and the system's reason.
  explicit DiskFile(const std::string& path);
  ~DiskFile() override;
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  std::uint64_t size() const override;
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out) const override;

  // True when a process holds a lock on the byte at `offset` that would stand in
  // the way of writing it: how SQLite asks for its RESERVED lock
  // (os_unix.c, unixCheckReservedLock).
  bool write_locked(std::uint64_t offset) const;

 private:
  std::string path_;
  int descriptor_;
};

// A view of bytes that outlive it.
class MemoryFile final : public File {
 public:
  explicit MemoryFile(Bytes bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out) const override;

 private:
  Bytes bytes_;
};

// The file at `path`, or nothing when there is none.
std::unique_ptr<DiskFile> open_if_exists(const std::string& path);

}  // namespace assay::sqlite
