// pickletools.optimize: a pickle without the PUTs that no GET needs.
#include <charconv>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/pickle/encoding.h"
#include "reference/pickle/faults.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/output.h"
#include "reference/pickle/pickler.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

enum class Role : std::uint8_t { put, get, frame, proto, other };

Role role_of(Code code) {
  switch (code) {
    case Code::PUT:
    case Code::BINPUT:
    case Code::LONG_BINPUT:
    case Code::MEMOIZE:
      return Role::put;
    case Code::GET:
    case Code::BINGET:
    case Code::LONG_BINGET:
      return Role::get;
    case Code::FRAME:
      return Role::frame;
    case Code::PROTO:
      return Role::proto;
    default:
      return Role::other;
  }
}

std::uint64_t index_of(const Instruction& instruction) {
  if (instruction.opcode->argument != Argument::decimalnl_short) return instruction.number;
  const std::string_view text = as_text(instruction.data);
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size())
    throw Rejection{Fault::value_error, "the index of a GET or PUT is no number"};
  return index;
}

struct Piece {
  Role role;
  std::uint64_t index;  // put, get
  std::uint64_t begin, end;
};

// Refuses a line that pickletools does not read: it undoes the escapes of a quoted
// string, in Python 3 those of names and persistent ids, too, which before 3.14
// must then be ASCII (pickletools.read_stringnl).
void check_line(Bytes line, const Profile& profile) {
  const auto check_text = [&](Bytes text) {
    if (profile.has(Quirk::optimize_names_ascii) && !is_ascii(text))
      throw Rejection{Fault::unicode_decode_error, "'ascii' codec can't decode a name"};
  };
  if (as_text(line).find('\\') == std::string_view::npos) return check_text(line);
  Graph undone;
  check_text(decode_escapes(undone, line));
}

void check_lines(const Instruction& instruction, const Profile& profile) {
  const Argument argument = instruction.opcode->argument;
  if (argument == Argument::stringnl && instruction.data.size() >= 2)
    return check_line(instruction.data.subspan(1, instruction.data.size() - 2), profile);
  if (profile.python2()) return;
  if (argument != Argument::stringnl_noescape && argument != Argument::stringnl_noescape_pair)
    return;
  check_line(instruction.data, profile);
  if (argument == Argument::stringnl_noescape_pair) check_line(instruction.second, profile);
}

// pickletools says ValueError of whatever is no instruction.
Instruction next_instruction(Cursor& cursor) {
  try {
    return read_instruction(cursor);
  } catch (const DecodeError& error) {
    throw Rejection{Fault::value_error, error.what()};
  }
}

std::vector<Piece> take_apart(Bytes data, const Profile& profile) {
  std::vector<Piece> pieces;
  std::unordered_set<std::uint64_t> put;
  Cursor cursor(data);
  for (;;) {
    const Instruction instruction = next_instruction(cursor);
    check_lines(instruction, profile);
    Piece piece{role_of(instruction.code()), 0, instruction.offset, instruction.end()};
    if (instruction.code() == Code::MEMOIZE)
      piece.index = put.size();
    else if (piece.role == Role::put || piece.role == Role::get)
      piece.index = index_of(instruction);
    else if (piece.role == Role::proto)
      piece.index = instruction.number;
    if (piece.role == Role::put) put.insert(piece.index);
    pieces.push_back(piece);
    if (instruction.code() == Code::STOP) return pieces;
  }
}

void append(Pool<std::uint8_t>& out, Bytes data) {
  if (!data.empty()) std::memcpy(out.extend(data.size()), data.data(), data.size());
}

// 2.7: cuts the PUTs out.
Pool<std::uint8_t> cut_puts(Bytes data, const std::vector<Piece>& pieces) {
  std::unordered_set<std::uint64_t> needed;
  for (const Piece& piece : pieces)
    if (piece.role == Role::get) needed.insert(piece.index);
  Pool<std::uint8_t> out;
  for (const Piece& piece : pieces)
    if (piece.role != Role::put || needed.contains(piece.index))
      append(out, data.subspan(piece.begin, piece.end - piece.begin));
  append(out, data.subspan(pieces.back().end));
  return out;
}

}  // namespace

Pool<std::uint8_t> optimize(Bytes data, const Profile& profile) {
  const std::vector<Piece> pieces = take_apart(data, profile);
  if (profile.has(Quirk::optimize_keeps_numbers)) return cut_puts(data, pieces);
  // The new index of what is fetched, once it is known.
  std::unordered_map<std::uint64_t, std::uint64_t> indices;
  std::uint64_t protocol = 0;
  for (const Piece& piece : pieces) {
    if (piece.role == Role::proto) protocol = std::max(protocol, piece.index);
    if (piece.role != Role::get) continue;
    protocol = std::max<std::uint64_t>(protocol, data[piece.begin] == 'g' ? 0 : 1);
    indices.emplace(piece.index, 0);
  }
  Output out(profile);
  std::size_t first = 0;
  if (pieces[0].role == Role::proto) {
    out.unframed(data.first(pieces[0].end));
    first = 1;
  }
  if (protocol >= 4) out.begin_framing();
  std::uint64_t count = 0;
  const int version = static_cast<int>(protocol);
  for (std::size_t i = first; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (piece.role == Role::frame) continue;
    if (piece.role == Role::put && !indices.contains(piece.index)) continue;
    out.boundary();
    const Bytes bytes = data.subspan(piece.begin, piece.end - piece.begin);
    if (piece.role == Role::put) {
      indices[piece.index] = count;
      out.put(version, count++);
    } else if (piece.role == Role::get) {
      out.get(version, indices[piece.index]);
    } else if (bytes.size() > Output::frame_target && !profile.has(Quirk::optimize_frames_all)) {
      out.unframed(bytes);
    } else {
      out.text(as_text(bytes));
    }
  }
  out.end_framing();
  return std::move(out.bytes());
}

}  // namespace assay::pickle
