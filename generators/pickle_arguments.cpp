#include "generators/pickle_arguments.h"

namespace assay::generators {
namespace {

using pickle::Argument;
using pickle::ArgumentInfo;
using pickle::Code;
using pickle::Shape;
using std::string_view_literals::operator""sv;

// --- right for every profile ----------------------------------------------------

constexpr std::string_view right_ints[] = {"0",
                                           "1",
                                           "2",
                                           "-1",
                                           "7",
                                           "42",
                                           "00",
                                           "01",
                                           "255",
                                           "2147483647",
                                           "-2147483648",
                                           "2147483648",
                                           "9223372036854775807",
                                           "-9223372036854775808",
                                           "9223372036854775808",
                                           "123456789012345678901234567890"};
constexpr std::string_view right_longs[] = {"0L",
                                            "1L",
                                            "-1L",
                                            "42L",
                                            "5",
                                            "2147483648L",
                                            "-9223372036854775809L",
                                            "123456789012345678901234567890L"};
constexpr std::string_view right_floats[] = {"0.0",
                                             "-0.0",
                                             "1.5",
                                             "-2.25",
                                             "1e300",
                                             "1e-07",
                                             "0.1",
                                             "5e-324",
                                             "inf",
                                             "-inf",
                                             "12345678901234567000"};
constexpr std::string_view right_quoted[] = {
    "''", "'a'", "'ab'", "\"a\"", "\"it's\"", "'\\x41'", "'\\n\\t\\\\'", "'\\101'", "'a\\'b\\\"'"};
constexpr std::string_view right_unicode[] = {
    "", "a", "ab", "\\u0041\\u20ac", "a b", "\\\\x", "\\U0001f600", "\\u000a", "\\ud800"};
constexpr std::string_view right_text[] = {
    "", "a", "ab", "k", "key", "\xc3\xa9", "\xe2\x82\xac", "a\nb", "\xf0\x9f\x98\x80", "x\0y"sv};
constexpr std::string_view ascii_text[] = {"", "a", "ab", "k", "key", "a\nb", "x\0y"sv, "'"};
constexpr std::string_view right_bytes[] = {"",           "a",  "ab",           "\0"sv,
                                            "\xff\x00"sv, "\n", "\x80\x04\x95", "0123456789abcdef"};
constexpr std::string_view right_twos[] = {"",
                                           "\x01",
                                           "\xff",
                                           "\x00\x80"sv,
                                           "\xff\x00"sv,
                                           "\x00\x00\x00\x80"sv,
                                           "\xff\xff\xff\xff\xff\xff\xff\x7f",
                                           "\x00\x00\x00\x00\x00\x00\x00\x00\x01"sv};
constexpr std::string_view right_doubles[] = {
    "\0\0\0\0\0\0\0\0"sv,     "\x80\0\0\0\0\0\0\0"sv,   "\x3f\xf8\0\0\0\0\0\0"sv,
    "\x7f\xf0\0\0\0\0\0\0"sv, "\x7f\xf8\0\0\0\0\0\0"sv, "\x40\x09\x21\xfb\x54\x44\x2d\x18"sv};
constexpr std::string_view modules[] = {"m", "n", "pkg.mod", "os", "collections", "Queue"};
constexpr std::string_view names[] = {"x", "C", "D", "system", "OrderedDict", "Queue"};

// --- what deserves a second look --------------------------------------------------

constexpr std::string_view odd_numbers[] = {"",
                                            "a",
                                            "+1",
                                            "010",
                                            "08",
                                            "0x1f",
                                            "0o17",
                                            "0b1",
                                            "1_0",
                                            "_1",
                                            " 1",
                                            "1 ",
                                            "1\r",
                                            "1L",
                                            "1l",
                                            "0L",
                                            "L",
                                            "-",
                                            "--1",
                                            "1.0",
                                            "1\0x"sv,
                                            "000",
                                            "001",
                                            "-0",
                                            "-00",
                                            "+01",
                                            "0_1",
                                            "1__0",
                                            "0x",
                                            "\xd9\xa1",
                                            "9999999999999999999L",
                                            "1e5",
                                            "\t1",
                                            "\v1",
                                            "1LL",
                                            "0xL",
                                            "0x1fL"};
constexpr std::string_view odd_floats[] = {
    "",         "nan", "-nan", "NaN",   "infinity", "1_0.5",  " 1.5", "1.5 ",
    "0x1p3",    ".5",  "5.",   ".",     "1e999",    "-1e999", "1e",   "e1",
    "1.5\0x"sv, "1,5", "+1.5", "1.5\r", "nan(1)",   "1e-999", "1L"};
constexpr std::string_view odd_quoted[] = {
    "",          "'",      "a",       "'a",    "a'",     "'a\"",   "''x",  "'a' ",
    " 'a'",      "'\\x4'", "'\\'",    "'a'b'", "'\xe9'", "b'a'",   "u'a'", "'a'\r",
    "'\\u0041'", "'\\8'",  "'\\400'", "\"'\"", "'a''b'", "'\0'"sv, "\"",   "'\\N{DIGIT ONE}'",
    "'\\\xe9'"};
constexpr std::string_view odd_unicode[] = {
    "\\u12", "\\u",       "\\U00110000", "\\U0001f60",     "\xe9",
    "\\",    "\\\\u0041", "\\\\\\u0041", "\\ud83d\\ude00", "\\xe9",
    "\0"sv,  "\\U",       "\\u00g0",     "\\\xe9",         "\r"};
constexpr std::string_view odd_text[] = {
    "\xff",   "\xc3",    "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\xed\xa0\xbd\xed\xb8\x80",
    "a\xe9z", "\xe2\x82"};
constexpr std::string_view odd_lines[] = {"", "a", " ", "\xe9", "a\r", "\0"sv, "a b", "1"};
constexpr std::string_view odd_modules[] = {
    "builtins", "__builtin__", "copy_reg",   "copyreg", "_codecs", "",
    "Tix",      "cPickle",     "exceptions", "m\r",     "\xe9",    "\xc3\xa9",
    "m.n",      "UserDict",    "urllib",     "whichdb"};
constexpr std::string_view odd_names[] = {
    "set",    "frozenset", "slice",   "bytearray",  "bytes",         "Ellipsis", "_reconstructor",
    "encode", "object",    "unicode", "xrange",     "range",         "complex",  "NotImplemented",
    "",       "\xe9",      "a.b",     "__newobj__", "__newobj_ex__", "UserDict", "reduce",
    "type"};

template <std::size_t n>
std::string any(Choices& choices, const std::string_view (&all)[n]) {
  return std::string(choices.one_of(all));
}

std::string little(std::uint64_t number, std::size_t width) {
  std::string bytes;
  for (std::size_t i = 0; i < width; ++i) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}

// A number that fits `width` bytes, small ones and limits more often.
std::uint64_t fixed_number(Choices& choices, std::size_t width) {
  constexpr std::uint64_t edges[] = {0,   1,     2,     3,     127,        128,        255,
                                     256, 32767, 32768, 65535, 0x7fffffff, 0x80000000, 0xffffffff};
  const std::uint64_t mask = width >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * width)) - 1;
  switch (choices.below(3)) {
    case 0:
      return choices.below(5);
    case 1:
      return choices.one_of(edges) & mask;
    default:
      return choices.between(0, mask - 1);
  }
}

