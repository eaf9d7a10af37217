/* A script of contents.py, carried out by libgdbm.

       write_gdbm standard|numsync BLOCK_SIZE PATH < SCRIPT            */
#include <gdbm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script.h"

static GDBM_FILE file;

static void check(int failed, const char *what) {
  if (!failed) return;
  fprintf(stderr, "%s: %s\n", what, gdbm_strerror(gdbm_errno));
  exit(1);
}

static datum datum_of(struct text text) {
  datum result = {text.bytes, (int)text.size};
  return result;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int flags = GDBM_NEWDB | (strcmp(argv[1], "numsync") == 0 ? GDBM_NUMSYNC : 0);
  file = gdbm_open(argv[3], atoi(argv[2]), flags | GDBM_BSEXACT, 0644, NULL);
  check(file == NULL, argv[3]);
  struct step step;
  while (read_step(&step)) {
    if (step.sign == '+')
      check(gdbm_store(file, datum_of(step.key), datum_of(step.value), GDBM_REPLACE) != 0, "store");
    if (step.sign == '-') check(gdbm_delete(file, datum_of(step.key)) != 0, "delete");
    if (step.sign == 's') check(gdbm_sync(file) != 0, "sync");
    if (step.sign == '!') _exit(0);
  }
  check(gdbm_close(file) != 0, "close");
  return 0;
}
