#include "generators/value_graphs.h"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "reference/pickle/name_mapping.h"
#include "reference/value/utf8.h"

namespace assay::generators {
namespace {

constexpr int deepest = 6;

struct Name {
  std::string_view module, name;
};

// Plain, nested, private, local, built-in, not ASCII, of picklers themselves.
constexpr Name names[] = {
    {"m", "C"},
    {"m", "C"},
    {"m", "D"},
    {"n", "E"},
    {"m", "f"},
    {"pkg.sub", "Cls"},
    {"m", "C.D"},
    {"m", "C.D.E"},
    {"m", "A.__x"},
    {"m", "A.__x.__y"},
    {"m", "_A.b"},
    {"m", "C.<locals>.D"},
    {"m", "\xc3\xa9"},
    {"\xc3\xa9", "C"},
    {"m", "\xe2\x82\xac"},
    {"a", "b"},
    {"m", "ab c"},
    {"", "C"},
    {"builtins", "object"},
    {"builtins", "list"},
    {"builtins", "len"},
    {"builtins", "range"},
    {"builtins", "ValueError"},
    {"__builtin__", "object"},
    {"__builtin__", "xrange"},
    {"_codecs", "encode"},
    {"copyreg", "_reconstructor"},
    {"copyreg", "__newobj__"},
    {"copy_reg", "_reconstructor"},
    {"m", "__newobj__"},
    {"m", "__newobj_ex__"},
    {"functools", "partial"},
    {"collections", "OrderedDict"},
};

// Both sides of what decides between opcodes, and of the machine's word.
constexpr std::int64_t integers[] = {0,
                                     1,
                                     -1,
                                     2,
                                     127,
                                     128,
                                     254,
                                     255,
                                     256,
                                     257,
                                     -128,
                                     -129,
                                     -255,
                                     -256,
                                     32767,
                                     32768,
                                     65534,
                                     65535,
                                     65536,
                                     -65536,
                                     (std::int64_t{1} << 31) - 1,
                                     std::int64_t{1} << 31,
                                     -(std::int64_t{1} << 31),
                                     -(std::int64_t{1} << 31) - 1,
                                     (std::int64_t{1} << 32) - 1,
                                     std::int64_t{1} << 32,
                                     (std::int64_t{1} << 62),
                                     INT64_MAX,
                                     INT64_MIN};

constexpr std::uint64_t doubles[] = {0x0000000000000000, 0x8000000000000000, 0x3ff0000000000000,
                                     0xbff0000000000000, 0x3fb999999999999a, 0x4341c37937e08000,
                                     0x3e8421f5f40d8376, 0x7ff0000000000000, 0xfff0000000000000,
                                     0x7ff8000000000000, 0x7fefffffffffffff, 0x0000000000000001,
                                     0x43e0000000000000, 0x40091eb851eb851f, 0x4059000000000000};

class ValueMaker {
 public:
  ValueMaker(Choices& choices, Graph& graph, const ValueWorld& world, std::size_t size)
      : choices_(choices),
        graph_(graph),
        world_(world),
        left_(size),
        free_keys_(world.hash_order || choices.chance(30)) {}

  NodeId make() {
    if (world_.large && choices_.chance(30)) return about_a_frame();
    if (choices_.chance(1)) return deep();
    return value(choices_.chance(90) ? deepest : 2);
  }

 private:
  // --- values that hold no others
  NodeId number();
  NodeId big_integer();
  NodeId double_();
  NodeId text();
  NodeId bytes();
  NodeId constant();
  NodeId scalar();
  NodeId name();
  std::string characters(std::size_t count, bool as_bytes);
  std::size_t text_size();

  // --- values that do
  NodeId value(int depth);
  NodeId composite(int depth);
  NodeId marshal_composite(int depth);
  NodeId list(int depth);
  NodeId tuple(int depth);
  NodeId dict(int depth);
  NodeId set(int depth);
  NodeId range();
  NodeId slice(int depth);
  NodeId instance(int depth);
  NodeId callee(int depth);
  NodeId arguments(int depth);
  NodeId keywords(int depth);
  void operations(NodeId id, int depth);
  NodeId hashable(int depth);
  NodeId persid();
  NodeId buffer();
  NodeId deep();
  NodeId about_a_frame();

