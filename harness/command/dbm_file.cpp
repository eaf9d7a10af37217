#include "harness/command/dbm_file.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/command/command.h"
#include "harness/command/json_error.h"
#include "reference/bytes/error.h"
#include "reference/dbm/sqlite3/store.h"
#include "reference/shelve/shelf.h"
#include "reference/value/literal.h"
#include "reference/value/text.h"

namespace assay {
namespace {

// Written at the latest when so much waits.
constexpr std::size_t write_bytes = std::size_t{1} << 16;

// The entries of one file, as text or JSON, on standard output.
class Printer {
 public:
  Printer(const dbm::Identification& found, const DbmShowOptions& options)
      : found_(found), options_(options) {}
  ~Printer() { flush(); }

  void head() {
    // What is installed elsewhere is not known: Debian's choice stands for all.
    const auto answers =
        dbm::python_answers(found_, dbm::NdbmLibrary::berkeley, dbm::open_as_dbm_sqlite3);
    if (options_.json) {
      json_head(answers);
      return;
    }
    out_ += fmt::format("# {}: {}\n#   {}\n", found_.file, name(found_.format), found_.details);
    if (!found_.fault.empty()) out_ += fmt::format("# but {}\n", found_.fault);
    for (const auto& answer : answers)
      out_ +=
          fmt::format("# {}: whichdb {}\n#   {}\n", answer.versions, answer.whichdb, answer.opens);
  }

  // When no entries follow.
  void end_head() { out_ += options_.json ? "}\n" : ""; }

  void begin_entries(bool shelf) {
    in_entries_ = true;
    out_ += options_.json ? fmt::format(",\"shelf\":{},\"entries\":[", shelf) : std::string("{");
  }

  void entry(std::string_view key, std::string_view value) {
    if (options_.json) {
      out_ += first_ ? "" : ",";
      out_ += json_text(nlohmann::ordered_json::array({key, value}));
    } else {
      out_ += first_ ? "" : ",";
      out_ += '\n';
      out_ += key;
      out_ += ": ";
      out_ += value;
    }
    first_ = false;
    if (out_.size() >= write_bytes) flush();
  }

  // A key or value that is refused; `where` is its key, or its offset.
  void refused(std::string_view where, std::string_view what) {
    ++faults_;
    if (options_.json) {
      refusals_.push_back({{"key", where}, {"message", what}});
    } else {
      fmt::print(stderr, "assay: {}: {}: {}\n", found_.file, where, what);
    }
  }

  void end(const std::vector<dbm::Loss>& losses) {
    faults_ += losses.size();
    if (options_.json) {
      nlohmann::ordered_json rest = ends_of_entries();
      for (const dbm::Loss& loss : losses)
        rest["lost"].push_back({{"offset", loss.offset}, {"message", loss.what}});
      close(rest);
      return;
    }
    out_ += first_ ? "}\n" : ",\n}\n";
    flush();
    for (const dbm::Loss& loss : losses)
      fmt::print(stderr, "assay: {}: {}\n", found_.file, loss.what);
  }

  // A fault ends the reading: what was printed becomes a whole value.
  void end(const std::exception& error) {
    if (options_.json) {
      nlohmann::ordered_json rest;
      if (in_entries_) {
        rest = ends_of_entries();
      } else if (!in_head_) {
        rest["file"] = found_.file;
        rest["format"] = name(found_.format);
      }
      rest["error"] = error_as_json(error);
      close(rest);
    }
    flush();
  }

  std::size_t faults() const { return faults_; }

  void flush() {
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    std::fflush(stdout);
    out_.clear();
  }

 private:
  void json_head(const std::vector<dbm::PythonAnswer>& answers) {
    nlohmann::ordered_json head;
    head["file"] = found_.file;
    head["format"] = name(found_.format);
    head["details"] = found_.details;
    if (!found_.fault.empty()) head["fault"] = found_.fault;
    head["python"] = nlohmann::ordered_json::array();
    for (const auto& answer : answers)
      head["python"].push_back(
          {{"versions", answer.versions}, {"whichdb", answer.whichdb}, {"opens", answer.opens}});
    out_ = json_text(head);
    out_.pop_back();  // the object goes on
    in_head_ = true;
  }

  nlohmann::ordered_json ends_of_entries() const {
    return {{"refused", refusals_}, {"lost", nlohmann::ordered_json::array()}};
  }

