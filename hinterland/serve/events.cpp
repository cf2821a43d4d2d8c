#include "hinterland/serve/events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostTail = 32'000'000;  // bytes kept for those who are nearly there
constexpr std::size_t kMostText = 256'000;     // bytes at once
constexpr std::size_t kMostPast = 1000;        // steps read from the journal at once

std::string message(std::uint64_t step, const std::string& events) {
  return fmt::format("id: {}\ndata: {{\"step\":{},\"events\":[{}]}}\n\n", step, step, events);
}

}  // namespace

struct MakesEvent {
  EventMaker& maker;
  const State& state;
  std::uint64_t jobs;
  std::vector<PublicEvent>& out;

  void put(std::optional<ProjectIndex> project, const Json& json) {
    out.push_back({project, json.dump(-1, ' ', false, Json::error_handler_t::replace)});
  }
  void of_job(const char* event, JobNumber number, const Json& more = Json::object()) {
    Json json{{"event", event}, {"job", number.value}};
    json.update(more);
    put(state.jobs[number].project, json);
  }
  void of_task(const char* event, TaskIndex task, const Json& more = Json::object()) {
    const JobNumber number = state.tasks[task].job;
    Json json{{"task", task.value - state.jobs[number].first.value}};
    json.update(more);
    of_job(event, number, json);
  }
  void of_attempt(const char* event, AttemptId attempt, Json more) {
    more["attempt"] = attempt.value;
    if (const auto task = maker.task_of(attempt)) return of_task(event, *task, more);
    Json json{{"event", event}};
    json.update(more);
    put(std::nullopt, json);
  }
  void of_pool(const char* event, PoolIndex pool, const Json& more = Json::object()) {
    Json json{{"event", event}, {"pool", state.pools[pool].name}};
    json.update(more);
    put(std::nullopt, json);
  }

  void operator()(const fact::Accepted& f) {
    of_job("submitted", JobNumber{static_cast<std::size_t>(jobs++)},
           {{"project", state.projects[f.job.project].name}, {"tasks", f.job.tasks}, {"at_ms", f.at.ms}});
  }
  void operator()(const fact::HoldSet& f) { of_job(f.held ? "held" : "released", f.job); }
  void operator()(const fact::CancelAsked& f) { of_job("cancelled", f.job); }
  void operator()(const fact::RetryAsked& f) { of_job("retried", f.job); }
  void operator()(const fact::Placed& f) { of_task("placed", f.task, {{"pool", state.pools[f.pool].name}}); }
  void operator()(const fact::Refused& f) { of_task("refused", f.task); }
  void operator()(const fact::Unplaced& f) { of_task("unplaced", f.task); }
  void operator()(const fact::Launched& f) {
    of_task("begun", f.task, {{"attempt", f.attempt.value}, {"at_ms", f.at.ms}});
  }
  void operator()(const fact::Confirmed& f) {
    of_attempt("confirmed", f.attempt, {{"host", state.hosts[f.host].name}});
  }
  void operator()(const fact::Finished& f) {
    of_attempt("ended", f.attempt,
               {{"cause", name_of(f.cause)},
                {"status", f.status},
                {"at_ms", f.at.ms},
                {"ran_ms", f.ran.ms},
                {"cost_millionths", f.bill.total()}});
  }
  void operator()(const fact::Staged& f) {
    of_attempt(f.inputs.whole ? "staged" : "staging", f.attempt,
               {{"at_ms", f.at.ms}, {"bytes", f.inputs.needed}, {"moved", f.inputs.moved}});
  }
  void operator()(const fact::Fetched& f) {
    of_attempt("fetched", f.attempt, {{"bytes", f.outputs.needed}, {"moved", f.outputs.moved}});
  }
  void operator()(const fact::Done& f) { of_task("done", f.task); }
  void operator()(const fact::PoolLost& f) { of_pool("pool lost", f.pool); }
  void operator()(const fact::DownSet& f) { of_pool(f.down ? "pool down" : "pool up", f.pool); }
  void operator()(const fact::DrainSet& f) { of_pool(f.on ? "pool drained" : "pool resumed", f.pool); }
  void operator()(const fact::Warned& f) { of_pool("pool warned", f.pool, {{"from_ms", f.from.ms}}); }
  void operator()(const fact::RoomHeard& f) { of_pool("pool room", f.pool, {{"cores", f.cores}}); }
  void operator()(const fact::HostCondemned& f) {
    of_pool("host condemned", state.hosts[f.host].pool, {{"host", state.hosts[f.host].name}});
  }
  void operator()(const fact::HostPardoned& f) {
    of_pool("host pardoned", state.hosts[f.host].pool, {{"host", state.hosts[f.host].name}});
  }
  // Names, prices, quotes and who asked are found where they are kept.
  template <class Other>
  void operator()(const Other&) {}
};

