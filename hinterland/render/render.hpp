// A render, from its first frames to its last: its files go to the broker, and then, as long as there is a next step (next_step.hpp), a job
// is submitted, watched (render_watch.hpp), and what it leaves is taken in. Jobs that it has already come first.
//
// Nothing is remembered but by the manifest and the broker: whoever stops it anywhere, by whatever, and says the same again, goes on.
#pragma once
#include <optional>
#include <string>

#include "hinterland/render/next_step.hpp"
#include "hinterland/render/prepared_render.hpp"
#include "hinterland/render/render_folder.hpp"
#include "hinterland/render/render_ports.hpp"
#include "hinterland/render/render_watch.hpp"

namespace hinterland {

struct RenderLimits {
  std::optional<double> budget;  // what comes to it is held
  std::size_t retries = 2;       // of a frame that is not well
  Hours frame_hours{1};          // that one of the first frames may take
};

enum class RenderEnd {
  over,        // no step is left: all frames came, or those that did not will not
  only_told,   // and what the rest costs
  refused,     // the rest is not wanted so
  not_enough,  // too few of the first frames are well; or none of them came, and the broker has tried each as often as it does
  cancelled,   // by somebody
  over_budget,  // and held
  interrupted,  // by the user: what was submitted goes on, or is held
  not_begun,    // the next job could not be: errors say why
  lost,  // a job that goes on could not be watched any more, or what it leaves not be taken in: errors say why
};

struct RenderOutcome {
  RenderEnd end = RenderEnd::over;
  std::optional<std::uint32_t> job;  // with which it ended; none: nothing was submitted
  bool is_held = false;              // what would go on otherwise, for it has a budget
  Errors errors;
};

class Render {
 public:
  // All must outlive it. The manifest, as claim_folder() gives it, is kept up to date.
  Render(const RenderPorts& ports, const RenderFolder& folder, const PreparedRender& prepared,
         const RenderLimits& limits, RenderManifest& manifest)
      : ports_(ports),
        folder_(folder),
        prepared_(prepared),
        limits_(limits),
        manifest_(manifest),
        watch_(ports, folder, prepared.wanted, manifest, limits.budget) {}

  RenderOutcome run();

  // Of its jobs: what they have cost so far, in which currency (empty: none was looked at), and what came and has no place.
  [[nodiscard]] double spent() const { return watch_.spent(); }
  [[nodiscard]] const std::string& currency() const { return watch_.currency(); }
  [[nodiscard]] const std::vector<std::string>& displaced() const { return watch_.displaced(); }

 private:
  // With the last job, or with one before it.
  [[nodiscard]] RenderOutcome ended(RenderEnd end, Errors errors = {}) const;
  [[nodiscard]] static RenderOutcome ended_with(const RenderJob& job, RenderEnd end) {
    return {.end = end, .job = job.job, .is_held = false, .errors = {}};
  }
  std::optional<RenderOutcome> submit();
  [[nodiscard]] std::optional<Hours> limit_of(std::size_t frames) const;

  RenderPorts ports_;
  const RenderFolder& folder_;
  const PreparedRender& prepared_;
  RenderLimits limits_;
  RenderManifest& manifest_;
  RenderWatch watch_;
};

}  // namespace hinterland
