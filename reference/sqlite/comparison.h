// The order of values: NULL, numbers, text by a collation, blobs by their bytes.
// Datatypes In SQLite, 4 and 7. Takes fields, knows of no tree.
#pragma once

#include <optional>
#include <string_view>

#include "reference/sqlite/constant.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

// SQLite's own three; a program can define others, which a file only names.
enum class Collation : std::uint8_t { binary, nocase, rtrim };

// By name, compared without case; empty is BINARY. Nothing for another name.
std::optional<Collation> collation_named(std::string_view name);

// Below 0, 0, above 0. Integers and floats are compared by their exact values.
// BINARY compares text by its bytes as they are stored; the other two compare it
// in UTF-8 (main.c, openDatabase, which registers them so).
int compare(const Field& a, const Field& b, TextEncoding encoding, Collation collation);
int compare(const Field& a, TextEncoding encoding, const Constant& b, Collation collation);

}  // namespace assay::sqlite
