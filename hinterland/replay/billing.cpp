#include "hinterland/replay/billing.hpp"

#include <algorithm>

namespace hinterland {

void bill_all(const SimWorld& world, std::vector<Billable>& all,
              const std::function<void(const Billable&, const Bill&)>& take) {
  std::vector<const PoolChange*> news;
  for (const PoolChange& change : world.changes) {
    if (change.kind == PoolChange::Kind::prices) news.push_back(&change);
  }
  std::vector<UnitRates> heard;
  std::vector<std::vector<HourPrice>> kept;
  if (!news.empty()) {
    heard = world.actual;
    kept.resize(world.pools.size());
    std::ranges::sort(all, {}, &Billable::ended);
  }
  auto next = news.begin();
  for (const Billable& one : all) {
    // What is heard at the instant at which an attempt ends comes after its end (simulate.hpp).
    for (; next != news.end() && (*next)->at < one.ended; ++next) {
      take_news(kept[(*next)->pool], (*next)->prices, (*next)->at);
      heard[(*next)->pool] = with_prices(world.actual[(*next)->pool], kept[(*next)->pool]);
    }
    const UnitRates& rates = heard.empty() ? world.actual[one.pool] : heard[one.pool];
    const JobIndex job{one.job};
    const auto& options = world.options_of(world.jobs.group[job], world.jobs.home[job]);
    const auto option = std::ranges::lower_bound(options, one.pool, {}, &Option::pool);
    const bool known = option != options.end() && option->pool == one.pool;
    take(one,
         bill_of_attempt(rates, one.began, one.ran, one.units, one.gb, known ? option->money_per_gb : 0));
  }
}

}  // namespace hinterland
