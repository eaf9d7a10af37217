// Values and column names as the sqlite3 module of every CPython gives them.
#include "reference/sqlite/conversion.h"

#include "reference/sqlite/python_for_tests.h"
#include "reference/value/text.h"

namespace assay::sqlite {
namespace {

using ConversionTest = SqliteTest;

// Prints each column's name, then each value of each row, fetched alone, as value
// text. An exception is "!Class".
constexpr const char* script = R"py(
# -*- coding: utf-8 -*-
import sqlite3, sys, io, datetime, warnings
warnings.simplefilter('ignore')
two = sys.version_info[0] == 2
def shown(value):
    if value is None: return 'None'
    if isinstance(value, datetime.datetime):
        return "call(global('datetime', 'datetime'), %d, %d, %d, %d, %d, %d, %d)" % (
            value.year, value.month, value.day, value.hour, value.minute, value.second,
            value.microsecond)
    if isinstance(value, datetime.date):
        return "call(global('datetime', 'date'), %d, %d, %d)" % (value.year, value.month, value.day)
    if two and isinstance(value, buffer): return "call(global('__builtin__', 'buffer'), b%r)" % str(value)
    if two and isinstance(value, unicode): return repr(value)[1:]
    if two and isinstance(value, str): return 'b' + repr(value)
    if isinstance(value, str): return ascii(value)
    return repr(value)
out = io.open(sys.argv[1], 'wb')
def line(text): out.write((text + '\n').encode('ascii'))
for factory in (None, bytes, bytearray):
    for detect in range(4):
        connection = sqlite3.connect(sys.argv[2], detect_types=detect)
        if factory is not None: connection.text_factory = factory
        cursor = connection.execute('SELECT * FROM t LIMIT 0')
        names = [d[0] for d in cursor.description]
        for name in names: line(shown(name if not two else name.decode('utf-8')))
        for rowid in range(1, int(sys.argv[3]) + 1):
            for column, declared in enumerate(sys.argv[4:]):
                try:
                    sql = u'SELECT "%s" FROM t WHERE rowid = ?' % declared
                    line(shown(connection.execute(sql, (rowid,)).fetchone()[0]))
                except Exception as error:
                    line('!' + type(error).__name__)
out.close()
)py";

TEST_F(ConversionTest, AsEveryPythonConverts) {
  const std::vector<Python> found = pythons();
  ASSERT_FALSE(found.empty()) << "a CPython with sqlite3 is needed as the oracle of this test";
  std::ofstream(path("values.py")) << script + 1;
  const std::vector<std::string> columns = {"plain",         "d", "ts", "sized", "named [date]",
                                            "x[timestamp] y"};
  const std::vector<std::string> values = {"NULL",
                                           "1",
                                           "1.5",
                                           "'text'",
                                           "x'00ff'",
                                           "''",
                                           "x''",
                                           "'2026-01-31'",
                                           "'2026-02-29'",
                                           "'2024-02-29'",
                                           "'0000-01-01'",
                                           "'1-1'",
                                           "'1-2-3-4'",
                                           "' 2026 - 1 - 2 '",
                                           "'99999999999-1-1'",
                                           "'20_26-1-1'",
                                           "20260131",
                                           "'2026-01-31 12:34:56'",
                                           "'2026-01-31 12:34:56.5'",
                                           "'2026-01-31 12:34:56.1234567'",
                                           "'2026-01-31 24:00:00'",
                                           "'2026-01-31T12:34:56'",
                                           "'2026-01-31 12:34'",
                                           "'2026-01-31 12:34:56.1.2'",
                                           "'2026-01-31 12:34:56.'",
                                           "'2026-01-31 12:34:56.-1'",
                                           "'2026-1-1 1:2:99999999999'",
                                           "CAST(x'ff' AS TEXT)",
                                           "CAST(x'eda080' AS TEXT)",
                                           "'2026-01-31 12:34:56.' || CAST(x'ff' AS TEXT)"};
  for (const char* encoding : {"UTF-8", "UTF-16le"}) {
    const std::string file = path(std::string(encoding) + ".db");
    {
      Real real(file);
      ASSERT_TRUE(real.run(fmt::format(
          "PRAGMA encoding='{}'; CREATE TABLE t(plain, d DATE, ts TIMESTAMP NOT NULL DEFAULT 0,"
          " sized date(10), \"named [date]\" BLOB, \"x[timestamp] y\")",
          encoding)));
      for (const std::string& value : values)
        real.run("INSERT INTO t SELECT v, v, coalesce(v, 5), v, v, v FROM (SELECT " + value +
                 " AS v)");
    }
    const Database database(file);
    const Table table = database.table("t");
    for (const Python& python : found) {
      const std::string out = path("out");
      std::string command = fmt::format("'{}' '{}' '{}' '{}' {}", python.program, path("values.py"),
                                        out, file, values.size());
      for (const std::string& column : columns) command += " '" + column + "'";
      ASSERT_EQ(std::system(command.c_str()), 0) << command;
      std::ifstream in(out, std::ios::binary);
      const std::string theirs{std::istreambuf_iterator<char>(in), {}};

      std::string ours;
      for (const TextFactory factory :
           {TextFactory::str, TextFactory::bytes, TextFactory::bytearray})
        for (int detect = 0; detect < 4; ++detect) {
          const Conversion conversion(
              table.definition, database.header().encoding,
              {python.version, factory, (detect & 1) != 0, (detect & 2) != 0});
          Graph graph;
          for (std::size_t i = 0; i < columns.size(); ++i)
            ours +=
                print(graph, graph.string(graph.keep(as_bytes(conversion.column_name(i))))) + "\n";
          Rows rows(database, table);
          while (rows.next())
            for (std::size_t i = 0; i < columns.size(); ++i) {
              try {
                ours += print(graph, conversion.value(graph, rows.row()[i], i)) + "\n";
              } catch (const PythonError& error) {
                ours += "!" + error.exception() + "\n";
              }
            }
        }
      EXPECT_EQ(ours, theirs) << python.program << " " << encoding;
    }
  }
}

}  // namespace
}  // namespace assay::sqlite
