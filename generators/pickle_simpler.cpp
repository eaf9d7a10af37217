// Which pickles are simpler than one: what shrinking tries.
#include <algorithm>
#include <set>

#include "generators/pickle_arguments.h"
#include "generators/pickle_streams.h"
#include "reference/pickle/instruction.h"

namespace assay::generators {
namespace {

using pickle::Code;

// An instruction, or a byte that is part of none.
struct Part {
  std::string bytes;
  bool whole = false;      // an instruction
  std::size_t framed = 0;  // of a FRAME that ends at an instruction: parts in it
};

bool is_frame(const Part& part) {
  return part.whole && part.bytes[0] == static_cast<char>(Code::FRAME);
}

std::uint64_t count_of(std::string_view bytes, std::size_t width) {
  std::uint64_t count = 0;
  for (std::size_t i = width; i > 0; --i) count = count << 8 | static_cast<std::uint8_t>(bytes[i]);
  return count;
}

// Instructions for as long as they can be read, bytes from there on.
std::vector<Part> parts_of(std::string_view bytes) {
  std::vector<Part> parts;
  std::vector<std::uint64_t> ends;  // of each part, in bytes
  Cursor cursor(as_bytes(bytes));
  try {
    while (!cursor.at_end()) {
      const pickle::Instruction one = pickle::read_instruction(cursor);
      parts.push_back({std::string(bytes.substr(one.offset, one.size)), true});
      ends.push_back(one.end());
    }
  } catch (const DecodeError&) {
    for (const char byte : bytes.substr(cursor.offset()))
      parts.push_back({std::string(1, byte), false});
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (!is_frame(parts[i])) continue;
    const std::uint64_t length = count_of(parts[i].bytes, 8);
    if (length > bytes.size() - ends[i]) continue;
    const auto end = std::lower_bound(ends.begin(), ends.end(), ends[i] + length);
    if (end != ends.end() && *end == ends[i] + length)
      parts[i].framed = static_cast<std::size_t>(end - ends.begin()) - i;
  }
  return parts;
}

// The bytes again. A FRAME keeps the parts it had, as far as they are left.
class Joiner {
 public:
  explicit Joiner(const std::vector<Part>& parts) : parts_(parts), kept_(parts.size(), true) {}

  void leave_out(std::size_t first, std::size_t count) {
    for (std::size_t i = first; i < first + count && i < kept_.size(); ++i) kept_[i] = false;
  }
  void replace(std::size_t at, std::string bytes) {
    replaced_ = at;
    replacement_ = std::move(bytes);
  }

  std::string bytes() const {
    std::string joined;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!kept_[i]) continue;
      if (parts_[i].framed == 0) {
        joined += text(i);
        continue;
      }
      std::uint64_t length = 0;
      for (std::size_t k = i + 1; k <= i + parts_[i].framed; ++k)
        if (kept_[k]) length += text(k).size();
      joined += number_instruction(Code::FRAME, length);
    }
    return joined;
  }

 private:
  const std::string& text(std::size_t i) const {
    return i == replaced_ ? replacement_ : parts_[i].bytes;
  }

  const std::vector<Part>& parts_;
  std::vector<bool> kept_;
  std::size_t replaced_ = static_cast<std::size_t>(-1);
  std::string replacement_;
};

// Shorter texts, the shortest first.
std::vector<std::string> shorter(std::string_view text) {
  std::vector<std::string> all;
  if (text.empty()) return all;
  all.emplace_back();
  all.emplace_back(text.substr(0, text.size() / 2));
  all.emplace_back(text.substr(text.size() / 2));
  if (text.size() <= 64)
    for (std::size_t i = 0; i < text.size(); ++i)
      all.push_back(std::string(text.substr(0, i)) + std::string(text.substr(i + 1)));
  return all;
}

void simpler_numbers(const pickle::Instruction& one, std::vector<std::string>& out) {
  for (const std::uint64_t number :
       {std::uint64_t{0}, std::uint64_t{1}, one.number / 2, one.number == 0 ? 0 : one.number - 1})
    if (number < one.number) out.push_back(number_instruction(one.code(), number));
}

void simpler_counted(const pickle::Instruction& one, std::vector<std::string>& out) {
  for (const std::string& data : shorter(as_text(one.data)))
    out.push_back(counted_instruction(one.code(), data));
  for (const Code code : {Code::SHORT_BINUNICODE, Code::SHORT_BINBYTES, Code::SHORT_BINSTRING}) {
    const auto kind = info(opcode(code).argument).name.substr(0, 5);
    if (one.code() != code && info(one.opcode->argument).name.substr(0, 5) == kind &&
        one.data.size() < 256)
      out.push_back(counted_instruction(code, as_text(one.data)));
  }
}

