#include "hinterland/plan/verify_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "hinterland/base/number.hpp"
#include "hinterland/plan/conflict.hpp"
#include "hinterland/plan/plan_result.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kSame = 1e-9;

// Reads what a result must have; the first thing that is not as it should be is an error.
class Reader {
 public:
  Reader(const Json& result, const std::string& file, const StudyProblem& setup)
      : result_(result), file_(file), setup_(setup) {}

  std::vector<double> columns() {
    std::vector<double> out(setup_.kinds.size());
    const Json& sites = list(result_, "sites", setup_.sites.size());
    if (!errors.empty()) return out;
    for (std::size_t k = 0; k < out.size(); ++k) {
      const CapacityColumn& column = setup_.numbers.columns[k];
      const char* field = kCapacityFields[static_cast<std::size_t>(setup_.kinds[k])];
      out[k] = number(sites[column.site], field);
      if (out[k] > column.most * (1 + kSame))
        no_plan_has(field, out[k], fmt::format("the study lets it have {}", shortest(column.most)));
    }
    return out;
  }

  // What the rows of limits and cuts are worth is read here.
  std::vector<SurvivalCut> cuts() {
    std::vector<SurvivalCut> out;
    for (const Json& limit : list(result_, "limits", setup_.limits.size()))
      given.prices.rows.push_back(number(limit, "price_per_kw"));
    const auto found = result_.find("cuts");
    if (found == result_.end() || !found->is_array()) return complain("cuts"), out;
    for (const Json& cut : *found) {
      if (!cut.is_object()) return complain("cuts"), out;
      const Json named = cut.value("hazard", Json());
      const std::string hazard = named.is_string() ? named.get<std::string>() : "";
      const auto group =
          std::ranges::find(setup_.hazards, hazard, [](const Hazard* h) { return h->id.text; });
      const double hour = number(cut, "hour");
      const std::vector<SiteIndex> sites = indices(cut, "sites"), limited = indices(cut, "limited");
      if (group == setup_.hazards.end() || hour < 0 || hour >= setup_.numbers.hours) complain("cuts");
      if (!errors.empty()) return out;
      const auto at = static_cast<std::uint32_t>(hour);
      if (!std::ranges::all_of(limited, [&](SiteIndex s) { return has_limit(at, s); }))
        return complain("limited"), out;
      out.push_back(cut_of_sites(setup_.numbers, setup_.survival,
                                 static_cast<std::size_t>(group - setup_.hazards.begin()), at, sites,
                                 limited));
      given.prices.rows.push_back(number(cut, "price_per_kw"));
    }
    return out;
  }

  void read_prices() {
    const auto found = result_.find("prices");
    if (found == result_.end() || !found->is_object()) return complain("prices");
    read_cells(*found, given.prices);
    const Json& caps = list(result_, "caps", setup_.numbers.caps.size());
    for (const Json& cap : caps) given.prices.caps.push_back(number(cap, "price"));
  }

  void read_more_prices() {
    const auto found = result_.find("more_prices");
    if (found == result_.end() || !found->is_array()) return complain("more_prices");
    for (const Json& one : *found) {
      if (!one.is_object()) return complain("more_prices");
      SitingPrices& prices = given.more_prices.emplace_back();
      prices.free_once_open.resize(setup_.sites.size());
      for (const SiteIndex s : indices(one, "free_once_open")) prices.free_once_open[s] = true;
      read_cells(one, prices);
      for (const Json& price : list(one, "caps", setup_.numbers.caps.size())) {
        if (!price.is_number()) return complain("more_prices");
        prices.caps.push_back(price.get<double>());
      }
      if (!errors.empty()) return;
    }
  }

  // Of the relaxed windows; empty where the result has none.
  std::optional<SitingPrices> relaxed(std::size_t rows) {
    const auto found = result_.find("relaxed");
    if (found == result_.end() || setup_.relaxed_hubs.empty()) return std::nullopt;
    const auto priced = found->is_object() ? found->find("prices") : found->end();
    if (!found->is_object() || priced == found->end() || !priced->is_object())
      return complain("relaxed"), std::nullopt;
    SitingPrices out;
    read_cells(*priced, out);
    out.rows = numbers(list(*priced, "rows", rows));
    out.caps = numbers(list(*priced, "caps", setup_.numbers.caps.size()));
    return out;
  }

