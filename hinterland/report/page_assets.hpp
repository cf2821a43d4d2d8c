// What a report page embeds, bundled at build time from web/ (web/bundle.js writes the body): styles, scripts,
// outlines for maps, and the licences that go with them.
#pragma once
#include <string_view>

namespace hinterland::page_assets {

extern const std::string_view kStyle;
// The page's own script (the language switch), and the charts' with Apache ECharts in it; and their hashes as a
// content security policy writes them: "sha256-...".
extern const std::string_view kPageScript, kPageScriptHash;
extern const std::string_view kChartScript, kChartScriptHash;
extern const std::string_view kLicences;

// Outlines of an atlas's provinces as GeoJSON, simplified; empty if there are none.
std::string_view outlines(std::string_view atlas);

}  // namespace hinterland::page_assets
