// Shelves that the Pythons on the machine made, in every store they have.
#include "reference/shelve/shelf.h"

#include <gtest/gtest.h>

#include <map>

#include "reference/dbm/open.h"
#include "reference/dbm/pythons_for_tests.h"
#include "reference/value/text.h"

namespace assay::shelve {
namespace {

using Values = std::map<std::string, std::string>;  // value text of keys and values

Values values_of(dbm::EntryStream& store, const ShelfOptions& options) {
  Shelf shelf(store, options);
  Values values;
  for (;;) {
    Graph graph;
    ShelfEntry entry;
    if (!shelf.next(graph, entry)) return values;
    const std::string key = entry.key == no_node ? "undecodable" : print(graph, entry.key);
    values[key] = entry.value.accepted ? print(graph, entry.value.value)
                                       : "!" + std::string(entry.value.error);
  }
}

// A shelf for each store and protocol that the Python has: module-protocol.
const char* const writer =
    "import sys, shelve\n"
    "def write(module, protocol):\n"
    "    path = sys.argv[1] + '/%s-%d' % (module, protocol)\n"
    "    try: store = __import__(module, fromlist=['open'])\n"
    "    except ImportError: return\n"
    "    shelf = shelve.Shelf(store.open(path, 'n'), protocol)\n"
    "    for i in range(50): shelf['key%d' % i] = {'n': i, 'list': [i] * (i % 5)}\n"
    "    shelf['none'] = None\n"
    "    shelf['large'] = [1.5] * 5000\n"
    "    shelf.close()\n"
    "for module in 'dumbdbm', 'dbm.dumb', 'dbm.gnu', 'dbm.ndbm':\n"
    "    for protocol in 0, 2, int(sys.argv[2]): write(module, protocol)\n";

// By the rules of value text, from the program above.
Values expected(bool python2) {
  const auto text = [&](const std::string& plain) { return (python2 ? "b'" : "'") + plain + "'"; };
  Values values;
  for (int i = 0; i < 50; ++i) {
    std::string list;
    for (int n = 0; n < i % 5; ++n) list += (n > 0 ? ", " : "") + std::to_string(i);
    values[text("key" + std::to_string(i))] =
        python2 ? "" : "{'n': " + std::to_string(i) + ", 'list': [" + list + "]}";
  }
  values[text("none")] = "None";
  std::string large = "[1.5";
  for (int i = 1; i < 5000; ++i) large += ", 1.5";
  values[text("large")] = large + "]";
  return values;
}

TEST(Shelf, ReadsWhatEachPythonWrote) {
  std::string used;
  for (const auto& [version, program] : dbm::found_pythons()) {
    const bool python2 = version.major == 2;
    const auto profile = pickle::Profile::parse("cpython-" + std::to_string(version.major) + "." +
                                                std::to_string(version.minor) + "-c");
    ASSERT_TRUE(profile);
    const int highest = python2 ? 1 : version < dbm::Python{3, 8} ? 4 : 5;
    const dbm::TemporaryFolder folder;
    dbm::write_file(folder.path("write.py"), writer);
    dbm::output_of("'" + program + "' " + folder.path("write.py") + " " + folder.path("") + " " +
                   std::to_string(highest) + " 2>/dev/null");
    for (const char* module : {"dumbdbm", "dbm.dumb", "dbm.gnu", "dbm.ndbm"})
      for (const int protocol : {0, 2, highest}) {
        const std::string name = module + ("-" + std::to_string(protocol));
        const auto found = dbm::identify(folder.path(name));
        if (!found) continue;  // this Python has no such module
        used += " " + std::to_string(version.minor) + "/" + name;
        const auto opened = dbm::open_dbm(*found, version, {});
        ShelfOptions options;
        options.profile = *profile;
        Values values = values_of(*opened->stream, options);
        Values wanted = expected(python2);
        // Python 2's dicts have no order; that they were read is what counts here.
        for (auto& [key, value] : wanted) {
          if (!value.empty()) continue;
          value = values[key];
          EXPECT_TRUE(value.starts_with("{b'")) << key << " " << value;
        }
        EXPECT_TRUE(values == wanted) << program << " " << name;
        EXPECT_TRUE(looks_like_shelf(*dbm::open_dbm(*found, version, {})->stream));
      }
  }
  std::printf("shelves of%s\n", used.c_str());
  EXPECT_FALSE(used.empty()) << "no Python made a shelf";
}

class Fixed final : public dbm::EntryStream {
 public:
  explicit Fixed(std::vector<std::pair<std::string, std::string>> pairs)
      : EntryStream({}), pairs_(std::move(pairs)) {}
  bool next(dbm::Entry& entry) override {
    if (at_ == pairs_.size()) return false;
    entry = {};
    entry.key = as_bytes(pairs_[at_].first);
    entry.value = as_bytes(pairs_[at_++].second);
    return true;
  }
  bool find(Bytes, dbm::Entry&) override { return false; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::size_t at_ = 0;
};

TEST(Shelf, HidesNothingBehindABrokenEntry) {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"a", "\x80\x03K\x01."}, {"b", "\x80\x03K"}, {"\xe9", "N."}, {"c", "N.trailing"}, {"d", ""}};
  Fixed store(pairs);
  EXPECT_EQ(values_of(store, {}), (Values{{"'a'", "1"},
                                          {"'b'", "!UnpicklingError"},
                                          {"undecodable", "None"},
                                          {"'c'", "None"},
                                          {"'d'", "!EOFError"}}));
  Fixed again(pairs);
  EXPECT_FALSE(looks_like_shelf(again));
  Fixed mostly({{"a", "N."}, {"broken", "\x80\x03K"}, {"c", "I1\n."}});
  EXPECT_TRUE(looks_like_shelf(mostly));
  Fixed nothing({});
  EXPECT_FALSE(looks_like_shelf(nothing));
  ShelfOptions latin1;
  latin1.key_encoding = KeyEncoding::latin1;
  Fixed third(pairs);
  EXPECT_EQ(values_of(third, latin1).count("'\\xe9'"), 1u);
}

TEST(Shelf, KnowsPythonsNamesOfEncodings) {
  EXPECT_EQ(parse_key_encoding("UTF-8"), KeyEncoding::utf8);
  EXPECT_EQ(parse_key_encoding("latin_1"), KeyEncoding::latin1);
  EXPECT_EQ(parse_key_encoding("iso-8859-1"), KeyEncoding::latin1);
  EXPECT_EQ(parse_key_encoding("us-ascii"), KeyEncoding::ascii);
  EXPECT_EQ(parse_key_encoding("utf_16_le"), KeyEncoding::utf16_le);
  EXPECT_EQ(parse_key_encoding("windows-1252"), KeyEncoding::cp1252);
  EXPECT_FALSE(parse_key_encoding("shift_jis"));
}

// Each key as bytes.decode() of the Pythons here gives it.
TEST(Shelf, DecodesKeysAsPythonDoes) {
  const dbm::TemporaryFolder folder;
  dbm::write_file(
      folder.path("decode.py"),
      "import itertools, sys\n"
      "keys = [bytes([i]) for i in range(256)] + [b'', b'caf\\xc3\\xa9', b'\\xed\\xa0\\x80']\n"
      "few = [0, 0x41, 0xd8, 0xdc, 0xfe, 0xff, 0x10]\n"
      "for n in 2, 4: keys += [bytes(k) for k in itertools.product(few, repeat=n)]\n"
      "keys += [b'\\x3d\\xd8\\x00\\xde', b'\\xff\\xfe\\x3d\\xd8\\x00\\xde', "
      "b'a\\0\\x3d\\xd8b\\0',\n"
      "         b'\\xff\\xfe\\0\\0A\\0\\0\\0', b'\\0\\0\\xfe\\xff\\0\\1\\xf6\\0', b'abc', "
      "b'abcde']\n"
      "for codec in sys.argv[1:]:\n"
      "    for key in keys:\n"
      "        try: text = '+' + key.decode(codec).encode().hex()\n"
      "        except UnicodeDecodeError: text = '-'\n"
      "        print(codec, '.' + key.hex(), text)\n");
  std::size_t asked = 0;
  for (const auto& [version, program] : dbm::found_pythons()) {
    if (version.major == 2) continue;
    std::istringstream lines(dbm::output_of(
        "'" + program + "' " + folder.path("decode.py") +
        " utf-8 latin-1 ascii cp1252 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be"));
    const auto bytes_of = [](const std::string& hex) {
      std::string bytes;
      for (std::size_t i = 1; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
      return bytes;
    };
    for (std::string codec, key, text; lines >> codec >> key >> text; ++asked) {
      Graph graph;
      const std::string bytes = bytes_of(key);
      const NodeId decoded = decode_key(graph, as_bytes(bytes), *parse_key_encoding(codec));
      ASSERT_EQ(decoded != no_node, text[0] == '+') << program << " " << codec << " " << key;
      if (decoded != no_node) {
        ASSERT_EQ(graph.text(decoded), bytes_of(text)) << program << " " << codec << key;
      }
    }
  }
  EXPECT_GT(asked, 20000u) << "no Python";
}

}  // namespace
}  // namespace assay::shelve
