// The reference behind the adapter protocol: lines in, lines out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/adapter/marshal_answers.h"
#include "reference/adapter/request.h"
#include "reference/dbm/python.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/profile.h"

namespace assay::adapter {

// The options of a decode request, taken apart.
struct DecodeOptions {
  pickle::UnpickleOptions unpickle;
  std::int64_t loads = 1;
  bool fresh = false;
};

class Adapter {
 public:
  explicit Adapter(const pickle::Profile& profile)
      : profile_(profile), marshal_profile_(marshal_profile(profile.name())) {}

  // Appends the answer to one line (without its newline), newline included.
  // False when the line was `bye`, which is not answered.
  bool answer(std::string_view line, std::string& out);

 private:
  void hello(std::string& out) const;
  void decode(std::string& out);
  void inspect(std::string& out);
  void encode(std::string& out);
  // The Python as the dbm room names it; nothing in lane py.
  std::optional<dbm::Python> dbm_python() const;
  bool read_buffers(std::vector<SuppliedBuffer>& buffers);
  // The input and options of decode and inspect. False when they cannot be had,
  // which is answered.
  bool take_input(DecodeOptions& options, std::string& out);

  pickle::Profile profile_;
  std::optional<marshal::Profile> marshal_profile_;  // nothing: lane py
  Request request_;
  std::string input_, buffer_bytes_;  // decoded hex, kept for its capacity
};

// Reads "1=module:name,240=mod2:name2"; false if it is not of that form.
bool parse_extensions(std::string_view text, std::vector<pickle::Extension>& out);

}  // namespace assay::adapter
