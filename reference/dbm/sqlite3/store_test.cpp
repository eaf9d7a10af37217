// dbm.sqlite3's files, made by the Pythons that have it.
#include "reference/dbm/sqlite3/store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

// A database that a program of any Python with sqlite3 has written: the program is
// given its path and the argument.
std::string written_by_python(const TemporaryFolder& folder, const std::string& program_text,
                              const std::string& argument = "") {
  write_file(folder.path("write.py"), program_text);
  const std::string path = folder.path("db");
  for (const auto& [version, program] : found_pythons())
    if (version.major == 3 && !readable(path))
      output_of("'" + program + "' " + folder.path("write.py") + " " + path + " " + argument +
                " 2>/dev/null");
  return path;
}

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

// Cut at every page: an entry whose row, and pages behind it, lie before the cut comes
// back.
class Sqlite3Cut : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(SecureDelete, Sqlite3Cut, testing::Values("on", "off"));

TEST_P(Sqlite3Cut, SalvagesWhatIsBeforeIt) {
  const TemporaryFolder folder;
  const std::string path = written_by_python(
      folder,
      "import sys, sqlite3\n"
      "db = sqlite3.connect(sys.argv[1])\n"
      "db.execute('PRAGMA page_size = 512')\n"
      "db.execute('PRAGMA secure_delete = ' + sys.argv[2])\n"
      "db.execute('CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)')\n"
      "for i in range(300):\n"
      "    token = b'<%d>' % i\n"
      "    value = token * (400 if i % 37 == 5 else 1 + i % 9)\n"
      "    db.execute('REPLACE INTO Dict VALUES (?, ?)', (b'key %d' % i, value))\n"
      "db.commit()\n"
      "db.execute('DELETE FROM Dict WHERE rowid BETWEEN 60 AND 120')\n"
      "db.commit(); db.close(); print('written')\n",
      GetParam());
  ASSERT_TRUE(readable(path)) << "no Python with sqlite3";
  const std::string whole = read_file(path);
  const auto found = identify(path);
  Pairs all = all_of(*open_store(*found, {3, 13}, {})->stream);
  ASSERT_EQ(all.size(), 239u);
  std::sort(all.begin(), all.end());
  // The last page on which a piece of the value stands: of the row's own leaf, of what
  // follows it, of what moving rows left behind where it was not overwritten.
  // A row without pages of its own may stand on the first such page, too.
  std::map<std::string, std::size_t> last_page, first_page;
  for (const auto& [key, value] : all) {
    const std::string token = value.substr(0, value.find('>') + 1);
    last_page[key] = whole.rfind(token) / 512;
    first_page[key] = value.size() > 512 ? last_page[key] : whole.find(token) / 512;
  }
  for (std::size_t pages = 1; pages < whole.size() / 512; ++pages) {
    write_file(folder.path("cut"), whole.substr(0, 512 * pages));
    const auto opened = open_store(*identify(folder.path("cut")), {3, 13}, {.salvage = true});
    Pairs recovered = all_of(*opened->stream), least, most;
    for (const auto& pair : all)
      for (auto [page_of, into] : {std::pair(&last_page, &least), std::pair(&first_page, &most)})
        if ((*page_of)[pair.first] < pages) into->push_back(pair);
    std::sort(recovered.begin(), recovered.end());
    EXPECT_TRUE(std::includes(recovered.begin(), recovered.end(), least.begin(), least.end()))
        << "cut at page " << pages;
    // Deleted rows that were not overwritten come back where the list of free pages
    // is behind the cut.
    if (GetParam() == std::string("on")) {
      EXPECT_TRUE(std::includes(most.begin(), most.end(), recovered.begin(), recovered.end()))
          << "cut at page " << pages;
    }
    EXPECT_FALSE(opened->stream->losses().empty());
    EXPECT_THROW((void)open_store(*identify(folder.path("cut")), {3, 13}, {}), std::runtime_error);
  }
  const auto sound = open_store(*found, {3, 13}, {.salvage = true});
  Pairs again = all_of(*sound->stream);
  std::sort(again.begin(), again.end());
  EXPECT_TRUE(again == all);
  EXPECT_TRUE(sound->stream->losses().empty());
}

