#include "hinterland/impact/inequality_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "hinterland/impact/band_words.hpp"
#include "hinterland/impact/inequality_sentence.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kRisesTold = 3;  // regions, at each end

std::string money_text(double value) { return grouped(std::llround(value)); }

std::string change_text(double later, double earlier) {
  return fmt::format("{:+.1f} %", 100 * (later / earlier - 1));
}

Words interval_text(const Interval& one) {
  const auto text = [&](double x) { return fmt::format("{:.3g}", x); };
  return band_words(text(one.value), text(one.low), text(one.high));
}

TableBlock years_block(const RegionalInequality& result) {
  TableBlock block{.caption = {fmt::format("GDP per head over {} regions, weighted by people; groups: {}",
                                           result.region_courses.size(), result.grouping),
                               fmt::format("{} 个地区的人均生产总值，以人口加权；分组：{}",
                                           result.region_courses.size(), result.grouping)},
                   .columns = {{{"year", "年"}},
                               {{"Theil T", "泰尔 T"}, Align::right},
                               {{"between", "组间"}, Align::right},
                               {{"within", "组内"}, Align::right},
                               {{"between is", "组间占比"}, Align::right},
                               {{"Theil L", "泰尔 L"}, Align::right},
                               {{"Gini", "基尼"}, Align::right},
                               {{"variation", "变异系数"}, Align::right},
                               {{"sigma", "σ"}, Align::right}},
                   .rows = {}};
  for (const InequalityYear& year : result.years) {
    const Decomposition& parts = year.parts;
    block.rows.push_back({std::to_string(year.year), measure_text(parts.all.theil_t),
                          measure_text(parts.between_t), measure_text(parts.within_t),
                          percent(parts.between_t / parts.all.theil_t), measure_text(*parts.all.theil_l),
                          measure_text(parts.all.gini), measure_text(parts.all.cv),
                          measure_text(year.sigma)});
  }
  return block;
}

LinesBlock over_time(const RegionalInequality& result) {
  LinesBlock block{.caption = {"Theil T over time", "泰尔 T 的变化"},
                   .x_name = {"year", "年"},
                   .y_name = {"Theil T", "泰尔 T"},
                   .x = {},
                   .curves = {{.name = {"all", "全部"}, .y = {}},
                              {.name = {"between groups", "组间"}, .y = {}},
                              {.name = {"within groups", "组内"}, .y = {}}},
                   .calendar = true};
  for (const InequalityYear& year : result.years) {
    block.x.push_back(year.year);
    block.curves[0].y.push_back(year.parts.all.theil_t);
    block.curves[1].y.push_back(year.parts.between_t);
    block.curves[2].y.push_back(year.parts.within_t);
  }
  return block;
}

LinesBlock inside_groups(const RegionalInequality& result) {
  LinesBlock block{.caption = {"Theil T inside each group", "各组内部的泰尔 T"},
                   .x_name = {"year", "年"},
                   .y_name = {"Theil T", "泰尔 T"},
                   .x = {},
                   .curves = {},
                   .calendar = true};
  for (const InequalityYear& year : result.years) block.x.push_back(year.year);
  for (std::size_t g = 0; g < result.groups.size(); ++g) {
    if (result.groups[g].regions.size() < 2) continue;
    auto& curve = block.curves.emplace_back();
    curve.name = {result.groups[g].name, result.groups[g].name_zh};
    for (const InequalityYear& year : result.years) curve.y.push_back(year.parts.groups[g].own.theil_t);
  }
  return block;
}

// Ratio and gap of each, side by side, in the first and the last year.
TableBlock courses_block(Words caption, const Words& what, const std::vector<Course>& courses,
                         const std::string& currency) {
  TableBlock block{.caption = std::move(caption),
                   .columns = {{what},
                               {{"years", "年份"}},
                               {{"a head, " + currency, "人均，" + currency}, Align::right},
                               {{"growth", "增长"}, Align::right},
                               {{"nation's", "全国增长"}, Align::right},
                               {{"to the nation", "与全国之比"}, Align::right},
                               {{"behind it, " + currency, "落后，" + currency}, Align::right}},
                   .rows = {}};
  for (const Course& one : courses)
    block.rows.push_back({{one.name, one.name_zh},
                          fmt::format("{}, {}", one.from, one.to),
                          fmt::format("{} -> {}", money_text(one.first.own), money_text(one.last.own)),
                          fmt::format("{:+.2f} %", 100 * one.growth()),
                          fmt::format("{:+.2f} %", 100 * one.nation_growth()),
                          fmt::format("{:.3f} -> {:.3f}", one.first.ratio(), one.last.ratio()),
                          fmt::format("{} -> {}", money_text(one.first.gap()), money_text(one.last.gap()))});
  return block;
}

