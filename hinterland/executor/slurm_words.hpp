// What Slurm's commands print, taken apart.
#pragma once
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

// The count that it begins with; 0: none (slurm_count).
inline std::int64_t slurm_number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return slurm_count(number);
}

// Up to the separator, which is taken too.
inline std::string_view slurm_next_of(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

}  // namespace hinterland
