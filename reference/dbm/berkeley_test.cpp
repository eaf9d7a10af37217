// Berkeley DB: against libdb 5.3, on files that it makes in both byte orders.
#include <db.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>

#include "reference/dbm/berkeley_btree.h"
#include "reference/dbm/berkeley_hash.h"
#include "reference/dbm/berkeley_queue.h"
#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/identify.h"
#include "reference/dbm/pythons_for_tests.h"

#ifdef __SANITIZE_ADDRESS__
// What libdb does not free of a damaged database over which it panicked is its own.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libdb-";
}
#endif

namespace assay::dbm {
namespace {

constexpr int little = 1234, big = 4321;

struct Shape {
  DBTYPE type = DB_HASH;
  int order = little;
  u_int32_t page_size = 4096;
  u_int32_t flags = 0;   // DB_DUP, DB_DUPSORT, DB_RENUMBER, DB_RECNUM, DB_CHKSUM
  u_int32_t record = 0;  // length of fixed records
};

std::string shown(const Shape& shape) {
  return "type " + std::to_string(shape.type) + " order " + std::to_string(shape.order) +
         " pages " + std::to_string(shape.page_size) + " flags " + std::to_string(shape.flags);
}

DBT dbt_of(const std::string& text) {
  DBT dbt = {};
  dbt.data = const_cast<char*>(text.data());
  dbt.size = static_cast<u_int32_t>(text.size());
  return dbt;
}

class Engine {
 public:
  Engine(const std::string& path, const Shape& shape, u_int32_t cache = 0) : shape_(shape) {
    create();
    if (cache != 0) db_->set_cachesize(db_, 0, cache, 1);
    db_->set_lorder(db_, shape.order);
    db_->set_pagesize(db_, shape.page_size);
    if (shape.flags != 0) db_->set_flags(db_, shape.flags);
    if (shape.record != 0) db_->set_re_len(db_, shape.record);
    status = db_->open(db_, nullptr, path.c_str(), nullptr, shape.type, DB_CREATE, 0644);
  }
  explicit Engine(const std::string& path, const char* database = nullptr) {
    create();
    status = db_->open(db_, nullptr, path.c_str(), database, DB_UNKNOWN, DB_RDONLY, 0);
    if (status == 0) db_->get_type(db_, &shape_.type);
  }
  ~Engine() { db_->close(db_, 0); }

  void put(const std::string& key, const std::string& value) {
    DBT k = dbt_of(key), v = dbt_of(value);
    db_->put(db_, nullptr, &k, &v, 0);
  }
  void put_record(db_recno_t number, const std::string& value) {
    DBT k = {}, v = dbt_of(value);
    k.data = &number;
    k.size = sizeof number;
    db_->put(db_, nullptr, &k, &v, 0);
  }
  void remove(const std::string& key) {
    DBT k = dbt_of(key);
    db_->del(db_, nullptr, &k, 0);
  }
  void remove_record(db_recno_t number) {
    DBT k = {};
    k.data = &number;
    k.size = sizeof number;
    db_->del(db_, nullptr, &k, 0);
  }

  // What a cursor gives, and in `ended` what it says at the end.
  Pairs enumerated() {
    Pairs pairs;
    DBC* cursor = nullptr;
    db_->cursor(db_, nullptr, &cursor, 0);
    DBT key = {}, value = {};
    const bool numbered = shape_.type == DB_RECNO || shape_.type == DB_QUEUE;
    while ((ended = cursor->get(cursor, &key, &value, DB_NEXT)) == 0) {
      db_recno_t number = 0;
      if (numbered) std::memcpy(&number, key.data, sizeof number);
      pairs.emplace_back(
          numbered ? std::to_string(number) : std::string(static_cast<char*>(key.data), key.size),
          std::string(static_cast<char*>(value.data), value.size));
    }
    cursor->close(cursor);
    return pairs;
  }

  int status = 0, ended = 0;

 private:
  // Of damaged files it would say much on stderr.
  void create() {
    db_create(&db_, nullptr, 0);
    db_->set_errcall(db_, [](const DB_ENV*, const char*, const char*) {});
  }

