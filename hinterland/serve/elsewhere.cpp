#include "hinterland/serve/elsewhere.hpp"

#include <algorithm>

namespace hinterland {

void Elsewhere::find(const State& state, const std::vector<LocalExecutor*>& locals) {
  for (const auto& [id, attempt] : state.attempts) {
    const LocalExecutor* const local = locals[attempt.pool];
    if (attempt.confirmed && local != nullptr && local->folder_of(id).empty())
      attempts_[attempt.pool].push_back(id);
  }
}

bool Elsewhere::has_any_of(PoolIndex pool, const State& state) {
  const auto found = attempts_.find(pool);
  if (found == attempts_.end()) return false;
  std::erase_if(found->second, [&](AttemptId id) { return !state.attempts.contains(id); });
  if (!found->second.empty()) return true;
  attempts_.erase(found);
  return false;
}

}  // namespace hinterland
