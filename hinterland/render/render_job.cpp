#include "hinterland/render/render_job.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "hinterland/base/file.hpp"
#include "hinterland/render/next_step.hpp"
#include "hinterland/render/site_script.hpp"

namespace hinterland {

Expected<Uploaded> upload_files(RenderBroker& broker, const PreparedRender& prepared, Progress& progress) {
  Uploaded out;
  for (std::size_t k = 0; k < prepared.files.size(); ++k) {
    const Object& object = prepared.ask.inputs[k].object;
    ++out.files;
    out.bytes += object.bytes;
    const auto there = broker.has(object.hash);
    if (!there) return std::unexpected(there.error());
    if (*there) continue;
    ++out.new_files;
    out.new_bytes += object.bytes;
    const auto sent = broker.send(prepared.files[k].file, progress);
    if (!sent) return std::unexpected(sent.error());
    if (sent->hash != object.hash)
      return failure({.what = "It was changed while it was read.",
                      .where = {.file = prepared.files[k].file},
                      .mend = "Say the same again when nobody writes to it."});
    if (!progress.step("sending files", static_cast<std::int64_t>(k) + 1,
                       static_cast<std::int64_t>(prepared.files.size())))
      return failure({.what = "Interrupted: nothing was submitted.", .where = {}, .mend = ""});
  }
  return out;
}

Expected<RenderJob> submit_next(RenderBroker& broker, const PreparedRender& prepared,
                                const RenderFolder& folder, const RenderManifest& manifest,
                                std::vector<Chunk> chunks, const RunTerms& terms, Progress& progress) {
  const std::string list = folder.own("chunks");
  if (const auto written = write_text(list, chunks_text(chunks)); !written)
    return std::unexpected(written.error());
  const auto stored = broker.send(list, progress);
  std::filesystem::remove(list);
  if (!stored) return std::unexpected(stored.error());
  RenderSubmission submission{
      .name = next_name(manifest),
      .key = next_key(manifest),
      .command = site_command(chunks, stored->hash, static_cast<std::uint32_t>(prepared.task.cores)),
      .outputs = site_outputs(chunks),
      .inputs = {{.name = std::string(kSiteChunks), .object = *stored}},
      .tasks = chunks.size(),
      .size = prepared.task,
      .terms = terms};
  submission.inputs.insert(submission.inputs.end(), prepared.ask.inputs.begin(), prepared.ask.inputs.end());
  const auto job = broker.submit(submission);
  if (!job) return std::unexpected(job.error());
  if (*job) return RenderJob{.job = **job, .chunks = std::move(chunks)};
  auto found = find_next(broker, manifest);
  if (!found) return std::unexpected(found.error());
  if (*found) return std::move(**found);
  return failure({.what = "Another job was submitted with this render's key, and it is not to be found.",
                  .where = {.file = broker.place()},
                  .mend = "Have it rendered anew with --take 2."});
}

Expected<std::optional<RenderJob>> find_next(RenderBroker& broker, const RenderManifest& manifest) {
  const auto jobs = broker.jobs_ending_in(next_mark(manifest));
  if (!jobs) return std::unexpected(jobs.error());
  for (const FoundJob& one : *jobs) {
    constexpr std::size_t hash = 3;  // site_command()
    if (one.command.size() <= hash || !is_object_hash(one.command[hash])) continue;
    const auto text = broker.read({.hash = one.command[hash], .bytes = 0});
    if (!text) return std::unexpected(text.error());
    auto chunks = parse_chunks_text(*text, fmt::format("job {}", one.job));
    if (!chunks) return std::unexpected(chunks.error());
    return RenderJob{.job = one.job, .chunks = std::move(*chunks)};
  }
  return std::nullopt;
}

}  // namespace hinterland
