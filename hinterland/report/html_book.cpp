#include "hinterland/report/html_book.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "hinterland/report/html_file.hpp"
#include "hinterland/report/html_text.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

// Its title as the page has it, in both languages; else the name of its file.
std::string title_of(const Chapter& chapter, std::string_view body) {
  constexpr std::string_view open = "<h1>", close = "</h1>";
  const std::size_t end = body.find(close);
  if (!body.starts_with(open) || end == std::string_view::npos) return escaped(chapter.name);
  return std::string(body.substr(open.size(), end - open.size()));
}

// Every `mark` with `more` behind it. No text of a page holds a quotation mark (html_text.hpp), so what is found is markup.
std::string lengthened(std::string_view body, std::string_view mark, std::string_view more) {
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t found = body.find(mark, at);
    if (found == std::string_view::npos) return out += body.substr(at);
    out += body.substr(at, found + mark.size() - at);
    out += more;
    at = found + mark.size();
  }
}

// Charts of a chapter come after those of the chapters before.
std::string renumbered(std::string_view body, std::size_t by) {
  constexpr std::string_view mark = " data-chart=\"";
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t found = body.find(mark, at);
    if (found == std::string_view::npos) return out += body.substr(at);
    const std::size_t from = found + mark.size();
    std::size_t to = from;
    std::size_t number = 0;
    for (; to < body.size() && body[to] >= '0' && body[to] <= '9'; ++to)
      number = 10 * number + static_cast<std::size_t>(body[to] - '0');
    out += body.substr(at, from - at);
    out += std::to_string(number + by);
    at = to;
  }
}

}  // namespace

Expected<std::string> bind_html(const Words& title, const std::vector<Chapter>& chapters) {
  Errors errors;
  Json charts = Json::array(), outlines = Json::object();
  std::string contents, bodies;
  for (std::size_t k = 0; k < chapters.size(); ++k) {
    const Chapter& chapter = chapters[k];
    const auto file = read_html_file(chapter.html, chapter.name);
    if (!file) {
      add_errors(errors, file.error());
      continue;
    }
    contents +=
        fmt::format("<li><a href=\"#chapter-{}\">{}</a></li>\n", k + 1, title_of(chapter, file->body));
    // What is a book itself keeps its contents, and their chapters names of their own.
    const std::string own = fmt::format("{}-", k + 1);
    const std::string body =
        lengthened(lengthened(file->body, " id=\"chapter-", own), " href=\"#chapter-", own);
    bodies += fmt::format("<section class=\"chapter\" id=\"chapter-{}\">\n{}</section>\n", k + 1,
                          renumbered(body, charts.size()));
    if (file->charts.empty()) continue;
    const Json data = Json::parse(file->charts, nullptr, false);
    if (!data.is_object() || !data.contains("charts") || !data["charts"].is_array() ||
        !data.contains("outlines") || !data["outlines"].is_object()) {
      errors.push_back({.what = "the data of its charts cannot be read",
                        .where = {.file = chapter.name},
                        .mend = "Make the page anew."});
      continue;
    }
    for (const Json& chart : data["charts"]) charts.push_back(chart);
    for (const auto& [atlas, shape] : data["outlines"].items()) outlines[atlas] = shape;
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  HtmlFile book{.title = title,
                .body = fmt::format("<h1>{}</h1>\n<nav>\n<ol class=\"contents\">\n{}</ol>\n</nav>\n{}",
                                    in_both(title), contents, bodies),
                .charts = {}};
  if (!charts.empty())
    book.charts = Json{{"charts", std::move(charts)}, {"outlines", std::move(outlines)}}.dump();
  return html_file(book);
}

}  // namespace hinterland
