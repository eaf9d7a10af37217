// A toy reader of pickles behind Assay's adapter protocol: numbers, ASCII text,
// lists and tuples, and "unsupported" for everything else. It keeps values as
// value text, so sharing is lost, which it says in its hello.
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace {

struct Unsupported {
  std::string what;
};
struct Rejected {};

// The text of a string field of one flat JSON object, escapes left as they are.
std::string field(const std::string& line, const std::string& name) {
  const std::string key = "\"" + name + "\":\"";
  const auto start = line.find(key);
  if (start == std::string::npos) return "";
  const auto from = start + key.size();
  return line.substr(from, line.find('"', from) - from);
}

std::string unhex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}
  std::size_t consumed() const { return at_; }

  std::string load() {
    for (;;) {
      const auto opcode = static_cast<unsigned char>(take(1)[0]);
      if (opcode == '.') return pop();
      step(opcode);
    }
  }

 private:
  std::string take(std::size_t count) {
    if (count > bytes_.size() - at_) throw Rejected{};
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  std::uint32_t number(std::size_t width) {
    std::uint32_t value = 0;
    const std::string bytes = take(width);
    for (std::size_t i = width; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::string pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() == marks_.back())) throw Rejected{};
    std::string value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }
  // Everything above the topmost mark, joined by commas.
  std::string pop_mark(std::size_t* count = nullptr) {
    if (marks_.empty()) throw Rejected{};
    std::string joined;
    for (std::size_t i = marks_.back(); i < stack_.size(); ++i)
      joined += (i == marks_.back() ? "" : ", ") + stack_[i];
    if (count != nullptr) *count = stack_.size() - marks_.back();
    stack_.resize(marks_.back());
    marks_.pop_back();
    return joined;
  }
  void text(std::size_t size) {
    std::string quoted = "'";
    for (const char c : take(size)) {
      if (c < ' ' || c > '~') throw Unsupported{"text that is not printable ASCII"};
      quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    stack_.push_back(quoted + "'");
  }
  void append(const std::string& items) {
    if (stack_.empty()) throw Rejected{};
    std::string& list = stack_.back();
    if (list.front() != '[') throw Unsupported{"items for what is no list"};
    if (items.empty()) return;
    list.pop_back();
    list += (list.size() == 1 ? "" : ", ") + items + "]";
  }
  void tuple(std::size_t size) {
    std::string items;
    for (std::size_t i = 0; i < size; ++i) items = pop() + (i == 0 ? "" : ", ") + items;
    stack_.push_back("(" + items + (size == 1 ? ",)" : ")"));
  }
  void step(unsigned char opcode) {
    switch (opcode) {
      case 0x80:
        if (number(1) > 5) throw Rejected{};
        break;  // PROTO
      case 0x95:
        take(8);
        break;  // FRAME: ignored
      case 0x94:
      case 'q':
        if (opcode == 'q') take(1);
        break;  // MEMOIZE, BINPUT: no memo
      case 'N':
        stack_.push_back("None");
        break;
      case 0x88:
        stack_.push_back("True");
        break;
      case 0x89:
        stack_.push_back("False");
        break;
      case 'K':
        stack_.push_back(std::to_string(number(1)));
        break;
      case 'M':
        stack_.push_back(std::to_string(number(2)));
        break;
      case 'J':
        stack_.push_back(std::to_string(static_cast<std::int32_t>(number(4))));
        break;
      case 0x8c:
        text(number(1));
        break;
      case 'X':
        text(number(4));
        break;
      case ']':
        stack_.push_back("[]");
        break;
      case ')':
        stack_.push_back("()");
        break;
      case '(':
        marks_.push_back(stack_.size());
        break;
      case 'a':
        append(pop());
        break;
      case 'e':
        append(pop_mark());
        break;
      case 0x85:
      case 0x86:
      case 0x87:
        tuple(opcode - 0x84u);
        break;
      default:
        throw Unsupported{"opcode " + std::to_string(opcode)};
    }
  }

  const std::string& bytes_;
  std::size_t at_ = 0;
  std::vector<std::string> stack_;
  std::vector<std::size_t> marks_;
};

std::string escaped(const std::string& text) {  // value text is ASCII
  std::string json;
  for (const char c : text)
    json += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return json;
}

std::string answer(const std::string& line) {
  const std::string head = "{\"id\":\"" + field(line, "id") + "\",";
  if (field(line, "op") != "decode" || line.find("\"options\":{\"") != std::string::npos)
    return head + "\"unsupported\":\"only plain decoding\"}";
  const std::string bytes = unhex(field(line, "data"));
  Reader reader(bytes);
  try {
    const std::string value = reader.load();
    return head + "\"value\":\"" + escaped(value) +
           "\",\"consumed\":" + std::to_string(reader.consumed()) + "}";
  } catch (const Unsupported& no) {
    return head + "\"unsupported\":\"" + no.what + "\"}";
  } catch (const Rejected&) {
    return head + "\"error\":\"Rejected\"}";
  }
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    if (field(line, "op") == "bye") break;
    if (field(line, "op") == "hello")
      std::cout << R"({"implementation":"tiny-pickle","version":"1","language":"C++",)"
                   R"("formats":["pickle:decode:0-5"],"identity":"none","lossy":[]})"
                << std::endl;
    else
      std::cout << answer(line) << std::endl;
  }
}
