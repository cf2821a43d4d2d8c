#include "hinterland/sim/scenario_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "hinterland/base/model_year.hpp"
#include "hinterland/cost/allowed.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/cost/transfer.hpp"
#include "hinterland/policy/server_size.hpp"
#include "hinterland/sim/placed_jobs.hpp"
#include "hinterland/sim/scenario_faults.hpp"
#include "hinterland/sim/scenario_jobs.hpp"
#include "hinterland/sim/scenario_network.hpp"
#include "hinterland/sim/scenario_rates.hpp"
#include "hinterland/sim/simulate.hpp"

namespace hinterland {

namespace {

class Builder {
 public:
  Builder(const Scenario& scenario, const Atlas& atlas, const RateYear& rates, const Charges& charges,
          const WorkFolders& folders, Progress& progress)
      : scenario_(scenario),
        atlas_(atlas),
        rates_(rates),
        charges_(charges),
        folders_(folders),
        progress_(progress) {}

  Expected<ScenarioWorld> build(const std::vector<std::string>& assignments) {
    out_.policy = scenario_.policy;
    if (const auto policy = find_policy(scenario_.policy, "policy"); !policy)
      add_errors(errors_, policy.error());
    find_offer();
    find_pools();
    load_workloads(assignments);
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    find_homes();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    read_jobs();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    add_groups();
    add_options();
    world().staging.mode = scenario_.placed() ? Staging::Mode::none : scenario_.staging;
    world().staging.cache_gb = scenario_.cache.value;
    SiteLines lines;
    if (world().staging.mode == Staging::Mode::shared) lines = add_network(scenario_, world());
    ScenarioFaults faults = scenario_faults(scenario_, atlas_, out_, lines, errors_);
    world().faults = std::move(faults.faults);
    spikes_ = std::move(faults.spikes);
    add_rates();
    if (!scenario_.scarcity.empty()) {
      auto scarcity = read_scarcity(scenario_.scarcity, out_);
      if (scarcity) {
        world().scarcity = std::move(*scarcity);
      } else {
        add_errors(errors_, scarcity.error());
      }
    }
    refuse_impossible();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    world().discipline = scenario_.discipline;
    world().seed = static_cast<std::uint64_t>(scenario_.seed);
    if (auto whole = check_world(world()); !whole) {
      for (Error& error : whole.error()) error.where.file = scenario_.file;
      return std::unexpected(std::move(whole.error()));
    }
    return std::move(out_);
  }

 private:
  SimWorld& world() { return out_.world; }
  void complain(const std::string& field, std::string what, std::string mend) {
    add_error(errors_, {.what = std::move(what),
                        .where = {.file = scenario_.file, .field = field},
                        .mend = std::move(mend)});
  }

  void find_offer() {
    offer_ = line_of(atlas_.offers, scenario_.offer);
    if (offer_ == nullptr) {
      std::vector<std::string> lines;
      for (const Offer& offer : atlas_.offers) {
        if (offer.mode != OfferMode::courier) lines.push_back(offer.id.text);
      }
      complain("offer", "no line " + in_quotes(scenario_.offer), did_you_mean(scenario_.offer, lines));
    } else {
      out_.offer = offer_->id.text;
    }
  }

  void find_pools() {
    for (const ScenarioPool& pool : scenario_.pools) {
      const std::string at = "pools." + pool.key;
      const Site* site = atlas_.sites.find(pool.site);
      const Server* server = atlas_.servers.find(pool.server);
      if (site == nullptr)
        complain(at + ".site", "no site " + in_quotes(pool.site.text),
                 did_you_mean(pool.site.text, ids_of(atlas_.sites)));
      if (server == nullptr)
        complain(at + ".server", "no server type " + in_quotes(pool.server.text),
                 did_you_mean(pool.server.text, ids_of(atlas_.servers)));
      if (site == nullptr || server == nullptr) continue;
      const Size size = server_size(*server);
      const auto units = units_per_server(size);
      if (!units) {
        complain(at + ".server", "the server's memory cannot be cut into few enough equal parts",
                 "Round its memory_gb.");
        continue;
      }
      world().pools.push_back({.site = pool.site,
                               .server = pool.server,
                               .server_size = size,
                               .servers = static_cast<std::int64_t>(pool.servers.value_or(0)),
                               .units_per_server = *units,
                               .start_up = from_hours(site->start_up.value_or(Hours{})),
                               .speed = site->speed.value_or(1)});
      out_.pool_keys.push_back(pool.key);
      out_.basis.push_back(pool.basis);
      sites_.push_back(site);
      servers_.push_back(server);
    }
  }

