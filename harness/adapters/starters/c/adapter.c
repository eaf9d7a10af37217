/* A starter: an adapter in C, to be copied. ../README.md says how.
 *
 * The toy below reads twenty opcodes. Put your implementation in its place, in
 * implementation(); the rest prints values and speaks the protocol. Standard library
 * only: cc -std=c11 -O2 adapter.c -lm
 */
#define _POSIX_C_SOURCE 200809L /* getline */
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that grow. */
struct buffer {
  char *bytes;
  size_t size, room;
};

static void add(struct buffer *to, const void *bytes, size_t size) {
  if (to->room - to->size < size) {
    to->room = 2 * to->room + size;
    to->bytes = realloc(to->bytes, to->room);
    if (!to->bytes) abort();
  }
  if (size) memcpy(to->bytes + to->size, bytes, size);
  to->size += size;
}

static void add_text(struct buffer *to, const char *text) { add(to, text, strlen(text)); }

/* A value. Its address is its identity: what is met twice is one value, and a cycle is
 * no trouble. An implementation with values of its own prints them where form() and
 * part() do; label and next are then best kept in a table beside them. */
enum kind { NONE, FALSE, TRUE, INT, BIG_INT, FLOAT, TEXT, BYTES, LIST, TUPLE, DICT, GLOBAL };
struct value {
  enum kind kind;
  int64_t number;
  double real;
  struct buffer bytes;   /* of text: UTF-8 in which Python may have written a surrogate by itself;
                            of a big integer: two's complement, the lowest byte first; of a
                            global: the module. It is never looked up. */
  struct buffer name;    /* of a global */
  struct value **items;  /* of a dict: key, value, key, value */
  size_t count;
  size_t label;          /* while it is printed; 0: not met */
  struct value *next;    /* of those of this case, to free them */
};

enum outcome { VALUE, ERROR, UNSUPPORTED };
struct result {
  enum outcome outcome;
  struct value *value;   /* VALUE */
  size_t consumed;       /* VALUE */
  char message[80];      /* the others */
  struct value *all;
};

/* ---- YOUR IMPLEMENTATION: bytes in; the value and the number of bytes read out. ----
 * ERROR is a rejection, UNSUPPORTED what it does not claim to do. */

static void toy(const unsigned char *data, size_t size, struct result *result);

static void implementation(const unsigned char *data, size_t size, struct result *result) {
  toy(data, size, result);
}

static const char hello[] =
    "\"implementation\":\"toy\",\"version\":\"1.0\",\"language\":\"C\",\"window\":16,"
    "\"formats\":[\"pickle:decode:0-3\"],\"identity\":\"mutable\",\"lossy\":[]";

/* -------------------------------------------------------------------------------- */

struct machine {
  const unsigned char *data;
  size_t size, at;
  struct value *memo[256];
  struct value **stack;
  size_t height, room;
  size_t *marks, mark_count, mark_room;
  struct result *result;
  jmp_buf out;
};

static void leave(struct machine *m, enum outcome outcome, const char *message) {
  m->result->outcome = outcome;
  snprintf(m->result->message, sizeof m->result->message, "%s", message);
  longjmp(m->out, 1);
}

static const unsigned char *take(struct machine *m, size_t count) {
  if (m->size - m->at < count) leave(m, ERROR, "the pickle ends early");
  m->at += count;
  return m->data + m->at - count;
}

static uint32_t number(struct machine *m) {
  const unsigned char *four = take(m, 4);
  return four[0] | (uint32_t)four[1] << 8 | (uint32_t)four[2] << 16 | (uint32_t)four[3] << 24;
}

static void take_bytes(struct machine *m, size_t count, struct buffer *to) {
  add(to, take(m, count), count);
}

static void take_line(struct machine *m, struct buffer *to) {
  const unsigned char *end = memchr(m->data + m->at, '\n', m->size - m->at);
  if (!end) leave(m, ERROR, "the pickle ends early");
  take_bytes(m, (size_t)(end - (m->data + m->at)), to);
  take(m, 1);
}

static void push(struct machine *m, struct value *value) {
  if (m->height == m->room) {
    m->room = 2 * m->room + 16;
    m->stack = realloc(m->stack, m->room * sizeof *m->stack);
    if (!m->stack) abort();
  }
  m->stack[m->height++] = value;
}

