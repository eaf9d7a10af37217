// .pyc files and marshalled data, for the commands that show files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reference/marshal/profile.h"
#include "reference/marshal/pyc.h"

namespace assay {

// A file of either kind.
struct MarshalFile {
  std::string content;
  std::optional<marshal::PycHeader> header;  // nothing: marshalled data alone
  marshal::Profile profile;                  // the header's, or as asked for

  Bytes data() const { return as_bytes(content).subspan(header ? header->bytes : 0); }
  // Where the data begin in the file.
  std::size_t offset() const { return header ? header->bytes : 0; }
};

// Whether a file begins with a .pyc file's magic number.
bool is_pyc(std::string_view content);

// Whether a command that takes --format should take the file as one of these:
// it was asked to, or a .pyc file was found.
bool wants_marshal(std::string_view format, std::string_view content);

// Takes the content of a file apart. `format` is "pyc", "marshal" or empty; `as`
// is the profile to read as, or empty: the header's, or the newest. Throws
// UsageError naming the file, the offset and the field.
MarshalFile open_marshal(const std::string& name, std::string content, const std::string& format,
                         const std::string& as);

// The profile of that name, as --as gives it; the newest for none. Throws UsageError.
marshal::Profile parse_marshal_profile(const std::string& as);

// The header in words, a line each; nothing for marshalled data.
std::string header_text(const MarshalFile& file);

// assay show: the header as comments, and the value. assay dis: the assembly
// text, or code objects laid out for people (`full`: nothing is cut). Both throw
// UsageError where the data cannot be read.
void show_marshal(const std::string& name, const MarshalFile& file, bool json);
void dis_marshal(const std::string& name, const MarshalFile& file, bool assembly, bool full,
                 bool json);

// assay diff with two files: what really differs; false if something does.
bool diff_marshal(const std::string& left_name, const MarshalFile& left,
                  const std::string& right_name, const MarshalFile& right, bool json);

// assay diff with one file: what every profile makes of the data; false if they
// do not agree.
bool diff_profiles(const MarshalFile& file, bool full, bool json);

}  // namespace assay
