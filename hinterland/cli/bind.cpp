// hinterland bind: pages that --report wrote, as chapters of one.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/report/html_book.hpp"

namespace hinterland {

namespace {

struct BindOptions {
  std::vector<std::string> pages;
  std::string to, title;
};

int run(const BindOptions& options) {
  Errors errors;
  std::vector<Chapter> chapters;
  for (const std::string& page : options.pages) {
    auto text = read_text(page);
    if (text) {
      chapters.push_back({.name = page, .html = std::move(*text)});
    } else {
      add_errors(errors, text.error());
    }
  }
  if (!errors.empty()) return report(errors);
  const std::string title =
      options.title.empty() ? std::filesystem::path(options.to).stem().string() : options.title;
  const auto book = bind_html(title, chapters);
  if (!book) return report(book.error());
  if (const auto written = write_text(options.to, *book); !written) return report(written.error());
  fmt::print(stderr, "The report is in {}\n", options.to);
  return kDone;
}

}  // namespace

void add_bind(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BindOptions>();
  CLI::App* verb = app.add_subcommand("bind", "pages that --report wrote, as chapters of one");
  verb->add_option("pages", options->pages, "in their order")->required()->type_name("PAGE.html...");
  verb->add_option("--report", options->to, "what is written")->required()->type_name("FILE.html");
  verb->add_option("--title", options->title, "else the name of the file")->type_name("TEXT");
  verb->footer(
      "One page that opens offline, with a table of contents and one copy of what the chapters share.\n\n"
      "Exit status: 0 done, 2 bad usage or a page that is none, 3 it cannot be written.\n\n"
      "Examples:\n"
      "  $ hinterland judge film-render --from shanghai --draws 0 --report film.html\n"
      "  $ hinterland atlas show --report atlas.html\n"
      "  $ hinterland bind film.html atlas.html --report both.html --title \"A film, and its sites\"");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
