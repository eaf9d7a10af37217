#include "reference/pickle/codecs.h"

#include <iconv.h>

#include <algorithm>
#include <cstring>

namespace assay::pickle {
namespace {

constexpr std::uint32_t undefined = 0xffffffff;

struct CodePage {
  std::string_view name;   // as CPython normalises it
  const char* iconv_name;  // as the C library spells it
};

constexpr CodePage single_byte_pages[] = {{"cp037", "CP037"},
                                          {"cp1125", "CP1125"},
                                          {"cp1140", "CP1140"},
                                          {"cp1250", "CP1250"},
                                          {"cp1251", "CP1251"},
                                          {"cp1252", "CP1252"},
                                          {"cp1253", "CP1253"},
                                          {"cp1254", "CP1254"},
                                          {"cp1256", "CP1256"},
                                          {"cp1257", "CP1257"},
                                          {"cp437", "CP437"},
                                          {"cp737", "CP737"},
                                          {"cp775", "CP775"},
                                          {"cp850", "CP850"},
                                          {"cp852", "CP852"},
                                          {"cp855", "CP855"},
                                          {"cp857", "CP857"},
                                          {"cp858", "CP858"},
                                          {"cp860", "CP860"},
                                          {"cp861", "CP861"},
                                          {"cp862", "CP862"},
                                          {"cp863", "CP863"},
                                          {"cp864", "CP864"},
                                          {"cp865", "CP865"},
                                          {"cp866", "CP866"},
                                          {"cp869", "CP869"},
                                          {"cp874", "CP874"},
                                          {"hp_roman8", "HP-ROMAN8"},
                                          {"iso8859_2", "ISO-8859-2"},
                                          {"iso8859_3", "ISO-8859-3"},
                                          {"iso8859_4", "ISO-8859-4"},
                                          {"iso8859_5", "ISO-8859-5"},
                                          {"iso8859_6", "ISO-8859-6"},
                                          {"iso8859_7", "ISO-8859-7"},
                                          {"iso8859_8", "ISO-8859-8"},
                                          {"iso8859_9", "ISO-8859-9"},
                                          {"iso8859_10", "ISO-8859-10"},
                                          {"iso8859_11", "ISO-8859-11"},
                                          {"iso8859_13", "ISO-8859-13"},
                                          {"iso8859_14", "ISO-8859-14"},
                                          {"iso8859_15", "ISO-8859-15"},
                                          {"iso8859_16", "ISO-8859-16"},
                                          {"koi8_r", "KOI8-R"},
                                          {"koi8_t", "KOI8-T"},
                                          {"koi8_u", "KOI8-U"},
                                          {"ptcp154", "PT154"}};

// The C library reads 0x5c and 0x7e of Shift JIS as the yen sign and the
// overline of JIS X 0201; CPython reads ASCII.
constexpr CodePage double_byte_pages[] = {
    {"shift_jis", "SHIFT_JIS"}, {"gb2312", "GB2312"}, {"cp949", "CP949"}};

// Other names of the same codecs (Lib/encodings/aliases.py).
struct Alias {
  std::string_view alias;
  std::string_view name;
};
constexpr Alias aliases[] = {{"windows_1250", "cp1250"},
                             {"windows_1251", "cp1251"},
                             {"windows_1252", "cp1252"},
                             {"windows_1253", "cp1253"},
                             {"windows_1254", "cp1254"},
                             {"windows_1256", "cp1256"},
                             {"windows_1257", "cp1257"},
                             {"1250", "cp1250"},
                             {"1251", "cp1251"},
                             {"1252", "cp1252"},
                             {"437", "cp437"},
                             {"ibm437", "cp437"},
                             {"850", "cp850"},
                             {"ibm850", "cp850"},
                             {"866", "cp866"},
                             {"ibm866", "cp866"},
                             {"latin2", "iso8859_2"},
                             {"iso_8859_2", "iso8859_2"},
                             {"l2", "iso8859_2"},
                             {"cyrillic", "iso8859_5"},
                             {"iso_8859_5", "iso8859_5"},
                             {"greek", "iso8859_7"},
                             {"iso_8859_7", "iso8859_7"},
                             {"hebrew", "iso8859_8"},
                             {"iso_8859_8", "iso8859_8"},
                             {"latin5", "iso8859_9"},
                             {"iso_8859_9", "iso8859_9"},
                             {"latin9", "iso8859_15"},
                             {"iso_8859_15", "iso8859_15"},
                             {"sjis", "shift_jis"},
                             {"s_jis", "shift_jis"},
                             {"csshiftjis", "shift_jis"},
                             {"shiftjis", "shift_jis"},
                             {"gb2312_80", "gb2312"},
                             {"euc_cn", "gb2312"},
                             {"chinese", "gb2312"},
                             {"uhc", "cp949"},
                             {"ms949", "cp949"},
                             {"949", "cp949"},
                             {"utf16", "utf_16"},
                             {"u16", "utf_16"},
                             {"utf_16le", "utf_16_le"},
                             {"unicodelittleunmarked", "utf_16_le"},
                             {"utf_16be", "utf_16_be"},
                             {"unicodebigunmarked", "utf_16_be"},
                             {"utf32", "utf_32"},
                             {"u32", "utf_32"},
                             {"utf_32le", "utf_32_le"},
                             {"utf_32be", "utf_32_be"},
                             {"unicodeescape", "unicode_escape"}};

// A converter of the C library that is closed again.
class Converter {
 public:
  explicit Converter(const char* from) : handle_(iconv_open("UTF-32LE", from)) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (good()) iconv_close(handle_);
  }
  bool good() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // The one code point that these bytes are, or `undefined`.
  std::uint32_t decode(Bytes bytes) const {
    char in[2], out[8];
    std::memcpy(in, bytes.data(), bytes.size());
    char *from = in, *to = out;
    std::size_t in_left = bytes.size(), out_left = sizeof(out);
    iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    if (iconv(handle_, &from, &in_left, &to, &out_left) == static_cast<std::size_t>(-1) ||
        in_left != 0 || out_left != sizeof(out) - 4)
      return undefined;
    return Cursor(as_bytes({out, 4})).le32("code point");
  }