// What was put in by hand is no entry, and hides no other.
TEST(Sqlite3, SalvagesAWholeTreeWithOddRows) {
  const TemporaryFolder folder;
  const std::string path = written_by_python(
      folder,
      "import sys, sqlite3\n"
      "db = sqlite3.connect(sys.argv[1])\n"
      "db.execute('CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)')\n"
      "db.execute('CREATE TABLE other (p BLOB, q BLOB)')\n"
      "db.execute('INSERT INTO other VALUES (?, ?)', (b'ZZ', b'YY'))\n"
      "for i in range(50):\n"
      "    db.execute('INSERT INTO Dict VALUES (?, ?)', (b'key %d' % i, b'v'))\n"
      "db.execute('INSERT INTO Dict VALUES (?, ?)', ('text', 1))\n"
      "db.execute('ALTER TABLE Dict ADD COLUMN extra')\n"
      "db.commit(); db.close()\n");
  ASSERT_TRUE(readable(path)) << "no Python with sqlite3";
  const auto opened = open_store(*identify(path), {3, 13}, {.salvage = true});
  const Pairs saved = all_of(*opened->stream);
  EXPECT_EQ(saved.size(), 50u);
  for (const auto& [key, value] : saved) EXPECT_EQ(value, "v") << key;
  ASSERT_EQ(opened->stream->losses().size(), 1u);
  EXPECT_THROW(all_of(*open_store(*identify(path), {3, 13}, {})->stream), DecodeError);
}

// The tables of this machine's Python, whose keys() and values are asked beside what
// is read here.
constexpr const char* shapes_program = R"(
import os, sqlite3, sys
import dbm.sqlite3
path = sys.argv[1]
standard = 'CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)'
plain = 'CREATE TABLE Dict (key BLOB, value BLOB)'
shapes = {
    'standard': [standard],
    'other-order': ['CREATE TABLE Dict (value BLOB NOT NULL, key BLOB UNIQUE NOT NULL)'],
    'without-rowid': ['CREATE TABLE Dict (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID'],
    'descending': [standard, 'CREATE INDEX d ON Dict (key DESC)'],
    'nocase': [standard, 'CREATE INDEX d ON Dict (key COLLATE NOCASE DESC)'],
    'partial': [standard, 'CREATE INDEX d ON Dict (key DESC) WHERE length(key) > 2'],
    'both': [standard, 'CREATE INDEX d ON Dict (key, value)'],
    'primary-descending': ['CREATE TABLE Dict (key BLOB PRIMARY KEY DESC, value BLOB)'],
    'unique-value': ['CREATE TABLE Dict (key BLOB, value BLOB UNIQUE, UNIQUE (key))'],
    'unique-both': ['CREATE TABLE Dict (key BLOB, value BLOB, UNIQUE (value, key))'],
    'not-unique': [plain],
    'not-unique-index': [plain, 'CREATE INDEX d ON Dict (key DESC)'],
    'generated': ['CREATE TABLE Dict (a, key BLOB AS (a) STORED UNIQUE, value BLOB)'],
    'none': ['CREATE TABLE Other (key BLOB, value BLOB)'],
    'no-key': ['CREATE TABLE Dict (name BLOB, value BLOB)'],
    'no-value': ['CREATE TABLE Dict (key BLOB, worth BLOB)'],
    'text': ['CREATE TABLE Dict (key, value)'],
    'view': ['CREATE TABLE D (key, value)', 'CREATE VIEW Dict AS SELECT * FROM D'],
}
for name, statements in shapes.items():
    db = sqlite3.connect(path + name)
    for statement in statements: db.execute(statement)
    columns = [row[1] for row in db.execute('PRAGMA table_info(Dict)')]
    keys = [b'key %d' % (i * 7 % 50) for i in range(50)]
    if name == 'text': keys[7] = 'text'
    for i, key in enumerate(keys):
        if name == 'generated': db.execute('INSERT INTO Dict (a, value) VALUES (?, ?)', (key, b'%d' % i))
        elif 'key' in columns and 'value' in columns and name != 'view':
            db.execute('INSERT INTO Dict (key, value) VALUES (?, ?)', (key, b'%d' % i))
        elif name == 'no-value': db.execute('INSERT INTO Dict VALUES (?, ?)', (key, b'%d' % i))
    db.commit(); db.close()
hot = sqlite3.connect(path + 'hot')
hot.execute(standard); hot.execute('INSERT INTO Dict VALUES (?, ?)', (b'a', b'1'))
hot.commit(); hot.close()
if os.fork() == 0:
    hot = sqlite3.connect(path + 'hot', isolation_level=None)
    hot.execute('PRAGMA cache_size = 1'); hot.execute('BEGIN')
    for i in range(300): hot.execute('INSERT INTO Dict VALUES (?, ?)', (b'n%d' % i, b'x' * 999))
    os._exit(0)
os.wait()
for name in list(shapes) + ['hot']:
    db = dbm.sqlite3.open(path + name, 'r')
    try:
        pairs = [(key, db[key]) for key in db.keys()]
        print(name, 'reads', *(key.hex() + '=' + value.hex() for key, value in pairs))
    except (KeyError, dbm.sqlite3.error) as error:
        print(name, type(error).__name__)
)";

