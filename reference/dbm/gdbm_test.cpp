// GNU dbm: against libgdbm, on files that it makes, and on files turned into
// the layouts that it does not make here.
#include "reference/dbm/gdbm.h"

#include <gdbm.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/open.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

datum datum_of(const std::string& text) {
  return {const_cast<char*>(text.data()), static_cast<int>(text.size())};
}

struct Engine {
  explicit Engine(const std::string& path, int flags, int block_size = 0)
      : file(gdbm_open(path.c_str(), block_size, flags, 0644, nullptr)) {}
  ~Engine() { close(); }
  void close() {
    if (file != nullptr) gdbm_close(file);
    file = nullptr;
  }
  void store(const std::string& key, const std::string& value) {
    gdbm_store(file, datum_of(key), datum_of(value), GDBM_REPLACE);
  }
  void remove(const std::string& key) { gdbm_delete(file, datum_of(key)); }

  GDBM_FILE file;
};

// What libgdbm itself enumerates.
Pairs enumerated(const std::string& path) {
  Engine engine(path, GDBM_READER);
  Pairs pairs;
  datum key = gdbm_firstkey(engine.file);
  while (key.dptr != nullptr) {
    datum value = gdbm_fetch(engine.file, key);
    pairs.emplace_back(std::string(key.dptr, key.dsize), std::string(value.dptr, value.dsize));
    std::free(value.dptr);
    datum following = gdbm_nextkey(engine.file, key);
    std::free(key.dptr);
    key = following;
  }
  return pairs;
}

void expect_as_libgdbm(const std::string& path, const char* what) {
  const std::string file = read_file(path);
  const Pairs expected = enumerated(path);
  GdbmStream stream(as_bytes(file), {});
  const Pairs found = all_of(stream);
  ASSERT_EQ(found.size(), expected.size()) << what;
  EXPECT_TRUE(found == expected) << what;
  EXPECT_TRUE(stream.losses().empty());
  for (const auto& [key, value] : expected) {
    Entry entry;
    ASSERT_TRUE(stream.find(as_bytes(key), entry)) << what;
    ASSERT_EQ(as_text(entry.value), value) << what;
  }
  Entry none;
  EXPECT_FALSE(stream.find(as_bytes("a key that is not there"), none));
}

std::string random_text(std::mt19937& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

using Fill = std::function<void(Engine&)>;

void many_keys(Engine& engine) {
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i)
    engine.store("key " + std::to_string(i), random_text(random, random() % 60));
}

void keys_of_all_bytes(Engine& engine) {
  std::mt19937 random(2);
  engine.store("", "the empty key");
  engine.store("empty value", "");
  engine.store("large", random_text(random, 200000));
  for (int i = 0; i < 3000; ++i)
    engine.store(random_text(random, random() % 12), random_text(random, random() % 300));
}

void many_deletions(Engine& engine) {
  std::mt19937 random(3);
  for (int i = 0; i < 20000; ++i) {
    const std::string key = std::to_string(random() % 3000);
    if (random() % 3 == 0) {
      engine.remove(key);
    } else {
      engine.store(key, random_text(random, random() % 100));
    }
  }
}

TEST(Gdbm, ReadsWhatLibgdbmWrote) {
  const std::pair<const char*, Fill> fills[] = {
      {"nothing", [](Engine&) {}},        {"one", [](Engine& engine) { engine.store("a", "b"); }},
      {"many keys", many_keys},           {"keys of all bytes", keys_of_all_bytes},
      {"many deletions", many_deletions},
  };
  for (const int flags : {GDBM_NEWDB, GDBM_NEWDB | GDBM_NUMSYNC})
    for (const int block_size : {512, 1024, 4096, 16384})
      for (const auto& [name, fill] : fills) {
        const TemporaryFolder folder;
        const std::string path = folder.path("x.gdbm");
        Engine engine(path, flags, block_size);
        ASSERT_NE(engine.file, nullptr);
        fill(engine);
        engine.close();
        expect_as_libgdbm(path, name);
        const std::string file = read_file(path);
        const GdbmHeader header = read_gdbm_header(as_bytes(file));
        EXPECT_EQ(header.numsync, (flags & GDBM_NUMSYNC) != 0);
        EXPECT_EQ(header.block_size, static_cast<std::uint32_t>(block_size));
      }
}

