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

 private:
  void run() {
    while (true) {
      std::vector<Item> items;
      {
        std::unique_lock lock(mutex_);
        came_.wait(lock, [this] { return stop_ || !items_.empty(); });
        if (items_.empty()) return;
        items.swap(items_);
      }
      work_(std::move(items));
    }
  }

  std::function<void(std::vector<Item>)> work_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Item> items_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace hinterland
