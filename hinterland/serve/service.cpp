#include "hinterland/serve/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <variant>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/serve/certificate_end.hpp"
#include "hinterland/serve/elsewhere.hpp"
#include "hinterland/serve/journal_writer.hpp"
#include "hinterland/serve/known_jobs.hpp"
#include "hinterland/serve/open_pool.hpp"
#include "hinterland/serve/pool_files.hpp"
#include "hinterland/serve/signals.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kMostBeat = 5000;           // ms between two heartbeats of a pool
constexpr std::int64_t kLongestSleep = 3'600'000;  // ms
constexpr Duration kPublishAgain{5000};
constexpr std::int64_t kAlive = 1000;    // ms between two words of this thread to the lead
constexpr std::int64_t kSweep = 15'000;  // ms between two times that folders of attempts are swept

struct Publishing {
  PoolIndex pool;
  std::string folder;  // of the pool
  ResultName name;
  TaskIndex task;
};

class LiveService final : public Service {
 public:
  LiveService(Loop& loop, ServedWorld served, Journal journal, State state, ServiceFiles files, Failed failed,
              Lead* lead)
      : loop_(loop),
        served_(std::move(served)),
        journal_(std::move(journal)),
        files_(std::move(files)),
        failed_(std::move(failed)),
        lead_(lead),
        signals_("", {}),
        broker_(served_.world, std::move(state)),
        steps_(journal_.steps()),
        started_(boot_ms()),
        start_(std::max(wall_now(), broker_.state().latest)),
        known_(broker_.state(),
               [this](JobNumber job) {
                 const std::lock_guard lock(journal_mutex_);
                 return journal_.request_of(job);
               }),
        pool_files_(loop) {
    writer_.emplace(journal_, journal_mutex_,
                    [this](std::vector<Step> steps, std::vector<Facts> facts, Expected<void> done) {
                      loop_.post([this, steps = std::move(steps), facts = std::move(facts),
                                  done = std::move(done)] { written(steps, facts, done); });
                    });
  }

  LiveService(const LiveService&) = delete;
  LiveService& operator=(const LiveService&) = delete;
  ~LiveService() override {
    if (lead_ != nullptr) lead_->when_lost({});
  }