std::string right_data(Choices& choices, Argument argument) {
  switch (argument) {
    case Argument::unicodestring1:
    case Argument::unicodestring4:
    case Argument::unicodestring8:
      return any(choices, right_text);
    case Argument::string1:
    case Argument::string4:
      return any(choices, ascii_text);
    case Argument::long1:
    case Argument::long4:
      return any(choices, right_twos);
    default:
      return any(choices, right_bytes);
  }
}

std::string right_line(Choices& choices, Argument argument) {
  switch (argument) {
    case Argument::decimalnl_short:
      return any(choices, right_ints);
    case Argument::decimalnl_long:
      return any(choices, right_longs);
    case Argument::floatnl:
      return any(choices, right_floats);
    case Argument::stringnl:
      return any(choices, right_quoted);
    case Argument::unicodestringnl:
      return any(choices, right_unicode);
    default:
      return std::string(choices.one_of({"p"sv, "pid"sv, "1"sv}));
  }
}

std::string odd_line(Choices& choices, Argument argument) {
  switch (argument) {
    case Argument::decimalnl_short:
    case Argument::decimalnl_long:
      return any(choices, odd_numbers);
    case Argument::floatnl:
      return any(choices, odd_floats);
    case Argument::stringnl:
      return any(choices, odd_quoted);
    case Argument::unicodestringnl:
      return any(choices, odd_unicode);
    default:
      return any(choices, odd_lines);
  }
}

