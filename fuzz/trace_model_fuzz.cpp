// Any bytes as a trace model. Promised: a model that is accepted can be written and read again, and its jobs come in
// order, with sizes that are known where the model knows them, and in text that the reader of traces takes.
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/work/trace_generate.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto model = parse_trace_model(text_of(data, size), "fuzz.toml");
  if (!model) {
    promise_errors(model.error());
    return 0;
  }
  promise(parse_trace_model(trace_model_toml(*model), "written.toml").has_value());
  JobStream stream(*model, 1);
  Job before = stream.next().value_or(Job{});
  for (int i = 0; i < 200; ++i) {
    const auto job = stream.next();
    if (!job) break;
    promise(job->submit_ms >= before.submit_ms && job->run_ms >= 0);
    promise(std::isnan(job->cores) != model->cores.given() && !(job->cores < 0));
    promise(std::isnan(job->gpus) != model->gpus.given() &&
            std::isnan(job->memory_gb) != model->memory_gb.given());
    promise(job->user <= model->users.count);
    before = *job;
  }
  SilentProgress progress;
  std::string text;
  const auto jobs =
      generate_trace(*model, {.jobs = 20}, 1, progress, [&](std::string_view piece) -> Expected<void> {
        text += piece;
        return {};
      });
  if (!jobs) {
    promise_errors(jobs.error());
    return 0;
  }
  const auto trace = parse_trace(text, "generated", "UTC", progress);
  promise(trace.has_value() && trace->jobs.size() == 20);
  return 0;
}
