#include "reference/pickle/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "reference/pickle/faults.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

// Codecs of CPython's standard library that decode bytes to str and are not
// implemented here, by the names of their modules and aliases as normalised
// below (Lib/encodings/aliases.py). Names that begin with a code page's prefix
// are recognised by it.
constexpr std::string_view other_codecs[] = {"big5",
                                             "big5hkscs",
                                             "charmap",
                                             "euc_jis_2004",
                                             "euc_jisx0213",
                                             "euc_jp",
                                             "euc_kr",
                                             "gb18030",
                                             "gbk",
                                             "hz",
                                             "idna",
                                             "iso2022_jp",
                                             "iso2022_jp_1",
                                             "iso2022_jp_2",
                                             "iso2022_jp_2004",
                                             "iso2022_jp_3",
                                             "iso2022_jp_ext",
                                             "iso2022_kr",
                                             "johab",
                                             "kz1048",
                                             "mac_arabic",
                                             "mac_croatian",
                                             "mac_cyrillic",
                                             "mac_farsi",
                                             "mac_greek",
                                             "mac_iceland",
                                             "mac_latin2",
                                             "mac_roman",
                                             "mac_romanian",
                                             "mac_turkish",
                                             "palmos",
                                             "punycode",
                                             "raw_unicode_escape",
                                             "shift_jis_2004",
                                             "shift_jisx0213",
                                             "tis_620",
                                             "undefined",
                                             "utf_7",
                                             "utf7"};
constexpr std::array<std::string_view, 2> other_prefixes = {"cp", "iso8859_"};

// encodings.normalize_encoding, lower case: runs of what is neither a letter,
// a digit nor '.' become one '_'.
std::string normalised(std::string_view name) {
  std::string text;
  bool gap = false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '.') {
      gap = true;
      continue;
    }
    if (gap && !text.empty()) text += '_';
    gap = false;
    text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

int hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

NodeId kept_string(Graph& graph, const std::string& text) {
  return graph.string(graph.keep(as_bytes(text)));
}

}  // namespace

Encoding::Encoding(std::string_view encoding, std::string_view errors)
    : errors_(find_errors(errors)), name_(encoding) {
  codec_ = find_codec(encoding);
}

Encoding::Codec Encoding::find_codec(std::string_view name) {
  if (name == "bytes") return Codec::bytes;
  const std::string normal = normalised(name);
  const auto is = [&normal](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), normal) != names.end();
  };
  if (is({"ascii", "us_ascii", "646", "ansi_x3.4_1968", "ansi_x3_4_1968", "ansi_x3.4_1986", "cp367",
          "csascii", "ibm367", "iso646_us", "iso_646.irv_1991", "iso_ir_6", "us"}))
    return Codec::ascii;
  if (is({"latin1", "latin_1", "iso_8859_1", "iso8859_1", "8859", "cp819", "csisolatin1", "ibm819",
          "iso8859", "iso_8859_1_1987", "iso_ir_100", "l1", "latin"}))
    return Codec::latin1;
  if (is({"utf8", "utf_8", "u8", "utf", "utf8_ucs2", "utf8_ucs4", "cp65001"})) return Codec::utf8;
  steps_ = ByteCodec::find(normal);
  if (steps_ != nullptr) return Codec::stepwise;
  if (std::find(std::begin(other_codecs), std::end(other_codecs), normal) != std::end(other_codecs))
    return Codec::unsupported;
  for (const std::string_view prefix : other_prefixes)
    if (normal.size() > prefix.size() && normal.starts_with(prefix) &&
        std::all_of(normal.begin() + static_cast<std::ptrdiff_t>(prefix.size()), normal.end(),
                    [](char c) { return c >= '0' && c <= '9'; }))
      return Codec::unsupported;
  return Codec::unknown;
}

