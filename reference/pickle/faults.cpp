#include "reference/pickle/faults.h"

namespace assay::pickle {
namespace {

using enum Fault;

// clang-format off
// Columns: fault, name, classes of c2, py2, c3, py3, since when Python 3 raises
// another, that one, citation.
constexpr std::array<FaultRow, fault_count> table = {{
    // Reading.
    {end_of_input, "end-of-input", {{"EOFError", "EOFError", "EOFError", "EOFError"}}, {}, "",
     "The input ends where an opcode should be: load()"},
    {short_byte, "short-byte", {{"EOFError", "TypeError", "UnpicklingError", "IndexError"}}, {}, "",
     "read(1)[0]; 2.7: ord(read(1))"},
    {short_number, "short-number", {{"EOFError", "", "UnpicklingError", "struct.error"}}, {}, "",
     "unpack('<i', read(4)); 2.7's marshal fills the number up"},
    {short_float, "short-float", {{"EOFError", "struct.error", "UnpicklingError", "struct.error"}}, {}, "",
     "unpack('>d', read(8))"},
    {short_payload, "short-payload", {{"EOFError", "", "UnpicklingError", ""}}, {}, "",
     "_Unpickler_ReadImpl, _Unpickler_ReadInto; read_cStringIO"},
    {truncated_line, "truncated-line", {{"UnpicklingError", "", "UnpicklingError", ""}}, {}, "",
     "bad_readline"},
    {frame_exhausted, "frame-exhausted", {{"", "", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "_Unframer.read: pickle exhausted before end of frame"},
    {frame_in_frame, "frame-in-frame", {{"", "", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "_Unframer.load_frame"},
    {frame_cut_off, "frame-cut-off", {{"", "", "UnpicklingError", "EOFError"}}, {}, "",
     "load_frame"},
    {size_too_large, "size-too-large", {{"", "", "OverflowError", "UnpicklingError"}}, {}, "",
     "load_counted_binbytes, load_binbytes8"},
    {frame_size_too_large, "frame-size-too-large", {{"", "", "OverflowError", "ValueError"}}, {}, "",
     "load_frame"},
    {negative_count, "negative-count", {{"UnpicklingError", "", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_counted_long, load_binstring"},
    {unknown_opcode, "unknown-opcode", {{"UnpicklingError", "KeyError", "UnpicklingError", "KeyError"}}, {}, "",
     "dispatch[key]; load(): invalid load key"},
    {unsupported_protocol, "unsupported-protocol", {{"ValueError", "ValueError", "ValueError", "ValueError"}}, {}, "",
     "load_proto"},
    // The stack and the memo.
    {stack_underflow, "stack-underflow", {{"UnpicklingError", "IndexError", "UnpicklingError", "IndexError"}}, {}, "",
     "Pdata_stack_underflow; stack[-1]"},
    {no_mark, "no-mark", {{"UnpicklingError", "IndexError", "UnpicklingError", "IndexError"}}, {}, "",
     "marker; metastack.pop()"},
    {negative_length, "negative-length", {{"SystemError", "", "", ""}}, {}, "",
     "Pdata_popTuple: PyTuple_New of a negative size"},
    {odd_items, "odd-items", {{"UnpicklingError", "IndexError", "UnpicklingError", "IndexError"}}, {}, "",
     "load_dict, do_setitems; items[i + 1]"},
    {memo_missing, "memo-missing", {{"BadPickleGet", "KeyError", "KeyError", "KeyError"}}, {{{{3, 9, 0}}}}, "UnpicklingError",
     "load_get; bpo-38434"},
    {memo_index_negative, "memo-index-negative", {{"", "", "ValueError", "ValueError"}}, {}, "",
     "load_put"},
    // Text.
    {not_quoted, "not-quoted", {{"ValueError", "ValueError", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_string"},
    {float_overflow, "float-overflow", {{"OverflowError", "", "OverflowError", ""}}, {}, "",
     "load_float"},
    // Names and objects.
    {extension_not_positive, "extension-not-positive", {{"UnpicklingError", "ValueError", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_extension, get_extension"},
    {extension_unknown, "extension-unknown", {{"ValueError", "ValueError", "ValueError", "ValueError"}}, {}, "",
     "load_extension, get_extension"},
    {empty_module, "empty-module", {{"ValueError", "ValueError", "ValueError", "ValueError"}}, {}, "",
     "__import__('')"},
    {no_persistent_load, "no-persistent-load", {{"UnpicklingError", "AttributeError", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_persid, persistent_load"},
    {persid_not_ascii, "persid-not-ascii", {{"", "", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_persid"},
    {name_not_string, "name-not-string", {{"", "", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_stack_global"},
    {no_buffers, "no-buffers", {{"", "", "UnpicklingError", "UnpicklingError"}}, {}, "",
     "load_next_buffer"},
    {class_not_type, "class-not-type", {{"UnpicklingError", "TypeError", "UnpicklingError", "TypeError"}}, {}, "",
     "load_newobj; cls.__new__(cls)"},
    {arguments_not_tuple, "arguments-not-tuple", {{"UnpicklingError", "", "UnpicklingError", ""}}, {}, "",
     "load_newobj"},
    {keywords_not_dict, "keywords-not-dict", {{"", "", "UnpicklingError", "TypeError"}}, {}, "",
     "load_newobj_ex"},
    {class_without_name, "class-without-name", {{"TypeError", "AttributeError", "TypeError", "AttributeError"}}, {}, "",
     "_instantiate: the handler of TypeError asks for klass.__name__"},
    {state_not_dict, "state-not-dict", {{"UnpicklingError", "", "UnpicklingError", ""}}, {}, "",
     "load_build"},
    {slot_state_not_dict, "slot-state-not-dict", {{"UnpicklingError", "", "UnpicklingError", ""}}, {}, "",
     "load_build"},
    // Writing.
    {not_picklable, "not-picklable", {{"PicklingError", "PicklingError", "PicklingError", "PicklingError"}}, {}, "",
     "save_reduce, save_global, save_picklebuffer"},
    {not_callable, "not-callable", {{"", "PicklingError", "PicklingError", "PicklingError"}}, {}, "",
     "save_reduce"},
    {local_name, "local-name", {{"", "", "AttributeError", "PicklingError"}}, {{{{3, 14, 0}}}}, "PicklingError",
     "get_dotted_path, _getattribute"},
    {name_not_encodable, "name-not-encodable", {{"", "", "PicklingError", "UnicodeEncodeError"}}, {{{{3, 14, 0}}}}, "PicklingError",
     "save_global: the UTF-8 of protocol 3"},
    {module_not_importable, "module-not-importable", {{"PicklingError", "ValueError", "PicklingError", "ValueError"}}, {{{{3, 14, 0}}}}, "PicklingError",
     "save_global: __import__('')"},
    {extension_code_range, "extension-code-range", {{"PicklingError", "", "PicklingError", "RuntimeError"}}, {{{{3, 13, 0}}}}, "RuntimeError",
     "save_global: extension code %ld is out of range"},
    {extension_code_packed, "extension-code-packed", {{"", "struct.error", "", "struct.error"}}, {}, "",
     "Lib/pickle.py save_global: pack('<i', code)"},
    {newobj_without_class, "newobj-without-class", {{"PicklingError", "IndexError", "PicklingError", "IndexError"}}, {}, "",
     "save_reduce: args[0]"},
    {newobj_ex_not_three, "newobj-ex-not-three", {{"", "", "PicklingError", "ValueError"}}, {}, "",
     "save_reduce: cls, args, kwargs = args"},
    {recursion, "recursion", {{"RuntimeError", "RuntimeError", "RecursionError", "RecursionError"}}, {}, "",
     "the language"},
    {recursion_in_fast_mode, "recursion-in-fast-mode", {{"ValueError", "RuntimeError", "ValueError", "RecursionError"}}, {}, "",
     "fast_save_enter"},
    {copy_memoized_already, "copy-memoized-already", {{"", "", "", "AssertionError"}}, {}, "",
     "Lib/pickle.py memoize: assert id(obj) not in self.memo"},
    // Python's own, the same in every lane.
    {attribute_error, "attribute-error", {{"AttributeError", "AttributeError", "AttributeError", "AttributeError"}}, {}, "",
     "the language"},
    {buffer_error, "buffer-error", {{"BufferError", "BufferError", "BufferError", "BufferError"}}, {}, "",
     "the language"},
    {index_error, "index-error", {{"IndexError", "IndexError", "IndexError", "IndexError"}}, {}, "",
     "the language"},
    {lookup_error, "lookup-error", {{"LookupError", "LookupError", "LookupError", "LookupError"}}, {}, "",
     "the language"},
    {memory_error, "memory-error", {{"MemoryError", "MemoryError", "MemoryError", "MemoryError"}}, {}, "",
     "the language"},
    {overflow_error, "overflow-error", {{"OverflowError", "OverflowError", "OverflowError", "OverflowError"}}, {}, "",
     "the language"},
    {type_error, "type-error", {{"TypeError", "TypeError", "TypeError", "TypeError"}}, {}, "",
     "the language"},
    {unicode_decode_error, "unicode-decode-error", {{"UnicodeDecodeError", "UnicodeDecodeError", "UnicodeDecodeError", "UnicodeDecodeError"}}, {}, "",
     "the language"},
    {unicode_encode_error, "unicode-encode-error", {{"UnicodeEncodeError", "UnicodeEncodeError", "UnicodeEncodeError", "UnicodeEncodeError"}}, {}, "",
     "the language"},
    {value_error, "value-error", {{"ValueError", "ValueError", "ValueError", "ValueError"}}, {}, "",
     "the language"},
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].fault) != i) return false;
  return true;
}
static_assert(in_order(), "a row for each fault, in the order of the enumeration");

}  // namespace

std::span<const FaultRow, fault_count> fault_rows() {
  return table;
}

std::string_view exception_class(Fault fault, const Profile& profile) {
  const FaultRow& row = table[static_cast<std::size_t>(fault)];
  if (!profile.python2() && !row.changed.empty() && happened(row.since, profile.version()))
    return row.changed;
  return row.classes[static_cast<std::size_t>(profile.lane())];
}

}  // namespace assay::pickle
