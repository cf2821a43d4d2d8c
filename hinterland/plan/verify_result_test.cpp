#include "hinterland/plan/verify_result.hpp"
#include "hinterland/plan/plan_result.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "hinterland/plan/conflict.hpp"
#include "tests/small_study.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> verified(const Study& study, const std::string& json) {
  return verify_result(json, "result.json", study, china(), {}, numbers_of(study).value()).value();
}

std::vector<std::string> after(const Study& study, const std::string& json,
                               const std::function<void(Json&)>& tamper) {
  Json result = Json::parse(json);
  tamper(result);
  return verified(study, result.dump());
}

}  // namespace

TEST_CASE("a result follows from its capacities and prices; changed anywhere, it does not") {
  const Study study = small_study({"survive=drought-2011", "caps.co2.kind=carbon", "caps.co2.most=24000",
                                   "sites.guian.power_mw=200", "windows=both",
                                   "limits.north.sites=zhongwei;horinger", "limits.north.most_share=0.3"});
  StudyPlan plan = plan_of(study);
  plan.relaxed = solve_relaxed(plan, {.gap = 1e-5});
  plan.stopped = true;  // before anybody asked why the cap leaves work unserved, which takes long
  const std::string json = plan_json(study, china(), {}, plan);
  CHECK(verified(study, json).empty());
  REQUIRE(plan.setup.numbers.caps.size() == 1);
  REQUIRE_FALSE(plan.cuts.empty());
  const auto scale = [](Json& number, double factor) { number = number.get<double>() * factor; };

  CHECK_FALSE(after(study, json, [&](Json& r) { scale(r["objective"], 1 + 1e-7); }).empty());
  CHECK_FALSE(after(study, json, [&](Json& r) { scale(r["bound"], 1 - 1e-7); }).empty());
  CHECK_FALSE(after(study, json, [&](Json& r) { scale(r["gap"], 0.5); }).empty());
  for (const char* name : {"bound", "bracket"})
    CHECK_FALSE(after(study, json, [&](Json& r) { scale(r["relaxed"][name], 1 - 1e-6); }).empty());
  CHECK_FALSE(after(study, json, [&](Json& r) {
                Json& price = r["relaxed"]["prices"]["capacity"]["zhongwei"][40];
                price = price.get<double>() + 0.001;
              }).empty());
  for (const char* name : {"asked", "has", "price_per_kw"})
    CHECK_FALSE(after(study, json, [&](Json& r) {
                  Json& number = r["limits"][0][name];
                  number = number.get<double>() * 0.999 + 1e-3;
                }).empty());
  CHECK_FALSE(after(study, json, [&](Json& r) { r["feasible"] = !r["feasible"].get<bool>(); }).empty());
  for (std::size_t s = 0; s < plan.setup.sites.size(); s += 3)
    for (const char* name :
         {"kept_kw", "filled_kw", "new_kw", "peak_kw", "served_kwh", "worth_per_kw", "idle_kw"})
      CHECK_FALSE(after(study, json, [&](Json& r) {
                    Json& number = r["sites"][s][name];
                    number = number.get<double>() * 0.999 + 0.1;
                  }).empty());
  Json unlimited = Json::parse(json);
  unlimited["prices"]["power"]["zhongwei"][40] = 1234.5;
  CHECK(verified(study, unlimited.dump()).front().starts_with("power: 1234.5 there"));
  for (const char* name : {"hour", "kw", "price_per_kw"})
    CHECK_FALSE(after(study, json, [&](Json& r) {
                  r["cuts"][0][name] = std::abs(r["cuts"][0][name].get<double>() - 1);
                }).empty());
  for (const char* site : {"metro-guangzhou", "zhongwei"})
    CHECK_FALSE(after(study, json, [&](Json& r) {
                  Json& price = r["prices"]["capacity"][site][40];
                  price = price.get<double>() + 0.001;
                }).empty());
  CHECK_FALSE(after(study, json, [&](Json& r) {
                for (Json& hub : r["carried"])
                  for (Json& share : hub)
                    if (share.get<double>() > 0.3) {
                      share = 0.1;
                      return;
                    }
              }).empty());
}