  DB* db_ = nullptr;
  Shape shape_;
};

std::unique_ptr<EntryStream> stream_of(const std::string& file, ReadOptions options = {}) {
  const BerkeleyMeta meta = read_berkeley_meta(as_bytes(file));
  if (meta.format == Format::berkeley_hash)
    return std::make_unique<BerkeleyHashStream>(as_bytes(file), options);
  if (meta.format == Format::berkeley_queue)
    return std::make_unique<BerkeleyQueueStream>(as_bytes(file), options);
  return std::make_unique<BerkeleyBtreeStream>(as_bytes(file), options);
}

std::string random_text(std::mt19937& random, std::size_t size) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

void expect_as_libdb(const std::string& path, const std::string& what) {
  const std::string file = read_file(path);
  Engine engine(path);
  ASSERT_EQ(engine.status, 0) << what;
  const Pairs expected = engine.enumerated();
  const auto stream = stream_of(file);
  const Pairs found = all_of(*stream);
  ASSERT_EQ(found.size(), expected.size()) << what;
  ASSERT_TRUE(found == expected) << what;
  EXPECT_TRUE(stream->losses().empty()) << what;
  for (std::size_t i = 0; i < expected.size(); i += 1 + expected.size() / 500) {
    if (i > 0 && expected[i].first == expected[i - 1].first) continue;
    Entry entry;
    ASSERT_TRUE(stream->find(as_bytes(expected[i].first), entry)) << what;
    ASSERT_EQ(as_text(entry.value), expected[i].second) << what;
  }
  Entry none;
  EXPECT_FALSE(stream->find(as_bytes("no such key"), none)) << what;
  const auto salvaged = stream_of(file, {.salvage = true});
  Pairs again = all_of(*salvaged), sorted = expected;
  std::sort(again.begin(), again.end());
  std::sort(sorted.begin(), sorted.end());
  EXPECT_TRUE(again == sorted) << what << ", salvaged";
  EXPECT_TRUE(salvaged->losses().empty()) << what << ", salvaged";
}

const u_int32_t page_sizes[] = {512, 1024, 4096, 16384, 65536};

// Keys and values of all sizes, replaced and deleted.
void mixed(Engine& engine, const Shape& shape) {
  std::mt19937 random(shape.page_size + static_cast<unsigned>(shape.order));
  engine.put("", "the empty key");
  engine.put("empty value", "");
  engine.put("large", random_text(random, 300000));
  engine.put(random_text(random, shape.page_size), "a large key");
  for (int i = 0; i < 3000; ++i) {
    const std::string key = std::to_string(random() % 1500);
    if (random() % 4 == 0) {
      engine.remove(key);
    } else {
      engine.put(key, random_text(random, random() % (random() % 50 == 0 ? 20000 : 60)));
    }
  }
}

TEST(Berkeley, ReadsHashesAndBtrees) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE})
    for (const int order : {little, big})
      for (const u_int32_t page_size : page_sizes)
        for (const u_int32_t flags : {0u, u_int32_t{DB_CHKSUM}}) {
          const TemporaryFolder folder;
          const Shape shape{type, order, page_size, flags};
          {
            Engine engine(folder.path("x"), shape);
            ASSERT_EQ(engine.status, 0) << shown(shape);
            mixed(engine, shape);
          }
          expect_as_libdb(folder.path("x"), shown(shape));
        }
}

// Few values stay on their page, more of them move to a tree of their own.
TEST(Berkeley, ReadsDuplicates) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE})
    for (const int order : {little, big})
      for (const u_int32_t page_size : {512u, 4096u, 65536u})
        for (const u_int32_t flags : {u_int32_t{DB_DUP}, u_int32_t{DB_DUP | DB_DUPSORT}}) {
          const TemporaryFolder folder;
          const Shape shape{type, order, page_size, flags};
          {
            Engine engine(folder.path("x"), shape);
            ASSERT_EQ(engine.status, 0) << shown(shape);
            std::mt19937 random(page_size);
            for (int i = 0; i < 200; ++i)
              for (std::size_t n = random() % 4; n > 0; --n)
                engine.put("few" + std::to_string(i), random_text(random, random() % 20));
            for (int i = 0; i < 20000; ++i) engine.put("many", std::to_string(random()));
            for (int i = 0; i < 50; ++i)
              engine.put("large", random_text(random, random() % 2 * page_size + 30));
            engine.remove("few7");
          }
          expect_as_libdb(folder.path("x"), shown(shape));
        }
}

