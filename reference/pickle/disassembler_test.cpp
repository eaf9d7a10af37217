#include "reference/pickle/disassembler.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>

#include "reference/bytes/hex.h"
#include "reference/pickle/assembler.h"
#include "reference/pickle/python_for_tests.h"
#include "reference/value/graph.h"
#include "reference/value/integer.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

using namespace std::string_literals;
using Input = std::vector<std::uint8_t>;

std::string asm_of(const std::string& bytes) {
  return disassemble(as_bytes(bytes));
}

TEST(Disassembler, WritesEachKindOfArgument) {
  EXPECT_EQ(asm_of("("), "MARK\n");
  EXPECT_EQ(asm_of("K\xff"s), "BININT1 255\n");
  EXPECT_EQ(asm_of("J\xff\xff\xff\xff"s), "BININT -1\n");
  EXPECT_EQ(asm_of("\x84\xff\xff\xff\xff"s), "EXT4 -1\n");
  EXPECT_EQ(asm_of("r\xff\xff\xff\xff"s), "LONG_BINPUT 4294967295\n");
  EXPECT_EQ(asm_of("\x95\xff\xff\xff\xff\xff\xff\xff\xff"s), "FRAME 18446744073709551615\n");
  EXPECT_EQ(asm_of("I010\n"), "INT '010'\n");
  EXPECT_EQ(asm_of("S'a\\n'\n"), "STRING '\\'a\\\\n\\''\n");
  EXPECT_EQ(asm_of("Va\xe9\n"s), "UNICODE b'a\\xe9'\n");
  EXPECT_EQ(asm_of("cos\nsystem\n"), "GLOBAL 'os' 'system'\n");
  EXPECT_EQ(asm_of("U\x02\xff'"s), "SHORT_BINSTRING b'\\xff\\''\n");
  EXPECT_EQ(asm_of("\x8c\x03\xed\xa0\x80"s), "SHORT_BINUNICODE '\\ud800'\n");
  EXPECT_EQ(asm_of("\x8c\x01\xff"s), "SHORT_BINUNICODE b'\\xff'\n");
  EXPECT_EQ(asm_of("G\xbf\xf4\0\0\0\0\0\0"s), "BINFLOAT -1.25\n");
  EXPECT_EQ(asm_of("G\x7f\xf0\0\0\0\0\0\x01"s), "BINFLOAT nan(0x7ff0000000000001)\n");
}

TEST(Disassembler, LongsThatAreNotTheShortestKeepTheirBytes) {
  EXPECT_EQ(asm_of("\x8a\0"s), "LONG1 0\n");
  EXPECT_EQ(asm_of("\x8a\x01\xff"s), "LONG1 -1\n");
  EXPECT_EQ(asm_of("\x8a\x02\xff\0"s), "LONG1 255\n");
  EXPECT_EQ(asm_of("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"s), "LONG1 9223372036854775807\n");
  EXPECT_EQ(asm_of("\x8a\x08\0\0\0\0\0\0\0\x80"s), "LONG1 -9223372036854775808\n");
  EXPECT_EQ(asm_of("\x8a\x09\0\0\0\0\0\0\0\x80\0"s), "LONG1 0x8000000000000000\n");
  EXPECT_EQ(asm_of("\x8a\x01\0"s), "LONG1 b'\\x00'\n");
  EXPECT_EQ(asm_of("\x8a\x02\xff\xff"s), "LONG1 b'\\xff\\xff'\n");
  EXPECT_EQ(asm_of("\x8a\x02\x7f\0"s), "LONG1 b'\\x7f\\x00'\n");
}