EventMaker::Tasks EventMaker::last_attempts(const State& state) {
  Tasks tasks;
  for (std::size_t t = 0; t < state.tasks.size(); ++t) {
    if (const AttemptId last = state.tasks[t].attempt; last != AttemptId{}) tasks[last.value] = TaskIndex{t};
  }
  return tasks;
}

EventMaker::EventMaker(const State& state, std::shared_ptr<const Tasks> past) : past_(std::move(past)) {
  for (const auto& [id, attempt] : state.attempts) tasks_[id.value] = attempt.task;
}

std::optional<TaskIndex> EventMaker::task_of(AttemptId attempt) const {
  for (const Tasks* const tasks : {&tasks_, past_.get()}) {
    if (tasks == nullptr) continue;
    if (const auto found = tasks->find(attempt.value); found != tasks->end()) return found->second;
  }
  return std::nullopt;
}

std::vector<PublicEvent> EventMaker::make(const State& state, std::uint64_t jobs, const Facts& facts) {
  std::vector<PublicEvent> out;
  MakesEvent makes{*this, state, jobs, out};
  for (const Fact& fact : facts) {
    std::visit(makes, fact);
    follow(fact);
  }
  return out;
}

void EventMaker::pass(const Facts& facts) {
  for (const Fact& fact : facts) follow(fact);
}

void EventMaker::follow(const Fact& fact) {
  if (const auto* const begun = std::get_if<fact::Launched>(&fact))
    tasks_[begun->attempt.value] = begun->task;
  if (const auto* const ended = std::get_if<fact::Finished>(&fact)) tasks_.erase(ended->attempt.value);
}

// One who listens.
class Events::Reader final : public EventReader, public std::enable_shared_from_this<Events::Reader> {
 public:
  Reader(Events& events, Caller caller, std::uint64_t after)
      : events_(&events), caller_(std::move(caller)), after_(after) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() override {
    if (events_ != nullptr) events_->readers_.erase(this);
  }

  void next(std::function<void(std::optional<std::string>)> take) override {
    if (events_ == nullptr) return take(std::nullopt);
    take_ = std::move(take);
    look();
  }
  // If it waits, and there is something.
  void look() {
    if (!take_) return;
    const auto more = events_->take(after_, caller_, past_);
    if (!more) {
      events_->readers_.erase(this);
      return end();
    }
    std::string text = std::exchange(greeting_, {}) + *more;
    if (!text.empty()) return std::exchange(take_, {})(std::move(text));
    // None of what was read is theirs: others go first before the next piece.
    if (after_ < events_->service_.steps() && events_->loop_ != nullptr)
      events_->loop_->post([weak = weak_from_this()] {
        if (const auto reader = weak.lock(); reader && reader->events_ != nullptr) reader->look();
      });
  }
  [[nodiscard]] const Caller& caller() const { return caller_; }
  void beat() {
    if (take_) std::exchange(take_, {})(std::string(":\n\n"));
  }
  void end() {
    events_ = nullptr;
    if (take_) std::exchange(take_, {})(std::nullopt);
  }

 private:
  Events* events_;
  Caller caller_;
  std::uint64_t after_;
  std::unique_ptr<EventMaker> past_;
  std::function<void(std::optional<std::string>)> take_;
  std::string greeting_ = "retry: 1000\n\n";
};