TEST(Berkeley, ReadsRecords) {
  for (const int order : {little, big})
    for (const u_int32_t page_size : page_sizes)
      for (const u_int32_t flags : {0u, u_int32_t{DB_RENUMBER}})
        for (const u_int32_t record : {0u, 20u}) {
          const TemporaryFolder folder;
          const Shape shape{DB_RECNO, order, page_size, flags, record};
          {
            Engine engine(folder.path("x"), shape);
            ASSERT_EQ(engine.status, 0) << shown(shape);
            std::mt19937 random(page_size);
            for (db_recno_t i = 1; i < 2500; ++i)
              engine.put_record(i,
                                random_text(random, record != 0 ? random() % 20 : random() % 70));
            if (record == 0) engine.put_record(77, random_text(random, 100000));
            for (db_recno_t i = 5; i < 2000; i += 1 + static_cast<db_recno_t>(random() % 30))
              engine.remove_record(i);
            engine.put_record(3000, "after a gap");
          }
          expect_as_libdb(folder.path("x"), shown(shape));
        }
}

TEST(Berkeley, ReadsQueues) {
  for (const int order : {little, big})
    for (const u_int32_t page_size : page_sizes)
      for (const u_int32_t flags : {0u, u_int32_t{DB_CHKSUM}}) {
        const TemporaryFolder folder;
        const Shape shape{DB_QUEUE, order, page_size, flags, 33};
        {
          Engine engine(folder.path("x"), shape);
          ASSERT_EQ(engine.status, 0) << shown(shape);
          for (db_recno_t i = 1; i < 2000; ++i) engine.put_record(i, "record " + std::to_string(i));
          for (db_recno_t i = 1; i < 300; ++i) engine.remove_record(i);
          for (db_recno_t i = 400; i < 1000; i += 7) engine.remove_record(i);
          engine.put_record(5000, "after a gap");
        }
        expect_as_libdb(folder.path("x"), shown(shape));
      }
}

TEST(Berkeley, ReadsEmptyFiles) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE, DB_RECNO, DB_QUEUE}) {
    const TemporaryFolder folder;
    const Shape shape{type, big, 512, 0, type == DB_QUEUE ? 8u : 0u};
    { Engine engine(folder.path("x"), shape); }
    expect_as_libdb(folder.path("x"), shown(shape));
  }
}

// Random scripts of operations, each run by libdb and read by the reference.
TEST(Berkeley, ReadsRandomScripts) {
  const TemporaryFolder folder;
  for (unsigned seed = 0; seed < scripts_to_run(); ++seed) {
    std::mt19937 random(seed);
    const std::string path = folder.path(std::to_string(seed));
    const Shape shape{random() % 2 == 0 ? DB_HASH : DB_BTREE, random() % 2 == 0 ? little : big,
                      random() % 2 == 0 ? 512u : 1024u, random() % 3 == 0 ? u_int32_t{DB_DUP} : 0u};
    {
      Engine engine(path, shape);
      ASSERT_EQ(engine.status, 0);
      const std::size_t keys = 1 + random() % 400;
      for (std::size_t i = random() % 2000; i > 0; --i) {
        const std::string key = "k" + std::to_string(random() % keys);
        if (random() % 4 == 0) {
          engine.remove(key);
        } else {
          engine.put(key, random_text(random, random() % (random() % 20 == 0 ? 5000 : 50)));
        }
      }
    }
    expect_as_libdb(path, shown(shape) + " seed " + std::to_string(seed));
  }
}

// Of three to six pages, each of which can be told by what is on it.
std::string large_value(int i) {
  std::string value;
  for (int n = 0; n < 400 + 50 * (i % 5); ++n) value += "<" + std::to_string(i) + ">";
  return value;
}

// The last overflow page (type 7) of big-endian pages of 512 bytes that holds `token`
// in its bytes, of which hf_offset says how many there are: behind them, and in the
// free space of other pages, stands what the library's memory held before.
std::uint64_t last_overflow_page(const std::string& file, const std::string& token) {
  std::uint64_t last = 0;
  for (std::size_t at = 0; (at = file.find(token, at)) != std::string::npos; ++at) {
    const std::size_t page = at / 512;
    const Ordered bytes(as_bytes(file).subspan(512 * page, 512), true);
    const bool held = at % 512 < std::size_t{26} + bytes.u16(22, "hf_offset");
    if (bytes.u8(25, "type") == 7 && held) last = page;
  }
  return last;
}

