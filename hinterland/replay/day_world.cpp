#include "hinterland/replay/day_world.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/site_rates.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/policy/server_size.hpp"
#include "hinterland/sim/simulate.hpp"

namespace hinterland {

namespace {

constexpr double kMsPerSecond = 1000, kBytesPerGb = 1e9, kBytesPerSPerMbps = 125'000;
constexpr double kMostAskedFor = 2e18;  // unit-ms of all tasks together: a quarter of what 64 bits hold
constexpr double kNoHurry = 1e15;       // bytes a second of a path of which nobody says how fast it is

Discipline discipline_of(QueueRule rule) {
  switch (rule) {
    case QueueRule::fcfs: return Discipline::fcfs;
    case QueueRule::easy: return Discipline::easy;
    case QueueRule::priority: return Discipline::priority;
    case QueueRule::fair: break;
  }
  return Discipline::fair;
}

class Builder {
 public:
  Builder(const Day& day, const Atlas& atlas, const RateYear& rates)
      : day_(day), atlas_(atlas), rates_(rates) {}

  Expected<DayWorld> build() {
    const auto policy = find_policy(day_.state.rules.policy, "policy");
    if (policy) {
      out_.policy = *policy;
    } else {
      complain("policy",
               "the journal was kept by " + in_quotes(day_.state.rules.policy) + ", which is not known",
               policy.error().front().mend);
    }
    world().discipline = discipline_of(day_.state.rules.queue);
    world().staging.mode = Staging::Mode::held;
    add_pools();
    add_places();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    for (const ProjectState& project : day_.state.projects) world().shares.push_back(project.share);
    find_inputs();
    for (const auto& [at, task] : day_.arrivals) add_task(at, task);
    if (world().jobs.count() == 0)
      complain("", "not one task was begun", "Give a journal of a day on which something ran.");
    world().changes = day_.changes;
    bound();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    if (auto whole = check_world(world()); !whole) {
      for (Error& error : whole.error()) error.where.file = day_.journal;
      return std::unexpected(std::move(whole.error()));
    }
    return std::move(out_);
  }

 private:
  SimWorld& world() { return out_.world; }
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(
        errors_,
        {.what = std::move(what), .where = {.file = day_.journal, .field = field}, .mend = std::move(mend)});
  }

  void add_pools() {
    for (std::size_t p = 0; p < day_.state.pools.size(); ++p) {
      const PoolFacts& facts = day_.state.pools[p];
      const PoolBuild& largest = day_.largest[p];
      if (out_.currency.empty()) out_.currency = facts.deal.currency;
      SimPool pool{.site = SiteId{facts.deal.site},
                   .server = ServerId{largest.pricing.server},
                   .server_size = largest.size,
                   .servers = 1,
                   .units_per_server = largest.units};
      UnitRates rates(std::vector<UnitRow>(kYearHours), {});
      if (largest.units > 0) {
        const auto priced = rates_of(facts, largest.pricing, "pools." + facts.name);
        if (priced) rates = *priced;
        if (const Site* const site = atlas_.sites.find(pool.site)) {
          pool.start_up = from_hours(site->start_up.value_or(Hours{}));
          pool.speed = site->speed.value_or(1);
          if (day_.has_path[p])
            pool.input_bytes_per_s = site->input_mbps ? kBytesPerSPerMbps * *site->input_mbps : path_speed(p);
        }
      }
      world().pools.push_back(pool);
      world().forecast.push_back(rates);
      world().actual.push_back(rates);
    }
  }

