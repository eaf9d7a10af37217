// The record format: what the payload of a b-tree entry says. Knows of no pages.
// SQLite file format, 2.1.
#pragma once

#include <cstdint>
#include <span>

#include "reference/bytes/cursor.h"

namespace assay::sqlite {

// SQLite's storage classes (Datatypes In SQLite, 2).
enum class Storage : std::uint8_t { null, integer, real, text, blob };

struct Field {
  Storage storage = Storage::null;
  union {
    std::int64_t integer = 0;
    double real;
  };
  Bytes bytes;  // text (in the database's encoding) and blobs: a view of the payload

  static Field of(std::int64_t value) {
    Field field;
    field.storage = Storage::integer;
    field.integer = value;
    return field;
  }
  static Field of(double value) {
    Field field;
    field.storage = Storage::real;
    field.real = value;
    return field;
  }
};

// Decodes the first fields of a record, at most fields.size(), and gives how
// many there were. Refuses what SQLite refuses on the way to the last field that
// was asked for (vdbe.c, OP_Column), and nothing behind it. `offset` is where the
// payload begins, for the DecodeError.
std::size_t decode_record(Bytes payload, std::span<Field> fields, std::uint64_t offset);

}  // namespace assay::sqlite
