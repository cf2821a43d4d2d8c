// A trace's summary as a page and as JSON (data/schema/trace-info.schema.json).
#pragma once
#include <string>

#include "hinterland/report/page.hpp"
#include "hinterland/work/trace_summary.hpp"

namespace hinterland {

Page trace_page(const Trace& trace, const TraceSummary& summary);
std::string trace_json(const Trace& trace, const TraceSummary& summary);

}  // namespace hinterland