  Carried carried() {
    Carried out;
    const auto found = result_.find("carried");
    if (found == result_.end() || !found->is_array() ||
        (!found->empty() && found->size() != setup_.numbers.hubs.size()))
      return complain("carried"), out;
    for (const Json& hub : *found) {
      out.emplace_back();
      if (!hub.is_array()) return complain("carried"), out;
      for (const Json& share : hub) {
        const bool fits = share.is_number() && share.get<double>() >= 0 && share.get<double>() <= 1;
        if (!fits) return complain("carried"), out;
        out.back().push_back(share.get<double>());
      }
      const std::size_t deferrals = setup_.numbers.hubs[out.size() - 1].deferrals.size();
      const bool crosses = cut_in(setup_.numbers.hubs[out.size() - 1], cut_spacing(setup_.numbers)) > 0;
      if (out.back().size() != (crosses ? deferrals : 0)) return complain("carried"), out;
    }
    return out;
  }

  Errors errors;
  SitingPlan given;                     // as far as it was read
  std::vector<std::string> impossible;  // the first number that no plan of the study could have

 private:
  void complain(const std::string& field) {
    if (!errors.empty()) return;
    add_error(errors, {.what = "is missing, or is not as a result of this study has it",
                       .where = {.file = file_, .field = field},
                       .mend = "Verify a result as `hinterland plan --json` printed it, with its own study, "
                               "--atlas and --books."});
  }
  void no_plan_has(const std::string& field, double there, const std::string& why) {
    if (impossible.empty())
      impossible.push_back(fmt::format("{}: {} there, {}", field, shortest(there), why));
  }
  const Json& list(const Json& in, const char* name, std::size_t size) {
    static const Json kEmpty = Json::array();
    const auto found = in.find(name);
    if (found != in.end() && found->is_array() && found->size() == size) return *found;
    complain(name);
    return kEmpty;
  }
  bool has_limit(std::uint32_t hour, SiteIndex site) const {
    const SitingProblem& numbers = setup_.numbers;
    return !numbers.power_limit.empty() && numbers.power_limit[numbers.at(hour, site)] < kNoLimit;
  }
  double number(const Json& in, const char* name) {
    const auto found = in.is_object() ? in.find(name) : in.end();
    if (!in.is_object() || found == in.end()) return complain(name), 0;
    return amount(*found, name);
  }
  double amount(const Json& value, const char* name) {
    if (!value.is_number()) return complain(name), 0;
    const double out = value.get<double>();
    if (out < 0) no_plan_has(name, out, "nothing below 0 is possible");
    return out;
  }
  std::vector<double> numbers(const Json& list) {
    std::vector<double> out;
    for (const Json& value : list) out.push_back(amount(value, "relaxed"));
    return out;
  }
  std::vector<SiteIndex> indices(const Json& in, const char* name) {
    std::vector<SiteIndex> out;
    const auto found = in.find(name);
    if (found == in.end() || !found->is_array()) return complain(name), out;
    for (const Json& id : *found) {
      const auto at = std::ranges::find_if(setup_.sites, [&](const Site* site) {
        return id.is_string() && site->id.text == id.get<std::string>();
      });
      if (at == setup_.sites.end()) return complain(name), out;
      out.push_back(static_cast<SiteIndex>(at - setup_.sites.begin()));
    }
    return out;
  }
  void read_cells(const Json& in, SitingPrices& prices) {
    prices.capacity = cells(in, "capacity", prices.free_once_open);
    if (setup_.numbers.power_limit.empty()) return;
    prices.power = cells(in, "power");
    for (std::size_t c = 0; c < prices.power.size(); ++c)
      if (prices.power[c] > 0 && setup_.numbers.power_limit[c] == kNoLimit)
        no_plan_has("power", prices.power[c], "and no limit that it could be the price of");
  }
  // [hour x sites + site]; 0 of those left out.
  std::vector<double> cells(const Json& in, const char* name, const std::vector<bool>& left_out = {}) {
    const SitingProblem& numbers = setup_.numbers;
    std::vector<double> out(std::size_t{numbers.hours} * numbers.sites);
    const auto found = in.find(name);
    if (found == in.end() || !found->is_object()) return complain(name), out;
    for (SiteIndex s = 0; s < numbers.sites && errors.empty(); ++s) {
      if (!left_out.empty() && left_out[s]) continue;
      const Json& hours = list(*found, setup_.sites[s]->id.text.c_str(), numbers.hours);
      for (std::uint32_t t = 0; t < hours.size(); ++t) {
        out[numbers.at(t, s)] = amount(hours[t], name);
      }
    }
    return out;
  }

  const Json& result_;
  const std::string& file_;
  const StudyProblem& setup_;
};

