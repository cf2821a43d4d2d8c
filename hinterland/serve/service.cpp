#include "hinterland/serve/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <variant>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/serve/elsewhere.hpp"
#include "hinterland/serve/open_pool.hpp"
#include "hinterland/serve/signals.hpp"
#include "hinterland/serve/worker.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kMostBeat = 5000;           // ms between two heartbeats of a pool
constexpr std::int64_t kLongestSleep = 3'600'000;  // ms
constexpr Duration kPublishAgain{5000};

struct Publishing {
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
        jobs_noted_(state.jobs.size()),
        broker_(served_.world, std::move(state)),
        steps_(journal_.steps()),
        started_(boot_ms()),
        start_(std::max(wall_now(), broker_.state().latest)),
        writer_([this](std::vector<Step> steps) { write(std::move(steps)); }),
        publisher_([this](const std::vector<Publishing>& list) { publish(list); }) {}

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
      if (pool.size == Size{}) continue;
      const auto record = std::ranges::find(sites.pools, pool.name, &SitesPool::key);
      if (!record->folder.empty()) folders_[p] = record->folder;
      if (const auto opened = open(p, *record); !opened) add_errors(errors, opened.error());
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    elsewhere_.find(broker_.state(), locals_);
    const std::size_t jobs = broker_.state().jobs.size();
    for (std::size_t j = 0; j < jobs; ++j) {
      const JobState& job = broker_.state().jobs[j];
      const bool over = job.ended == job.tasks;
      if (over && j + kNamesKept < jobs) continue;
      const auto request = journal_.request_of(JobNumber{j});
      if (!request) return std::unexpected(request.error());
      note_job(JobNumber{j}, *request);
      if (over) forget_if_over(JobNumber{j});
    }
    for (const auto& [id, attempt] : broker_.state().attempts) attempts_[id.value] = attempt.task;
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
    if (lead_ != nullptr)
      lead_->when_lost([this](const Errors& why) { loop_.post([this, why] { stop_for(why); }); });
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
    if (lead_ != nullptr) lead_->when_lost({});
    executors_.clear();
    publisher_.reset();
    writer_.reset();
    const std::lock_guard lock(journal_mutex_);
    return journal_.keep_snapshot(broker_.state());
  }

  [[nodiscard]] bool acts() override { return !journal_failed_ && (lead_ == nullptr || lead_->sure()); }

  [[nodiscard]] const Broker& broker() const override { return broker_; }
  [[nodiscard]] const ServedWorld& served() const override { return served_; }
  [[nodiscard]] Instant now() const override { return start_ + Duration{boot_ms() - started_}; }
  [[nodiscard]] Expected<Work> work_of(JobNumber job) override {
    if (const auto found = works_.find(job.value); found != works_.end()) return found->second.work;
    const std::lock_guard lock(journal_mutex_);
    const auto request = journal_.request_of(job);
    if (!request) return std::unexpected(request.error());
    return parse_work(request->what);
  }
  [[nodiscard]] std::string name_of(JobNumber job) const override {
    if (const auto live = works_.find(job.value); live != works_.end()) return live->second.work.name;
    const auto over = names_.find(job.value);
    return over == names_.end() ? "" : over->second;
  }
  [[nodiscard]] const std::vector<Candidate>* candidates_of(TaskIndex task) const override {
    const auto found = candidates_.find(task.value);
    return found == candidates_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string folder_of(TaskIndex task) const override {
    // Its pool may be another by now than that of its last attempt.
    const AttemptId attempt = broker_.state().tasks[task].attempt;
    std::string folder;
    for (std::size_t p = 0; p < executors_.size() && folder.empty() && attempt != AttemptId{}; ++p) {
      if (executors_[p]) folder = executors_[p]->folder_of(attempt);
    }
    return folder;
  }
  [[nodiscard]] std::string standing_of(TaskIndex task) const override {
    const TaskState& state = broker_.state().tasks[task];
    return executors_[state.pool] ? executors_[state.pool]->standing_of(state.attempt) : "";
  }
  [[nodiscard]] std::string store() const override { return files_.folder + "/store"; }
  [[nodiscard]] std::string end_of(TaskIndex task) const override {
    const auto found = ends_.find(task);
    if (found == ends_.end()) return "";
    const auto [cause, status] = found->second;
    constexpr int signalled = 128;
    if (cause != Cause::failed) return hinterland::name_of(cause);
    return status > signalled ? fmt::format("ended by signal {}", status - signalled)
                              : fmt::format("it ended with status {}", status);
  }
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
                           .folder = folder_of_pool(PoolIndex{p}),
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

  void beat(PoolIndex pool) {
    if (ended_) return;
    if (!elsewhere_.has_any_of(pool, broker_.state())) locals_[pool]->beat();
    const std::int64_t ms = std::clamp<std::int64_t>(served_.world.rules.lease.ms / 4, 1, kMostBeat);
    loop_.after(ms, [this, pool] { beat(pool); });
  }

  void look_at_signals(std::int64_t every_ms) {
    if (ended_) return;
    for (event::Prices& prices : signals_.look(now())) hear(std::move(prices));
    loop_.after(every_ms, [this, every_ms] { look_at_signals(every_ms); });
  }

  void take(Step step) {
    for (const Fact& fact : step.facts) note(fact);
    writer_->put(std::move(step));
  }

  void note_job(JobNumber number, const JobRequest& request) {
    auto work = parse_work(request.what);
    JobRequest kept = request;
    kept.what.clear();
    works_[number.value] = {.work = work ? std::move(*work) : Work{}, .request = std::move(kept)};
  }

  void note(const Fact& fact) {
    if (const auto* accepted = std::get_if<fact::Accepted>(&fact)) {
      note_job(JobNumber{jobs_noted_++}, accepted->job);
    } else if (const auto* placed = std::get_if<fact::Placed>(&fact)) {
      candidates_[placed->task.value] = placed->candidates;
    } else if (const auto* done = std::get_if<fact::Done>(&fact)) {
      forget_if_over(broker_.state().tasks[done->task].job);
    } else if (const auto* refused = std::get_if<fact::Refused>(&fact)) {
      forget_if_over(broker_.state().tasks[refused->task].job);
    } else if (const auto* launched = std::get_if<fact::Launched>(&fact)) {
      attempts_[launched->attempt.value] = launched->task;
    } else if (const auto* finished = std::get_if<fact::Finished>(&fact)) {
      if (const auto ended = attempts_.extract(finished->attempt.value)) {
        if (finished->next != Next::publish) ends_[ended.mapped()] = {finished->cause, finished->status};
        if (ends_.size() > kNamesKept) ends_.erase(ends_.begin());
        forget_if_over(broker_.state().tasks[ended.mapped()].job);
      }
    } else if (const auto* asked = std::get_if<fact::CancelAsked>(&fact)) {
      forget_if_over(asked->job);
    } else if (const auto* retried = std::get_if<fact::RetryAsked>(&fact)) {
      if (!works_.contains(retried->job.value)) {
        const std::lock_guard lock(journal_mutex_);
        if (const auto request = journal_.request_of(retried->job)) note_job(retried->job, *request);
      }
    }
  }
  void forget_if_over(JobNumber number) {
    const JobState& job = broker_.state().jobs[number];
    if (job.ended < job.tasks) return;
    if (const auto work = works_.extract(number.value))
      names_[number.value] = std::move(work.mapped().work.name);
    if (names_.size() > kNamesKept) names_.erase(names_.begin());
    for (std::size_t k = 0; k < job.tasks; ++k)
      candidates_.erase(job.first.value + static_cast<std::uint32_t>(k));
  }

  // --- the journal's thread

  void write(std::vector<Step> steps) {
    std::vector<Facts> facts;
    for (Step& step : steps) {
      if (!step.facts.empty()) facts.push_back(std::move(step.facts));
    }
    Expected<void> done;
    if (!facts.empty()) {
      const std::lock_guard lock(journal_mutex_);
      done = journal_.append(facts);
    }
    loop_.post([this, steps = std::move(steps), facts = std::move(facts), done = std::move(done)] {
      written(steps, facts, done);
    });
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
        const Expected<void> leads = lead_ == nullptr ? Expected<void>() : lead_->sure();
        if (!leads) return stop_for(leads.error());
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
    const auto found = works_.find(job.value);
    if (found == works_.end()) return;
    const auto k = static_cast<std::uint32_t>(launch.task - broker_.state().jobs[job].first);
    JobRequest request = found->second.request;
    request.size = broker_.state().size_of(launch.task).size;
    executors_[launch.pool]->hear(launch, command_of(found->second.work, request, job, k));
  }
  template <class ToExecutor>
  void perform(const ToExecutor& effect) {
    if (may_tell(effect.pool)) executors_[effect.pool]->hear(effect);
  }
  [[nodiscard]] std::string folder_of_pool(PoolIndex pool) const {
    const auto own = folders_.find(pool.value);
    return own != folders_.end() ? own->second : files_.folder + "/pools/" + broker_.state().pools[pool].name;
  }
  void perform(const effect::Publish& effect) {
    const TaskState& task = broker_.state().tasks[effect.task];
    const ResultName name{
        .job = task.job.value,
        .task = static_cast<std::uint32_t>(effect.task - broker_.state().jobs[task.job].first),
        .attempt = effect.attempt.value};
    publisher_->put({.folder = folder_of_pool(task.pool), .name = name, .task = effect.task});
  }

  // The publisher's thread.
  void publish(const std::vector<Publishing>& list) {
    if (lead_ != nullptr && !lead_->sure()) return;
    for (const Publishing& one : list)
      loop_.post(
          [this, one, done = publish_attempt(one.folder, store(), one.name)] { published(one, done); });
  }
  void published(const Publishing& one, const Expected<void>& done) {
    if (ended_) return;
    if (done) {
      unpublished_.erase(one.task);
      return hear(event::Published{.attempt = {one.name.attempt}, .task = one.task});
    }
    unpublished_[one.task] = describe(done.error().front());
    loop_.after(kPublishAgain.ms, [this, one] {
      if (publisher_) publisher_->put(one);
    });
  }

  struct Known {
    Work work;
    JobRequest request;
  };

  Loop& loop_;
  ServedWorld served_;
  std::mutex journal_mutex_;
  Journal journal_;
  ServiceFiles files_;
  Failed failed_;
  Lead* lead_;
  SignalsWatch signals_;
  std::size_t jobs_noted_;
  Broker broker_;
  std::uint64_t steps_;  // durable
  Durable durable_;
  std::int64_t started_;
  Instant start_, wake_at_;
  std::vector<std::unique_ptr<Executor>> executors_;  // by pool
  std::vector<LocalExecutor*> locals_;                // of them, by pool; null: none
  Elsewhere elsewhere_;                               // of those
  std::map<std::size_t, std::string> folders_;        // of pools that do not have the usual one
  std::vector<Event> inbox_;
  std::map<std::uint64_t, Answer> answers_;
  std::unordered_map<std::uint32_t, Known> works_;  // of live jobs
  std::map<std::uint32_t, std::string> names_;      // of jobs that are over
  std::unordered_map<std::uint32_t, std::vector<Candidate>> candidates_;
  std::map<TaskIndex, std::pair<Cause, int>> ends_;        // of the last attempts that failed
  std::map<TaskIndex, std::string> unpublished_;           // why not
  std::unordered_map<std::uint64_t, TaskIndex> attempts_;  // that run
  std::uint64_t clients_ = 0;
  bool deciding_ = false, ended_ = false, journal_failed_ = false;
  std::optional<Worker<Step>> writer_;
  std::optional<Worker<Publishing>> publisher_;
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