Encoding::Errors Encoding::find_errors(std::string_view name) {
  if (name == "strict") return Errors::strict;
  if (name == "ignore") return Errors::ignore;
  if (name == "replace") return Errors::replace;
  if (name == "backslashreplace") return Errors::backslashreplace;
  if (name == "surrogateescape") return Errors::surrogateescape;
  if (name == "surrogatepass") return Errors::surrogatepass;
  if (name == "xmlcharrefreplace" || name == "namereplace") return Errors::encoding_only;
  return Errors::unknown;
}

NodeId Encoding::decode(Graph& graph, Bytes data, bool empty_needs_codec) const {
  if (data.empty() && !empty_needs_codec) return graph.string(data);
  switch (codec_) {
    case Codec::ascii:
      return decode_ascii(graph, data);
    case Codec::latin1:
      return latin1_string(graph, data);
    case Codec::utf8:
      return decode_utf8(graph, data);
    case Codec::stepwise:
      return decode_stepwise(graph, data);
    case Codec::unknown:
      throw Rejection{Fault::lookup_error, "unknown encoding: " + name_};
    case Codec::bytes:
    case Codec::unsupported:
      break;
  }
  throw DecodeError(ErrorKind::unsupported, 0, "encoding", "codec " + name_);
}

NodeId Encoding::decode_ascii(Graph& graph, Bytes data) const {
  if (is_ascii(data)) return graph.string(data);
  std::string out;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data[i] < 0x80)
      out += static_cast<char>(data[i]);
    else
      replace(out, data.subspan(i, 1));
  }
  return kept_string(graph, out);
}

NodeId Encoding::decode_stepwise(Graph& graph, Bytes data) const {
  bool big_endian = false;
  data = steps_->without_mark(data, big_endian);
  if (steps_->family() == ByteCodec::Family::utf8_sig) return decode_utf8(graph, data);
  const bool surrogates = errors_ == Errors::surrogatepass;
  std::string out;
  while (!data.empty()) {
    const CodecStep step = steps_->step(data, big_endian, surrogates);
    if (step.bad) {
      data = data.subspan(replace(out, data.first(step.used)));
    } else {
      if (!step.nothing) append_utf8(out, step.code_point);
      data = data.subspan(step.used);
    }
  }
  return kept_string(graph, out);
}

NodeId Encoding::decode_utf8(Graph& graph, Bytes data) const {
  const Surrogates surrogates =
      errors_ == Errors::surrogatepass ? Surrogates::allow : Surrogates::reject;
  std::optional<Utf8Fault> fault = find_utf8_fault(data, surrogates);
  if (!fault) return graph.string(data);
  std::string out;
  while (fault) {
    out += as_text(data.first(fault->offset));
    const std::size_t taken = replace(out, data.subspan(fault->offset, fault->length));
    data = data.subspan(fault->offset + taken);
    fault = find_utf8_fault(data, surrogates);
  }
  out += as_text(data);
  return kept_string(graph, out);
}

// Puts what the error handler gives for bytes that cannot be decoded, and
// gives how many of them that was.
std::size_t Encoding::replace(std::string& out, Bytes bad) const {
  constexpr char digits[] = "0123456789abcdef";
  switch (errors_) {
    case Errors::ignore:
      return bad.size();
    case Errors::replace:
      append_utf8(out, 0xfffd);
      return bad.size();
    case Errors::backslashreplace:
      for (const std::uint8_t byte : bad) {
        out += "\\x";
        out += digits[byte >> 4];
        out += digits[byte & 15];
      }
      return bad.size();
    case Errors::surrogateescape: {
      // Python/codecs.c, PyCodec_SurrogateEscapeErrors: at most four bytes, and
      // none that is ASCII.
      std::size_t escaped = 0;
      for (; escaped < bad.size() && escaped < 4 && bad[escaped] >= 0x80; ++escaped)
        append_utf8(out, 0xdc00u + bad[escaped]);
      if (escaped != 0) return escaped;
      break;
    }
    case Errors::strict:
    case Errors::surrogatepass:
      break;
    case Errors::encoding_only:
      throw Rejection{Fault::type_error, "error handler is for encoding"};
    case Errors::unknown:
      throw Rejection{Fault::lookup_error, "unknown error handler name"};
  }
  throw Rejection{Fault::unicode_decode_error, "codec can't decode byte"};
}

