#include "reference/pickle/quirks.h"

namespace assay::pickle {
namespace {

using enum Quirk;

// clang-format off
// Columns: quirk, name, statement, lanes, since, until, word, citation.
constexpr std::array<QuirkRow, quirk_count> table = {{
    // Reading.
    {short_reads, "short-reads",
     "A counted argument that the file cuts off is what there is of it, and the next opcode is missed instead.",
     lanes::py, {}, {}, 0,
     "Lib/pickle.py _Unframer.read: the length of what file.read gave is not looked at"},
    {line_without_newline, "line-without-newline",
     "The last line of the file needs no newline, and loses its last character where pickle.py cuts the newline off.",
     lanes::py | lanes::c2, {}, {}, 0,
     "Lib/pickle.py readline()[:-1]; cPickle.c readline_cStringIO; _pickle.c _Unpickler_Readline refuses"},
    {escape_reads_past_cut, "escape-reads-past-cut",
     "Where a UNICODE line without its newline loses its last byte, the digits of an escape "
     "still reach it.",
     lanes::c2, {}, {}, 0,
     "Objects/unicodeobject.c 2.7, PyUnicode_DecodeRawUnicodeEscape: no look at the end"},
    {lines_not_empty, "lines-not-empty",
     "An empty line as the argument of a number, a name, GET or PUT is truncated data.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_int, load_global, load_get: len < 2"},
    {nul_ends_input, "nul-ends-input",
     "A NUL where an opcode should be is the end of the input.",
     lanes::c2, {}, {}, 0,
     "cPickle.c load: case 0"},
    {negative_count_reads_all, "negative-count-reads-all",
     "A negative count reads all the rest of the file.",
     lanes::py2, {}, {}, 0,
     "Lib/pickle.py 2.7 load_binstring, load_long4: read(n) with n < 0"},
    {binstring_signed, "binstring-signed",
     "The count of BINSTRING is signed.",
     lanes::py | lanes::c2, {}, {}, 0,
     "_pickle.c load_counted_binstring: calc_binsize; Lib/pickle.py load_binstring: '<i'"},
    {marshal_numbers, "marshal-numbers",
     "A number cut off by the end of the file is filled with ff, as marshal reads it.",
     lanes::py2, {}, {}, 0,
     "Lib/pickle.py 2.7: mloads('i' + read(4)); marshal.c r_long"},
    {frame_drops_rest, "frame-drops-rest",
     "Reading beyond a frame forgets what the frame still had and goes on behind it, and a frame inside the one read ahead changes nothing.",
     lanes::c3, {}, {{{{3, 13, 15}, {3, 14, 7}, {3, 15, 0}}}}, 0,
     "_pickle.c _Unpickler_ReadFromFile; python/cpython#154848"},
    {bytes_cross_frames, "bytes-cross-frames",
     "The data of BINBYTES and BYTEARRAY8 begins in a frame and goes on behind it without loss.",
     lanes::c3, {{{{3, 8, 0}}}}, {{{{3, 13, 15}, {3, 14, 7}, {3, 15, 0}}}}, 0,
     "_pickle.c _Unpickler_ReadInto; bpo-36785; python/cpython#154848"},
    {short_frames, "short-frames",
     "A frame longer than the file is what there is of it.",
     lanes::py3, {}, {{{{3, 15, 0}}}}, 0,
     "Lib/pickle.py _Unframer.load_frame"},
    {frame_outlives_load, "frame-outlives-load",
     "What a frame holds behind STOP is where the next load() goes on.",
     lanes::c3, {}, {}, 0,
     "_pickle.c UnpicklerObject.input_buffer; Lib/pickle.py makes a new _Unframer"},
    {protocol_3, "protocol-3",
     "The opcodes of protocol 3 exist.",
     lanes::python3, {}, {}, 0,
     "PEP 3137; Lib/pickle.py 3.0"},
    {protocol_4, "protocol-4",
     "The opcodes of protocol 4 exist.",
     lanes::python3, {}, {}, 0,
     "PEP 3154"},
    {protocol_5, "protocol-5",
     "The opcodes of protocol 5 exist.",
     lanes::python3, {{{{3, 8, 0}}}}, {}, 0,
     "PEP 574"},
    // The stack.
    {marks_on_stack, "marks-on-stack",
     "MARK pushes an object, which every opcode may take for a value.",
     lanes::py2, {}, {}, 0,
     "Lib/pickle.py 2.7 load_mark, marker"},
    {no_fence, "no-fence",
     "Opcodes reach below the topmost mark, which then stands above the stack's end.",
     lanes::c2, {}, {}, 0,
     "cPickle.c marker, Pdata_popTuple; _pickle.c has Pdata.fence since 3.6"},
    {inst_takes_mark_first, "inst-takes-mark-first",
     "INST looks for its mark before it reads its lines.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_inst; Lib/pickle.py load_inst"},
    // Numbers as text.
    {text_ends_at_nul, "text-ends-at-nul",
     "The text of LONG, GET and PUT ends at its first NUL.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_long, load_get: PyLong_FromString without a length"},
    {int_by_strtol, "int-by-strtol",
     "INT is read by strtol(), and by PyLong_FromString where that fails.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_int"},
    {number_ends_at_nul, "number-ends-at-nul",
     "A NUL ends the number of INT and FLOAT, whatever stands behind it on the line.",
     lanes::c3, {}, {}, 0,
     "_pickle.c load_int, load_float: *endptr"},
    {int_base_0, "int-base-0",
     "INT and LONG take Python's and C's prefixes: 0x, 0o, 0b, and for strtol() a 0 that means octal.",
     lanes::c | lanes::py3, {}, {{{{3, 14, 0}}}}, 0,
     "_pickle.c load_int: strtol(s, &endptr, 0); python/cpython#127042"},
    {int_bool_by_value, "int-bool-by-value",
     "INT is a boolean if its line is two characters long and its value is 0 or 1.",
     lanes::c, {}, {{{{3, 15, 0}}}}, 0,
     "_pickle.c load_int: len == 3; python/cpython#135241"},
    {int_digits_limited, "int-digits-limited",
     "More than 4300 decimal digits are a ValueError.",
     lanes::python3, {{{{3, 7, 14}, {3, 8, 14}, {3, 9, 14}, {3, 10, 7}, {3, 11, 0}}}}, {}, 0,
     "Library reference, 'Integer string conversion length limitation'; python/cpython#95778"},
    {literal_quoted_as_utf8, "literal-quoted-as-utf8",
     "The text of LONG, GET or PUT that is no number is a UnicodeDecodeError if its first 200 bytes are not UTF-8.",
     lanes::c3, {}, {}, 0,
     "Objects/longobject.c PyLong_FromString: the message quotes the text"},
    {float_by_strtod, "float-by-strtod",
     "FLOAT takes no spaces and no underscores, and an infinite result of digits is an OverflowError.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_float: PyOS_string_to_double(s, &endptr, PyExc_OverflowError)"},
    {nan_sign_set, "nan-sign-set",
     "FLOAT 'nan' has its sign bit set, '-nan' has not.",
     lanes::python2, {}, {}, 0,
     "Python/pystrtod.c 2.7 _Py_parse_inf_or_nan: Py_NAN"},
    // Strings.
    {string_trailing_junk, "string-trailing-junk",
     "Behind the closing quote of STRING, characters up to the space and above 7f are dropped.",
     lanes::c2, {}, {}, 0,
     "cPickle.c load_string: s[len-1] <= ' ' with a signed char"},
    {empty_string_needs_codec, "empty-string-needs-codec",
     "Even an empty BINSTRING looks its codec up.",
     lanes::c3, {}, {{{{3, 9, 0}}}}, 0,
     "Objects/unicodeobject.c PyUnicode_Decode"},
    // The memo.
    {memo_by_text, "memo-by-text",
     "GET and PUT use the text of their line as the key.",
     lanes::python2, {}, {}, 0,
     "Lib/pickle.py 2.7 load_get, load_put; cPickle.c load_get"},
    {memo_text_apart, "memo-text-apart",
     "GET and PUT never meet the entries of BINGET and BINPUT, whose keys are ints.",
     lanes::c2, {}, {}, 0,
     "cPickle.c load_put, load_binput"},
    {memo_index_signed, "memo-index-signed",
     "LONG_BINGET and LONG_BINPUT read a signed index.",
     lanes::py2, {}, {}, 0,
     "Lib/pickle.py 2.7 load_long_binput: mloads"},
    {memo_index_limited, "memo-index-limited",
     "GET and PUT of an index beyond Py_ssize_t are an OverflowError.",
     lanes::c3, {}, {}, 0,
     "_pickle.c load_put: PyLong_AsSsize_t; python/cpython#144410"},
    {memo_is_array, "memo-is-array",
     "The memo is an array, and an index that its memory cannot reach is a MemoryError.",
     lanes::c3, {}, {{{{3, 15, 0}}}}, 0,
     "_pickle.c _Unpickler_ResizeMemoList; python/cpython#115952"},
    {put_checks_stack_first, "put-checks-stack-first",
     "PUT and LONG_BINPUT miss a value on the stack before they look at their index.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_put; Lib/pickle.py load_put"},
    // Containers.
    {zero_items_untouched, "zero-items-untouched",
     "APPENDS and ADDITEMS of nothing do not look at their target.",
     lanes::c, {}, {{{{3, 15, 0}}}}, 0,
     "_pickle.c do_append: len == x; python/cpython#135573"},
    {odd_dict_accepted, "odd-dict-accepted",
     "A DICT of an odd number of items drops the last.",
     lanes::c2, {}, {}, 0,
     "cPickle.c load_dict"},
    {odd_items_checked, "odd-items-checked",
     "An odd number of items is refused before any pair is stored.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_dict, do_setitems"},
    {byte_checked_before_index, "byte-checked-before-index",
     "Assigning to an item of a bytearray checks the byte before it checks that the index is in range.",
     lanes::python3, {{{{3, 10, 0}}}}, {}, 0,
     "Objects/bytearrayobject.c bytearray_ass_subscript; python/cpython#91153"},
    {slice_hashable, "slice-hashable",
     "Slices can be keys.",
     lanes::python3, {{{{3, 12, 0}}}}, {}, 0,
     "python/cpython#101264"},
    // Objects and names.
    {arguments_any_iterable, "arguments-any-iterable",
     "REDUCE, NEWOBJ and NEWOBJ_EX take any iterable for arguments.",
     lanes::py, {}, {}, 0,
     "Lib/pickle.py load_reduce: func(*args)"},
    {inst_calls_class, "inst-calls-class",
     "INST and OBJ without arguments call the class instead of its __new__.",
     lanes::python2, {}, {}, 0,
     "cPickle.c Instance_New, Lib/pickle.py 2.7 _instantiate: only classic classes are made raw"},
    {build_skips_falsy, "build-skips-falsy",
     "BUILD's default ignores a false state and a false slot state, and takes any other for a mapping.",
     lanes::py, {}, {}, 0,
     "Lib/pickle.py load_build; _pickle.c load_build; python/cpython#128965, #144411"},
    {build_updates_dict, "build-updates-dict",
     "BUILD's default falls back on __dict__.update() where a key or the dict refuses.",
     lanes::py2, {}, {}, 0,
     "Lib/pickle.py 2.7 load_build"},
    {not_implemented_has_no_truth, "not-implemented-has-no-truth",
     "The truth of NotImplemented is a TypeError.",
     lanes::python3, {{{{3, 14, 0}}}}, {}, 0,
     "python/cpython#79893"},
    {extension_code_checked_first, "extension-code-checked-first",
     "An extension code of 0 or less is refused even where it is registered.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_extension; Lib/pickle.py get_extension"},
    {persistent_load_checked_first, "persistent-load-checked-first",
     "Without persistent_load, a persistent id is refused before it is read.",
     lanes::c, {}, {}, 0,
     "_pickle.c load_persid, load_binpersid"},
    {persid_nonempty, "persid-nonempty",
     "An empty persistent id of protocol 0 is truncated data.",
     lanes::c2, {}, {}, 0,
     "cPickle.c load_persid: len < 2"},
    {tix_not_renamed, "tix-not-renamed",
     "The module Tix is not renamed to tkinter.tix.",
     lanes::python3, {{{{3, 13, 0}}}}, {}, 0,
     "Lib/_compat_pickle.py 3.13"},
    {cgihttpserver_not_renamed, "cgihttpserver-not-renamed",
     "The module CGIHTTPServer is not renamed to http.server.",
     lanes::python3, {{{{3, 15, 0}}}}, {}, 0,
     "Lib/_compat_pickle.py 3.15"},
    {range_opaque, "range-opaque",
     "An xrange does not show its items here: it is true, cannot be iterated, and its attributes are not modelled.",
     lanes::python2, {}, {}, 0,
     "harness/adapters/python: Python 2's xrange hides its bounds"},
    // Sizes.
    {bytes_allocated_first, "bytes-allocated-first",
     "The object of BINBYTES is allocated before its data is read: OverflowError or MemoryError come first.",
     lanes::c3, {{{{3, 8, 0}}}}, {{{{3, 15, 0}}}}, 0,
     "_pickle.c load_counted_binbytes; bpo-36785"},
    {bytearray_allocated_first, "bytearray-allocated-first",
     "The object of BYTEARRAY8 is allocated before its data is read: MemoryError comes first.",
     lanes::python3, {{{{3, 8, 0}}}}, {{{{3, 15, 0}}}}, 0,
     "_pickle.c load_counted_bytearray; Lib/pickle.py load_bytearray8"},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].quirk) != i) return false;
  return true;
}
static_assert(in_order(), "a row for each quirk, in the order of the enumeration");

}  // namespace

bool happened(const Change& change, Version version) {
  bool later = false;
  for (const Version& first : change.first) {
    if (first.major == 0) break;
    if (first.major == version.major && first.minor == version.minor) return version >= first;
    later = version > first;
  }
  return later;
}

bool applies(const QuirkRow& row, Version version, Lane lane, int word) {
  if ((row.lanes & bit(lane)) == 0) return false;
  if (row.word != 0 && row.word != word) return false;
  if (!row.since.empty() && !happened(row.since, version)) return false;
  return !happened(row.until, version);
}

std::span<const QuirkRow, quirk_count> quirk_rows() {
  return table;
}

const QuirkRow* find_quirk(std::string_view name) {
  for (const QuirkRow& row : table)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace assay::pickle