 private:
  iconv_t handle_;
};

constexpr bool is_surrogate(std::uint32_t unit) {
  return unit >= 0xd800 && unit <= 0xdfff;
}

std::uint32_t unit(Bytes data, std::size_t width, bool big_endian) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | data[big_endian ? i : width - 1 - i];
  return value;
}

CodecStep good(std::uint32_t code_point, std::size_t used) {
  return {code_point, used};
}
CodecStep bad(std::size_t used) {
  return {.used = used, .bad = true};
}

const CodePage* page_of(std::span<const CodePage> pages, std::string_view name) {
  const auto found = std::find_if(pages.begin(), pages.end(),
                                  [&](const CodePage& page) { return page.name == name; });
  return found == pages.end() ? nullptr : &*found;
}

}  // namespace

std::size_t ByteCodec::rows() {
  return std::size(single_byte_pages) + std::size(double_byte_pages);
}

std::array<std::string_view, 2> ByteCodec::row(std::size_t i) {
  const std::size_t singles = std::size(single_byte_pages);
  const CodePage& page = i < singles ? single_byte_pages[i] : double_byte_pages[i - singles];
  return {page.name, page.iconv_name};
}

std::unique_ptr<const ByteCodec> ByteCodec::find(std::string_view normalised) {
  for (const Alias& alias : aliases)
    if (alias.alias == normalised) normalised = alias.name;
  auto codec = std::make_unique<ByteCodec>();
  const CodePage* page = page_of(single_byte_pages, normalised);
  if (page != nullptr) codec->family_ = Family::single_byte;
  if (page == nullptr && (page = page_of(double_byte_pages, normalised)) != nullptr)
    codec->family_ = Family::double_byte;
  if (page != nullptr) {
    const Converter converter(page->iconv_name);
    if (!converter.good()) return nullptr;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const auto in = static_cast<std::uint8_t>(byte);
      codec->single_[byte] = converter.decode({&in, 1});
    }
    if (page->name == "shift_jis") codec->single_[0x5c] = 0x5c, codec->single_[0x7e] = 0x7e;
    codec->iconv_name_ = page->iconv_name;
    return codec;
  }
  if (normalised == "utf_8_sig" || normalised == "unicode_escape") {
    codec->family_ = normalised == "utf_8_sig" ? Family::utf8_sig : Family::unicode_escape;
    return codec;
  }
  if (!normalised.starts_with("utf_16") && !normalised.starts_with("utf_32")) return nullptr;
  codec->family_ = normalised.starts_with("utf_16") ? Family::utf16 : Family::utf32;
  const std::string_view order = normalised.substr(6);
  codec->marked_ = order.empty();
  codec->big_endian_ = order == "_be";
  return order.empty() || order == "_be" || order == "_le" ? std::move(codec) : nullptr;
}

