// Files cut at every block: ndbm's pages, and both files of dbm.dumb. The other
// formats have this beside their own tests.
#include <gtest/gtest.h>

#include <algorithm>

#include "reference/dbm/dumb.h"
#include "reference/dbm/dumb_database.h"
#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/ndbm.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

// What Perl's SDBM_File wrote, by corpus/dbm/data/writers.json: an entry stands on one
// page.
TEST(Salvage, NdbmAtEachPage) {
  for (const char* name : {"many", "deletions"}) {
    const std::string whole =
        read_file(ASSAY_SOURCE_DIR "/corpus/dbm/data/sdbm-perl/" + std::string(name) + ".pag");
    ASSERT_GT(whole.size(), 2 * 1024u);
    NdbmStream sound(as_bytes(whole), {});
    struct Place {
      std::uint64_t page;
      std::string key, value;
    };
    std::vector<Place> places;
    for (Entry entry; sound.next(entry);)
      places.push_back({entry.offset / 1024, text_of(entry.key), text_of(entry.value)});
    for (std::size_t cut = 512; cut < whole.size(); cut += 512) {  // in a page, too
      NdbmStream stream(as_bytes(whole).first(cut), {.salvage = true});
      Pairs expected;
      for (const Place& place : places)
        if ((place.page + 1) * 1024 <= cut) expected.emplace_back(place.key, place.value);
      EXPECT_EQ(all_of(stream), expected) << name << " cut at " << cut;
      EXPECT_EQ(stream.losses().empty(), cut % 1024 == 0) << name << " cut at " << cut;
    }
  }
}

struct DumbFiles {
  std::string dir, dat;
};

DumbFiles some_dumb_files() {
  const TemporaryFolder folder;
  DumbDatabase database(folder.path("x"), "n", {3, 13});
  for (int i = 0; i < 60; ++i)  // every value is found by its beginning
    database.set("key " + std::to_string(i),
                 i % 9 == 0 ? "" : "<" + std::to_string(i) + ">" + std::string(i * 37 % 1500, 'v'));
  for (int i = 0; i < 60; i += 7) database.erase("key " + std::to_string(i));
  database.close();
  return {read_file(folder.path("x.dir")), read_file(folder.path("x.dat"))};
}

// A value is whole if the file goes to its end; else it is given short, as Python
// gives it, and is a loss.
TEST(Salvage, DumbValuesAtEachBlock) {
  const DumbFiles files = some_dumb_files();
  DumbStream sound(as_bytes(files.dir), as_bytes(files.dat), {3, 13}, {});
  const Pairs all = all_of(sound);
  ASSERT_EQ(all.size(), 51u);
  for (std::size_t cut = 0; cut < files.dat.size(); cut += 512) {
    DumbStream stream(as_bytes(files.dir), as_bytes(files.dat).first(cut), {3, 13},
                      {.salvage = true});
    std::size_t lost = 0;
    const Pairs found = all_of(stream);
    ASSERT_EQ(found.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string& value = all[i].second;
      const std::size_t at = value.empty() ? 0 : files.dat.find(value);
      const std::size_t left = std::min(value.size(), cut > at ? cut - at : 0);
      EXPECT_EQ(found[i], Pairs::value_type(all[i].first, value.substr(0, left))) << cut;
      lost += left < value.size() ? 1 : 0;
    }
    EXPECT_EQ(stream.losses().size(), lost) << cut;
  }
}

// Every line before the cut comes back.
TEST(Salvage, DumbIndexAtEachByte) {
  const DumbFiles files = some_dumb_files();
  DumbStream sound(as_bytes(files.dir), as_bytes(files.dat), {3, 13}, {});
  const Pairs all = all_of(sound);
  for (std::size_t cut = 0; cut < files.dir.size(); ++cut) {
    const std::string dir = files.dir.substr(0, cut);
    DumbStream stream(as_bytes(dir), as_bytes(files.dat), {3, 13}, {.salvage = true});
    const auto whole = static_cast<std::size_t>(std::count(dir.begin(), dir.end(), '\n'));
    const bool last_is_whole = dir.ends_with(')');  // without its ending only
    EXPECT_EQ(all_of(stream),
              Pairs(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(whole + last_is_whole)))
        << cut;
    const bool torn = !dir.empty() && !dir.ends_with('\n') && !last_is_whole;
    EXPECT_EQ(stream.losses().size(), torn ? 1u : 0u) << cut;
  }
}

}  // namespace
}  // namespace assay::dbm