FactsBlock convergence_block(const RegionalInequality& result) {
  const BetaConvergence& beta = *result.beta;
  const SigmaConvergence& sigma = *result.sigma;
  FactsBlock block{.caption = {fmt::format("Convergence {} to {}, {} intervals", result.first().year,
                                           result.last().year, percent(result.level)),
                               fmt::format("{} 至 {} 年的收敛，{} 区间", result.first().year,
                                           result.last().year, percent(result.level))},
                   .facts = {}};
  const auto verdict = [](bool closer, bool wider) -> Words {
    if (closer) return {"convergence", "收敛"};
    if (wider) return {"divergence", "发散"};
    return {"neither is shown", "两者均未证实"};
  };
  const Words by_beta = verdict(beta.converges(), beta.diverges());
  const Words by_sigma = verdict(sigma.converges(), sigma.diverges());
  const Words slope = interval_text({-beta.slope.value, -beta.slope.high, -beta.slope.low}),
              times = interval_text(sigma.ratio);
  block.facts.push_back(
      {{"beta", "β"},
       {fmt::format("{}: growth a year falls by {} a unit of ln GDP per head", by_beta.en, slope.en),
        fmt::format("{}：人均生产总值对数每高 1，年增长率低 {}", by_beta.zh, slope.zh)}});
  if (beta.beta) {
    Words speed = interval_text(*beta.beta);
    speed.en += " a year";
    speed.zh = "每年 " + speed.zh;
    if (beta.beta->low > 0) {
      const auto years = [](double rate) { return fmt::format("{:.0f}", std::log(2) / rate); };
      const Words half = band_words(years(beta.beta->value), years(beta.beta->high), years(beta.beta->low));
      speed.en += fmt::format("; half a gap in {} years", half.en);
      speed.zh += fmt::format("；差距减半需 {} 年", half.zh);
    }
    block.facts.push_back({{"speed", "速度"}, speed});
  }
  block.facts.push_back(
      {{"sigma", "σ"},
       {fmt::format("{}: the spread of ln GDP per head goes from {:.3f} to {:.3f}, times {}", by_sigma.en,
                    sigma.first, sigma.last, times.en),
        fmt::format("{}：人均生产总值对数的标准差由 {:.3f} 变为 {:.3f}，倍数 {}", by_sigma.zh, sigma.first,
                    sigma.last, times.zh)}});
  return block;
}

// A curve's share of the total at a share of the people, straight between its points.
double lorenz_at(const std::vector<std::pair<double, double>>& curve, double weight) {
  const auto above = std::ranges::lower_bound(curve, weight, {}, &std::pair<double, double>::first);
  if (above == curve.begin()) return above->second;
  if (above == curve.end()) return curve.back().second;
  const auto below = std::prev(above);
  return std::lerp(below->second, above->second, (weight - below->first) / (above->first - below->first));
}

LinesBlock lorenz_block(const RegionalInequality& result) {
  std::set<double> at;
  for (const auto& [weight, total] : result.lorenz_first) at.insert(weight);
  for (const auto& [weight, total] : result.lorenz_last) at.insert(weight);
  LinesBlock block{.caption = {"Lorenz curves", "洛伦兹曲线"},
                   .x_name = {"share of the people, poorest regions first", "人口累计占比，由穷到富"},
                   .y_name = {"share of GDP", "生产总值累计占比"},
                   .x = {at.begin(), at.end()},
                   .curves = {{.name = std::to_string(result.first().year), .y = {}},
                              {.name = std::to_string(result.last().year), .y = {}},
                              {.name = {"equal", "绝对平均"}, .y = {at.begin(), at.end()}}}};
  for (const double x : block.x) {
    block.curves[0].y.push_back(lorenz_at(result.lorenz_first, x));
    block.curves[1].y.push_back(lorenz_at(result.lorenz_last, x));
  }
  return block;
}

