#include "reference/adapter/request.h"

#include <charconv>
#include <cstring>

namespace assay::adapter {
namespace {

// Reads the JSON of one line. Every function returns false at the first thing
// that is not as it should be.
class Scanner {
 public:
  Scanner(std::string_view line, std::string& scratch)
      : at_(line.data()), end_(line.data() + line.size()), scratch_(scratch) {}

  bool take(char wanted) {
    skip_blanks();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool at_end() {
    skip_blanks();
    return at_ == end_;
  }

  char peek() {
    skip_blanks();
    return at_ == end_ ? '\0' : *at_;
  }

  bool text(std::string_view& out) {
    if (!take('"')) return false;
    const char* begin = at_;
    const auto* quote =
        static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (quote == nullptr) return false;
    const auto size = static_cast<std::size_t>(quote - begin);
    if (std::memchr(begin, '\\', size) == nullptr) {
      out = {begin, size};
      at_ = quote + 1;
      return true;
    }
    return escaped_text(out);
  }

  bool number(std::int64_t& out) {
    skip_blanks();
    const auto [rest, error] = std::from_chars(at_, end_, out);
    if (error != std::errc()) return false;
    at_ = rest;
    return at_ == end_ || (*at_ != '.' && *at_ != 'e' && *at_ != 'E');
  }

  bool word(std::string_view wanted) {
    skip_blanks();
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(wanted))
      return false;
    at_ += wanted.size();
    return true;
  }

 private:
  void skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }

  bool escaped_text(std::string_view& out) {
    const std::size_t begin = scratch_.size();
    while (at_ != end_ && *at_ != '"') {
      if (*at_ != '\\') {
        scratch_ += *at_++;
        continue;
      }
      if (++at_ == end_ || !escape()) return false;
    }
    if (at_ == end_) return false;
    ++at_;
    out = std::string_view(scratch_).substr(begin);
    return true;
  }

  bool escape() {
    const char c = *at_++;
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (const auto i = letters.find(c); i != std::string_view::npos) {
      scratch_ += meanings[i];
      return true;
    }
    std::uint32_t unit = 0;
    if (c != 'u' || !hex4(unit)) return false;
    if (unit >= 0xd800 && unit < 0xdc00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
      const char* before = at_;
      std::uint32_t low = 0;
      at_ += 2;
      if (!hex4(low)) return false;
      if (low >= 0xdc00 && low < 0xe000) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      } else {
        at_ = before;
      }
    }
    append_utf8(unit);
    return true;
  }

  bool hex4(std::uint32_t& out) {
    if (end_ - at_ < 4) return false;
    const auto [rest, error] = std::from_chars(at_, at_ + 4, out, 16);
    if (error != std::errc() || rest != at_ + 4) return false;
    at_ += 4;
    return true;
  }

  void append_utf8(std::uint32_t point) {
    const auto push = [this](std::uint32_t byte) { scratch_ += static_cast<char>(byte); };
    if (point < 0x80) {
      push(point);
    } else if (point < 0x800) {
      push(0xc0 | point >> 6);
      push(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      push(0xe0 | point >> 12);
      push(0x80 | (point >> 6 & 0x3f));
      push(0x80 | (point & 0x3f));
    } else {
      push(0xf0 | point >> 18);
      push(0x80 | (point >> 12 & 0x3f));
      push(0x80 | (point >> 6 & 0x3f));
      push(0x80 | (point & 0x3f));
    }
  }

  const char* at_;
  const char* end_;
  std::string& scratch_;
};

bool read_option(Scanner& scanner, Option& option) {
  const char first = scanner.peek();
  if (first == '"') return scanner.text(option.value.emplace<std::string_view>());
  if (first == 't') return option.value.emplace<bool>(true), scanner.word("true");
  if (first == 'f') return option.value.emplace<bool>(false), scanner.word("false");
  return scanner.number(option.value.emplace<std::int64_t>());
}

bool read_options(Scanner& scanner, std::vector<Option>& options) {
  if (!scanner.take('{')) return false;
  if (scanner.take('}')) return true;
  do {
    Option& option = options.emplace_back();
    if (!scanner.text(option.key) || !scanner.take(':') || !read_option(scanner, option))
      return false;
  } while (scanner.take(','));
  return scanner.take('}');
}

bool read_buffers(Scanner& scanner, std::vector<std::string_view>& buffers) {
  if (!scanner.take('[')) return false;
  if (scanner.take(']')) return true;
  do {
    if (!scanner.text(buffers.emplace_back())) return false;
  } while (scanner.take(','));
  return scanner.take(']');
}

bool read_protocol(Scanner& scanner, Request& request) {
  if (scanner.peek() == 'n') return scanner.word("null");
  return scanner.number(request.protocol.emplace());
}

bool skip_scalar(Scanner& scanner) {
  Option ignored;
  return scanner.peek() == 'n' ? scanner.word("null") : read_option(scanner, ignored);
}

}  // namespace

bool Request::parse(std::string_view line) {
  op = id = format = data = path = script = value = {};
  protocol.reset();
  options.clear();
  buffers.clear();
  scratch.clear();
  scratch.reserve(line.size());
  fault = "no JSON object";
  Scanner scanner(line, scratch);
  if (!scanner.take('{')) return false;
  if (scanner.take('}')) return scanner.at_end();
  do {
    std::string_view key;
    if (!scanner.text(key) || !scanner.take(':')) return false;
    std::string_view* field = key == "op"       ? &op
                              : key == "id"     ? &id
                              : key == "format" ? &format
                              : key == "data"   ? &data
                              : key == "path"   ? &path
                              : key == "script" ? &script
                              : key == "value"  ? &value
                                                : nullptr;
    fault = "a field of the wrong type";
    const bool read = field != nullptr    ? scanner.text(*field)
                      : key == "options"  ? read_options(scanner, options)
                      : key == "buffers"  ? read_buffers(scanner, buffers)
                      : key == "protocol" ? read_protocol(scanner, *this)
                                          : skip_scalar(scanner);
    if (!read) return false;
    fault = "no JSON object";
  } while (scanner.take(','));
  return scanner.take('}') && scanner.at_end();
}

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += static_cast<char>(byte);
    } else if (byte == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

}  // namespace assay::adapter
