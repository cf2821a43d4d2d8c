// Any bytes as what comes to a render from elsewhere: a task's report and list of chunks, oiiotool's words, a POV-Ray scene, a
// command's words. The first byte says which.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "hinterland/render/image_check.hpp"
#include "hinterland/render/povray_files.hpp"
#include "hinterland/render/site_script.hpp"
#include "hinterland/render/task_report.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  if (size == 0) return 0;
  const std::string_view text = text_of(data + 1, size - 1);
  switch (data[0] % 5) {
    case 0: {
      const Chunk chunk = {{1}, {2}, {-3}};
      const auto report = parse_task_report(text, chunk, "report");
      if (!report)
        promise_errors(report.error());
      else
        promise(report->frames.size() <= chunk.size() && report->start_up.ms >= 0);
      break;
    }
    case 1: {
      const auto chunks = parse_chunks_text(text, "chunks");
      if (!chunks)
        promise_errors(chunks.error());
      else
        promise(*parse_chunks_text(chunks_text(*chunks), "again") == *chunks);
      break;
    }
    case 2: {
      const auto facts = parse_image_stats(text, "image");
      if (!facts)
        promise_errors(facts.error());
      else
        promise(facts->size.width > 0 && facts->size.height > 0);
      break;
    }
    case 3:
      for (const PovName& name : povray_names(text)) promise(name.line >= 1 && name.column >= 1);
      break;
    default: {
      const auto word = parse_site_word(std::string(text), "command");
      if (!word)
        promise_errors(word.error());
      else
        promise(!shell_text(*word).empty());
    }
  }
  return 0;
}
