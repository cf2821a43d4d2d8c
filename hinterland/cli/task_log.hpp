// What a task says, printed as it comes.
#pragma once
#include <cstdint>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/cli/ask_broker.hpp"

namespace hinterland {

struct TaskLog {
  BrokerPlace broker;
  std::string stream = "stdout";
  std::uint32_t job = 0, task = 0;
  std::uint64_t attempt = 0;
  std::size_t said = 0;  // bytes of that attempt's that were printed
};

// All that its attempt, the last, has said since; an earlier one's is told from this one's.
Expected<void> print_more(TaskLog& log, std::uint64_t attempt);

// A phase that is not left.
bool is_over(const std::string& phase);

}  // namespace hinterland
