// News of a path (site_path.hpp) on another thread, for whoever looks now and then.
#pragma once
#include <mutex>
#include <utility>
#include <vector>

#include "hinterland/staging/site_path.hpp"

namespace hinterland {

class NewsBox {
 public:
  void put(const StagingNews& news) {
    const std::lock_guard lock(mutex_);
    news_.push_back(news);
  }
  std::vector<StagingNews> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<StagingNews> news_;
};

}  // namespace hinterland
