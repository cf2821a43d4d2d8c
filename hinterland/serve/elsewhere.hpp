// Attempts that began, and that the folder of their pool knows nothing of: the broker before had another folder, or
// another machine. They may run there until their lease is over, and no executor of ours may say that they do not. Until
// then their pool is not heard and told nothing, and so is lost with all that ran there, as any that is silent.
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "hinterland/broker/state.hpp"
#include "hinterland/executor/local.hpp"

namespace hinterland {

class Elsewhere {
 public:
  // `locals` by pool, null for others: only they have their attempts in a folder and nowhere else.
  void find(const State& state, const std::vector<LocalExecutor*>& locals);
  // Whether one of this pool's is still taken for running.
  [[nodiscard]] bool has_any_of(PoolIndex pool, const State& state);

 private:
  std::map<PoolIndex, std::vector<AttemptId>> attempts_;
};

}  // namespace hinterland
