#include "hinterland/impact/site_capacity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr const char* kMend = "Give what `hinterland plan STUDY.toml --json` printed.";
constexpr double kMostKilowatts = 1e9, kMostHours = 1e6, kMostKwh = 1e15;
constexpr int kDeepest = 16;
constexpr double kOfTheGap = 1e-5;

Expected<Json> object_of(std::string_view text, const std::string& file) {
  bool too_deep = false;
  const Json::parser_callback_t shallow = [&](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  try {
    Json json = Json::parse(text, shallow);
    if (!too_deep && json.is_object()) return json;
    return failure({.what = "is no result of a plan", .where = {.file = file}, .mend = kMend});
  } catch (const Json::parse_error& error) {
    const std::string_view before = text.substr(0, std::min(error.byte, text.size()));
    return failure({.what = "is no JSON",
                    .where = {.file = file,
                              .line = std::ranges::count(before, '\n') + 1,
                              .column = static_cast<long>(before.size() - before.rfind('\n') - 1),
                              .field = {}},
                    .mend = kMend});
  } catch (const Json::exception&) {
    return failure({.what = "holds a number that is too large", .where = {.file = file}, .mend = kMend});
  }
}

class CapacityReader {
 public:
  CapacityReader(const Json& result, const std::string& file) : result_(result), file_(file) {}

  Expected<PlannedCapacity> read() {
    PlannedCapacity out;
    if (const auto name = result_.find("name"); name != result_.end() && name->is_string())
      out.name = name->get<std::string>();
    const auto objective = result_.find("objective");
    if (objective == result_.end()) complain("objective", "is missing", kMend);
    if (objective != result_.end() && objective->is_null())
      complain("objective", "the result holds no plan", "Give one that found capacities.");
    const double hours = number(result_, "hours", "hours", kMostHours);
    if (result_.contains("demand_peak_kw"))
      least_kw_ =
          std::max(1.0, kOfTheGap * number(result_, "demand_peak_kw", "demand_peak_kw", kMostKilowatts));
    const auto sites = result_.find("sites");
    if (errors_.empty() && (sites == result_.end() || !sites->is_array()))
      complain("sites", "is missing", kMend);
    if (errors_.empty() && hours <= 0) complain("hours", "are none", kMend);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    for (std::size_t i = 0; i < sites->size(); ++i)
      out.sites.push_back(site((*sites)[i], fmt::format("sites[{}]", i), hours));
    for (std::size_t i = 0; i < out.sites.size(); ++i) {
      const auto same = std::ranges::find(out.sites, out.sites[i].site, &SiteCapacity::site);
      if (same != out.sites.begin() + static_cast<std::ptrdiff_t>(i))
        complain(fmt::format("sites[{}].id", i), in_quotes(out.sites[i].site.text) + " stands there twice",
                 kMend);
    }
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return out;
  }

 private:
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what),
                        .where = {.file = file_, .line = 0, .column = 0, .field = field},
                        .mend = std::move(mend)});
  }

  double number(const Json& in, const char* name, const std::string& path, double most) {
    const auto found = in.find(name);
    if (found == in.end() || !found->is_number()) {
      complain(path, found == in.end() ? "is missing" : "is no number", kMend);
      return 0;
    }
    const double value = found->get<double>();
    if (value >= 0 && value <= most) return value;
    complain(path, fmt::format("{} is not from 0 to {}", shortest(value), shortest(most)), kMend);
    return 0;
  }

  SiteCapacity site(const Json& one, const std::string& path, double hours) {
    SiteCapacity out;
    out.where = {.file = file_, .line = 0, .column = 0, .field = path + ".id"};
    if (!one.is_object()) {
      complain(path, "is no site of a result", kMend);
      return out;
    }
    const auto id = one.find("id");
    if (id == one.end() || !id->is_string()) {
      complain(path + ".id", "is missing", kMend);
    } else {
      out.site.text = id->get<std::string>();
    }
    const auto kilowatts = [&](const char* name) {
      const double kw = number(one, name, path + "." + name, kMostKilowatts);
      return Kilowatts{kw < least_kw_ ? 0 : kw};
    };
    out.kept = kilowatts("kept_kw");
    out.filled = kilowatts("filled_kw");
    out.fresh = kilowatts("new_kw");
    out.idle = kilowatts("idle_kw");
    const double a_year = kYear.value / hours;
    out.served = KilowattHours{a_year * number(one, "served_kwh", path + ".served_kwh", kMostKwh)};
    return out;
  }

  const Json& result_;
  const std::string& file_;
  double least_kw_ = 0;
  Errors errors_;
};

}  // namespace

Expected<PlannedCapacity> parse_planned_capacity(std::string_view json, const std::string& file) {
  const auto result = object_of(json, file);
  if (!result) return std::unexpected(result.error());
  return CapacityReader(*result, file).read();
}

Expected<std::pair<SiteId, Kilowatts>> parse_site_megawatts(const std::string& text,
                                                            const std::string& flag) {
  const std::size_t equals = text.find('=');
  const auto mw = equals == std::string::npos ? std::nullopt : parse_number(text.substr(equals + 1));
  const double kw = mw.value_or(0) * kKilowattsPerMegawatt;
  if (equals != 0 && kw > 0 && kw <= kMostKilowatts)
    return std::pair{SiteId{text.substr(0, equals)}, Kilowatts{kw}};
  return failure({.what = "is no power at a site",
                  .where = at_flag(flag, text),
                  .mend = "Write SITE=MW, with MW above 0 and up to 1e6: guian=300."});
}

}  // namespace hinterland
