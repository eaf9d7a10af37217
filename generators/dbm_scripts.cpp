#include "generators/dbm_scripts.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/value/literal.h"

namespace assay::generators {
namespace {

// What scripts for a module may do.
struct Flavour {
  bool dumb = false;      // dbm.dumb's files, and wrong types
  bool shelf = false;     // values of any type
  bool text_keys = true;  // bsddb knows bytes alone
  bool empty_keys = true;
  bool mutable_mapping = true;  // pop, popitem, update, …
};

class Script {
 public:
  Script(Choices& choices, Flavour flavour) : choices_(choices), flavour_(flavour) {}

  std::string make() {
    const std::uint64_t keys = choices_.between(1, 1 + static_cast<unsigned>(choices_.size()) / 8);
    for (std::uint64_t i = 0; i < keys; ++i) keys_.push_back(key());
    if (flavour_.shelf) choose_settings();
    open(choices_.chance(90) ? "n" : "c");
    for (std::uint64_t i = choices_.below(4 + static_cast<unsigned>(choices_.size())); i > 0; --i)
      operation();
    if (flavour_.dumb) look();
    return std::move(text_);
  }

 private:
  static std::string quoted(std::string_view bytes) {
    std::string text;
    append_bytes_literal(text, bytes);
    return text;
  }

  void line(std::string_view text) {
    text_ += text;
    text_ += '\n';
  }

  std::string key() {
    if (flavour_.shelf)
      return choices_.one_of({"'a'", "'key'", "''", "'caf\\xe9'", "'\\u0142\\u00f3d\\u017a'",
                              "'with \\'quotes\\''", "'long key %s'", "'k7'", "'k8'"});
    std::string bytes;
    for (std::uint64_t i = choices_.below(choices_.chance(80) ? 4 : 40); i > 0; --i)
      bytes +=
          static_cast<char>(choices_.chance(70) ? choices_.between('a', 'e') : choices_.byte());
    if (bytes.empty() && !flavour_.empty_keys) bytes = "k";
    const bool ascii =
        std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    const std::string text = quoted(bytes);
    return flavour_.text_keys && ascii && choices_.chance(15) ? text.substr(1) : text;
  }

  std::string any_key() {
    if (flavour_.dumb && choices_.chance(2))
      return choices_.one_of({"5", "None", "'\\xe9'", "bytearray(b'a')", "()", "[1]"});
    return choices_.chance(85) ? keys_[choices_.below(keys_.size())] : key();
  }

  // Sizes about the blocks of dbm.dumb, and some that take pages of their own.
  std::string value() {
    if (flavour_.shelf)
      return choices_.one_of({"None", "[1, 2, 3]", "{'a': [1.5, b'x']}", "'text'", "(1, (2,))",
                              "-1", "{1, 2}", "b'\\x00\\xff'", "[]", "0x123456789abcdef0123"});
    if (flavour_.dumb && choices_.chance(2))
      return choices_.one_of({"7", "None", "'text'", "bytearray(b'ab')", "[]"});
    const std::uint64_t sizes[] = {0, 1, 5, 30, 100, 511, 512, 513, 1024, 1500};
    std::uint64_t size = choices_.chance(70) ? choices_.below(12) : choices_.one_of(sizes);
    if (choices_.chance(1)) size = choices_.below(9000);
    std::string bytes(size, static_cast<char>(choices_.between('a', 'z')));
    if (size > 0 && choices_.chance(30))
      bytes[choices_.below(size)] = static_cast<char>(choices_.byte());
    return quoted(bytes);
  }

  void choose_settings() {
    settings_ = ", {";
    if (choices_.chance(40)) settings_ += fmt::format("'protocol': {}, ", choices_.below(5));
    if (choices_.chance(40)) settings_ += "'writeback': True, ";
    if (settings_.ends_with(", ")) settings_.resize(settings_.size() - 2);
    settings_ += '}';
  }

  void open(std::string_view flag) { line(fmt::format("open '{}'{}", flag, settings_)); }

