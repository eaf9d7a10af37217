// A line of `.dir`: what its value unpacks to, and what seek() and read() would
// say of its numbers (Lib/dbm/dumb.py, _update and __getitem__; 2.7: dumbdbm.py).
#include <cmath>
#include <limits>

#include "reference/dbm/dumb.h"
#include "reference/dbm/python_error.h"

namespace assay::dbm {
namespace {

using Kind = Literal::Kind;

class LineReader {
 public:
  LineReader(Python python, std::uint64_t offset) : python_(python), offset_(offset) {}

  DumbLine read(const Literal& value) const {
    DumbLine line;
    Literal both[2];
    if (const auto exception = unpack(value, both); !exception.empty())
      raise(exception, "no key and pair");
    read_key(both[0], line);
    Literal numbers[2];
    line.exception = line.no_pair = unpack(both[1], numbers);
    line.list = both[1].list;
    line.long_position = numbers[0].is_long;
    line.long_size = numbers[1].is_long;
    if (line.exception.empty()) line.exception = dumb_seek(numbers[0], python_, line.position);
    const std::string_view unreadable = read_size(numbers[1], line.size);
    if (line.exception.empty()) line.exception = unreadable;
    const bool usual = both[1].kind == Kind::sequence && line.no_pair.empty() &&
                       is_plain(numbers[0]) && is_plain(numbers[1]);
    if (!usual)
      line.odd = std::make_shared<const OddPair>(
          OddPair{std::move(both[1]), std::move(numbers[0]), std::move(numbers[1])});
    return line;
  }

 private:
  [[noreturn]] void raise(std::string_view exception, std::string_view what) const {
    throw PythonError(exception, offset_, "line of .dir", what);
  }
  bool python2() const { return python_.major == 2; }

  // a, b = value: the class of the exception, or nothing.
  std::string_view unpack(const Literal& value, Literal (&parts)[2]) const {
    switch (value.kind) {
      case Kind::sequence:
      case Kind::dict:
        if (value.items.size() != 2) return "ValueError";
        parts[0] = value.items[0];
        parts[1] = value.items[1];
        return "";
      case Kind::text:
        if (value.text.size() != 2) return "ValueError";
        for (int i = 0; i < 2; ++i) {
          parts[i].kind = Kind::text;
          parts[i].text = value.text[static_cast<std::size_t>(i)];
        }
        return "";
      case Kind::bytes:
        if (value.bytes.size() != 2) return "ValueError";
        for (int i = 0; i < 2; ++i) {
          const char byte = value.bytes[static_cast<std::size_t>(i)];
          parts[i].kind = python2() ? Kind::bytes : Kind::integer;
          parts[i].bytes = byte;
          parts[i].integer = static_cast<unsigned char>(byte);
        }
        return "";
      case Kind::set:
        if (value.items.size() != 2) return "ValueError";
        throw DecodeError(ErrorKind::unsupported, offset_, "line of .dir",
                          "a set: its order is known to nobody");
      default:
        return "TypeError";
    }
  }

  // 3.x: key.encode("Latin-1"). 2.7 takes any key that has a hash.
  void read_key(const Literal& key, DumbLine& line) const {
    if (python2() && key.kind == Kind::bytes) {
      line.key = key.bytes;
      return;
    }
    if (key.kind != Kind::text) {
      if (!python2()) raise("AttributeError", "a key without encode()");
      if (key.kind == Kind::dict || key.kind == Kind::set) raise("TypeError", "unhashable");
      throw DecodeError(ErrorKind::unsupported, offset_, "line of .dir", "a key that is no text");
    }
    for (const char32_t c : key.text) {
      if (c > 0xff) {
        if (!python2()) raise("UnicodeEncodeError", "a character outside of Latin-1");
        throw DecodeError(ErrorKind::unsupported, offset_, "line of .dir",
                          "a unicode key beyond Latin-1");
      }
      line.key += static_cast<char>(c);
    }
    line.unicode = python2();
  }

  static bool is_plain(const Literal& number) {
    return number.kind == Kind::integer && !number.boolean && !number.huge;
  }

  // f.read(number)
  std::string_view read_size(const Literal& number, std::int64_t& size) const {
    if (number.kind == Kind::none && !python2()) {
      size = -1;
      return "";
    }
    if (number.kind != Kind::integer) return "TypeError";
    if (number.huge) return "OverflowError";
    size = number.integer;
    // No bytes object is so long: Objects/bytesobject.c, stringobject.c, PyBytesObject_SIZE.
    if (size > std::numeric_limits<std::int64_t>::max() - (python2() ? 37 : 33))
      return "OverflowError";
    // "read length must be non-negative or -1"
    return size < -1 && !python2() ? "ValueError" : "";
  }

  Python python_;
  std::uint64_t offset_;
};

}  // namespace

std::string_view dumb_seek(const Literal& number, Python python, std::int64_t& position) {
  const bool python2 = python.major == 2;
  if (number.kind == Kind::real && python2) {  // it is cut to an integer
    if (!(std::fabs(number.real) < 0x1p63)) return "OverflowError";
    position = static_cast<std::int64_t>(number.real);
  } else if (number.kind != Kind::integer) {
    return "TypeError";
  } else if (number.huge) {
    return python2 ? "OverflowError" : "ValueError";
  } else {
    position = number.integer;
  }
  // Nothing can be read at the very last one; on most file systems at none near it.
  if (position < 0 || position == std::numeric_limits<std::int64_t>::max())
    return python2 ? "IOError" : "OSError";
  return "";
}

DumbLine parse_dumb_line(std::string_view line, Python python, std::uint64_t offset) {
  return LineReader(python, offset).read(literal_eval(line, python, offset));
}

}  // namespace assay::dbm