MapBlock map_block(const Atlas& atlas, const RegionalInequality& result) {
  MapBlock map{.caption = {fmt::format("GDP per head in {}: a mark's area", result.last().year),
                           fmt::format("{} 年人均生产总值：圆点面积", result.last().year)},
               .outlines = atlas.country().id.text,
               .groups = {},
               .places = {},
               .lines = {},
               .note = {}};
  for (const RegionGroup& group : result.groups)
    map.groups.push_back({.id = group.id.text, .name = {group.name, group.name_zh}});
  double most = 0;
  for (const Course& one : result.region_courses) most = std::max(most, one.last.own);
  for (std::size_t r = 0; r < atlas.regions.size(); ++r) {
    const Region& region = atlas.regions.rows()[r];
    const Course& course = result.region_courses[r];
    const auto group = std::ranges::find_if(result.groups, [&](const RegionGroup& one) {
      return std::ranges::find(one.regions, region.id) != one.regions.end();
    });
    map.places.push_back(
        {.name = {region.name, region.name_zh},
         .latitude_deg = region.latitude_deg,
         .longitude_deg = region.longitude_deg,
         .size = course.last.own / most,
         .group = group->id.text,
         .text = {fmt::format("{} a head, {:.3f} of the nation's; {:.3f} in {}", money_text(course.last.own),
                              course.last.ratio(), course.first.ratio(), course.from),
                  fmt::format("人均 {}，为全国的 {:.3f}；{} 年为 {:.3f}", money_text(course.last.own),
                              course.last.ratio(), course.from, course.first.ratio())}});
  }
  return map;
}

TableBlock changed_block(const RegionalInequality& result) {
  const ChangedInequality& after = *result.changed;
  TableBlock block{.caption = {fmt::format("What the change does to {}", result.last().year),
                               fmt::format("对 {} 年的影响", result.last().year)},
                   .columns = {{{"measure", "指标"}},
                               {{"before", "之前"}, Align::right},
                               {{"low", "低"}, Align::right},
                               {{"central", "中"}, Align::right},
                               {{"high", "高"}, Align::right}},
                   .rows = {}};
  const Decomposition& before = result.last().parts;
  const auto add = [&](const Words& name, const auto& measure) {
    block.rows.push_back({name, fmt::format("{:.6f}", measure(before)),
                          change_text(measure(after.low), measure(before)),
                          change_text(measure(after.central), measure(before)),
                          change_text(measure(after.high), measure(before))});
  };
  add({"Theil T", "泰尔 T"}, [](const Decomposition& x) { return x.all.theil_t; });
  add({"between groups", "组间"}, [](const Decomposition& x) { return x.between_t; });
  add({"within groups", "组内"}, [](const Decomposition& x) { return x.within_t; });
  add({"Gini", "基尼"}, [](const Decomposition& x) { return x.all.gini; });
  return block;
}

// "Tibet +15.6 %, Shanghai +14.2 %", of one end of the rises.
std::string rises_text(std::span<const BreakRise> rises, std::string BreakRise::* name, const char* comma) {
  std::vector<std::string> out;
  for (const BreakRise& one : rises) out.push_back(fmt::format("{} {:+.1f} %", one.*name, 100 * one.rise));
  return fmt::format("{}", fmt::join(out, comma));
}

// What may be read across a change of revision, and what not.
Paragraph break_limit(const SeriesBreak& one, double theil_t) {
  const std::span<const BreakRise> all = one.rises;
  const std::size_t few = std::min(kRisesTold, all.size());
  const auto most = all.first(few), least = all.last(few);
  return {
      .text = {fmt::format("A break of series. The accounts of {} are of another revision than those of {}: "
                           "between the two "
                           "GDP at current prices rises by {:.1f} % in all, most in {}, least in {}, which "
                           "is not all of it "
                           "growth. So no turn is told across it, and what is said from an earlier year to "
                           "{} (changes, ratios, "
                           "gaps, convergence) has the revision in it: Theil T of {} is {:.4f}, and {:.4f} "
                           "had each region "
                           "risen like the whole. --last {} stays before it.",
                           one.from, one.before, 100 * one.rise, rises_text(most, &BreakRise::name, ", "),
                           rises_text(least, &BreakRise::name, ", "), one.from, one.from, theil_t,
                           one.even_theil_t, one.before),
               fmt::format("序列断点：{} 年账目与 {} 年口径不同，其间按现价总体变动 {:+.1f} "
                           "%，最高为{}，最低为{}，并非全为"
                           "增长。因此不跨断点叙述转折；从更早年份到 {} "
                           "年的变化、比值、差距与收敛均含口径变动：{} 年泰尔 T 为 "
                           "{:.4f}，若各地区与总体同步增长则为 {:.4f}。用 --last {} 可止于断点之前。",
                           one.from, one.before, 100 * one.rise, rises_text(most, &BreakRise::name_zh, "、"),
                           rises_text(least, &BreakRise::name_zh, "、"), one.from, one.from, theil_t,
                           one.even_theil_t, one.before)}};
}

