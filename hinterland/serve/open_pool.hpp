// What runs a pool's attempts, as its record in the sites file says: processes of this machine, a Slurm cluster or another broker, and
// where that is somewhere else a path that brings inputs there before.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "hinterland/executor/local.hpp"
#include "hinterland/serve/sites_file.hpp"

namespace hinterland {

struct PoolPlace {
  PoolIndex pool;
  std::string folder, store;
  RunnerRules runner;
  std::string journal, journal_name;                // its identity (Journal::identity), and what it is called
  AttemptId last;                                   // that it knows of
  bool is_new = true;                               // no attempt was ever launched there
  std::function<bool()> acts;                       // whether the broker still leads
  std::function<void(std::function<void()>)> post;  // to the loop, from any thread
  Executor::Tell tell;                              // on the loop
};

struct OpenPool {
  std::unique_ptr<Executor> executor;
  LocalExecutor* local = nullptr;  // of it: its heart is beaten and its ends are watched by whoever has it
};

// Of a pool whose inputs are moved there: where the ledger of that is, and, but for another broker's, they; empty: it gets them from
// the store. A folder of the pool's own is somewhere else if it is on another file system than the store, or if its record
// says what its path may carry or keep.
std::string inputs_folder(const SitesPool& record, const PoolPlace& place);

// Fails, located, where its folders cannot be used.
Expected<OpenPool> open_pool(const SitesPool& record, const PoolPlace& place);

}  // namespace hinterland
