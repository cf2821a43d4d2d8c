// A loop that does what was posted when it is told to, for tests.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "hinterland/serve/loop.hpp"

namespace hinterland::test {

class PostedLoop final : public Loop {
 public:
  void post(std::function<void()> work) override {
    {
      const std::lock_guard lock(mutex_);
      posted_.push_back(std::move(work));
    }
    came_.notify_one();
  }
  void after(std::int64_t, std::function<void()>) override {}
  void when_readable(int, std::function<void()>) override {}
  void stop() override {}

  // So many at most. Whether there are more.
  bool run(int most) {
    for (; most > 0; --most) {
      std::unique_lock lock(mutex_);
      if (posted_.empty()) return false;
      run_one(lock);
    }
    const std::lock_guard lock(mutex_);
    return !posted_.empty();
  }
  void wait_and_run() {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return !posted_.empty(); });
    run_one(lock);
  }

 private:
  void run_one(std::unique_lock<std::mutex>& lock) {
    const auto work = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    work();
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> posted_;
};

}  // namespace hinterland::test
