#include "harness/command/places.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Places, AreTakenOutOfATextWhereverTheyStand) {
  const Places places("/home/me/assay", "/tmp", "/home/me");
  EXPECT_EQ(places.without("\t/home/me/assay/harness/adapter.go:67 +0x1e9"),
            "\t./harness/adapter.go:67 +0x1e9");
  EXPECT_EQ(places.without("no such file: '/tmp/tmpa_b1/shelf.dat' (/tmp/tmpa_b1)"),
            "no such file: '<folder>/shelf.dat' (<folder>)");
  EXPECT_EQ(places.without("in /home/me/lib/x.py, /home/me"), "in ~/lib/x.py, ~");
  EXPECT_EQ(places.without("file:///tmp/x"), "file:///tmp/x") << "no path of its own";
}

TEST(Places, LeaveWhatOnlyBeginsAlike) {
  const Places places("/home/me/assay", "/tmp/", "/home/me");
  for (const char* text : {"/home/me2/x", "/var/tmp/x", "/tmpfs", "x/tmp/y", "/home/me.old"})
    EXPECT_EQ(places.without(text), text);
}

TEST(Places, AFolderThatIsNoneIsNotLookedFor) {
  const Places places("/", "", "relative");
  EXPECT_EQ(places.without("/ relative /x"), "/ relative /x");
}

}  // namespace
}  // namespace assay
