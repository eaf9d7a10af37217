/* A script of contents.py, carried out by Berkeley DB.

       write_berkeley hash|btree|recno|queue little|big PAGE_SIZE OPTIONS PATH < SCRIPT

   OPTIONS are words joined by commas, or a dash: dup, dupsort, recnum (record numbers in a
   btree), renumber (recno), fixed=N (records of N bytes), checksum, sub=NAME (a database in
   the file), password=WORD (encrypted), cache (of 20 KB, so that pages are written early). */
#include <db.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script.h"

static void check(int error, const char *what) {
  if (error == 0) return;
  fprintf(stderr, "%s: %s\n", what, db_strerror(error));
  exit(1);
}

static DBTYPE type_of(const char *name) {
  if (strcmp(name, "hash") == 0) return DB_HASH;
  if (strcmp(name, "btree") == 0) return DB_BTREE;
  return strcmp(name, "recno") == 0 ? DB_RECNO : DB_QUEUE;
}

static const char *set_options(DB *db, char *options) {
  const char *sub = NULL;
  u_int32_t flags = 0;
  for (char *word = strtok(options, ","); word != NULL; word = strtok(NULL, ",")) {
    if (strcmp(word, "dup") == 0) flags |= DB_DUP;
    if (strcmp(word, "dupsort") == 0) flags |= DB_DUP | DB_DUPSORT;
    if (strcmp(word, "recnum") == 0) flags |= DB_RECNUM;
    if (strcmp(word, "renumber") == 0) flags |= DB_RENUMBER;
    if (strcmp(word, "checksum") == 0) flags |= DB_CHKSUM;
    if (strncmp(word, "fixed=", 6) == 0) check(db->set_re_len(db, atoi(word + 6)), word);
    if (strncmp(word, "sub=", 4) == 0) sub = word + 4;
    if (strncmp(word, "password=", 9) == 0) {
      check(db->set_encrypt(db, word + 9, DB_ENCRYPT_AES), word);
      flags |= DB_ENCRYPT;
    }
    if (strcmp(word, "cache") == 0) check(db->set_cachesize(db, 0, 20480, 1), word);
  }
  check(db->set_flags(db, flags), "flags");
  return sub;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  const DBTYPE type = type_of(argv[1]);
  const int numbered = type == DB_RECNO || type == DB_QUEUE;
  DB *db = NULL;
  check(db_create(&db, NULL, 0), "create");
  check(db->set_lorder(db, strcmp(argv[2], "big") == 0 ? 4321 : 1234), "lorder");
  check(db->set_pagesize(db, (u_int32_t)atoi(argv[3])), "pagesize");
  const char *sub = set_options(db, argv[4]);
  check(db->open(db, NULL, argv[5], sub, type, DB_CREATE | (sub ? 0 : DB_TRUNCATE), 0644), argv[5]);
  struct step step;
  while (read_step(&step)) {
    DBT key = {0}, value = {0};
    db_recno_t number = 0;
    key.data = step.key.bytes;
    key.size = (u_int32_t)step.key.size;
    value.data = step.value.bytes;
    value.size = (u_int32_t)step.value.size;
    if (numbered) {
      /* Without a key a record is appended; the key is its number in decimal. */
      number = (db_recno_t)strtoul(step.key.size > 0 ? step.key.bytes : "0", NULL, 10);
      key.data = &number;
      key.size = key.ulen = sizeof number;
      key.flags = DB_DBT_USERMEM;
    }
    if (step.sign == '+' || step.sign == '*')
      check(db->put(db, NULL, &key, &value, numbered && number == 0 ? DB_APPEND : 0), "put");
    if (step.sign == '-') check(db->del(db, NULL, &key, 0), "del");
    if (step.sign == 's') check(db->sync(db, 0), "sync");
    if (step.sign == '!') _exit(0);
  }
  check(db->close(db, 0), "close");
  return 0;
}