std::string short_text(const Json& value) {
  const std::string text = value.is_number_float() ? shortest(value.get<double>()) : value.dump();
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

void compare(const Json& there, const Json& here, const std::string& path, std::vector<std::string>& out) {
  if (there.is_number() && here.is_number()) {
    const double a = there.get<double>(), b = here.get<double>();
    if (std::abs(a - b) <= kSame * std::max({std::abs(a), std::abs(b), 1e-3})) return;
  } else if (there.is_object() && here.is_object()) {
    const auto at = [&](const std::string& key) {
      return path.empty() ? key : fmt::format("{}.{}", path, key);
    };
    for (const auto& [key, value] : here.items()) {
      if (there.contains(key)) {
        compare(there[key], value, at(key), out);
      } else {
        out.push_back(fmt::format("{}: is missing", at(key)));
      }
    }
    for (const auto& [key, value] : there.items())
      if (!here.contains(key)) out.push_back(fmt::format("{}: is no part of a result", at(key)));
    return;
  } else if (there.is_array() && here.is_array() && there.size() == here.size()) {
    for (std::size_t i = 0; i < there.size(); ++i)
      compare(there[i], here[i], fmt::format("{}[{}]", path, i), out);
    return;
  } else if (there == here) {
    return;
  }
  out.push_back(fmt::format("{}: {} there, {} worked out", path, short_text(there), short_text(here)));
}

Expected<Json> parse(const std::string& text, const std::string& file) {
  Json out = Json::parse(text, nullptr, false);
  if (out.is_discarded() || !out.is_object())
    return failure({.what = "is no JSON object",
                    .where = {.file = file},
                    .mend = "Give what `hinterland plan --json` printed."});
  return out;
}

// The plan of a result, with all that follows from it but why it does not do all that was asked.
Expected<StudyPlan> plan_of(const Json& result, const std::string& file, const StudyProblem& setup,
                            const StudyOptions& solving, std::vector<std::string>& impossible) {
  const bool stopped = result.value("stopped", Json()) == true;
  if (result.value("objective", Json()).is_null()) {  // none: there is nothing to read
    if (!stopped) return solve_study(setup, solving);
    StudyPlan none;
    none.setup = setup;
    none.stopped = true;
    return none;
  }
  Reader reader(result, file, setup);
  reader.given.columns = reader.columns();
  std::vector<SurvivalCut> cuts = reader.cuts();
  reader.read_prices();
  reader.read_more_prices();
  reader.given.carried = reader.carried();
  reader.given.quick = result.value("dispatch", Json()) == "quick";
  auto relaxed = reader.relaxed(reader.given.prices.rows.size());
  if (!reader.errors.empty()) return std::unexpected(std::move(reader.errors));
  impossible = std::move(reader.impossible);
  if (!impossible.empty()) return StudyPlan{};
  StudyPlan plan = certify_study(setup, std::move(cuts), std::move(reader.given));
  if (relaxed) plan.relaxed = bound_relaxed(plan, std::move(*relaxed));
  plan.stopped = stopped;
  return plan;
}

}  // namespace

Expected<ResultOrigin> read_origin(const std::string& json, const std::string& file) {
  const auto result = parse(json, file);
  if (!result) return std::unexpected(result.error());
  ResultOrigin out;
  Errors errors;
  const auto has = [&](const char* name, auto is) {
    const bool fine = result->contains(name) && is((*result)[name]);
    if (!fine)
      add_error(errors, {.what = "is missing",
                         .where = {.file = file, .field = name},
                         .mend = "Give what `hinterland plan --json` printed."});
    return fine;
  };
  const auto text = [](const Json& value) { return value.is_string(); };
  const auto number = [](const Json& value) { return value.is_number(); };
  const auto texts = [&](const Json& value) { return value.is_array() && std::ranges::all_of(value, text); };
  if (has("study", text)) out.study = (*result)["study"];
  if (has("assignments", texts)) out.assignments = (*result)["assignments"].get<std::vector<std::string>>();
  if (has("carbon_price_per_kg", number)) out.carbon_price = (*result)["carbon_price_per_kg"];
  if (has("water_price_per_litre", number)) out.water_price = (*result)["water_price_per_litre"];
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

Expected<std::vector<std::string>> verify_result(const std::string& json, const std::string& file,
                                                 const Study& study, const Atlas& atlas,
                                                 const Charges& charges, const StudyProblem& setup,
                                                 const StudyOptions& solving) {
  const auto result = parse(json, file);
  if (!result) return std::unexpected(result.error());
  std::vector<std::string> out;
  auto found = plan_of(*result, file, setup, solving, out);
  if (!found) return std::unexpected(found.error());
  if (!out.empty()) return out;
  StudyPlan& plan = *found;
  if (!plan.feasible() && !plan.stopped) explain(plan, setup, solving);
  compare(*result, Json::parse(plan_json(study, atlas, charges, plan)), "", out);
  if (!plan.plan.columns.empty() && !plan.setup.relaxed_hubs.empty() && !plan.relaxed && !plan.stopped)
    out.push_back("relaxed: not there, though the study asks for both windows");
  return out;
}

}  // namespace hinterland
