// `assay show`, `dis`, `asm`, `diff` and `encode` as a user meets them.
#include "harness/command/cli_for_tests.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace assay {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST_F(CliTest, ShowDecodesEveryPickleOfAFile) {
  const Ended one = run("show " + write("one.pickle", "(I1\nI2\ntp0\n."));
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(one.out, "(1, 2)\n");
  const Ended two = run("show " + write("two.pickle", "N.I1\n."));
  EXPECT_EQ(two.out, "# 1 of 2, offset 0x0, 2 bytes\nNone\n# 2 of 2, offset 0x2, 4 bytes\n1\n");
  const json list = json::parse(run("show --json two.pickle").out);
  ASSERT_THAT(list, SizeIs(2));
  EXPECT_EQ(list[1]["offset"], 2);
  EXPECT_EQ(list[1]["value"], "1");
  EXPECT_EQ(list[1]["json"], 1);
  const json refused = json::parse(run("show --json one.pickle").out)[0]["not_json"];
  EXPECT_EQ(refused["type"], "tuple");
  EXPECT_EQ(refused["why"], "it would come back as a list");
}

TEST_F(CliTest, ShowNamesFileOffsetAndField) {
  const Ended cut = run("show " + write("cut.pickle", "(I1\nJ\1\2"));
  EXPECT_EQ(cut.status, 2);
  EXPECT_THAT(cut.err, AllOf(HasSubstr("cut.pickle: at 0x4: BININT: "), HasSubstr("truncated")));
  const Ended behind = run("show " + write("behind.pickle", "N.\xff"));
  EXPECT_EQ(behind.status, 2);
  EXPECT_EQ(behind.out, "None\n");
  EXPECT_THAT(behind.err, HasSubstr("at 0x2: opcode: behind the last pickle: "));
  EXPECT_THAT(run("show nothing.pickle").err, HasSubstr("nothing.pickle: there is no such file"));
  EXPECT_THAT(run("show " + write("empty.pickle", "")).err, HasSubstr("at 0x0: end of file: "));
  const Ended sqlite = run("show " + write("x.db", std::string("SQLite format 3\0......", 22)));
  EXPECT_EQ(sqlite.status, 2);
  EXPECT_THAT(sqlite.err, HasSubstr("x.db: at 0x10: page size: malformed: "));
}

// The database is in corpus/sqlite; what it holds is what its recipe says.
TEST_F(CliTest, ShowPrintsADatabase) {
  const std::string file = ASSAY_SOURCE_DIR "/corpus/sqlite/memos.db";
  const Ended shown = run("show " + file);
  EXPECT_EQ(shown.status, 0);
  EXPECT_EQ(shown.out,
            "{'schema': [\n"
            "  ('table', 'memos', 'memos', 2, "
            "'CREATE TABLE memos(key INTEGER PRIMARY KEY, task TEXT)')],\n"
            " 'rows': {\n"
            "  'memos': [\n"
            "   (1, 'give food to fish'),\n"
            "   (2, None)]}}\n");
  const json document = json::parse(run("show --json " + file).out);
  EXPECT_EQ(document["page_size"], 512);
  EXPECT_EQ(document["value"].get<std::string>() + "\n", shown.out);
  EXPECT_EQ(run("show --check " + file).out, "no faults in 2 pages of 512 bytes\n");
  EXPECT_EQ(run("show --table other " + file).status, 2);
  EXPECT_EQ(run("show --iterdump --as cpython-3.12-c " + file).out,
            "BEGIN TRANSACTION;\n"
            "CREATE TABLE memos(key INTEGER PRIMARY KEY, task TEXT);\n"
            "INSERT INTO \"memos\" VALUES(1,'give food to fish');\n"
            "INSERT INTO \"memos\" VALUES(2,NULL);\n"
            "COMMIT;\n");
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  ASSERT_EQ(bytes.size(), 1024u);
  bytes[512 + 7] = 5;  // fragmented bytes of page 2
  const Ended faulty = run("show --check " + write("faulty.db", bytes));
  EXPECT_EQ(faulty.status, 1);
  EXPECT_EQ(faulty.out, "page 2: 0 bytes are fragments, and the page says 5\n");
}

TEST_F(CliTest, ShowReadsAsAProfile) {
  const std::string file = write("octal.pickle", "I010\n.");
  EXPECT_EQ(run("show --as cpython-3.9-c " + file).out, "8\n");
  EXPECT_EQ(run("show --as cpython-2.7-py " + file).out, "10\n");
  EXPECT_EQ(run("show --as cpython-3.9-py " + file).status, 2);
  const Ended wrong = run("show --as python3 " + file);
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("cpython-2.7-c"));
}

TEST_F(CliTest, ShowExecutesNothing) {
  const std::string file = write("evil.pickle", "cos\nsystem\n(S'echo bad'\ntR.");
  EXPECT_EQ(run("show " + file).out, "call(global('os', 'system'), 'echo bad')\n");
}

