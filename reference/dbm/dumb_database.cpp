#include "reference/dbm/dumb_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "reference/dbm/dumb_text.h"
#include "reference/dbm/python_error.h"

namespace assay::dbm {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t block_size = 512;

// Lib/dumbdbm.py of 2.7; Lib/dbm/dumb.py of 3.x.
constexpr DumbRules rules[] = {
    // from    new_is_empty flags_checked missing_is_made reading_only index_at_once commit_once
    {{2, 7}, false, false, true, false, false, false},
    {{3, 6}, true, false, true, false, false, false},
    {{3, 8}, true, true, false, true, false, false},
    {{3, 13}, true, true, false, true, true, true},
};

const DumbRules& rules_of(Python python) {
  const DumbRules* found = &rules[0];
  for (const DumbRules& row : rules)
    if (row.from <= python) found = &row;
  return *found;
}

void remove_if_there(const std::string& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

// The line after a value of `size` bytes was written over the old one: a new pair,
// whose position is what it was.
DumbLine replaced(const DumbLine& old, std::int64_t size) {
  DumbLine line;
  line.key = old.key;
  line.unicode = old.unicode;
  line.position = old.position;
  line.size = size;
  line.long_position = old.long_position;
  if (!old.odd) return line;
  const Literal& position = old.odd->position;
  if (position.kind == Literal::Kind::integer && !position.boolean) return line;
  Literal pair;
  pair.kind = Literal::Kind::sequence;
  pair.items = {position, Literal{}};
  pair.items[1].kind = Literal::Kind::integer;
  pair.items[1].integer = size;
  line.odd = std::make_shared<const OddPair>(OddPair{pair, pair.items[0], pair.items[1]});
  return line;
}

// (size + 511) // 512
std::int64_t blocks(std::int64_t size) {
  const std::int64_t up = size + block_size - 1;
  return up / block_size - (up % block_size < 0 ? 1 : 0);
}

}  // namespace

DumbLine* DumbIndex::find(const std::string& key) {
  const auto found = index_.find(key);
  return found == index_.end() ? nullptr : &lines_[found->second];
}

void DumbIndex::set(const std::string& key, const DumbLine& line) {
  const auto [found, added] = index_.try_emplace(key, lines_.size());
  if (added) {
    lines_.emplace_back();
    erased_.push_back(false);
    if (python2_) order_.add(python2_hash(key), static_cast<std::int64_t>(found->second));
  }
  lines_[found->second] = line;
  lines_[found->second].key = key;
}

bool DumbIndex::erase(const std::string& key) {
  const auto found = index_.find(key);
  if (found == index_.end()) return false;
  if (python2_) order_.remove(python2_hash(key), static_cast<std::int64_t>(found->second));
  erased_[found->second] = true;
  index_.erase(found);
  if (!python2_ && lines_.size() > 2 * index_.size() + 16) forget_erased();
  return true;
}

void DumbIndex::forget_erased() {
  std::vector<DumbLine> left;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (erased_[i]) continue;
    index_[lines_[i].key] = left.size();
    left.push_back(std::move(lines_[i]));
  }
  lines_ = std::move(left);
  erased_.assign(lines_.size(), false);
}

void DumbIndex::visit(const std::function<void(const DumbLine&)>& visit) const {
  if (python2_)
    return order_.visit([&](std::int64_t i) { visit(lines_[static_cast<std::size_t>(i)]); });
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (!erased_[i]) visit(lines_[i]);
}

DumbDatabase::DumbDatabase(const std::string& base, std::string_view flag, Python python)
    : python_(python),
      rules_(rules_of(python)),
      dir_(base + ".dir"),
      dat_(base + ".dat"),
      bak_(base + ".bak"),
      only_read_(flag == "r") {
  const bool creates = flag == "c" || flag == "n";
  if (rules_.flags_checked && !creates && flag != "r" && flag != "w")
    throw Raised("ValueError", "Flag must be one of 'r', 'w', 'c', or 'n'");
  if (rules_.new_is_empty && flag == "n")
    for (const std::string& path : {dat_, bak_, dir_}) remove_if_there(path);
  for (const std::string& path : {dat_, dir_}) {
    if (readable(path)) continue;
    if (!creates && !rules_.missing_is_made) missing(path);
    if (path == dat_ || rules_.index_at_once) {
      make_empty(path);
    } else {
      modified_ = !only_read_;
    }
  }
  auto index = std::make_unique<DumbIndex>(python_.major == 2);
  index_.swap(index);
  try {
    read_index();
  } catch (const PythonError& error) {
    abandon();
    throw Raised(std::string(error.exception()), error.what());
  } catch (const DecodeError&) {
    abandon();
    throw;
  }
}

