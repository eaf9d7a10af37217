// Choosing a part of the cases: `--shard I/N`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay {

// Shard `index` of `count`, index counted from 1.
struct Shard {
  std::uint32_t index = 1;
  std::uint32_t count = 1;
};

// Reads "2/5". nullopt unless 1 <= I <= N.
std::optional<Shard> parse_shard(std::string_view text);

// Whether the case belongs to the shard. Depends on the id alone (FNV-1a, mixed),
// so that adding a case moves no other.
bool in_shard(const Shard& shard, std::string_view case_id);

}  // namespace assay