TEST_F(CliTest, ShowReadsDbmFilesAndShelves) {
  write("plain.dir", "'k', (0, 5)\n'\\xff', (512, 0)\n");
  write("plain.dat", "value");
  const Ended plain = run("show plain");
  EXPECT_EQ(plain.status, 0);
  EXPECT_THAT(plain.out, AllOf(HasSubstr("# plain.dir: dbm.dumb\n"), HasSubstr("'dumbdbm'"),
                               HasSubstr("{\nb'k': b'value',\nb'\\xff': b'',\n}\n")));
  EXPECT_LE(widest_line(plain.out), 80u);
  EXPECT_EQ(run("show plain.dat").out, plain.out);
  const json object = json::parse(run("show --json plain").out);
  EXPECT_EQ(object["format"], "dbm.dumb");
  EXPECT_EQ(object["entries"][0], json::array({"b'k'", "b'value'"}));

  write("my.shelf.dir", "'a', (0, 4)\n'b', (512, 4)\n");
  write("my.shelf.dat", "I7\n." + std::string(508, '\0') + "I8\nx");
  EXPECT_THAT(run("show --format dbm my.shelf").out, HasSubstr("b'a': b'I7\\n.'"));
  const Ended shelf = run("show --format shelve my.shelf");
  EXPECT_EQ(shelf.status, 1);
  EXPECT_THAT(shelf.out, HasSubstr("{\n'a': 7,\n}\n"));
  EXPECT_THAT(shelf.err, HasSubstr("'b': at 0x3 of the value: UnpicklingError"));
}

TEST_F(CliTest, ShowDecodesKeysAsItIsTold) {
  write("s.dir", "'\xe9', (0, 4)\n'a', (512, 4)\n");
  write("s.dat", "I7\n." + std::string(508, '\0') + "I8\n.");
  const Ended utf8 = run("show s");
  EXPECT_EQ(utf8.status, 1);
  EXPECT_THAT(utf8.err, HasSubstr("b'\\xe9': the key does not decode as utf-8 "
                                  "(UnicodeDecodeError); --key-encoding latin-1"));
  EXPECT_THAT(run("show --key-encoding cp1252 s").out, HasSubstr("'\\xe9': 7"));
  const Ended utf16 = run("show --key-encoding utf-16 s");
  EXPECT_THAT(utf16.err, HasSubstr("b'a': the key does not decode as utf-16"));
  const Ended other = run("show --key-encoding koi8-r s");
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("cp1252"), HasSubstr("utf-32-be")));
}

TEST_F(CliTest, ShowSalvagesWhatIsIntact) {
  write("torn.dir", "'a', (0, 1)\n'b', (1,\n'c', (2, 1)\n");
  write("torn.dat", "xyz");
  const Ended strict = run("show torn");
  EXPECT_EQ(strict.status, 2);
  EXPECT_THAT(strict.err, AllOf(HasSubstr("torn.dir: at 0x14: "), HasSubstr("--salvage")));
  const Ended salvaged = run("show --salvage torn");
  EXPECT_EQ(salvaged.status, 1);
  EXPECT_THAT(salvaged.out, HasSubstr("{\nb'a': b'x',\nb'c': b'z',\n}\n"));
  EXPECT_THAT(salvaged.err, HasSubstr("torn.dir: at 0x14: "));
  const Ended identified = run("show --identify torn");
  EXPECT_EQ(identified.status, 0);
  EXPECT_THAT(identified.out, Not(HasSubstr("{")));
  EXPECT_EQ(run("show --identify " + write("x.pickle", "N.")).status, 2);
}

// What a program parses is one value, whatever ends the reading.
TEST_F(CliTest, ShowPrintsWholeJsonWhereAFaultEndsIt) {
  write("torn.dir", "'a', (0, 1)\n'b', (512,\n");
  write("torn.dat", "xyz");
  const Ended index = run("show --json torn");
  EXPECT_EQ(index.status, 2);
  json object = json::parse(index.out);
  EXPECT_EQ(object["error"]["offset"], 22) << "where the second line ends";
  EXPECT_THAT(object["error"]["what"].get<std::string>(), HasSubstr("at 0x16"));
  EXPECT_TRUE(object["error"].contains("field"));
  EXPECT_EQ(object["format"], "dbm.dumb");

  // The second value's pair is no pair of numbers: the first entry was printed.
  write("late.dir", "'a', (0, 1)\n'b', ('x', 1)\n");
  write("late.dat", "xyz");
  const Ended late = run("show --json late");
  EXPECT_EQ(late.status, 2);
  object = json::parse(late.out);
  EXPECT_EQ(object["entries"], json::parse("[[\"b'a'\", \"b'x'\"]]"));
  EXPECT_EQ(object["error"]["field"], "pair");

  const std::string data = ASSAY_SOURCE_DIR "/corpus/dbm/data/";
  for (const char* file : {"damaged-gdbm/block-size-zero", "damaged-gdbm/cut-in-half",
                           "damaged-hash/cut-in-half", "sqlite3-variants/cut-after-page",
                           "sqlite3-variants/key-text", "sqlite3-variants/second-page-zero"}) {
    const Ended ended = run("show --json " + data + file);
    EXPECT_EQ(ended.status, 2) << file;
    EXPECT_TRUE(json::parse(ended.out)["error"]["offset"].is_number()) << file;
  }
  const Ended sqlite =
      run("show --json --format sqlite " + data + "sqlite3-variants/cut-after-page");
  EXPECT_EQ(json::parse(sqlite.out)["error"]["field"], "database size");
  const Ended marshal = run("show --json --format marshal " + write("x.marshal", "[\2"));
  EXPECT_EQ(marshal.status, 2);
  EXPECT_TRUE(json::parse(marshal.out)["error"]["offset"].is_number());
  // A name that is no UTF-8.
  write("\xff.dir", "'a', (0, 1)\n");
  write("\xff.dat", "x");
  EXPECT_EQ(json::parse(run("show --json \xff").out)["format"], "dbm.dumb");
}