  void load_workloads(const std::vector<std::string>& assignments) {
    for (const ScenarioWork& work : scenario_.work) {
      auto workload = load_workload(work.workload.text, folders_.presets);
      if (!workload) {
        add_errors(errors_, workload.error());
        continue;
      }
      if (const auto known = check_workload(atlas_, *workload, workload->file); !known)
        add_errors(errors_, known.error());
      if (const auto home = home_of(atlas_, work.from); !home) add_errors(errors_, home.error());
      workloads_.push_back(std::move(*workload));
    }
    if (workloads_.size() < scenario_.work.size()) return;  // that a class is not there has been said
    if (const auto set = set_workloads(workloads_, assignments); !set) add_errors(errors_, set.error());
  }

  // The first pool of the class's server type at the home of its region; whoever stays may run in others there too.
  void find_homes() {
    for (std::size_t group = 0; group < scenario_.work.size(); ++group) {
      const Site& home = *home_of(atlas_, scenario_.work[group].from)->site;
      std::size_t pool = 0;
      const auto suits = [&](std::size_t p) {
        return sites_[p] == &home && servers_[p]->id == workloads_[group].server;
      };
      while (pool < sites_.size() && !suits(pool)) ++pool;
      if (pool == sites_.size()) {
        complain("work." + scenario_.work[group].key,
                 fmt::format("its home {} has no pool of {}", home.id.text, workloads_[group].server.text),
                 fmt::format("Add [pools.NAME] with site = \"{}\", server = \"{}\".", home.id.text,
                             workloads_[group].server.text));
      }
      out_.homes.emplace_back(pool);
      out_.regions.push_back(scenario_.work[group].from.text);
    }
  }

  void read_jobs() {
    const double began = progress_.cpu_seconds();
    if (scenario_.placed()) {
      read_placed();
    } else {
      read_work();
    }
    out_.trace_s = progress_.cpu_seconds() - began;
  }

  void read_placed() {
    for (std::size_t p = 0; p < scenario_.pools.size(); ++p) {
      if (!scenario_.pools[p].servers)
        complain("pools." + scenario_.pools[p].key, "needs `servers`",
                 "Placed jobs need pools of a given size.");
      add_background(p);
    }
    world().groups.push_back({.name = "placed", .deadline = {24 * kHour.ms}});
    if (!errors_.empty()) return;
    const auto read = read_placed_jobs(scenario_.trace, world(), progress_);
    if (!read) add_errors(errors_, read.error());
    if (read && world().jobs.count() == 0)
      add_error(
          errors_,
          {.what = "has not one job", .where = {.file = scenario_.trace}, .mend = "Name a trace with jobs."});
    set_start({});
  }

  void read_work() {
    const Hours offset = standard_offset(atlas_.country().time_zone);
    auto raw = scenario_jobs(scenario_, workloads_, folders_, offset, progress_);
    if (!raw) {
      add_errors(errors_, raw.error());
      return;
    }
    set_start(raw->dated ? std::optional(hour_of_model_year(raw->begin, offset)) : std::nullopt);
    fold_sizes(raw->jobs);
    size_pools(*raw);
    SimJobs& jobs = world().jobs;
    std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t>, std::size_t> places;
    for (const RawJob& job : raw->jobs) {
      const SimPool& home = world().pools[out_.homes[job.group]];
      const std::int64_t units = units_of(job.size, home.server_size, home.units_per_server);
      const auto [place, fresh] = places.try_emplace(
          {job.size.cores, job.size.gpus, job.size.memory_gb, units}, world().sizes.size());
      if (fresh) world().sizes.push_back({job.size, units});
      jobs.arrival.push_back({(job.submit - raw->begin).ms});
      jobs.run.push_back(job.run);
      jobs.request.push_back(job.request);
      jobs.size.emplace_back(place->second);
      jobs.group.emplace_back(job.group);
      jobs.home.push_back(out_.homes[job.group]);
    }
  }