  void reopen() {
    open(choices_.chance(flavour_.dumb ? 95 : 100)
             ? choices_.one_of({"w", "w", "c", "c", "c", "r", "n"})
             : choices_.one_of({"x", "", "rw"}));
  }

  void operation() {
    const std::uint64_t which = choices_.below(100);
    if (which < 45) {
      line(fmt::format("set {}, {}", any_key(), value()));
    } else if (which < 58) {
      line(fmt::format("delete {}", any_key()));
    } else if (which < 66) {
      line(fmt::format("{} {}", choices_.one_of({"item", "get", "contains"}), any_key()));
    } else if (which < 72) {
      line(choices_.one_of({"len", "keys", "keys"}));
    } else if (which < 78) {
      line(choices_.one_of({"sync", "sync", "bool", "iter", "close", "drop"}));
    } else if (which < 86) {
      reopen();
    } else if (which < 94) {
      if (flavour_.mutable_mapping) method();
    } else if (which < 96) {
      if (flavour_.dumb) crash();
    } else if (which < 99) {
      if (flavour_.dumb) look();
    } else if (flavour_.dumb) {
      disturb();
    }
  }

  void method() {
    switch (choices_.below(9)) {
      case 0:
        return line(fmt::format("pop {}", any_key()));
      case 1:
        return line(fmt::format("pop {}, b'default'", any_key()));
      case 2:
        return line(fmt::format("setdefault {}, {}", any_key(), value()));
      case 3:
        return line(fmt::format("get {}, None", any_key()));
      case 4:
        return line(fmt::format("update {{{}: {}}}", keys_[0], value()));
      case 5:
        return line(choices_.one_of({"values", "items", "items"}));
      case 6:
        return line(choices_.chance(30) ? "clear" : "popitem");
      default:
        return line("popitem");
    }
  }

  // Killed, and started again.
  void crash() {
    line("crash");
    reopen();
  }

  void look() {
    for (const char* ending : {".dir", ".dat", ".bak"}) line(fmt::format("file '{}'", ending));
  }

  // A line of `.dir` that dbm.dumb does not write, as it stands in bytes in double
  // quotes: no expression, no key, no pair, no position or size.
  std::string odd_line() {
    return choices_.one_of({"'a'",
                            "'a', 5",
                            "'a', (0, 1, 2)",
                            "'a', (0,)",
                            "b'a', (0, 1)",
                            "u'a', (0, 3)",
                            "U'b', (0, 2)",
                            " 'a', (0, 1)",
                            "",
                            "# nothing",
                            "'a', (0, 1",
                            "'a', (0L, 1)",
                            "'a', (None, 1)",
                            "'a', (0, None)",
                            "'a', (0.5, 3)",
                            "'a', (0, 2.5)",
                            "'a', (1e300, 3)",
                            "'a', (-5, 3)",
                            "'a', (0, -1)",
                            "'a', (0, -3)",
                            "'a', (True, False)",
                            "'a', ('x', 1)",
                            "'a', (0, 'x')",
                            "'a', [True, 'x']",
                            "'a', 'xy'",
                            "'a', b'xy'",
                            "'a', (0, (1, 2))",
                            "'a', (0, [])",
                            "'a', {0: 1, 3: 2}",
                            "'a', (99999999999999999999, 1)",
                            "'a', (0, 99999999999999999999)",
                            "'\\\\u0141', (0, 1)",
                            "'\\\\xe9', (0, 1)",
                            "5, (0, 1)",
                            "(), (0, 1)",
                            "[], (0, 1)",
                            "a, (0, 1)",
                            "'a' + 'b', (0, 1)",
                            "'a', (0 + 1, 2)",
                            "'a', (-0, +2)",
                            "'a', (010, 2)",
                            "'a', (1_0, 2)",
                            "'a', (0, 1),",
                            "('a', (0, 1))",
                            "['a', [0, 2]]",
                            "'a\\\\x00', (0, 2)",
                            "'a', (2j, 1)"});
  }

