// Claims as pages: all of a file at a glance with their contradictions, and single ones with their arithmetic.
#pragma once
#include "hinterland/claims/check.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// `detail`: each claim shown with its numbers, tests and sources; otherwise one row each.
Page claims_page(const ClaimsCheck& check, bool detail);

// The claims of a file as they stand, before any is checked.
Page claims_list_page(const ClaimsFile& file);

// The closed set of computations.
Page computations_page();

}  // namespace hinterland
