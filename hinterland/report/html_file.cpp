#include "hinterland/report/html_file.hpp"

#include <fmt/format.h>

#include "hinterland/report/html_text.hpp"
#include "hinterland/report/page_assets.hpp"

namespace hinterland {

namespace {

std::string head_of(const Words& of) {
  const Words title = of.empty()
                          ? Words{"Hinterland"}
                          : Words{of.en + " · Hinterland", of.zh.empty() ? "" : of.zh + " · Hinterland"};
  return fmt::format(
      R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{}' '{}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title data-en="{}" data-zh="{}">{}</title>
<link rel="icon" href="data:,">
<style>{}</style>
</head>
)",
      page_assets::kPageScriptHash, page_assets::kChartScriptHash, escaped(title.en), escaped(title.zh),
      escaped(title.en), page_assets::kStyle);
}

constexpr std::string_view kTop = R"(<body>
<div class="page">
<header>
<div class="brand"><b>Hinterland</b> <span class="en">which computing should move inland</span><span class="zh" lang="zh-Hans">哪些计算该往内陆走</span></div>
<div class="languages" role="group" aria-label="Language, 语言"><button type="button" lang="en" aria-pressed="true">English</button><button type="button" lang="zh-Hans" aria-pressed="false">中文</button></div>
</header>
<main>
)";
constexpr std::string_view kBottom = "</main>\n<footer>\n";
constexpr std::string_view kCharts = R"(<script type="application/json" id="charts">)";
constexpr std::string_view kEndOfScript = "</script>";

const Words kFooter{
    "Made by Hinterland. The page is one file: it opens offline, fetches nothing and remembers nothing.",
    "由 Hinterland 生成。本页为单个文件，可离线打开，不联网，不存储任何信息。"};
const Words kChartFooter{
    "Charts: Apache ECharts (Apache License 2.0); all licences are at the end of this file.",
    "图表：Apache ECharts（Apache License 2.0）；全部许可附于文件末尾。"};

}  // namespace

std::string html_file(const HtmlFile& file) {
  std::string out = head_of(file.title);
  out += kTop;
  out += file.body;
  out += fmt::format("{}<p>{}{}</p>\n</footer>\n</div>\n", kBottom, in_both(kFooter),
                     file.charts.empty() ? "" : " " + in_both(kChartFooter));
  out += fmt::format("<script>{}</script>\n", page_assets::kPageScript);
  if (!file.charts.empty()) {
    out += fmt::format("{}{}{}\n<script>{}</script>\n", kCharts, json_in_script(file.charts), kEndOfScript,
                       page_assets::kChartScript);
    out += fmt::format("<!--\n{}\n-->\n", page_assets::kLicences);
  }
  return out + "</body>\n</html>\n";
}

Expected<HtmlFile> read_html_file(std::string_view html, const std::string& name) {
  const auto refuse = [&](std::string what, std::string mend) {
    return failure({.what = std::move(what), .where = {.file = name}, .mend = std::move(mend)});
  };
  const std::size_t top = html.find(kTop);
  const std::size_t bottom = top == std::string_view::npos ? top : html.find(kBottom, top + kTop.size());
  if (bottom == std::string_view::npos)
    return refuse("it is no report of Hinterland", "Name pages that --report wrote.");
  for (const std::string_view hash : {page_assets::kPageScriptHash, page_assets::kChartScriptHash}) {
    if (!html.substr(0, top).contains(hash))
      return refuse("another version of Hinterland made it", "Make the page anew with this one.");
  }
  HtmlFile file{.title = {},
                .body = std::string(html.substr(top + kTop.size(), bottom - top - kTop.size())),
                .charts = {}};
  const std::size_t charts = html.find(kCharts, bottom);
  if (charts != std::string_view::npos) {
    const std::size_t from = charts + kCharts.size();
    const std::size_t to = html.find(kEndOfScript, from);
    if (to == std::string_view::npos)
      return refuse("it ends within the data of its charts", "Make the page anew.");
    file.charts = html.substr(from, to - from);
  }
  return file;
}

}  // namespace hinterland
