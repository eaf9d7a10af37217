#include "reference/marshal/assembler.h"

#include <gtest/gtest.h>

#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"

namespace assay::marshal {
namespace {

// Bytes by the tables of README.md.
TEST(Assembler, WritesWhatTheTextSays) {
  EXPECT_EQ(to_hex(assemble("NONE")), "4e");
  EXPECT_EQ(to_hex(assemble("&LIST int4:2; TRUE # a comment ; FALSE\nINT int4:-1")),
            "db020000005469ffffffff");
  EXPECT_EQ(to_hex(assemble("SHORT_ASCII short:'ab' STRING text:b'\\xff'")),
            "7a026162"
            "7301000000ff");
  EXPECT_EQ(to_hex(assemble("LONG int4:-1 int2:0x7fff")), "6cffffffffff7f");
  EXPECT_EQ(to_hex(assemble("INT64 int8:-2 BINARY_FLOAT float8:1.5")),
            "49feffffffffffffff"
            "67000000000000f83f");
  EXPECT_EQ(to_hex(assemble("raw:'\\xe9' hex:00ff byte:255")), "c3a900ffff");
  EXPECT_EQ(to_hex(assemble(".repeat 2 LIST int4:1 .end NONE")), "5b010000005b010000004e");
}

TEST(Assembler, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"LISTS", "int3:1", "int4:", "int4:4294967296", "int2:-40000", "byte:256",
                           "text:1", "text:'a", "hex:0", "float8:1", ".repeat 2 NONE", ".end",
                           ".repeat NONE .end", ".repeat 1000000000 NONE .end"})
    EXPECT_THROW(assemble(text), DecodeError) << text;
}

TEST(Assembler, DisassemblyComesBackAsTheSameBytes) {
  const Profile profile = Profile::parse("cpython-3.13").value();
  for (const char* hex :
       {"", "4e", "a90272000000006900000000", "db020000005469ffffffff", "7301000000ff",
        "28ffffffff", "6cfeffffff0100ff7f", "66052b31652d35", "780131022d32", "7b4e7a016b30",
        "fa0161ff00", "3f", "79000000000000f03f000000000000f8ff", "7501000000c3", "e30000000000"}) {
    const std::string bytes = from_hex(hex).value();
    EXPECT_EQ(to_hex(assemble(disassemble(as_bytes(bytes), profile))), hex);
  }
  EXPECT_EQ(disassemble(as_bytes(from_hex("a90269050000007a016b").value()), profile),
            "&SMALL_TUPLE byte:2\n  INT int4:5\n  SHORT_ASCII short:'k'\n");
}

TEST(Assembler, TheVersionIsTheLowestThatHasAllTypes) {
  const auto version = [](const char* text) { return lowest_version(as_bytes(assemble(text))); };
  EXPECT_EQ(version("NONE"), 0);
  EXPECT_EQ(version("INTERNED text:'a'"), 1);
  EXPECT_EQ(version("LIST int4:1 BINARY_FLOAT float8:1.0"), 2);
  EXPECT_EQ(version("&LIST int4:0"), 3);
  EXPECT_EQ(version("LIST int4:1 SHORT_ASCII short:'a'"), 4);
  EXPECT_EQ(version("SLICE NONE NONE NONE"), 5);
  EXPECT_EQ(version("FROZENDICT NULL"), 6);
  EXPECT_EQ(version("LIST int4:1 ASCII int4:100"), 4);  // cut off
}

}  // namespace
}  // namespace assay::marshal
