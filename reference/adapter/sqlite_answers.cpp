#include "reference/adapter/sqlite_answers.h"

#include <exception>
#include <stdexcept>
#include <string_view>

#include "reference/adapter/answers.h"
#include "reference/sqlite/database.h"
#include "reference/sqlite/iterdump.h"
#include "reference/sqlite/schema_check.h"
#include "reference/sqlite/value_text.h"
#include "reference/value/literal.h"

namespace assay::adapter {
namespace {

// The class that Python gives SQLite's error (Modules/_sqlite/util.c,
// get_exception_class). What a later SQLite wrote is SQLITE_ERROR in the schema
// format (prepare.c, sqlite3InitOne) and SQLITE_CANTOPEN in a log (wal.c,
// walIndexRecover), both OperationalError; SQLITE_CORRUPT and SQLITE_NOTADB are
// DatabaseError.
std::string_view exception_of(const DecodeError& error) {
  const bool later = error.field() == "schema format" || error.field() == "WAL format version";
  return later ? "OperationalError" : "DatabaseError";
}

// Answers with what `work` makes of the database, or how it failed.
template <class Work>
void answer_with(const Request& request, std::string& out, Work work) {
  if (!request.options.empty())
    return answer_text(out, request.id, "unsupported", "options of a database");
  try {
    const sqlite::Database database{std::string(request.path)};
    sqlite::check_schema(database);
    work(database);
  } catch (const DecodeError& error) {
    const bool outside = error.kind() == ErrorKind::unsupported || error.kind() == ErrorKind::limit;
    if (outside && exception_of(error) == "DatabaseError")
      return answer_text(out, request.id, "unsupported", error.what());
    answer_error(out, request.id, exception_of(error), error.what());
  } catch (const std::runtime_error& error) {
    answer_error(out, request.id, "OperationalError", error.what());
  }
}

}  // namespace

const char* const sqlite_features = R"(,"sqlite:read","sqlite:iterdump")";

void answer_sqlite_read(const Request& request, std::string& out) {
  answer_with(request, out, [&](const sqlite::Database& database) {
    std::string text;
    sqlite::write_value_text(database, "", [&](std::string_view piece) { text += piece; });
    answer_text(out, request.id, "value", text);
  });
}

void answer_iterdump(const Request& request, sqlite::PythonVersion python, std::string& out) {
  answer_with(request, out, [&](const sqlite::Database& database) {
    std::string text = "[";
    const auto ended = sqlite::iterdump(database, python, [&](std::string_view line) {
      if (text.size() > 1) text += ", ";
      append_string_literal(text, line);
    });
    if (ended) {
      const std::string& name = ended->exception;
      return answer_error(out, request.id, name.substr(name.find('.') + 1), ended->message);
    }
    answer_text(out, request.id, "value", text + "]");
  });
}

}  // namespace assay::adapter