TEST(Disassembler, GoesOnBehindStopAndEndsInHex) {
  EXPECT_EQ(asm_of("N.N."), "NONE\nSTOP\nNONE\nSTOP\n");
  EXPECT_EQ(asm_of("N\xffN"s), "NONE\n# at 0x1: opcode: malformed: no opcode is 0xff\n.hex ff4e\n");
  EXPECT_EQ(asm_of("NI1"), "NONE\n# at 0x2: INT: truncated: no newline ends the line\n.hex 4931\n");
  EXPECT_EQ(asm_of(""), "");
  const std::string text = asm_of(std::string(40, '\0'));
  EXPECT_NE(text.find("\n.hex " + std::string(64, '0') + "\n.hex " + std::string(16, '0') + "\n"),
            std::string::npos)
      << text;
}

// (GCC 12 warns of the insert() of a vector into a short one.)
void append(Input& out, const Input& more) {
  std::ranges::copy(more, std::back_inserter(out));
}

// --- the fixed point ------------------------------------------------------------

void expect_fixed_point(const Input& bytes) {
  const std::string text = disassemble(bytes);
  const Input again = assemble(text);
  RC_ASSERT(again == bytes);
  RC_ASSERT(disassemble(again) == text);
}

// Bytes of an instruction whose argument is mostly right: counts are now and
// then off, lines hold anything, numbers are edges.
rc::Gen<Input> instruction_bytes() {
  return rc::gen::exec([] {
    const Opcode& row = opcodes()[*rc::gen::inRange<std::size_t>(0, opcode_count)];
    const ArgumentInfo about = info(row.argument);
    Input out = {static_cast<std::uint8_t>(row.code)};
    const auto byte = rc::gen::weightedOneOf<std::uint8_t>(
        {{4, rc::gen::arbitrary<std::uint8_t>()},
         {1, rc::gen::element<std::uint8_t>(0, 1, '\n', '\r', '\'', '"', '\\', '#', ';', 0x7f, 0x80,
                                            0xed, 0xa0, 0xff)}});
    const auto add = [&out](const Input& more) { append(out, more); };
    switch (about.shape) {
      case Shape::none:
        break;
      case Shape::fixed:
        add(*rc::gen::container<Input>(about.width, byte));
        break;
      case Shape::pair:
        add(*rc::gen::container<Input>(byte));
        out.push_back('\n');
        [[fallthrough]];
      case Shape::line:
        add(*rc::gen::container<Input>(byte));
        out.push_back('\n');
        break;
      case Shape::counted: {
        const Input data = *rc::gen::container<Input>(byte);
        const std::uint64_t off =
            *rc::gen::weightedElement<std::uint64_t>({{12, 0}, {1, 1}, {1, ~0ull}});
        for (unsigned i = 0; i < about.width; ++i)
          out.push_back(static_cast<std::uint8_t>((data.size() + off) >> (8 * i)));
        add(data);
        break;
      }
    }
    return out;
  });
}

RC_GTEST_PROP(DisassemblerProperty, AnyBytesComeBack, (const Input& bytes)) {
  expect_fixed_point(bytes);
}

RC_GTEST_PROP(DisassemblerProperty, AnyInstructionsComeBack, ()) {
  Input bytes;
  for (const Input& piece : *rc::gen::container<std::vector<Input>>(instruction_bytes()))
    append(bytes, piece);
  expect_fixed_point(bytes);
}

RC_GTEST_PROP(DisassemblerProperty, AnyFloatComesBack, (std::uint64_t bits)) {
  Input bytes = {'G'};
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
  expect_fixed_point(bytes);
  RC_ASSERT(disassemble(bytes).find(".hex") == std::string::npos);
}

RC_GTEST_PROP(DisassemblerProperty, AnyLongComesBackAndTheShortestIsANumber, (Input number)) {
  number.resize(std::min<std::size_t>(number.size(), 255));
  Input bytes = {0x8a, static_cast<std::uint8_t>(number.size())};
  append(bytes, number);
  expect_fixed_point(bytes);
  Graph graph;
  const std::string shortest =
      integer_twos_complement(graph, integer_from_twos_complement(graph, number));
  const bool is_shortest = as_text(number) == shortest;
  RC_ASSERT((disassemble(bytes).find("b'") == std::string::npos) == is_shortest);
}

// --- pickletools ------------------------------------------------------------------

