#include "reference/dbm/module_opening.h"

#include <fmt/format.h>

#include <bit>

#include "reference/dbm/dumb.h"
#include "reference/dbm/gdbm.h"
#include "reference/dbm/gdbm_module.h"
#include "reference/dbm/python_error.h"

namespace assay::dbm {
namespace {

using Kind = ModuleOpening::Kind;

constexpr bool libgdbm_is_followed =
    std::endian::native == std::endian::little && sizeof(void*) == 8;

std::uint64_t entries_of(Bytes file, ReadOptions options) {
  GdbmStream stream(file, options);
  std::uint64_t found = 0;
  for (Entry entry; stream.next(entry);) ++found;
  return found;
}

// Whether a reader who does not stop where the module does finds no more than it
// listed: a directory may be damaged so that the module misses nothing and has less.
bool is_all(Bytes file, std::uint64_t listed) {
  try {
    return entries_of(file, {}) <= listed;
  } catch (const DecodeError&) {
    return entries_of(file, {.salvage = true}) <= listed;
  }
}

}  // namespace

std::string keys_given(std::uint64_t listed, std::string_view exception) {
  return fmt::format("{} key{}{}{}", listed, listed == 1 ? "" : "s",
                     exception.empty() ? "" : ", then ", exception);
}

ModuleOpening open_as_dbm_gnu(Bytes file) {
  try {
    if (!libgdbm_is_followed) {
      entries_of(file, {});
      return {};
    }
    const ModuleRead read = read_as_dbm_gnu(file);
    if (!read.opens) return {Kind::refuses, std::string(read.exception)};
    if (read.exception.empty() && !read.needs_recovery && is_all(file, read.listed)) return {};
    return {Kind::partly, keys_given(read.listed, read.exception)};
  } catch (const DecodeError&) {
    return {Kind::unknown, ""};
  }
}

ModuleOpening open_as_dbm_dumb(Bytes dir, Bytes dat, Python python) {
  bool opened = false;
  try {
    DumbStream stream(dir, dat, python, {});
    opened = true;
    for (Entry entry; stream.next(entry);) continue;
    return {};
  } catch (const PythonError& error) {
    if (!opened) return {Kind::refuses, std::string(error.exception())};
    return {Kind::partly, fmt::format("a value raises {}", error.exception())};
  } catch (const DecodeError&) {
    return {Kind::unknown, ""};
  }
}

}  // namespace assay::dbm
