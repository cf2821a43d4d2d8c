#include "hinterland/executor/slurm_thread.hpp"

#include <chrono>
#include <utility>

namespace hinterland {

SlurmThread::SlurmThread(std::unique_ptr<SlurmExecutor> executor)
    : executor_(std::move(executor)), thread_([this] { run(); }) {}

SlurmThread::~SlurmThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void SlurmThread::put(Work work) {
  {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  came_.notify_one();
}

void SlurmThread::hear(const effect::Grant& grant) {
  put([grant](SlurmExecutor& executor) { executor.hear(grant); });
}
void SlurmThread::hear(const effect::Launch& launch, const Command& command) {
  put([launch, command](SlurmExecutor& executor) { executor.hear(launch, command); });
}
void SlurmThread::hear(const effect::Kill& kill) {
  put([kill](SlurmExecutor& executor) { executor.hear(kill); });
}
void SlurmThread::hear(const effect::Forget& forget) {
  put([forget](SlurmExecutor& executor) { executor.hear(forget); });
}

std::string SlurmThread::folder_of(AttemptId attempt) const { return executor_->folder_of(attempt); }

std::string SlurmThread::standing_of(AttemptId attempt) const {
  const std::lock_guard lock(mutex_);
  const auto found = standings_.find(attempt);
  return found == standings_.end() ? "" : found->second;
}
std::string SlurmThread::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

// What has come is heard at once; the cluster is asked when it is time to, however much has come.
void SlurmThread::run() {
  using Clock = std::chrono::steady_clock;
  auto next = Clock::now();
  while (true) {
    std::vector<Work> work;
    {
      std::unique_lock lock(mutex_);
      came_.wait_until(lock, next, [this] { return stop_ || !work_.empty(); });
      if (stop_) return;
      work.swap(work_);
    }
    for (const Work& one : work) one(*executor_);
    if (Clock::now() < next) continue;
    executor_->look();
    next = Clock::now() + std::chrono::milliseconds(executor_->pause());
    auto standings = executor_->standings();
    const std::lock_guard lock(mutex_);
    standings_ = std::move(standings);
    trouble_ = executor_->trouble();
  }
}

}  // namespace hinterland