NodeId latin1_string(Graph& graph, Bytes data) {
  if (is_ascii(data)) return graph.string(data);
  std::size_t wide = 0;
  for (const std::uint8_t byte : data) wide += byte >> 7;
  std::uint8_t* text = graph.allocate(data.size() + wide);
  std::uint8_t* at = text;
  for (const std::uint8_t byte : data) at += encode_utf8(byte, at);
  return graph.string(Bytes{text, data.size() + wide});
}

NodeId raw_unicode_escape(Graph& graph, Bytes data, std::size_t readable_behind) {
  if (data.empty() || std::memchr(data.data(), '\\', data.size()) == nullptr)
    return latin1_string(graph, data);
  // An escape takes at least as many bytes as the UTF-8 of what it stands for;
  // a Latin-1 byte may take twice as many.
  std::uint8_t* text = graph.allocate(data.size() * 2);
  std::uint8_t* at = text;
  for (std::size_t i = 0; i < data.size();) {
    const std::uint8_t byte = data[i++];
    at += encode_utf8(byte, at);
    if (byte != '\\' || i == data.size()) continue;
    const std::uint8_t kind = data[i++];
    if (kind != 'u' && kind != 'U') {
      at += encode_utf8(kind, at);
      continue;
    }
    const std::size_t digits = kind == 'u' ? 4 : 8;
    std::uint32_t code_point = 0;
    for (std::size_t n = 0; n < digits; ++n, ++i) {
      const int digit = i < data.size() + readable_behind ? hex_digit(data.data()[i]) : -1;
      if (digit < 0) throw Rejection{Fault::unicode_decode_error, "truncated escape"};
      code_point = code_point << 4 | static_cast<std::uint32_t>(digit);
    }
    if (code_point > 0x10ffff)
      throw Rejection{Fault::unicode_decode_error, "\\Uxxxxxxxx out of range"};
    at = at - 1 + encode_utf8(code_point, at - 1);
  }
  return graph.string(Bytes{text, static_cast<std::size_t>(at - text)});
}

Bytes decode_escapes(Graph& graph, Bytes data) {
  if (data.empty() || std::memchr(data.data(), '\\', data.size()) == nullptr) return data;
  std::uint8_t* text = graph.allocate(data.size());
  std::uint8_t* at = text;
  for (std::size_t i = 0; i < data.size();) {
    const std::uint8_t byte = data[i++];
    if (byte != '\\') {
      *at++ = byte;
      continue;
    }
    if (i == data.size()) throw Rejection{Fault::value_error, "Trailing \\ in string"};
    const std::uint8_t kind = data[i++];
    constexpr std::string_view letters = "\\'\"bftnrva", meanings = "\\'\"\b\f\t\n\r\v\a";
    const std::size_t letter = letters.find(static_cast<char>(kind));
    if (letter != std::string_view::npos) {
      *at++ = static_cast<std::uint8_t>(meanings[letter]);
    } else if (kind >= '0' && kind <= '7') {
      unsigned value = kind - '0';
      for (int more = 0; more < 2 && i < data.size() && data[i] >= '0' && data[i] <= '7'; ++more)
        value = value * 8 + (data[i++] - '0');
      *at++ = static_cast<std::uint8_t>(value);
    } else if (kind == 'x') {
      const int high = i < data.size() ? hex_digit(data[i]) : -1;
      const int low = i + 1 < data.size() ? hex_digit(data[i + 1]) : -1;
      if (high < 0 || low < 0) throw Rejection{Fault::value_error, "invalid \\x escape"};
      *at++ = static_cast<std::uint8_t>(high * 16 + low);
      i += 2;
    } else if (kind != '\n') {
      *at++ = '\\';
      --i;  // an unknown escape stays as it is
      *at++ = data[i++];
    }
  }
  return {text, static_cast<std::size_t>(at - text)};
}

}  // namespace assay::pickle