static struct value *make(struct machine *m, enum kind kind) {
  struct value *value = calloc(1, sizeof *value);
  if (!value) abort();
  value->kind = kind;
  value->next = m->result->all;
  m->result->all = value;
  push(m, value);
  return value;
}

static struct value *top(struct machine *m) {
  if (m->height == 0) leave(m, ERROR, "the stack is empty");
  return m->stack[m->height - 1];
}

static void mark(struct machine *m) {
  if (m->mark_count == m->mark_room) {
    m->mark_room = 2 * m->mark_room + 16;
    m->marks = realloc(m->marks, m->mark_room * sizeof *m->marks);
    if (!m->marks) abort();
  }
  m->marks[m->mark_count++] = m->height;
}

/* Puts what stands above the mark into the value below it, or into a new one. */
static void collect(struct machine *m, enum kind kind) {
  if (m->mark_count == 0 || m->marks[m->mark_count - 1] > m->height) leave(m, ERROR, "no mark");
  size_t from = m->marks[--m->mark_count], count = m->height - from;
  if (kind == TUPLE) {
    make(m, TUPLE); /* above the items, which stay where they are for a moment */
  } else if (from == 0 || m->stack[from - 1]->kind != kind) {
    leave(m, ERROR, "nothing to add to");
  }
  struct value *into = kind == TUPLE ? top(m) : m->stack[from - 1];
  if (kind == DICT) count -= count % 2;
  into->items = realloc(into->items, (into->count + count + 1) * sizeof *into->items);
  if (!into->items) abort();
  if (count) memcpy(into->items + into->count, m->stack + from, count * sizeof *into->items);
  into->count += count;
  m->height = from;
  if (kind == TUPLE) push(m, into);
}

