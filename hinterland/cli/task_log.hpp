// What a task says, printed as it comes.
#pragma once
#include <cstdint>
#include <string>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct TaskLog {
  std::string socket, stream = "stdout";
  std::uint32_t job = 0, task = 0;
  std::size_t said = 0;  // bytes that were printed
};

// All that it has said since.
Expected<void> print_more(TaskLog& log);

// A phase that is not left.
bool is_over(const std::string& phase);

}  // namespace hinterland
