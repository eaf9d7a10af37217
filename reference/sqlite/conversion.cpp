#include "reference/sqlite/conversion.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>

#include "reference/sqlite/float_text.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"
#include "reference/value/utf8.h"

namespace assay::sqlite {
namespace {

[[noreturn]] void value_error(std::string_view what) {
  throw PythonError("ValueError", std::string(what));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// int() of bytes: white space around, a sign, digits with single underscores
// between them (PEP 515). Beyond a C int the number is only known to be beyond.
constexpr std::int64_t beyond = std::int64_t{1} << 40;
std::int64_t python_int(std::string_view text, bool underscores) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  bool digit = false;
  for (const char c : text) {
    if (c == '_' && digit && underscores) {
      digit = false;
    } else if (c >= '0' && c <= '9') {
      digit = true;
      if (value < beyond) value = value * 10 + (c - '0');
    } else {
      value_error("invalid literal for int() with base 10");
    }
  }
  if (!digit) value_error("invalid literal for int() with base 10");
  return negative ? -value : value;
}

// The arguments of a constructor are C ints before they are judged.
void need_c_ints(std::span<const std::int64_t> numbers) {
  for (const std::int64_t number : numbers)
    if (number > 0x7fffffff || number < -0x7fffffff - 1)
      throw PythonError("OverflowError", "signed integer is greater than maximum");
}

void need_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  static constexpr std::int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || year > 9999) value_error("year is out of range");
  if (month < 1 || month > 12) value_error("month must be in 1..12");
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day < 1 || day > days[month - 1] + (month == 2 && leap ? 1 : 0))
    value_error("day is out of range for month");
}

NodeId call(Graph& graph, const char* module, const char* name, std::span<const NodeId> arguments) {
  return graph.call(graph.global(graph.string(module), graph.string(name)), graph.tuple(arguments));
}

NodeId call(Graph& graph, const char* name, std::span<const std::int64_t> numbers) {
  std::vector<NodeId> arguments;
  for (const std::int64_t number : numbers) arguments.push_back(graph.integer(number));
  return call(graph, "datetime", name, arguments);
}

// dbapi2.py, convert_date.
NodeId convert_date(Graph& graph, std::string_view text, bool underscores) {
  std::vector<std::int64_t> numbers;
  for (const std::string_view part : split(text, '-'))
    numbers.push_back(python_int(part, underscores));
  if (numbers.size() != 3) throw PythonError("TypeError", "date() takes three integers");
  need_c_ints(numbers);
  need_date(numbers[0], numbers[1], numbers[2]);
  return call(graph, "date", numbers);
}

// The first six characters behind the point, zeros in place of those that lack:
// '{:0<6.6}'.
std::int64_t microseconds(std::string_view text, bool underscores) {
  if (!valid_utf8(as_bytes(text), false))
    throw PythonError("UnicodeDecodeError", "microseconds are not UTF-8");
  if (!is_ascii(as_bytes(text))) value_error("invalid literal for int() with base 10");
  std::string six(text.substr(0, 6));
  six.resize(6, '0');
  return python_int(six, underscores);
}

// dbapi2.py, convert_timestamp.
NodeId convert_timestamp(Graph& graph, std::string_view text, bool underscores) {
  const auto halves = split(text, ' ');
  if (halves.size() != 2) value_error("not a date and a time");
  std::vector<std::int64_t> numbers;
  const auto take_three = [&](std::string_view part, char separator) {
    const auto three = split(part, separator);
    for (const std::string_view one : three) numbers.push_back(python_int(one, underscores));
    if (three.size() != 3) value_error("not three values to unpack");
  };
  take_three(halves[0], '-');
  const auto time = split(halves[1], '.');
  take_three(time[0], ':');
  numbers.push_back(time.size() == 2 ? microseconds(time[1], underscores) : 0);
  need_c_ints(numbers);
  need_date(numbers[0], numbers[1], numbers[2]);
  if (numbers[3] < 0 || numbers[3] > 23) value_error("hour must be in 0..23");
  if (numbers[4] < 0 || numbers[4] > 59) value_error("minute must be in 0..59");
  if (numbers[5] < 0 || numbers[5] > 59) value_error("second must be in 0..59");
  if (numbers[6] < 0 || numbers[6] > 999999) value_error("microsecond must be in 0..999999");
  return call(graph, "datetime", numbers);
}