  void set_start(std::optional<Hours> begin) {
    if (!scenario_.start.empty()) {
      out_.start = *parse_model_hour(scenario_.start);
    } else if (begin) {
      out_.start = {std::round(begin->value)};
    }
  }

  static void fold_sizes(std::vector<RawJob>& jobs) {
    static constexpr std::size_t kMostSizes = 2048;
    for (std::int64_t step = 1;; step *= 2) {
      std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, int> sizes;
      for (RawJob& job : jobs) {
        job.size.memory_gb = (job.size.memory_gb + step - 1) / step * step;
        sizes[{job.size.cores, job.size.gpus, job.size.memory_gb}] = 1;
      }
      if (sizes.size() <= kMostSizes || step > (1 << 20)) return;
    }
  }

  void size_pools(const RawJobs& raw) {
    const double span =
        std::max(static_cast<double>(kHour.ms), static_cast<double>((raw.jobs.back().submit - raw.begin).ms));
    std::vector<double> at_home(world().pools.size());  // servers busy in the mean, if all stays
    std::map<ServerId, double> of_type;
    for (const RawJob& job : raw.jobs) {
      const SimPool& home = world().pools[out_.homes[job.group]];
      const double servers =
          static_cast<double>(units_of(job.size, home.server_size, home.units_per_server)) /
          static_cast<double>(home.units_per_server);
      const double busy = servers * static_cast<double>(std::min(job.run, job.request).ms) / span;
      at_home[out_.homes[job.group]] += busy;
      of_type[home.server] += busy;
    }
    for (std::size_t p = 0; p < world().pools.size(); ++p) {
      const ScenarioPool& asked = scenario_.pools[p];
      SimPool& pool = world().pools[p];
      double servers = static_cast<double>(pool.servers);
      if (asked.load) {
        if (at_home[p] <= 0)
          complain("pools." + asked.key, "is nobody's home, so that `load` says nothing",
                   "Give servers, or of_demand.");
        servers = at_home[p] / *asked.load;
      }
      if (asked.of_demand) servers = of_type[pool.server] * *asked.of_demand;
      // The background comes on top of what was asked for, unless servers are named.
      if (!asked.servers) servers /= 1 - asked.background;
      pool.servers = std::max<std::int64_t>(1, std::llround(std::ceil(servers - 1e-9)));
      add_background(p);
    }
  }
  void add_background(std::size_t p) {
    SimPool& pool = world().pools[p];
    pool.background_servers =
        std::llround(std::floor(scenario_.pools[p].background * static_cast<double>(pool.servers)));
  }

  void add_groups() {
    for (std::size_t group = 0; group < scenario_.work.size(); ++group) {
      const ScenarioWork& work = scenario_.work[group];
      const Workload& workload = workloads_[group];
      const SimPool& home = world().pools[out_.homes[group]];
      const ServerShape shape = server_shape(*servers_[out_.homes[group]]);
      const double unit_hours =
          server_hours(workload, shape).value * static_cast<double>(home.units_per_server);
      world().groups.push_back(
          {.name = work.key,
           .deadline = from_hours(work.deadline.value_or(workload.deadline)),
           .may_wait = workload.is_service() ? Duration{} : from_hours(workload.deferrable),
           .interruptible = work.interruptible ? *work.interruptible > 0 : workload.checkpoint.has_value(),
           .late_per_hour = kMillion * work.late.value,
           .priority = static_cast<std::uint8_t>(work.priority),
           .retries = static_cast<int>(work.retries),
           .checkpoint = workload.checkpoint ? from_hours(*workload.checkpoint) : Duration{},
           .checkpoint_write = from_hours(work.checkpoint_write),
           .restore = from_hours(work.restore),
           .gb_in_per_unit_hour = workload.data_in.value / unit_hours,
           .gb_out_per_unit_hour = workload.data_out.value / unit_hours,
           .shared_gb = work.shared.value});
    }
  }

