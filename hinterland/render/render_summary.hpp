// What became of a render, as a page and as JSON (data/schema/render.schema.json).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/render/manifest.hpp"
#include "hinterland/render/render_folder.hpp"
#include "hinterland/render/told_estimate.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

struct RenderSummary {
  std::optional<ToldEstimate> estimate;  // if one was made
  Frames gaps;
  std::vector<std::string> displaced;  // files that came and have no place
  std::string film, currency;
  double spent = 0;
};

Page summary_page(const RenderManifest& manifest, const RenderFolder& folder, const RenderSummary& summary);
// The same to be looked at: with what each frame took, and the estimate.
Page render_report(const RenderManifest& manifest, const RenderFolder& folder, const RenderSummary& summary);
std::string summary_json(const RenderManifest& manifest, const std::string& folder,
                         const RenderSummary& summary);

}  // namespace hinterland