DumbDatabase::~DumbDatabase() {
  try {
    close();
  } catch (const std::exception&) {  // as Python ignores what __del__ raises
  }
}

void DumbDatabase::read_index() {
  std::ifstream file(dir_, std::ios::binary);
  const std::string dir{std::istreambuf_iterator<char>(file), {}};
  std::string_view line;
  for (std::size_t at = 0, begin = 0; next_dumb_line(dir, at, python_, line); begin = at) {
    DumbLine parsed = parse_dumb_line(line, python_, begin);
    // Of unicode keys only those of ASCII equal a str.
    if (parsed.unicode &&
        std::any_of(parsed.key.begin(), parsed.key.end(), [](char c) { return (c & 0x80) != 0; }))
      throw DecodeError(ErrorKind::unsupported, begin, "line of .dir",
                        "a unicode key beyond ASCII");
    if (const DumbLine* before = index_->find(parsed.key))  // the first key stays
      parsed.unicode = before->unicode;
    if (parsed.odd) dumb_line_text(parsed, python_);  // what cannot be written is not read
    index_->set(parsed.key, parsed);
  }
}

DumbDatabase::File DumbDatabase::open_file(const std::string& path, const char* mode) const {
  File file(std::fopen(path.c_str(), mode), &std::fclose);
  if (file == nullptr && errno == ENOENT) missing(path);
  if (file == nullptr) throw std::system_error(errno, std::generic_category(), path);
  return file;
}

void DumbDatabase::write_all(File file, std::string_view bytes, const std::string& path) const {
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  if (std::fclose(file.release()) != 0 || !written)
    throw std::system_error(errno, std::generic_category(), path);
}

void DumbDatabase::make_empty(const std::string& path) const {
  write_all(open_file(path, "wb"), "", path);
}

void DumbDatabase::missing(const std::string& path) const {
  throw Raised(python_.major == 2 ? "IOError" : "FileNotFoundError",
               "No such file or directory: " + path);
}

// 2.7 asks its index, which is None, and raises what that does not do.
void DumbDatabase::need_open() const {
  if (is_closed())
    throw Raised(python_.major == 2 ? "TypeError" : "OSError", "DBM object is closed");
}

void DumbDatabase::need_writable() const {
  if (only_read_ && rules_.reading_only)
    throw Raised("OSError", "The database is opened for reading only");
}

void DumbDatabase::begin_writing() {
  need_writable();
  need_open();
  modified_ = true;
}

std::string DumbDatabase::get(const std::string& key) const {
  need_open();
  const DumbLine* line = index_->find(key);
  if (line == nullptr) throw Raised("KeyError", key);
  if (!line->no_pair.empty()) throw Raised(std::string(line->no_pair), "no position and size");
  const File file = open_file(dat_, "rb");
  if (!line->exception.empty())
    throw Raised(std::string(line->exception), "no position and size to read by");
  std::error_code error;
  const auto there = static_cast<std::int64_t>(fs::file_size(dat_, error));
  const std::int64_t left = error ? 0 : std::max<std::int64_t>(there - line->position, 0);
  std::string value(static_cast<std::size_t>(line->size < 0 ? left : std::min(line->size, left)),
                    '\0');
  if (::fseeko(file.get(), line->position, SEEK_SET) != 0 && !value.empty())
    throw std::system_error(errno, std::generic_category(), dat_);
  value.resize(std::fread(value.data(), 1, value.size(), file.get()));
  return value;
}

