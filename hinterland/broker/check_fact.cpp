#include "hinterland/broker/check_fact.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "hinterland/base/model_year.hpp"
#include "hinterland/policy/queues.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kMostMoney = 1'000'000'000'000'000'000;  // millionths, of anything
constexpr std::int64_t kMostUnits = 1'000'000'000;
constexpr std::int64_t kMostBytes = 1'000'000'000'000'000'000;
constexpr double kMostAmount = 1e9;            // GB, or money an hour
constexpr Duration kMostWait{31'536'000'000};  // a year: prices come again
constexpr Instant kLastInstant{static_cast<std::int64_t>(kMostSeconds) * 1000};

bool is_count(std::int64_t x) { return x >= 0 && x <= kMostUnits; }
bool is_size(const Size& size) {
  return is_count(size.cores) && is_count(size.gpus) && is_count(size.memory_gb);
}
bool is_sound(const Size& size, std::int64_t units) {
  return is_size(size) && size != Size{} && units >= 1 && is_count(units);
}

// std::abs() of the least number is none.
bool is_within(std::int64_t money, std::int64_t most) { return money >= -most && money <= most; }

bool are_bytes(std::int64_t count) { return count >= 0 && count <= kMostBytes; }

bool adds_up(std::int64_t sum, std::int64_t more) {
  return is_within(more, kMostMoney) && is_within(sum, kMostMoney);
}

class Check {
 public:
  using Wrong = const char*;
  explicit Check(const State& state) : s_(state) {}

  Wrong operator()(const fact::PoolNamed& f) const { return named(f.name, s_.pools.size()); }
  Wrong operator()(const fact::PlacesNamed& f) const { return named(f.name, s_.places.size()); }
  Wrong operator()(const fact::HostNamed& f) const { return pool(f.pool); }
  Wrong operator()(const fact::ProjectSet& f) const {
    if (f.share < 1 || f.share > kMostUnits || f.budget < -1) return "share or budget is out of range";
    return named(f.name, s_.projects.size());
  }

  Wrong operator()(const fact::Accepted& f) const {
    const JobRequest& job = f.job;
    if (job.project >= s_.projects.size()) return "there is no such project";
    if (job.places >= s_.places.size()) return "there is no such list of places";
    if (std::ranges::any_of(job.after, [&](JobNumber before) { return before >= s_.jobs.size(); }))
      return "it waits for a job that is not there";
    if (!hinterland::is_sound(job)) return "the job is out of range";
    if (s_.tasks.size() + job.tasks > std::numeric_limits<std::uint32_t>::max())
      return "there are too many tasks";
    return time(f.at);
  }
  Wrong operator()(const fact::HoldSet& f) const { return job(f.job); }
  Wrong operator()(const fact::CancelAsked& f) const { return job(f.job); }
  Wrong operator()(const fact::RetryAsked& f) const { return job(f.job); }

  Wrong operator()(const fact::Placed& f) const {
    if (f.reserved < 0 || f.reserved > kMostMoney) return "what is reserved is out of range";
    if (const Wrong wrong = pool(f.pool)) return wrong;
    return task(f.task, TaskPhase::unplaced);
  }
  Wrong operator()(const fact::Refused& f) const { return task(f.task, TaskPhase::unplaced); }
  Wrong operator()(const fact::Unplaced& f) const { return task(f.task, TaskPhase::waiting); }
  Wrong operator()(const fact::Resized& f) const {
    if (f.task >= s_.tasks.size()) return "there is no such task";
    return is_sound(f.size, f.units) ? nullptr : "its size is out of range";
  }

  Wrong operator()(const fact::Launched& f) const {
    if (f.attempt.value <= s_.attempts_begun) return "there was such an attempt";
    if (f.due < f.at || f.due - f.at > kMostTime) return "it is due before it began, or too late";
    if (const Wrong wrong = time(f.at)) return wrong;
    return task(f.task, TaskPhase::waiting);
  }
  Wrong operator()(const fact::Confirmed& f) const {
    const auto found = s_.attempts.find(f.attempt);
    if (found == s_.attempts.end()) return "no such attempt runs";
    if (f.host >= s_.hosts.size()) return "there is no such host";
    return s_.hosts[f.host].pool == found->second.pool ? nullptr : "the host is another pool's";
  }
  Wrong operator()(const fact::Fetched& f) const {
    if (!s_.attempts.contains(f.attempt)) return "no such attempt runs";
    return are_bytes(f.outputs.needed) && are_bytes(f.outputs.moved) ? nullptr : "its bytes are out of range";
  }
  Wrong operator()(const fact::Staged& f) const {
    const auto found = s_.attempts.find(f.attempt);
    if (found == s_.attempts.end()) return "no such attempt runs";
    if (!are_bytes(f.inputs.needed) || !are_bytes(f.inputs.moved)) return "its bytes are out of range";
    if (f.inputs.moved < found->second.inputs.moved) return "less was moved than before";
    return time(f.at);
  }
  Wrong operator()(const fact::Finished& f) const {
    const auto found = s_.attempts.find(f.attempt);
    if (found == s_.attempts.end()) return "no such attempt runs";
    if (f.ran.ms < 0 || f.ran > kMostTime) return "how long it ran is out of range";
    const ProjectState& project = s_.projects[s_.job_of(found->second.task).project];
    bool bounded = true;
    for_each_part(f.bill, f.bill, [&](std::int64_t part, std::int64_t) {
      bounded = bounded && is_within(part, kMostMoney / 8);
    });
    if (!bounded || !adds_up(project.spent, f.bill.total())) return "its bill is out of range";
    return time(f.at);
  }
  Wrong operator()(const fact::Done& f) const { return task(f.task, TaskPhase::publishing); }

  Wrong operator()(const fact::TermBegun& f) const {
    if (const Wrong wrong = pool(f.pool)) return wrong;
    return f.term > s_.pools[f.pool].term ? nullptr : "there was such a term";
  }
  Wrong operator()(const fact::PoolLost& f) const { return pool(f.pool); }
  Wrong operator()(const fact::DownSet& f) const { return pool(f.pool); }
  Wrong operator()(const fact::DrainSet& f) const { return pool(f.pool); }
  Wrong operator()(const fact::Warned& f) const { return pool(f.pool); }
  Wrong operator()(const fact::HostCondemned& f) const {
    if (f.host >= s_.hosts.size()) return "there is no such host";
    return s_.hosts[f.host].condemned ? "the host is condemned already" : nullptr;
  }
  Wrong operator()(const fact::HostPardoned& f) const {
    if (f.host >= s_.hosts.size()) return "there is no such host";
    return s_.hosts[f.host].condemned ? nullptr : "the host is not condemned";
  }
  Wrong operator()(const fact::Quoted& f) const {
    const JobQuote& quote = f.quote;
    for (const std::int64_t money : {quote.p50, quote.p90, quote.most}) {
      if (!is_within(money, kMostMoney)) return "what it may cost is out of range";
    }
    return quote.seen >= 0 ? job(f.job) : "fewer than none were seen";
  }
  Wrong operator()(const fact::Digested& f) const {
    return s_.keys.contains(f.key) ? nullptr : "there is no such key";
  }
  Wrong operator()(const fact::RoomHeard& f) const {
    return f.cores >= 0 ? pool(f.pool) : "fewer than no cores are to be had";
  }
  Wrong operator()(const fact::JournalNamed& f) const {
    return s_.name.empty() && !f.name.empty() ? nullptr : "the journal has a name already";
  }
  Wrong operator()(const fact::Asked& f) const {
    constexpr int most_status = 599;
    if (f.who.size() > kMostAsked || f.what.size() > kMostAsked) return "who asked what is too long";
    return f.status >= 0 && f.status <= most_status ? nullptr : "there is no such status";
  }
  Wrong operator()(const fact::DealMade& f) const {
    if (const Wrong wrong = pool(f.pool)) return wrong;
    const PoolDeal& deal = f.deal;
    if (!is_party(deal.owner) || !is_party(deal.carrier)) return "who is paid has no name, or none that fits";
    if (deal.site.size() > kMostPartyName || deal.currency.size() > kMostPartyName)
      return "its site or currency is too long";
    return deal.server_units >= 1 && deal.server_units <= kMostUnits ? nullptr
                                                                     : "a server's units are out of range";
  }
  Wrong operator()(const fact::PoolBuilt& f) const {
    const PoolBuild& build = f.build;
    if (!is_size(build.size) || !is_size(build.server) || !is_count(build.units))
      return "what it has is out of range";
    if (build.pricing.server.size() > kMostPartyName || !is_within(build.pricing.rate, kMostMoney))
      return "how it is priced is out of range";
    return pool(f.pool);
  }
  Wrong operator()(const fact::PlacesOpened& f) const {
    if (f.places >= s_.places.size()) return "there is no such list of places";
    const std::vector<Option>& options = f.open.options;
    for (std::size_t k = 0; k < options.size(); ++k) {
      const Option& option = options[k];
      if (const Wrong wrong = pool(option.pool)) return wrong;
      if (k > 0 && option.pool <= options[k - 1].pool) return "its pools are not in order";
      const auto amount = [](double x, double most) { return x >= 0 && x <= most; };
      if (!amount(option.money_per_gb, kMillion * kMostAmount) ||
          !amount(option.ms_per_gb, static_cast<double>(kMostTime.ms)) || !amount(option.km, kMostAmount))
        return "what moving there takes is out of range";
    }
    return pool(f.open.home);
  }
  Wrong operator()(const fact::RulesMade& f) const {
    const HouseRules& rules = f.rules;
    if (rules.policy.empty() || rules.policy.size() > kMostPartyName)
      return "the policy has no name that fits";
    const auto price = [](double x) { return x >= 0 && x <= kMostAmount; };
    if (!price(rules.carbon_per_kg) || !price(rules.water_per_litre)) return "a price is out of range";
    if (rules.lost_after.ms < 0 || rules.lost_after > kMostTime) return "when pools are lost is out of range";
    return rules.first_hour >= 0 && rules.first_hour < static_cast<std::int64_t>(kYearHours)
               ? nullptr
               : "no year has such an hour";
  }
  Wrong operator()(const fact::PricesHeard& f) const {
    if (const Wrong wrong = pool(f.pool)) return wrong;
    if (f.hours.empty() || f.hours.size() > kMostHours) return "it says nothing, or too much";
    for (std::size_t k = 0; k < f.hours.size(); ++k) {
      const HourPrice& price = f.hours[k];
      if (price.hour.ms % kHour.ms != 0 || price.hour < Instant{} || price.hour > kLastInstant)
        return "its hour is none";
      if (price.hour - f.at > kPricesAhead) return "its hour is too far ahead";
      if (k > 0 && price.hour <= f.hours[k - 1].hour) return "its hours are not in order";
      if (!is_within(price.money_per_kwh, kMostPrice) || price.co2_kg_per_kwh < HourPrice::kUntold ||
          price.co2_kg_per_kwh > kMostPrice)
        return "a price is out of range";
    }
    return time(f.at);
  }

 private:
  static Wrong named(const std::string& name, std::size_t there_are) {
    if (name.empty()) return "it has no name";
    return there_are < std::numeric_limits<std::uint16_t>::max() ? nullptr : "there are too many";
  }
  static Wrong time(Instant at) {
    return at >= Instant{-kLastInstant.ms} && at <= kLastInstant ? nullptr : "its time is out of range";
  }
  [[nodiscard]] Wrong pool(PoolIndex pool) const {
    return pool < s_.pools.size() ? nullptr : "there is no such pool";
  }
  [[nodiscard]] Wrong job(JobNumber job) const {
    return job < s_.jobs.size() ? nullptr : "there is no such job";
  }
  [[nodiscard]] Wrong task(TaskIndex task, TaskPhase phase) const {
    if (task >= s_.tasks.size()) return "there is no such task";
    return s_.tasks[task].phase == phase ? nullptr : "its task is not at that point";
  }

  const State& s_;
};

}  // namespace

bool is_sound(const JobRequest& job) {
  const auto time = [](Duration t) { return t.ms >= 0 && t <= kMostTime; };
  const auto amount = [](double x) { return x >= 0 && x <= kMostAmount; };
  return job.tasks >= 1 && job.tasks <= kMostTasks && is_sound(job.size, job.units) && job.request.ms >= 1 &&
         time(job.request) && time(job.deadline) && time(job.may_wait) && job.may_wait <= kMostWait &&
         job.late >= 0 && job.late <= kMillion * kMostAmount && amount(job.gb_in) && amount(job.gb_out) &&
         job.priority < PriorityQueue::kLevels && job.after.size() <= kMostAfter;
}

bool is_party(std::string_view name) {
  const auto control = [](unsigned char c) { return c < ' ' || c == 0x7F; };
  return !name.empty() && name.size() <= kMostPartyName && std::ranges::none_of(name, control);
}

const char* check_fact(const State& state, const Fact& fact) { return std::visit(Check(state), fact); }

}  // namespace hinterland