TEST_CASE("a result of both windows has both bounds") {
  const Study study = small_study({"windows=both"});
  StudyPlan plan = plan_of(study);
  plan.relaxed = solve_relaxed(plan, {.gap = 1e-5});
  const std::string json = plan_json(study, china(), {}, plan);
  CHECK(verified(study, json).empty());
  CHECK_FALSE(after(study, json, [](Json& r) { r.erase("relaxed"); }).empty());
}

TEST_CASE("more than may be had is no plan, however well its sums add up") {
  const Study study = small_study({"demand_mw=5000"});
  StudyPlan plan = plan_of(study);
  StudyProblem generous = numbers_of(study).value();
  std::size_t kept = 0;
  while (plan.setup.kinds[kept] != ColumnKind::kept) ++kept;
  generous.numbers.columns[kept].most *= 10;
  plan.plan.columns[kept] = generous.numbers.columns[kept].most;
  const StudyPlan forged = certify_study(std::move(generous), {}, std::move(plan.plan));
  CHECK(verified(study, plan_json(study, china(), {}, forged)).front().starts_with("kept_kw: "));
}

TEST_CASE("where opening costs something, the bound follows from the prices of several solves") {
  const Study study = new_sites(5e9, {"survive=drought-2011", "caps.co2.kind=carbon", "caps.co2.most=39000",
                                      "limits.north.sites=zhongwei;horinger", "limits.north.most_share=0.2"});
  const StudyPlan plan = solve_study(numbers_of(study).value(), {.gap = 1e-3});
  REQUIRE(plan.feasible());
  REQUIRE_FALSE(plan.plan.more_prices.empty());
  const std::string json = plan_json(study, china(), {}, plan);
  CHECK(verified(study, json).empty());
  const auto names = [&](const std::string& place, const std::function<void(Json&)>& tamper) {
    return std::ranges::any_of(after(study, json, tamper),
                               [&](const std::string& line) { return line.starts_with(place + ":"); });
  };
  const auto scale = [](Json& number, double factor) { number = number.get<double>() * factor; };
  CHECK(names("bound", [&](Json& r) { scale(r["bound"], 1 + 1e-7); }));
  CHECK(names("gap", [&](Json& r) { scale(r["gap"], 1.1); }));
  CHECK(names("objective", [&](Json& r) {
    for (Json& site : r["sites"]) scale(site["new_kw"], 0.99);
  }));
  CHECK(names("bound", [](Json& r) { r["more_prices"].clear(); }));
  // Prices that the master does without prove something by themselves.
  CHECK(names("prices.bound", [](Json& r) {
    Json& price = r["limits"][0]["price_per_kw"];
    price = price.get<double>() * 1.01 + 0.001;
  }));
  for (const std::size_t l : {std::size_t{0}, plan.plan.more_prices.size() - 1}) {
    const std::string one = fmt::format("more_prices[{}].", l);
    CHECK(names(one + "less_per_kw.zhongwei", [&](Json& r) {
      Json& price = r["more_prices"][l]["capacity"]["zhongwei"][40];
      price = price.get<double>() + 0.001;
    }));
    CHECK(names(one + "leaves_to_pay", [&](Json& r) {
      Json& price = r["more_prices"][l]["caps"][0];
      price = price.get<double>() + 0.001;
    }));
    CHECK(names(one + "less_per_kw.guian",
                [&](Json& r) { scale(r["more_prices"][l]["less_per_kw"]["guian"], 1.01); }));
  }
  // Some say what opening a site saves, whatever is built there.
  const auto& more = plan.plan.more_prices;
  const auto frees =
      std::ranges::find_if(more, [](const SitingPrices& prices) { return !prices.free_once_open.empty(); });
  REQUIRE(frees != more.end());
  const auto l = static_cast<std::size_t>(frees - more.begin());
  CHECK(names(fmt::format("more_prices[{}].less_once_open.guian", l),
              [&](Json& r) { scale(r["more_prices"][l]["less_once_open"]["guian"], 1.01); }));
  const Json free = Json::parse(json)["more_prices"][l]["free_once_open"];
  int freed = 0;
  for (const char* site : {"guian", "horinger", "zhongwei"}) {
    if (std::ranges::find(free, site) != free.end()) continue;
    CHECK(names(fmt::format("more_prices[{}].capacity.{}", l, site),
                [&](Json& r) { r["more_prices"][l]["free_once_open"].push_back(site); }));
    ++freed;
  }
  CHECK(freed > 0);
}