  std::optional<UnitRates> rates_of(const PoolFacts& facts, const PoolPricing& pricing,
                                    const std::string& at) {
    const Site* const site = atlas_.sites.find(SiteId{facts.deal.site});
    const Server* const server = atlas_.servers.find(ServerId{pricing.server});
    if (site == nullptr)
      complain(at, "no site " + in_quotes(facts.deal.site),
               did_you_mean(facts.deal.site, ids_of(atlas_.sites)));
    if (server == nullptr)
      complain(at, "no server type " + in_quotes(pricing.server),
               did_you_mean(pricing.server, ids_of(atlas_.servers)));
    if (site == nullptr || server == nullptr) return std::nullopt;
    const HouseRules& rules = day_.state.rules;
    const SiteYear& year = rates_.at(site->id);
    return unit_rates(server_terms(*server), site_levels(atlas_, *site, year), year,
                      {.basis = pricing.basis, .rate = {from_millionths(pricing.rate)}},
                      {.carbon = {rules.carbon_per_kg}, .water = {rules.water_per_litre}},
                      static_cast<double>(facts.deal.server_units),
                      static_cast<std::size_t>(rules.first_hour));
  }

  // What policies are told that a GB takes.
  [[nodiscard]] double path_speed(std::size_t pool) const {
    for (const OpenPlaces& open : day_.state.open) {
      const auto option = std::ranges::find(open.options, PoolIndex{pool}, &Option::pool);
      if (option != open.options.end() && option->ms_per_gb > 0)
        return kBytesPerGb * kMsPerSecond / option->ms_per_gb;
    }
    return kNoHurry;
  }

  // [places x pools + home]; a list of places has one home.
  void add_places() {
    const std::size_t pools = world().pools.size();
    world().options.resize(day_.state.places.size() * pools);
    for (std::size_t k = 0; k < day_.state.open.size(); ++k) {
      const OpenPlaces& open = day_.state.open[k];
      world().options[k * pools + open.home] = open.options;
    }
  }
  [[nodiscard]] PoolIndex home_of(PlacesIndex places) const {
    return places < day_.state.open.size() ? day_.state.open[places].home : PoolIndex{0};
  }

  // What moved for each job, by pool.
  void find_inputs() {
    for (const RecordedAttempt& one : day_.attempts) {
      if (one.inputs.needed <= 0) continue;
      const JobNumber job = day_.state.tasks[one.task].job;
      Inputs& inputs = inputs_[job];
      inputs.gb = std::max(inputs.gb, gigabytes(one.inputs.needed));
      inputs.moved.resize(world().pools.size(), -1);
      double& moved = inputs.moved[one.pool];
      moved = std::max(moved, 0.0) + gigabytes(one.inputs.moved);
    }
  }

  GroupIndex group_of(JobNumber number, Instant arrival) {
    const JobState& job = day_.state.jobs[number];
    const auto inputs = inputs_.find(number);
    const Duration deadline = job.deadline - arrival;
    // Those that read the same are alike only within their job.
    const std::uint32_t own = inputs != inputs_.end() ? number.value + 1 : 0;
    const auto [place, fresh] = groups_.try_emplace({job.project, job.places, job.priority, deadline.ms,
                                                     job.may_wait.ms, job.late, job.gb_in, job.gb_out, own},
                                                    world().groups.size());
    if (!fresh) return GroupIndex{place->second};
    SimGroup group{.name = day_.state.places[job.places],
                   .deadline = deadline,
                   .may_wait = job.may_wait,
                   .late_per_hour = job.late,
                   .priority = job.priority,
                   .gb_in = job.gb_in,
                   .gb_out = job.gb_out,
                   .project = static_cast<std::uint32_t>(job.project.value),
                   .options = static_cast<std::uint32_t>(job.places.value)};
    if (inputs != inputs_.end()) {
      group.inputs_gb = inputs->second.gb;
      group.moves_gb = inputs->second.moved;
    }
    world().groups.push_back(std::move(group));
    return GroupIndex{place->second};
  }

  SizeIndex size_of(const NewSize& size) {
    const auto [place, fresh] = sizes_.try_emplace(
        {size.size.cores, size.size.gpus, size.size.memory_gb, size.units}, world().sizes.size());
    if (fresh) world().sizes.push_back({size.size, size.units});
    if (place->second > std::numeric_limits<std::uint16_t>::max()) {
      complain("", "its tasks have more sizes than can be told apart", "Give a part of the journal.");
      return {};
    }
    return SizeIndex{place->second};
  }

