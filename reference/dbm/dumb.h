// dbm.dumb (2.7: dumbdbm): a text file `.dir` of keys and positions, a file
// `.dat` of values.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "reference/dbm/dumb_literal.h"
#include "reference/dbm/entry.h"
#include "reference/dbm/python.h"

namespace assay::dbm {

// What stands in a pair's place, and the two parts it has (unless `no_pair`).
struct OddPair {
  Literal whole, position, size;
};

// One line of a `.dir` file, as ast.literal_eval() of a Python reads it.
struct DumbLine {
  std::string key;
  bool unicode = false;  // 2.7: the key is of that type
  std::int64_t position = 0;
  std::int64_t size = 0;  // negative: to the end
  // Raised when the pair is parted (`pos, siz = pair`); else empty.
  std::string_view no_pair;
  // Raised when the value is fetched, also for `no_pair`; else empty.
  std::string_view exception;
  // How the pair is written again: 2.7's long integers as `0L`, a list in brackets.
  bool long_position = false, long_size = false;
  bool list = false;
  // Nothing for a tuple or list of two integers, as dbm.dumb writes them.
  std::shared_ptr<const OddPair> odd;
};

// The line of a `.dir` file that begins at `at`, without its ending and the blanks
// before that; `at` moves to the next one. False at the end.
bool next_dumb_line(std::string_view dir, std::size_t& at, Python python, std::string_view& line);

// Reads a line, its line ending and trailing blanks removed. Throws PythonError
// where that Python raises, DecodeError (unsupported) for a form of expression that
// no dbm.dumb writes and that Python might evaluate (\N{…}, formatted strings,
// operators). `offset` is that of the line in the file.
DumbLine parse_dumb_line(std::string_view line, Python python, std::uint64_t offset = 0);

// What f.seek(number) takes as the position; else the class of the exception.
std::string_view dumb_seek(const Literal& number, Python python, std::int64_t& position);

// The two files. Python decides what a missing one means: up to 3.7 it is made
// anew, from 3.8 on opening with flag 'r' fails.
class DumbStream final : public EntryStream {
 public:
  // `dat` is nothing if the file is missing. Reads the whole of `dir`, as
  // Python does, and throws for its first bad line unless it is to be salvaged.
  // Both views must outlive the stream.
  DumbStream(Bytes dir, std::optional<Bytes> dat, Python python, ReadOptions options);

  // In the order of the first lines of the keys. A value that the end of `dat`
  // cuts is given as Python gives it, short, and noted as a loss.
  bool next(Entry& entry) override;
  bool find(Bytes key, Entry& entry) override;

 private:
  struct Record {
    std::string key;
    std::int64_t position;
    std::int64_t size;
    std::uint64_t line;  // offset in `.dir`
    bool unicode;
    std::string_view exception;
  };
  void read_index(Bytes dir);
  void add(DumbLine line, std::uint64_t offset);
  void fetch(const Record& record, Entry& entry);

  std::optional<Bytes> dat_;
  Python python_;
  std::vector<Record> records_;
  std::unordered_map<std::string, std::size_t> index_;  // key -> record
  std::size_t at_ = 0;
};

}  // namespace assay::dbm
