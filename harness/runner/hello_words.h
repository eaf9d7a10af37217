// The words of hello: what `formats` and `lossy` may hold. A word that nobody
// knows would claim nothing, silently; so it is a fault that names it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// What an adapter may say it cannot tell apart (harness/adapters/README.md).
inline constexpr std::array<std::string_view, 10> lossy_words = {
    "tuple=list", "bytes=str", "bytearray=bytes", "set=list",        "frozenset=set",
    "int=float",  "bool=int",  "long=int",        "ascii-str=bytes", "dict=unordered"};

// A format is one of these, or one of these with a part after a dot (dbm.gnu).
// "python" is the language of scenarios.
inline constexpr std::array<std::string_view, 8> format_words = {
    "pickle", "marshal", "pyc", "dbm", "bsddb", "shelve", "sqlite", "python"};

// What can be done to a format.
inline constexpr std::array<std::string_view, 8> operation_words = {
    "decode", "encode", "read", "write", "identify", "inspect", "iterdump", "scenario"};

// What is wrong with a word of `lossy`, with all that it may be; or nothing.
std::optional<std::string> lossy_fault(std::string_view word);

// The same for a word of `formats`: FORMAT[:OPERATION[:VERSIONS]], where
// VERSIONS is a number or a range, "0-5".
std::optional<std::string> format_fault(std::string_view word);

// Whether the words of `formats` claim an operation of a format at a version. A
// word claims all that it leaves out, and who has no word claims everything.
bool claims(const std::vector<std::string>& words, std::string_view format,
            std::string_view operation, int version);

}  // namespace assay