  Expected<void> start(const SitesFile& sites) {
    Errors errors;
    for (std::size_t p = 0; p < served_.world.pools.size(); ++p) {
      executors_.emplace_back();
      locals_.push_back(nullptr);
      const BrokerPool& pool = served_.world.pools[p];
      const auto record = std::ranges::find(sites.pools, pool.name, &SitesPool::key);
      const bool has_own = record != sites.pools.end() && !record->folder.empty();
      pool_files_.add(PoolIndex{p},
                      has_own ? std::filesystem::absolute(record->folder).string()
                              : files_.folder + "/pools/" + pool.name,
                      static_cast<std::size_t>(sites.logs_kept));
      if (pool.size == Size{}) continue;
      if (const auto opened = open(p, *record); !opened) add_errors(errors, opened.error());
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    elsewhere_.find(broker_.state(), locals_);
    const std::size_t jobs = broker_.state().jobs.size();
    std::vector<JobNumber> wanted;  // those that live, and the last of those that are over
    for (std::size_t j = 0; j < jobs; ++j) {
      const JobState& job = broker_.state().jobs[j];
      if (job.ended < job.tasks || j + kNamesKept >= jobs) wanted.emplace_back(j);
    }
    const auto read = journal_.requests_of(wanted, [this](JobNumber job, const JobRequest& request) {
      known_.note_job(job, request);
      known_.forget_if_over(job);
    });
    if (!read) return std::unexpected(read.error());
    take(broker_.resume(now()));
    for (const SitesProject& project : sites.projects) {
      const auto share = static_cast<std::int64_t>(project.share);
      const std::int64_t budget =
          project.budget ? static_cast<std::int64_t>(kMillion * project.budget->value) : std::int64_t{-1};
      const auto known = std::ranges::find(broker_.state().projects, project.key, &ProjectState::name);
      if (known != broker_.state().projects.end() && known->share == share && known->budget == budget)
        continue;
      hear(event::SetProject{.name = project.key, .share = share, .budget = budget});
    }
    if (!sites.signals.empty()) {
      signals_ = SignalsWatch(sites.signals, served_.site);
      look_at_signals(from_hours(sites.signals_every).ms);
    }
    for (std::size_t p = 0; p < locals_.size(); ++p) {
      LocalExecutor* const local = locals_[p];
      if (local == nullptr) continue;
      loop_.when_readable(local->fd(), [local] { local->look(); });
      beat(PoolIndex{p});
    }
    wake();
    sweep();
    if (lead_ == nullptr) return {};
    lead_->when_lost([this](const Errors& why) { loop_.post([this, why] { stop_for(why); }); });
    loop_.post([this] { say_alive(); });
    return {};
  }

  void tell(Event event, Answer answer) override {
    const std::uint64_t client = ++clients_;
    std::visit(
        [&](auto& one) {
          if constexpr (requires { one.client; }) one.client = client;
        },
        event);
    answers_.emplace(client, std::move(answer));
    hear(std::move(event));
  }

  void note(event::Access asked) override { hear(std::move(asked)); }
  void when_durable(Durable durable) override { durable_ = std::move(durable); }
  [[nodiscard]] std::uint64_t steps() const override { return steps_; }
  [[nodiscard]] Expected<void> read_steps(std::uint64_t first, const Journal::TakeLater& take) override {
    const std::lock_guard lock(journal_mutex_);
    return journal_.read_from(first, take);
  }

  [[nodiscard]] Expected<void> end() override {
    ended_ = true;
    if (lead_ != nullptr) {
      lead_->when_lost({});
      lead_->alive_no_more();
    }
    writer_.reset();
    Expected<void> kept;
    {
      const std::lock_guard lock(journal_mutex_);
      kept = journal_.keep_snapshot(broker_.state());
    }
    // These may wait for a disk that hangs: whoever leads next does not wait for that.
    if (lead_ != nullptr) lead_->alive();
    executors_.clear();
    pool_files_.end();
    return kept;
  }

  [[nodiscard]] bool acts() override { return !journal_failed_ && leads(); }

  [[nodiscard]] const Broker& broker() const override { return broker_; }
  [[nodiscard]] const ServedWorld& served() const override { return served_; }
  [[nodiscard]] Instant now() const override { return start_ + Duration{boot_ms() - started_}; }
  [[nodiscard]] Expected<Work> work_of(JobNumber job) override {
    if (const auto* const found = known_.find(job)) return found->work;
    const std::lock_guard lock(journal_mutex_);
    const auto request = journal_.request_of(job);
    if (!request) return std::unexpected(request.error());
    return parse_work(request->what);
  }
  [[nodiscard]] std::string name_of(JobNumber job) const override { return known_.name_of(job); }
  [[nodiscard]] const std::vector<Candidate>* candidates_of(TaskIndex task) const override {
    return known_.candidates_of(task);
  }
  [[nodiscard]] std::string folder_of(TaskIndex task) const override {
    const AttemptId attempt = broker_.state().tasks[task].attempt;
    const auto pool = known_.last_pool_of(task);
    if (attempt == AttemptId{} || !pool) return "";
    return fmt::format("{}/{}{}", pool_files_.folder_of(*pool),
                       broker_.state().attempts.contains(attempt) ? "" : "over/", attempt.value);
  }
  [[nodiscard]] bool look_into(TaskIndex task, Look look, std::function<void()> then) override {
    const TaskState& state = broker_.state().tasks[task];
    const auto known = known_.last_pool_of(task);
    return pool_files_.look_into(state.attempt, known.value_or(state.pool), known.has_value(),
                                 std::move(look), std::move(then));
  }
  [[nodiscard]] std::string standing_of(TaskIndex task) const override {
    const TaskState& state = broker_.state().tasks[task];
    return executors_[state.pool] ? executors_[state.pool]->standing_of(state.attempt) : "";
  }
  [[nodiscard]] std::string store() const override { return files_.folder + "/store"; }
  [[nodiscard]] std::string trouble_with(TaskIndex task) const override {
    const auto found = unpublished_.find(task);
    return found == unpublished_.end() ? "" : found->second;
  }
  [[nodiscard]] std::optional<StagingNow> staging_of(TaskIndex task) const override {
    const TaskState& state = broker_.state().tasks[task];
    return executors_[state.pool] ? executors_[state.pool]->staging_of(state.attempt) : std::nullopt;
  }
  [[nodiscard]] std::optional<PathNow> path_of(PoolIndex pool) const override {
    return pool < executors_.size() && executors_[pool] ? executors_[pool]->path() : std::nullopt;
  }
  [[nodiscard]] std::string trouble_with(PoolIndex pool) const override {
    return pool < executors_.size() && executors_[pool] ? executors_[pool]->trouble() : "";
  }
  [[nodiscard]] std::optional<Instant> certificate_end() const override {
    return files_.certificate.empty() ? std::nullopt : hinterland::certificate_end(files_.certificate);
  }
  [[nodiscard]] std::optional<Instant> certificate_end(PoolIndex pool) const override {
    return pool < executors_.size() && executors_[pool] ? executors_[pool]->certificate_end() : std::nullopt;
  }
  [[nodiscard]] const Errors& trouble_with_signals() const override { return signals_.trouble(); }

 private:
  static Instant wall_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
  }

