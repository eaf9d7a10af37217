// What `assay diff` of two .pyc files says, held to what was put into them.
#include <gmock/gmock.h>

#include "reference/marshal/pyc.h"
#include "reference/marshal/writer.h"
#include "reference/value/text.h"

namespace assay::marshal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Value text of a code object of 3.13.
std::string code(const std::string& name, const std::string& consts, int first_line = 1) {
  return "code(argcount=0, posonlyargcount=0, kwonlyargcount=0, stacksize=1, flags=0, "
         "code=b'', consts=" +
         consts + ", names=(), localsplusnames=(), localspluskinds=b'', filename='a.py', name='" +
         name + "', qualname='" + name + "', firstlineno=" + std::to_string(first_line) +
         ", linetable=b'', exceptiontable=b'')";
}

std::string written(const std::string& value) {
  Graph graph;
  const NodeId root = parse(graph, value);
  return write(graph, root, 4, Profile()).data;
}

// "what: left, right" of each.
std::vector<std::string> differences(const std::string& left, const std::string& right) {
  const std::string a = written(left), b = written(right);
  std::vector<std::string> texts;
  for (const PycDifference& one : compare_marshal(as_bytes(a), Profile(), as_bytes(b), Profile()))
    texts.push_back(one.what + ": " + one.left + ", " + one.right);
  return texts;
}

TEST(PycDifference, EveryFieldAndConstantOfEveryCodeObjectIsListed) {
  const std::string left =
      code("m", "(1, " + code("f", "(2.5, (1, 2), 'x')") + ", None, " + code("g", "()") + ")");
  const std::string right =
      code("m", "(1, " + code("f", "(3.5, (1, 3), 'x')", 7) + ", True, " + code("h", "()") + ")");
  EXPECT_THAT(differences(left, right),
              ElementsAre("code.consts[2]: None, True", "code.consts[1].consts[0]: 2.5, 3.5",
                          "code.consts[1].consts[1][1]: 2, 3", "code.consts[1].firstlineno: 1, 7",
                          "code.consts[3].name: 'g', 'h'", "code.consts[3].qualname: 'g', 'h'"));
  EXPECT_THAT(differences(left, left), IsEmpty());
}

TEST(PycDifference, OtherNumbersOfConstantsAreOneDifference) {
  const std::vector<std::string> found = differences(code("m", "(1, 2)"), code("m", "(2, 2, 2)"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], testing::StartsWith("code.consts"));
}

TEST(PycDifference, CodeInThePlaceOfAnotherConstantIsADifference) {
  const std::vector<std::string> found =
      differences(code("m", "(1,)"), code("m", "(" + code("f", "()") + ",)"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], testing::StartsWith("code.consts[0]: 1, code("));
}

TEST(PycDifference, OfOtherValuesTheFirstIsTold) {
  EXPECT_THAT(differences("[1, 2, 3]", "[1, 4, 5]"), ElementsAre("value[1]: 2, 4"));
  EXPECT_THAT(differences("[1]", code("m", "()")).size(), 1U);
}

TEST(PycDifference, TheListEndsSomewhere) {
  std::string left = "(", right = "(";
  for (int i = 0; i < 3000; ++i) {
    left += (i == 0 ? "" : ", ") + std::to_string(i);
    right += (i == 0 ? "" : ", ") + std::to_string(-i - 1);
  }
  EXPECT_EQ(differences(code("m", left + ")"), code("m", right + ")")).size(), most_differences);
}

// Each code object holds the one before twice: 2**40 paths lead to the innermost.
TEST(PycDifference, SharedCodeIsComparedOnce) {
  const auto nested = [](const std::string& innermost) {
    std::string value;
    for (int i = 1; i < 40; ++i)
      value += "&" + std::to_string(i) + " = " +
               code("f", "(*" + std::to_string(i + 1) + ", *" + std::to_string(i + 1) + ")") + "\n";
    return value + "&40 = " + code("f", "(" + innermost + ",)") + "\n*1";
  };
  const std::vector<std::string> found = differences(nested("1"), nested("2"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0], testing::EndsWith(".consts[0].consts[0]: 1, 2"));
}

}  // namespace
}  // namespace assay::marshal
