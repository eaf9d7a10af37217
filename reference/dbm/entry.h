// What every reader of this room gives: the entries of a file, one at a time.
//
// A stream holds a view of the file (mapped_file.h) and as much memory as one
// entry needs, whatever the file's size; dbm.dumb, whose index is a text that
// later lines correct, holds its index.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/bytes/error.h"
#include "reference/dbm/mapped_file.h"

namespace assay::dbm {

// Views into the file, or into the stream where an entry stands in pieces; they
// are valid until the stream is asked for the next one.
struct Entry {
  Bytes key;
  Bytes value;
  std::uint64_t offset = 0;  // where the key stands in its file
  // recno and queue: the record number, counted from 1; the key is empty.
  bool numbered = false;
  std::uint32_t number = 0;
  bool unicode = false;  // dbm.dumb of 2.7: the key is Latin-1 of a unicode object
};

// What could not be read, or is not as its writer left it.
struct Loss {
  std::uint64_t offset = 0;  // in the file
  std::string what;          // names the page, bucket or line, and the fault
};

struct ReadOptions {
  // What is broken is passed over and reported as a loss, page by page and
  // entry by entry, instead of ending the reading with a DecodeError.
  bool salvage = false;
  // Berkeley DB: damage that the library takes without an error is taken, too: a
  // page of a hash or queue that the file does not have is empty, a page may say that it
  // has another number, and a queue's that it is of another type. Else these are
  // faults.
  bool as_library = false;
};

class EntryStream {
 public:
  explicit EntryStream(ReadOptions options) : options_(options) {}
  virtual ~EntryStream() = default;
  EntryStream(const EntryStream&) = delete;
  EntryStream& operator=(const EntryStream&) = delete;

  // The next entry; false at the end. Throws DecodeError for a file that is
  // truncated or malformed, unless it is to be salvaged; a stream that threw is
  // not asked again. The entries come in the order in which the format's own
  // library gives them.
  virtual bool next(Entry& entry) = 0;

  // The entry of a key, found as the library finds it (by hash, by search),
  // where the format has such a way; else by reading from the start. False if
  // there is none. Does not disturb next(). Throws DecodeError.
  virtual bool find(Bytes key, Entry& entry) = 0;

  // The file whose view the stream reads, if its pages are to be given back as
  // they were read (mapped_file.h); it must outlive the stream.
  void give_back(const MappedFile& file) { file_ = &file; }

  // What was lost or is doubtful, as far as the stream was read.
  const std::vector<Loss>& losses() const { return losses_; }

 protected:
  bool salvaging() const { return options_.salvage; }
  bool as_library() const { return options_.as_library; }
  void lose(std::uint64_t offset, std::string what) {
    losses_.push_back({offset, std::move(what)});
  }
  void visited(std::uint64_t bytes) const {
    if (file_ != nullptr) file_->visited(bytes);
  }
  // losses(), for the parts of a stream that note what is doubtful.
  std::vector<Loss>* noted() { return &losses_; }
  // The file of give_back(); null if there is none.
  const MappedFile* mapped() const { return file_; }
  // Call while a DecodeError is handled: throws it again, or notes the loss.
  void lose_or_rethrow(const DecodeError& error) {
    if (!options_.salvage || error.kind() == ErrorKind::internal) throw;
    lose(error.offset(), error.what());
  }

 private:
  ReadOptions options_;
  const MappedFile* file_ = nullptr;
  std::vector<Loss> losses_;
};

}  // namespace assay::dbm
