// What two results of `hinterland simulate --json` differ in, and what explains it.
//
// The difference of the bills is taken apart by class and pool and by part: how much is due to work that runs elsewhere, and
// which part of the price carries it. Both files must be of the same jobs for the comparison to mean anything; if they are
// not, that is the first thing said.
#pragma once
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Fails, located, for a file that is no result of simulate.
Expected<Page> compare_page(const std::string& a_text, const std::string& a_file, const std::string& b_text,
                            const std::string& b_file);

}  // namespace hinterland
