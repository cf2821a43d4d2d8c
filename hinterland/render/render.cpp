#include "hinterland/render/render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/render/render_job.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// Each of them was tried until the broker gave up: what keeps them all from coming is not mended by another try.
bool none_came(const RenderManifest& manifest) {
  return manifest.frames.empty() && std::ranges::all_of(manifest.faults, [](const FaultyFrame& one) {
           return one.fault == FrameFault::missing;
         });
}

}  // namespace

RenderOutcome Render::ended(RenderEnd end, Errors errors) const {
  RenderOutcome out{.end = end, .job = {}, .is_held = watch_.is_held(), .errors = std::move(errors)};
  if (!manifest_.jobs.empty()) out.job = manifest_.jobs.back().job;
  return out;
}

// What a task of so many frames may take, where the scene itself says what one may; a minute more, to start up.
std::optional<Hours> Render::limit_of(std::size_t frames) const {
  constexpr std::int64_t minute = 60'000;
  if (!prepared_.frame_limit) return std::nullopt;
  return in_hours({static_cast<std::int64_t>(frames) * prepared_.frame_limit->ms + minute});
}

RenderOutcome Render::run() {
  const auto uploaded = upload_files(ports_.broker, prepared_, ports_.user);
  if (!uploaded) return ended(RenderEnd::not_begun, uploaded.error());
  ports_.user.say(fmt::format("{} with {}B go along; {} with {}B are new to the broker.",
                              counted(static_cast<long long>(uploaded->files), "file"),
                              compact(static_cast<double>(uploaded->bytes)),
                              counted(static_cast<long long>(uploaded->new_files), "file"),
                              compact(static_cast<double>(uploaded->new_bytes))));
  for (std::size_t k = 0;; ++k) {
    if (k == manifest_.jobs.size()) {
      if (auto no_more = submit()) return std::move(*no_more);
    }
    const auto end = watch_.watch(manifest_.jobs[k]);
    if (!end) return ended(RenderEnd::lost, end.error());
    switch (*end) {
      case WatchEnd::over: break;
      case WatchEnd::cancelled: return ended_with(manifest_.jobs[k], RenderEnd::cancelled);
      case WatchEnd::over_budget: return ended_with(manifest_.jobs[k], RenderEnd::over_budget);
      case WatchEnd::interrupted: return ended(RenderEnd::interrupted);
    }
  }
}

// Adds the manifest's next job, or says why there is none.
std::optional<RenderOutcome> Render::submit() {
  const NextStep next = next_step(manifest_, limits_.retries);
  if (next.step == RenderStep::done) return ended(RenderEnd::over);
  if (!watch_.tell()) return ended(RenderEnd::interrupted);
  if (next.step == RenderStep::again && manifest_.jobs.size() == 1 && none_came(manifest_))
    return ended(RenderEnd::not_enough);
  if (next.step != RenderStep::rest && limits_.budget && spent() >= *limits_.budget) {
    ports_.user.say("the budget is spent: nothing more is submitted.");
    return ended(RenderEnd::refused);
  }
  std::vector<Chunk> chunks = chunks_of(next.frames, 1);
  RunTerms terms{.hours = limit_of(1).value_or(limits_.frame_hours), .deadline = {}};
  if (next.step == RenderStep::rest) {
    auto answer = ports_.user.ask_for_rest(manifest_, next.frames, spent());
    if (!answer) return ended(RenderEnd::not_begun, answer.error());
    switch (answer->kind) {
      case RestAnswer::Kind::render: break;
      case RestAnswer::Kind::no: return ended(RenderEnd::refused);
      case RestAnswer::Kind::only_told: return ended(RenderEnd::only_told);
      case RestAnswer::Kind::not_enough: return ended(RenderEnd::not_enough);
    }
    chunks = std::move(answer->chunks);
    terms = {.hours = limit_of(chunks.front().size()).value_or(answer->hours), .deadline = answer->deadline};
  }
  auto job = submit_next(ports_.broker, prepared_, folder_, manifest_, std::move(chunks), terms, ports_.user);
  if (!job) return ended(RenderEnd::not_begun, job.error());
  manifest_.jobs.push_back(std::move(*job));
  if (const auto saved = folder_.save(manifest_); !saved) return ended(RenderEnd::not_begun, saved.error());
  const RenderJob& begun = manifest_.jobs.back();
  ports_.user.say(fmt::format("job {}: {} in {}{}.", begun.job,
                              counted(static_cast<long long>(next.frames.size()), "frame"),
                              counted(static_cast<long long>(begun.chunks.size()), "task"),
                              next.step == RenderStep::again ? ", again" : ""));
  return std::nullopt;
}

}  // namespace hinterland
