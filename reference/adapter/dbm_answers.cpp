#include "reference/adapter/dbm_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "reference/adapter/answers.h"
#include "reference/dbm/sqlite3/store.h"
#include "reference/value/literal.h"

namespace assay::adapter {
namespace {

using dbm::Format;

// The formats on the wire, and the files that their modules may open.
struct Wire {
  std::string_view name;
  Format format;
};
constexpr Wire wires[] = {
    {"dbm.dumb", Format::dumb},
    {"dbm.gnu", Format::gdbm},
    {"dbm.ndbm", Format::berkeley_hash},
    {"dbm.ndbm", Format::gdbm},
    {"dbm.ndbm", Format::ndbm},
    {"dbm.sqlite3", Format::sqlite},
    {"bsddb.hash", Format::berkeley_hash},
    {"bsddb.btree", Format::berkeley_btree},
    {"bsddb.queue", Format::berkeley_queue},
};

bool is_known(std::string_view name) {
  return name == "dbm" || std::any_of(std::begin(wires), std::end(wires),
                                      [&](const Wire& wire) { return wire.name == name; });
}

bool goes_with(std::string_view name, Format format) {
  return name == "dbm" || std::any_of(std::begin(wires), std::end(wires), [&](const Wire& wire) {
           return wire.name == name && wire.format == format;
         });
}

void append_entries(dbm::EntryStream& stream, std::string& text) {
  text += '{';
  bool first = true;
  for (dbm::Entry entry; stream.next(entry); first = false) {
    if (!first) text += ", ";
    if (entry.numbered) {
      text += std::to_string(entry.number);
    } else {
      append_bytes_literal(text, as_text(entry.key));
    }
    text += ": ";
    append_bytes_literal(text, as_text(entry.value));
  }
  text += '}';
}

}  // namespace

const char* const dbm_features =
    R"(,"dbm:read","dbm.dumb:read","dbm.gnu:read","dbm.ndbm:read","dbm.sqlite3:read",)"
    R"("bsddb.hash:read","bsddb.btree:read","bsddb.queue:read","dbm:identify","dbm:write","dbm.dumb:write")";

void answer_dbm_read(const Request& request, dbm::Python python, std::string& out) {
  if (!is_known(request.format))
    return answer_text(out, request.id, "unsupported", fmt::format("read {}", request.format));
  try {
    const auto found = dbm::identify(std::string(request.path));
    if (!found || !goes_with(request.format, found->format))
      return answer_error(out, request.id, "error",
                          found ? "the file is " + dbm::shown(*found) : "there is no such file");
    std::string text;
    append_entries(*dbm::open_store(*found, python, {})->stream, text);
    answer_text(out, request.id, "value", text);
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::unsupported)
      return answer_text(out, request.id, "unsupported", error.what());
    answer_error(out, request.id, "error", error.what());
  } catch (const std::runtime_error& error) {
    answer_error(out, request.id, "OSError", error.what());
  }
}

void answer_whichdb(const Request& request, dbm::Python python, std::string& out) {
  dbm::NdbmLibrary library = dbm::NdbmLibrary::none;
  for (const Option& option : request.options) {
    const auto* text = std::get_if<std::string_view>(&option.value);
    if (option.key != "ndbm" || text == nullptr)
      return answer_text(out, request.id, "unsupported", fmt::format("option '{}'", option.key));
    if (*text == "berkeley") library = dbm::NdbmLibrary::berkeley;
    if (*text == "gdbm") library = dbm::NdbmLibrary::gdbm_compat;
  }
  const auto answer = dbm::whichdb(std::string(request.path), python, library);
  if (answer.kind == dbm::WhichdbAnswer::Kind::raises)
    return answer_error(out, request.id, answer.text, "whichdb");
  // 2.7's str is bytes.
  const bool bytes = python.major == 2 && answer.kind != dbm::WhichdbAnswer::Kind::none;
  answer_text(out, request.id, "value", (bytes ? "b" : "") + dbm::shown(answer));
}

}  // namespace assay::adapter