static double real(const unsigned char *big) {
  uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = bits << 8 | big[i];
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static void load(struct machine *m) {
  for (;;) {
    unsigned char code = *take(m, 1);
    char why[20];
    switch (code) {
      case '.': m->result->value = top(m); m->result->consumed = m->at; return;
      case '(': mark(m); break;
      case 'N': make(m, NONE); break;
      case 0x88: make(m, TRUE); break;
      case 0x89: make(m, FALSE); break;
      case 'K': make(m, INT)->number = *take(m, 1); break;
      case 'J': make(m, INT)->number = (int32_t)number(m); break;
      case 0x8a: take_bytes(m, *take(m, 1), &make(m, BIG_INT)->bytes); break;
      case 'G': make(m, FLOAT)->real = real(take(m, 8)); break;
      case 'X': { uint32_t size = number(m); take_bytes(m, size, &make(m, TEXT)->bytes); break; }
      case 'C': { size_t size = *take(m, 1); take_bytes(m, size, &make(m, BYTES)->bytes); break; }
      case ']': make(m, LIST); break;
      case 'e': collect(m, LIST); break;
      case ')': make(m, TUPLE); break;
      case 't': collect(m, TUPLE); break;
      case '}': make(m, DICT); break;
      case 'u': collect(m, DICT); break;
      case 'q': m->memo[*take(m, 1)] = top(m); break;
      case 'h': {
        struct value *found = m->memo[*take(m, 1)];
        if (!found) leave(m, ERROR, "no such memo");
        push(m, found);
        break;
      }
      case 'c': {
        struct value *global = make(m, GLOBAL);
        take_line(m, &global->bytes);
        take_line(m, &global->name);
        break;
      }
      default:
        snprintf(why, sizeof why, "opcode 0x%02x", code);
        leave(m, UNSUPPORTED, why);
    }
  }
}

static void toy(const unsigned char *data, size_t size, struct result *result) {
  struct machine *m = calloc(1, sizeof *m);
  if (!m) abort();
  m->data = data;
  m->size = size;
  m->result = result;
  if (setjmp(m->out) == 0) load(m);
  free(m->stack);
  free(m->marks);
  free(m);
}

/* ---- Value text: what has parts gets a line of its own, so nothing recurses. ------ */

static void escape(uint32_t code, struct buffer *out) {
  char text[16];
  if (code == '\\' || code == '\'') snprintf(text, sizeof text, "\\%c", (char)code);
  else if (code == '\n') snprintf(text, sizeof text, "\\n");
  else if (code == '\r') snprintf(text, sizeof text, "\\r");
  else if (code == '\t') snprintf(text, sizeof text, "\\t");
  else if (code >= ' ' && code <= '~') snprintf(text, sizeof text, "%c", (char)code);
  else if (code < 0x100) snprintf(text, sizeof text, "\\x%02x", (unsigned)code);
  else if (code < 0x10000) snprintf(text, sizeof text, "\\u%04x", (unsigned)code);
  else snprintf(text, sizeof text, "\\U%08x", (unsigned)code);
  add_text(out, text);
}

/* What is no UTF-8 is printed as Python's surrogateescape would read it. */
static void add_quoted(const struct buffer *utf8, struct buffer *out) {
  const unsigned char *bytes = (const unsigned char *)utf8->bytes;
  add_text(out, "'");
  for (size_t i = 0; i < utf8->size;) {
    unsigned char first = bytes[i++];
    size_t more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
    int whole = more > 0 && utf8->size - i >= more;
    if (whole && (first == 0xe0 || first == 0xf0)) whole = bytes[i] >= (first == 0xe0 ? 0xa0 : 0x90);
    if (whole && first == 0xf4) whole = bytes[i] < 0x90; /* there is nothing beyond U+10FFFF */
    for (size_t k = 0; whole && k < more; ++k) whole = (bytes[i + k] & 0xc0) == 0x80;
    if (whole) {
      uint32_t code = first & 0x3fu >> more;
      for (; more > 0; --more) code = code << 6 | (bytes[i++] & 0x3fu);
      escape(code, out);
    } else {
      escape(first < 0x80 ? first : 0xdc00u | first, out);
    }
  }
  add_text(out, "'");
}

static void add_bytes(const struct buffer *bytes, struct buffer *out) {
  add_text(out, "b'");
  for (size_t i = 0; i < bytes->size; ++i) escape((unsigned char)bytes->bytes[i], out);
  add_text(out, "'");
}

static void add_big_int(const struct buffer *little, struct buffer *out) {
  const unsigned char *bytes = (const unsigned char *)little->bytes;
  int negative = little->size > 0 && bytes[little->size - 1] >= 0x80;
  size_t zeros = 0; /* -x is ~x + 1: the bytes up to the lowest that is not 0 stay as they are */
  while (zeros < little->size && bytes[zeros] == 0) ++zeros;
  add_text(out, negative ? "-0x0" : "0x0");
  for (size_t i = little->size; i > 0; --i) {
    unsigned byte = bytes[i - 1];
    if (negative) byte = (i - 1 > zeros ? ~byte : i - 1 == zeros ? ~byte + 1 : byte) & 0xff;
    char text[4];
    snprintf(text, sizeof text, "%02x", byte);
    add_text(out, text);
  }
}

static void add_real(double value, struct buffer *out) {
  char text[40] = "nan";
  if (isinf(value)) snprintf(text, sizeof text, value > 0 ? "inf" : "-inf");
  for (int digits = 15; !isnan(value) && !isinf(value) && digits <= 17; ++digits) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (!strpbrk(text, ".e")) strcat(text, ".0");
    if (strtod(text, NULL) == value) break;
  }
  add_text(out, text);
}

struct printer {
  struct value **nodes;
  size_t count, room;
};

static void part(struct printer *printer, struct value *value, struct buffer *out) {
  char text[24];
  switch (value->kind) {
    case NONE: add_text(out, "None"); return;
    case FALSE: add_text(out, "False"); return;
    case TRUE: add_text(out, "True"); return;
    case INT:
      snprintf(text, sizeof text, "%lld", (long long)value->number);
      add_text(out, text);
      return;
    case BIG_INT: add_big_int(&value->bytes, out); return;
    case FLOAT: add_real(value->real, out); return;
    case TEXT: add_quoted(&value->bytes, out); return;
    case BYTES: add_bytes(&value->bytes, out); return;
    case GLOBAL:
      add_text(out, "global(");
      add_quoted(&value->bytes, out);
      add_text(out, ", ");
      add_quoted(&value->name, out);
      add_text(out, ")");
      return;
    default: break;
  }
  if (value->label == 0) {
    if (printer->count == printer->room) {
      printer->room = 2 * printer->room + 16;
      printer->nodes = realloc(printer->nodes, printer->room * sizeof *printer->nodes);
      if (!printer->nodes) abort();
    }
    printer->nodes[printer->count++] = value;
    value->label = printer->count;
  }
  snprintf(text, sizeof text, "*%zu", value->label);
  add_text(out, text);
}

