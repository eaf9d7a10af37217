// .pyc files and marshalled data on the command line: show, dis, asm, diff,
// normal-form. The files are the corpus', with headers laid by hand (PEP 552).
#include "harness/command/cli_for_tests.h"

#include <gmock/gmock.h>

#include "reference/bytes/hex.h"

namespace assay {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class MarshalCli : public FolderTest {
 protected:
  // Writes a file of a header in hex and data.
  void write(const std::string& name, const std::string& header, std::string_view data) {
    std::ofstream(folder_ / name, std::ios::binary) << from_hex(header).value() << data;
  }
  // 3.13's header: magic number 3571, no flags, a time, a size of 0x1234.
  static std::string header(const std::string& time) {
    return "f30d0d0a00000000" + time + "34120000";
  }
  std::string code() const {
    return text_of(fs::path(ASSAY_SOURCE_DIR) /
                   "corpus/marshal/data/compiled-closures-3.13.marshal");
  }
};

TEST_F(MarshalCli, ShowsAPycWithItsHeader) {
  write("a.pyc", header("00e1f505"), code());
  const Ended shown = run("show a.pyc");
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out, StartsWith("# .pyc of Python 3.13, magic number 3571: from 3.13b1 on, "
                                    "that of the release\n"
                                    "# source of 1973-03-03 09:46:40 UTC, 4660 bytes\n"
                                    "code(argcount=0, "));
  write("alpha.pyc", "f00d0d0a000000000000000000000000", code());
  EXPECT_THAT(run("show alpha.pyc").out,
              StartsWith("# .pyc of Python 3.13, magic number 3568: from 3.13a1 on, before the "
                         "release's 3571\n"));
  write("h.pyc",
        "f30d0d0a03000000"
        "0123456789abcdef",
        code());
  EXPECT_THAT(run("show h.pyc").out,
              HasSubstr("# source hash efcdab8967452301, compared with the source\n"));
}

TEST_F(MarshalCli, ListsNestedCodeObjects) {
  write("a.pyc", header("00e1f505"), code());
  const Ended listed = run("dis a.pyc");
  EXPECT_EQ(listed.status, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("\ncode <module> (closures.py:1)\n"));
  EXPECT_THAT(listed.out,
              HasSubstr("\ncode outer.<locals>.middle.<locals>.inner (closures.py:8)\n"));
  EXPECT_EQ(run("dis --asm a.pyc > text && true").status, 0);
}

TEST_F(MarshalCli, AssemblyTextComesBack) {
  write("a.pyc", header("00e1f505"), code());
  ASSERT_EQ(run("dis --asm a.pyc").status, 0);
  fs::copy_file(folder_ / "out", folder_ / "text");
  ASSERT_EQ(run("asm --format marshal text -o b.pyc").status, 0);
  EXPECT_EQ(text_of(folder_ / "a.pyc"), text_of(folder_ / "b.pyc"));
}

TEST_F(MarshalCli, DiffSaysWhatReallyDiffers) {
  write("a.pyc", header("00e1f505"), code());
  write("b.pyc", header("01e1f505"), code());
  EXPECT_EQ(run("diff a.pyc a.pyc").status, 0);
  const Ended time = run("diff a.pyc b.pyc");
  EXPECT_EQ(time.status, 1);
  EXPECT_EQ(time.out, "time\n  -  100000000\n  +  100000001\n");
  // Flags that nothing refers to: the normal form has none of them.
  ASSERT_EQ(run("normal-form a.pyc -o n.pyc").status, 0);
  EXPECT_NE(text_of(folder_ / "a.pyc"), text_of(folder_ / "n.pyc"));
  EXPECT_THAT(run("diff a.pyc n.pyc").out, StartsWith("references: "));
  write("one", "5b0100000069", std::string("\1\0\0\0", 4));
  write("two", "5b0100000069", std::string("\2\0\0\0", 4));
  EXPECT_EQ(run("diff --format marshal one two").out, "value[0]\n  -  1\n  +  2\n");
}

TEST_F(MarshalCli, ErrorsNameFileOffsetAndField) {
  write("cut.pyc", header("00e1f505"), code().substr(0, 40));
  const Ended cut = run("show cut.pyc");
  EXPECT_EQ(cut.status, 2);
  EXPECT_THAT(cut.err, StartsWith("assay: cut.pyc: at 0x"));
  EXPECT_THAT(cut.err, HasSubstr("EOFError"));
  write("old.pyc", "b30c0d0a0000000000000000", "N");  // 3.4 to 3.5's alphas: 3251
  EXPECT_THAT(run("show old.pyc").err, HasSubstr("code objects of Python 3.4 are not known"));
  write("text", "", "nothing");
  EXPECT_THAT(run("normal-form text").err, HasSubstr("is no .pyc file"));
}

TEST_F(MarshalCli, RewriteReadsAndWritesEveryPycBelowAFolder) {
  fs::create_directories(folder_ / "lib" / "inner");
  write("lib/inner/one.pyc", header("00000000"), code());
  write("lib/two.pyc", header("00000000"), code());
  write("lib/three.txt", header("00000000"), code());
  const Ended good = run("rewrite lib --out again");
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_THAT(good.out, testing::ContainsRegex("3\\.13 +2 +[0-9]+ +0\n"));
  EXPECT_THAT(run("diff again/inner/one.pyc lib/two.pyc").out, StartsWith("references: "));
  EXPECT_EQ(run("rewrite again --like lib").status, 0);

  write("lib/two.pyc", header("00000000"), code() + "N");
  const Ended left_over = run("rewrite lib --json");
  EXPECT_EQ(left_over.status, 1);
  EXPECT_THAT(left_over.out, HasSubstr("\"files\":2"));
  EXPECT_THAT(left_over.out, HasSubstr("\"wrong\":1"));
  EXPECT_THAT(left_over.err, HasSubstr("lib/two.pyc: at 0x"));
  EXPECT_THAT(left_over.err, HasSubstr("bytes are left over"));
  EXPECT_EQ(run("rewrite absent").status, 2);

  write("lib/two.pyc", header("01000000"), code());
  const Ended other = run("rewrite again --like lib");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, HasSubstr("time: 1 0"));
}

}  // namespace
}  // namespace assay
