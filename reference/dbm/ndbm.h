// Pages of ndbm and sdbm: the `.pag` file of a `.pag`/`.dir` pair that is not
// GNU dbm's. README.md, "ndbm pages".
#pragma once

#include <optional>

#include "reference/bytes/ordered.h"
#include "reference/dbm/entry.h"

namespace assay::dbm {

struct NdbmShape {
  std::uint32_t page_size = 1024;
  bool big_endian = false;
};

// The page size and byte order under which every page of `pag` is sound; nothing
// if there is none. An empty file is of any shape. The last page may be cut.
std::optional<NdbmShape> ndbm_shape(Bytes pag);

class NdbmStream final : public EntryStream {
 public:
  // `pag` must outlive the stream. A file of no shape is read as little-endian
  // pages of 1024 bytes, whose faults are then found.
  NdbmStream(Bytes pag, ReadOptions options);

  const NdbmShape& shape() const { return shape_; }

  // Page by page, as dbm_nextkey() goes.
  bool next(Entry& entry) override;
  bool find(Bytes key, Entry& entry) override;

 private:
  bool next_page();

  NdbmShape shape_;
  Ordered file_;
  Ordered page_;
  std::uint64_t at_page_ = 0;
  std::uint32_t at_ = 0, count_ = 0;  // of the page's offsets
  std::uint32_t end_ = 0;             // where the next key ends
};

}  // namespace assay::dbm