std::vector<Paragraph> limits(const Atlas& atlas) {
  return {
      {.text = {"A region counts by its people at the end of the year. Theil T: sum of s ln(s / w); L: sum "
                "of w ln(w / s); "
                "s: share of GDP, w: of the people. Gini: mean difference / twice the mean. Variation: "
                "standard deviation / "
                "mean. Sigma: standard deviation of ln GDP per head, each region once.",
                "地区以年末人口计权。泰尔 T = Σ s ln(s/w)；L = Σ w ln(w/s)；s 为生产总值占比，w "
                "为人口占比。基尼 = "
                "平均差 / 2 倍均值。变异系数 = 标准差 / 均值。σ：人均生产总值对数的标准差，各地区计一次。"}},
      {.text =
           {fmt::format(
                "What it does not say. GDP is what is made in a region, not what its people have; it is "
                "nominal, "
                "at prices that differ between regions. All inequality inside a region is left out. The "
                "nation is the sum of the {} regions, not the nation's own figure. Intervals take the "
                "regions "
                "as draws from more of their kind; errors of the figures are not in them.",
                atlas.regions.size()),
            fmt::format(
                "未说明的：生产总值是当地产出而非居民所得；为名义值，各地价格不同；地区内部的不平等未计入；"
                "全国为 {} 个地区之和，并非全国公布数；区间把各地区看作同类的抽样，不含数据误差。",
                atlas.regions.size())}},
  };
}

}  // namespace

Page inequality_page(const Atlas& atlas, const RegionalInequality& result, const PlaceInequality* counties) {
  const std::string& currency = atlas.country().currency;
  Page page{.title = {"Inequality between regions", "地区间的不平等"}, .blocks = {}};
  page.blocks.emplace_back(Paragraph{.text = inequality_sentence(result), .strong = true});
  if (const Words both = ratio_and_gap_sentence(result); !both.empty())
    page.blocks.emplace_back(Paragraph{.text = both});
  page.blocks.emplace_back(years_block(result));
  if (result.years.size() > 1) {
    page.blocks.emplace_back(over_time(result));
    page.blocks.emplace_back(inside_groups(result));
  }
  page.blocks.emplace_back(courses_block({"Groups beside the nation", "各组与全国"}, {"group", "组"},
                                         result.group_courses, currency));
  if (result.beta && result.sigma) page.blocks.emplace_back(convergence_block(result));
  if (result.changed) page.blocks.emplace_back(changed_block(result));
  if (const auto incomes = income_courses(atlas); !incomes.empty())
    page.blocks.emplace_back(
        courses_block({"Disposable income beside the nation, where published for two years",
                       "人均可支配收入与全国（有两年公布数的地区）"},
                      {"region", "地区"}, incomes, currency));
  page.blocks.emplace_back(
      courses_block({"GDP per head of each region beside the nation", "各地区人均生产总值与全国"},
                    {"region", "地区"}, result.region_courses, currency));
  page.blocks.emplace_back(lorenz_block(result));
  page.blocks.emplace_back(map_block(atlas, result));
  if (counties != nullptr) {
    FactsBlock block = measures_block(*counties);
    block.caption = {"Counties, by their totals: " + block.caption.en, "县级总量：" + block.caption.zh};
    page.blocks.emplace_back(std::move(block));
  }
  for (const SeriesBreak& one : result.breaks) {
    const auto year = std::ranges::find(result.years, one.from, &InequalityYear::year);
    page.blocks.emplace_back(break_limit(one, year->parts.all.theil_t));
  }
  for (Paragraph& one : limits(atlas)) page.blocks.emplace_back(std::move(one));
  return page;
}

}  // namespace hinterland