  // The last fields of the object.
  void close(const nlohmann::ordered_json& fields) {
    if (in_entries_) out_ += ']';
    const std::string text = json_text(fields);
    out_ += in_head_ ? "," + text.substr(1) : text;
    out_ += '\n';
  }

  const dbm::Identification& found_;
  const DbmShowOptions& options_;
  std::string out_;
  nlohmann::ordered_json refusals_ = nlohmann::ordered_json::array();
  bool in_head_ = false, in_entries_ = false;  // of JSON: what was begun
  bool first_ = true;
  std::size_t faults_ = 0;
};

std::string bytes_literal(Bytes bytes) {
  std::string text;
  append_bytes_literal(text, as_text(bytes));
  return text;
}

void print_plain(dbm::EntryStream& stream, Printer& printer) {
  std::string key, value;
  for (dbm::Entry entry; stream.next(entry);) {
    key.clear();
    value.clear();
    if (entry.numbered) {
      key = std::to_string(entry.number);
    } else {
      append_bytes_literal(key, as_text(entry.key));
    }
    append_bytes_literal(value, as_text(entry.value));
    printer.entry(key, value);
  }
}

void print_shelf(dbm::EntryStream& stream, const shelve::ShelfOptions& options,
                 const std::string& codec, Printer& printer) {
  shelve::Shelf shelf(stream, options);
  for (;;) {
    Graph graph;
    shelve::ShelfEntry entry;
    if (!shelf.next(graph, entry)) return;
    const std::string raw = bytes_literal(entry.raw_key);
    const std::string key = entry.key == no_node ? raw : print(graph, entry.key);
    if (entry.key == no_node)
      printer.refused(raw, fmt::format("the key does not decode as {} (UnicodeDecodeError); "
                                       "--key-encoding latin-1 takes any key",
                                       codec));
    if (!entry.value.accepted) {
      printer.refused(key, fmt::format("at {:#x} of the value: {}: {}", entry.value.offset,
                                       entry.value.error, entry.value.message));
      continue;
    }
    printer.entry(key, print(graph, entry.value.value));
    if (entry.extra != 0)
      printer.refused(key,
                      fmt::format("{} bytes behind the pickle, which Python ignores", entry.extra));
  }
}

bool is_shelf(const dbm::Identification& found, const DbmShowOptions& options, dbm::Python python) {
  if (!options.format.empty()) return options.format == "shelve";
  try {
    return shelve::looks_like_shelf(*dbm::open_store(found, python, {options.salvage})->stream);
  } catch (const std::runtime_error&) {  // DecodeError among them
    return false;
  }
}

}  // namespace

bool show_dbm(const dbm::Identification& found, const DbmShowOptions& options) {
  const auto version = options.profile.version();
  const dbm::Python python{version.major, version.minor};
  shelve::ShelfOptions shelf{options.profile, options.unpickle};
  if (!options.key_encoding.empty()) {
    const auto encoding = shelve::parse_key_encoding(options.key_encoding);
    if (!encoding)
      throw UsageError(fmt::format("--key-encoding {}: one of {}", options.key_encoding,
                                   shelve::key_encoding_names()));
    shelf.key_encoding = *encoding;
  }
  Printer printer(found, options);
  try {
    printer.head();
    if (options.identify_only) {
      printer.end_head();
      return true;
    }
    const bool as_shelf = is_shelf(found, options, python);
    const auto opened = dbm::open_store(found, python, {options.salvage});
    printer.begin_entries(as_shelf);
    if (as_shelf) {
      print_shelf(*opened->stream, shelf,
                  options.key_encoding.empty() ? "utf-8" : options.key_encoding, printer);
    } else {
      print_plain(*opened->stream, printer);
    }
    printer.end(opened->stream->losses());
  } catch (const DecodeError& error) {
    printer.end(error);
    const bool helps = !options.salvage && error.kind() != ErrorKind::unsupported;
    throw UsageError(fmt::format("{}: {}{}", found.file, error.what(),
                                 helps ? "\n  --salvage reads what is intact" : ""));
  } catch (const std::runtime_error& error) {
    printer.end(error);
    const std::string_view what = error.what();
    const bool named = what.find(found.file) != std::string_view::npos;
    throw UsageError(named ? std::string(what) : fmt::format("{}: {}", found.file, what));
  }
  return printer.faults() == 0;
}

}  // namespace assay