// What sqlite3_column_blob() gives, which is what a converter gets: numbers as
// text, and text as it is stored, UTF-16 in a database of that encoding. Up to 3.9
// its length is asked for first, which makes UTF-8 of it.
std::string blob_of(const Field& field, TextEncoding encoding, bool length_first) {
  if (field.storage == Storage::integer) return fmt::format("{}", field.integer);
  if (field.storage == Storage::real) return real_as_text(field.real);
  std::string storage;
  if (field.storage == Storage::text && length_first)
    return std::string(as_text(as_utf8(field.bytes, encoding, storage)));
  return std::string(as_text(field.bytes));
}

std::string_view without_brackets(std::string_view name) {
  const std::size_t at = name.find('[');
  if (at == std::string_view::npos) return name;
  return name.substr(0, at > 0 && name[at - 1] == ' ' ? at - 1 : at);
}

}  // namespace

Conversion::Conversion(const TableDefinition& table, TextEncoding encoding,
                       ConversionOptions options)
    : options_(options), encoding_(encoding) {
  for (const Column& column : table.columns) {
    names_.push_back(column.name);
    converters_.push_back(converter_of(column));
  }
}

Conversion::Converter Conversion::converter_of(const Column& column) const {
  const auto named = [](std::string_view name) {
    if (same_name(name, "DATE")) return Converter::date;
    return same_name(name, "TIMESTAMP") ? Converter::timestamp : Converter::none;
  };
  Converter found = Converter::none;
  if (options_.parse_column_names) {
    // The last '[' before the first ']' that has one.
    std::size_t start = std::string::npos;
    for (std::size_t i = 0; i < column.name.size(); ++i) {
      if (column.name[i] == '[') start = i + 1;
      if (column.name[i] != ']' || start == std::string::npos) continue;
      found = named(std::string_view(column.name).substr(start, i - start));
      break;
    }
  }
  if (found == Converter::none && options_.parse_declared_types)
    found = named(std::string_view(column.type).substr(0, column.type.find_first_of(" (")));
  return found;
}

NodeId Conversion::value(Graph& graph, const Field& field, std::size_t column) const {
  const bool python2 = options_.version.major == 2;
  if (field.storage == Storage::null) return Graph::none;
  if (converters_[column] != Converter::none) {
    const bool length_first =
        std::pair(options_.version.major, options_.version.minor) < std::pair(3, 10);
    const std::string bytes = blob_of(field, encoding_, length_first);
    // No bytes are a null pointer, as NULL is: the converter is not called.
    if (bytes.empty()) return Graph::none;
    return converters_[column] == Converter::date ? convert_date(graph, bytes, !python2)
                                                  : convert_timestamp(graph, bytes, !python2);
  }
  if (field.storage == Storage::integer) return graph.integer(field.integer);
  if (field.storage == Storage::real) return graph.floating(field.real);
  if (field.storage == Storage::blob) {
    const NodeId bytes = graph.bytes(graph.keep(field.bytes));
    if (!python2) return bytes;
    return call(graph, "__builtin__", "buffer", std::array{bytes});
  }
  std::string storage;
  const Bytes text = graph.keep(as_utf8(field.bytes, encoding_, storage));
  if (options_.text_factory == TextFactory::bytes) return graph.bytes(text);
  if (options_.text_factory == TextFactory::bytearray) return graph.bytearray(text);
  if (!valid_utf8(text, python2))
    throw PythonError("OperationalError",
                      fmt::format("Could not decode to UTF-8 column '{}'", names_[column]));
  return graph.string(text);
}

std::string Conversion::column_name(std::size_t column) const {
  const bool always = std::pair(options_.version.major, options_.version.minor) < std::pair(3, 7);
  if (!always && !options_.parse_column_names) return names_[column];
  return std::string(without_brackets(names_[column]));
}

}  // namespace assay::sqlite
