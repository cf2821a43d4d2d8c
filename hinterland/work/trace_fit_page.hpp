// A fitted model and its quality as a page and as JSON (data/schema/trace-fit.schema.json).
#pragma once
#include <string>

#include "hinterland/report/page.hpp"
#include "hinterland/work/trace_fit.hpp"

namespace hinterland {

Page trace_fit_page(const TraceFit& fit);
std::string trace_fit_json(const TraceFit& fit);

}  // namespace hinterland
