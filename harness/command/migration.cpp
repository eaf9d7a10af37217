#include "harness/command/migration.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <unordered_set>

#include "harness/command/command.h"
#include "harness/command/store_writer.h"
#include "harness/runner/temporary_folder.h"
#include "reference/bytes/error.h"
#include "reference/dbm/sqlite3/store.h"
#include "reference/pickle/machine.h"
#include "reference/shelve/shelf.h"
#include "reference/value/literal.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

constexpr const char* endings[] = {"",    ".dir", ".dat",     ".bak", ".pag",
                                   ".db", "-wal", "-journal", "-shm"};

std::string key_text(Bytes key) {
  std::string text;
  append_bytes_literal(text, as_text(key));
  return text;
}

// A folder beside the copy, so that its files can be renamed; gone at the end.
class Workshop {
 public:
  explicit Workshop(const fs::path& copy)
      : folder_(beside(copy) / ("." + copy.filename().string() + ".")) {
    if (folder_.path().empty())
      throw UsageError(
          fmt::format("{}: {}", beside(copy).string(), std::generic_category().message(errno)));
    path_ = (folder_.path() / copy.filename()).string();
  }
  const std::string& path() const { return path_; }
  std::string report() const { return (folder_.path() / "report").string(); }

 private:
  static fs::path beside(const fs::path& copy) {
    return copy.has_parent_path() ? copy.parent_path() : fs::path(".");
  }

  TemporaryFolder folder_;
  std::string path_;
};

// Names, sizes and bytes of a database's files (FNV-1a): whether they changed.
std::uint64_t fingerprint(const dbm::Identification& found) {
  std::set<fs::path> files;
  for (const std::string& path : {found.base, found.file})
    for (const fs::path& file : files_at(path)) files.insert(file);
  std::uint64_t hash = 0xcbf29ce484222325u;
  std::vector<char> block(1 << 16);
  for (const fs::path& file : files) {
    for (const char c : file.string())
      hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
    std::ifstream in(file, std::ios::binary);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0)
      for (std::streamsize i = 0; i < in.gcount(); ++i)
        hash =
            (hash ^ static_cast<std::uint8_t>(block[static_cast<std::size_t>(i)])) * 0x100000001b3u;
  }
  return hash;
}

// Whether the store's module makes files of the format; dbm.ndbm stands for the
// library that it was built with.
bool is_format_of(const std::string& store, dbm::Format format) {
  using dbm::Format;
  if (store == "dbm.dumb") return format == Format::dumb;
  if (store == "dbm.gnu") return format == Format::gdbm;
  if (store == "dbm.sqlite3") return format == Format::sqlite;
  return format == Format::berkeley_hash || format == Format::gdbm || format == Format::ndbm ||
         format == Format::old_hash;
}

class Migration {
 public:
  explicit Migration(const MigrationPlan& plan)
      : plan_(plan), python_{plan.profile.version().major, plan.profile.version().minor} {}

  MigrationReport run() {
    for (const fs::path& taken : files_at(plan_.to))
      throw UsageError(fmt::format("{} is there already; nothing is written over", taken.string()));
    if (plan_.from.holds_databases)
      throw UsageError(plan_.from.file +
                       ": holds several databases, and its own entries only name them;"
                       "\ncopy each out with Berkeley DB's db_dump -s NAME and db_load first");
    const std::uint64_t before = fingerprint(plan_.from);
    report_.shelf = is_shelf();
    const Workshop workshop(plan_.to);
    write(workshop);
    compare(workshop.path());
    if (fingerprint(plan_.from) != before)
      throw UsageError(plan_.from.file +
                       ": was changed while it was read; the copy is thrown away");
    give_names(workshop.path());
    return std::move(report_);
  }

 private:
  std::unique_ptr<dbm::OpenedDbm> original() const {
    return dbm::open_store(plan_.from, python_, {plan_.salvage});
  }

  bool is_shelf() const {
    try {
      return shelve::looks_like_shelf(*original()->stream);
    } catch (const std::runtime_error&) {  // DecodeError among them
      return false;
    }
  }

