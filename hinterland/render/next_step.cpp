#include "hinterland/render/next_step.hpp"

#include <fmt/format.h>

namespace hinterland {

namespace {

constexpr std::size_t kMostName = 120;  // bytes of 200, which a broker takes
constexpr std::size_t kKeyDigits = 40, kNameDigits = 12;

// Ends before a character that would be cut.
std::string cut(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

NextStep next_step(const RenderManifest& manifest, std::size_t retries) {
  if (manifest.jobs.empty()) return {.step = RenderStep::first, .frames = first_frames(manifest.ask.frames)};
  Frames again;
  const auto tries = failed_tries(manifest);
  for (const Frame frame : gaps(manifest)) {
    const auto found = tries.find(frame);
    if (found != tries.end() && found->second <= retries) again.push_back(frame);
  }
  if (!again.empty()) return {.step = RenderStep::again, .frames = std::move(again)};
  Frames had;
  for (const RenderJob& job : manifest.jobs) {
    for (const Chunk& chunk : job.chunks) had.insert(had.end(), chunk.begin(), chunk.end());
  }
  Frames rest = without(manifest.ask.frames, had);
  return {.step = rest.empty() ? RenderStep::done : RenderStep::rest, .frames = std::move(rest)};
}

std::string next_key(const RenderManifest& manifest) {
  return fmt::format("render-{}-{}", digest_of(manifest.ask).substr(0, kKeyDigits), manifest.jobs.size());
}

std::string next_mark(const RenderManifest& manifest) {
  return fmt::format(" {}-{}", digest_of(manifest.ask).substr(0, kNameDigits), manifest.jobs.size());
}

std::string next_name(const RenderManifest& manifest) {
  return cut(manifest.name, kMostName) + next_mark(manifest);
}

}  // namespace hinterland
