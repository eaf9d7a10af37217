/* Reads the scripts that contents.py writes, a step a line, from standard input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
  char* bytes;
  size_t size;
};

struct step {
  char sign; /* + set, - delete, * add a value to a key, s sync, ! die */
  struct text key, value;
};

/* Of a digit 0-9 or a-f, as contents.py writes them. */
static int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  exit(2);
}

/* A word of hex digits, or a dot for no bytes, into `text`, which is never freed. */
static void unhex(const char* word, struct text* text) {
  text->size = word == NULL || *word == '.' ? 0 : strlen(word) / 2;
  text->bytes = malloc(text->size + 1);
  for (size_t i = 0; i < text->size; ++i)
    text->bytes[i] = (char)(digit_of(word[2 * i]) << 4 | digit_of(word[2 * i + 1]));
}

/* The next step; 0 at the end. */
static int read_step(struct step* step) {
  static char* line;
  static size_t capacity;
  if (getline(&line, &capacity, stdin) < 2) return 0;
  const char *sign = strtok(line, " \n"), *key = strtok(NULL, " \n"), *value = strtok(NULL, " \n");
  step->sign = *sign;
  unhex(key, &step->key);
  unhex(value, &step->value);
  return 1;
}
