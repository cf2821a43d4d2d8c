#include "hinterland/sim/saving_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/sample.hpp"
#include "hinterland/cost/draw_plan.hpp"
#include "hinterland/cost/transfer.hpp"
#include "hinterland/sim/scenario_rates.hpp"

namespace hinterland {

namespace {

// The atlas whose figures are turned.
class DrawnAtlas {
 public:
  DrawnAtlas(const Atlas& atlas, const ScenarioWorld& setup) : original_(atlas), atlas_(atlas) {
    std::set<std::string> sites, grids, servers;
    for (const SimPool& pool : setup.world.pools) {
      sites.insert(pool.site.text);
      grids.insert(atlas.sites.at(pool.site).grid.text);
      servers.insert(pool.server.text);
    }
    add("sites", site_fields(), atlas_.sites, sites);
    add("grids", grid_fields(), atlas_.grids, grids);
    add("servers", server_fields(), atlas_.servers, servers);
    add("networks", offer_fields(), atlas_.offers, {setup.offer});
    add("atlas", country_fields(), atlas_.countries, {atlas.country().id.text});
    plan_ = plan_draws(atlas, dials_);
  }

  [[nodiscard]] const DrawPlan& plan() const { return plan_; }
  [[nodiscard]] const Atlas& atlas() const { return atlas_; }
  void turn(const double* uniforms) {
    for (std::size_t i = 0; i < plan_.dials.size(); ++i)
      turn_[plan_.dials[i]](plan_.spreads[i].quantile(uniforms[i]));
  }

 private:
  template <class Record>
  void add(const std::string& table, const Fields<Record>& fields, Table<Record>& records,
           const std::set<std::string>& ids) {
    const std::string currency = original_.country().currency;
    for (const std::string& text : ids) {
      const typename Table<Record>::IdType id{text};
      if (records.find(id) == nullptr) continue;
      for (const auto& field : fields) {
        if (field.kind != FieldKind::number || !field.is_fact) continue;
        const FieldValue value = field.get(records.at(id));
        const Provenance source = provenance(original_, table, text, in_currency(field.name, currency));
        const auto* central = std::get_if<double>(&value);
        if (central == nullptr || !source.low || !source.high || *source.low >= *source.high) continue;
        const double low = std::clamp(*source.low, field.low, *central),
                     high = std::clamp(*source.high, *central, field.high);
        dials_.push_back({.name = fmt::format("{}.{}.{}", table, text, field.name),
                          .table = table,
                          .id = text,
                          .field = field.name,
                          .central = *central,
                          .cited = Range{.low = low, .central = *central, .high = high},
                          .kind = source.kind});
        turn_.push_back(
            [&record = records.edit(id), set = field.set](double to) { set(record, FieldValue{to}); });
      }
    }
  }

  const Atlas& original_;
  Atlas atlas_;
  std::vector<Dial> dials_;
  std::vector<std::function<void(double)>> turn_;
  DrawPlan plan_;
};

}  // namespace

SavingRange draw_savings(const Scenario& scenario, const ScenarioWorld& setup, const Atlas& atlas,
                         const RateYear& rates, const Charges& charges, const PolicyEntry& policy,
                         std::int64_t draws, std::uint64_t seed, Progress& progress) {
  DrawnAtlas drawn(atlas, setup);
  ScenarioWorld turned = setup;
  const double gb_price_before = gb_price(atlas.offers.at({setup.offer}));
  SavingRange range{.figures = drawn.plan().dials.size()};
  std::vector<double> savings;
  std::vector<double> uniforms;
  const std::size_t width = drawn.plan().dials.size();
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    const auto at = static_cast<std::size_t>(draw);
    if (at % CorrelatedDraws::kBlock == 0) {
      uniforms = CorrelatedDraws(seed, drawn.plan().quantities, drawn.plan().groups)
                     .block(at / CorrelatedDraws::kBlock);
    }
    drawn.turn(uniforms.data() + (at % CorrelatedDraws::kBlock) * width);
    turned.world.forecast = pool_rates(scenario, drawn.atlas(), rates, charges, setup);
    for (std::size_t pool = 0; pool < turned.world.pools.size(); ++pool) {
      const UnitRates& forecast = turned.world.forecast[pool];
      turned.world.actual[pool] =
          UnitRates(forecast.rows(), forecast.charges(), setup.world.actual[pool].spikes());
    }
    const double dearer =
        gb_price_before > 0 ? gb_price(drawn.atlas().offers.at({setup.offer})) / gb_price_before : 1;
    for (std::size_t list = 0; list < setup.world.options.size(); ++list) {
      for (std::size_t i = 0; i < setup.world.options[list].size(); ++i)
        turned.world.options[list][i].money_per_gb = dearer * setup.world.options[list][i].money_per_gb;
    }
    const PolicyRun moved = run_policy(turned.world, policy, progress);
    if (moved.run.interrupted) break;
    const PolicyRun stayed = run_policy(turned.world, *find_policy("stay", ""), progress);
    if (stayed.run.interrupted || !progress.step("drawing", draw + 1, draws)) break;
    const BookCell a = moved.books.total(), b = stayed.books.total();
    if (a.done + a.cut != b.done + b.cut) continue;
    savings.push_back(from_millionths(b.bill.total() - a.bill.total()));
  }
  range.draws = static_cast<std::int64_t>(savings.size());
  if (savings.empty()) return range;
  std::ranges::sort(savings);
  range.saves = std::ranges::count_if(savings, [](double saving) { return saving > 0; });
  range.low = {nearest_rank(savings, 0.05)};
  range.median = {nearest_rank(savings, 0.5)};
  range.high = {nearest_rank(savings, 0.95)};
  return range;
}

}  // namespace hinterland