Events::Made::Made(std::uint64_t number, std::vector<PublicEvent> of_it)
    : step(number), events(std::move(of_it)) {
  for (const PublicEvent& event : events) whole += (whole.empty() ? "" : ",") + event.json;
  if (!whole.empty()) whole = message(step, whole);
}

Events::Events(Service& service, Loop* loop)
    : service_(service),
      loop_(loop),
      jobs_(service.broker().state().jobs.size()),
      maker_(service.broker().state()) {
  service.when_durable([this](std::uint64_t first, std::span<const Facts> steps) { durable(first, steps); });
}

Events::~Events() {
  service_.when_durable({});
  for (Reader* const reader : std::exchange(readers_, {})) reader->end();
}

std::shared_ptr<EventReader> Events::open(const Caller& caller, std::optional<std::uint64_t> after) {
  auto reader =
      std::make_shared<Reader>(*this, caller, std::min(after.value_or(service_.steps()), service_.steps()));
  readers_.insert(reader.get());
  return reader;
}

std::size_t Events::size_of(const Made& made) { return sizeof made + 2 * made.whole.size(); }

void Events::durable(std::uint64_t first, std::span<const Facts> steps) {
  for (const Facts& facts : steps) {
    const std::uint64_t step = first++;
    if (readers_.empty()) {
      maker_.pass(facts);
    } else {
      Made made(step, maker_.make(service_.broker().state(), jobs_, facts));
      tail_bytes_ += size_of(made);
      tail_.push_back(std::move(made));
    }
    for (const Fact& fact : facts) jobs_ += std::uint64_t{std::holds_alternative<fact::Accepted>(fact)};
  }
  if (readers_.empty()) {
    tail_.clear();
    tail_bytes_ = 0;
  }
  for (; tail_bytes_ > kMostTail; tail_.pop_front()) tail_bytes_ -= size_of(tail_.front());
  // One that got its text may let another go.
  for (Reader* const reader : std::vector<Reader*>(readers_.begin(), readers_.end())) {
    if (readers_.contains(reader)) reader->look();
  }
}

std::string Events::text_of(const Made& made, const Caller& caller) const {
  if (!caller.is_bound()) return made.whole;
  std::string events;
  for (const PublicEvent& event : made.events) {
    if (!event.project || !caller.knows(service_.broker().state().projects[*event.project].name)) continue;
    events += (events.empty() ? "" : ",") + event.json;
  }
  return events.empty() ? "" : message(made.step, events);
}

std::optional<std::string> Events::take(std::uint64_t& after, const Caller& caller,
                                        std::unique_ptr<EventMaker>& past) {
  std::string text;
  while (after < service_.steps() && text.size() < kMostText) {
    if (!tail_.empty() && tail_.front().step <= after + 1 && after < tail_.back().step) {
      past.reset();
      text += text_of(tail_[after + 1 - tail_.front().step], caller);
      ++after;
      continue;
    }
    const State& state = service_.broker().state();
    if (!past) {
      auto last = past_.lock();
      if (!last) past_ = last = std::make_shared<const EventMaker::Tasks>(EventMaker::last_attempts(state));
      past = std::make_unique<EventMaker>(state, std::move(last));
    }
    std::size_t read = 0;
    const auto done =
        service_.read_steps(after + 1, [&](std::uint64_t step, std::uint64_t jobs, const Facts& facts) {
          if (step > service_.steps()) return false;
          text += text_of(Made(step, past->make(state, jobs, facts)), caller);
          after = step;
          return ++read < kMostPast && text.size() < kMostText;
        });
    if (!done && text.empty()) return std::nullopt;
    if (!done || read == 0 || loop_ != nullptr) break;
  }
  return text;
}

void Events::beat(const std::function<bool(const Caller&)>& is_let_in) {
  // One that got its text may let another go.
  for (Reader* const reader : std::vector<Reader*>(readers_.begin(), readers_.end())) {
    if (!readers_.contains(reader)) continue;
    if (is_let_in(reader->caller())) {
      reader->beat();
    } else {
      readers_.erase(reader);
      reader->end();
    }
  }
}

}  // namespace hinterland
