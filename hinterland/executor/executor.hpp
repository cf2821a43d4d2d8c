// What runs the attempts of one pool, as the broker's shell knows it. What it hears and says are the broker's protocol
// (effect.hpp, event.hpp): LocalExecutor runs them as processes of this machine, SlurmExecutor as jobs of a cluster, and
// StagedExecutor brings their inputs to either before.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/broker/effect.hpp"
#include "hinterland/broker/event.hpp"

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
  Size size;                             // what it occupies; no memory: as much as there is
  std::vector<Input> inputs;             // placed before it begins
  std::vector<std::string> outputs;      // below `work`; it has failed if one is not there at its end
};

// How far an attempt's inputs are that move to its pool.
struct StagingNow {
  std::uint64_t needed = 0, here = 0;  // bytes of them; of them at the site
  double bytes_per_s = 0;              // at which they come; 0: not known yet
  std::string trouble;                 // why nothing moves, if so
};
// The path to a pool that is somewhere else.
struct PathNow {
  std::uint64_t moved = 0, cached = 0;  // bytes: ever; kept there
  double most_bytes_per_s = 0;          // that may move; 0: no bound
  std::map<AttemptId, StagingNow> attempts;
};

class Executor {
 public:
  using Tell = std::function<void(Event)>;

  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  virtual void hear(const effect::Grant& grant) = 0;
  virtual void hear(const effect::Launch& launch, const Command& command) = 0;
  virtual void hear(const effect::Kill& kill) = 0;
  virtual void hear(const effect::Forget& forget) = 0;

  [[nodiscard]] virtual std::string folder_of(
      AttemptId attempt) const = 0;  // wherever it is now; empty: not here
  // Where a running attempt stands, in the words of what runs it; empty: it has none.
  [[nodiscard]] virtual std::string standing_of(AttemptId /*attempt*/) const { return ""; }
  // nullopt: nothing moves for it, or nobody moves anything to this pool.
  [[nodiscard]] virtual std::optional<StagingNow> staging_of(AttemptId /*attempt*/) const {
    return std::nullopt;
  }
  [[nodiscard]] virtual std::optional<PathNow> path() const { return std::nullopt; }
  [[nodiscard]] virtual std::string trouble() const { return ""; }  // why nothing is heard of the pool, if so
};

}  // namespace hinterland