// The value at the end of `.dat`, at the beginning of a block.
DumbLine DumbDatabase::append_value(std::string_view value) const {
  File file = open_file(dat_, "r+b");
  if (::fseeko(file.get(), 0, SEEK_END) != 0)
    throw std::system_error(errno, std::generic_category(), dat_);
  const std::int64_t end = ::ftello(file.get());
  DumbLine place;
  place.position = blocks(end) * block_size;
  place.size = static_cast<std::int64_t>(value.size());
  std::string bytes(static_cast<std::size_t>(place.position - end), '\0');
  bytes += value;
  write_all(std::move(file), bytes, dat_);
  return place;
}

// f.seek(pos); f.write(val)
void DumbDatabase::overwrite(const DumbLine& place, std::string_view value) const {
  File file = open_file(dat_, "r+b");
  std::int64_t position = place.position;
  const std::string_view exception =
      place.odd ? dumb_seek(place.odd->position, python_, position) : std::string_view();
  if (!exception.empty()) throw Raised(std::string(exception), "no position");
  if (::fseeko(file.get(), position, SEEK_SET) != 0)
    throw Raised(python_.major == 2 ? "IOError" : "OSError", "Invalid argument");
  write_all(std::move(file), value, dat_);
}

// Whether a value has room where the old one is: (len(val) + 511) // 512 <=
// (siz + 511) // 512, whatever siz is.
bool DumbDatabase::fits(std::int64_t size, const DumbLine& old) const {
  if (!old.no_pair.empty()) throw Raised(std::string(old.no_pair), "no position and size");
  if (!old.odd) return blocks(size) <= blocks(old.size);
  const Literal& siz = old.odd->size;
  switch (siz.kind) {
    case Literal::Kind::integer:
      return siz.huge ? !siz.negative : blocks(size) <= blocks(siz.integer);
    case Literal::Kind::real:
      return static_cast<double>(blocks(size)) <= std::floor((siz.real + 511) / 512);
    default:
      throw Raised("TypeError", "a size that is no number");
  }
}

void DumbDatabase::set(const std::string& key, std::string_view value) {
  begin_writing();
  DumbLine* old = index_->find(key);
  if (old == nullptr) {
    DumbLine line = append_value(value);
    line.key = key;
    index_->set(key, line);
    write_all(open_file(dir_, "ab"), dumb_line_text(line, python_), dir_);
  } else if (fits(static_cast<std::int64_t>(value.size()), *old)) {
    overwrite(*old, value);
    *old = replaced(*old, static_cast<std::int64_t>(value.size()));
  } else {
    DumbLine line = append_value(value);
    line.unicode = old->unicode;
    index_->set(key, line);
  }
}

void DumbDatabase::erase(const std::string& key) {
  begin_writing();
  if (!index_->erase(key)) throw Raised("KeyError", key);
  commit();
}

bool DumbDatabase::contains(const std::string& key) const {
  need_open();
  return index_->find(key) != nullptr;
}

std::size_t DumbDatabase::size() const {
  need_open();
  return index_->size();
}

std::vector<std::string> DumbDatabase::keys() const {
  if (is_closed() && python_.major == 2) throw Raised("AttributeError", "None has no keys");
  need_open();
  std::vector<std::string> keys;
  index_->visit([&](const DumbLine& line) { keys.push_back(line.key); });
  return keys;
}

bool DumbDatabase::is_unicode(const std::string& key) const {
  const DumbLine* line = index_->find(key);
  return line != nullptr && line->unicode;
}

void DumbDatabase::commit() {
  if (is_closed() || !modified_) return;
  remove_if_there(bak_);
  std::error_code ignored;
  fs::rename(dir_, bak_, ignored);
  std::string text;
  index_->visit([&](const DumbLine& line) { text += dumb_line_text(line, python_); });
  write_all(open_file(dir_, "wb"), text, dir_);
  if (rules_.commit_once) modified_ = false;
}

void DumbDatabase::sync() {
  commit();
}

void DumbDatabase::close() {
  try {
    commit();
  } catch (const std::exception&) {
    abandon();
    throw;
  }
  abandon();
}

}  // namespace assay::dbm
