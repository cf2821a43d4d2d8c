// What a job may cost, before it has begun.
#include <algorithm>
#include <cmath>

#include "hinterland/broker/broker.hpp"
#include "hinterland/policy/least_of.hpp"

namespace hinterland {

namespace {

// Of the shares that tasks of a project and class used: the ceil(q (n + 1))-th smallest of n; the whole if there
// is none.
class Shares {
 public:
  Shares(const State& state, const JobState& job)
      : from_(state.used.lower_bound({job.project, job.places, 0})),
        to_(state.used.upper_bound({job.project, job.places, kWholeShare})) {
    for (auto one = from_; one != to_; ++one) count_ += one->second;
  }

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] std::uint32_t quantile(std::int64_t tenths) const {
    const std::int64_t rank = (tenths * (count_ + 1) + 9) / 10;
    std::int64_t seen = 0;
    for (auto one = from_; one != to_; ++one) {
      seen += one->second;
      if (seen >= rank) return one->first.share;
    }
    return kWholeShare;
  }

 private:
  std::map<UsedKey, std::int64_t>::const_iterator from_, to_;
  std::int64_t count_ = 0;
};

}  // namespace

std::optional<JobQuote> Broker::quote(const JobRequest& request) const {
  if (deny(request) != Denial::none) return std::nullopt;
  return quote(new_job(request, now_));
}

std::optional<JobQuote> Broker::quote(const JobState& job) const {
  std::vector<Option> options;
  const NewSize size{job.size, job.units};
  find_fitting(job, size.size, options);
  const Ask ask = ask_for(job, size, options, false);
  const Placement placement = world_.policy(ask, pools_.view(rates_.forecast()));
  if (placement.refusal != Refusal::none) return std::nullopt;
  const Option& option = *std::ranges::find(options, placement.pool, &Option::pool);
  const Instant free = expected_span(ask, option, pools_.states()[option.pool]).start;
  const Instant from = std::max(free < kNever ? free : now_, placement.not_before);
  const double moving = moving_money(ask, option);
  const auto of_all = [&](std::uint32_t share) {
    const auto used = static_cast<std::int64_t>(
        std::ceil(static_cast<double>(job.request.ms) * (static_cast<double>(share) / kWholeShare)));
    const Bill one = rates_.forecast()[option.pool].bill(from, from + Duration{used}, job.units);
    return job.tasks * (static_cast<double>(one.total()) + moving);
  };
  const double most = of_all(kWholeShare);
  if (!(std::abs(most) < kMostRounded)) return std::nullopt;
  // In a glut of power, who uses more may pay less; a quote never falls for being surer.
  const Shares shares(state_, job);
  const double p50 = of_all(shares.quantile(5)), p90 = std::max(p50, of_all(shares.quantile(9)));
  return JobQuote{.p50 = nearest_whole(p50),
                  .p90 = nearest_whole(p90),
                  .most = nearest_whole(std::max(p90, most)),
                  .seen = shares.count()};
}

}  // namespace hinterland
