// A facility location answer as something to look at.
#pragma once
#include <string>

#include "hinterland/report/page.hpp"
#include "hinterland/siting/orlib.hpp"

namespace hinterland {

Page orlib_page(const OrLibraryProblem& problem, const LocationAnswer& answer);
std::string orlib_json(const OrLibraryProblem& problem, const LocationAnswer& answer);

}  // namespace hinterland
