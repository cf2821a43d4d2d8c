#include "hinterland/serve/elsewhere.hpp"

#include <algorithm>

namespace hinterland {

void Elsewhere::find(const State& state, const std::vector<std::unique_ptr<Executor>>& executors,
                     const std::vector<LocalExecutor*>& locals) {
  for (const auto& [id, attempt] : state.attempts) {
    const auto local = std::ranges::find(locals, executors[attempt.pool].get());
    if (attempt.confirmed && local != locals.end() && (*local)->folder_of(id).empty())
      attempts_[*local].push_back(id);
  }
}

bool Elsewhere::has_any_of(const Executor* executor, const State& state) {
  const auto found = attempts_.find(executor);
  if (found == attempts_.end()) return false;
  std::erase_if(found->second, [&](AttemptId id) { return !state.attempts.contains(id); });
  if (!found->second.empty()) return true;
  attempts_.erase(found);
  return false;
}

}  // namespace hinterland
