#include "reference/marshal/code_layout.h"

namespace assay::marshal {
namespace {

constexpr bool number = true, object = false;

// marshal.c w_complex_object, of each version.
constexpr CodeField fields_2_7[] = {
    {"argcount", number},    {"nlocals", number},  {"stacksize", number}, {"flags", number},
    {"code", object},        {"consts", object},   {"names", object},     {"varnames", object},
    {"freevars", object},    {"cellvars", object}, {"filename", object},  {"name", object},
    {"firstlineno", number}, {"lnotab", object},
};
// Python 3.0 to 3.7.
constexpr CodeField fields_3_0[] = {
    {"argcount", number}, {"kwonlyargcount", number}, {"nlocals", number},  {"stacksize", number},
    {"flags", number},    {"code", object},           {"consts", object},   {"names", object},
    {"varnames", object}, {"freevars", object},       {"cellvars", object}, {"filename", object},
    {"name", object},     {"firstlineno", number},    {"lnotab", object},
};
// PEP 570.
constexpr CodeField fields_3_8[] = {
    {"argcount", number},       {"posonlyargcount", number},
    {"kwonlyargcount", number}, {"nlocals", number},
    {"stacksize", number},      {"flags", number},
    {"code", object},           {"consts", object},
    {"names", object},          {"varnames", object},
    {"freevars", object},       {"cellvars", object},
    {"filename", object},       {"name", object},
    {"firstlineno", number},    {"lnotab", object},
};
// PEP 626: the last field has a new format and a new name.
constexpr CodeField fields_3_10[] = {
    {"argcount", number},       {"posonlyargcount", number},
    {"kwonlyargcount", number}, {"nlocals", number},
    {"stacksize", number},      {"flags", number},
    {"code", object},           {"consts", object},
    {"names", object},          {"varnames", object},
    {"freevars", object},       {"cellvars", object},
    {"filename", object},       {"name", object},
    {"firstlineno", number},    {"linetable", object},
};
constexpr CodeField fields_3_11[] = {
    {"argcount", number},        {"posonlyargcount", number}, {"kwonlyargcount", number},
    {"stacksize", number},       {"flags", number},           {"code", object},
    {"consts", object},          {"names", object},           {"localsplusnames", object},
    {"localspluskinds", object}, {"filename", object},        {"name", object},
    {"qualname", object},        {"firstlineno", number},     {"linetable", object},
    {"exceptiontable", object},
};

// codeobject.c code_richcompare: what it does not name, for what each layout has.
constexpr std::string_view left_out_2_7[] = {"stacksize", "filename", "lnotab", "linetable"};
// Lines and handlers are compared (#95150).
constexpr std::string_view left_out_3_11[] = {"stacksize", "localspluskinds", "filename",
                                              "qualname"};

}  // namespace

std::span<const CodeField> code_fields(Version version) {
  if (version.major < 3) return fields_2_7;
  if (version < Version{3, 8, 0}) return fields_3_0;
  if (version < Version{3, 10, 0}) return fields_3_8;
  if (version < Version{3, 11, 0}) return fields_3_10;
  return fields_3_11;
}

std::span<const std::string_view> fields_left_out(Version version) {
  if (version < Version{3, 11, 0}) return left_out_2_7;
  return left_out_3_11;
}

bool holds_names(std::string_view field) {
  return field == "names" || field == "varnames" || field == "freevars" || field == "cellvars" ||
         field == "localsplusnames";
}

}  // namespace assay::marshal
