// dbm.dumb as a database that is read and written: what each Python leaves in
// the files, byte for byte, and the exceptions it raises. README.md, "Writing".
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/dbm/dumb.h"
#include "reference/dbm/python.h"
#include "reference/dbm/python2_order.h"

namespace assay::dbm {

// An exception that Python raises, by the name of its class.
class Raised : public std::runtime_error {
 public:
  Raised(std::string error, const std::string& message)
      : std::runtime_error(message), error_(std::move(error)) {}
  const std::string& error() const { return error_; }

 private:
  std::string error_;
};

// How versions differ in writing.
struct DumbRules {
  Python from;           // and later, to the next row
  bool new_is_empty;     // flag 'n' removes the files that are there
  bool flags_checked;    // another flag than r, w, c, n is a ValueError
  bool missing_is_made;  // of files that 'r' or 'w' do not find
  bool reading_only;     // flag 'r' lets nothing be written
  bool index_at_once;    // a missing `.dir` is made by opening, not by closing
  bool commit_once;      // what was committed is not committed again
};

// The keys and places of a database in the order of the Python's dict.
class DumbIndex {
 public:
  explicit DumbIndex(bool python2) : python2_(python2) {}
  // Nothing if the key is not there; valid until something is set.
  DumbLine* find(const std::string& key);
  void set(const std::string& key, const DumbLine& line);
  bool erase(const std::string& key);
  std::size_t size() const { return index_.size(); }
  void visit(const std::function<void(const DumbLine&)>& visit) const;

 private:
  void forget_erased();

  bool python2_;
  std::vector<DumbLine> lines_;  // in the order in which their keys came
  std::vector<bool> erased_;
  std::unordered_map<std::string, std::size_t> index_;  // key -> line
  Python2Order order_;                                  // of lines; 2.7
};

class DumbDatabase {
 public:
  // dbm.dumb.open(base, flag). The files are `base` with `.dir`, `.dat` and
  // `.bak`. Throws Raised, also for a `.dir` that the Python refuses; DecodeError
  // (unsupported) for forms that no dbm.dumb writes and this evaluator lacks;
  // std::system_error where the disk fails.
  DumbDatabase(const std::string& base, std::string_view flag, Python python);
  // As CPython's __del__: closes, whatever comes of it.
  ~DumbDatabase();
  DumbDatabase(const DumbDatabase&) = delete;
  DumbDatabase& operator=(const DumbDatabase&) = delete;

  // Each throws Raised as Python does: of a database that is closed, of one that
  // may only be read, of a key that is not there (KeyError), of files that have
  // been taken away.
  std::string get(const std::string& key) const;
  void set(const std::string& key, std::string_view value);
  void erase(const std::string& key);
  bool contains(const std::string& key) const;
  std::vector<std::string> keys() const;
  // 2.7: whether a key that is there is unicode.
  bool is_unicode(const std::string& key) const;
  std::size_t size() const;
  void sync();  // what stands in memory alone is written to `.dir`
  void close();

  bool is_closed() const { return index_ == nullptr; }
  // Forgets the database as a process does that is killed.
  void abandon() { index_ = nullptr; }
  // What writing raises before it looks at the key, and before it looks the key
  // up; then the database counts as modified.
  void need_writable() const;
  void begin_writing();

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  File open_file(const std::string& path, const char* mode) const;
  void write_all(File file, std::string_view bytes, const std::string& path) const;
  void make_empty(const std::string& path) const;
  [[noreturn]] void missing(const std::string& path) const;
  void need_open() const;
  void read_index();
  DumbLine append_value(std::string_view value) const;
  void overwrite(const DumbLine& place, std::string_view value) const;
  bool fits(std::int64_t size, const DumbLine& old) const;
  void commit();

  Python python_;
  const DumbRules& rules_;
  std::string dir_, dat_, bak_;
  bool only_read_ = false, modified_ = false;
  std::unique_ptr<DumbIndex> index_;  // nothing: closed
};

}  // namespace assay::dbm
