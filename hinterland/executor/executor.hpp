// What runs the attempts of one pool, as the broker's shell knows it. What it hears and says are the broker's protocol
// (effect.hpp, event.hpp): LocalExecutor runs them as processes of this machine, SlurmExecutor as jobs of a cluster, RemoteExecutor
// as jobs of another broker, and StagedExecutor brings their inputs there before.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/broker/effect.hpp"
#include "hinterland/broker/event.hpp"
#include "hinterland/staging/path_now.hpp"

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

  // Where a running attempt stands, in the words of what runs it; empty: it has none.
  [[nodiscard]] virtual std::string standing_of(AttemptId /*attempt*/) const { return ""; }
  // nullopt: nothing moves for it, or nobody moves anything to this pool.
  [[nodiscard]] virtual std::optional<StagingNow> staging_of(AttemptId /*attempt*/) const {
    return std::nullopt;
  }
  [[nodiscard]] virtual std::optional<PathNow> path() const { return std::nullopt; }
  [[nodiscard]] virtual std::string trouble() const { return ""; }  // why nothing is heard of the pool, if so
  // Of who is asked there; nullopt: it has shown none.
  [[nodiscard]] virtual std::optional<Instant> certificate_end() const { return std::nullopt; }
};

}  // namespace hinterland