// A large file, whose entries are fetched many at a time: the same ones in the same
// order, up to a fault and past it.
TEST(Gdbm, ReadsLargeFilesAsLibgdbmDoes) {
  const TemporaryFolder folder;
  const std::string path = folder.path("large.gdbm");
  {
    Engine engine(path, GDBM_NEWDB, 4096);
    std::mt19937 random(4);
    for (int i = 0; i < 20000; ++i)
      engine.store("key " + std::to_string(i), random_text(random, random() % 60));
    // Some are copied and some are not, and together they are more than one fetch takes.
    for (int i = 0; i < 1500; ++i)
      engine.store("large " + std::to_string(i),
                   std::string(ScatteredEntries::most_copied - 1000 + i, static_cast<char>(i)));
  }
  const Pairs expected = enumerated(path);
  ASSERT_EQ(expected.size(), 21500u);
  const auto read = [&](ReadOptions options, Pairs& found) {
    const auto opened = open_dbm(*identify(path), {}, options);
    EXPECT_TRUE(opened->file.is_large());
    for (Entry entry; opened->stream->next(entry);)
      found.emplace_back(text_of(entry.key), text_of(entry.value));
    return opened->stream->losses().size();
  };
  Pairs found;
  EXPECT_EQ(read({}, found), 0u);
  EXPECT_TRUE(found == expected);

  // The element of the ten thousandth entry gives a hash of another bucket, and so do
  // its copies in buckets that splits left behind.
  const std::string& key = expected[10000].first;
  std::string file = read_file(path);
  const std::uint32_t hash = gdbm_hash(as_bytes(key), true);
  std::string element(8, '\0');
  std::memcpy(element.data(), &hash, 4);
  key.copy(element.data() + 4, 4);
  ASSERT_NE(file.find(element), std::string::npos);
  for (std::size_t at = 0; (at = file.find(element, at)) != std::string::npos;)
    file[at + 3] = static_cast<char>(file[at + 3] ^ 0x40);
  write_file(path, file);
  found.clear();
  EXPECT_THROW(read({}, found), DecodeError);
  EXPECT_TRUE(found == Pairs(expected.begin(), expected.begin() + 10000));
  found.clear();
  EXPECT_EQ(read({.salvage = true}, found), 1u);
  Pairs others = expected;
  others.erase(others.begin() + 10000);
  EXPECT_TRUE(found == others);
}

// libgdbm does not find what its hash does not lead to.
TEST(Gdbm, AKeyHasTheHashOfItsElement) {
  const TemporaryFolder folder;
  const std::string path = folder.path("damaged.gdbm");
  Engine engine(path, GDBM_NEWDB, 512);
  for (const char* key : {"alpha", "beta", "gamma"}) engine.store(key, "value");
  engine.close();
  std::string file = read_file(path);
  const std::size_t at = file.find("betavalue");
  ASSERT_NE(at, std::string::npos);
  file[at] = 'B';
  write_file(path, file);
  const auto found = identify(path);
  ASSERT_TRUE(found);
  EXPECT_THROW(all_of(*open_dbm(*found, {3, 11}, {})->stream), DecodeError);
  const auto opened = open_dbm(*found, {3, 11}, {.salvage = true});
  EXPECT_EQ(all_of(*opened->stream).size(), 2u);
  ASSERT_EQ(opened->stream->losses().size(), 1u);
  EXPECT_EQ(opened->stream->losses()[0].offset, at);
}

// Random scripts of operations, each run by libgdbm and read by the reference.
TEST(Gdbm, ReadsRandomScripts) {
  const TemporaryFolder folder;
  for (unsigned seed = 0; seed < scripts_to_run(); ++seed) {
    std::mt19937 random(seed);
    const std::string path = folder.path("script.gdbm");
    Engine engine(path, random() % 2 == 0 ? GDBM_NEWDB : GDBM_NEWDB | GDBM_NUMSYNC, 512);
    const std::size_t keys = 1 + random() % 400;
    for (std::size_t i = random() % 2000; i > 0; --i) {
      const std::string key = "k" + std::to_string(random() % keys);
      if (random() % 4 == 0) {
        engine.remove(key);
      } else {
        engine.store(key, random_text(random, random() % (random() % 20 == 0 ? 5000 : 50)));
      }
    }
    engine.close();
    expect_as_libgdbm(path, std::to_string(seed).c_str());
  }
}