  static Duration at_least_1_ms(Duration run) { return {std::max<std::int64_t>(1, run.ms)}; }

  void add_task(Instant arrival, TaskIndex index) {
    const TaskState& task = day_.state.tasks[index];
    const auto attempts = day_.attempts_of(index);
    const bool runs = day_.launched[index] < kNever;
    const bool over = is_final(task.phase) || task.phase == TaskPhase::publishing;
    if (over && attempts.empty() && task.phase != TaskPhase::refused) return;  // nobody began it
    if (task.phase == TaskPhase::blocked && attempts.empty()) {
      ++out_.blocked;
      return;
    }
    const JobState& job = day_.state.jobs[task.job];
    const JobIndex number{world().jobs.count()};
    // Those that the pool took along come of the pool; the others happen to the task wherever it is.
    const bool last_counts = over && !attempts.empty() && !attempts.back().went_with_pool;
    const std::size_t tries = attempts.size() - (last_counts ? 1 : 0);
    for (std::size_t k = 0; k < tries; ++k) {
      const RecordedAttempt& one = attempts[k];
      if (one.went_with_pool) continue;
      // Whoever was stopped before it ran has no hours to pay for.
      const bool billed = !is_sites_fault(one.cause) && one.ran.ms > 0;
      const Instant next = k + 1 < attempts.size() ? attempts[k + 1].placed : kNever;
      world().tries[number.value].push_back(
          {.run = at_least_1_ms(billed ? one.ran : one.ended - one.began),
           .measured = one.pool,
           .wait = {next < kNever ? std::max<std::int64_t>(0, (next - one.ended).ms) : 0},
           .billed = billed});
    }
    SimJobs& jobs = world().jobs;
    jobs.arrival.push_back(arrival);
    jobs.run.push_back(last_counts ? at_least_1_ms(attempts.back().ran) : job.request);
    jobs.request.push_back(job.request);
    const auto resized = day_.state.resized.find(index);
    jobs.size.push_back(size_of(!attempts.empty()                     ? attempts.back().size
                                : resized != day_.state.resized.end() ? resized->second
                                                                      : NewSize{job.size, job.units}));
    jobs.group.push_back(group_of(task.job, arrival));
    jobs.home.push_back(home_of(job.places));
    jobs.measured.push_back(last_counts ? attempts.back().pool : runs ? task.pool : jobs.home.back());
    out_.tasks.push_back(index);
    out_.over.push_back(over && (last_counts || task.phase == TaskPhase::refused));
    out_.done.push_back(last_counts && attempts.back().cause == Cause::done);
  }

  // No clock has said such times, and no sum of units and milliseconds holds such jobs.
  void bound() {
    const bool early =
        day_.begin < Instant{0} || (!day_.changes.empty() && day_.changes.front().at < Instant{0});
    if (early) complain("", "something happened before 1970", "Give a journal that was kept by a clock.");
    double asked = 0;
    const SimJobs& jobs = world().jobs;
    for (std::size_t job = 0; job < jobs.count(); ++job)
      asked += static_cast<double>(world().sizes[jobs.size[job]].units) *
               static_cast<double>(jobs.request[job].ms);
    if (asked > kMostAskedFor)
      complain("", "its tasks ask for more than can be counted", "Give a part of the journal.");
  }

  struct Inputs {
    double gb = 0;
    std::vector<double> moved;
  };
  using GroupKey = std::tuple<ProjectIndex, PlacesIndex, std::uint8_t, std::int64_t, std::int64_t, double,
                              double, double, std::uint32_t>;

  const Day& day_;
  const Atlas& atlas_;
  const RateYear& rates_;
  DayWorld out_;
  Errors errors_;
  std::map<JobNumber, Inputs> inputs_;
  std::map<GroupKey, std::size_t> groups_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>, std::size_t> sizes_;
};

}  // namespace

Expected<DayWorld> day_world(const Day& day, const Atlas& atlas, const RateYear& rates) {
  return Builder(day, atlas, rates).build();
}

}  // namespace hinterland
