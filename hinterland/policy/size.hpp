// What a job holds of a pool while it runs, and what a pool has: cores, GPUs and memory, in whole numbers.
//
// A pool is one heap of each, without borders between its servers: a job fits if each of the three does. A job that is
// larger than one server is spread over several; how jobs could be packed into servers is not asked.
//
// Units (cost/unit_rates.hpp): a server with C cores, G GPUs and M GB is cut into U = lcm(C, G, M) of them, so that
// a job's share of it, max(cores / C, GPUs / G, memory / M), is a whole number of units whichever of the three decides.
#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>

#include "hinterland/base/index.hpp"

namespace hinterland {

struct Size {
  std::int64_t cores = 0, gpus = 0, memory_gb = 0;

  constexpr Size& operator+=(const Size& more) {
    cores += more.cores;
    gpus += more.gpus;
    memory_gb += more.memory_gb;
    return *this;
  }
  constexpr Size& operator-=(const Size& less) {
    cores -= less.cores;
    gpus -= less.gpus;
    memory_gb -= less.memory_gb;
    return *this;
  }
  friend constexpr Size operator+(Size a, const Size& b) { return a += b; }
  friend constexpr Size operator-(Size a, const Size& b) { return a -= b; }
  friend constexpr Size operator*(std::int64_t k, const Size& a) {
    return {k * a.cores, k * a.gpus, k * a.memory_gb};
  }
  bool operator==(const Size&) const = default;

  [[nodiscard]] constexpr bool fits_into(const Size& room) const {
    return cores <= room.cores && gpus <= room.gpus && memory_gb <= room.memory_gb;
  }
};

using SizeIndex = Index<struct SizeTag, std::uint16_t>;  // into the list of the sizes that a trace has

// nullopt if U would pass 2^20: then the server's memory is an odd number, and should be named in fewer, larger pieces.
constexpr std::optional<std::int64_t> units_per_server(const Size& server) {
  std::int64_t units = 1;
  for (const std::int64_t part : {server.cores, server.gpus, server.memory_gb}) {
    if (part > 0) units = std::lcm(units, part);
    if (units > (std::int64_t{1} << 20)) return std::nullopt;
  }
  return units;
}

// Units that a job of that size occupies; requires that the server has some of what the job wants.
constexpr std::int64_t units_of(const Size& job, const Size& server, std::int64_t units_per_server) {
  const auto share = [&](std::int64_t wanted, std::int64_t had) {
    return had > 0 ? wanted * (units_per_server / had) : std::int64_t{0};
  };
  return std::max(
      {share(job.cores, server.cores), share(job.gpus, server.gpus), share(job.memory_gb, server.memory_gb)});
}

}  // namespace hinterland