// A count that is not the data's. One-byte counts cannot say much; nobody can
// have 2**62 bytes, and a negative count is refused before anything else.
std::uint64_t wrong_count(Choices& choices, const ArgumentInfo& about, std::uint64_t size) {
  constexpr std::uint64_t impossible[] = {std::uint64_t{1} << 62, 0x7fffffffffffffff,
                                          std::uint64_t{1} << 63, ~std::uint64_t{0}};
  constexpr std::uint64_t negative[] = {0xffffffff, 0x80000000, 0xfffffffe};
  const std::uint64_t pick = choices.below(4);
  if (pick == 0 && about.width == 8) return choices.one_of(impossible);
  if (pick == 0 && about.is_signed) return choices.one_of(negative);
  if (pick == 1 && size > 0) return size - 1;
  if (pick == 2) return size + choices.between(1, 40);
  return size + 1;
}

std::string odd_counted(Choices& choices, Code code, const ArgumentInfo& about, Argument argument) {
  const bool text = argument >= Argument::unicodestring1 && argument <= Argument::unicodestring8;
  std::string data =
      text || choices.chance(30) ? any(choices, odd_text) : right_data(choices, argument);
  std::uint64_t count = data.size();
  if (choices.chance(40)) count = wrong_count(choices, about, count);
  return static_cast<char>(code) + little(count, about.width) + data;
}

}  // namespace

std::string text_instruction(Code code, std::string_view line) {
  std::string text(1, static_cast<char>(code));
  text += line;
  return text += '\n';
}

std::string number_instruction(Code code, std::uint64_t number) {
  return static_cast<char>(code) + little(number, info(opcode(code).argument).width);
}

std::string counted_instruction(Code code, std::string_view data) {
  return number_instruction(code, data.size()) + std::string(data);
}

std::string name_instruction(Code code, std::string_view module, std::string_view name) {
  return text_instruction(code, module) + std::string(name) + '\n';
}

std::string right_instruction(Choices& choices, Code code) {
  const Argument argument = opcode(code).argument;
  const ArgumentInfo about = info(argument);
  switch (about.shape) {
    case Shape::none:
      return std::string(1, static_cast<char>(code));
    case Shape::fixed:
      if (argument == Argument::float8)
        return static_cast<char>(code) + any(choices, right_doubles);
      return number_instruction(code, fixed_number(choices, about.width));
    case Shape::line:
      return text_instruction(code, right_line(choices, argument));
    case Shape::pair:
      return name_instruction(code, any(choices, modules), any(choices, names));
    case Shape::counted:
      return counted_instruction(code, right_data(choices, argument));
  }
  return {};
}

std::string any_instruction(Choices& choices, Code code) {
  const Argument argument = opcode(code).argument;
  const ArgumentInfo about = info(argument);
  if (choices.chance(40) || about.shape == Shape::none) {
    if (code == Code::PROTO) return number_instruction(code, choices.below(6));
    if (code == Code::LONG_BINPUT || code == Code::LONG_BINGET)
      return number_instruction(code, choices.below(5));
    return right_instruction(choices, code);
  }
  switch (about.shape) {
    case Shape::line:
      return text_instruction(code, odd_line(choices, argument));
    case Shape::pair:
      return name_instruction(code, any(choices, odd_modules), any(choices, odd_names));
    case Shape::counted:
      return odd_counted(choices, code, about, argument);
    default:
      break;
  }
  if (argument == Argument::float8) {
    std::string bytes(1, static_cast<char>(code));
    for (int i = 0; i < 8; ++i)
      bytes += static_cast<char>(choices.chance(50) ? 0xff * choices.below(2) : choices.byte());
    return bytes;
  }
  if (code == Code::FRAME)
    return number_instruction(
        code, choices.chance(80) ? choices.below(30) : wrong_count(choices, about, 8));
  // A large index makes an array of gigabytes in some readers.
  if (code == Code::LONG_BINPUT) return number_instruction(code, choices.below(70000));
  return number_instruction(code, fixed_number(choices, about.width));
}

std::vector<Code> codes_up_to(int protocol) {
  std::vector<Code> codes;
  for (const pickle::Opcode& row : pickle::opcodes())
    if (row.protocol <= protocol) codes.push_back(row.code);
  return codes;
}

}  // namespace assay::generators
