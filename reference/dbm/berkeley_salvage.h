// In which order the pages of a Berkeley DB file to be salvaged are read, and which of
// its entries were given already.
//
// A process that died while a file grew has left entries on their old page and on their
// new one. Which one is newer is not known; that to which the database leads comes first.
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "reference/dbm/berkeley.h"

namespace assay::dbm {

class SalvageOrder {
 public:
  // For a file of so many pages.
  explicit SalvageOrder(std::uint64_t pages) : reached_(pages), passed_(pages) {}

  // Notes, before any is read, that the database leads to a page. False if that was
  // noted, or the file does not have it.
  bool reach(std::uint64_t page);
  // Notes that a page of the file has been read already, and is not to be given.
  void pass(std::uint64_t page) { passed_[page] = true; }
  // The next page, each one once: those that were reached as they lie in the file, then
  // the other ones.
  std::optional<std::uint32_t> next();

  enum class Given : std::uint8_t { not_yet, this_value, another_value };
  // Whether an entry's key was given before, which from then on it is. Keeps a hash of
  // each key and of each entry.
  Given give(const Entry& entry);

 private:
  std::vector<bool> reached_, passed_;
  std::uint64_t next_ = 0;
  bool astray_ = false;
  std::unordered_set<std::size_t> keys_, pairs_;
};

// "the key b… was given before", for a loss.
std::string given_before(Bytes key);

}  // namespace assay::dbm
