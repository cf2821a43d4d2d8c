// What attempts that are over leave in their pool's folder, POOL/over/ATTEMPT (attempt_folder.hpp), and for how long.
//
//   work/            until nobody publishes it any more: inputs in it are hard links, and what it holds may be large
//   logs and ended   of the last `kept` attempts
//
// One thread; it may take as long as the disk does.
#pragma once
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "hinterland/broker/names.hpp"

namespace hinterland {

class OverFolder {
 public:
  OverFolder(std::string pool_folder, std::size_t kept) : pool_folder_(std::move(pool_folder)), kept_(kept) {}

  // Those after `last` may have been put away since it was asked for, and the `busy` run or are published: they stay. What cannot
  // be taken away (a task may have closed its folders) is let be.
  void sweep(AttemptId last, const std::set<AttemptId>& busy);

 private:
  std::string pool_folder_;
  std::size_t kept_;
  std::set<AttemptId> swept_;  // that have no `work` any more
};

}  // namespace hinterland
