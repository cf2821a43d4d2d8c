// A pool of this machine: attempts as processes, each under a runner of its own (runner/main.cpp), so that they go on
// while the broker is away and are found again by their attempt's number.
//
//   FOLDER/lease          until when the pool's attempts may run, in ms of the boot clock
//   FOLDER/ATTEMPT/...    one folder each, from its launch until the broker has said Forget; then under FOLDER/over/
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
#include "hinterland/broker/effect.hpp"
#include "hinterland/broker/event.hpp"
#include "hinterland/executor/outputs.hpp"

namespace hinterland {

// A file that lies in `work` when the command begins (objects.hpp).
struct Input {
  std::string path, hash;
};

struct Command {
  std::vector<std::string> arguments;    // the first is the program; at least that one
  std::vector<std::string> environment;  // "NAME=value"
  std::string folder;                    // where it runs; empty: in `work`, its own
  Duration limit;                        // how long it may run
  std::int64_t memory_gb = 0;            // 0: as much as there is
  std::vector<Input> inputs;             // placed before it begins
  std::vector<std::string> outputs;      // below `work`; it has failed if one is not there at its end
};

struct LocalPool {
  PoolIndex pool;
  std::string folder;                   // made if it is not there
  std::string inputs;                   // the folder of objects where they are
  std::string runner;                   // the program
  Duration grace{5000};                 // between SIGTERM and SIGKILL
  std::int64_t output_bytes = 1 << 26;  // of each kept log
  std::uint64_t descriptors = 1024;     // that a process of an attempt may have open, unless it asks for more
  std::string journal;                  // its identity, if brokers stand in for each other (folder_lock.hpp)
};

class LocalExecutor {
 public:
  using Tell = std::function<void(Event)>;

  // Finds what an earlier life left. Fails, located, for a folder that cannot be made or is used by another
  // process, for one with attempts after the `last` that the journal knows of, and for a runner that is not there.
  static Expected<LocalExecutor> open(LocalPool pool, AttemptId last, Tell tell);
  LocalExecutor(LocalExecutor&&) noexcept;
  LocalExecutor& operator=(LocalExecutor&&) = delete;
  ~LocalExecutor();

  void hear(const effect::Grant& grant);
  void hear(const effect::Launch& launch, const Command& command);
  void hear(const effect::Kill& kill);
  void hear(const effect::Forget& forget);

  void beat();
  void look();
  [[nodiscard]] int fd() const;

  [[nodiscard]] std::string folder_of(AttemptId attempt) const;  // wherever it is now; empty: not here

 private:
  struct Body;
  explicit LocalExecutor(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

// Puts the outputs of an attempt that has ended well in their place (outputs.hpp), from any thread, whatever has
// become of its pool since.
Expected<void> publish_attempt(const std::string& pool_folder, const std::string& store,
                               const ResultName& name);

}  // namespace hinterland
