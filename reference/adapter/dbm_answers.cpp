#include "reference/adapter/dbm_answers.h"

#include <fmt/format.h>

#include "reference/adapter/answers.h"
#include "reference/adapter/store_reading.h"
#include "reference/dbm/whichdb.h"
#include "reference/value/literal.h"

namespace assay::adapter {
namespace {

void append_key(const StoredEntry& entry, std::string& text) {
  if (entry.kind == StoredEntry::Key::number) {
    text += entry.key;
    return;
  }
  // Latin-1 letters have the escapes of bytes.
  std::string literal;
  append_bytes_literal(literal, entry.key);
  text += entry.kind == StoredEntry::Key::unicode ? literal.substr(1) : literal;
}

void append_values(const StoredEntry& entry, std::string& text) {
  if (entry.values.size() == 1) return append_bytes_literal(text, entry.values.front());
  text += '[';
  for (std::size_t i = 0; i < entry.values.size(); ++i) {
    if (i > 0) text += ", ";
    append_bytes_literal(text, entry.values[i]);
  }
  text += ']';
}

// Answers what is no value; whether it was that.
bool answered(const Request& request, const StoredEntries& read, std::string& out) {
  if (read.status == StoredEntries::Status::unsupported)
    answer_text(out, request.id, "unsupported", read.message);
  if (read.status == StoredEntries::Status::raised)
    answer_error(out, request.id, read.exception, read.message);
  return read.status != StoredEntries::Status::read;
}

}  // namespace

std::optional<std::string> take_ndbm(const Option& option, dbm::NdbmLibrary& library) {
  const auto* text = std::get_if<std::string_view>(&option.value);
  if (option.key != "ndbm" || text == nullptr) return fmt::format("option '{}'", option.key);
  if (*text == "berkeley") library = dbm::NdbmLibrary::berkeley;
  if (*text == "gdbm") library = dbm::NdbmLibrary::gdbm_compat;
  return std::nullopt;
}

const char* const dbm_features =
    R"(,"dbm:read","dbm.dumb:read","dbm.gnu:read","dbm.ndbm:read","dbm.sqlite3:read",)"
    R"("bsddb.hash:read","bsddb.btree:read","bsddb.recno:read","bsddb.queue:read",)"
    R"("dbm:identify","dbm:write","dbm.dumb:write","shelve:read")";

void answer_dbm_read(const Request& request, dbm::Python python, std::string& out) {
  if (!is_store(request.format))
    return answer_text(out, request.id, "unsupported", fmt::format("read {}", request.format));
  dbm::NdbmLibrary library = dbm::NdbmLibrary::none;
  for (const Option& option : request.options)
    if (const auto wrong = take_ndbm(option, library))
      return answer_text(out, request.id, "unsupported", *wrong);
  const StoredEntries read = read_store(request.format, std::string(request.path), python, library);
  if (answered(request, read, out)) return;
  std::string text = "{";
  for (const StoredEntry& entry : read.entries) {
    if (text.size() > 1) text += ", ";
    append_key(entry, text);
    text += ": ";
    append_values(entry, text);
  }
  answer_text(out, request.id, "value", text + "}");
}

void answer_whichdb(const Request& request, dbm::Python python, std::string& out) {
  dbm::NdbmLibrary library = dbm::NdbmLibrary::none;
  for (const Option& option : request.options)
    if (const auto wrong = take_ndbm(option, library))
      return answer_text(out, request.id, "unsupported", *wrong);
  const auto answer = dbm::whichdb(std::string(request.path), python, library);
  if (answer.kind == dbm::WhichdbAnswer::Kind::raises)
    return answer_error(out, request.id, answer.text, "whichdb");
  // 2.7's str is bytes.
  const bool bytes = python.major == 2 && answer.kind != dbm::WhichdbAnswer::Kind::none;
  answer_text(out, request.id, "value", (bytes ? "b" : "") + dbm::shown(answer));
}

}  // namespace assay::adapter
