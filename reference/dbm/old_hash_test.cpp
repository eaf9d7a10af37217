// Berkeley DB 1.85's hash: no library of Debian's writes it, so the files here
// are assembled by hand from the layout that hash.h and page.h of 4.4BSD give.
#include "reference/dbm/old_hash.h"

#include <gtest/gtest.h>

#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/open.h"

namespace assay::dbm {
namespace {

constexpr std::size_t page_size = 64, header_pages = 5;

// Two buckets: one with an overflow page, one with a pair on pages of its own.
class Recipe {
 public:
  explicit Recipe(bool big) : big_(big), file(10 * page_size, '\0') {
    const std::uint32_t fields[] = {
        0x00061561, 2, big ? 4321u : 1234u, page_size, 6, 256, 256, 8, 1, 0, 1, 3, 1,
        8,          4, header_pages,        0};
    for (std::size_t i = 0; i < std::size(fields); ++i)
      for (std::size_t byte = 0; byte < 4; ++byte)
        file[4 * i + byte] = static_cast<char>(fields[i] >> (24 - 8 * byte));
    // Bucket 0. Overflow addresses are the split in the upper five bits, then a
    // number: these follow bucket 1, which is on page 6.
    words(5, {6, 63, 62, 60, 58, 1 << 11 | 1, 0, 0, 58});
    bytes(5, 58, "22bb1a");
    words(7, {2, 63, 63, 55, 63});
    bytes(7, 63, "c");
    // Bucket 1: 40 bytes of the key; 10 more and 40 of the value; 30 more.
    words(6, {4, 24, 1, 1 << 11 | 2, 0, 10, 24});
    bytes(6, 24, std::string(40, 'K'));
    words(8, {4, 54, 3, 1 << 11 | 3, 14, 0, 14});
    bytes(8, 14, std::string(40, 'V') + std::string(10, 'L'));
    words(9, {2, 34, 3, 26, 34});
    bytes(9, 34, std::string(30, 'W'));
  }

  void words(std::size_t page, const std::vector<int>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      file[page * page_size + 2 * i + (big_ ? 1 : 0)] = static_cast<char>(values[i]);
      file[page * page_size + 2 * i + (big_ ? 0 : 1)] = static_cast<char>(values[i] >> 8);
    }
  }
  void bytes(std::size_t page, std::size_t at, const std::string& text) {
    file.replace(page * page_size + at, text.size(), text);
  }

 private:
  bool big_;

 public:
  std::string file;
};

const Pairs all_pairs = {
    {"a", "1"},
    {"bb", "22"},
    {"c", ""},
    {std::string(40, 'K') + std::string(10, 'L'), std::string(40, 'V') + std::string(30, 'W')}};

TEST(OldHash, ReadsBothByteOrders) {
  for (const bool big : {false, true}) {
    const Recipe recipe(big);
    OldHashStream stream(as_bytes(recipe.file), {});
    EXPECT_EQ(stream.header().big_endian, big);
    EXPECT_EQ(stream.header().page_size, page_size);
    EXPECT_EQ(all_of(stream), all_pairs);
    Entry entry;
    ASSERT_TRUE(stream.find(as_bytes(all_pairs[3].first), entry));
    EXPECT_EQ(as_text(entry.value), all_pairs[3].second);
    EXPECT_FALSE(stream.find(as_bytes("d"), entry));
    EXPECT_EQ(all_of(*open_bytes(as_bytes(recipe.file), {})), all_pairs);
  }
}

TEST(OldHash, TakesBucketsBehindTheEndForEmpty) {
  Recipe recipe(false);
  recipe.file[43] = 100;  // max_bucket: hash_seq() initialises a page that is not there
  for (std::size_t i = 1; i < 7; ++i) recipe.file[68 + 4 * i + 3] = 50;  // spares
  OldHashStream stream(as_bytes(recipe.file), {});
  EXPECT_EQ(all_of(stream), all_pairs);
  EXPECT_TRUE(stream.losses().empty());
}

// The pages of each pair by the recipe: bucket 0 is on 5 and goes on on 7, the large
// pair is on 6, 8 and 9.
TEST(OldHash, SalvagesWhatIsBeforeEachCut) {
  const std::size_t last_page[] = {5, 5, 7, 9};
  for (const bool big : {false, true})
    for (std::size_t pages = header_pages; pages < 10; ++pages) {
      const std::string part = Recipe(big).file.substr(0, pages * page_size);
      OldHashStream stream(as_bytes(part), {.salvage = true});
      Pairs expected;
      for (std::size_t i = 0; i < std::size(last_page); ++i)
        if (last_page[i] < pages) expected.push_back(all_pairs[i]);
      EXPECT_EQ(all_of(stream), expected) << pages;
      // A bucket's page that is not there is an empty bucket.
      EXPECT_EQ(stream.losses().empty(), pages <= header_pages) << pages;
    }
}

TEST(OldHash, RefusesAndSalvages) {
  Recipe loop(false);
  loop.words(7, {4, 63, 63, 1 << 11 | 1, 0, 0, 63});  // page 7 leads to itself
  OldHashStream strict(as_bytes(loop.file), {});
  EXPECT_THROW(all_of(strict), DecodeError);

  Recipe broken(true);
  broken.words(8, {4, 54, 3, 1 << 11 | 70, 14, 0, 14});  // the value goes on nowhere
  OldHashStream salvaged(as_bytes(broken.file), {.salvage = true});
  EXPECT_EQ(all_of(salvaged), Pairs(all_pairs.begin(), all_pairs.begin() + 3));
  ASSERT_EQ(salvaged.losses().size(), 1u);

  Recipe header(false);
  header.file[15] = 65;
  EXPECT_THROW(OldHashStream(as_bytes(header.file), {}), DecodeError);
  EXPECT_THROW(OldHashStream(as_bytes(header.file.substr(0, 200)), {}), DecodeError);
}

}  // namespace
}  // namespace assay::dbm
