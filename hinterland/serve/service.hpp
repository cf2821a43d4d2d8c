// The shell around the broker's core: facts are made durable, and only then is done what the core wants done.
//
//   events -> Broker::decide -> steps -> a thread that appends them to the journal, all that have come in with one commit
//                                     -> effects, in their order: answers, executors, publishing
//
// One thread owns everything in here but the journal and what reads and publishes the files of pools (loop.hpp), each pool's by itself: a
// disk that hangs keeps its own pool waiting. If the journal cannot be
// written, or another broker leads it, nothing is answered or begun any more, and `failed` is called.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hinterland/broker/broker.hpp"
#include "hinterland/executor/executor.hpp"
#include "hinterland/journal/journal.hpp"
#include "hinterland/serve/job_request.hpp"
#include "hinterland/serve/lead.hpp"
#include "hinterland/serve/loop.hpp"
#include "hinterland/serve/sites_file.hpp"

namespace hinterland {

inline constexpr std::size_t kNamesKept = 10'000;

struct ServiceFiles {
  std::string folder;                // for pools/NAME/ and store/
  std::string runner;                // the program that runs an attempt
  std::uint64_t descriptors = 1024;  // that a process of an attempt may have open
  std::string certificate{};         // that it shows; empty: none
};

class Service {
 public:
  using Answer = std::function<void(const effect::Respond&)>;
  using Failed = std::function<void(const Errors&)>;

  // `served` was made for `state`, which `journal` has recovered. Fails, located, where a pool's folder cannot be used.
  // `lead`: of the journal; nothing is done without it; it outlives this. nullptr: nobody else can have it open.
  static Expected<std::unique_ptr<Service>> begin(Loop& loop, const SitesFile& sites, ServedWorld served,
                                                  Journal journal, State state, ServiceFiles files,
                                                  Failed failed, Lead* lead = nullptr);
  virtual ~Service() = default;
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // `answer` is called once what was asked is durable or denied. The event's `client` is set here.
  virtual void tell(Event event, Answer answer) = 0;
  // Who asked for what; it stands in the journal before what is told next.
  virtual void note(event::Access asked) = 0;
  // Called for the steps that have become durable, in their order, with the number of the first.
  using Durable = std::function<void(std::uint64_t first, std::span<const Facts> steps)>;
  virtual void when_durable(Durable durable) = 0;
  [[nodiscard]] virtual std::uint64_t steps() const = 0;  // that are durable
  // Those before, as Journal::read_from() has them; it waits for the journal.
  [[nodiscard]] virtual Expected<void> read_steps(std::uint64_t first, const Journal::TakeLater& take) = 0;
  // Takes no more, and has all that it took durable, with a snapshot, when it returns; fails if the journal does.
  [[nodiscard]] virtual Expected<void> end() = 0;

  // Whether it may still answer: nobody else does.
  [[nodiscard]] virtual bool acts() { return true; }

  [[nodiscard]] virtual const Broker& broker() const = 0;
  [[nodiscard]] virtual const ServedWorld& served() const = 0;
  [[nodiscard]] virtual Instant now() const = 0;
  // Of a job, live or over.
  [[nodiscard]] virtual Expected<Work> work_of(JobNumber job) = 0;
  // What it is called; empty for a job that is over and older than kNamesKept others.
  [[nodiscard]] virtual std::string name_of(JobNumber job) const = 0;
  // Where a live task was last placed, and where else it might have been.
  [[nodiscard]] virtual const std::vector<Candidate>* candidates_of(TaskIndex task) const = 0;
  // Where a task's last attempt is, or was put away. It is worked out, not looked for: a pool's disk may hang. Empty: it has had
  // none, or had it in a pool that is forgotten since it was placed in another.
  [[nodiscard]] virtual std::string folder_of(TaskIndex task) const = 0;
  // Looks into that folder, wherever it is by now (empty: nowhere), on a thread of its pool's, and then does `then` on this one.
  // False: so much waits for that pool's disk already that nothing is done.
  using Look = std::function<void(const std::string& folder)>;
  [[nodiscard]] virtual bool look_into(TaskIndex task, Look look, std::function<void()> then) = 0;
  [[nodiscard]] virtual std::string store() const = 0;
  // Of its running attempt, in the words of what runs it; empty: none.
  [[nodiscard]] virtual std::string standing_of(TaskIndex task) const = 0;
  // How far the inputs of its attempt are that move to its pool; nullopt: none move.
  [[nodiscard]] virtual std::optional<StagingNow> staging_of(TaskIndex /*task*/) const {
    return std::nullopt;
  }
  // nullopt: nothing moves to that pool.
  [[nodiscard]] virtual std::optional<PathNow> path_of(PoolIndex /*pool*/) const { return std::nullopt; }
  // Why a task's outputs are not put in place yet; empty: nothing is wrong.
  [[nodiscard]] virtual std::string trouble_with(TaskIndex task) const = 0;
  // Why a pool's cluster does not answer; empty: it does.
  [[nodiscard]] virtual std::string trouble_with(PoolIndex pool) const = 0;
  // When the certificate that this broker shows ends, and that of who is asked in a pool; nullopt: none is known.
  [[nodiscard]] virtual std::optional<Instant> certificate_end() const { return std::nullopt; }
  [[nodiscard]] virtual std::optional<Instant> certificate_end(PoolIndex /*pool*/) const {
    return std::nullopt;
  }
  // What is wrong with the file of prices now; none: nothing, or there is none.
  [[nodiscard]] virtual const Errors& trouble_with_signals() const = 0;
};

}  // namespace hinterland