// Prints, for each of several hundred pickles, its bytes in hex and then what
// genops says of it: offset, name, argument. Arguments as argument_text() below
// writes them.
constexpr const char* print_genops = R"PY(
import copyreg, datetime, decimal, collections, io, pickle, pickletools, struct, sys

class Plain:
    def __init__(self, **state): self.__dict__.update(state)
class Slots:
    __slots__ = ('a', 'b')
    def __getstate__(self): return None, {'a': 1}
class WithArguments:
    def __new__(cls, *args, **kwargs): return object.__new__(cls)
    def __getnewargs_ex__(self): return (1, 'two'), {'key': 3}
class Tuple(tuple): pass
class Dict(dict): pass
class Registered: pass
copyreg.add_extension(__name__, 'Registered', 240)
copyreg.add_extension(__name__, 'Plain', 0x1234)
copyreg.add_extension(__name__, 'Slots', 0x12345678)

loop = []; loop.append(loop)
turn = ([],); turn[0].append(turn)
shared = ['shared']
values = [
    None, True, False, 0, 1, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -2**31, -2**31 - 1,
    2**63, -2**63, 10**50, -10**50, 1 << 2040, -(1 << 3000), 0.0, -0.0, 1.5, 1e300, 5e-324,
    float('inf'), float('-inf'), float('nan'), 0.1, '', 'a', 'line\nline', 'back\\slash', '\\u0041',
    'caf\xe9', '\u20ac', '\U0001f600', 'a\ud800b', '\0\r\x1a', "quote's", 'x' * 255, 'x' * 256,
    '\xff' * 200, b'', b'a', bytes(range(256)), b'y' * 255, b'y' * 256, bytearray(b''),
    bytearray(b'abc'), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2], list(range(1001)),
    {}, {1: 2}, {'a': 1, 'b': [2]}, {i: i for i in range(1001)}, set(), {1}, {'a', 'b'},
    frozenset(), frozenset([1]), complex(1, -0.0), range(5), slice(1, None, 2), Ellipsis,
    NotImplemented, type(None), int, len, Plain, Plain(), Plain(a=1, b=[2]), Slots(),
    WithArguments(), Tuple((1, 2)), Dict(a=1), Registered, loop, turn, [shared, shared],
    datetime.datetime(2020, 1, 2, 3, 4, 5), decimal.Decimal('1.50'),
    collections.OrderedDict([('a', 1)]), collections.Counter('aab'), ValueError('why'),
    'z' * 70000, b'z' * 70000, [str(i) * 20 for i in range(1000)], print,
]

def dumps(pickler, value, protocol, **options):
    out = io.BytesIO()
    pickler(out, protocol, **options).dump(value)
    return out.getvalue()

class Persistent(pickle.Pickler):
    def persistent_id(self, value):
        return str(value) if isinstance(value, (int, float)) else None

pickles = [b"S'abc'\n.", b'T\x03\0\0\0ab\xff.', b'U\2a\0.', b'(dp0\n.', b'(iabc\nAbc\np0\n.',
           b'(cabc\nAbc\noq\0.', b'L12L\n.', b'I00\n.', b'N20.', b'((1N.', b'Pid\n.']
for value in values:
    for protocol in range(6):
        for pickler in pickle.Pickler, pickle._Pickler:
            pickles.append(dumps(pickler, value, protocol))
for protocol in range(6):
    pickles.append(dumps(Persistent, [1, 2.5, 'a', 1], protocol))
pickles.append(dumps(pickle.Pickler, [pickle.PickleBuffer(b'abc'), pickle.PickleBuffer(bytearray(b'd'))],
                     5, buffer_callback=lambda buffer: None))

def argument(opcode, value):
    if opcode.arg is None: return '-'
    kind = opcode.arg.name
    if kind == 'float8': return struct.pack('>d', value).hex()
    if kind.startswith('string') and not kind.startswith('stringnl'): return value.encode('latin-1').hex() or '-'
    if isinstance(value, str): return value.encode('utf-8', 'surrogatepass').hex() or '-'
    if isinstance(value, (bytes, bytearray)): return value.hex() or '-'
    if kind in ('long1', 'long4'): return hex(value)
    if hasattr(sys, 'set_int_max_str_digits'): sys.set_int_max_str_digits(0)
    return repr(value)

