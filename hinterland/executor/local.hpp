// A pool of this machine: attempts as processes, each under a runner of its own (runner/main.cpp), so that they go on
// while the broker is away and are found again by their attempt's number.
//
//   FOLDER/lease          until when the pool's attempts may run, in ms of the boot clock
//   FOLDER/ATTEMPT/...    one folder each (attempt_folder.hpp)
//
// An attempt is begun once: by whoever made its folder. Whether it lives is told by a lock that its runner holds, not
// by a process number, which may be another's by now.
//
// Speaks the broker's protocol (event.hpp, effect.hpp). One thread; look() when fd() can be read, beat() at intervals
// well below the lease.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/executor.hpp"

namespace hinterland {

struct LocalPool {
  PoolIndex pool;
  std::string folder;  // made if it is not there
  std::string inputs;  // the folder of objects where they are
  RunnerRules runner;
  std::string journal{};  // its identity, if brokers stand in for each other (folder_lock.hpp)
};

class LocalExecutor final : public Executor {
 public:
  // Finds what an earlier life left. Fails, located, for a folder that cannot be made or is used by another
  // process, for one with attempts after the `last` that the journal knows of, and for a runner that is not there.
  static Expected<std::unique_ptr<LocalExecutor>> open(LocalPool pool, AttemptId last, Tell tell);
  ~LocalExecutor() override;

  void hear(const effect::Grant& grant) override;
  void hear(const effect::Launch& launch, const Command& command) override;
  void hear(const effect::Kill& kill) override;
  void hear(const effect::Forget& forget) override;
  [[nodiscard]] std::string folder_of(AttemptId attempt) const;  // wherever it is now; empty: not here

  void beat();
  void look();
  [[nodiscard]] int fd() const;

 private:
  struct Body;
  explicit LocalExecutor(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
