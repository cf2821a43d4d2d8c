// The size of the atlas's servers, as pools and queues count it.
#pragma once
#include <cstdint>

#include "hinterland/atlas/server.hpp"
#include "hinterland/policy/size.hpp"

namespace hinterland {

inline constexpr std::int64_t kGpuParts = 8;  // GPUs are counted in eighths

inline Size server_size(const Server& server) {
  return {static_cast<std::int64_t>(server.cores), kGpuParts * static_cast<std::int64_t>(server.gpus),
          static_cast<std::int64_t>(server.memory_gb)};
}

}  // namespace hinterland
