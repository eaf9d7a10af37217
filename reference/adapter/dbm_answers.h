// Formats dbm.* behind the protocol: reading what a path names, and whichdb.
// As marshal's, they belong to lane c.
#pragma once

#include <string>

#include "reference/adapter/request.h"
#include "reference/dbm/python.h"

namespace assay::adapter {

// What hello lists, with a comma before each.
extern const char* const dbm_features;

// Appends the answer to a request `read`: all entries as a dict of bytes, in the
// order in which the format's library gives them. Records have integers as keys;
// a key with several values stands there once for each.
void answer_dbm_read(const Request& request, dbm::Python python, std::string& out);

// Appends the answer to a request `identify`: what whichdb() of that Python
// gives. The option `ndbm` names the library behind its dbm.ndbm: "none" (the
// default), "gdbm", "berkeley".
void answer_whichdb(const Request& request, dbm::Python python, std::string& out);

}  // namespace assay::adapter
