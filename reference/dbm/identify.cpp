#include "reference/dbm/identify.h"

#include <fmt/format.h>

#include <bit>

#include "reference/dbm/berkeley.h"
#include "reference/dbm/gdbm.h"
#include "reference/dbm/mapped_file.h"
#include "reference/dbm/ndbm.h"
#include "reference/dbm/old_hash.h"

namespace assay::dbm {
namespace {

constexpr bool host_is_big_endian = std::endian::native == std::endian::big;

std::string order(bool big_endian) {
  return big_endian ? "big-endian" : "little-endian";
}

void describe_gdbm(Bytes file, Identification& found) {
  const GdbmHeader header = read_gdbm_header(file);
  found.details = fmt::format("{}, {}, magic {:08x}{}, blocks of {} bytes", header.layout->name,
                              order(header.big_endian), header.magic,
                              header.numsync ? " (numsync)" : "", header.block_size);
  // libgdbm opens the layout of its own machine; off_t has 64 bits on all that are built today.
  found.other_machine = header.big_endian != host_is_big_endian ||
                        header.layout->name != std::string_view("64-bit offsets");
}

void describe_berkeley(Bytes file, Identification& found) {
  const BerkeleyMeta meta = read_berkeley_meta(file);
  found.holds_databases = meta.subdatabases;
  found.details = fmt::format(
      "{}version {}, {}, pages of {} bytes{}{}{}", meta.recno ? "recno, " : "", meta.version,
      order(meta.big_endian), meta.page_size, meta.duplicates ? ", duplicates" : "",
      meta.checksums ? ", checksums" : "", meta.subdatabases ? ", holds subdatabases" : "");
  // Reading says more, at its end.
  std::vector<Loss> doubts;
  BerkeleyPages(file, meta, {}, &doubts).note_pages_behind();
  if (!doubts.empty()) found.details += ", more behind the last page (see --salvage)";
}

// Fills in what the bytes say; false if they are no dbm file's.
bool describe(Bytes file, Identification& found) {
  if (as_text(file).starts_with(std::string_view("SQLite format 3\0", 16))) {
    found.format = Format::sqlite;
    found.details = "dbm.sqlite3 if it has the table Dict";
    return true;
  }
  const auto magic = find_magic(file);
  if (!magic) return false;
  found.format = magic->magic->format;
  found.big_endian = magic->big_endian;
  try {
    switch (found.format) {
      case Format::gdbm:
        describe_gdbm(file, found);
        break;
      case Format::berkeley_hash:
      case Format::berkeley_btree:
      case Format::berkeley_queue:
      case Format::berkeley_heap:
        describe_berkeley(file, found);
        break;
      case Format::old_hash: {
        const OldHashHeader header = read_old_hash_header(file);
        found.big_endian = header.big_endian;
        found.details = fmt::format("version {}, {}, pages of {} bytes", header.version,
                                    order(header.big_endian), header.page_size);
        break;
      }
      default:
        found.details = order(found.big_endian);
    }
  } catch (const DecodeError& error) {
    found.fault = error.what();
    found.details = order(found.big_endian);
  }
  return true;
}

bool identify_dumb(const std::string& base, Identification& found) {
  if (!readable(base + ".dir") || readable(base + ".pag")) return false;
  const MappedFile dir(base + ".dir");
  const std::string_view text = as_text(dir.bytes());
  const bool dat = readable(base + ".dat");
  if (!(text.starts_with('\'') || text.starts_with('"') || (text.empty() && dat))) return false;
  found.format = Format::dumb;
  found.file = base + ".dir";
  found.second = base + ".dat";
  found.base = base;
  found.details = "text";
  if (!dat) found.fault = base + ".dat is missing";
  return true;
}

bool identify_pages(const std::string& base, Identification& found) {
  if (!readable(base + ".pag")) return false;
  found.file = base + ".pag";
  found.base = base;
  const MappedFile pag(found.file);
  if (describe(pag.bytes(), found)) {
    found.details += ", made by gdbm-compat";
    return true;
  }
  const auto shape = ndbm_shape(pag.bytes());
  if (!shape || !readable(base + ".dir")) return false;
  found.format = Format::ndbm;
  found.big_endian = shape->big_endian;
  found.details = pag.bytes().empty() ? "empty"
                                      : fmt::format("{}, pages of {} bytes",
                                                    order(shape->big_endian), shape->page_size);
  return true;
}

bool identify_file(const std::string& path, const std::string& base, Identification& found) {
  if (!readable(path)) return false;
  const MappedFile file(path);
  found.file = path;
  if (!describe(file.bytes(), found)) return false;
  // Only hash files are opened without the name's `.db`, by dbm.ndbm.
  const bool hash = found.format == Format::berkeley_hash || found.format == Format::old_hash;
  found.base = hash ? base : path;
  return true;
}

std::string without(const std::string& path, std::string_view extension) {
  return path.ends_with(extension) ? path.substr(0, path.size() - extension.size()) : path;
}

}  // namespace

std::optional<Identification> identify(const std::string& path) {
  Identification found;
  for (const std::string_view extension : {".dir", ".dat", ".bak", ".pag"}) {
    const std::string base = without(path, extension);
    if (base != path && (identify_dumb(base, found) || identify_pages(base, found))) return found;
  }
  // A file of this very name is what is meant, whatever stands beside it.
  if (readable(path)) {
    if (identify_file(path, without(path, ".db"), found)) return found;
  } else if (identify_dumb(path, found) || identify_pages(path, found) ||
             identify_file(path + ".db", path, found)) {
    return found;
  }
  return std::nullopt;
}

std::string shown(const Identification& found) {
  return found.details.empty() ? std::string(name(found.format))
                               : fmt::format("{} ({})", name(found.format), found.details);
}

namespace {

using Kind = ModuleOpening::Kind;

bool is_gnu(const std::string& module) {
  return module == "dbm.gnu" || module == "gdbm";
}

// What a module makes of the file's own format; nothing where that is not looked at.
std::optional<ModuleOpening> look_at(const Identification& found, const SqliteOpening& sqlite) {
  if (found.format == Format::gdbm) return open_as_dbm_gnu(MappedFile(found.file).bytes());
  if (found.format == Format::sqlite && sqlite) return sqlite(found.file);
  return std::nullopt;
}

// dbm.dumb, which each Python reads in its own way. Those before 3.8 make a .dat that is
// missing, also to read only (Lib/dbm/dumb.py, _create).
std::optional<ModuleOpening> look_at_dumb(const std::optional<MappedFile>& dir,
                                          const std::optional<MappedFile>& dat, Python python) {
  if (!dir) return std::nullopt;
  if (dat) return open_as_dbm_dumb(dir->bytes(), dat->bytes(), python);
  if (python >= Python{3, 8}) return ModuleOpening{Kind::refuses, "FileNotFoundError"};
  ModuleOpening opening = open_as_dbm_dumb(dir->bytes(), {}, python);
  if (opening.kind != Kind::refuses) opening = {Kind::partly, "with all values empty"};
  return opening;
}

// What opens a file of GNU dbm where dbm.open() does not.
std::string instead_gdbm(const Identification& found, const ModuleOpening& opening, bool python2) {
  const char* open = python2 ? "gdbm.open()" : "dbm.gnu.open()";
  switch (opening.kind) {
    case Kind::whole:
      return fmt::format("{}, if its libgdbm is new enough", open);
    case Kind::partly:
      return fmt::format("{} for {}", open, opening.what);
    case Kind::refuses:
    case Kind::unknown:
      break;
  }
  if (!found.other_machine) return "nothing, it is damaged";
  return found.big_endian != host_is_big_endian ? "nothing, a foreign byte order"
                                                : "nothing, a foreign layout";
}

// The same of dbm.dumb.
std::string instead_dumb(const Identification& found, const ModuleOpening& opening, bool python2) {
  if (opening.kind == Kind::refuses)
    return found.fault.empty() ? "nothing, it is damaged" : "nothing, the .dat is missing";
  const char* open = python2 ? "dumbdbm.open()" : "dbm.dumb.open()";
  return opening.what.empty() ? open : fmt::format("{} {}", open, opening.what);
}

// What opens the file where dbm.open() does not.
std::string instead(const Identification& found, const std::optional<ModuleOpening>& looked,
                    bool python2) {
  switch (found.format) {
    case Format::gdbm:
      return instead_gdbm(found, looked.value_or(ModuleOpening{}), python2);
    case Format::berkeley_hash:
      return python2 ? "bsddb.hashopen()" : "bsddb3.hashopen(), no module of Python's own";
    case Format::berkeley_btree:
      return python2 ? "bsddb.btopen(), rnopen() for recno"
                     : "bsddb3.btopen(), rnopen() for recno; no module of Python's own";
    case Format::berkeley_queue:
      return python2 ? "bsddb.db.DB" : "bsddb3.db.DB, no module of Python's own";
    case Format::old_hash:
      return python2 ? "bsddb185, or dbm where 1.85 is behind it (macOS)"
                     : "dbm.ndbm where 1.85 is behind it (macOS, BSD)";
    case Format::ndbm:
      return "no Python without ndbm or sdbm behind dbm.ndbm; Perl's SDBM_File";
    case Format::sqlite:
      return looked && looked->kind != Kind::whole ? "sqlite3" : "sqlite3; dbm.sqlite3 of 3.13";
    case Format::dumb:
      return instead_dumb(found, looked.value_or(ModuleOpening{}), python2);
    default:
      return "nothing";
  }
}

// Whether the module that whichdb() names can open what the file really is.
bool module_opens(const std::string& module, const Identification& found, NdbmLibrary ndbm) {
  if (is_gnu(module)) return found.format == Format::gdbm;
  if (module == "dbm.ndbm" || module == "dbm") {
    if (ndbm == NdbmLibrary::berkeley) return found.format == Format::berkeley_hash;
    return found.format == Format::gdbm;
  }
  if (module == "dbhash") return found.format == Format::berkeley_hash;
  if (module == "bsddb185") return false;
  return true;
}

// What dbm.open() does with it.
std::string opening(const WhichdbAnswer& answer, const Identification& found,
                    const std::optional<ModuleOpening>& looked, bool python2, NdbmLibrary ndbm) {
  const std::string open = python2 ? "anydbm.open()" : "dbm.open()";
  const std::string other = instead(found, looked, python2);
  if (answer.kind != WhichdbAnswer::Kind::module)
    return fmt::format("{} refuses it; instead: {}", open, other);
  const std::string& module = answer.text;
  if (!module_opens(module, found, ndbm))
    return fmt::format("{} fails in {}; instead: {}", open, module, other);
  if (looked) {
    switch (looked->kind) {
      case Kind::whole:
        return fmt::format("{} reads it with {}", open, module);
      case Kind::partly:
        return fmt::format("{} opens it with {}, not whole: {}", open, module, looked->what);
      case Kind::refuses:
        return fmt::format("{} fails in {} ({}); instead: {}", open, module, looked->what, other);
      case Kind::unknown:
        if (!looked->what.empty())
          return fmt::format("{} gives it to {}; {}", open, module, looked->what);
        break;
    }
  }
  return looked || !found.fault.empty() ? fmt::format("{} gives it to {}, damaged", open, module)
                                        : fmt::format("{} reads it with {}", open, module);
}

}  // namespace

std::vector<PythonAnswer> python_answers(const Identification& found, NdbmLibrary ndbm,
                                         const SqliteOpening& sqlite) {
  constexpr Python asked[] = {{2, 7},  {3, 6},  {3, 7},  {3, 8},  {3, 9}, {3, 10},
                              {3, 11}, {3, 12}, {3, 13}, {3, 14}, {3, 15}};
  std::vector<PythonAnswer> answers;
  std::string first;
  auto looked = look_at(found, sqlite);
  const bool dumb = found.format == Format::dumb;
  std::optional<MappedFile> dir, dat;
  if (dumb && readable(found.file)) dir.emplace(found.file);
  if (dumb && readable(found.second)) dat.emplace(found.second);
  for (const Python& python : asked) {
    if (dumb) looked = look_at_dumb(dir, dat, python);
    const WhichdbAnswer answer = whichdb(found.base, python, ndbm);
    PythonAnswer row{fmt::format("{}.{}", python.major, python.minor), shown(answer),
                     opening(answer, found, looked, python.major == 2, ndbm)};
    if (!answers.empty() && answers.back().whichdb == row.whichdb &&
        answers.back().opens == row.opens) {
      answers.back().versions = first + " to " + row.versions;
    } else {
      first = row.versions;
      answers.push_back(std::move(row));
    }
  }
  return answers;
}

}  // namespace assay::dbm
