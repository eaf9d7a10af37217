// A starter: an adapter in C++, to be copied. ../README.md says how.
//
// The toy below reads twenty opcodes. Put your implementation in its place, in
// implementation(); the rest prints values and speaks the protocol. Standard library
// only: c++ -std=c++20 -O2 adapter.cpp
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// A value. Its address is its identity: what is met twice is one Value, and a cycle is
// no trouble. An implementation with values of its own prints them where Printer does.
struct Value;
struct Text {
  std::string utf8;
};  // in which Python may have written a surrogate by itself
struct Bytes {
  std::string bytes;
};
struct BigInt {
  std::string little;
};  // two's complement, the lowest byte first
struct List {
  std::vector<const Value*> items;
};
struct Tuple {
  std::vector<const Value*> items;
};
struct Dict {
  std::vector<std::pair<const Value*, const Value*>> items;
};
struct Global {
  std::string module, name;
};  // a name in the data; it is never looked up
struct Value {
  std::variant<std::monostate, bool, std::int64_t, double, BigInt, Text, Bytes, List, Tuple, Dict,
               Global>
      is;
};

struct Unsupported : std::runtime_error {
  using runtime_error::runtime_error;
};

struct Decoded {
  std::deque<Value> values;  // own what `root` refers to
  const Value* root = nullptr;
  std::size_t consumed = 0;
};

// ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
// Throw what it throws; throw Unsupported for what it does not claim to do.

Decoded toy(std::string_view data);

Decoded implementation(std::string_view data) {
  return toy(data);
}

constexpr const char* hello =
    R"("implementation":"toy","version":"1.0","language":"C++","window":16,)"
    R"("formats":["pickle:decode:0-3"],"identity":"mutable","lossy":[])";

// ------------------------------------------------------------------------------------

class Toy {
 public:
  explicit Toy(std::string_view data) : data_(data) {}

  Decoded load() {
    for (;;) {
      const auto code = static_cast<unsigned char>(take(1)[0]);
      switch (code) {
        case '.':
          result_.root = top();
          result_.consumed = at_;
          return std::move(result_);
        case '(':
          marks_.push_back(stack_.size());
          break;
        case 'N':
          push({std::monostate()});
          break;
        case 0x88:
          push({true});
          break;
        case 0x89:
          push({false});
          break;
        case 'K':
          push({std::int64_t{byte()}});
          break;
        case 'J':
          push({std::int64_t{static_cast<std::int32_t>(number())}});
          break;
        case 0x8a:
          push({BigInt{take(byte())}});
          break;
        case 'G':
          push({real(take(8))});
          break;
        case 'X':
          push({Text{take(number())}});
          break;
        case 'C':
          push({Bytes{take(byte())}});
          break;
        case ']':
          push({List{}});
          break;
        case 'e': {
          const auto items = since_mark();
          auto& list = std::get<List>(top()->is).items;
          list.insert(list.end(), items.begin(), items.end());
          break;
        }
        case ')':
          push({Tuple{}});
          break;
        case 't': {
          const auto items = since_mark();
          push({Tuple{{items.begin(), items.end()}}});
          break;
        }
        case '}':
          push({Dict{}});
          break;
        case 'u': {
          const auto items = since_mark();
          auto& dict = std::get<Dict>(top()->is).items;
          for (std::size_t i = 0; i + 1 < items.size(); i += 2)
            dict.emplace_back(items[i], items[i + 1]);
          break;
        }
        case 'q':
          memo_[byte()] = top();
          break;
        case 'h':
          stack_.push_back(memo_.at(byte()));
          break;
        case 'c': {
          std::string module = line();
          push({Global{std::move(module), line()}});
          break;
        }
        default: {
          char text[16];
          std::snprintf(text, sizeof text, "opcode 0x%02x", code);
          throw Unsupported(text);
        }
      }
    }
  }