static void form(struct printer *printer, struct value *value, struct buffer *out) {
  int dict = value->kind == DICT;
  add_text(out, value->kind == LIST ? "[" : dict ? "{" : "(");
  for (size_t i = 0; i < value->count; ++i) {
    if (i > 0) add_text(out, dict && i % 2 == 1 ? ": " : ", ");
    part(printer, value->items[i], out);
  }
  if (value->kind == TUPLE && value->count == 1) add_text(out, ",");
  add_text(out, value->kind == LIST ? "]" : dict ? "}" : ")");
}

static void value_text(struct value *root, struct buffer *out) {
  struct printer printer = {0};
  struct buffer last = {0};
  part(&printer, root, &last);
  for (size_t i = 0; i < printer.count; ++i) {
    char text[32];
    snprintf(text, sizeof text, "&%zu = ", i + 1);
    add_text(out, text);
    form(&printer, printer.nodes[i], out);
    add_text(out, "\n");
  }
  add(out, last.bytes, last.size);
  free(last.bytes);
  free(printer.nodes);
}

/* ---- JSON, as much as requests have: the texts by name; the rest is passed over. --- */

struct request {
  struct buffer op, id, format, data;
  int has_id, has_more; /* options or buffers */
  int broken;
};

struct json {
  const char *at, *end;
  int broken;
};

static char peek(struct json *json) {
  while (json->at < json->end && strchr(" \t\r\n", *json->at)) ++json->at;
  if (json->at == json->end) json->broken = 1;
  return json->broken ? '\0' : *json->at;
}

static void expect(struct json *json, char wanted) {
  if (peek(json) == wanted) ++json->at;
  else json->broken = 1;
}

/* \u escapes are kept as UTF-8, each half of a surrogate pair by itself: no text that
 * matters here has one. */
static void read_escape(struct json *json, struct buffer *to) {
  static const char names[] = "bfnrt", controls[] = "\b\f\n\r\t";
  char c = *json->at++;
  const char *control = c ? strchr(names, c) : NULL;
  if (control) {
    add(to, &controls[control - names], 1);
  } else if (c == 'u') {
    char digits[5] = "", *stop;
    if (json->end - json->at >= 4) memcpy(digits, json->at, 4);
    unsigned long code = strtoul(digits, &stop, 16);
    if (stop != digits + 4) { json->broken = 1; return; }
    json->at += 4;
    char utf8[3] = {(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)), (char)(0x80 | (code & 0x3f))};
    if (code < 0x80) utf8[2] = (char)code;
    else if (code < 0x800) utf8[1] = (char)(0xc0 | code >> 6);
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    add(to, utf8 + 3 - size, size);
  } else {
    add(to, &c, 1);
  }
}

static void read_string(struct json *json, struct buffer *to) {
  to->size = 0;
  expect(json, '"');
  while (!json->broken && json->at < json->end && *json->at != '"') {
    const char *run = json->at;
    while (json->at < json->end && *json->at != '"' && *json->at != '\\') ++json->at;
    add(to, run, (size_t)(json->at - run));
    if (json->end - json->at >= 2 && *json->at == '\\') {
      ++json->at;
      read_escape(json, to);
    }
  }
  expect(json, '"');
}

static void pass_over(struct json *json) {
  struct buffer passed = {0};
  int depth = 0;
  do {
    char c = peek(json);
    if (c == '"') read_string(json, &passed);
    else if (!json->broken) ++json->at;
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
  } while (!json->broken && (depth > 0 || (peek(json) != ',' && peek(json) != '}')));
  free(passed.bytes);
}

static int is(const struct buffer *text, const char *word) {
  return text->size == strlen(word) && memcmp(text->bytes ? text->bytes : "", word, text->size) == 0;
}