TEST_CASE("why a plan does not do all that was asked is worked out anew") {
  const auto tampered = [](const Study& study) {
    const StudyProblem setup = numbers_of(study).value();
    StudyPlan plan = solve_study(setup, {.gap = 1e-5});
    explain(plan, setup, {});
    const std::string json = plan_json(study, china(), {}, plan);
    CHECK(verified(study, json).empty());
    CHECK_FALSE(after(study, json, [](Json& r) { r["conflicts"].push_back({"cap co2"}); }).empty());
    CHECK_FALSE(after(study, json, [](Json& r) {
                  r["unserved_by_choice"] = !r["unserved_by_choice"].get<bool>();
                }).empty());
    return after(study, json, [](Json& r) { r["objective"] = nullptr; });
  };
  CHECK_FALSE(tampered(small_study({"caps.co2.kind=carbon", "caps.co2.most=1"})).empty());
  CHECK_FALSE(tampered(small_study({"demand_mw=3000", "unserved_per_kwh=2"})).empty());
  // No capacity keeps these: there is no objective to begin with.
  CHECK(tampered(small_study({"largest_new_mw=0", "limits.a.least_mw=50", "limits.a.of=new"})).empty());
  const Study fine = small_study();
  CHECK_FALSE(after(fine, plan_json(fine, china(), {}, plan_of(fine)), [](Json& r) {
                r["objective"] = nullptr;
              }).empty());
}

TEST_CASE("what is no result of the study is refused with the field that is wrong") {
  const Study study = small_study();
  const std::string json = plan_json(study, china(), {}, plan_of(study));
  const auto refused = [&](const std::function<void(Json&)>& break_it) {
    Json result = Json::parse(json);
    break_it(result);
    const auto out = verify_result(result.dump(), "r.json", study, china(), {}, numbers_of(study).value());
    return out ? std::string{} : out.error().front().where.field;
  };
  CHECK(refused([](Json& r) { r["sites"].erase(0); }) == "sites");
  CHECK(
      after(study, json, [](Json& r) { r["sites"][0]["kept_kw"] = -1; }).front().starts_with("kept_kw: -1"));
  CHECK(refused([](Json& r) { r["sites"][0]["kept_kw"] = "much"; }) == "kept_kw");
  CHECK(refused([](Json& r) { r.erase("prices"); }) == "prices");
  CHECK(after(study, json, [](Json& r) { r["prices"]["capacity"]["guian"][3] = -1; })
            .front()
            .starts_with("capacity: -1 there"));
  CHECK(refused([](Json& r) { r["cuts"] = Json::array({Json{{"hazard", nullptr}}}); }) != "");
  CHECK(refused([](Json& r) { r["prices"]["capacity"]["guian"].erase(3); }) == "guian");
  CHECK(refused([](Json& r) { r.erase("more_prices"); }) == "more_prices");
  CHECK(refused([](Json& r) { r["more_prices"] = Json::array({1}); }) == "more_prices");
  CHECK(refused([](Json& r) {
          r["more_prices"] = Json::array({Json{
              {"free_once_open", Json::array()}, {"capacity", Json::object()}, {"caps", Json::array()}}});
        }) == "horinger");
  CHECK(refused([](Json& r) {
          r["more_prices"] = Json::array({Json{
              {"free_once_open", Json::array()}, {"capacity", r["prices"]["capacity"]}, {"caps", {1, 2}}}});
        }) == "caps");
  CHECK(refused([](Json& r) { r["more_prices"] = Json::array({Json{{"free_once_open", {"nowhere"}}}}); }) ==
        "free_once_open");
  CHECK(refused([](Json& r) { r["carried"] = Json::array({1, 2}); }) == "carried");
  CHECK_FALSE(read_origin("[1]", "r.json"));
  CHECK_FALSE(read_origin("{}", "r.json"));
  CHECK(read_origin(json, "r.json")->study == "small.toml");
}

}  // namespace hinterland
