#include "hinterland/serve/pool_files.hpp"

#include <utility>

#include "hinterland/executor/attempt_folder.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostLooks = 64;  // into the files of one pool at once

}  // namespace

void PoolFiles::add(PoolIndex pool, std::string folder, std::size_t logs_kept) {
  overs_[pool] = std::make_shared<OverFolder>(folder, logs_kept);
  folders_[pool] = std::move(folder);
  changed_.insert(pool);
}

bool PoolFiles::look_into(AttemptId attempt, PoolIndex pool, bool is_there,
                          std::function<void(const std::string& folder)> look, std::function<void()> then) {
  std::vector<std::string> folders;
  if (attempt != AttemptId{} && has(pool)) folders.push_back(folder_of(pool));
  for (const auto& [other, folder] : folders_) {
    if (!is_there && attempt != AttemptId{} && other != pool) folders.push_back(folder);
  }
  return threads_[pool].reader.put_if_few(
      [&loop = loop_, folders = std::move(folders), attempt, look = std::move(look), then = std::move(then)] {
        std::string folder;
        for (std::size_t k = 0; k < folders.size() && folder.empty(); ++k)
          folder = find_attempt(folders[k], attempt);
        look(folder);
        loop.post(then);
      },
      kMostLooks);
}

void PoolFiles::sweep(const State& state) {
  if (changed_.empty()) return;
  std::map<std::size_t, std::set<AttemptId>> busy;
  for (const auto& [id, attempt] : state.attempts) busy[attempt.pool].insert(id);
  for (const TaskState& task : state.tasks) {
    if (task.phase == TaskPhase::publishing) busy[task.pool].insert(task.attempt);
  }
  std::erase_if(changed_, [&](std::size_t p) {
    return !overs_.contains(p) ||
           threads_[p].sweeper.put_if_few([over = overs_[p], last = AttemptId{state.attempts_begun},
                                           busy = std::move(busy[p])] { over->sweep(last, busy); },
                                          1);
  });
}

}  // namespace hinterland
