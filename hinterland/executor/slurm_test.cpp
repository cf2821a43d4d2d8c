#include "hinterland/executor/slurm.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "hinterland/base/random.hpp"
#include "hinterland/executor/slurm_rest.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

using Ms = std::int64_t;

// A cluster that does what Slurm was seen to do. Jobs run for a second and leave what a runner leaves.
struct FakeSlurm {
  struct Job {
    SlurmJob seen;
    Ms changed = 0, begun = 0;
    bool orphan = false;  // runs on, and the controller does not know it
  };
  Ms now = 1'000'000;
  fs::path folder;
  std::vector<Job> jobs;
  std::vector<std::pair<Ms, SlurmAsk>> late;  // submissions that a frozen controller still has to carry out
  std::uint64_t next = 1;
  bool deaf = false, refuses = false, stuck = false;
  SlurmRoom room{.cpus = 8, .busy = 0};
  int forget_answers = 0;              // so many calls are carried out and not answered
  Ms give_up_for = -1;                 // the next submission is not answered, and carried out so much later
  std::map<std::uint64_t, int> begun;  // how often, by attempt

  static std::uint64_t attempt_of(const SlurmJob& job) {
    return std::stoull(job.name.substr(job.name.rfind('-') + 1)) + job.index;
  }
  void take(const SlurmAsk& ask) {
    const std::uint64_t number = next++;
    for (std::uint32_t k = 0; k < ask.count; ++k) {
      Job job{.seen = {.name = ask.name, .number = std::to_string(number), .index = k}, .changed = now};
      if (ask.count > 1) job.seen.number += fmt::format("_{}", k);
      job.seen.submitted = std::to_string(now / 1000);
      job.seen.state = "PENDING";
      jobs.push_back(job);
    }
  }
  Job* find(const std::string& number) {
    const auto found = std::ranges::find_if(jobs, [&](const Job& job) {
      return job.seen.number == number && !job.orphan && job.seen.phase != SlurmPhase::over;
    });
    return found == jobs.end() ? nullptr : &*found;
  }
  void end(Job& job, const char* state) {
    job.seen.phase = SlurmPhase::over;
    job.seen.state = state;
    job.changed = now;
  }
  // Time passes.
  void pass(Ms ms) {
    for (const Ms until = now + ms; now < until; now += 100) {
      std::erase_if(late, [&](const auto& one) {
        if (one.first > now) return false;
        take(one.second);
        return true;
      });
      for (Job& job : jobs) {
        if (job.seen.phase == SlurmPhase::waiting && !stuck) {
          job.seen.phase = SlurmPhase::running;
          job.seen.state = "RUNNING";
          job.seen.node = "n1";
          job.begun = job.changed = now;
          std::error_code ignored;  // it may be put away by now
          if (fs::create_directory(folder / std::to_string(attempt_of(job.seen)) / "begun", ignored)) {
            ++begun[attempt_of(job.seen)];
          } else {
            end(job, "FAILED");
          }
        } else if (job.seen.phase == SlurmPhase::running && now >= job.begun + 1000) {
          std::ofstream(folder / std::to_string(attempt_of(job.seen)) / "ended") << "0 1000 done\n";
          end(job, "COMPLETED");
        }
      }
    }
  }
  // It is killed, and begins anew without its last 3 s: a job that came then is forgotten and its number given again, one
  // that was let go then is held. What ran runs on until its node is asked what it has.
  void crash() {
    std::vector<Job> held;
    for (Job& job : jobs) {
      if (job.orphan || job.changed + 3000 <= now) continue;
      job.orphan = true;
      if (std::stoll(job.seen.submitted) * 1000 + 3000 <= now) {
        held.push_back(job);
        held.back().orphan = false;
        held.back().seen.phase = SlurmPhase::held;
        held.back().seen.state = "PENDING";
      } else {
        next = std::min(next, static_cast<std::uint64_t>(std::stoull(job.seen.number)));
      }
    }
    std::erase_if(jobs, [](const Job& job) { return job.orphan && job.seen.phase != SlurmPhase::running; });
    jobs.insert(jobs.end(), held.begin(), held.end());
  }
};

