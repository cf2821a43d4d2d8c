#include <array>
#include <nlohmann/json.hpp>

#include "hinterland/judge/doubt_page.hpp"
#include "hinterland/judge/trace_verdict_page.hpp"
#include "hinterland/judge/verdict_page.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

template <class D>
Json number(const std::optional<Quantity<D>>& value) {
  return value ? Json(value->value) : Json(nullptr);
}
Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json price_of(const Price& price) {
  return {{"energy", price.energy.value},   {"capacity", price.capacity.value},
          {"network", price.network.value}, {"carbon", price.carbon.value},
          {"water", price.water.value},     {"scarcity", price.scarcity.value},
          {"total", price.total().value}};
}

Json row_of(const Atlas& atlas, const Verdict& verdict, const SiteRow& row) {
  const bool allowed = row.quote.allowed();
  const Latency latency = one_way_latency(atlas, *verdict.home.site, *row.site);
  Json out = {{"site", row.site->id.text},
              {"name", row.site->name},
              {"name_zh", row.site->name_zh},
              {"home", row.is_home},
              {"allowed", allowed},
              {"reason", full_reason(row).en},
              {"latency_ms",
               {{"central", in_milliseconds(latency.central)},
                {"low", in_milliseconds(latency.low)},
                {"high", in_milliseconds(latency.high)},
                {"published", latency.published}}}};
  out["price"] = allowed ? price_of(row.quote.price) : Json(nullptr);
  out["difference"] =
      allowed && verdict.home_row().quote.allowed() ? Json(row.difference.value) : Json(nullptr);
  out["servers"] = allowed ? Json(row.quote.servers) : Json(nullptr);
  out["sunk_share"] = allowed ? Json(row.quote.sunk_share) : Json(nullptr);
  const Quote& quote = row.quote;
  out["hours"] = allowed ? Json{{"run_hours", quote.run.length.value},
                                {"wait_hours", quote.run.wait.value},
                                {"pue", quote.terms.pue},
                                {"price_per_kwh", quote.terms.power_price.value},
                                {"carbon_kg_per_kwh", quote.terms.location.value},
                                {"water_l_per_kwh", quote.terms.water.value}}
                         : Json(nullptr);
  out["transfer"] =
      allowed && row.quote.transfer.offer != nullptr
          ? Json{{"offer", row.quote.transfer.offer->id.text}, {"hours", row.quote.transfer.time.value}}
          : Json(nullptr);
  out["kwh"] = allowed ? Json(row.energy.value) : Json(nullptr);
  out["kg_co2"] = {{"location", allowed ? Json(row.location.value) : Json(nullptr)},
                   {"market", allowed ? Json(row.market.value) : Json(nullptr)},
                   {"marginal", allowed ? number(row.marginal) : Json(nullptr)},
                   {"embodied", allowed ? Json(row.embodied.value) : Json(nullptr)}};
  out["litres"] = allowed ? Json(row.water.value) : Json(nullptr);
  return out;
}

// What both kinds of verdict begin with.
Json head(const Atlas& atlas, const Question& question, Answer answer, const std::string& sentence,
          const HomeSite& home) {
  return {{"verdict", name_of(answer)},
          {"sentence", sentence},
          {"workload", question.workload.id.text},
          {"from", question.from.text},
          {"home",
           {{"site", home.site->id.text},
            {"in_region", home.in_region},
            {"basis", capacity_words(question.home).en}}},
          {"away", {{"basis", capacity_words(question.away).en}}},
          {"currency", atlas.country().currency}};
}

}  // namespace

std::string verdict_json(const Atlas& atlas, const Question& question, const Verdict& verdict,
                         const Doubt* doubt) {
  Json out = head(atlas, question, verdict.answer, verdict.sentence, verdict.home);
  out["server_hours"] = verdict.amount.server_hours.value;
  out["data_gb"] = (verdict.amount.bytes.in + verdict.amount.bytes.out).value;
  const SiteRow* best = verdict.best_row();
  out["best"] = best != nullptr ? Json{{"site", best->site->id.text}} : Json{{"site", nullptr}};
  out["rows"] = Json::array();
  for (const SiteRow& row : verdict.rows) out["rows"].push_back(row_of(atlas, verdict, row));
  // cells[home][away]: the verdict; cells_site: the cheapest allowed site away on those bases.
  const std::array bases = {name_of(Basis::sunk), name_of(Basis::built)};
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const Cell& cell = verdict.cells.at(i).at(j);
      out["cells"][bases.at(i)][bases.at(j)] = name_of(cell.answer);
      out["cells_site"][bases.at(i)][bases.at(j)] =
          cell.site != nullptr ? Json(cell.site->id.text) : Json(nullptr);
    }
  }
  const MeansOnly& means = verdict.by_means;
  out["by_annual_means"] = {{"verdict", name_of(means.answer)},
                            {"site", means.best != nullptr ? Json(means.best->id.text) : Json(nullptr)},
                            {"home", number(means.home)},
                            {"away", number(means.away)}};
  out["floor"] = number(verdict.floor);
  out["ceiling"] = number(verdict.ceiling);
  out["break_even"] = {{"server_use", number(verdict.break_even_use)},
                       {"server_hours_per_gb", number(verdict.break_even_hours_per_gb)}};
  out["doubt"] = doubt != nullptr ? Json::parse(doubt_json(*doubt)) : Json(nullptr);
  return out.dump(2) + "\n";
}

std::string trace_verdict_json(const Atlas& atlas, const Question& question, const Trace& trace,
                               const TraceVerdict& verdict) {
  Json groups = Json::array(), from_class = Json::object(), servers = Json::array();
  for (const TraceServer& one : verdict.servers)
    servers.push_back(
        {{"server", one.server->id.text}, {"jobs", one.jobs}, {"server_hours", one.server_hours.value}});
  for (const TraceGroup& group : verdict.groups) {
    groups.push_back({{"answer", name_of(group.answer)},
                      {"site", group.site == nullptr ? Json(nullptr) : Json(group.site->id.text)},
                      {"reason", group.reason},
                      {"jobs", group.jobs},
                      {"server_hours", group.server_hours.value},
                      {"home_price", group.home_price.value},
                      {"saved", group.saved.value}});
  }
  for (const auto& [name, jobs] : verdict.from_class) from_class[name] = jobs;
  Json out = head(atlas, question, verdict.answer(), trace_sentence(atlas, question, verdict), verdict.home);
  out.update(
      {{"trace", trace.file},
       {"format", trace.format},
       {"bad_lines", trace.bad_lines},
       {"jobs", verdict.jobs},
       {"moved", verdict.moved},
       {"stayed", verdict.stayed},
       {"refused", verdict.refused},
       {"interrupted", verdict.interrupted},
       {"server_hours", verdict.server_hours.value},
       {"servers", servers},
       {"span_hours", verdict.span.value},
       {"home_price", verdict.home_price.value},
       {"saved", verdict.saved.value},
       {"saved_per_year", verdict.tells_a_year() ? Json(verdict.saved_per_year().value) : Json(nullptr)},
       {"groups", groups},
       {"from_class", from_class}});
  return out.dump(2) + "\n";
}

}  // namespace hinterland