  // --- identity
  NodeId again();
  NodeId closed_again();
  NodeId keep(NodeId id) {
    made_.push_back(id);
    return id;
  }
  void close_cycle(NodeId id, std::size_t first);

  std::size_t item_count();
  NodeId string_of(std::string_view text) { return graph_.string(graph_.keep(as_bytes(text))); }

  Choices& choices_;
  Graph& graph_;
  const ValueWorld& world_;
  std::size_t left_;
  bool free_keys_;  // dicts of any keys
  std::uint64_t keys_ = 0;
  std::vector<NodeId> made_;     // what may be met again
  std::vector<NodeId> mutable_;  // lists and instances, to close cycles through
  std::vector<NodeId> open_;     // those that are being filled
};

// --- text and numbers -------------------------------------------------------------

NodeId ValueMaker::big_integer() {
  // Widths in bits about those that take another byte, and another opcode: LONG4
  // from 256 bytes on.
  const std::uint64_t bits = choices_.one_of(
      {std::uint64_t{63}, std::uint64_t{64}, std::uint64_t{65}, std::uint64_t{71},
       std::uint64_t{72}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{255 * 8 - 1},
       std::uint64_t{255 * 8}, std::uint64_t{255 * 8 + 1}});
  std::vector<std::uint64_t> limbs(bits / 64 + 1);
  limbs[bits / 64] = std::uint64_t{1} << (bits % 64);
  if (choices_.chance(40)) {  // one less
    limbs[bits / 64] -= 1;
    for (std::size_t i = 0; i < bits / 64; ++i) limbs[i] = ~std::uint64_t{0};
  } else if (choices_.chance(50)) {
    limbs[0] |= choices_.below(1000);
  }
  return graph_.integer_from_limbs(limbs, choices_.chance(50), world_.python2);
}

NodeId ValueMaker::number() {
  if (choices_.chance(6)) return big_integer();
  const std::int64_t value = choices_.chance(70)
                                 ? choices_.one_of(integers)
                                 : static_cast<std::int64_t>(choices_.below(1000)) - 500;
  if (world_.python2 && choices_.chance(30)) return graph_.python2_long(value);
  return graph_.integer(value);
}

NodeId ValueMaker::double_() {
  if (choices_.chance(80)) return graph_.floating(std::bit_cast<double>(choices_.one_of(doubles)));
  return graph_.floating(static_cast<double>(choices_.below(100000)) / 1000);
}

std::size_t ValueMaker::text_size() {
  if (world_.large && choices_.chance(10))
    return choices_.one_of({std::size_t{65534}, std::size_t{65535}, std::size_t{65536},
                            std::size_t{65537}, std::size_t{40000}});
  if (choices_.chance(4))
    return choices_.one_of(
        {std::size_t{254}, std::size_t{255}, std::size_t{256}, std::size_t{257}});
  if (choices_.chance(20)) return choices_.below(3);
  return choices_.between(1, 12);
}

// Text of `count` characters (bytes: those below U+0100), most of them letters.
std::string ValueMaker::characters(std::size_t count, bool as_bytes) {
  static constexpr std::uint32_t rare[] = {
      0,    '\n', '\r',  0x1a,   '\\',   '\'',   '"',    '\t',    0x7f,    0x80,
      0xe9, 0xff, 0x100, 0x20ac, 0xd800, 0xdfff, 0xffff, 0x10000, 0x1f600, 0x10ffff};
  constexpr std::size_t rare_bytes = 12;
  const unsigned odd = count > 300 ? 0 : choices_.one_of({0u, 0u, 10u, 60u});
  const auto letter = static_cast<char>('a' + choices_.below(26));
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (odd == 0 || !choices_.chance(odd)) {
      out += count > 300 ? letter : static_cast<char>('a' + choices_.below(26));
      continue;
    }
    const std::uint32_t c = rare[choices_.below(as_bytes ? rare_bytes : std::size(rare))];
    if (as_bytes)
      out += static_cast<char>(c);
    else
      append_utf8(out, c);
  }
  return out;
}

NodeId ValueMaker::text() {
  // Names that picklers write on their own account: those are other objects.
  if (choices_.chance(6))
    return keep(string_of(choices_.one_of({"latin1", "m", "C", "builtins", "encode", "__new__"})));
  const NodeId id = string_of(characters(text_size(), false));
  if (graph_.text_size(id) > 0) keep(id);
  return id;
}

NodeId ValueMaker::bytes() {
  const Bytes data = graph_.keep(as_bytes(characters(text_size(), true)));
  return keep(choices_.chance(70) ? graph_.bytes(data) : graph_.bytearray(data));
}

NodeId ValueMaker::name() {
  if (choices_.chance(8)) {
    const auto rows = pickle::renamed_globals();
    const pickle::GlobalName& found = rows[choices_.below(rows.size())].python3;
    return keep(graph_.global(string_of(found.module), string_of(found.name)));
  }
  if (choices_.chance(4)) {
    const auto rows = pickle::renamed_modules();
    return keep(
        graph_.global(string_of(rows[choices_.below(rows.size())].python3), string_of("x")));
  }
  const Name& one = choices_.one_of(names);
  return keep(graph_.global(string_of(one.module), string_of(one.name)));
}

NodeId ValueMaker::constant() {
  if (!world_.marshal) return choices_.one_of({Graph::ellipsis, Graph::not_implemented});
  return world_.refused && choices_.chance(30)
             ? Graph::not_implemented
             : choices_.one_of({Graph::ellipsis, Graph::stop_iteration});
}

NodeId ValueMaker::scalar() {
  switch (choices_.below(16)) {
    case 0:
      return Graph::none;
    case 1:
      return graph_.boolean(choices_.chance(50));
    case 2:
      return constant();
    case 3:
    case 4:
      return double_();
    case 5:
      return keep(graph_.complex(graph_[double_()].floating, 1.0));
    case 6:
    case 7:
      return bytes();
    case 8:
      return world_.marshal && !world_.refused ? text() : name();
    case 9:
    case 10:
    case 11:
      return text();
    default:
      return number();
  }
}

// --- containers -------------------------------------------------------------------

std::size_t ValueMaker::item_count() {
  if (world_.large && choices_.chance(15))
    return choices_.one_of({std::size_t{255}, std::size_t{256}, std::size_t{999}, std::size_t{1000},
                            std::size_t{1001}, std::size_t{1002}, std::size_t{2000},
                            std::size_t{2001}});
  return choices_.chance(15) ? 0 : choices_.between(1, 4);
}

NodeId ValueMaker::again() {
  if (made_.empty()) return scalar();
  if (!world_.cyclic) return closed_again();
  // Often the last: sharing side by side.
  return choices_.chance(40) ? made_.back() : made_[choices_.below(made_.size())];
}

// One that is complete: of which no part is still to be made.
NodeId ValueMaker::closed_again() {
  const NodeId id = made_[choices_.below(made_.size())];
  return std::find(open_.begin(), open_.end(), id) == open_.end() ? id : scalar();
}

NodeId ValueMaker::value(int depth) {
  if (left_ == 0 || depth <= 0) return choices_.chance(30) ? again() : scalar();
  --left_;
  const std::uint64_t kind = choices_.below(100);
  if (kind < 14) return again();
  if (kind < 40) return scalar();
  if (kind < 43 && world_.buffers > 0) return buffer();
  if (kind < 47 && world_.persistent) return persid();
  return composite(depth - 1);
}

NodeId ValueMaker::composite(int depth) {
  switch (choices_.below(world_.marshal && !world_.refused ? 12 : 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return list(depth);
    case 4:
    case 5:
    case 6:
      return tuple(depth);
    case 7:
    case 8:
    case 9:
      return dict(depth);
    case 10:
      return set(depth);
    case 11:
      if (world_.marshal) return marshal_composite(depth);
      return keep(choices_.chance(50) ? range() : slice(depth));
    default:
      return instance(depth);
  }
}

// What few versions of marshal write.
NodeId ValueMaker::marshal_composite(int depth) {
  if (world_.slices && choices_.chance(50)) return keep(slice(depth));
  if (world_.frozendicts) {
    const std::size_t first = mutable_.size();
    const NodeId id = dict(depth);
    made_.erase(std::find(made_.begin(), made_.end(), id));
    mutable_.erase(std::find(mutable_.begin(), mutable_.end(), id));
    graph_.freeze(id);
    keep(id);
    close_cycle(id, first);
    return id;
  }
  return world_.refused ? keep(range()) : set(depth);
}

// An immutable object becomes an item of something that was made while it was.
void ValueMaker::close_cycle(NodeId id, std::size_t first) {
  if (!world_.cyclic) return;
  if (first == mutable_.size() || !choices_.chance(25)) return;
  const NodeId holder = mutable_[first + choices_.below(mutable_.size() - first)];
  if (graph_.kind(holder) == Kind::list) graph_.append(holder, id);
  if (graph_.kind(holder) == Kind::dict && graph_.edges(holder).size() > 1)
    graph_.set_edge(holder, 1, id);
}

NodeId ValueMaker::list(int depth) {
  const NodeId id = keep(graph_.list());
  mutable_.push_back(id);
  open_.push_back(id);
  const std::size_t count = item_count();
  const NodeId filler = count > 10 ? scalar() : Graph::none;
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId item = count > 10 && i % 256 != 3 ? filler : value(depth);
    graph_.append(id, item);
  }
  open_.pop_back();
  return id;
}

NodeId ValueMaker::tuple(int depth) {
  const std::size_t first = mutable_.size(), count = item_count();
  std::vector<NodeId> items;
  for (std::size_t i = 0; i < count; ++i) items.push_back(count > 10 ? scalar() : value(depth));
  const NodeId id = keep(graph_.tuple(items));
  close_cycle(id, first);
  return id;
}

// A key or item that equals no other: text or numbers that are counted, objects
// that equal only themselves, tuples and frozensets of these.
NodeId ValueMaker::hashable(int depth) {
  const std::uint64_t number = ++keys_;
  switch (choices_.below(depth > 0 && left_ > 0 ? 10 : 5)) {
    case 0:
      return graph_.integer(static_cast<std::int64_t>(number * 1000));
    case 1:
      return graph_.floating(static_cast<double>(number) + 0.5);
    case 2: {
      const std::string key = "b" + std::to_string(number);
      return keep(graph_.bytes(graph_.keep(as_bytes(key))));
    }
    case 5:
    case 6: {
      const NodeId items[] = {hashable(depth - 1),
                              graph_.integer(static_cast<std::int64_t>(number))};
      return keep(graph_.tuple(std::span(items, choices_.between(1, 2))));
    }
    case 7: {
      const NodeId items[] = {hashable(depth - 1)};
      return keep(graph_.container(Kind::frozenset, items));
    }
    case 8:
      if (!world_.marshal) return instance(depth - 1);
      [[fallthrough]];
    default:
      return keep(string_of("k" + std::to_string(number)));
  }
}

NodeId ValueMaker::dict(int depth) {
  const NodeId id = keep(graph_.dict());
  mutable_.push_back(id);
  open_.push_back(id);
  const std::size_t count = item_count();
  for (std::size_t i = 0; i < count; ++i) {
    const bool plain = !free_keys_ && count > 1;
    const NodeId key =
        plain || count > 10 ? graph_.integer(static_cast<std::int64_t>(i)) : hashable(depth);
    graph_.add_pair_unchecked(id, key, count > 10 ? scalar() : value(depth));
  }
  open_.pop_back();
  return id;
}

NodeId ValueMaker::set(int depth) {
  const std::size_t count = item_count();
  const bool plain = count > 1 && (!world_.hash_order || count > 10);
  const std::size_t first = mutable_.size();
  std::vector<NodeId> items;
  for (std::size_t i = 0; i < count; ++i)
    items.push_back(plain ? graph_.integer(static_cast<std::int64_t>(i)) : hashable(depth));
  const bool frozen = choices_.chance(50);
  const NodeId id = keep(graph_.container(frozen ? Kind::frozenset : Kind::set, items));
  if (frozen) close_cycle(id, first);
  return id;
}

NodeId ValueMaker::range() {
  const NodeId start = number(), stop = number();
  return graph_.range(start, stop, graph_.integer(choices_.one_of({1, 1, 2, -1, 300})));
}

NodeId ValueMaker::slice(int) {
  const auto part = [&] { return choices_.chance(40) ? Graph::none : scalar(); };
  const NodeId start = part(), stop = part();
  return graph_.slice(start, stop, part());
}

// --- instances --------------------------------------------------------------------

NodeId ValueMaker::callee(int depth) {
  if (depth > 0 && left_ > 0 && choices_.chance(4)) return instance(depth - 1);
  if (choices_.chance(2)) return scalar();
  if (choices_.chance(60)) {  // one of few, to be met again
    const Name& one = names[choices_.below(5)];
    return keep(graph_.global(string_of(one.module), string_of(one.name)));
  }
  return name();
}

NodeId ValueMaker::arguments(int depth) {
  std::vector<NodeId> items;
  for (std::size_t left = choices_.below(5); left > 0; --left) items.push_back(value(depth));
  return graph_.tuple(items);
}

NodeId ValueMaker::keywords(int depth) {
  const NodeId id = graph_.dict();
  const std::size_t count = free_keys_ ? choices_.below(3) : choices_.below(2);
  for (std::size_t i = 0; i < count; ++i)
    graph_.add_pair_unchecked(id, string_of(i == 0 ? "a" : "key"), value(depth));
  return id;
}

// Items, then pairs, then a state: the parts of a reduction.
void ValueMaker::operations(NodeId id, int depth) {
  if (choices_.chance(25))
    for (std::size_t left = item_count(); left > 0; --left)
      graph_.record(id, Op::append, left > 10 ? Graph::none : value(depth));
  if (choices_.chance(25))
    for (std::size_t left = item_count(); left > 0; --left) {
      const NodeId key = hashable(0);
      graph_.record(id, Op::set, key, left > 10 ? Graph::none : value(depth));
    }
  if (!choices_.chance(50)) return;
  const NodeId state = value(depth);
  if (state == Graph::none) return;
  graph_.record(id, Op::build, state, choices_.chance(3) ? callee(depth) : no_node);
}

NodeId ValueMaker::instance(int depth) {
  const std::size_t first = mutable_.size();
  const NodeId of = callee(depth), args = arguments(depth);
  NodeId id = no_node;
  if (choices_.chance(50)) {
    id = graph_.call(of, args);
  } else {
    id = graph_.new_(of, args, choices_.chance(20) ? keywords(depth) : no_node);
  }
  keep(id);
  close_cycle(id, first);
  operations(id, depth);
  return id;
}

// --- what stands outside ----------------------------------------------------------

NodeId ValueMaker::persid() {
  NodeId pid = no_node;
  switch (choices_.below(6)) {
    case 0: {
      const NodeId items[] = {string_of("MemoRecord"), number()};
      pid = graph_.tuple(items);
      break;
    }
    case 1:
      pid = number();
      break;
    case 2:
      pid = bytes();
      break;
    case 3:
      pid = again();
      break;
    default:
      pid = text();
      break;
  }
  if (pid == Graph::none || graph_.kind(pid) == Kind::persid) pid = graph_.integer(1);
  return keep(graph_.persid(pid));
}

NodeId ValueMaker::buffer() {
  if (choices_.chance(15)) {
    const Bytes data = graph_.keep(as_bytes(characters(choices_.below(4), true)));
    return keep(graph_.readonly(graph_.bytearray(data)));
  }
  const auto index =
      static_cast<std::int64_t>(choices_.below(static_cast<std::uint64_t>(world_.buffers)));
  const NodeId id = keep(graph_.buffer(index));
  return choices_.chance(30) ? keep(graph_.readonly(id)) : id;
}

// --- shapes of their own ------------------------------------------------------------

// One in another, up to what every interpreter's stack takes.
NodeId ValueMaker::deep() {
  NodeId id = scalar();
  for (std::uint64_t left = choices_.between(10, 150); left > 0; --left) {
    const NodeId items[] = {id};
    id = choices_.chance(50) ? graph_.list(items) : graph_.tuple(items);
  }
  return id;
}

// A list whose pickle has about 64 KiB where something begins.
NodeId ValueMaker::about_a_frame() {
  const NodeId id = graph_.list();
  std::size_t room = 65536 - choices_.below(64);
  const std::size_t texts = choices_.between(1, 3);
  for (std::size_t i = texts; i > 0; --i) {
    const std::size_t size = i == 1 ? room : room / 2;
    room -= size;
    const std::string text(size > 8 ? size - 8 : size, 'x');
    graph_.append(
        id, choices_.chance(70) ? string_of(text) : graph_.bytes(graph_.keep(as_bytes(text))));
  }
  for (std::size_t left = choices_.between(1, 40); left > 0; --left) graph_.append(id, value(1));
  return id;
}

}  // namespace

NodeId make_value(Choices& choices, Graph& graph, const ValueWorld& world, std::size_t size) {
  return ValueMaker(choices, graph, world, size).make();
}

}  // namespace assay::generators
