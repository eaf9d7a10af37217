// Works out an expression for a row. Takes fields, gives a field.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "reference/sqlite/expression.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

// A value of an expression. `whole_real` marks a float that SQLite keeps as an
// integer: what the affinity REAL makes of an integer in a virtual column. Being
// one already, it is not made an integer by the affinities INTEGER and NUMERIC
// (vdbe.c, applyAffinity and OP_Affinity: MEM_IntReal; as in SQLite 3.40).
struct Evaluated {
  Field field;
  bool whole_real = false;
};

class Evaluation {
 public:
  Evaluation(Expression expression, TextEncoding encoding);

  // The columns that the expression names.
  std::vector<std::size_t> columns() const;

  // The value for a row that has a value for each of the table's columns, text in
  // the database's encoding; a view of the row and of this object, valid until the
  // next call. `room` is what the texts that are made may still have, in bytes, and
  // becomes less. Throws DecodeError of kind `unsupported` where SQLite raises an
  // error, or where its builds differ; of kind `limit` when there is no more room.
  const Evaluated& value(std::span<const Evaluated> row, std::size_t& room);

 private:
  struct Slot {
    Evaluated value;
    std::string text;               // what `value` may be a view of
    const char* failure = nullptr;  // there is no value, and why
  };

  void evaluate(const Node& node, Slot& slot, std::span<const Evaluated> row);
  const Slot& slot_of(const Node& node, std::size_t i) const;
  const Field& operand(const Node& node, std::size_t i) const;
  bool operands_fail(const Node& node, Slot& slot) const;
  void unary(const Node& node, Slot& slot);
  void compare_operands(const Node& node, Slot& slot);
  void both(const Node& node, Slot& slot);
  void arithmetic(const Node& node, Slot& slot);
  void bits(const Node& node, Slot& slot);
  void concatenate(const Node& node, Slot& slot);
  void first_true(const Node& node, Slot& slot);
  void first_not_null(const Node& node, Slot& slot);
  void call(const Node& node, Slot& slot);

  Expression expression_;
  TextEncoding encoding_;
  std::vector<Slot> slots_;                 // one a node
  std::vector<std::string> literal_texts_;  // in the database's encoding
  std::vector<Field> arguments_;
};

}  // namespace assay::sqlite