TEST(Sqlite3, TablesOfOtherShapesAreReadAsDbmSqlite3ReadsThem) {
  const TemporaryFolder folder;
  write_file(folder.path("shapes.py"), shapes_program);
  std::string output;
  for (const auto& [version, program] : found_pythons())
    if (version >= Python{3, 13} && output.empty())
      output = output_of("'" + program + "' " + folder.path("shapes.py") + " " + folder.path(""));
  ASSERT_FALSE(output.empty()) << "no Python with dbm.sqlite3";
  std::istringstream lines(output);
  std::size_t reads = 0, raises = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, said;
    words >> name >> said;
    const auto found = identify(folder.path(name));
    ASSERT_TRUE(found) << name;
    const std::string claim =
        python_answers(*found, NdbmLibrary::none, open_as_dbm_sqlite3).back().opens;
    if (said != "reads") {
      EXPECT_TRUE(claim.starts_with("dbm.open() opens it with dbm.sqlite3, not whole: "))
          << line << ": " << claim;
      EXPECT_TRUE(claim.ends_with(said == "error" ? "reading raises error" : ", then KeyError"))
          << line << ": " << claim;
      ++raises;
      continue;
    }
    if (name == "view") {
      EXPECT_EQ(claim, "dbm.open() gives it to dbm.sqlite3; Dict is a view");
      continue;
    }
    EXPECT_EQ(claim, "dbm.open() reads it with dbm.sqlite3") << name;
    std::string expected, given;
    for (std::string word; words >> word;) expected += word + " ";
    const auto hex = [](Bytes bytes) {
      std::string digits;
      for (const std::uint8_t byte : bytes) digits += fmt::format("{:02x}", byte);
      return digits;
    };
    const auto opened = open_store(*found, {3, 13}, {});
    for (Entry entry; opened->stream->next(entry);)
      given += hex(entry.key) + "=" + hex(entry.value) + " ";
    EXPECT_EQ(given, expected) << name;
    Entry entry;
    EXPECT_TRUE(opened->stream->find(as_bytes("key 13"), entry)) << name;
    EXPECT_FALSE(opened->stream->find(as_bytes("key 130"), entry)) << name;
    ++reads;
  }
  EXPECT_EQ(reads, 13u);
  EXPECT_EQ(raises, 5u);
}

// A leaf of Dict is broken: of the others only rows of Dict come back, from its
// columns, and each row that is no entry is reported.
TEST(Sqlite3, SalvagesRowsOfDictAlone) {
  const TemporaryFolder folder;
  const std::string path = written_by_python(
      folder,
      "import sys, sqlite3\n"
      "db = sqlite3.connect(sys.argv[1])\n"
      "db.execute('PRAGMA page_size = 512')\n"
      "db.execute('CREATE TABLE other (p BLOB, q BLOB)')\n"
      "db.execute('CREATE TABLE Dict (value BLOB, key BLOB UNIQUE)')\n"
      "for i in range(200):\n"
      "    db.execute('INSERT INTO Dict VALUES (?, ?)', (b'value %d' % i, b'key %d' % i))\n"
      "    db.execute('INSERT INTO other VALUES (?, ?)', (b'other %d' % i, b'no'))\n"
      "for i in range(3): db.execute('INSERT INTO Dict VALUES (?, ?)', (i, 'text %d' % i))\n"
      "db.commit()\n"
      "db.close()\n");
  ASSERT_TRUE(readable(path)) << "no Python with sqlite3";
  std::string bytes = read_file(path);
  const std::size_t at = bytes.find("value 100") / 512 * 512;
  bytes.replace(at, 512, std::string(512, '\0'));
  write_file(folder.path("broken"), bytes);
  const auto opened = open_store(*identify(folder.path("broken")), {3, 13}, {.salvage = true});
  const Pairs saved = all_of(*opened->stream);
  EXPECT_GT(saved.size(), 150u);
  EXPECT_LT(saved.size(), 200u);
  for (const auto& [key, value] : saved) EXPECT_EQ(value, "value " + key.substr(4));
  std::size_t rows = 0;
  for (const Loss& loss : opened->stream->losses())
    rows += loss.what.find("is no entry") != std::string::npos;
  EXPECT_EQ(rows, 3u);
  EXPECT_EQ(opened->stream->losses().size(), 5u) << "why, the page, the rows";
}

TEST(Sqlite3, IsNotEveryDatabase) {
  const TemporaryFolder folder;
  write_file(folder.path("x"), "SQLite format 3");
  EXPECT_FALSE(is_dbm_sqlite3(folder.path("x")));
  EXPECT_FALSE(is_dbm_sqlite3(folder.path("absent")));
}

}  // namespace
}  // namespace assay::dbm
