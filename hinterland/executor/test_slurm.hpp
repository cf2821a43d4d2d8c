// A Slurm for tests: it forgets, gives numbers again, answers late or not at all.
#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/executor/slurm_accounting.hpp"
#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland::test {

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
  bool deaf = false, refuses = false, refuses_arrays = false, stuck = false;
  SlurmRoom room{.cpus = 8, .busy = 0};
  int forget_answers = 0;  // so many calls are carried out and not answered
  Ms give_up_for = -1;     // the next submission is not answered, and carried out so much later
  std::map<std::uint64_t, int> begun, started;  // how often, by attempt: its command; its script
  int crashes = 0;
  int releases = 0;
  // slurmdbd: what had a node, by number, time and name. A controller that forgets a job leaves it running there.
  bool keeps_accounts = false, accounts_are_deaf = false;
  std::map<std::string, SlurmPast> accounts;
  std::vector<SlurmPastAsk> asked;

  static std::uint64_t attempt_of(const SlurmJob& job) {
    return std::stoull(job.name.substr(job.name.rfind('-') + 1)) + job.index;
  }
  void take(const SlurmAsk& ask) {
    const std::uint64_t number = next++;
    for (std::uint32_t k = 0; k < ask.count; ++k) {
      Job job{.seen = {.name = ask.name, .number = std::to_string(number), .index = k}, .changed = now};
      if (ask.count > 1) job.seen.number += "_" + std::to_string(k);
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
    if (job.orphan || job.begun == 0) return;
    job.seen.ran_s = (now - job.begun) / 1000;
    account(job);
  }
  void account(const Job& job) {
    accounts[job.seen.number + " " + job.seen.submitted + " " + job.seen.name] = {.job = job.seen,
                                                                                  .began = true};
  }
  // The queue forgets it, as some time after its end; `state`: it had ended before.
  void forget(std::size_t at, const char* state = nullptr) {
    if (state != nullptr) end(jobs.at(at), state);
    jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(at));
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
          account(job);
          ++started[attempt_of(job.seen)];
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
    ++crashes;
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
  Expected<void> submit(const SlurmAsk& ask) override {
    if (slurm_.deaf) return silence();
    if (slurm_.refuses || (slurm_.refuses_arrays && ask.count > 1))
      return failure({.what = "Invalid partition", .where = {}, .mend = ""});
    if (const Ms later = std::exchange(slurm_.give_up_for, -1); later >= 0) {
      slurm_.late.emplace_back(slurm_.now + later, ask);
      return silence();
    }
    slurm_.take(ask);
    return unanswered() ? Expected<void>(silence()) : Expected<void>();
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
    ++slurm_.releases;
    for (auto& job : slurm_.jobs) {
      const std::string& own = job.seen.number;
      const bool named = own == number || own.starts_with(number + "_");
      if (!named || job.orphan || job.seen.phase != SlurmPhase::held) continue;
      job.seen.phase = SlurmPhase::waiting;
      job.changed = slurm_.now;
    }
    return unanswered() ? Expected<void>(silence()) : Expected<void>();
  }
  Expected<void> cancel(const SlurmJob& named) override {
    if (slurm_.deaf) return silence();
    auto* const job = slurm_.find(named.number);
    if (job != nullptr && job->seen.name == named.name) slurm_.end(*job, "CANCELLED");
    return unanswered() ? Expected<void>(silence()) : Expected<void>();
  }
  Expected<SlurmRoom> room() override { return slurm_.room; }
  Expected<SlurmAccounts> accounts(const SlurmPastAsk& ask) override {
    slurm_.asked.push_back(ask);
    if (!slurm_.keeps_accounts) return SlurmAccounts{.kept = false, .jobs = {}};
    if (slurm_.deaf || slurm_.accounts_are_deaf) return silence();
    SlurmAccounts out;
    for (const auto& [key, past] : slurm_.accounts) {
      if (std::ranges::find(ask.names, past.job.name) != ask.names.end()) out.jobs.push_back(past);
    }
    return out;
  }

 private:
  static std::unexpected<Errors> silence() {
    return failure({.what = "No answer.", .where = {}, .mend = "", .outside = true});
  }
  bool unanswered() const {
    if (slurm_.forget_answers == 0) return false;
    --slurm_.forget_answers;
    return true;
  }
  FakeSlurm& slurm_;
};

}  // namespace hinterland::test
