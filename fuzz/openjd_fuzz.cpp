// Any bytes as an OpenJD job template. What is read has frames in rising order, a command, and places that stay in the task's folder.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "hinterland/render/openjd.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const auto render = parse_openjd(text_of(data, size), "fuzz.yaml", {{"Shot", "sky"}});
  if (!render) {
    promise_errors(render.error());
    return 0;
  }
  promise(!render->words.empty() && !render->name.empty());
  promise(!render->frames.empty() && std::ranges::is_sorted(render->frames));
  constexpr std::string_view files = "hinterland/files/";
  for (const SiteFile& file : render->files) {
    promise(file.place.starts_with(files));
    const std::string name = file.place.substr(files.size());
    promise(!name.empty() && !name.contains('/') && name != "." && name != "..");
  }
  for (const OpenJdInput& input : render->inputs)
    promise(input.place.starts_with("inputs/") && !input.place.ends_with("/.."));
  promise(!site_script(render->words, "scene", "png", render->files).empty());
  return 0;
}