// Writes a file in another layout: the directory, the buckets and the entries of
// `pairs`, as libgdbm would lay them out on such a machine. Recipe for files
// that no engine here can make; checked by reading little-endian 64-bit output
// with libgdbm itself.
struct Assembled {
  bool big = true, wide = true, packed = false, signed_char = true;
  std::uint32_t magic = 0x13579acf;
  std::uint32_t bits = 7;  // the directory fills a block: libgdbm insists
  std::uint32_t bucket_size = 1024;
  std::string file;

  void put(std::uint64_t at, std::uint64_t value, unsigned bytes) {
    if (file.size() < at + bytes) file.resize(at + bytes);
    for (unsigned i = 0; i < bytes; ++i)
      file[at + (big ? bytes - 1 - i : i)] = static_cast<char>(value >> (8 * i));
  }
  unsigned offset_bytes() const { return wide ? 8 : 4; }
  unsigned bits_at() const { return !wide ? 52 : packed ? 76 : 104; }
  unsigned element_bytes() const { return wide ? 24 : 20; }
  std::uint32_t elements() const {
    return (bucket_size - bits_at() - 8 - element_bytes()) / element_bytes() + 1;
  }

  std::string make(const Pairs& pairs) {
    if (!wide) bits = 8;
    const std::uint64_t directory = bucket_size, buckets = std::uint64_t{2} * bucket_size;
    const std::uint32_t count = 1u << bits;
    const std::uint64_t data = buckets + std::uint64_t{count} * bucket_size;
    put(0, magic, 4);
    put(4, bucket_size, 4);
    put(8, directory, offset_bytes());
    const unsigned at = 8 + offset_bytes();
    put(at, count * offset_bytes(), 4);
    put(at + 4, bits, 4);
    put(at + 8, bucket_size, 4);
    put(at + 12, elements(), 4);
    put(at + 16, data, offset_bytes());
    const unsigned avail =
        at + 16 + offset_bytes() + (magic == 0x13579ad0 || magic == 0x13579ad1 ? 32 : 0);
    put(avail,
        (bucket_size - avail - 8 - offset_bytes()) / (wide && !packed ? 16
                                                      : wide          ? 12
                                                                      : 8),
        4);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t bucket = buckets + std::uint64_t{i} * bucket_size;
      put(directory + std::uint64_t{i} * offset_bytes(), bucket, offset_bytes());
      put(bucket + bits_at(), bits, 4);
      for (std::uint32_t e = 0; e < elements(); ++e) {
        put(bucket + bits_at() + 8 + e * element_bytes(), 0xffffffff, 4);
        put(bucket + bits_at() + 8 + e * element_bytes() + element_bytes() - 4, 0, 4);
      }
    }
    file.resize(data);
    std::vector<std::uint32_t> used(count);
    for (const auto& [key, value] : pairs) add(key, value, used);
    put(at + 16, (file.size() + bucket_size - 1) / bucket_size * bucket_size, offset_bytes());
    file.resize((file.size() + bucket_size - 1) / bucket_size * bucket_size);
    return file;
  }

  void add(const std::string& key, const std::string& value, std::vector<std::uint32_t>& used) {
    // gdbm's hash, written here a second time: the machine's char decides.
    std::uint32_t hash = 0x238F13AFu * static_cast<std::uint32_t>(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) {
      const int letter =
          signed_char ? static_cast<signed char>(key[i]) : static_cast<unsigned char>(key[i]);
      hash = (hash + (static_cast<std::uint32_t>(letter) << (i * 5 % 24))) & 0x7fffffff;
    }
    hash = (1103515243u * hash + 12345u) & 0x7fffffff;
    const std::uint32_t bucket = hash >> (31 - bits);
    const std::uint64_t table = std::uint64_t{2 + bucket} * bucket_size + bits_at() + 8;
    std::uint32_t place = hash % elements();
    while (file.compare(table + place * element_bytes(), 4, "\xff\xff\xff\xff") != 0)
      place = (place + 1) % elements();
    const std::uint64_t at = table + place * element_bytes();
    put(at, hash, 4);
    for (std::size_t i = 0; i < 4 && i < key.size(); ++i) file[at + 4 + i] = key[i];
    put(at + 8, file.size(), offset_bytes());
    put(at + 8 + offset_bytes(), key.size(), 4);
    put(at + 12 + offset_bytes(), value.size(), 4);
    file += key + value;
    put(std::uint64_t{2 + bucket} * bucket_size + bits_at() + 4, ++used[bucket], 4);
  }
};

