// A render's files and jobs on their way to the broker.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hinterland/render/prepared_render.hpp"
#include "hinterland/render/render_broker.hpp"
#include "hinterland/render/render_folder.hpp"

namespace hinterland {

struct Uploaded {
  std::uint64_t files = 0, new_files = 0, bytes = 0, new_bytes = 0;
};
// What is there already is not sent. Fails for a file that was changed after it was named.
Expected<Uploaded> upload_files(RenderBroker& broker, const PreparedRender& prepared, Progress& progress);

// Submits the manifest's next job with these chunks. If the broker has a job under its key already, that one is it, and its chunks
// are those that it has: what was asked then is what is paid for.
Expected<RenderJob> submit_next(RenderBroker& broker, const PreparedRender& prepared,
                                const RenderFolder& folder, const RenderManifest& manifest,
                                std::vector<Chunk> chunks, const RunTerms& terms, Progress& progress);

// The manifest's next job, if the broker has it already.
Expected<std::optional<RenderJob>> find_next(RenderBroker& broker, const RenderManifest& manifest);

}  // namespace hinterland