// Instructions that may stand in its place.
std::vector<std::string> simpler_instructions(const Part& part) {
  std::vector<std::string> all;
  if (!part.whole) return all;
  Cursor cursor(as_bytes(part.bytes));
  const pickle::Instruction one = pickle::read_instruction(cursor);
  const pickle::ArgumentInfo about = info(one.opcode->argument);
  if (one.opcode->before.size() == 0 && one.opcode->after.size() == 1 && one.code() != Code::MARK) {
    all.push_back(std::string(1, static_cast<char>(Code::NONE)));
    all.push_back(std::string(1, static_cast<char>(Code::EMPTY_TUPLE)));
  }
  switch (about.shape) {
    case pickle::Shape::none:
      break;
    case pickle::Shape::fixed:
      if (one.opcode->argument != pickle::Argument::float8) simpler_numbers(one, all);
      break;
    case pickle::Shape::line:
      for (const std::string& line : shorter(as_text(one.data)))
        all.push_back(text_instruction(one.code(), line));
      break;
    case pickle::Shape::pair:
      for (const std::string& line : shorter(as_text(one.data)))
        all.push_back(name_instruction(one.code(), line, as_text(one.second)));
      for (const std::string& line : shorter(as_text(one.second)))
        all.push_back(name_instruction(one.code(), as_text(one.data), line));
      break;
    case pickle::Shape::counted:
      simpler_counted(one, all);
      break;
  }
  return all;
}

// What shrinking goes by; it only ever gets smaller.
struct Size {
  std::size_t settings, parts, bytes;
  std::string_view text;
  auto operator<=>(const Size&) const = default;
};

Size size_of(const Stream& stream, std::size_t parts) {
  return {stream.options.size() + stream.buffers.size(), parts, stream.bytes.size(), stream.bytes};
}

class Simpler {
 public:
  Simpler(const Stream& stream, std::size_t limit)
      : stream_(stream),
        limit_(limit),
        parts_(parts_of(stream.bytes)),
        size_(size_of(stream, parts_.size())) {}

  std::vector<Stream> find() {
    settings();
    runs_left_out();
    beginnings();
    instructions();
    single_bytes();
    return std::move(found_);
  }

 private:
  bool full() const { return found_.size() >= limit_; }

  void offer(Stream candidate) {
    if (full()) return;
    const std::size_t parts = parts_of(candidate.bytes).size();
    if (!(size_of(candidate, parts) < size_)) return;
    if (seen_.insert(candidate.bytes).second || candidate.bytes == stream_.bytes)
      found_.push_back(std::move(candidate));
  }
  void offer_bytes(std::string bytes) {
    Stream candidate = stream_;
    candidate.bytes = std::move(bytes);
    offer(std::move(candidate));
  }

  void settings() {
    Stream plain = stream_;
    plain.options.clear();
    plain.buffers.clear();
    offer(plain);
    for (std::size_t i = 0; i < stream_.options.size(); ++i) {
      Stream fewer = stream_;
      fewer.options.erase(fewer.options.begin() + static_cast<std::ptrdiff_t>(i));
      offer(fewer);
    }
    if (stream_.buffers.empty()) return;
    Stream fewer = stream_;
    fewer.buffers.pop_back();
    offer(fewer);
  }

  void runs_left_out() {
    for (std::size_t run = parts_.size(); run > 0; run /= 2) {
      for (std::size_t at = 0; at < parts_.size() && !full(); at += run) {
        Joiner joiner(parts_);
        joiner.leave_out(at, run);
        offer_bytes(joiner.bytes());
      }
    }
    // A mark and what takes it, a push and what pops it.
    for (std::size_t apart = 1; apart <= 8; ++apart) {
      for (std::size_t at = 0; at + apart < parts_.size() && !full(); ++at) {
        Joiner joiner(parts_);
        joiner.leave_out(at, 1);
        joiner.leave_out(at + apart, 1);
        offer_bytes(joiner.bytes());
      }
    }
  }

  // The first instructions and a STOP.
  void beginnings() {
    const std::size_t step = std::max<std::size_t>(parts_.size() / 64, 1);
    for (std::size_t count = 0; count < parts_.size() && !full(); count += step) {
      Joiner joiner(parts_);
      joiner.leave_out(count, parts_.size());
      offer_bytes(joiner.bytes() + static_cast<char>(Code::STOP));
    }
  }

  void instructions() {
    for (std::size_t at = 0; at < parts_.size() && !full(); ++at) {
      for (std::string& simpler : simpler_instructions(parts_[at])) {
        Joiner joiner(parts_);
        joiner.replace(at, std::move(simpler));
        offer_bytes(joiner.bytes());
      }
    }
  }

  void single_bytes() {
    if (stream_.bytes.size() > 64) return;
    for (std::size_t at = 0; at < stream_.bytes.size() && !full(); ++at) {
      std::string bytes = stream_.bytes;
      offer_bytes(bytes.erase(at, 1));
    }
  }

  const Stream& stream_;
  std::size_t limit_;
  std::vector<Part> parts_;
  Size size_;
  std::vector<Stream> found_;
  std::set<std::string> seen_;
};

}  // namespace

std::vector<Stream> simpler_pickles(const Stream& stream, std::size_t limit) {
  return Simpler(stream, limit).find();
}

}  // namespace assay::generators
