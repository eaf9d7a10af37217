// dbm.sqlite3's files, made by the Pythons that have it.
#include "reference/dbm/sqlite3/store.h"

#include <gtest/gtest.h>

#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

TEST(Sqlite3, ReadsWhatPythonWrote) {
  const TemporaryFolder folder;
  // The table as Lib/dbm/sqlite3.py makes it, by any Python's sqlite3; from 3.13
  // on by dbm.sqlite3 itself. The order is that of the query in keys().
  write_file(
      folder.path("write.py"),
      "import sys, sqlite3, binascii\n"
      "path = sys.argv[1]\n"
      "model = dict((b'key %d' % (i * 7919 % 1000), b'v' * (i % 300)) for i in range(1000))\n"
      "model.update({b'': b'empty', b'empty': b'', b'\\xff\\0': b'large' * 20000})\n"
      "try:\n"
      "    import dbm.sqlite3\n"
      "    with dbm.sqlite3.open(path, 'n') as db:\n"
      "        for k in model: db[k] = model[k]\n"
      "        del db[b'key 5'], model[b'key 5']\n"
      "except ImportError:\n"
      "    db = sqlite3.connect(path)\n"
      "    db.execute('CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)')\n"
      "    for k in model: db.execute('REPLACE INTO Dict VALUES (?, ?)', (k, model[k]))\n"
      "    db.commit(); db.close()\n"
      "db = sqlite3.connect(path)\n"
      "for k, in db.execute('SELECT key FROM Dict'):\n"
      "    h = lambda b: binascii.hexlify(b).decode() or '-'\n"
      "    print(h(k), h(model[k]))\n");
  std::string used;
  for (const auto& [version, program] : found_pythons()) {
    if (version < Python{3, 11}) continue;
    const std::string path = folder.path("db" + std::to_string(version.minor));
    std::istringstream lines(
        output_of("'" + program + "' " + folder.path("write.py") + " " + path + " 2>/dev/null"));
    Pairs expected;
    const auto bytes = [](const std::string& hex) {
      std::string text;
      for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
      return text;
    };
    for (std::string key, value; lines >> key >> value;)
      expected.emplace_back(bytes(key), bytes(value));
    if (expected.empty()) continue;  // a Python without sqlite3
    used += " 3." + std::to_string(version.minor);
    EXPECT_TRUE(is_dbm_sqlite3(path));
    const auto found = identify(path);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->format, Format::sqlite);
    const auto opened = open_store(*found, version, {});
    EXPECT_TRUE(all_of(*opened->stream) == expected) << program;
    Entry entry;
    ASSERT_TRUE(opened->stream->find(as_bytes("empty"), entry));
    EXPECT_EQ(entry.value.size(), 0u);
    EXPECT_FALSE(opened->stream->find(as_bytes("absent"), entry));
  }
  std::printf("written by%s\n", used.c_str());
  EXPECT_FALSE(used.empty()) << "no Python with sqlite3";
}

TEST(Sqlite3, IsNotEveryDatabase) {
  const TemporaryFolder folder;
  write_file(folder.path("x"), "SQLite format 3");
  EXPECT_FALSE(is_dbm_sqlite3(folder.path("x")));
  EXPECT_FALSE(is_dbm_sqlite3(folder.path("absent")));
}

}  // namespace
}  // namespace assay::dbm