 private:
  std::string take(std::size_t count) {
    if (data_.size() - at_ < count) throw std::runtime_error("the pickle ends early");
    at_ += count;
    return std::string(data_.substr(at_ - count, count));
  }
  unsigned char byte() { return static_cast<unsigned char>(take(1)[0]); }
  std::uint32_t number() {
    std::uint32_t value = 0;
    for (int shift = 0; shift < 32; shift += 8) value |= std::uint32_t{byte()} << shift;
    return value;
  }
  static double real(const std::string& big) {
    std::uint64_t bits = 0;
    for (const char c : big) bits = bits << 8 | static_cast<unsigned char>(c);
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  std::string line() {
    const std::size_t end = data_.find('\n', at_);
    std::string text = take(end == std::string_view::npos ? data_.size() + 1 : end + 1 - at_);
    text.pop_back();
    return text;
  }
  void push(Value value) {
    result_.values.push_back(std::move(value));
    stack_.push_back(&result_.values.back());
  }
  Value* top() {
    if (stack_.empty()) throw std::runtime_error("the stack is empty");
    return stack_.back();
  }
  std::vector<Value*> since_mark() {
    if (marks_.empty() || marks_.back() > stack_.size()) throw std::runtime_error("no mark");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<Value*> items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
  }

  std::string_view data_;
  std::size_t at_ = 0;
  Decoded result_;
  std::vector<Value*> stack_;
  std::vector<std::size_t> marks_;
  std::map<unsigned char, Value*> memo_;
};

Decoded toy(std::string_view data) {
  return Toy(data).load();
}

// ---- Value text: what has parts gets a line of its own, so nothing recurses. -------

void escape(std::uint32_t code, std::string& out) {
  switch (code) {
    case '\\':
      out += "\\\\";
      return;
    case '\'':
      out += "\\'";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  char text[16];
  const char* format = code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x";
  std::snprintf(text, sizeof text, code >= ' ' && code <= '~' ? "%c" : format, code);
  out += text;
}

// What is no UTF-8 is printed as Python's surrogateescape would read it.
std::string quoted(std::string_view utf8) {
  std::string out = "'";
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i++]);
    std::size_t more = first < 0xc2   ? 0
                       : first < 0xe0 ? 1
                       : first < 0xf0 ? 2
                       : first < 0xf5 ? 3
                                      : 0;
    const std::string_view tail = utf8.substr(i, more);
    const auto second = tail.empty() ? 0U : static_cast<unsigned char>(tail[0]);
    const bool is_least = first == 0xe0 ? second >= 0xa0 : first != 0xf0 || second >= 0x90;
    const bool is_character = is_least && (first != 0xf4 || second < 0x90);  // up to U+10FFFF
    const bool whole =
        more > 0 && tail.size() == more && is_character &&
        std::all_of(tail.begin(), tail.end(), [](char c) { return (c & 0xc0) == 0x80; });
    if (!whole) {
      escape(first < 0x80 ? first : 0xdc00U | first, out);
      continue;
    }
    std::uint32_t code = first & 0x3fU >> more;
    for (const char c : tail) code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
    escape(code, out);
    i += more;
  }
  return out + "'";
}

std::string quoted_bytes(std::string_view bytes) {
  std::string out = "b'";
  for (const char c : bytes) escape(static_cast<unsigned char>(c), out);
  return out + "'";
}

std::string integer(std::string little) {
  const bool negative = !little.empty() && (little.back() & 0x80) != 0;
  unsigned carry = 1;
  for (char& c : little) {
    if (!negative) break;
    carry += static_cast<unsigned char>(~c);
    c = static_cast<char>(carry & 0xff);
    carry >>= 8;
  }
  std::string out = negative ? "-0x" : "0x";
  if (little.empty()) out += '0';
  for (std::size_t i = little.size(); i > 0; --i) {
    char text[4];
    std::snprintf(text, sizeof text, "%02x", static_cast<unsigned char>(little[i - 1]));
    out += text;
  }
  return out;
}

std::string real_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  std::string out(digits, end);
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

class Printer {
 public:
  std::string print(const Value* root) {
    const std::string last = part(root);
    std::string out;
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      out += "&" + std::to_string(i + 1) + " = " + form(*nodes_[i]) + "\n";
    return out + last;
  }

 private:
  std::string part(const Value* value) {
    if (std::holds_alternative<std::monostate>(value->is)) return "None";
    if (const auto* it = std::get_if<bool>(&value->is)) return *it ? "True" : "False";
    if (const auto* it = std::get_if<std::int64_t>(&value->is)) return std::to_string(*it);
    if (const auto* it = std::get_if<double>(&value->is)) return real_text(*it);
    if (const auto* it = std::get_if<BigInt>(&value->is)) return integer(it->little);
    if (const auto* it = std::get_if<Text>(&value->is)) return quoted(it->utf8);
    if (const auto* it = std::get_if<Bytes>(&value->is)) return quoted_bytes(it->bytes);
    if (const auto* it = std::get_if<Global>(&value->is))
      return "global(" + quoted(it->module) + ", " + quoted(it->name) + ")";
    const auto [at, is_new] = labels_.emplace(value, nodes_.size() + 1);
    if (is_new) nodes_.push_back(value);
    return "*" + std::to_string(at->second);
  }