// Every pair whose pages lie before the cut comes back, and nothing else.
TEST(Berkeley, SalvagesWhatIsBeforeACut) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE}) {
    const TemporaryFolder folder;
    const Shape shape{type, big, 512, 0};
    {
      Engine engine(folder.path("x"), shape);
      for (int i = 0; i < 2000; ++i)
        engine.put("key " + std::to_string(i), std::string(static_cast<std::size_t>(i % 40), 'v'));
      for (int i = 0; i < 12; ++i) engine.put("large " + std::to_string(i), large_value(i));
    }
    const std::string whole = read_file(folder.path("x"));
    // Where each key stands, and the last page of a value that has pages of its own.
    const auto sound = stream_of(whole);
    Pairs all = all_of(*sound);
    std::map<std::string, std::uint64_t> page_of;
    for (const auto& [key, value] : all) {
      Entry entry;
      ASSERT_TRUE(sound->find(as_bytes(key), entry));
      page_of[key] = entry.offset / 512;
      if (key.starts_with("large "))
        page_of[key] =
            std::max(page_of[key], last_overflow_page(whole, value.substr(0, value.find('>') + 1)));
    }
    for (std::uint64_t pages = 1; pages < whole.size() / 512; ++pages) {
      const std::string part = whole.substr(0, pages * 512);
      const auto stream = stream_of(part, {.salvage = true});
      Pairs found = all_of(*stream), expected;
      for (const auto& pair : all)
        if (page_of[pair.first] < pages) expected.push_back(pair);
      std::sort(found.begin(), found.end());
      std::sort(expected.begin(), expected.end());
      ASSERT_TRUE(found == expected) << "cut at page " << pages << " " << shown(shape);
      EXPECT_FALSE(stream->losses().empty());
    }
  }
}

TEST(Berkeley, RefusesWhatItCannotRead) {
  const TemporaryFolder folder;
  {
    Engine engine(folder.path("x"), Shape{DB_BTREE, little, 512, 0});
    engine.put("a", "b");
  }
  const std::string sound = read_file(folder.path("x"));
  const auto refused = [&](std::size_t at, char value) {
    std::string file = sound;
    file[at] = value;
    try {
      all_of(*stream_of(file));
    } catch (const DecodeError& error) {
      return std::string(name(error.kind())) + " " + error.field();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refused(12, 0), "malformed magic");
  EXPECT_EQ(refused(16, 3), "unsupported version");
  EXPECT_EQ(refused(20, 1), "malformed pagesize");
  EXPECT_EQ(refused(24, 1), "unsupported encrypt_alg");
  EXPECT_EQ(refused(25, 8), "malformed type");
  EXPECT_EQ(refused(88, 9), "truncated page");  // the root
  EXPECT_EQ(refused(512 + 8, 7), "malformed pgno");
  EXPECT_EQ(refused(512 + 16, 1), "malformed page");  // the leaf follows itself
  EXPECT_EQ(refused(512 + 25, 7), "malformed type");
}

TEST(Berkeley, APageBelongsToOneBucket) {
  const TemporaryFolder folder;
  {
    Engine engine(folder.path("x"), Shape{DB_HASH, little, 512, 0});
    for (int i = 0; i < 60; ++i) engine.put(std::to_string(i), std::string(100, 'v'));
  }
  std::string file = read_file(folder.path("x"));
  EXPECT_EQ(all_of(*stream_of(file)).size(), 60u);
  // spares[2], by which buckets 2 and 3 begin where bucket 1 is (hash.h, BUCKET_TO_PAGE).
  file.replace(96 + 2 * 4, 4, std::string(4, '\0'));
  try {
    all_of(*stream_of(file));
    ADD_FAILURE() << "accepted";
  } catch (const DecodeError& error) {
    EXPECT_EQ(error.field(), "page");
    EXPECT_NE(std::string(error.what()).find("page 2 is of two buckets"), std::string::npos)
        << error.what();
  }
}

// Puts a number into a file in its byte order.
void patch(std::string& file, std::size_t at, std::uint32_t value) {
  const bool big_endian = read_berkeley_meta(as_bytes(file)).big_endian;
  for (std::size_t i = 0; i < 4; ++i)
    file[at + i] = static_cast<char>(value >> 8 * (big_endian ? 3 - i : i));
}

// What the library and the reference make of a file, damaged or not, is the same: the
// entries, and whether there is an error. The library has a copy, into which it writes.
void expect_as_libdb_reads(const std::string& file, const std::string& what) {
  const TemporaryFolder folder;
  write_file(folder.path("x"), file);
  Engine engine(folder.path("x"));
  const Pairs expected = engine.status == 0 ? engine.enumerated() : Pairs();
  const bool sound = engine.status == 0 && engine.ended == DB_NOTFOUND;
  Pairs found;
  std::string error;
  try {
    const auto stream = stream_of(file, {.as_library = true});
    for (Entry entry; stream->next(entry);)
      found.emplace_back(entry.numbered ? std::to_string(entry.number) : text_of(entry.key),
                         text_of(entry.value));
  } catch (const DecodeError& fault) {
    error = fault.what();
  }
  EXPECT_EQ(error.empty(), sound) << what << ": " << error;
  EXPECT_EQ(found.size(), expected.size()) << what;
  EXPECT_TRUE(found == expected) << what;
}

std::string some_file(const Shape& shape) {
  const TemporaryFolder folder;
  {
    Engine engine(folder.path("x"), shape);
    for (int i = 1; i <= 400; ++i) {
      const std::string value(static_cast<std::size_t>(i % 40), 'v');
      if (shape.type == DB_HASH || shape.type == DB_BTREE) {
        engine.put("key " + std::to_string(i), value);
      } else {
        engine.put_record(static_cast<db_recno_t>(i), value);
      }
    }
  }
  return read_file(folder.path("x"));
}

Shape shape_of(DBTYPE type, int order, u_int32_t flags = 0) {
  return {type, order, 512, flags, type == DB_QUEUE ? 40u : 0u};
}

// mp/mp_fget.c: last_pgno against the file's own size, with each kind of database.
TEST(Berkeley, GoesToTheLastPage) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE, DB_RECNO, DB_QUEUE})
    for (const int order : {little, big}) {
      const std::string whole = some_file(shape_of(type, order));
      const auto pages = static_cast<std::uint32_t>(whole.size() / 512);
      for (std::uint32_t last = 0; last <= pages + 2; last += 3) {
        const std::string what = shown(shape_of(type, order)) + " last " + std::to_string(last);
        std::string file = whole;
        patch(file, 32, last);
        expect_as_libdb_reads(file, what);
        expect_as_libdb_reads(whole.substr(0, 512 * std::min(last + 1, pages)), what + ", cut");
      }
    }
}

