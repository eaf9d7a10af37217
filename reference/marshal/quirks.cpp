#include "reference/marshal/quirks.h"

namespace assay::marshal {
namespace {

using enum Quirk;

constexpr Version first = {2, 7, 0}, python3 = {3, 0, 0}, still = {};

// clang-format off
// Columns: quirk, name, statement, since, until, word, citation.
constexpr std::array<QuirkRow, quirk_count> table = {{
    // Reading.
    {eof_is_minus_one, "eof-is-minus-one",
     "A number that the end of the data cuts off is filled with ff bytes.",
     first, python3, 0, "2.7 marshal.c r_long, rs_byte: EOF is -1"},
    {errors_go_on, "errors-go-on",
     "An error in a value of a dict is kept, and reading goes on with the next key; the last error is raised where the dict ends, if no comparison of keys forgot it. A missing value drops its pair and ends nothing.",
     first, python3, 0, "2.7 marshal.c r_object, TYPE_DICT: no break on errors"},
    {depth_before_eof, "depth-before-eof",
     "At the depth limit, the limit is the error even where the data ends.",
     first, python3, 0, "2.7 marshal.c r_object: depth is tested before EOF"},
    {shallow, "shallow",
     "The depth limit is 1500 and not 2000: WebAssembly builds.",
     {3, 14, 0}, still, 32, "marshal.c MAX_MARSHAL_STACK_DEPTH; found by trying"},
    {string_references, "string-references",
     "Type t numbers its string and R refers to one; str is bytes.",
     first, python3, 0, "2.7 marshal.c TYPE_INTERNED, TYPE_STRINGREF"},
    {references, "references",
     "FLAG_REF numbers an object and r refers to one.",
     python3, still, 0, "marshal.c FLAG_REF, TYPE_REF; version 3, Python 3.4, #60679"},
    {ascii_forms, "ascii-forms",
     "Types a A z Z and ) exist.",
     python3, still, 0, "marshal.c TYPE_ASCII, TYPE_SMALL_TUPLE; version 4, Python 3.4"},
    {slices, "slices",
     "Type : is a slice.",
     {3, 14, 0}, still, 0, "marshal.c TYPE_SLICE; version 5, #122239"},
    {frozendicts, "frozendicts",
     "Type } is a frozendict.",
     {3, 15, 0}, still, 0, "marshal.c TYPE_FROZENDICT; version 6, PEP 814, #141510"},
    {frozendict_reference_lost, "frozendict-reference-lost",
     "A reference to a frozendict is invalid.",
     {3, 15, 0}, {3, 15, 1}, 0, "#155315; 3.15.0rc1 is what is recorded as 3.15"},
    {tuple_after_items, "tuple-after-items",
     "A tuple can be referred to only when it is complete.",
     {3, 15, 1}, still, 0, "#148653, #155903"},
    {allow_code, "allow-code",
     "load() and dump() have the argument allow_code.",
     {3, 13, 0}, still, 0, "Doc/library/marshal.rst 3.13; #113626"},
    {null_field_is_null, "null-field-is-null",
     "A code object with NULL for a field is itself NULL, without an error.",
     first, {3, 11, 7}, 0, "marshal.c r_object, TYPE_CODE: code_error; 3.11.2 has it, 3.11.7 not"},
    {int_is_not_long, "int-is-not-long",
     "Type l is a long, types i and I are ints.",
     first, python3, 64, "2.7 marshal.c r_PyLong, r_long64"},
    {int64_is_long, "int64-is-long",
     "Types l and I are longs, type i is an int.",
     first, python3, 32, "2.7 marshal.c r_long64: SIZEOF_LONG"},
    {sizes_checked, "sizes-checked",
     "A tuple or list of more than 2**29 items is a MemoryError, bytes of almost 2**31 and an int of more than 2**29 digits are an OverflowError, whatever the data holds.",
     first, still, 32, "PyTuple_New, PyList_New, PyBytes_FromStringAndSize, _PyLong_New: PY_SSIZE_T_MAX"},
    {slice_hashable, "slice-hashable",
     "A slice may be a key.",
     {3, 12, 0}, still, 0, "#101264"},
    // Code objects.
    {code_is_any_buffer, "code-is-any-buffer",
     "The bytecode may be a unicode.",
     first, python3, 0, "2.7 codeobject.c PyCode_New: PyObject_CheckReadBuffer"},
    {names_abort, "names-abort",
     "A name that is no string aborts the process.",
     first, {3, 9, 0}, 0, "codeobject.c intern_strings: Py_FatalError"},
    {stacksize_checked, "stacksize-checked",
     "A negative stack size and negative flags are refused.",
     {3, 8, 0}, still, 0, "codeobject.c PyCode_NewWithPosOnlyArgs; bpo-36540"},
    {stacksize_at_least_one, "stacksize-at-least-one",
     "A stack size of 0 becomes 1.",
     {3, 13, 0}, still, 0, "codeobject.c init_code"},
    {varnames_checked, "varnames-checked",
     "Arguments must have their names in varnames.",
     {3, 6, 0}, {3, 11, 0}, 0, "codeobject.c PyCode_New: varnames is too small"},
    {nofree_computed, "nofree-computed",
     "CO_NOFREE (0x40) is set or cleared by whether there are cell and free variables.",
     {3, 6, 0}, {3, 11, 0}, 0, "codeobject.c PyCode_New: CO_NOFREE"},
    {locals_plus, "locals-plus",
     "Local, cell and free variables stand in one tuple with their kinds beside it, and the bytecode is whole code units.",
     {3, 11, 0}, still, 0, "codeobject.c _PyCode_Validate; bpo-43693"},
    // What is one object.
    {file_name_shared, "file-name-shared",
     "The file names of code objects that are read together are one object where they equal the first that was read.",
     {3, 6, 0}, {3, 7, 0}, 0, "3.6 marshal.c r_object, TYPE_CODE: current_filename"},
    {own_names_interned, "own-names-interned",
     "The file name, name and qualified name of a code object are interned, as its other names are.",
     {3, 13, 0}, still, 0, "codeobject.c init_code: _PyUnicode_InternMortal of co_filename, co_name, co_qualname"},
    {letters_interned_apart, "letters-interned-apart",
     "One of the letters abcdenprsx_ as a name is another object than the text of that letter.",
     {3, 11, 0}, {3, 13, 0}, 0, "sys.intern('a') is not chr(97): strings of deep-frozen modules, Tools/build/deepfreeze.py"},
    {more_letters_interned_apart, "more-letters-interned-apart",
     "So is one of the letters fhijklmoqtvwyBCLST.",
     {3, 11, 0}, {3, 12, 0}, 0, "as letters-interned-apart; 3.12 uses the runtime's letters for most"},
    {letters_interned, "letters-interned",
     "Text of one Latin-1 character is interned; before, where the process happened to.",
     {3, 13, 0}, still, 0, "unicodeobject.c init_global_interned_strings: _Py_LATIN1_CHR; #113993"},
    {integers_to_1024, "integers-to-1024",
     "Integers up to 1024 are one object each, not only those up to 256.",
     {3, 15, 0}, still, 0, "Include/internal/pycore_runtime_structs.h _PY_NSMALLPOSINTS"},
    // Writing.
    {surrogates_joined, "surrogates-joined",
     "Two surrogates that form a pair are written as one character.",
     first, python3, 0, "2.7 unicodeobject.c PyUnicode_EncodeUTF8"},
    {sets_sorted, "sets-sorted",
     "The items of a set are written in the order of what dumps() makes of each.",
     {3, 11, 0}, still, 0, "marshal.c w_complex_object; bpo-37596"},
    {set_items_held, "set-items-held",
     "While the items of a set are put in order, each counts as referred to twice; before, only what is.",
     {3, 13, 0}, still, 0, "marshal.c w_complex_object: _PySet_NextEntryRef, before _PySet_NextEntry"},
    {no_recursive_immutables, "no-recursive-immutables",
     "A code object, slice or frozendict that holds itself is refused.",
     {3, 15, 0}, still, 0, "#148653, #148698"},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].quirk != static_cast<Quirk>(i)) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const QuirkRow, quirk_count> quirk_rows() {
  return table;
}

const QuirkRow* find_quirk(std::string_view name) {
  for (const QuirkRow& row : table)
    if (row.name == name) return &row;
  return nullptr;
}

bool applies(const QuirkRow& row, Version version, int word) {
  if (row.word != 0 && row.word != word) return false;
  return version >= row.since && (row.until == Version{} || version < row.until);
}

}  // namespace assay::marshal