Pairs some_pairs() {
  Pairs pairs = {{"", "empty key"}, {"empty value", ""}, {"caf\xe9", "x"}, {"\xff\xfe\xfd", "y"}};
  for (int i = 0; i < 100; ++i) pairs.emplace_back("key" + std::to_string(i), std::string(i, 'v'));
  return pairs;
}

TEST(Gdbm, ReadsOtherLayouts) {
  Pairs expected = some_pairs();
  std::sort(expected.begin(), expected.end());
  struct Layout {
    bool wide, packed;
    std::uint32_t magic;
    const char* name;
  };
  const Layout layouts[] = {
      {true, false, 0x13579ace, "64-bit offsets"},
      {true, false, 0x13579acf, "64-bit offsets"},
      {true, false, 0x13579ad1, "64-bit offsets"},
      {false, false, 0x13579ace, "32-bit offsets"},
      {false, false, 0x13579acd, "32-bit offsets"},
      {false, false, 0x13579ad0, "32-bit offsets"},
      {true, true, 0x13579acf, "64-bit offsets, packed"},
  };
  for (const Layout& layout : layouts)
    for (const bool big : {false, true})
      for (const bool signed_char : {false, true}) {
        Assembled assembled{.big = big,
                            .wide = layout.wide,
                            .packed = layout.packed,
                            .signed_char = signed_char,
                            .magic = layout.magic};
        const std::string file = assembled.make(some_pairs());
        GdbmStream stream(as_bytes(file), {});
        EXPECT_EQ(stream.header().layout->name, layout.name);
        EXPECT_EQ(stream.header().big_endian, big);
        Pairs found = all_of(stream);
        std::sort(found.begin(), found.end());
        EXPECT_TRUE(found == expected) << layout.name << big;
        for (const auto& [key, value] : expected) {
          Entry entry;
          ASSERT_TRUE(stream.find(as_bytes(key), entry)) << layout.name << big << signed_char;
          EXPECT_EQ(as_text(entry.value), value);
        }
        const bool native = layout.wide && !layout.packed && !big && signed_char;
        if (!native || layout.magic == 0x13579ace) continue;
        const TemporaryFolder folder;
        write_file(folder.path("x"), file);
        Pairs by_engine = enumerated(folder.path("x"));
        std::sort(by_engine.begin(), by_engine.end());
        EXPECT_TRUE(by_engine == expected) << "the recipe makes files that libgdbm reads";
      }
}

// Where an entry's bucket and bytes end, by the directory.
struct Place {
  std::uint64_t end;
  std::string key;
};

std::vector<Place> places_of(const std::string& whole, const GdbmHeader& header) {
  std::vector<Place> places;
  const Ordered file(as_bytes(whole), false);
  std::set<std::uint64_t> buckets;
  for (std::uint64_t i = 0; i < header.directory_size / 8; ++i)
    buckets.insert(file.u64(header.directory + 8 * i, "bucket"));
  for (const std::uint64_t bucket : buckets)
    for (std::uint64_t e = 0; e < header.bucket_elements; ++e) {
      const std::uint64_t at = bucket + 112 + 24 * e;
      if (file.u32(at, "hash") == 0xffffffff) continue;
      const std::uint64_t data = file.u64(at + 8, "pointer");
      const std::uint32_t key_size = file.u32(at + 16, "size");
      places.push_back({std::max(bucket + 512, data + key_size + file.u32(at + 20, "size")),
                        text_of(file.bytes(data, key_size, "key"))});
    }
  return places;
}

