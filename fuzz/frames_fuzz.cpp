// Any text as frames: what is read is written and read again, and makes chunks that hold each of them once.
#include "fuzz/fuzz.hpp"
#include "hinterland/render/chunks.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto frames = parse_frames(text_of(data, size), "--frames");
  if (!frames) {
    promise_errors(frames.error());
    return 0;
  }
  promise(!frames->empty() && frames->size() <= kMostFrames);
  if (frames->size() > 10'000) return 0;  // the same, only slower
  const std::string text = frames_text(*frames);
  const auto again = parse_frames(text, "again");
  promise(again.has_value() && *again == *frames && frames_text(*again) == text);
  const auto first = first_frames(*frames);
  std::size_t chunked = first.size();
  for (const Chunk& chunk :
       chunks_by_times(without(*frames, first), {.start_up = {900}, .frame = {70}, .at_once = 3}))
    chunked += chunk.size();
  promise(chunked == frames->size());
  return 0;
}
