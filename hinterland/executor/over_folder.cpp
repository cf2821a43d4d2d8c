#include "hinterland/executor/over_folder.hpp"

#include <filesystem>
#include <vector>

#include "hinterland/executor/attempt_folder.hpp"

namespace hinterland {

void OverFolder::sweep(AttemptId last, const std::set<AttemptId>& busy) {
  namespace fs = std::filesystem;
  const std::vector<AttemptId> over = attempts_over(pool_folder_);
  const std::size_t surplus = over.size() > kept_ ? over.size() - kept_ : 0;
  for (std::size_t k = 0; k < over.size(); ++k) {
    if (over[k] > last || busy.contains(over[k])) continue;
    const fs::path folder = fs::path(pool_folder_) / "over" / std::to_string(over[k].value);
    std::error_code ignored;
    if (k < surplus) {
      fs::remove_all(folder, ignored);
      swept_.erase(over[k]);
    } else if (swept_.insert(over[k]).second) {
      fs::remove_all(folder / "work", ignored);
    }
  }
}

}  // namespace hinterland