  std::string form(const Value& value) {
    std::string out;
    const auto comma = [&] { return out.empty() ? "" : ", "; };
    if (const auto* list = std::get_if<List>(&value.is)) {
      for (const Value* item : list->items) out += comma() + part(item);
      return "[" + out + "]";
    }
    if (const auto* tuple = std::get_if<Tuple>(&value.is)) {
      for (const Value* item : tuple->items) out += comma() + part(item);
      return "(" + out + (tuple->items.size() == 1 ? ",)" : ")");
    }
    for (const auto& [key, item] : std::get<Dict>(value.is).items)
      out += comma() + part(key) + ": " + part(item);
    return "{" + out + "}";
  }

  std::map<const Value*, std::size_t> labels_;
  std::vector<const Value*> nodes_;
};

// ---- JSON, as much as requests have: texts by name; of what else there is, the source.

class Json {
 public:
  explicit Json(std::string_view line) : line_(line) {}

  std::map<std::string, std::string> object() {
    std::map<std::string, std::string> fields;
    expect('{');
    while (peek() != '}') {
      const std::string name = string();
      expect(':');
      fields[name] = value();
      if (peek() != '}') expect(',');
    }
    return fields;
  }

 private:
  char next() {
    if (at_ == line_.size()) throw std::runtime_error("the JSON ends early");
    return line_[at_++];
  }
  char peek() {
    at_ = std::min(line_.find_first_not_of(" \t\r\n", at_), line_.size());
    const char c = next();
    --at_;
    return c;
  }
  void expect(char wanted) {
    if (peek() != wanted) throw std::runtime_error("no JSON at " + std::to_string(at_));
    ++at_;
  }

  // \u escapes are kept as UTF-8, each half of a surrogate pair by itself: no text that
  // matters here has one.
  std::string string() {
    expect('"');
    std::string out;
    for (char c = next(); c != '"'; c = next()) {
      if (c != '\\') {
        out += c;
        continue;
      }
      c = next();
      const std::size_t control = std::string_view("bfnrt").find(c);
      if (control != std::string_view::npos) {
        out += "\b\f\n\r\t"[control];
      } else if (c == 'u') {
        unsigned code = 0;
        const std::string_view digits = line_.substr(at_, 4);
        const char* end = digits.data() + digits.size();
        if (digits.size() != 4 || std::from_chars(digits.data(), end, code, 16).ptr != end)
          throw std::runtime_error("a broken escape");
        at_ += 4;
        if (code < 0x80) {
          out += static_cast<char>(code);
        } else if (code < 0x800) {
          out += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
        } else {
          out +=
              {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
               static_cast<char>(0x80 | (code & 0x3f))};
        }
      } else {
        out += c;
      }
    }
    return out;
  }

  std::string value() {
    if (peek() == '"') return string();
    const std::size_t begin = at_;
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"')
        string();
      else
        ++at_;
      depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    } while (depth > 0 || (peek() != ',' && peek() != '}'));
    return std::string(line_.substr(begin, at_ - begin));
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

std::string json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    char escaped[8];
    const bool printable = c >= ' ' && c <= '~';
    std::snprintf(escaped, sizeof escaped,
                  !printable              ? "\\u%04x"
                  : c == '"' || c == '\\' ? "\\%c"
                                          : "%c",
                  static_cast<unsigned char>(c));
    out += escaped;
  }
  return out + "\"";
}

// ---- The protocol. ------------------------------------------------------------------

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned byte = 0;
    const std::string two = digits.substr(i, 2);
    const auto end = std::from_chars(two.data(), two.data() + two.size(), byte, 16);
    if (two.size() != 2 || end.ptr != two.data() + 2) throw std::runtime_error("data: no hex");
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string answer(std::map<std::string, std::string>& request) {
  if (request["op"] == "hello") return hello;
  if (request["op"] != "decode" || request["format"] != "pickle")
    return R"("unsupported":"this operation or format")";
  if (request.count("options") != 0 || request.count("buffers") != 0)
    return R"("unsupported":"options and buffers")";
  const std::string data = from_hex(request["data"]);
  Decoded decoded;
  try {
    decoded = implementation(data);
  } catch (const Unsupported& why) {
    return R"("unsupported":)" + json(why.what());
  } catch (const std::exception& error) {
    return R"("error":"Error","message":)" + json(error.what());
  }
  return R"("value":)" + json(Printer().print(decoded.root)) +
         ",\"consumed\":" + std::to_string(decoded.consumed);
}

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    std::map<std::string, std::string> request;
    std::string fields;
    try {
      request = Json(line).object();
      if (request["op"] == "bye") return 0;
      fields = answer(request);
    } catch (const std::exception& error) {  // a broken request, or a mistake of this adapter
      fields = R"("error":"ProtocolError","message":)" + json(error.what());
    }
    const bool has_id = request.count("id") != 0;
    std::cout << "{" << (has_id ? "\"id\":" + json(request["id"]) + "," : "") << fields << "}"
              << std::endl;
  }
}