  void hear(Event event) {
    if (ended_ || journal_failed_) return;
    inbox_.push_back(std::move(event));
    if (std::exchange(deciding_, true)) return;
    loop_.post([this] { decide(); });
  }

  void decide() {
    deciding_ = false;
    if (ended_ || journal_failed_) return;
    take(broker_.decide(now(), std::exchange(inbox_, {})));
    wake();
  }

  void wake() {
    const Instant next = broker_.next_wake();
    if (next >= kNever || (wake_at_ > now() && wake_at_ <= next)) return;
    const std::int64_t ms = std::clamp<std::int64_t>((next - now()).ms + 1, 1, kLongestSleep);
    wake_at_ = now() + Duration{ms};
    loop_.after(ms, [this] { decide(); });
  }

  Expected<void> open(std::size_t p, const SitesPool& record) {
    auto opened =
        open_pool(record, {.pool = PoolIndex{p},
                           .folder = pool_files_.folder_of(PoolIndex{p}),
                           .store = store(),
                           .runner = {.program = files_.runner, .descriptors = files_.descriptors},
                           .journal = journal_.identity(),
                           .journal_name = broker_.state().name,
                           .last = {broker_.state().attempts_begun},
                           .is_new = broker_.state().pools[p].term == Term{},
                           .acts = [lead = lead_] { return lead == nullptr || lead->sure().has_value(); },
                           .post = [this](std::function<void()> work) { loop_.post(std::move(work)); },
                           .tell = [this](Event event) { hear(std::move(event)); }});
    if (!opened) return std::unexpected(std::move(opened.error()));
    executors_[p] = std::move(opened->executor);
    locals_[p] = opened->local;
    return {};
  }

  void say_alive() {
    if (ended_) return;
    lead_->alive();
    loop_.after(kAlive, [this] { say_alive(); });
  }
  // Asked by this thread, which so goes on.
  Expected<void> leads() {
    if (lead_ == nullptr) return {};
    lead_->alive();
    return lead_->sure();
  }

  void beat(PoolIndex pool) {
    if (ended_) return;
    if (!elsewhere_.has_any_of(pool, broker_.state())) locals_[pool]->beat();
    const std::int64_t ms = std::clamp<std::int64_t>(served_.world.rules.lease.ms / 4, 1, kMostBeat);
    loop_.after(ms, [this, pool] { beat(pool); });
  }

  void sweep() {
    if (ended_) return;
    pool_files_.sweep(broker_.state());
    loop_.after(kSweep, [this] { sweep(); });
  }

  void look_at_signals(std::int64_t every_ms) {
    if (ended_) return;
    for (event::Prices& prices : signals_.look(now())) hear(std::move(prices));
    loop_.after(every_ms, [this, every_ms] { look_at_signals(every_ms); });
  }

  void take(Step step) {
    for (const Fact& fact : step.facts) known_.note(fact);
    writer_->put(std::move(step), broker_.state());
  }

  void stop_for(const Errors& errors) {
    if (std::exchange(journal_failed_, true)) return;
    answers_.clear();
    failed_(errors);
  }

