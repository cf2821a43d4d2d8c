// A thread that does what it is given, in order: for what waits for the disk.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace hinterland {

template <class Item>
class Worker {
 public:
  // `work` gets all that has come in since it was last called.
  explicit Worker(std::function<void(std::vector<Item>)> work)
      : work_(std::move(work)), thread_([this] { run(); }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // What was put is done.
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    came_.notify_one();
    thread_.join();
  }
  void put(Item item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    came_.notify_one();
  }
  // False: `most` are not done yet, and this one is not taken.
  [[nodiscard]] bool put_if_few(Item item, std::size_t most) {
    {
      const std::lock_guard lock(mutex_);
      if (items_.size() + in_hand_ >= most) return false;
      items_.push_back(std::move(item));
    }
    came_.notify_one();
    return true;
  }

 private:
  void run() {
    while (true) {
      std::vector<Item> items;
      {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return stop_ || !items_.empty(); });
        if (items_.empty()) return;
        items.swap(items_);
        in_hand_ = items.size();
      }
      work_(std::move(items));
      const std::lock_guard lock(mutex_);
      in_hand_ = 0;
    }
  }

  std::function<void(std::vector<Item>)> work_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Item> items_;
  std::size_t in_hand_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

// One thread for all sorts of work.
class WorkThread : public Worker<std::function<void()>> {
 public:
  WorkThread()
      : Worker([](const std::vector<std::function<void()>>& works) {
          for (const auto& work : works) work();
        }) {}
};

}  // namespace hinterland
