// Format shelve behind the protocol: a dbm file whose values are pickles.
#pragma once

#include <string>

#include "reference/adapter/request.h"
#include "reference/dbm/python.h"
#include "reference/pickle/profile.h"

namespace assay::adapter {

// Appends the answer to a request `read` of format shelve: the dict of
// shelve.open(path, "r"), read key by key. A value that the profile refuses is
// global('raises', 'UnpicklingError'), with the exception's class; a key that does
// not decode is an answer of its own, UnicodeDecodeError, as keys() raises it. The
// option `keyencoding` is Shelf's.
void answer_shelve_read(const Request& request, const pickle::Profile& profile, std::string& out);

}  // namespace assay::adapter
