// What users of a simulated deployment do, and what their tasks come to.
#include <fmt/format.h>

#include <cmath>

#include "tests/broker_simulation/deployment.hpp"

namespace hinterland::test {

void Deployment::make_submissions(std::size_t projects) {
  const std::size_t count = stage_.between(1, 12);
  for (std::size_t k = 0; k < count; ++k) {
    Submission one;
    JobRequest& job = one.event.job;
    job.project = ProjectIndex{stage_.between(0, projects - 1)};
    job.size = {.cores = 1 + stage_.below(4), .gpus = 0, .memory_gb = 1 + stage_.below(4)};
    job.units = 4 * job.size.cores;
    job.request = {3000};
    job.deadline = {60'000};
    if (stage_.chance(0.5)) job.gb_in = static_cast<double>(stage_.between(1, 8)) / 4;
    if (stage_.chance(0.5)) job.gb_out = static_cast<double>(stage_.between(1, 8)) / 4;
    if (stage_.chance(0.4)) job.may_wait = {30'000};
    job.priority = static_cast<std::uint8_t>(stage_.below(8));
    job.tasks = static_cast<std::uint32_t>(stage_.between(1, stage_.chance(0.1) ? 20 : 3));
    one.event.client = k;
    one.event.key = fmt::format("key-{}", k);
    if (stage_.chance(0.5 * stage_.mix.wishes)) one.wish = static_cast<Wish>(1 + stage_.below(3));
    submissions_.push_back(one);
  }
}

void Deployment::submit(std::size_t index) {
  Submission& one = submissions_[index];
  if (one.number) return;
  if (one.event.job.after.empty() && index > 0 && stage_.chance(0.2)) {
    const Submission& before = submissions_[stage_.between(0, index - 1)];
    if (before.number && before.wish != Wish::cancel) one.event.job.after.push_back(*before.number);
  }
  stage_.send([this, event = one.event] { tell(event); });
  stage_.in(300 + stage_.below(1500), [this, index] { submit(index); });
}

void Deployment::answered(const effect::Respond& answer) {
  if (answer.client >= submissions_.size()) return;  // of a wish
  Submission& one = submissions_[answer.client];
  if (answer.denial != Denial::none) return laws_.broken("liveness", "a sound submission was denied");
  if (one.number) {
    if (*one.number != answer.job) laws_.broken("acknowledged", "one key was given two jobs");
    return;
  }
  one.number = answer.job;
  if (one.wish != Wish::none) stage_.in(stage_.below(3000), [this, index = answer.client] { wish(index); });
}

void Deployment::wish(std::size_t index) {
  const Submission& one = submissions_[index];
  const std::uint64_t client = submissions_.size() + index;
  const auto ask = [this](Event event) { stage_.send([this, event = std::move(event)] { tell(event); }); };
  switch (one.wish) {
    case Wish::none: break;
    case Wish::cancel: ask(event::Cancel{client, *one.number}); break;
    case Wish::hold:
      // Letting go is asked for long enough to be heard.
      ask(event::Hold{.client = client, .job = *one.number, .held = stage_.strikes(0.3)});
      if (stage_.now() < kTrouble + 10'000)
        stage_.in(200 + stage_.below(1500), [this, index] { wish(index); });
      break;
    case Wish::retry:
      if (!stage_.troubled()) break;
      ask(event::Retry{client, *one.number});
      stage_.in(1000 + stage_.below(3000), [this, index] { wish(index); });
      break;
  }
}

void Deployment::raise_budgets() {
  bool all = broker_ != nullptr;
  for (std::size_t p = 0; broker_ && p < broker_->state().projects.size(); ++p) {
    const ProjectState& project = broker_->state().projects[p];
    if (project.budget < 0) continue;
    all = false;
    tell(event::SetProject{
        .client = ~std::uint64_t{0}, .name = project.name, .share = project.share, .budget = -1});
  }
  if (!all) stage_.in(500, [this] { raise_budgets(); });
}

Executor::Reads Deployment::reads_of(TaskIndex task) const {
  const JobState& job = durable_.job_of(task);
  return {.job = durable_.tasks[task].job,
          .bytes = std::llround(1e9 * job.gb_in),
          .writes = std::llround(1e9 * job.gb_out)};
}

// What a task comes to is its own, and the same in every attempt, but for what gets better with more tries.
Cause Deployment::fate_of(TaskIndex task) {
  const int tries = tries_[task]++;
  switch (scrambled(task.value + salt_) % 16) {
    case 0: return Cause::failed;
    case 1: return tries < 2 ? Cause::out_of_memory : Cause::done;
    case 2: return tries < 2 ? Cause::no_licence : Cause::done;
    case 3: return Cause::out_of_time;
    case 4: return tries < 1 ? Cause::failed : Cause::done;
    default: return Cause::done;
  }
}

}  // namespace hinterland::test
