#include "harness/command/sqlite_file.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/command/command.h"
#include "harness/command/json_error.h"
#include "reference/sqlite/check.h"
#include "reference/sqlite/database.h"
#include "reference/sqlite/iterdump.h"
#include "reference/sqlite/value_text.h"

namespace assay {
namespace {

using nlohmann::ordered_json;

const char* name_of(sqlite::TextEncoding encoding) {
  switch (encoding) {
    case sqlite::TextEncoding::utf16le:
      return "UTF-16le";
    case sqlite::TextEncoding::utf16be:
      return "UTF-16be";
    case sqlite::TextEncoding::utf8:
      break;
  }
  return "UTF-8";
}

bool print_faults(const sqlite::Database& database, bool json) {
  const auto faults = sqlite::check(database);
  ordered_json list = ordered_json::array();
  for (const sqlite::Fault& fault : faults) {
    if (!json) {
      fmt::print("{}\n", sqlite::text_of(fault));
      continue;
    }
    ordered_json entry;
    if (fault.page != 0) entry["page"] = fault.page;
    if (fault.cell) entry["cell"] = *fault.cell;
    entry["fault"] = fault.what;
    list.push_back(std::move(entry));
  }
  if (json) {
    fmt::print("{}\n", json_text(list));
  } else if (faults.empty()) {
    fmt::print("no faults in {} pages of {} bytes\n", database.pager().page_count(),
               database.pager().page_size());
  }
  return faults.empty();
}

bool print_dump(const sqlite::Database& database, sqlite::PythonVersion version) {
  const auto error = sqlite::iterdump(database, version, [](std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  });
  if (error)
    fmt::print(stderr, "Python {}.{} ends the dump here: {}: {}\n", version.major, version.minor,
               error->exception, error->message);
  return !error;
}

void print_json(const sqlite::Database& database, const std::string& table) {
  const sqlite::Header& header = database.header();
  std::string value;
  sqlite::write_value_text(database, table, [&](std::string_view text) { value += text; });
  ordered_json document;
  document["format"] = "sqlite";
  document["page_size"] = header.page_size;
  document["pages"] = database.pager().page_count();
  document["encoding"] = name_of(header.encoding);
  document["schema_format"] = header.schema_format;
  document["user_version"] = header.user_version;
  document["application_id"] = header.application_id;
  document["value"] = std::move(value);
  fmt::print("{}\n", json_text(document));
}

}  // namespace

bool is_sqlite_file(const std::string& file) {
  std::array<char, 16> start{};
  std::ifstream in(file, std::ios::binary);
  in.read(start.data(), start.size());
  return in.gcount() == 16 && std::string_view(start.data(), 15) == "SQLite format 3";
}

bool show_sqlite(const std::string& file, const SqliteShowOptions& options) {
  try {
    const sqlite::Database database(file);
    if (options.check) return print_faults(database, options.json);
    if (options.dump_as) return print_dump(database, *options.dump_as);
    if (options.json) {
      print_json(database, options.table);
    } else {
      sqlite::write_value_text(database, options.table, [](std::string_view text) {
        std::fwrite(text.data(), 1, text.size(), stdout);
      });
      fmt::print("\n");
    }
  } catch (const std::runtime_error& error) {
    if (options.json)
      fmt::print(
          "{}\n",
          json_text({{"file", file}, {"format", "sqlite"}, {"error", error_as_json(error)}}));
    const std::string_view what = error.what();
    throw UsageError(what.starts_with(file) ? std::string(what)
                                            : fmt::format("{}: {}", file, what));
  }
  return true;
}

}  // namespace assay