Bytes ByteCodec::without_mark(Bytes data, bool& big_endian) const {
  big_endian = big_endian_;
  if (family_ == Family::utf8_sig && as_text(data).starts_with("\xef\xbb\xbf"))
    return data.subspan(3);
  const std::size_t width = family_ == Family::utf16 ? 2 : 4;
  if (!marked_ || data.size() < width) return data;
  for (const bool order : {false, true}) {
    if (unit(data, width, order) != 0xfeff) continue;
    big_endian = order;
    return data.subspan(width);
  }
  return data;
}

CodecStep ByteCodec::step(Bytes data, bool big_endian, bool surrogates) const {
  switch (family_) {
    case Family::utf16:
      return utf16_step(data, big_endian, surrogates);
    case Family::utf32:
      return utf32_step(data, big_endian, surrogates);
    case Family::double_byte:
      return double_byte_step(data);
    case Family::unicode_escape:
      return escape_step(data);
    case Family::single_byte:
    case Family::utf8_sig:
      break;
  }
  return single_[data[0]] == undefined ? bad(1) : good(single_[data[0]], 1);
}

// Objects/stringlib/codecs.h, utf16_decode; unicodeobject.c, PyUnicode_DecodeUTF16Stateful
CodecStep ByteCodec::utf16_step(Bytes data, bool big_endian, bool surrogates) const {
  if (data.size() < 2) return bad(data.size());
  const std::uint32_t first = unit(data, 2, big_endian);
  if (!is_surrogate(first)) return good(first, 2);
  if (first <= 0xdbff && data.size() >= 4) {
    const std::uint32_t second = unit(data.subspan(2), 2, big_endian);
    if (second >= 0xdc00 && second <= 0xdfff)
      return good(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 4);
  }
  if (surrogates) return good(first, 2);
  // A high surrogate with nothing whole behind it takes the rest with it.
  return bad(first <= 0xdbff && data.size() < 4 ? data.size() : 2);
}

// Objects/unicodeobject.c, PyUnicode_DecodeUTF32Stateful
CodecStep ByteCodec::utf32_step(Bytes data, bool big_endian, bool surrogates) const {
  if (data.size() < 4) return bad(data.size());
  const std::uint32_t value = unit(data, 4, big_endian);
  if (value > 0x10ffff || (is_surrogate(value) && !surrogates)) return bad(4);
  return good(value, 4);
}

CodecStep ByteCodec::double_byte_step(Bytes data) const {
  if (single_[data[0]] != undefined) return good(single_[data[0]], 1);
  if (data.size() < 2) return bad(1);
  const Converter converter(iconv_name_.data());
  const std::uint32_t code_point = converter.decode(data.first(2));
  return code_point == undefined ? bad(1) : good(code_point, 2);
}

namespace {

int hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// \xXX, \uXXXX, \UXXXXXXXX: `width` digits behind the letter.
CodecStep hex_escape(Bytes data, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const int digit = 2 + i < data.size() ? hex_digit(data[2 + i]) : -1;
    if (digit < 0) return bad(2 + i);
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value > 0x10ffff ? bad(2 + width) : good(value, 2 + width);
}

}  // namespace

// Objects/unicodeobject.c, _PyUnicode_DecodeUnicodeEscapeInternal. \N{…} needs
// the character database and is unsupported.
CodecStep ByteCodec::escape_step(Bytes data) const {
  if (data[0] != '\\') return good(data[0], 1);
  if (data.size() < 2) return bad(1);
  const std::uint8_t letter = data[1];
  if (letter == '\n') return {.used = 2, .nothing = true};
  constexpr std::string_view letters = "\\'\"bftnrva", meanings = "\\'\"\b\f\t\n\r\v\a";
  const std::size_t simple = letters.find(static_cast<char>(letter));
  if (simple != std::string_view::npos) return good(static_cast<std::uint8_t>(meanings[simple]), 2);
  if (letter == 'x') return hex_escape(data, 2);
  if (letter == 'u') return hex_escape(data, 4);
  if (letter == 'U') return hex_escape(data, 8);
  if (letter == 'N')
    throw DecodeError(ErrorKind::unsupported, 0, "encoding", "\\N in unicode_escape");
  if (letter < '0' || letter > '7') return good('\\', 1);
  std::uint32_t value = 0;
  std::size_t used = 1;
  for (; used < 4 && used < data.size() && data[used] >= '0' && data[used] <= '7'; ++used)
    value = value * 8 + (data[used] - '0');
  return good(value, used);
}

}  // namespace assay::pickle
