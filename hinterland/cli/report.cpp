#include "hinterland/cli/report.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/report/html.hpp"

namespace hinterland {

void add_report_option(CLI::App& verb, std::string& path) {
  verb.add_option("--report", path, "write it as a page too, with charts, that opens offline")
      ->type_name("FILE.html");
}

int write_report(const Page& page, const std::string& path) {
  if (path.empty()) return kDone;
  if (const auto written = write_text(path, render_html(page)); !written) return report(written.error());
  fmt::print(stderr, "The report is in {}\n", path);
  return kDone;
}

}  // namespace hinterland
