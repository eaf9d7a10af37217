// A file as a view: mapped, never copied.
//
// A mapped page that was read once stays resident until the kernel wants its
// memory back, and its neighbours with it. visited() gives pages back before, so
// that reading a file from end to end keeps a bounded part of it in the process
// (`resident_bytes`). Entries that lie scattered over it are for scattered.h.
#pragma once

#include <cstdint>
#include <string>

#include "reference/bytes/cursor.h"

namespace assay::dbm {

class MappedFile {
 public:
  // How much of a file may have been read since its pages were given back. Up to
  // sixteen times as much is then resident, with the neighbours of what was read.
  static constexpr std::uint64_t resident_bytes = std::uint64_t{1} << 22;
  // A file up to this size may be resident as a whole.
  static constexpr std::uint64_t whole_bytes = std::uint64_t{1} << 26;

  MappedFile() = default;
  // Maps a regular file for reading. Throws std::system_error that names it.
  explicit MappedFile(const std::string& path);
  ~MappedFile() { unmap(); }
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  // Valid as long as this object. The file must not be truncated meanwhile: the
  // kernel then ends the process (SIGBUS), as it ends every program that maps.
  Bytes bytes() const { return bytes_; }

  bool is_large() const { return bytes_.size() > whole_bytes; }

  // Say how much was read; the views stay valid.
  void visited(std::uint64_t bytes) const {
    since_ += bytes;
    if (since_ >= resident_bytes) give_back();
  }

 private:
  void unmap();
  void give_back() const;

  Bytes bytes_;
  mutable std::uint64_t since_ = 0;
};

// Whether a file can be opened for reading.
bool readable(const std::string& path);

}  // namespace assay::dbm