// Every entry whose bucket and bytes lie before the cut must come back. Gives the
// number of cuts before which the directory is whole, and of the others.
std::pair<int, int> expect_salvaged(const std::string& whole, std::size_t step) {
  const GdbmHeader header = GdbmStream(as_bytes(whole), {}).header();
  const std::vector<Place> places = places_of(whole, header);
  std::pair<int, int> cuts;
  for (std::size_t cut = 512; cut < whole.size(); cut += step) {
    const std::string part = whole.substr(0, cut);
    GdbmStream stream(as_bytes(part), {.salvage = true});
    const bool directory_whole = header.directory + header.directory_size <= cut;
    ++(directory_whole ? cuts.first : cuts.second);
    std::multiset<std::string> keys;
    for (const auto& [key, value] : all_of(stream)) keys.insert(key);
    for (const Place& place : places) {
      const std::size_t expected = place.end <= cut ? 1 : 0;
      // Without the directory, old buckets cannot be told from others.
      EXPECT_TRUE(directory_whole ? keys.count(place.key) == expected
                                  : keys.count(place.key) >= expected)
          << "cut at " << cut << ": " << place.key;
    }
    // The end of a file may hold nothing but free space.
    const bool all_whole =
        directory_whole && std::all_of(places.begin(), places.end(),
                                       [&](const Place& place) { return place.end <= cut; });
    EXPECT_EQ(stream.losses().empty(), all_whole) << "cut at " << cut;
    const auto read_strictly = [&] {
      GdbmStream strict(as_bytes(part), {});
      all_of(strict);
    };
    if (all_whole) {
      EXPECT_NO_THROW(read_strictly());
    } else {
      EXPECT_THROW(read_strictly(), DecodeError);
    }
  }
  return cuts;
}

// A small file at every block, a larger one at some.
TEST(Gdbm, SalvagesWhatIsBeforeACut) {
  int without_directory = 0;
  for (const auto& [operations, step] : {std::pair(1500u, 512u), std::pair(20000u, 512u * 37)}) {
    const TemporaryFolder folder;
    const std::string path = folder.path("cut.gdbm");
    Engine engine(path, GDBM_NEWDB, 512);
    std::mt19937 random(3);
    for (unsigned i = 0; i < operations; ++i) {
      const std::string key = std::to_string(random() % (operations / 6));
      if (random() % 3 == 0) {
        engine.remove(key);
      } else {
        engine.store(key, random_text(random, random() % (i % 50 == 0 ? 3000 : 100)));
      }
    }
    engine.close();
    const auto [with_directory, without] = expect_salvaged(read_file(path), step);
    EXPECT_GT(with_directory, 5);
    without_directory += without;
  }
  EXPECT_GT(without_directory, 5);
}

// Thousands of buckets, each with one key that is half of the file: the search
// must end in time that grows with the file, not with its square.
TEST(Gdbm, SearchesNoLongerThanTheFileIsWorth) {
  Assembled assembled{.big = false};
  assembled.make({});
  assembled.file[1024 + 7] = 127;  // the directory's first entry is wrong
  const std::uint64_t begin = assembled.file.size(), half = 1 << 21;
  assembled.file.resize(begin + 2 * half);
  for (std::uint64_t at = begin; at + 1024 <= assembled.file.size(); at += 1024) {
    assembled.put(at + assembled.bits_at() + 4, 1, 4);  // count
    for (unsigned e = 1; e < assembled.elements(); ++e)
      assembled.put(at + assembled.bits_at() + 8 + e * assembled.element_bytes(), 0xffffffff, 4);
    assembled.put(at + assembled.bits_at() + 8 + 16, half, 4);  // key_size
  }
  GdbmStream stream(as_bytes(assembled.file), {.salvage = true});
  EXPECT_TRUE(all_of(stream).empty());
  ASSERT_FALSE(stream.losses().empty());
  EXPECT_NE(stream.losses().back().what.find("too much"), std::string::npos);
}

TEST(Gdbm, RefusesContradictions) {
  Assembled assembled{.big = false};
  const std::string sound = assembled.make(some_pairs());
  const auto refused = [&](std::uint64_t at, std::uint32_t value) {
    std::string file = sound;
    for (int i = 0; i < 4; ++i) file[at + i] = static_cast<char>(value >> (8 * i));
    try {
      GdbmStream stream(as_bytes(file), {});
      all_of(stream);
    } catch (const DecodeError& error) {
      return error.field();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refused(4, 0), "block_size");
  EXPECT_EQ(refused(8, 0x7fffffff), "dir");
  EXPECT_EQ(refused(16, 8), "dir_size");
  EXPECT_EQ(refused(20, 40), "dir_bits");
  EXPECT_EQ(refused(28, 7), "bucket_elems");
  EXPECT_EQ(refused(1024, 0x7fffffff), "bucket");    // first entry of the directory
  EXPECT_EQ(refused(1024 + 8, 2048), "hash_value");  // the second is the first again
  EXPECT_EQ(refused(2048 + 104, 8), "bucket_bits");  // more bits than the directory
  EXPECT_EQ(refused(2048 + 104, 6), "bucket_bits");  // would be shared with the second
}

}  // namespace
}  // namespace assay::dbm
