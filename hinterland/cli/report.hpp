// --report FILE.html: what a verb prints, as one page that opens offline.
#pragma once
#include <string>

#include "hinterland/cli/verbs.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

void add_report_option(CLI::App& verb, std::string& path);

// Writes the page to `path`, whole or not at all, and says on standard error where it is; nothing where `path` is empty.
// kDone, or what report() returns of the error.
int write_report(const Page& page, const std::string& path);

}  // namespace hinterland