TEST(Berkeley, NotesPagesBehindTheLastOne) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE}) {
    std::string file = some_file(shape_of(type, little));
    patch(file, 32, 20);
    const auto stream = stream_of(file);
    all_of(*stream);
    ASSERT_EQ(stream->losses().size(), 1u);
    EXPECT_NE(stream->losses()[0].what.find("last_pgno is 20, and page 21 behind it holds"),
              std::string::npos)
        << stream->losses()[0].what;
    const auto salvaged = stream_of(file, {.salvage = true});
    EXPECT_EQ(all_of(*salvaged).size(), 400u);
    const TemporaryFolder folder;
    write_file(folder.path("x"), file);
    EXPECT_NE(identify(folder.path("x"))->details.find("behind the last page"), std::string::npos);
  }
}

// A bucket that the file does not have is empty, also if there are 2^32 of them, nearly.
TEST(Berkeley, OpensFilesOfTooManyBuckets) {
  std::string file = some_file(shape_of(DB_HASH, big));
  std::size_t group = 0;  // of the last bucket; those behind it get pages of their own
  while ((1u << group) < read_berkeley_meta(as_bytes(file)).max_bucket + 1) ++group;
  while (++group < 32) patch(file, 96 + 4 * group, 5000);
  patch(file, 72, 1000);
  expect_as_libdb_reads(file, "1000 buckets");
  patch(file, 72, 0xf0000000);
  EXPECT_EQ(all_of(*stream_of(file, {.as_library = true})).size(), 400u);
  EXPECT_EQ(all_of(*stream_of(file, {.salvage = true})).size(), 400u);
  patch(file, 32, 0xff000000);  // as many pages
  EXPECT_EQ(all_of(*stream_of(file, {.salvage = true})).size(), 400u);
  EXPECT_THROW(all_of(*stream_of(file)), DecodeError);
}

