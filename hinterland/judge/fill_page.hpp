// What could fill a site, as a page and as JSON (data/schema/fill.schema.json).
#pragma once
#include <string>

#include "hinterland/judge/fill_doubt.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Lists the `top` best of what pays; the rest is counted. Without a doubt (null) no bands are shown, and the page says
// so if they were asked for and not worked out: `interrupted`.
Page fill_page(const Atlas& atlas, const RateYear& rates, const FillQuestion& question, const Fill& fill,
               const FillDoubt* doubt, std::size_t top, bool interrupted = false);

// All of it.
std::string fill_json(const Atlas& atlas, const FillQuestion& question, const Fill& fill,
                      const FillDoubt* doubt, bool interrupted = false);

}  // namespace hinterland
