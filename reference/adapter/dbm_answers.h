// Formats dbm.* behind the protocol: reading what a path names, and whichdb.
// As marshal's, they belong to lane c.
#pragma once

#include <optional>
#include <string>

#include "reference/adapter/request.h"
#include "reference/dbm/python.h"
#include "reference/dbm/whichdb.h"

namespace assay::adapter {

// What hello lists, with a comma before each.
extern const char* const dbm_features;

// Takes the option `ndbm`, the library behind dbm.ndbm: "none" (the default),
// "gdbm", "berkeley". Gives what is wrong with any other option.
std::optional<std::string> take_ndbm(const Option& option, dbm::NdbmLibrary& library);

// Appends the answer to a request `read`: all entries as a dict of bytes, in the
// order and with the exceptions of the module that `format` names. Records have
// integers as keys; a key of Berkeley DB with several values has their list.
void answer_dbm_read(const Request& request, dbm::Python python, std::string& out);

// Appends the answer to a request `identify`: what whichdb() of that Python gives.
void answer_whichdb(const Request& request, dbm::Python python, std::string& out);

}  // namespace assay::adapter