  // Files that are not as dbm.dumb left them.
  void disturb() {
    switch (choices_.below(7)) {
      case 0:
        line(fmt::format("erase '{}'", choices_.one_of({".dir", ".dat", ".bak"})));
        break;
      case 1:
        line("close");
        line("put '.dir', b\"'a', [0, 3]\\n'b' 'c', (0x200, 8)\\n\"");
        break;
      case 2:
        line("close");
        line("put '.dir', b'\"a\", (0, 3)\\n\"a\", (1, 1)\\r\\n\"d\", (512, 99999), # end\\n'");
        break;
      case 3:
        line("close");
        line("put '.dir', b\"'a', (0L, 3L)\\n'\\\\xe9', (0L, 3)\\n\"");
        break;
      case 4:
      case 5:
        line("close");
        line(fmt::format("put '.dir', b\"'b', (0, 3)\\n{}\\n'd', (512, 5)\\n\"", odd_line()));
        break;
      default:
        line("close");
        line("put '.dat', b'abc'");
        break;
    }
    reopen();
  }

  Choices& choices_;
  Flavour flavour_;
  std::vector<std::string> keys_;
  std::string settings_, text_;
};

template <const Flavour& flavour>
Stream make(Choices& choices, std::span<const Stream>) {
  return {Script(choices, flavour).make(), {}, {}};
}

std::vector<std::string_view> lines_of(std::string_view script) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < script.size();) {
    const std::size_t end = std::min(script.find('\n', at), script.size() - 1);
    lines.push_back(script.substr(at, end + 1 - at));
    at = end + 1;
  }
  return lines;
}

// Without runs of lines, half of them first; then with short values: every step
// has fewer bytes.
std::vector<Stream> simpler(const Stream& stream, std::size_t limit) {
  std::vector<Stream> all;
  const auto lines = lines_of(stream.bytes);
  const auto add = [&](std::size_t from, std::size_t count, std::string_view instead) {
    std::string script;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i == from) script += instead;
      if (i < from || i >= from + count) script += lines[i];
    }
    if (all.size() < limit) all.push_back({std::move(script), {}, {}});
  };
  for (std::size_t count = std::max<std::size_t>(lines.size() / 2, 1); count > 0; count /= 2)
    for (std::size_t at = 0; at + count <= lines.size(); at += count) add(at, count, "");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t value = lines[i].rfind(", b'");
    if (!lines[i].starts_with("set ") || value == std::string_view::npos) continue;
    const std::size_t size = lines[i].size() - value;
    const std::string_view head = lines[i].substr(0, value);
    if (size > 8) add(i, 1, fmt::format("{}, b'{}'\n", head, std::string(size / 2 - 4, 'v')));
    if (size > 7) add(i, 1, fmt::format("{}, b''\n", head));
  }
  return all;
}

std::string source(std::string_view script) {
  return std::string(script);
}
std::string place(const Stream&, std::string_view) {
  return "script";
}
std::optional<std::string> needs_memory(std::string_view) {
  return std::nullopt;
}

constexpr Flavour dumb = {.dumb = true};
constexpr Flavour gnu = {.mutable_mapping = false};
// The empty key ends its walk over the keys (Modules/_dbmmodule.c, dbm_keys).
constexpr Flavour ndbm = {.empty_keys = false, .mutable_mapping = false};
constexpr Flavour sqlite = {};
constexpr Flavour bsddb = {.text_keys = false, .mutable_mapping = false};
constexpr Flavour shelf = {.shelf = true};

template <const Flavour& flavour>
constexpr StreamFormat format_of(std::string_view name) {
  return {name, make<flavour>, simpler, source, place, needs_memory, "write"};
}

}  // namespace

std::span<const StreamFormat> dbm_script_formats() {
  static const StreamFormat formats[] = {
      format_of<dumb>("dbm.dumb"),      format_of<dumb>("dbm"),
      format_of<gnu>("dbm.gnu"),        format_of<ndbm>("dbm.ndbm"),
      format_of<sqlite>("dbm.sqlite3"), format_of<bsddb>("bsddb.hash"),
      format_of<bsddb>("bsddb.btree"),  format_of<shelf>("shelve"),
  };
  return formats;
}

}  // namespace assay::generators
