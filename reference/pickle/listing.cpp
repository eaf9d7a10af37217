#include "reference/pickle/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "reference/pickle/disassembler.h"
#include "reference/pickle/instruction.h"

namespace assay::pickle {
namespace {

constexpr std::string_view ellipsis = "…";
constexpr std::size_t shown_bytes = 6;      // raw bytes of one line
constexpr std::size_t indent_step = 2;      // columns for each open mark ...
constexpr std::size_t deepest_indent = 12;  // ... up to this
constexpr std::size_t least_argument = 12;  // columns a cut argument keeps
constexpr std::size_t bytes_columns = shown_bytes * 3 - 1;

// What there is to say about one instruction: notes beside it, and problems,
// each on a line of its own.
struct Line {
  std::vector<std::string> notes;
  std::vector<std::string> problems;
};

std::string raw(Bytes bytes) {
  const bool cut = bytes.size() > shown_bytes;
  std::string out;
  for (const std::uint8_t byte : bytes.first(cut ? shown_bytes - 1 : bytes.size()))
    fmt::format_to(std::back_inserter(out), "{}{:02x}", out.empty() ? "" : " ", byte);
  std::size_t columns = out.size();
  if (cut) {
    out += ' ';
    out += ellipsis;
    columns += 2;
  }
  return out.append(bytes_columns - columns, ' ');
}

// --- what the stack, the memo and the frame look like -------------------------

// The stack above one mark, or the bottom of it.
struct Level {
  std::uint64_t mark;  // its offset
  std::uint64_t items;
};

// The index of a decimal line, where it is a plain one.
std::optional<std::uint64_t> decimal(Bytes line) {
  const std::string_view text = as_text(line);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool stores(Code code) {
  return code == Code::PUT || code == Code::BINPUT || code == Code::LONG_BINPUT ||
         code == Code::MEMOIZE;
}
bool fetches(Code code) {
  return code == Code::GET || code == Code::BINGET || code == Code::LONG_BINGET;
}

// Where the reads that a reader makes for one instruction end: the opcode, then
// its fixed argument, its lines, or its count and what is counted. A frame may
// end between two reads, not inside one (pickle.py, _Unframer.read, readline).
std::vector<std::uint64_t> reads(const Instruction& instruction) {
  std::vector<std::uint64_t> ends = {instruction.offset + 1};
  const ArgumentInfo about = info(instruction.opcode->argument);
  if (about.shape == Shape::pair) ends.push_back(ends.back() + instruction.data.size() + 1);
  if (about.shape == Shape::counted) ends.push_back(ends.back() + about.width);
  if (instruction.end() != ends.back()) ends.push_back(instruction.end());
  return ends;
}

// The state of one pickle as far as the shape of the stream shows it.
class Shadow {
 public:
  explicit Shadow(std::uint64_t input_size) : input_size_(input_size) {}

  std::size_t depth() const { return levels_.size() - 1; }
  std::optional<std::uint64_t> frame_end() const { return frame_end_; }
  void leave_frame() { frame_end_.reset(); }
  int highest() const { return highest_; }
  std::optional<std::uint64_t> stated() const { return stated_; }

  // Whether the instruction works on the topmost mark, so that it is indented
  // like that mark.
  bool closes_mark(const Instruction& instruction) const {
    return depth() > 0 && (instruction.opcode->before.has_mark() ||
                           (instruction.code() == Code::POP && levels_.back().items == 0));
  }

  // Follows one instruction; what is to be said goes to `line`.
  void follow(const Instruction& instruction, const std::unordered_set<std::uint64_t>& earlier,
              Line& line) {
    highest_ = std::max<int>(highest_, instruction.opcode->protocol);
    cross_frame(instruction, line);
    if (stores(instruction.code())) store(instruction, line);
    if (fetches(instruction.code())) fetch(instruction, earlier, line);
    move_stack(instruction, line);
    switch (instruction.code()) {
      case Code::PROTO:
        return state_protocol(instruction, line);
      case Code::FRAME:
        return begin_frame(instruction, line);
      case Code::STOP:
        return stop(instruction, line);
      default:
        return;
    }
  }

  void add_memo_to(std::unordered_set<std::uint64_t>& indices) const {
    for (const auto& [index, offset] : memo_) indices.insert(index);
  }

 private:
  void cross_frame(const Instruction& instruction, Line& line) {
    if (!frame_end_ || instruction.end() <= *frame_end_) return;
    std::uint64_t start = instruction.offset;
    for (const std::uint64_t end : reads(instruction)) {
      if (!frame_end_) return;
      if (start == *frame_end_) {
        line.notes.push_back("the frame ends inside");
        frame_end_.reset();
      } else if (end > *frame_end_) {
        line.problems.push_back(
            fmt::format("runs over the end of its frame at {:#x}: pickle.py refuses it; _pickle.c "
                        "loses what the "
                        "frame still has, and refuses it from 3.13.15 and 3.14.7 on (#154848)",
                        *frame_end_));
        frame_end_.reset();
      }
      start = end;
    }
  }

  void begin_frame(const Instruction& instruction, Line& line) {
    if (frame_end_ && instruction.end() < *frame_end_)
      line.problems.push_back(fmt::format(
          "begins inside the frame that ends at {:#x}: pickle.py refuses it, and _pickle.c from "
          "3.13.15 and 3.14.7 on (#154848)",
          *frame_end_));
    frame_end_.reset();
    const std::uint64_t left = input_size_ - instruction.end();
    if (instruction.number > left) {
      line.problems.push_back(
          fmt::format("the frame is {} bytes longer than the input: _pickle.c refuses it, "
                      "pickle.py before 3.15 takes what there is",
                      instruction.number - left));
      return;
    }
    frame_end_ = instruction.end() + instruction.number;
    line.notes.push_back(fmt::format("ends at {:#x}", *frame_end_));
  }

  void state_protocol(const Instruction& instruction, Line& line) {
    if (!stated_ || *stated_ < instruction.number) stated_ = instruction.number;
    if (instruction.number > highest_protocol)
      line.problems.push_back(
          fmt::format("every reader refuses a protocol above {}", highest_protocol));
  }

  void stop(const Instruction& instruction, Line& line) {
    std::uint64_t left = 0;
    for (const Level& level : levels_) left += level.items;
    if (left > 0) line.notes.push_back(fmt::format("{} more on the stack", left));
    if (depth() > 0)
      line.notes.push_back(fmt::format("{} open mark{}", depth(), depth() == 1 ? "" : "s"));
    if (frame_end_ && *frame_end_ > instruction.end())
      line.notes.push_back(
          fmt::format("{} bytes before its frame ends", *frame_end_ - instruction.end()));
  }

  void store(const Instruction& instruction, Line& line) {
    if (levels_.back().items == 0) line.problems.push_back("there is no item to store");
    std::optional<std::uint64_t> index = instruction.number;
    if (instruction.code() == Code::PUT) index = decimal(instruction.data);
    if (instruction.code() == Code::MEMOIZE) index = memo_.size();
    if (!index) return;
    const auto [at, is_new] = memo_.try_emplace(*index, instruction.offset);
    line.notes.push_back(fmt::format("memo[{}]", *index));
    if (!is_new) line.notes.push_back(fmt::format("also stored at {:#x}", at->second));
    at->second = instruction.offset;
  }

  void fetch(const Instruction& instruction, const std::unordered_set<std::uint64_t>& earlier,
             Line& line) {
    std::optional<std::uint64_t> index = instruction.number;
    if (instruction.code() == Code::GET) index = decimal(instruction.data);
    if (!index) return;
    if (const auto found = memo_.find(*index); found != memo_.end())
      line.notes.push_back(fmt::format("stored at {:#x}", found->second));
    else if (earlier.contains(*index))
      line.problems.push_back(fmt::format(
          "memo[{}] is of an earlier pickle: needs the Unpickler that read that", *index));
    else
      line.problems.push_back(fmt::format("memo[{}] was never stored", *index));
  }

  void move_stack(const Instruction& instruction, Line& line) {
    const StackTop& before = instruction.opcode->before;
    std::uint64_t needs = before.size();
    if (closes_mark(instruction)) {
      const Level closed = levels_.back();
      levels_.pop_back();
      line.notes.push_back(fmt::format("mark at {:#x}", closed.mark));
      if (instruction.code() == Code::OBJ && closed.items == 0)
        line.problems.push_back("there is no class above the mark");
      // Only APPENDS, SETITEMS and ADDITEMS want one item below the mark.
      needs = before.has_mark() && before[0] != StackItem::mark ? 1 : 0;
    } else if (before.has_mark()) {
      line.problems.push_back("there is no mark on the stack");
      needs = 0;
    }
    Level& top = levels_.back();
    if (top.items < needs)
      line.problems.push_back(fmt::format("takes {} from the stack, {} there{}", needs, top.items,
                                          depth() > 0 ? " above the mark" : ""));
    top.items -= std::min(top.items, needs);
    if (instruction.code() == Code::MARK)
      levels_.push_back({instruction.offset, 0});
    else
      top.items += instruction.opcode->after.size();
  }

  std::uint64_t input_size_;
  std::vector<Level> levels_ = {{0, 0}};
  std::unordered_map<std::uint64_t, std::uint64_t> memo_;  // index: offset of the last store
  std::optional<std::uint64_t> frame_end_;
  std::optional<std::uint64_t> stated_;
  int highest_ = 0;
};

// --- the listing ---------------------------------------------------------------

class Lister {
 public:
  Lister(Bytes bytes, const ListingOptions& options)
      : bytes_(bytes),
        options_(options),
        cursor_(bytes),
        offset_columns_(std::max<std::size_t>(4, fmt::format("{:x}", bytes.size()).size())) {}

  std::string run() {
    for (std::size_t number = 1; !cursor_.at_end() || number == 1; ++number) {
      if (number > 1) heading(number);
      one_pickle();
    }
    return std::move(out_);
  }

 private:
  std::size_t left_columns() const { return offset_columns_ + 2 + bytes_columns + 2; }

  // Whether a STOP follows, before anything that is no instruction.
  bool whole_pickle_follows() const {
    Cursor ahead = cursor_;
    try {
      while (read_instruction(ahead).code() != Code::STOP) {
      }
    } catch (const DecodeError&) {
      return false;
    }
    return true;
  }

  void heading(std::size_t number) {
    out_ += '\n';
    if (whole_pickle_follows())
      fmt::format_to(std::back_inserter(out_), "pickle {} at {:#x}\n", number, cursor_.offset());
    else
      fmt::format_to(std::back_inserter(out_), "{} trailing bytes after STOP, no whole pickle\n",
                     cursor_.remaining());
  }

  void one_pickle() {
    Shadow shadow(bytes_.size());
    while (true) {
      end_frame(shadow);
      Instruction instruction;
      try {
        instruction = read_instruction(cursor_);
      } catch (const DecodeError& error) {
        return break_off(error);
      }
      Line line;
      const std::size_t depth = shadow.depth() - (shadow.closes_mark(instruction) ? 1 : 0);
      shadow.follow(instruction, earlier_, line);
      write(instruction, depth, line);
      if (instruction.code() == Code::STOP) return finish(shadow);
    }
  }

  // Says that the frame ends here, if it does.
  void end_frame(Shadow& shadow) {
    if (shadow.frame_end() != cursor_.offset()) return;
    out_.append(left_columns(), ' ') += "-- the frame ends\n";
    shadow.leave_frame();
  }

  void break_off(const DecodeError& error) {
    const Bytes rest = cursor_.rest();
    if (rest.empty()) {
      problem("the input ends before STOP");
      return;
    }
    row(cursor_.offset(), rest, "the stream breaks here\n");
    problem(error.what());
    problem(fmt::format("{} bytes from {:#x} on are not listed", rest.size(), cursor_.offset()));
    cursor_.take(rest.size(), "rest");
  }

  void finish(const Shadow& shadow) {
    out_.append(left_columns(), ' ');
    fmt::format_to(std::back_inserter(out_), "opcodes up to protocol {}", shadow.highest());
    if (shadow.stated() && *shadow.stated() != static_cast<std::uint64_t>(shadow.highest()))
      fmt::format_to(std::back_inserter(out_), ", PROTO says {}", *shadow.stated());
    out_ += '\n';
    shadow.add_memo_to(earlier_);
    // A reader that read the frame as a whole goes on behind it.
    const std::optional<std::uint64_t> frame_end = shadow.frame_end();
    if (!frame_end || *frame_end <= cursor_.offset()) return;
    const Bytes skipped = cursor_.take(*frame_end - cursor_.offset(), "frame");
    row(*frame_end - skipped.size(), skipped, "rest of the frame: no fresh reader runs it\n");
  }

  void row(std::uint64_t offset, Bytes bytes, std::string_view text) {
    fmt::format_to(std::back_inserter(out_), "{:>{}x}  {}  {}", offset, offset_columns_, raw(bytes),
                   text);
  }

  // Ends a line with `sign` at column `indent` and the text behind it, folded.
  void fold(std::size_t indent, char sign, std::string_view text) {
    out_.append(indent, ' ') += sign;
    std::size_t column = indent + 1;
    while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find(' '));
      if (column + 1 + word.size() > listing_columns) {
        (out_ += '\n').append(indent + 1, ' ');
        column = indent + 1;
      }
      (out_ += ' ') += word;
      column += 1 + word.size();
      text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
    out_ += '\n';
  }
  void problem(std::string_view text) { fold(8, '!', text); }

  void write(const Instruction& instruction, std::size_t depth, Line& line) {
    const std::size_t indent = std::min(depth * indent_step, deepest_indent);
    row(instruction.offset,
        bytes_.subspan(instruction.offset, static_cast<std::size_t>(instruction.size)), "");
    out_.append(indent, ' ');
    write_text(instruction, left_columns() + indent, line);
    for (const std::string& text : line.problems) problem(text);
  }

  // Name, argument and notes from `column` on: all on one line if they fit, the
  // argument cut if it must be, the notes below if even that is not enough.

  // Name, argument and notes from `column` on: all on one line if they fit, the
  // argument cut if it must be, the notes below if even that is not enough.
  void write_text(const Instruction& instruction, std::size_t column, Line& line) {
    std::string text(instruction.opcode->name);
    const std::size_t name = text.size() + 1;
    if (instruction.opcode->argument != Argument::none) {
      text += ' ';
      append_argument(text, instruction);
    }
    bool cut = false;
    if (!options_.full && column + text.size() > listing_columns) {
      cut = true;
      line.notes.push_back(fmt::format("{} bytes", instruction.size));
    }
    const std::string notes = fmt::format("{}", fmt::join(line.notes, ", "));
    constexpr std::size_t gap = 4;  // "  ; "
    std::size_t room = listing_columns - column;
    const bool beside =
        !notes.empty() && gap + notes.size() + (cut ? name + least_argument : text.size()) <= room;
    if (beside) room -= gap + notes.size();
    if (cut) {
      text.resize(room - 1);
      text += ellipsis;
    }
    out_ += text;
    if (beside) {
      (out_ += "  ; ") += notes;
    }
    out_ += '\n';
    if (!notes.empty() && !beside) fold(left_columns(), ';', notes);
  }

  Bytes bytes_;
  ListingOptions options_;
  Cursor cursor_;
  std::size_t offset_columns_;
  std::unordered_set<std::uint64_t> earlier_;  // memo indices of the pickles before
  std::string out_;
};

}  // namespace

std::string listing(Bytes bytes, const ListingOptions& options) {
  return Lister(bytes, options).run();
}

}  // namespace assay::pickle
