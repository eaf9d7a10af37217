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
  // For a file of so many pages; what is doubtful is noted in `doubts`.
  SalvageOrder(std::uint64_t pages, std::vector<Loss>* doubts)
      : reached_(pages), passed_(pages), doubts_(doubts) {}

  // Notes, before any is read, that the database leads to a chain of pages: from one on as
  // long as the file has the next, it is of the right type and was not noted.
  template <typename IsType>
  void reach(const BerkeleyPages& pages, std::uint32_t page, IsType is_type) {
    while (page < reached_.size() && !reached_[page] && is_type(pages.type(page))) {
      reached_[page] = true;
      page = pages.next(page);
    }
  }
  // Notes that a page of the file has been read already, and is not to be given.
  void pass(std::uint64_t page) { passed_[page] = true; }
  // The next page, each one once: those that were reached as they lie in the file, then
  // the other ones.
  std::optional<std::uint32_t> next();

  // False for an entry, of a database without duplicates, that was given before; where its
  // key was given with another value, that is noted. Keeps a hash of each key and of each
  // entry.
  bool give(const Entry& entry);

 private:
  std::vector<bool> reached_, passed_;
  std::vector<Loss>* doubts_;
  std::uint64_t next_ = 0;
  bool astray_ = false;
  std::unordered_set<std::size_t> keys_, pairs_;
};

}  // namespace assay::dbm
