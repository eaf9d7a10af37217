#include "harness/command/migration.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <unordered_set>

#include "harness/command/command.h"
#include "harness/command/interruption.h"
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

fs::path folder_of(const fs::path& copy) {
  return copy.has_parent_path() ? copy.parent_path() : fs::path(".");
}

// A copy must be given a name in a folder that is there.
void check_target(const std::string& to) {
  const fs::path copy(to);
  std::error_code ignored;
  if (!copy.has_filename() || fs::is_directory(copy, ignored))
    throw UsageError(
        fmt::format("{}: names a folder\n  name the copy, as in {}", to, (copy / "copy").string()));
  if (!fs::is_directory(folder_of(copy), ignored))
    throw UsageError(
        fmt::format("{}: there is no such folder\n  make it first", folder_of(copy).string()));
  for (const fs::path& taken : files_at(to))
    throw UsageError(fmt::format(
        "{} is there already; nothing is written over\n  name another copy", taken.string()));
}

// A folder beside the copy, so that its files can be renamed; gone at the end.
class Workshop {
 public:
  explicit Workshop(const fs::path& copy)
      : folder_(folder_of(copy) / ("." + copy.filename().string() + ".")) {
    if (folder_.path().empty())
      throw UsageError(
          fmt::format("{}: nothing can be made in this folder: {}\n"
                      "  name a copy in another one",
                      folder_of(copy).string(), std::generic_category().message(errno)));
    path_ = (folder_.path() / copy.filename()).string();
  }
  const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

// Names, sizes and bytes of a database's files (FNV-1a): whether they changed.
std::uint64_t fingerprint(const dbm::Identification& found, const InterruptGuard& guard) {
  std::set<fs::path> files;
  for (const std::string& path : {found.base, found.file})
    for (const fs::path& file : files_at(path)) files.insert(file);
  std::uint64_t hash = 0xcbf29ce484222325u;
  std::vector<char> block(1 << 16);
  for (const fs::path& file : files) {
    for (const char c : file.string())
      hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
    std::ifstream in(file, std::ios::binary);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
      guard.check();
      for (std::streamsize i = 0; i < in.gcount(); ++i)
        hash =
            (hash ^ static_cast<std::uint8_t>(block[static_cast<std::size_t>(i)])) * 0x100000001b3u;
    }
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
    check_target(plan_.to);
    if (plan_.from.holds_databases)
      throw UsageError(plan_.from.file +
                       ": holds several databases, and its own entries only name them;"
                       "\ncopy each out with Berkeley DB's db_dump -s NAME and db_load first");
    // Written beyond a limit of the process, a file ends with an error, not with it.
    std::signal(SIGXFSZ, SIG_IGN);
    const std::uint64_t before = fingerprint(plan_.from, guard_);
    report_.shelf = is_shelf();
    const Workshop workshop(plan_.to);
    write(workshop);
    compare(workshop.path());
    if (fingerprint(plan_.from, guard_) != before)
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

  // What is written or read by `work`; its failure is one of the copy.
  template <typename Work>
  void writing(Work work) const {
    const auto fail = [&](const std::string& why) -> UsageError {
      guard_.check();  // a signal ends what writes, too
      return UsageError(
          fmt::format("{}: the copy cannot be written: {}\n"
                      "  nothing is left of it; {} may be full: name a copy elsewhere",
                      plan_.to, why, folder_of(plan_.to).string()));
    };
    try {
      work();
    } catch (const std::system_error& error) {
      throw fail(error.code().message());
    } catch (const std::runtime_error& error) {
      throw fail(error.what());
    }
  }

  void write(const Workshop& workshop) {
    std::unique_ptr<StoreWriter> writer;
    writing([&] { writer = new_writer(workshop); });
    const std::uint64_t written = write_entries(*writer);
    writing([&] { refused_ = writer->finish(); });
    report_.carried = written - refused_.size();
  }

  std::unique_ptr<StoreWriter> new_writer(const Workshop& workshop) const {
    return plan_.store == "dbm.dumb" ? dumb_writer(workshop.path(), python_)
                                     : python_writer(plan_.python, plan_.store, workshop.path());
  }

  // Gives the number of keys.
  std::uint64_t write_entries(StoreWriter& writer) {
    const auto opened = original();
    std::unordered_set<std::string> seen;
    for (dbm::Entry entry; opened->stream->next(entry);) {
      guard_.check();
      if (entry.numbered)
        throw UsageError(plan_.from.file + ": holds records by number and has no keys; " +
                         plan_.store + " has nothing like it");
      if (!seen.emplace(as_text(entry.key)).second) {
        report_.lost.push_back({key_text(entry.key), "another value of a key that has several"});
        continue;
      }
      if (report_.shelf) look_at_value(entry);
      writing([&] { writer.set(entry.key, entry.value); });
    }
    for (const dbm::Loss& loss : opened->stream->losses()) report_.lost.push_back({"", loss.what});
    return seen.size();
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
      guard_.check();
      if (!seen.emplace(as_text(entry.key)).second) continue;
      const auto refused = refused_.find(number++);
      if (refused != refused_.end()) {
        report_.lost.push_back({key_text(entry.key), refused->second});
      } else if (!copy->stream->find(entry.key, copied) ||
                 as_text(copied.value) != as_text(entry.value)) {
        throw UsageError(fmt::format("{}: key {} differs in the copy; it is thrown away",
                                     plan_.from.file, key_text(entry.key)));
      } else if (found->format == dbm::Format::berkeley_hash && entry.value.empty()) {
        // Modules/_dbmmodule.c asks dptr, which Berkeley DB leaves NULL.
        report_.broken.push_back(
            {key_text(entry.key), "an empty value: dbm.ndbm over Berkeley DB raises KeyError"});
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
      if (error) {
        std::error_code ignored;
        for (const std::string& made : report_.files) fs::remove(made, ignored);
        throw UsageError(fmt::format("{}: cannot be made: {}\n  nothing is left of the copy",
                                     name.string(), error.message()));
      }
      report_.files.push_back(name.string());
    }
  }

  const MigrationPlan& plan_;
  dbm::Python python_;
  InterruptGuard guard_{SIGINT, SIGTERM, SIGHUP};
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
  } catch (const Interrupted&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw UsageError(error.what());
  }
}

}  // namespace assay