for data in pickles:
    print(data.hex())
    for opcode, value, position in pickletools.genops(data):
        print(position, opcode.name, argument(opcode, value))
    print()
)PY";

// raw-unicode-escape as \uXXXX after an odd run of backslashes; else Latin-1.
std::string decode_raw_unicode_escape(Bytes line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t run = 0;
    while (i + run < line.size() && line[i + run] == '\\') ++run;
    const std::size_t after = i + run;
    if (run % 2 == 1 && after < line.size() && (line[after] == 'u' || line[after] == 'U')) {
      const std::size_t digits = line[after] == 'u' ? 4 : 8;
      out.append(run - 1, '\\');
      const std::string hex(as_text(line.subspan(after + 1, digits)));
      append_utf8(out, static_cast<std::uint32_t>(std::stoul(hex, nullptr, 16)));
      i = after + 1 + digits;
    } else if (run > 0) {
      out.append(run, '\\');
      i = after;
    } else {
      append_utf8(out, line[i++]);
    }
  }
  return out;
}

std::string hex_or_dash(std::string_view text) {
  return text.empty() ? "-" : to_hex(text);
}

// The argument as pickletools understands it, in the script's notation.
std::string argument_text(const Instruction& instruction) {
  const std::string line(as_text(instruction.data));
  switch (instruction.opcode->argument) {
    case Argument::none:
      return "-";
    case Argument::uint1:
    case Argument::uint2:
    case Argument::uint4:
    case Argument::uint8:
      return std::to_string(instruction.number);
    case Argument::int4:
      return std::to_string(instruction.integer());
    case Argument::decimalnl_short:
      return line == "00" ? "False" : line == "01" ? "True" : line;
    case Argument::decimalnl_long:
      return line.substr(0, line.find('L'));
    case Argument::floatnl:
      return line;
    case Argument::stringnl:
      return hex_or_dash(line.substr(1, line.size() - 2));
    case Argument::unicodestringnl:
      return hex_or_dash(decode_raw_unicode_escape(instruction.data));
    case Argument::stringnl_noescape_pair:
      return to_hex(line + " " + std::string(as_text(instruction.second)));
    case Argument::long1:
    case Argument::long4: {
      Graph graph;
      return integer_text(graph, integer_from_twos_complement(graph, instruction.data), 16);
    }
    default:
      return hex_or_dash(line);
  }
}

TEST(Disassembler, ReadsWhatPickletoolsReadsInPicklesOfEveryPythonHere) {
  const std::vector<std::string> found = pythons();
  ASSERT_FALSE(found.empty()) << "no python3 from 3.8 on in PATH or under pyenv";
  for (const std::string& python : found) {
    const PythonRun run = run_python(python, print_genops);
    ASSERT_EQ(run.status, 0) << python;
    std::istringstream lines(run.output);
    int pickles = 0;
    for (std::string hex; std::getline(lines, hex); ++pickles) {
      const std::string data = from_hex(hex).value();
      Cursor cursor(as_bytes(data));
      for (std::string expected; std::getline(lines, expected) && !expected.empty();) {
        const Instruction instruction = read_instruction(cursor);
        const std::string seen = std::to_string(instruction.offset) + " " +
                                 std::string(instruction.opcode->name) + " " +
                                 argument_text(instruction);
        ASSERT_EQ(seen, expected) << python << ": " << hex.substr(0, 200);
      }
      EXPECT_TRUE(cursor.at_end()) << hex.substr(0, 200);
      const Input again = assemble(asm_of(data));
      EXPECT_EQ(as_text(again), data);
    }
    EXPECT_GT(pickles, 1000) << python;
  }
}

}  // namespace
}  // namespace assay::pickle
