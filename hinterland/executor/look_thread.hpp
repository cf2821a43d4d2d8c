// A pool that is somewhere else, on a thread of its own: whoever is asked there may take seconds to answer, or never does.
//
// `Looker` (SlurmExecutor, RemoteExecutor) hears what the broker says, and look()s at what is there, again after pause() ms. What
// it says it says from this thread.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hinterland/executor/executor.hpp"

namespace hinterland {

template <class Looker>
class LookThread final : public Executor {
 public:
  explicit LookThread(std::unique_ptr<Looker> looker)
      : looker_(std::move(looker)), thread_([this] { run(); }) {}
  // Waits for the answer that is awaited, if one is.
  ~LookThread() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    came_.notify_one();
    thread_.join();
  }

  void hear(const effect::Grant& grant) override {
    put([grant](Looker& looker) { looker.hear(grant); });
  }
  void hear(const effect::Launch& launch, const Command& command) override {
    put([launch, command](Looker& looker) { looker.hear(launch, command); });
  }
  void hear(const effect::Kill& kill) override {
    put([kill](Looker& looker) { looker.hear(kill); });
  }
  void hear(const effect::Forget& forget) override {
    put([forget](Looker& looker) { looker.hear(forget); });
  }

  [[nodiscard]] std::string standing_of(AttemptId attempt) const override {
    const std::lock_guard lock(mutex_);
    const auto found = standings_.find(attempt);
    return found == standings_.end() ? "" : found->second;
  }
  [[nodiscard]] std::string trouble() const override {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }
  [[nodiscard]] std::optional<Instant> certificate_end() const override {
    const std::lock_guard lock(mutex_);
    return certificate_end_;
  }
  // Of one that moves something; from any thread.
  [[nodiscard]] std::optional<PathNow> path() const override {
    if constexpr (requires { looker_->path(); }) return looker_->path();
    return std::nullopt;
  }

 private:
  using Work = std::function<void(Looker&)>;

  void put(Work work) {
    {
      const std::lock_guard lock(mutex_);
      work_.push_back(std::move(work));
    }
    came_.notify_one();
  }

  // What has come is heard at once; the far end is asked when it is time to, however much has come.
  void run() {
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
      for (const Work& one : work) one(*looker_);
      if (Clock::now() < next) continue;
      looker_->look();
      next = Clock::now() + std::chrono::milliseconds(looker_->pause());
      auto standings = looker_->standings();
      const std::lock_guard lock(mutex_);
      standings_ = std::move(standings);
      trouble_ = looker_->trouble();
      if constexpr (requires { looker_->certificate_end(); }) certificate_end_ = looker_->certificate_end();
    }
  }

  std::unique_ptr<Looker> looker_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Work> work_;
  std::map<AttemptId, std::string> standings_;
  std::string trouble_;
  std::optional<Instant> certificate_end_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace hinterland