// A record number is looked for by the counts above its leaf.
TEST(Berkeley, FindsRecordsByTheCountsOfTheTree) {
  for (const int order : {little, big}) {
    std::string file = some_file(shape_of(DB_RECNO, order));
    const std::size_t root = 512 * std::size_t{read_berkeley_meta(as_bytes(file)).root};
    patch(file, root + 12, 123);  // RE_NREC
    expect_as_libdb_reads(file, "123 records");
    EXPECT_EQ(all_of(*stream_of(file)).size(), 123u);
  }
}

// qam/qam.c, __qamc_get: the first record is looked at whatever cur_recno says.
TEST(Berkeley, ReadsTheFirstRecordOfAQueue) {
  for (const int order : {little, big})
    for (const std::uint32_t first : {1u, 7u, 400u, 401u, 900u, 0xfffffffeu})
      for (const std::uint32_t current : {first, first + 1, 12u}) {
        std::string file = some_file(shape_of(DB_QUEUE, order));
        patch(file, 72, first);
        patch(file, 76, current);
        if (current < first && first < 0xffff0000) continue;  // the library counts to 2^32
        expect_as_libdb_reads(file, std::to_string(first) + " to " + std::to_string(current));
      }
}

TEST(Berkeley, RefusesWrongChecksums) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE, DB_QUEUE})
    for (const int order : {little, big}) {
      const std::string whole = some_file(shape_of(type, order, DB_CHKSUM));
      for (const std::uint32_t page : {0u, 1u, 3u}) {
        std::string file = whole;
        file[512 * page + 200] ^= 1;
        const TemporaryFolder folder;
        write_file(folder.path("x"), file);
        EXPECT_EQ(identify(folder.path("x"))->fault.empty(), page != 0);
        const std::string what = "the checksum of page " + std::to_string(page) + " is wrong";
        expect_as_libdb_reads(file, shown(shape_of(type, order)) + what);
        try {
          all_of(*stream_of(file));
          ADD_FAILURE() << what;
        } catch (const DecodeError& error) {
          EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
        }
      }
    }
}

// A process that dies while the file grows: with a small cache its pages are written early.
std::string file_of_killed_writer(const Shape& shape, unsigned seed) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    Engine engine(folder.path("x"), shape, 20480);
    std::mt19937 random(seed);
    for (std::size_t i = 300 + random() % 2000; i > 0; --i)
      engine.put("k" + std::to_string(random() % 900), random_text(random, random() % 60));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return read_file(folder.path("x"));
}

TEST(Berkeley, ReadsWhatKilledWritersLeave) {
  for (const DBTYPE type : {DB_HASH, DB_BTREE})
    for (const int order : {little, big})
      for (unsigned seed = 0; seed < 20; ++seed) {
        const std::string file = file_of_killed_writer(shape_of(type, order), seed);
        if (file.size() < 512 || !find_magic(as_bytes(file))) continue;  // nothing is written yet
        expect_as_libdb_reads(file, shown(shape_of(type, order)) + " " + std::to_string(seed));
      }
}

// Nothing is given twice without a word, and no key is given less often than without.
TEST(Berkeley, SalvagesWhatKilledWritersLeave) {
  std::size_t twice = 0;
  for (const DBTYPE type : {DB_HASH, DB_BTREE})
    for (unsigned seed = 0; seed < 20; ++seed) {
      const std::string file = file_of_killed_writer(shape_of(type, little), seed);
      if (file.size() < 512 || !find_magic(as_bytes(file))) continue;
      const auto salvaged = stream_of(file, {.salvage = true});
      std::map<std::string, std::string> first;
      std::size_t again = 0, noted = 0;
      for (const auto& [key, value] : all_of(*salvaged))
        again += first.emplace(key, value).second ? 0 : 1;
      for (const Loss& loss : salvaged->losses())
        noted += loss.what.starts_with("key given twice: ") ? 1 : 0;
      EXPECT_EQ(again, noted) << shown(shape_of(type, little)) << " " << seed;
      twice += again;
    }
  EXPECT_GT(twice, 0u);
}

TEST(Berkeley, SalvagesEachRecordOnce) {
  std::string file = some_file(shape_of(DB_RECNO, little));
  patch(file, 512 * 5 + 8, 77);  // a leaf that says it is another page
  const auto salvaged = stream_of(file, {.salvage = true});
  EXPECT_LT(all_of(*salvaged).size(), 400u);
  EXPECT_GT(all_of(*stream_of(file, {.salvage = true})).size(), 350u);
}

}  // namespace
}  // namespace assay::dbm