  // What is durable may still be another's to do by now: that is looked at before each effect.
  void written(const std::vector<Step>& steps, const std::vector<Facts>& facts, const Expected<void>& done) {
    if (journal_failed_) return;
    if (!done) return stop_for(done.error());
    const std::uint64_t first = steps_ + 1;
    steps_ += facts.size();
    if (durable_ && !facts.empty()) durable_(first, facts);
    for (const Step& step : steps) {
      for (const Effect& effect : step.effects) {
        if (const auto sure = leads(); !sure) return stop_for(sure.error());
        std::visit([this](const auto& one) { perform(one); }, effect);
      }
    }
  }

  // --- effects

  void perform(const effect::Respond& answer) {
    const auto found = answers_.extract(answer.client);
    if (!found.empty()) found.mapped()(answer);
  }
  bool may_tell(PoolIndex pool) { return executors_[pool] && !elsewhere_.has_any_of(pool, broker_.state()); }
  void perform(const effect::Launch& launch) {
    if (!may_tell(launch.pool)) return;
    const JobNumber job = broker_.state().tasks[launch.task].job;
    const auto* const found = known_.find(job);
    if (found == nullptr) return;
    const auto k = static_cast<std::uint32_t>(launch.task - broker_.state().jobs[job].first);
    JobRequest request = found->request;
    request.size = broker_.state().size_of(launch.task).size;
    executors_[launch.pool]->hear(launch, command_of(found->work, request, job, k));
  }
  void perform(const effect::Forget& forget) {
    if (!may_tell(forget.pool)) return;
    executors_[forget.pool]->hear(forget);
    pool_files_.changed(forget.pool);
  }
  template <class ToExecutor>
  void perform(const ToExecutor& effect) {
    if (may_tell(effect.pool)) executors_[effect.pool]->hear(effect);
  }
  void perform(const effect::Publish& effect) {
    const TaskState& task = broker_.state().tasks[effect.task];
    const ResultName name{
        .job = task.job.value,
        .task = static_cast<std::uint32_t>(effect.task - broker_.state().jobs[task.job].first),
        .attempt = effect.attempt.value};
    publish(
        {.pool = task.pool, .folder = pool_files_.folder_of(task.pool), .name = name, .task = effect.task});
  }

  void publish(const Publishing& one) {
    pool_files_.publish(one.pool, [this, one] {
      if (lead_ != nullptr && !lead_->sure()) return;
      loop_.post(
          [this, one, done = publish_attempt(one.folder, store(), one.name)] { published(one, done); });
    });
  }
  void published(const Publishing& one, const Expected<void>& done) {
    if (ended_) return;
    if (done) {
      unpublished_.erase(one.task);
      pool_files_.changed(one.pool);
      return hear(event::Published{.attempt = {one.name.attempt}, .task = one.task});
    }
    unpublished_[one.task] = describe(done.error().front());
    loop_.after(kPublishAgain.ms, [this, one] {
      if (!ended_) publish(one);
    });
  }

  Loop& loop_;
  ServedWorld served_;
  std::mutex journal_mutex_;
  Journal journal_;
  ServiceFiles files_;
  Failed failed_;
  Lead* lead_;
  SignalsWatch signals_;
  Broker broker_;
  std::uint64_t steps_;  // durable
  Durable durable_;
  std::int64_t started_;
  Instant start_, wake_at_;
  std::vector<std::unique_ptr<Executor>> executors_;  // by pool
  std::vector<LocalExecutor*> locals_;                // of them, by pool; null: none
  Elsewhere elsewhere_;                               // of those
  std::vector<Event> inbox_;
  std::map<std::uint64_t, Answer> answers_;
  std::map<TaskIndex, std::string> unpublished_;  // why not
  std::uint64_t clients_ = 0;
  bool deciding_ = false, ended_ = false, journal_failed_ = false;
  std::optional<JournalWriter> writer_;
  KnownJobs known_;
  PoolFiles pool_files_;
};

}  // namespace

Expected<std::unique_ptr<Service>> Service::begin(Loop& loop, const SitesFile& sites, ServedWorld served,
                                                  Journal journal, State state, ServiceFiles files,
                                                  Failed failed, Lead* lead) {
  auto service = std::make_unique<LiveService>(loop, std::move(served), std::move(journal), std::move(state),
                                               std::move(files), std::move(failed), lead);
  if (auto started = service->start(sites); !started) return std::unexpected(started.error());
  return service;
}

}  // namespace hinterland