class FakeCluster final : public SlurmCluster {
 public:
  explicit FakeCluster(FakeSlurm& slurm) : slurm_(slurm) {}
  Expected<std::string> submit(const SlurmAsk& ask) override {
    if (slurm_.deaf) return silence();
    if (slurm_.refuses) return failure({.what = "Invalid partition", .where = {}, .mend = ""});
    if (const Ms later = std::exchange(slurm_.give_up_for, -1); later >= 0) {
      slurm_.late.emplace_back(slurm_.now + later, ask);
      return silence();
    }
    slurm_.take(ask);
    if (unanswered()) return silence();
    return std::to_string(slurm_.next - 1);
  }
  Expected<std::vector<SlurmJob>> jobs(const std::string& prefix) override {
    if (slurm_.deaf) return silence();
    std::vector<SlurmJob> out;
    for (const auto& job : slurm_.jobs) {
      if (!job.orphan && job.seen.name.starts_with(prefix)) out.push_back(job.seen);
    }
    return out;
  }
  Expected<void> release(const std::string& number) override {
    if (slurm_.deaf) return silence();
    auto* const job = slurm_.find(number);
    if (job != nullptr && job->seen.phase == SlurmPhase::held) {
      job->seen.phase = SlurmPhase::waiting;
      job->changed = slurm_.now;
    }
    return unanswered() ? Expected<void>(silence()) : Expected<void>();
  }
  Expected<void> cancel(const std::string& number) override {
    if (slurm_.deaf) return silence();
    if (auto* const job = slurm_.find(number)) slurm_.end(*job, "CANCELLED");
    return unanswered() ? Expected<void>(silence()) : Expected<void>();
  }
  Expected<SlurmRoom> room() override { return slurm_.room; }

 private:
  static std::unexpected<Errors> silence() {
    return failure({.what = "No answer.", .where = {}, .mend = "", .outside = true});
  }
  bool unanswered() const { return slurm_.forget_answers > 0 && slurm_.forget_answers-- > 0; }
  FakeSlurm& slurm_;
};

// A pool on it, and what its executor said.
struct Desk {
  fs::path folder = fs::temp_directory_path() / ("hinterland-slurm-" + std::to_string(getpid()));
  FakeSlurm slurm;
  std::unique_ptr<SlurmExecutor> executor;
  std::vector<Event> heard;
  Term term{1};

