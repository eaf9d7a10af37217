// The rollback journal: what a transaction that did not end overwrote. Takes a
// file, gives an overlay of the pages as they were. SQLite file format, 3.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "reference/sqlite/pager.h"

namespace assay::sqlite {

// The pages that rolling back would write, and the size the database had before
// (pager.c, pager_playback); nothing when the journal is not hot: when its first
// byte is zero or missing, or it belongs to a super-journal that is gone.
// The caller has made sure that the database is not empty and that no process
// holds a RESERVED lock on it, both of which make a journal cold.
// `exists` says whether a file of this name (a super-journal's, as the journal
// has it) is there. `page_size` is the database's, for journals of SQLite before
// 3.5.8, which do not say.
std::optional<Overlay> read_hot_journal(const File& journal, std::uint32_t page_size,
                                        const std::function<bool(const std::string&)>& exists);

}  // namespace assay::sqlite
