#include "harness/runner/protocol.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "harness/runner/hello_words.h"

namespace assay {
namespace {

using nlohmann::json;

// Nibble of a hex digit, or 0xff.
constexpr std::array<std::uint8_t, 256> make_nibbles() {
  std::array<std::uint8_t, 256> table{};
  for (auto& entry : table) entry = 0xff;
  for (unsigned i = 0; i < 10; ++i) table['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i) {
    table['a' + i] = table['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return table;
}
constexpr auto nibbles = make_nibbles();
constexpr char hex_digits[] = "0123456789abcdef";

bool plain(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') return false;
  }
  return true;
}

void append_string(std::string_view text, std::string& out) {
  if (plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  out += json(std::string(text)).dump(-1, ' ', true, json::error_handler_t::replace);
}

// `,"key":"text"`, or nothing for an empty text.
void append_text_field(std::string_view key, std::string_view text, std::string& out) {
  if (text.empty()) return;
  out += ",\"";
  out += key;
  out += "\":";
  append_string(text, out);
}

void append_option(const OptionValue& value, std::string& out) {
  if (const bool* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    fmt::format_to(std::back_inserter(out), "{}", *number);
  } else {
    append_string(std::get<std::string>(value), out);
  }
}

bool takes_bytes(std::string_view op) {
  return op == "decode" || op == "identify" || op == "inspect";
}

void append_options(const Request& request, std::string& out) {
  if (request.options.empty()) return;
  out += ",\"options\":{";
  bool first = true;
  for (const auto& [key, value] : request.options) {
    if (!first) out += ',';
    first = false;
    append_string(key, out);
    out += ':';
    append_option(value, out);
  }
  out += '}';
}

void append_buffers(const std::vector<std::string>& buffers, std::string& out) {
  if (buffers.empty()) return;
  out += ",\"buffers\":[";
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (i > 0) out += ',';
    append_string(buffers[i], out);
  }
  out += ']';
}

void append_request(const Request& request, std::string_view id, std::string& out) {
  out += "{\"op\":";
  append_string(request.op, out);
  out += ",\"id\":";
  append_string(id, out);
  append_text_field("format", request.format, out);
  if (!request.data.empty() || (takes_bytes(request.op) && request.path.empty())) {
    out += ",\"data\":\"";
    append_hex(request.data, out);
    out += '"';
  }
  if (request.protocol) {
    fmt::format_to(std::back_inserter(out), ",\"protocol\":{}", *request.protocol);
  }
  append_text_field("value", request.value, out);
  append_text_field("path", request.path, out);
  append_text_field("script", request.script, out);
  append_options(request, out);
  append_buffers(request.buffers, out);
  out += '}';
}

// At most 60 characters of a line, made printable, for messages.
std::string excerpt(std::string_view line) {
  std::string text;
  for (const char c : line.substr(0, 60)) {
    if (c >= 0x20 && c <= 0x7e) {
      text += c;
    } else {
      fmt::format_to(std::back_inserter(text), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  if (line.size() > 60) text += fmt::format("... ({} bytes)", line.size());
  return text;
}

bool all_printable(std::string_view line) {
  for (const char c : line) {
    if ((c < 0x20 || c > 0x7e) && c != '\t' && c != '\r') return false;
  }
  return true;
}

// A flat JSON object, read without building a tree. `Target` gets each field:
// `std::optional<ProtocolFault> text(key, value)`, `number(key, uint64)`, and
// `element(key, value)` for strings inside a list, where `lists` allows one.
template <typename Target>
class FlatReader : public nlohmann::json_sax<json> {
 public:
  explicit FlatReader(Target& target) : target_(target) {}
  const std::optional<ProtocolFault>& fault() const { return fault_; }

  bool null() override { return wrong("null"); }
  bool boolean(bool) override { return wrong("true or false"); }
  bool number_integer(number_integer_t) override { return wrong("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { return wrong("a fraction"); }
  bool binary(binary_t&) override { return wrong("binary"); }
  bool number_unsigned(number_unsigned_t value) override {
    if (!in_object_) return not_object();
    if (in_list_) return wrong("a number in a list");
    return take(target_.number(key_, value));
  }
  bool string(string_t& value) override {
    if (!in_object_) return not_object();
    return take(in_list_ ? target_.element(key_, value) : target_.text(key_, value));
  }
  bool start_object(std::size_t) override {
    if (in_object_) return nested();
    in_object_ = true;
    return true;
  }
  bool key(string_t& value) override {
    key_.swap(value);
    for (const std::string& seen : seen_) {
      if (seen == key_) {
        return take(ProtocolFault{ProtocolFault::Kind::bad_field, "key twice: " + key_});
      }
    }
    seen_.push_back(key_);
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override {
    if (!in_object_) return not_object();
    if (in_list_ || !target_.is_list(key_)) return nested();
    in_list_ = true;
    return true;
  }
  bool end_array() override {
    in_list_ = false;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    return take(ProtocolFault{ProtocolFault::Kind::not_json,
                              fmt::format("no JSON at column {}", position)});
  }

 private:
  bool take(std::optional<ProtocolFault> fault) {
    if (!fault) return true;
    fault_ = std::move(fault);
    return false;
  }
  bool wrong(std::string_view what) {
    if (!in_object_) return not_object();
    return take(ProtocolFault{ProtocolFault::Kind::bad_field, fmt::format("{} is {}", key_, what)});
  }
  bool nested() {
    return take(ProtocolFault{ProtocolFault::Kind::nested, "a nested value in " + key_});
  }
  bool not_object() { return take(ProtocolFault{ProtocolFault::Kind::not_json, "no JSON object"}); }

  Target& target_;
  std::string key_;
  std::vector<std::string> seen_;
  std::optional<ProtocolFault> fault_;
  bool in_object_ = false, in_list_ = false;
};

ProtocolFault bad_field(std::string_view key, std::string_view why) {
  return {ProtocolFault::Kind::bad_field, fmt::format("{}: {}", excerpt(key), why)};
}

struct AnswerFields {
  std::optional<std::string> id, value, data, error, message, unsupported;
  std::optional<std::uint64_t> consumed;
  std::vector<std::string> buffers;

  static bool is_list(std::string_view key) { return key == "buffers"; }
  std::optional<ProtocolFault> text(std::string_view key, std::string& found) {
    std::optional<std::string>* field = key == "id"            ? &id
                                        : key == "value"       ? &value
                                        : key == "data"        ? &data
                                        : key == "error"       ? &error
                                        : key == "message"     ? &message
                                        : key == "unsupported" ? &unsupported
                                                               : nullptr;
    if (!field) return bad_field(key, key == "consumed" ? "a string" : "unknown key");
    field->emplace().swap(found);
    return std::nullopt;
  }
  std::optional<ProtocolFault> number(std::string_view key, std::uint64_t found) {
    if (key != "consumed") return bad_field(key, "a number");
    consumed = found;
    return std::nullopt;
  }
  std::optional<ProtocolFault> element(std::string_view, std::string& found) {
    buffers.push_back(std::move(found));
    return std::nullopt;
  }
};

struct HelloFields {
  Hello hello;
  bool named = false, versioned = false;

  static bool is_list(std::string_view key) { return key == "formats" || key == "lossy"; }
  std::optional<ProtocolFault> text(std::string_view key, std::string& found) {
    std::string* field = key == "implementation" ? &hello.implementation
                         : key == "version"      ? &hello.version
                         : key == "lane"         ? &hello.lane
                         : key == "language"     ? &hello.language
                         : key == "identity"     ? &hello.identity
                         : key == "profile"      ? &hello.profile
                         : key == "errors"       ? &hello.errors
                                                 : nullptr;
    if (key == "error") return ProtocolFault{ProtocolFault::Kind::wrong_version, excerpt(found)};
    if (!field) return bad_field(key, "unknown key, or a string");
    if (key == "identity" && found != "all" && found != "mutable" && found != "none") {
      return bad_field(key, "neither all, mutable nor none");
    }
    named |= key == "implementation";
    versioned |= key == "version";
    field->swap(found);
    return std::nullopt;
  }
  std::optional<ProtocolFault> number(std::string_view key, std::uint64_t found) {
    if (key == "window" && found >= 1 && found <= 1u << 20) {
      hello.window = static_cast<unsigned>(found);
    } else if (key == "word" && (found == 32 || found == 64)) {
      hello.word = static_cast<int>(found);
    } else if (key == "protocol") {
      if (found != protocol_version) {
        return ProtocolFault{ProtocolFault::Kind::wrong_version,
                             fmt::format("the adapter speaks protocol {}", found)};
      }
    } else {
      return bad_field(key, fmt::format("{}", found));
    }
    return std::nullopt;
  }
  std::optional<ProtocolFault> element(std::string_view key, std::string& found) {
    const bool is_format = key == "formats";
    const std::string shown = excerpt(found);  // longer ones are no known word anyhow
    if (const auto fault = is_format ? format_fault(shown) : lossy_fault(shown))
      return bad_field(key, *fault);
    (is_format ? hello.formats : hello.lossy).push_back(std::move(found));
    return std::nullopt;
  }
};

// The code unit of an escape \uXXXX at `at`, if one stands there.
std::optional<unsigned> escaped_unit(std::string_view line, std::size_t at) {
  if (line.substr(at, 2) != "\\u" || line.size() - at < 6) return std::nullopt;
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const std::uint8_t nibble = nibbles[static_cast<unsigned char>(line[i])];
    if (nibble > 15) return std::nullopt;
    unit = unit << 4 | nibble;
  }
  return unit;
}

// The line with every escape of a lone surrogate escaped once more, so that it
// stands for itself, as text. JSON's grammar allows such escapes (RFC 8259,
// section 8.2), Python's json.dumps writes them, and no UTF-8 can hold what they
// mean.
std::string without_lone_surrogates(std::string_view line) {
  std::string kept;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t length = line[at] == '\\' ? 2 : 1;
    if (const auto unit = escaped_unit(line, at); unit && *unit >= 0xd800 && *unit < 0xe000) {
      const auto next = escaped_unit(line, at + 6);
      const bool pair = *unit < 0xdc00 && next && *next >= 0xdc00 && *next < 0xe000;
      if (!pair) kept += '\\';
      length = pair ? 12 : 6;
    }
    kept += line.substr(at, length);
    at += length;
  }
  return kept;
}

template <typename Fields>
std::optional<ProtocolFault> read_fields(std::string_view line, Fields& fields) {
  if (!all_printable(line)) return ProtocolFault{ProtocolFault::Kind::not_ascii, excerpt(line)};
  std::string readable;
  if (line.find("\\ud") != std::string_view::npos || line.find("\\uD") != std::string_view::npos) {
    readable = without_lone_surrogates(line);
    line = readable;
  }
  FlatReader<Fields> reader(fields);
  if (json::sax_parse(line, &reader)) return std::nullopt;
  ProtocolFault fault =
      reader.fault().value_or(ProtocolFault{ProtocolFault::Kind::not_json, "no JSON"});
  fault.detail += "; in " + excerpt(line);
  return fault;
}

ProtocolFault missing(std::string_view what, std::string_view line) {
  return {ProtocolFault::Kind::missing, fmt::format("{}: {}", what, excerpt(line))};
}

}  // namespace

std::string_view name(ProtocolFault::Kind kind) {
  switch (kind) {
    case ProtocolFault::Kind::not_ascii:
      return "not-ascii";
    case ProtocolFault::Kind::not_json:
      return "not-json";
    case ProtocolFault::Kind::nested:
      return "nested";
    case ProtocolFault::Kind::bad_field:
      return "bad-field";
    case ProtocolFault::Kind::missing:
      return "missing";
    case ProtocolFault::Kind::too_long:
      return "too-long";
    case ProtocolFault::Kind::unknown_id:
      return "unknown-id";
    case ProtocolFault::Kind::answered_twice:
      return "answered-twice";
    case ProtocolFault::Kind::wrong_version:
      return "wrong-version";
  }
  return "?";
}

void append_hex(std::string_view bytes, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + 2 * bytes.size());
  char* to = out.data() + start;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *to++ = hex_digits[byte >> 4];
    *to++ = hex_digits[byte & 15];
  }
}

std::optional<std::string> parse_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes(hex.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t high = nibbles[static_cast<unsigned char>(hex[2 * i])];
    const std::uint8_t low = nibbles[static_cast<unsigned char>(hex[2 * i + 1])];
    if ((high | low) > 15) return std::nullopt;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return bytes;
}

void write_request(const Request& request, std::string_view id, std::string& out) {
  append_request(request, id, out);
  out += '\n';
}

std::string request_line(const Request& request) {
  std::string line;
  append_request(request, request.id, line);
  return line;
}

void write_hello(std::string& out) {
  fmt::format_to(std::back_inserter(out), "{{\"op\":\"hello\",\"protocol\":{}}}\n",
                 protocol_version);
}

void write_bye(std::string& out) {
  out += "{\"op\":\"bye\"}\n";
}

std::variant<Answer, ProtocolFault> parse_answer(std::string_view line) {
  AnswerFields fields;
  if (auto fault = read_fields(line, fields)) return *std::move(fault);
  if (!fields.id) return missing("no id", line);
  const int outcomes = fields.value.has_value() + fields.data.has_value() +
                       fields.error.has_value() + fields.unsupported.has_value();
  if (outcomes != 1) {
    return missing(outcomes == 0 ? "none of value, data, error, unsupported"
                                 : "more than one of value, data, error, unsupported",
                   line);
  }
  if (fields.message && !fields.error) return bad_field("message", "without error");
  if (!fields.buffers.empty() && !fields.data) return bad_field("buffers", "without data");
  if (fields.consumed && !fields.value && !fields.error) {
    return bad_field("consumed", "without value or error");
  }
  Answer answer{*std::move(fields.id), {}};
  if (fields.value) {
    for (const char c : *fields.value) {  // escapes can bring in what the line may not hold
      if ((c < 0x20 || c > 0x7e) && c != '\n') {
        return ProtocolFault{ProtocolFault::Kind::not_ascii, "value: " + excerpt(*fields.value)};
      }
    }
    answer.outcome = ValueAnswer{*std::move(fields.value), fields.consumed};
  } else if (fields.data) {
    auto bytes = parse_hex(*fields.data);
    if (!bytes) return bad_field("data", "no hex: " + excerpt(*fields.data));
    for (const std::string& buffer : fields.buffers)
      if (!parse_hex(buffer.starts_with("w:") ? std::string_view(buffer).substr(2) : buffer))
        return bad_field("buffers", "no hex: " + excerpt(buffer));
    answer.outcome = DataAnswer{*std::move(bytes), std::move(fields.buffers)};
  } else if (fields.error) {
    answer.outcome =
        ErrorAnswer{*std::move(fields.error), std::move(fields.message).value_or(std::string()),
                    fields.consumed};
  } else {
    answer.outcome = UnsupportedAnswer{*std::move(fields.unsupported)};
  }
  return answer;
}

std::variant<Hello, ProtocolFault> parse_hello(std::string_view line) {
  HelloFields fields;
  if (auto fault = read_fields(line, fields)) return *std::move(fault);
  if (!fields.named) return missing("no implementation", line);
  if (!fields.versioned) return missing("no version", line);
  return std::move(fields.hello);
}

std::optional<Request> parse_request(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  Request request;
  request.op.clear();
  for (const auto& [key, value] : object.items()) {
    std::string* text = key == "op"       ? &request.op
                        : key == "id"     ? &request.id
                        : key == "format" ? &request.format
                        : key == "data"   ? &request.data
                        : key == "value"  ? &request.value
                        : key == "path"   ? &request.path
                        : key == "script" ? &request.script
                                          : nullptr;
    if (text) {
      if (!value.is_string()) return std::nullopt;
      *text = value.get<std::string>();
    } else if (key == "protocol" && value.is_number_integer()) {
      request.protocol = value.get<int>();
    } else if (key == "options" && value.is_object()) {
      for (const auto& [option, setting] : value.items()) {
        if (setting.is_boolean()) {
          request.options[option] = setting.get<bool>();
        } else if (setting.is_number_integer()) {
          request.options[option] = setting.get<std::int64_t>();
        } else if (setting.is_string()) {
          request.options[option] = setting.get<std::string>();
        } else {
          return std::nullopt;
        }
      }
    } else if (key == "buffers" && value.is_array()) {
      for (const json& buffer : value) {
        if (!buffer.is_string()) return std::nullopt;
        request.buffers.push_back(buffer.get<std::string>());
      }
    } else {
      return std::nullopt;
    }
  }
  auto bytes = parse_hex(request.data);
  if (!bytes || request.op.empty()) return std::nullopt;
  request.data = *std::move(bytes);
  return request;
}

void write_answer(const Answer& answer, std::string& out) {
  out += "{\"id\":";
  append_string(answer.id, out);
  const auto consumed = [&out](const std::optional<std::uint64_t>& count) {
    if (count) fmt::format_to(std::back_inserter(out), ",\"consumed\":{}", *count);
  };
  if (const auto* value = std::get_if<ValueAnswer>(&answer.outcome)) {
    out += ",\"value\":";
    append_string(value->text, out);
    consumed(value->consumed);
  } else if (const auto* data = std::get_if<DataAnswer>(&answer.outcome)) {
    out += ",\"data\":\"";
    append_hex(data->bytes, out);
    out += '"';
    append_buffers(data->buffers, out);
  } else if (const auto* error = std::get_if<ErrorAnswer>(&answer.outcome)) {
    out += ",\"error\":";
    append_string(error->name, out);
    append_text_field("message", error->message, out);
    consumed(error->consumed);
  } else {
    out += ",\"unsupported\":";
    append_string(std::get<UnsupportedAnswer>(answer.outcome).why, out);
  }
  out += "}\n";
}

void write_hello_answer(const Hello& hello, std::string& out) {
  out += "{\"implementation\":";
  append_string(hello.implementation, out);
  out += ",\"version\":";
  append_string(hello.version, out);
  append_text_field("lane", hello.lane, out);
  append_text_field("language", hello.language, out);
  fmt::format_to(std::back_inserter(out), ",\"window\":{}", hello.window);
  const auto list = [&out](std::string_view key, const std::vector<std::string>& items) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":[", key);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      append_string(items[i], out);
    }
    out += ']';
  };
  list("formats", hello.formats);
  append_text_field("identity", hello.identity, out);
  list("lossy", hello.lossy);
  append_text_field("profile", hello.profile, out);
  if (hello.word) fmt::format_to(std::back_inserter(out), ",\"word\":{}", *hello.word);
  append_text_field("errors", hello.errors, out);
  out += "}\n";
}

}  // namespace assay