  Desk() {
    fs::remove_all(folder);
    slurm.folder = folder;
    begin();
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() { fs::remove_all(folder); }

  void begin() {
    auto opened = SlurmExecutor::open(
        {.pool = PoolIndex{0},
         .folder = folder.string(),
         .inputs = (folder / "inputs").string(),
         .journal = "j",
         .runner = {.program = HINTERLAND_RUNNER}},
        std::make_unique<FakeCluster>(slurm), {1'000'000},
        [this](Event event) { heard.push_back(std::move(event)); }, [this] { return slurm.now; });
    REQUIRE(opened);
    executor = std::move(*opened);
    grant();
  }
  void grant() {
    executor->hear(effect::Grant{.pool = PoolIndex{0}, .term = term, .sent = slurm.now, .lease = {600'000}});
  }
  void launch(std::uint64_t attempt) {
    executor->hear(
        effect::Launch{.attempt = {attempt}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .term = term},
        {.arguments = {"true"}, .limit = {60'000}, .size = {.cores = 1}});
  }
  void kill(std::uint64_t attempt) {
    executor->hear(effect::Kill{.attempt = {attempt}, .pool = PoolIndex{0}});
  }
  void forget(std::uint64_t attempt) {
    executor->hear(effect::Forget{.attempt = {attempt}, .pool = PoolIndex{0}});
  }
  void look(Ms after = 500) {
    slurm.pass(after);
    executor->look();
  }
  std::optional<Cause> ended(std::uint64_t attempt) const {
    for (const Event& event : heard) {
      const auto* end = std::get_if<event::Ended>(&event);
      if (end != nullptr && end->attempt.value == attempt) return end->cause;
    }
    return std::nullopt;
  }
  void look_until_ended(std::uint64_t attempt, int looks = 400) {
    while (!ended(attempt) && looks-- > 0) look();
  }
};

}  // namespace

TEST_CASE("an attempt is submitted held, let go once it is seen, and its runner says how it ended") {
  Desk desk;
  desk.launch(1);
  desk.look();
  REQUIRE(desk.slurm.jobs.size() == 1);
  CHECK(desk.slurm.jobs[0].seen.name == "hl-j-1");
  CHECK(desk.slurm.jobs[0].seen.phase == SlurmPhase::waiting);
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::done);
  const auto* began = std::get_if<event::Began>(&*std::ranges::find_if(
      desk.heard, [](const Event& event) { return std::holds_alternative<event::Began>(event); }));
  CHECK(began->host == "n1");
  desk.forget(1);
  CHECK(fs::exists(desk.folder / "over" / "1"));
}

TEST_CASE("attempts that come together and are alike are one array") {
  Desk desk;
  for (std::uint64_t k = 5; k < 25; ++k) desk.launch(k);
  desk.launch(40);
  desk.look();
  REQUIRE(desk.slurm.jobs.size() == 21);
  CHECK(desk.slurm.next == 3);
  CHECK(desk.slurm.jobs[3].seen.name == "hl-j-5");
  for (std::uint64_t k = 5; k < 25; ++k) {
    desk.look_until_ended(k);
    CHECK(desk.ended(k) == Cause::done);
    CHECK(desk.slurm.begun[k] == 1);
  }
}

TEST_CASE("a submission that was given up on and is carried out later runs once") {
  Desk desk;
  desk.slurm.give_up_for = 20'000;
  desk.launch(1);
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::done);  // submitted again meanwhile
  desk.forget(1);
  for (int k = 0; k < 100; ++k) desk.look();
  CHECK(desk.slurm.late.empty());
  CHECK(desk.slurm.begun[1] == 1);
  CHECK(desk.slurm.jobs.back().seen.state == "CANCELLED");
}

TEST_CASE("a controller that forgets what it had acknowledged, and gives its numbers again") {
  Desk desk;
  desk.launch(1);
  desk.slurm.forget_answers = 1;
  desk.executor->look();
  desk.slurm.crash();
  desk.launch(2);  // gets the number of the first
  desk.look_until_ended(1);
  desk.look_until_ended(2);
  CHECK(desk.ended(2) == Cause::done);
  CHECK(desk.slurm.begun[1] <= 1);
  CHECK(desk.slurm.begun[2] == 1);
}

TEST_CASE("what was killed before it was let go never runs, however late it turns up") {
  Desk desk;
  desk.slurm.give_up_for = 3000;
  desk.launch(1);
  desk.executor->look();
  desk.kill(1);
  CHECK(desk.ended(1) == Cause::killed);
  for (int k = 0; k < 40; ++k) desk.look();
  CHECK(desk.slurm.begun[1] == 0);
  CHECK(desk.slurm.jobs.at(0).seen.state == "CANCELLED");
}

TEST_CASE("a cluster that cannot be reached is silent, and is asked less and less often") {
  Desk desk;
  desk.launch(1);
  desk.look();
  desk.look();
  desk.slurm.deaf = true;
  desk.heard.clear();
  for (int k = 0; k < 10; ++k) desk.look();
  CHECK(desk.heard.empty());
  CHECK(desk.executor->pause() == 30'000);
  CHECK(desk.executor->trouble() == "No answer.");
  desk.slurm.deaf = false;
  desk.look();
  CHECK(desk.executor->pause() == 1000);
  CHECK(desk.ended(1) == Cause::done);  // it went on meanwhile
}

TEST_CASE("a refusal ends the attempt, and says why") {
  Desk desk;
  desk.slurm.refuses = true;
  desk.launch(1);
  desk.look();
  CHECK(desk.ended(1) == Cause::host_failed);
  std::ifstream file(desk.folder / "1" / "stderr.log");
  CHECK(
      std::string(std::istreambuf_iterator<char>(file), {}).contains("Slurm refused it: Invalid partition"));
}

TEST_CASE("what Slurm says of an end without a runner's word") {
  for (const auto& [state, cause] : {std::pair{"NODE_FAIL", Cause::host_failed},
                                     {"TIMEOUT", Cause::out_of_time},
                                     {"OUT_OF_MEMORY", Cause::out_of_memory},
                                     {"CANCELLED", Cause::host_failed}}) {
    Desk desk;
    desk.launch(1);
    desk.look();
    desk.slurm.end(desk.slurm.jobs[0], state);
    desk.look_until_ended(1);
    CHECK(desk.ended(1) == cause);
  }
}

TEST_CASE("what no node will ever take is cancelled, and given back") {
  Desk desk;
  desk.launch(1);
  desk.look();
  desk.slurm.jobs.at(0).seen.reason = "BadConstraints";
  desk.slurm.stuck = true;
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::host_failed);
  CHECK(desk.slurm.jobs.at(0).seen.state == "CANCELLED");
}

TEST_CASE("what others leave of the cluster is told") {
  Desk desk;
  desk.slurm.room = {.cpus = 16, .busy = 6};
  desk.look();
  const auto said = [&] {
    std::int64_t cores = -1;
    for (const Event& event : desk.heard) {
      if (const auto* room = std::get_if<event::Room>(&event)) cores = room->cores;
    }
    return cores;
  };
  CHECK(said() == 10);
  desk.launch(1);
  for (int k = 0; k < 2; ++k) desk.look(100);
  desk.slurm.jobs.at(0).begun = desk.slurm.now + 60'000;  // it runs on
  desk.slurm.jobs.at(0).seen.cpus = 4;
  desk.look(11'000);
  CHECK(said() == 14);
}

TEST_CASE("whatever goes wrong an attempt begins once at most, and each ends") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    Desk desk;
    RandomStream random(seed, "slurm");
    const auto chance = [&](double p) { return random.uniform() < p; };
    std::uint64_t launched = 0;
    for (int step = 0; step < 60; ++step) {
      if (chance(0.3)) {
        for (std::uint64_t count = 1 + random.next() % 4; count > 0; --count) desk.launch(++launched);
      }
      if (launched > 0 && chance(0.1)) desk.kill(1 + random.next() % launched);
      if (chance(0.05)) desk.slurm.crash();
      if (chance(0.1)) desk.slurm.give_up_for = static_cast<Ms>(random.next() % 30'000);
      if (chance(0.1)) desk.slurm.forget_answers = static_cast<int>(random.next() % 4);
      if (chance(0.1)) desk.slurm.deaf = chance(0.5);
      if (chance(0.05)) {  // the broker's process begins anew
        ++desk.term.value;
        desk.begin();
      }
      for (std::uint64_t k = 1; k <= launched; ++k) {
        if (desk.ended(k) && chance(0.3)) desk.forget(k);
      }
      desk.grant();
      desk.look(static_cast<Ms>(random.next() % 3000));
    }
    desk.slurm.deaf = false;
    desk.slurm.forget_answers = 0;
    for (int k = 0; k < 300; ++k) {
      desk.grant();
      desk.look();
    }
    for (std::uint64_t k = 1; k <= launched; ++k) {
      CAPTURE(k);
      CHECK(desk.slurm.begun[k] <= 1);
      CHECK((desk.ended(k) || !fs::exists(desk.folder / std::to_string(k))));
      if (desk.ended(k) == Cause::done) CHECK(desk.slurm.begun[k] == 1);
      if (desk.ended(k) == Cause::absent) CHECK(desk.slurm.begun[k] == 0);
    }
    CHECK(std::ranges::none_of(desk.slurm.jobs, [](const auto& job) {
      return job.seen.phase == SlurmPhase::held || job.seen.phase == SlurmPhase::waiting;
    }));
  }
}

TEST_CASE("squeue and sinfo are read") {
  const auto jobs = parse_squeue(
      "17_3|RUNNING|None|2026-11-29T22:59:43|n1|4|hl-j-5\n"
      "18|PENDING|JobHeldUser|2026-11-29T22:59:44||1|a|b\nno job\n");
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].number == "17_3");
  CHECK(jobs[0].index == 3);
  CHECK(jobs[0].phase == SlurmPhase::running);
  CHECK(jobs[0].cpus == 4);
  CHECK(jobs[1].phase == SlurmPhase::held);
  CHECK(jobs[1].name == "a|b");
  const auto room = parse_sinfo(
      "n1|idle|0/64/0/64\nn1|idle|0/64/0/64\nn2|drained|0/0/8/8\nn3|draining|2/6/0/8\nn4|idle*|0/8/0/8\n");
  CHECK(room.cpus == 66);
  CHECK(room.busy == 2);
}

TEST_CASE("slurmrestd's jobs are read, and tasks of an array that wait stand there one by one") {
  const std::string rest = R"(, "state_reason": "None", "submit_time": 7, "cpus": 2)";
  const auto jobs = parse_slurm_jobs(
      R"({"jobs": [{"name": "hl-j-5", "job_id": 2, "job_state": "PENDING", "exit_code": 0, "nodes": "", "array_job_id": 2,
          "array_task_id": null, "array_task_string": "0,2-3%1")" +
          rest + R"(},
         {"name": "hl-j-9", "job_id": 4, "job_state": "FAILED", "exit_code": 768, "nodes": "n1", "array_job_id": 0,
          "array_task_id": null)" +
          rest + R"(},
         {"name": "other", "job_id": 5}]})",
      "hl-");
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 4);
  CHECK((*jobs)[1].number == "2_2");
  CHECK((*jobs)[2].index == 3);
  CHECK((*jobs)[3].status == 3);
  CHECK((*jobs)[3].phase == SlurmPhase::over);
  CHECK_FALSE(parse_slurm_jobs(R"({"jobs": [{"name": "hl-x"}]})", "hl-"));
  CHECK_FALSE(parse_slurm_jobs("<html>", "hl-"));
}

}  // namespace hinterland