  void add_options() {
    const double gb = kMillion * gb_price(*offer_);
    const double ms_per_gb = static_cast<double>(kHour.ms) / offer_->bandwidth.value_or(GbPerHour{1e9}).value;
    for (std::size_t group = 0; group < world().groups.size(); ++group) {
      for (std::size_t home = 0; home < world().pools.size(); ++home) {
        std::vector<Option> options;
        for (std::size_t p = 0; p < world().pools.size(); ++p) {
          if (!workloads_.empty() && !may_run(group, home, p)) continue;
          const bool moves = sites_[p] != sites_[home];
          const double km = moves ? great_circle(sites_[home]->at(), sites_[p]->at()).value : 0;
          options.push_back({PoolIndex{p}, moves ? gb : 0, moves ? ms_per_gb : 0, km, !moves});
        }
        world().options.push_back(std::move(options));
      }
    }
  }
  bool may_run(std::size_t group, std::size_t home, std::size_t p) {
    if (home != out_.homes[group] || servers_[p]->id != workloads_[group].server) return false;
    const Obstacle obstacle = obstacle_to(atlas_, workloads_[group], *sites_[home], *sites_[p]);
    if (obstacle == Obstacle::none) return true;
    out_.barred.push_back({GroupIndex{group}, PoolIndex{p},
                           why_refused(obstacle, atlas_, workloads_[group], *sites_[home], *sites_[p]).en});
    return false;
  }

  void add_rates() {
    world().forecast = pool_rates(scenario_, atlas_, rates_, charges_, out_);
    for (std::size_t p = 0; p < world().pools.size(); ++p) {
      const UnitRates& forecast = world().forecast[p];
      world().actual.push_back(
          spikes_[p].empty() ? forecast : UnitRates(forecast.rows(), forecast.charges(), spikes_[p]));
    }
  }

  // A class that nobody may run, and sizes that fit nowhere: one line each, however many jobs there are.
  void refuse_impossible() {
    for (std::size_t group = 0; group < out_.homes.size(); ++group) {
      if (!world().options_of(GroupIndex{group}, out_.homes[group]).empty()) continue;
      std::string why;
      for (const Barred& one : out_.barred) {
        if (one.group == group)
          why += fmt::format("{}{}: {}", why.empty() ? "" : "; ", world().pools[one.pool].site.text, one.why);
      }
      complain("work." + world().groups[group].name, "may run in no pool (" + why + ")",
               "Add a pool at a site that may run it, or relax what its class requires.");
    }
    const SimJobs& jobs = world().jobs;
    std::map<std::pair<std::size_t, std::size_t>, std::pair<std::size_t, std::size_t>>
        large;  // first job and how many
    for (std::size_t job = 0; job < jobs.count(); ++job) {
      const Size& size = world().sizes[jobs.size[job]].size;
      const auto& options = world().options_of(jobs.group[job], jobs.home[job]);
      const bool fits = options.empty() || std::ranges::any_of(options, [&](const Option& option) {
                          return size.fits_into(world().pools[option.pool].size());
                        });
      if (fits) continue;
      auto& [first, count] = large.try_emplace({jobs.group[job], jobs.size[job]}, job, 0U).first->second;
      ++count;
    }
    for (const auto& [what, jobs_of] : large) {
      const Size& size = world().sizes[what.second].size;
      complain("work." + world().groups[what.first].name,
               fmt::format("{} of {} cores, {} GPUs and {} GB, the first of them job {}: larger than any "
                           "pool that may run it",
                           jobs_of.second == 1 ? "1 job" : fmt::format("{} jobs", jobs_of.second), size.cores,
                           static_cast<double>(size.gpus) / kGpuParts, size.memory_gb, jobs_of.first + 1),
               "Give its pools more servers.");
    }
  }

  const Scenario& scenario_;
  const Atlas& atlas_;
  const RateYear& rates_;
  const Charges& charges_;
  const WorkFolders& folders_;
  Progress& progress_;
  Errors errors_;
  ScenarioWorld out_;
  const Offer* offer_ = nullptr;
  std::vector<const Site*> sites_;          // by pool
  std::vector<const Server*> servers_;      // by pool
  std::vector<Workload> workloads_;         // by group
  std::vector<std::vector<Spike>> spikes_;  // by pool
};

}  // namespace

Expected<ScenarioWorld> scenario_world(const Scenario& scenario, const Atlas& atlas, const RateYear& rates,
                                       const Charges& charges, const WorkFolders& folders, Progress& progress,
                                       const std::vector<std::string>& workload_assignments) {
  return Builder(scenario, atlas, rates, charges, folders, progress).build(workload_assignments);
}

}  // namespace hinterland
