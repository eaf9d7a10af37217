// Operation `write` behind the protocol: scripts of operations on dbm.dumb
// databases (harness/adapters/README.md, "Scripts"), as a Python runs them.
#pragma once

#include <string>

#include "reference/adapter/request.h"
#include "reference/dbm/python.h"

namespace assay::adapter {

// Appends the answer to a request `write`: unsupported but for the formats
// dbm.dumb, and dbm where that comes to the same. The files of the request's path
// are copied into a folder of the system's for temporary files first.
void answer_dbm_write(const Request& request, dbm::Python python, std::string& out);

}  // namespace assay::adapter
