#include "hinterland/render/claim_folder.hpp"

#include <algorithm>
#include <set>

#include "hinterland/render/render_job.hpp"
#include "hinterland/render/site_script.hpp"

namespace hinterland {

namespace {

// All jobs that the broker has of the render.
Expected<std::vector<RenderJob>> jobs_of(const RenderFolder& folder, const RenderAsk& ask,
                                         RenderBroker& broker) {
  RenderManifest manifest{.name = folder.name(), .broker = {}, .ask = ask};
  while (true) {
    auto job = find_next(broker, manifest);
    if (!job) return std::unexpected(job.error());
    if (!*job) return std::move(manifest.jobs);
    manifest.jobs.push_back(std::move(**job));
  }
}

// Takes away from `there` what one task left.
Expected<void> strike_out(const RenderFolder& folder, const RenderAsk& ask, const RenderJob& job,
                          std::uint32_t task, RenderBroker& broker, std::set<Frame>& there) {
  const Chunk& chunk = job.chunks[task];
  if (std::ranges::none_of(chunk, [&](Frame frame) { return there.contains(frame); })) return {};
  const auto outputs = broker.outputs({.job = job.job, .task = task});
  if (!outputs) return std::unexpected(outputs.error());
  for (std::size_t k = 0; k < chunk.size(); ++k) {
    const auto left = std::ranges::find(*outputs, slot_of(k), &RenderInput::name);
    if (left == outputs->end() || !there.contains(chunk[k])) continue;
    const auto here = name_file(folder.frame_at(ask, chunk[k]));
    if (here && here->hash == left->object.hash) there.erase(chunk[k]);
  }
  return {};
}

Expected<void> strike_out(const RenderFolder& folder, const RenderAsk& ask, const RenderJob& job,
                          RenderBroker& broker, std::set<Frame>& there) {
  for (std::uint32_t from = 0; from < job.chunks.size();) {
    const auto rows = broker.tasks(job.job, from);
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) return {};
    for (const TaskRow& row : *rows) {
      if (!row.is_done || row.task >= job.chunks.size()) continue;
      if (auto struck = strike_out(folder, ask, job, row.task, broker, there); !struck) return struck;
    }
    from = rows->back().task + 1;
  }
  return {};
}

}  // namespace

Expected<RenderManifest> claim_folder(const RenderFolder& folder, RenderAsk ask,
                                      const std::string& broker_name, RenderBroker& broker) {
  Frames found = folder.unclaimed(ask);
  if (found.empty()) return folder.claim(std::move(ask), broker_name);
  auto jobs = jobs_of(folder, ask, broker);
  if (!jobs) return std::unexpected(jobs.error());
  std::set<Frame> there(found.begin(), found.end());
  for (const RenderJob& job : *jobs) {
    if (const auto struck = strike_out(folder, ask, job, broker, there); !struck)
      return std::unexpected(struck.error());
  }
  std::erase_if(found, [&](Frame frame) { return !there.contains(frame); });
  if (!found.empty()) return folder.refuse(found, ask);
  return RenderManifest{
      .name = folder.name(), .broker = broker_name, .ask = std::move(ask), .jobs = std::move(*jobs)};
}

}  // namespace hinterland
