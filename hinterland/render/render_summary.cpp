#include "hinterland/render/render_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/render/next_step.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

// Where frames were rendered, and how many.
std::map<std::string, std::size_t> by_site(const RenderManifest& manifest) {
  std::map<TaskPlace, std::string> sites;
  for (const RenderedTask& one : manifest.tasks) sites[one.place] = one.site;
  std::map<std::string, std::size_t> count;
  for (const RenderedFrame& one : manifest.frames) ++count[sites[one.from]];
  return count;
}

}  // namespace

Page summary_page(const RenderManifest& manifest, const RenderFolder& folder, const RenderSummary& summary) {
  Page page{.title = {}, .blocks = {}};
  const std::size_t asked = manifest.ask.frames.size();
  page.blocks.emplace_back(
      Paragraph{fmt::format("{} of {} are in {}.", manifest.frames.size(),
                            counted(static_cast<long long>(asked), "frame"), folder.path()),
                true});
  FactsBlock facts{.caption = {}, .facts = {}};
  std::string sites;
  for (const auto& [site, count] : by_site(manifest))
    sites += fmt::format("{}{} {}", sites.empty() ? "" : ", ", site, count);
  if (!sites.empty()) facts.facts.emplace_back(Words{"rendered in", "渲染站点"}, Words(sites));
  if (!summary.currency.empty())
    facts.facts.emplace_back(Words{"spent", "花费"},
                             Words(fmt::format("{} {}", compact(summary.spent), summary.currency)));
  if (!manifest.faults.empty())
    facts.facts.emplace_back(Words{"not well at first", "曾有问题"},
                             Words(counted(static_cast<long long>(manifest.faults.size()), "image")));
  if (!summary.film.empty()) facts.facts.emplace_back(Words{"film", "影片"}, Words(summary.film));
  if (!facts.facts.empty()) page.blocks.emplace_back(std::move(facts));
  if (!summary.gaps.empty() && !manifest.jobs.empty()) {
    TableBlock table{
        .caption = {"Not here", "缺帧"},
        .columns = {{"frame", Align::right}, {"why"}, {"job", Align::right}, {"task", Align::right}},
        .rows = {}};
    const auto faults = last_faults(manifest, summary.gaps);
    for (const FaultyFrame& one : faults)
      table.rows.push_back({std::to_string(one.frame.number), name_of(one.fault),
                            std::to_string(one.from.job), std::to_string(one.from.task)});
    if (!table.rows.empty()) page.blocks.emplace_back(std::move(table));
    const auto missing = std::ranges::find(faults, FrameFault::missing, &FaultyFrame::fault);
    if (missing != faults.end())
      page.blocks.emplace_back(
          Paragraph{fmt::format("Why one is missing its renderer said: `hinterland logs {} {} --stderr`.",
                                missing->from.job, missing->from.task),
                    true});
  }
  if (!summary.displaced.empty())
    page.blocks.emplace_back(
        Paragraph{fmt::format("{} whose place another file has: {}. Put those away, and say the same again.",
                              counted(static_cast<long long>(summary.displaced.size()), "frame") + " came",
                              names_text(summary.displaced)),
                  true});
  return page;
}

Page render_report(const RenderManifest& manifest, const RenderFolder& folder, const RenderSummary& summary) {
  Page page = summary_page(manifest, folder, summary);
  page.title = {"Rendering " + manifest.name, "渲染 " + manifest.name};
  LinesBlock lines{.caption = {"What each frame took", "每帧用时"},
                   .x_name = {"frame", "帧"},
                   .y_name = {"seconds", "秒"},
                   .x = {},
                   .curves = {{.name = {"rendering", "渲染"}, .y = {}}}};
  for (const RenderedFrame& one : manifest.frames) {
    lines.x.push_back(one.frame.number);
    lines.curves.front().y.push_back(static_cast<double>(one.took.ms) / 1000);
  }
  if (manifest.frames.size() > 1) page.blocks.emplace_back(std::move(lines));
  if (summary.estimate)
    page.blocks.insert(page.blocks.end(), summary.estimate->page.blocks.begin(),
                       summary.estimate->page.blocks.end());
  return page;
}

std::string summary_json(const RenderManifest& manifest, const std::string& folder,
                         const RenderSummary& summary) {
  Json jobs = Json::array(), faults = Json::array(), sites = Json::object();
  for (const RenderJob& one : manifest.jobs) jobs.push_back(one.job);
  for (const FaultyFrame& one : last_faults(manifest, summary.gaps))
    faults.push_back({{"frame", one.frame.number},
                      {"fault", name_of(one.fault)},
                      {"job", one.from.job},
                      {"task", one.from.task}});
  for (const auto& [site, count] : by_site(manifest)) sites[site] = count;
  Json json = {{"name", manifest.name},
               {"digest", digest_of(manifest.ask)},
               {"folder", folder},
               {"asked", manifest.ask.frames.size()},
               {"came", manifest.frames.size()},
               {"missing", frames_text(summary.gaps)},
               {"faults", std::move(faults)},
               {"displaced", summary.displaced},
               {"jobs", std::move(jobs)},
               {"sites", std::move(sites)},
               {"spent", summary.spent}};
  if (!summary.currency.empty()) json["currency"] = summary.currency;
  if (summary.estimate) json["estimate"] = estimate_json(*summary.estimate);
  if (!summary.film.empty()) json["film"] = summary.film;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hinterland
