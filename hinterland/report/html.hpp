// A page as one HTML file that opens offline: styles, scripts, data and outlines are inside, and its content security
// policy lets it fetch nothing and run no script but its own (by their hashes).
//
// English and Chinese stand side by side and a switch shows one of them; a text without Chinese is shown in English.
// Charts are drawn by Apache ECharts as SVG; each has a title, a label for screen readers, arrow keys where a pointer
// would hover, and its data as a table. Without scripts the tables remain.
//
// Names and texts may hold anything: they are escaped wherever they stand (text, attribute, JSON, tooltip).
// A page with charts takes some 0.7 MB, one without 10 kB.
#pragma once
#include <string>

#include "hinterland/report/page.hpp"

namespace hinterland {

std::string render_html(const Page& page);

}  // namespace hinterland