static void read_request(const char *line, size_t size, struct request *request) {
  struct json json = {line, line + size, 0};
  struct buffer name = {0};
  expect(&json, '{');
  while (!json.broken && peek(&json) != '}') {
    read_string(&json, &name);
    expect(&json, ':');
    struct buffer *into = is(&name, "op") ? &request->op : is(&name, "id") ? &request->id
        : is(&name, "format") ? &request->format : is(&name, "data") ? &request->data : NULL;
    if (is(&name, "id")) request->has_id = 1;
    if (is(&name, "options") || is(&name, "buffers")) request->has_more = 1;
    if (into && peek(&json) == '"') read_string(&json, into);
    else pass_over(&json);
    if (!json.broken && peek(&json) != '}') expect(&json, ',');
  }
  if (json.broken) request->broken = 1;
  free(name.bytes);
}

static void add_json(const char *text, size_t size, struct buffer *out) {
  add_text(out, "\"");
  for (size_t i = 0; i < size; ++i) {
    unsigned char c = (unsigned char)text[i];
    char escaped[8];
    snprintf(escaped, sizeof escaped, c < ' ' || c > '~' ? "\\u%04x" : c == '"' || c == '\\' ? "\\%c" : "%c", c);
    add_text(out, escaped);
  }
  add_text(out, "\"");
}

/* ---- The protocol. ----------------------------------------------------------------- */

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* In place; whether it was hex. */
static int from_hex(struct buffer *data) {
  for (size_t i = 0; i + 1 < data->size; i += 2) {
    int high = digit(data->bytes[i]), low = digit(data->bytes[i + 1]);
    if (high < 0 || low < 0) return 0;
    data->bytes[i / 2] = (char)(high << 4 | low);
  }
  int whole = data->size % 2 == 0;
  data->size /= 2;
  return whole;
}

static void say(const char *name, const char *text, struct buffer *out) {
  add_text(out, "\"");
  add_text(out, name);
  add_text(out, "\":");
  add_json(text, strlen(text), out);
}

static void decode(const struct buffer *data, struct buffer *out) {
  struct result result = {0};
  implementation((const unsigned char *)(data->bytes ? data->bytes : ""), data->size, &result);
  if (result.outcome == UNSUPPORTED) {
    say("unsupported", result.message, out);
  } else if (result.outcome == ERROR) {
    say("error", "Error", out);
    add_text(out, ",");
    say("message", result.message, out);
  } else {
    struct buffer text = {0};
    char consumed[40];
    value_text(result.value, &text);
    add_text(out, "\"value\":");
    add_json(text.bytes, text.size, out);
    snprintf(consumed, sizeof consumed, ",\"consumed\":%zu", result.consumed);
    add_text(out, consumed);
    free(text.bytes);
  }
  while (result.all) {
    struct value *value = result.all;
    result.all = value->next;
    free(value->bytes.bytes);
    free(value->name.bytes);
    free(value->items);
    free(value);
  }
}

static void answer(struct request *request, struct buffer *out) {
  if (!request->broken && is(&request->op, "hello")) {
    add_text(out, hello);
  } else if (!request->broken && (!is(&request->op, "decode") || !is(&request->format, "pickle"))) {
    say("unsupported", "this operation or format", out);
  } else if (!request->broken && request->has_more) {
    say("unsupported", "options and buffers", out);
  } else if (request->broken || !from_hex(&request->data)) {
    add_text(out, "\"error\":\"ProtocolError\",\"message\":\"a broken request\"");
  } else {
    decode(&request->data, out);
  }
}

int main(void) {
  char *line = NULL;
  size_t room = 0;
  for (ssize_t size; (size = getline(&line, &room, stdin)) > 0;) {
    struct request request = {0};
    struct buffer out = {0};
    read_request(line, (size_t)size, &request);
    int bye = !request.broken && is(&request.op, "bye");
    add_text(&out, "{");
    if (request.has_id && !request.broken) {
      add_text(&out, "\"id\":");
      add_json(request.id.bytes, request.id.size, &out);
      add_text(&out, ",");
    }
    if (!bye) answer(&request, &out);
    add_text(&out, "}\n");
    if (!bye) fwrite(out.bytes, 1, out.size, stdout);
    fflush(stdout);
    free(out.bytes);
    free(request.op.bytes);
    free(request.id.bytes);
    free(request.format.bytes);
    free(request.data.bytes);
    if (bye) break;
  }
  free(line);
  return 0;
}