TEST_F(CliTest, DiffShowsWhereProfilesPart) {
  const std::string octal = write("octal.pickle", "(I0\nI010\nt.");
  const Ended ended = run("diff " + octal);
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("(0, 8)"), HasSubstr("(0, 10)"), HasSubstr("ValueError"),
                               HasSubstr("parts from the first at 0x4: INT '010'")));
  EXPECT_LE(widest_line(ended.out), 80u);
  const json list = json::parse(run("diff --json " + octal).out);
  EXPECT_GE(list.size(), 3u);
  EXPECT_EQ(list[1]["parts_at"], 4);
  const Ended same = run("diff " + write("none.pickle", "N."));
  EXPECT_EQ(same.status, 0);
  EXPECT_THAT(same.out, HasSubstr("profiles agree"));
}

TEST_F(CliTest, AssemblyComesBack) {
  const std::string bytes(
      "\x80\x04]\x94(K\x01X\x02\0\0\0\xc3\xa9"
      "e.\xff",
      17);
  write("a.pickle", bytes);
  write("a.asm", run("dis --asm a.pickle").out);
  EXPECT_EQ(run("asm a.asm -o b.pickle").status, 0);
  EXPECT_EQ(text_of(folder_ / "b.pickle"), bytes);
  EXPECT_EQ(run("asm --hex a.asm").out, "80045d94284b015802000000c3a9652eff\n");
  const Ended wrong = run("asm " + write("wrong.asm", "NONE\nINT 5\n"));
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("wrong.asm"), HasSubstr("line 2, column 5")));
  const json listing = json::parse(run("dis --json a.pickle").out);
  EXPECT_EQ(listing["instructions"][0]["opcode"], "PROTO");
  EXPECT_EQ(listing["error"]["offset"], 16);
  EXPECT_EQ(listing["rest"], "ff");
}

// Bytes of _pickle and pickle.py of 3.13.0, cPickle of 2.7.18, marshal of 3.13.0.
TEST_F(CliTest, EncodeWritesAsAProfile) {
  const std::string value = write("value.txt", "[1, &1 'ab', *1]\n");
  EXPECT_EQ(run("encode --hex " + value).out,
            "8004950e000000000000005d94284b018c02616294680165"
            "2e\n");
  EXPECT_EQ(run("encode --hex --protocol 2 --as cpython-2.7-c " + value).out,
            "80025d7101284b0158020000006162710268026"
            "52e\n");
  EXPECT_EQ(run("encode --hex --protocol 0 --fast " + value).out,
            "286c49310a615661620a615661620a612e\n");
  EXPECT_EQ(run("encode --hex --protocol 2 --optimize " + value).out,
            "80025d284b015802000000616271006800652e\n");
  EXPECT_EQ(run("encode --hex --format marshal --protocol 4 " + write("none.txt", "None")).out,
            "4e\n");
  EXPECT_EQ(run("encode -o out.pickle " + value).status, 0);
  EXPECT_EQ(run("show out.pickle").out, "[1, 'ab', 'ab']\n");
  const Ended buffers = run("encode --hex --protocol 5 --buffer w:6162 --out-of-band " +
                            write("buffer.txt", "buffer(0)"));
  EXPECT_EQ(buffers.out, "8005972e\n");
  EXPECT_THAT(buffers.err, HasSubstr("buffer(0)"));
  EXPECT_EQ(
      run("encode --hex --protocol 2 --extension 240=m:C " + write("name.txt", "global('m', 'C')"))
          .out,
      "800282f02e\n");
}

TEST_F(CliTest, EncodeSaysWhatIsRefusedAndWhatIsNoValue) {
  const Ended refused = run("encode --protocol 0 " + write("local.txt", "global('m', '<locals>')"));
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("cpython-3.13-c refuses it: AttributeError"));
  const Ended wrong = run("encode " + write("wrong.txt", "[1, "));
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("wrong.txt: "));
  EXPECT_EQ(run("encode --extension five=m:C " + path("local.txt")).status, 2);
  EXPECT_EQ(run("encode --buffer 5 " + path("local.txt")).status, 2);
  EXPECT_EQ(run("encode --as cpython-9.9-c " + path("local.txt")).status, 2);
}

}  // namespace
}  // namespace assay