  void write(const Workshop& workshop) {
    auto writer = plan_.store == "dbm.dumb" ? dumb_writer(workshop.path(), python_)
                                            : python_writer(plan_.python, plan_.store,
                                                            workshop.path(), workshop.report());
    const auto opened = original();
    std::unordered_set<std::string> seen;
    for (dbm::Entry entry; opened->stream->next(entry);) {
      if (entry.numbered)
        throw UsageError(plan_.from.file + ": holds records by number and has no keys; " +
                         plan_.store + " has nothing like it");
      if (!seen.emplace(as_text(entry.key)).second) {
        report_.lost.push_back({key_text(entry.key), "another value of a key that has several"});
        continue;
      }
      if (plan_.store == "dbm.ndbm" && entry.value.empty())
        report_.broken.push_back(
            {key_text(entry.key), "an empty value, which dbm.ndbm over Berkeley DB does not find"});
      if (report_.shelf) look_at_value(entry);
      writer->set(entry.key, entry.value);
    }
    for (const dbm::Loss& loss : opened->stream->losses()) report_.lost.push_back({"", loss.what});
    refused_ = writer->finish();
    report_.carried = seen.size() - refused_.size();
  }

  void look_at_value(const dbm::Entry& entry) {
    Graph graph;
    const auto loaded = pickle::unpickle(graph, entry.value, plan_.profile, {});
    if (loaded.accepted) return;
    report_.broken.push_back(
        {key_text(entry.key), fmt::format("{}: {}", loaded.error, loaded.message)});
  }

  // Every entry that was written, in the order of the original.
  void compare(const std::string& path) {
    const auto found = dbm::identify(path);
    if (!found) throw UsageError(plan_.to + ": the copy is no dbm file; it is thrown away");
    if (!is_format_of(plan_.store, found->format))
      throw UsageError(fmt::format("{}: the copy is {}, not what {} makes; it is thrown away",
                                   plan_.to, dbm::name(found->format), plan_.store));
    const auto opened = original(), copy = dbm::open_store(*found, python_, {});
    std::unordered_set<std::string> seen;
    std::uint64_t number = 0, keys = 0;
    for (dbm::Entry entry, copied; opened->stream->next(entry);) {
      if (!seen.emplace(as_text(entry.key)).second) continue;
      const auto refused = refused_.find(number++);
      if (refused != refused_.end()) {
        report_.lost.push_back({key_text(entry.key), refused->second});
      } else if (!copy->stream->find(entry.key, copied) ||
                 as_text(copied.value) != as_text(entry.value)) {
        throw UsageError(fmt::format("{}: key {} differs in the copy; it is thrown away",
                                     plan_.from.file, key_text(entry.key)));
      }
    }
    for (dbm::Entry entry; copy->stream->next(entry);) ++keys;
    if (keys != report_.carried)
      throw UsageError(fmt::format("{}: the copy has {} keys, {} were written; it is thrown away",
                                   plan_.to, keys, report_.carried));
  }

  // A hard link is not made where something is; not every file system has them.
  void give_names(const std::string& path) {
    for (const fs::path& file : files_at(path)) {
      const fs::path name = plan_.to + file.string().substr(path.size());
      std::error_code error;
      fs::create_hard_link(file, name, error);
      if (error && !fs::exists(name)) {
        error.clear();
        fs::rename(file, name, error);
      }
      if (error) throw UsageError(fmt::format("{}: {}", name.string(), error.message()));
      report_.files.push_back(name.string());
    }
  }

  const MigrationPlan& plan_;
  dbm::Python python_;
  MigrationReport report_;
  std::map<std::uint64_t, std::string> refused_;  // by number among the keys
};

}  // namespace

std::vector<fs::path> files_at(const std::string& path) {
  std::vector<fs::path> files;
  for (const char* ending : endings)
    if (fs::exists(fs::symlink_status(path + ending)) && !fs::is_directory(path + ending))
      files.emplace_back(path + ending);
  return files;
}

MigrationReport migrate(const MigrationPlan& plan) {
  try {
    return Migration(plan).run();
  } catch (const DecodeError& error) {
    const bool helps = !plan.salvage && error.kind() != ErrorKind::unsupported;
    throw UsageError(fmt::format("{}: {}{}", plan.from.file, error.what(),
                                 helps ? "\n  --salvage carries over what is intact" : ""));
  } catch (const UsageError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace assay
