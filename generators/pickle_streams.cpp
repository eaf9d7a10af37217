#include "generators/pickle_streams.h"

#include <algorithm>
#include <charconv>

#include "generators/mutation.h"
#include "generators/pickle_arguments.h"
#include "generators/value_graphs.h"
#include "reference/pickle/disassembler.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/pickler.h"

namespace assay::generators {
namespace {

using pickle::Code;

constexpr const char* registered = "1=m:C,300=m:D,70000=n:E";
constexpr const char* encodings[] = {"latin1", "bytes", "utf-8", "ASCII", "cp1252", "utf-16-le"};
constexpr const char* handlers[] = {"replace", "ignore", "surrogateescape", "backslashreplace",
                                    "strict"};
// The largest counts and indices that no machine minds.
constexpr std::uint64_t modest_count = std::uint64_t{1} << 20;
constexpr std::uint64_t modest_index = std::uint64_t{1} << 17;
// From here on no machine has the memory, and readers say so at once.
constexpr std::uint64_t impossible_count = std::uint64_t{1} << 62;
constexpr std::uint64_t impossible_index = std::uint64_t{1} << 59;

void set_option(Stream& stream, std::string key, decltype(CaseOption::value) value) {
  stream.options.push_back({std::move(key), std::move(value)});
  std::sort(stream.options.begin(), stream.options.end(),
            [](const CaseOption& a, const CaseOption& b) { return a.key < b.key; });
}

int any_protocol(Choices& choices) {
  // Protocol 2 is the last that Python 2 has.
  return choices.one_of({0, 1, 2, 2, 3, 4, 4, 5, 5});
}

// Fills in the options of a stream that a program is made for.
ProgramWorld make_world(Choices& choices, int protocol, bool python3_options, Stream& stream) {
  ProgramWorld world;
  world.protocol = protocol;
  if (protocol >= 2 && choices.chance(15)) {
    world.extensions = true;
    set_option(stream, "extensions", std::string(registered));
  }
  if (protocol >= 5 && choices.chance(30)) {
    world.buffers = 2;
    stream.buffers = {"6162", "w:63"};
  }
  if (choices.chance(3)) {
    world.persistent = false;
    set_option(stream, "persistent", std::string("none"));
  }
  if (choices.chance(2)) set_option(stream, "symbolic", true);
  if (python3_options && choices.chance(8))
    set_option(stream, "encoding", std::string(choices.one_of({"latin1", "bytes", "utf-8"})));
  if (python3_options && choices.chance(3)) set_option(stream, "fix_imports", false);
  return world;
}

// Options that only have to be odd: of streams that need not be accepted.
void odd_options(Choices& choices, Stream& stream) {
  if (choices.chance(80)) return;
  const auto has = [&](std::string_view key) {
    return std::any_of(stream.options.begin(), stream.options.end(),
                       [&](const CaseOption& option) { return option.key == key; });
  };
  if (!has("encoding") && choices.chance(60))
    set_option(stream, "encoding", std::string(choices.one_of(encodings)));
  if (!has("errors") && choices.chance(40))
    set_option(stream, "errors", std::string(choices.one_of(handlers)));
  if (!has("loads") && choices.chance(20)) {
    set_option(stream, "loads", std::int64_t{2});
    if (choices.chance(50)) set_option(stream, "fresh", true);
  }
}

std::size_t any_length(Choices& choices) {
  const auto size = static_cast<std::uint64_t>(std::max(choices.size(), 1));
  return choices.between(1,
                         std::max<std::uint64_t>(choices.below(4) == 0 ? size / 2 : size / 8, 1));
}

std::string bytes_of(Choices& choices, const Program& program, int protocol) {
  return protocol >= 4 && choices.chance(60) ? framed(choices, program) : assembled(program);
}

Stream faulty_pickle(Choices& choices) {
  Stream stream;
  const int protocol = any_protocol(choices);
  const ProgramWorld world = make_world(choices, protocol, choices.chance(50), stream);
  Program program = valid_program(choices, world, any_length(choices));
  plant_fault(choices, program, protocol);
  stream.bytes = bytes_of(choices, program, protocol);
  odd_options(choices, stream);
  return stream;
}

// Instructions in any order; the more of them, the sooner one is wrong.
Stream wild_pickle(Choices& choices) {
  Stream stream;
  const int protocol = any_protocol(choices);
  const std::vector<Code> codes = codes_up_to(protocol);
  for (std::uint64_t left = choices.between(1, 14); left > 0; --left) {
    Code code = choices.one_of(std::span<const Code>(codes));
    // What has no argument is what makes and takes values: more of it.
    if (opcode(code).argument != pickle::Argument::none && choices.chance(40))
      code = choices.one_of({Code::MARK, Code::NONE, Code::EMPTY_TUPLE, Code::LIST, Code::DUP,
                             Code::TUPLE, Code::DICT, Code::POP});
    stream.bytes += any_instruction(choices, code);
  }
  stream.bytes += static_cast<char>(Code::STOP);
  if (choices.chance(10)) stream.buffers = {"6162", "w:63"};
  odd_options(choices, stream);
  return stream;
}

// What some profile writes for a value: nothing where it refuses the value.
Stream written_pickle(Choices& choices) {
  Stream stream;
  const auto profiles = pickle::recorded_profiles();
  const pickle::Profile profile = *pickle::Profile::parse(profiles[choices.below(profiles.size())]);
  pickle::PickleOptions options;
  options.protocol =
      static_cast<int>(choices.below(static_cast<std::uint64_t>(profile.highest_protocol()) + 1));
  options.optimize = choices.chance(10);
  Graph graph;
  const ValueWorld world = {.persistent = choices.chance(10), .python2 = profile.python2()};
  const NodeId root = make_value(choices, graph, world, any_length(choices));
  const pickle::Pickled written = pickle::pickle(graph, root, profile, options);
  stream.bytes = as_text(written.bytes());
  return stream;
}

Stream mutated_pickle(Choices& choices, std::span<const Stream> seeds) {
  Stream stream = seeds.empty() || choices.chance(20)
                      ? valid_pickle(choices, any_protocol(choices), choices.chance(30))
                      : choices.one_of(seeds);
  std::vector<std::string_view> others;
  if (!seeds.empty()) others.push_back(choices.one_of(seeds).bytes);
  stream.bytes = mutated(choices, std::move(stream.bytes), others);
  odd_options(choices, stream);
  return stream;
}

Stream make_pickle(Choices& choices, std::span<const Stream> seeds) {
  for (;;) {
    Stream stream;
    const std::uint64_t kind = choices.below(100);
    if (kind < 30) {
      stream = valid_pickle(choices, any_protocol(choices), choices.chance(50));
    } else if (kind < 55) {
      stream = faulty_pickle(choices);
    } else if (kind < 72) {
      stream = wild_pickle(choices);
    } else if (kind < 80) {
      stream = written_pickle(choices);
    } else {
      stream = mutated_pickle(choices, seeds);
    }
    if (!pickle_needs_memory(stream.bytes)) return stream;
  }
}

std::string pickle_source(std::string_view bytes) {
  return pickle::disassemble(as_bytes(bytes));
}

// The last instruction that ends at `offset` or before.
std::string name_before(std::string_view bytes, std::uint64_t offset) {
  std::string_view name = "the start";
  Cursor cursor(as_bytes(bytes));
  try {
    while (!cursor.at_end()) {
      const pickle::Instruction one = pickle::read_instruction(cursor);
      if (one.end() > offset) break;
      name = one.opcode->name;
    }
  } catch (const DecodeError&) {
    // Readers that go by lines or frames may find an instruction in the middle.
  }
  return std::string(name);
}

// Where the machine stops; of a pickle that is accepted, what stands before STOP.
// Options that move that are taken over; those that do not are left out, and so
// is what follows the first pickle.
std::string pickle_place(const Stream& stream, std::string_view profile) {
  pickle::UnpickleOptions options;
  options.symbolic_extensions = true;
  for (const CaseOption& option : stream.options) {
    const auto* text = std::get_if<std::string>(&option.value);
    if (option.key == "encoding" && text != nullptr) options.encoding = *text;
    if (option.key == "errors" && text != nullptr) options.errors = *text;
    if (option.key == "persistent") options.persistent = false;
  }
  for (std::size_t i = 0; i < stream.buffers.size(); ++i)
    options.buffers.push_back({{}, stream.buffers[i].starts_with("w:")});
  Graph graph;
  const auto outcome =
      pickle::unpickle(graph, as_bytes(stream.bytes),
                       pickle::Profile::parse(profile).value_or(pickle::Profile()), options);
  if (outcome.accepted) return name_before(stream.bytes, outcome.offset);
  if (outcome.offset >= stream.bytes.size()) return "the end";
  const auto byte = static_cast<std::uint8_t>(stream.bytes[outcome.offset]);
  const pickle::Opcode* row = pickle::find_opcode(byte);
  return row != nullptr ? std::string(row->name) : "no opcode";
}

// Of the instruction that the bytes begin with.
std::optional<std::string> instruction_needs_memory(std::string_view bytes) {
  const pickle::Opcode* row = pickle::find_opcode(static_cast<std::uint8_t>(bytes[0]));
  if (row == nullptr) return std::nullopt;
  const pickle::ArgumentInfo about = info(row->argument);
  if (about.shape == pickle::Shape::counted && bytes.size() > about.width) {
    std::uint64_t count = 0;
    for (std::size_t i = about.width; i > 0; --i)
      count = count << 8 | static_cast<std::uint8_t>(bytes[i]);
    const bool negative = about.is_signed && (count >> 31) != 0;
    if (!negative && count > modest_count && count < impossible_count)
      return std::string(row->name) + "'s count is allocated first by some readers";
  }
  if (row->code != Code::LONG_BINPUT && row->code != Code::PUT) return std::nullopt;
  Cursor cursor(as_bytes(bytes));
  try {
    const pickle::Instruction one = pickle::read_instruction(cursor);
    std::uint64_t index = one.number;
    const std::string_view line = as_text(one.data);
    std::from_chars(line.data(), line.data() + line.size(), index);
    if (index > modest_index && index < impossible_index)
      return std::string(row->name) + "'s index makes some memos as large";
  } catch (const DecodeError&) {
    // Nothing is put.
  }
  return std::nullopt;
}

}  // namespace

Stream valid_pickle(Choices& choices, int protocol, bool python3_options) {
  Stream stream;
  const ProgramWorld world = make_world(choices, protocol, python3_options, stream);
  const Program program = valid_program(choices, world, any_length(choices));
  stream.bytes = bytes_of(choices, program, protocol);
  return stream;
}

void plant_fault(Choices& choices, Program& program, int protocol) {
  const std::size_t at = choices.below(program.size());
  const auto here = program.begin() + static_cast<std::ptrdiff_t>(at);
  const std::vector<Code> codes = codes_up_to(choices.chance(85) ? protocol : 5);
  const auto anything = [&] {
    return any_instruction(choices, choices.one_of(std::span<const Code>(codes)));
  };
  switch (choices.below(8)) {
    case 0:
      program.erase(here);
      return;
    case 1:
      program.insert(here, program[at]);
      return;
    case 2:
      std::swap(program[at], program[choices.below(program.size())]);
      return;
    case 3:
      program.insert(here, anything());
      return;
    case 4:
      program[at] = anything();
      return;
    case 5:  // the same opcode
      if (const pickle::Opcode* row =
              pickle::find_opcode(static_cast<std::uint8_t>(program[at][0])))
        program[at] = any_instruction(choices, row->code);
      return;
    case 6:
      program[at].resize(choices.below(program[at].size()));
      return;
    default:
      program.insert(here, std::string(1, static_cast<char>(choices.byte())));
      return;
  }
}

std::optional<std::string> pickle_needs_memory(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    if (auto why = instruction_needs_memory(bytes.substr(at))) return why;
    Cursor cursor(as_bytes(bytes.substr(at)));
    try {
      at += pickle::read_instruction(cursor).size;
    } catch (const DecodeError&) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::string> pickle_may_need_memory(std::string_view bytes) {
  if (auto why = pickle_needs_memory(bytes)) return why;
  if (bytes.find(static_cast<char>(Code::FRAME)) == std::string_view::npos) return std::nullopt;
  for (std::size_t at = 0; at < bytes.size(); ++at)
    if (auto why = instruction_needs_memory(bytes.substr(at))) return *why + ", behind a frame";
  return std::nullopt;
}

const StreamFormat pickle_format = {"pickle",      make_pickle,  simpler_pickles,
                                    pickle_source, pickle_place, pickle_may_need_memory};

}  // namespace assay::generators
