// Any bytes as a render's manifest, and as what Blender says of a scene. A manifest that is read is written and read again.
#include "fuzz/fuzz.hpp"
#include "hinterland/render/blender_scene.hpp"
#include "hinterland/render/next_step.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const std::string_view text = text_of(data, size);
  if (const auto trace = parse_blender_trace(text, "fuzz.json"); !trace) promise_errors(trace.error());
  const auto manifest = parse_manifest(text, "fuzz.json");
  if (!manifest) {
    promise_errors(manifest.error());
    return 0;
  }
  const std::string json = manifest_json(*manifest);
  const auto again = parse_manifest(json, "again");
  promise(again.has_value() && manifest_json(*again) == json);
  const NextStep next = next_step(*manifest, 2);
  promise((next.step == RenderStep::done) == next.frames.empty());
  promise(gaps(*manifest).size() + manifest->frames.size() == manifest->ask.frames.size());
  promise(next_name(*manifest).size() <= 200 && next_key(*manifest).size() <= 1000);
  return 0;
}
