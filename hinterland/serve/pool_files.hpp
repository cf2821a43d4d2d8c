// The files of pools, each pool's on threads of its own: a disk that hangs keeps its own pool waiting and no other.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hinterland/broker/state.hpp"
#include "hinterland/executor/over_folder.hpp"
#include "hinterland/serve/loop.hpp"
#include "hinterland/serve/worker.hpp"

namespace hinterland {

class PoolFiles {
 public:
  explicit PoolFiles(Loop& loop) : loop_(loop) {}

  void add(PoolIndex pool, std::string folder, std::size_t logs_kept);
  // Of a pool that was added.
  [[nodiscard]] const std::string& folder_of(PoolIndex pool) const { return folders_.at(pool); }
  [[nodiscard]] bool has(PoolIndex pool) const { return folders_.contains(pool); }

  // Looks into an attempt's folder, wherever that is by now (empty: nowhere), in this pool's or, if it is not said to be there, another's;
  // then does `then` on the loop. False: so much waits for that pool's disk already that nothing is done.
  bool look_into(AttemptId attempt, PoolIndex pool, bool is_there,
                 std::function<void(const std::string& folder)> look, std::function<void()> then);
  // In the order in which it was put.
  void publish(PoolIndex pool, std::function<void()> work) { threads_[pool].publisher.put(std::move(work)); }
  // Something was put away there, or published.
  void changed(PoolIndex pool) { changed_.insert(pool); }
  // Where something has changed, takes away what attempts that are over left and nobody needs (over_folder.hpp).
  void sweep(const State& state);
  // What was put is done.
  void end() { threads_.clear(); }

 private:
  struct Threads {
    WorkThread publisher, reader, sweeper;
  };
  Loop& loop_;
  std::map<std::size_t, std::string> folders_;
  std::map<std::size_t, std::shared_ptr<OverFolder>> overs_;
  std::set<std::size_t> changed_;
  std::map<std::size_t, Threads> threads_;
};

}  // namespace hinterland
