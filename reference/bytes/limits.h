// Every limit the reference sets itself, in one table, each with its reason.
// Reaching one is ErrorKind::limit, never a truncation or a malformed input.
#pragma once

#include <cstdint>

namespace assay::limits {

// Node ids are 32 bits wide; the last ids are kept for sentinels.
inline constexpr std::uint64_t nodes = 0xfffffff0;

// Edges are addressed with 40 bits: far beyond what 2**32 nodes can hold.
inline constexpr std::uint64_t edges = std::uint64_t{1} << 40;

// Bytes of one string: Node keeps a 48-bit size.
inline constexpr std::uint64_t string_bytes = std::uint64_t{1} << 48;

// Items of one container: Node::size is 32 bits wide for containers.
inline constexpr std::uint64_t items = 0xfffffff0;

// A memo index below this many entries past what the input could have stored
// densely is kept in an array, any other in a map, so that the memory of a
// sparse `LONG_BINPUT 4294967295` stays linear in the input (CPython #115952).
inline constexpr std::uint64_t dense_memo_slack = 4096;

// Bytes that the `.repeat` of assembly text may bring a program to: a text of a
// few bytes must not fill the memory. Without `.repeat` the output is never
// longer than the text, so it needs no limit.
inline constexpr std::uint64_t assembled_bytes = std::uint64_t{1} << 28;

// Bytes that writing a value may give where what is shared is written again each
// time (marshal below version 3): a graph of n nodes can unfold to 2**n.
inline constexpr std::uint64_t unfolded_bytes = std::uint64_t{1} << 30;

// Where a lane allocates before it reads: a single allocation up to the first is
// taken to succeed in every CPython process, one above the second to fail with
// MemoryError. Between them it is the machine that decides, not the format, and
// the answer is ErrorKind::limit.
inline constexpr std::uint64_t assured_bytes = std::uint64_t{1} << 32;
inline constexpr std::uint64_t process_bytes = std::uint64_t{1} << 40;

// Items and bytes that a pickle may make without storing them: copies of a list
// into a set, the characters of a string as arguments. So many for each byte of
// the input, and so many for any input.
inline constexpr std::uint64_t unpaid_items_per_byte = 64;
inline constexpr std::uint64_t unpaid_items = std::uint64_t{1} << 20;

}  // namespace assay::limits
