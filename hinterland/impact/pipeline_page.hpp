// A programme of deals as a page: what is counted, what it is said to be worth, what follows, and what cannot be told.
#pragma once
#include "hinterland/impact/pipeline.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page pipeline_page(const Pipeline& result);

}  // namespace hinterland
