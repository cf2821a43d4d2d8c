#include "tests/direct_arcs.hpp"

#include <algorithm>
#include <limits>

#include "hinterland/base/random.hpp"

namespace hinterland {

namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();

class DirectProgram {
 public:
  DirectProgram(const SitingProblem& problem, const std::optional<std::vector<double>>& capacity)
      : problem_(problem) {
    add_cells(capacity);
    if (!capacity) add_columns();
    for (const Cap& cap : problem.caps) cap_rows_.push_back(program_.add_row(-kAny, cap.most));
    add_prompt();
    add_deferrable();
  }

  void add_survival(const Survival& survival) {
    for (const std::vector<SiteIndex>& lost : survival.groups)
      for (std::uint32_t t = 0; t < problem_.hours; ++t) {
        std::vector<LinearProgram::Row> rooms;
        for (SiteIndex s = 0; s < problem_.sites; ++s) {
          const std::size_t c = problem_.at(t, s);
          rooms.push_back(program_.add_row(-kAny, 0));
          for (std::size_t k = 0; k < columns_.size(); ++k)
            if (problem_.columns[k].site == s) program_.put(rooms[s], columns_[k], -problem_.availability[c]);
        }
        std::vector<LinearProgram::Row> limits;
        for (SiteIndex s = 0; s < problem_.sites; ++s)
          limits.push_back(program_.add_row(
              -kAny, problem_.power_limit.empty() ? kAny : problem_.power_limit[problem_.at(t, s)]));
        for (const std::uint32_t i : survival.critical) {
          std::vector<LinearProgram::Column> ways;
          for (const SiteIndex s : problem_.prompt[i].sites) {
            if (std::ranges::count(lost, s) != 0) continue;
            ways.push_back(program_.add_column(0, 0, kAny));
            program_.put(rooms[s], ways.back(), 1);
            program_.put(limits[s], ways.back(), 1);
          }
          if (ways.empty()) continue;  // beyond saving
          const double kw = problem_.prompt_kw[t * problem_.prompt.size() + i];
          const auto row = program_.add_row(kw, kw);
          for (const LinearProgram::Column way : ways) program_.put(row, way, 1);
        }
      }
  }

  LinearProgram& program() { return program_; }
  const std::vector<LinearProgram::Column>& columns() const { return columns_; }

 private:
  void add_cells(const std::optional<std::vector<double>>& capacity) {
    for (std::uint32_t t = 0; t < problem_.hours; ++t)
      for (SiteIndex s = 0; s < problem_.sites; ++s) {
        const std::size_t c = problem_.at(t, s);
        const double limit = problem_.power_limit.empty() ? kAny : problem_.power_limit[c];
        loads_.push_back(program_.add_row(-kAny, capacity ? problem_.availability[c] * (*capacity)[s] : 0));
        limits_.push_back(program_.add_row(-kAny, limit));
      }
  }

  void add_columns() {
    for (const CapacityColumn& column : problem_.columns) {
      const auto v = program_.add_column(column.cost, 0, column.most);
      columns_.push_back(v);
      for (std::uint32_t t = 0; t < problem_.hours; ++t) {
        const std::size_t c = problem_.at(t, column.site);
        program_.put(loads_[c], v, -problem_.availability[c]);
      }
      if (column.fixed > 0) {
        const auto row = program_.add_row(-kAny, 0);
        program_.put(row, v, 1);
        program_.put(row, program_.add_column(column.fixed, 0, 1, true), -column.most);
      }
    }
    for (const CapacityRow& row : problem_.rows) {
      const auto r = program_.add_row(row.least, kAny);
      for (std::size_t k = 0; k < columns_.size(); ++k) program_.put(r, columns_[k], row.weight[k]);
    }
  }

  void add_way(LinearProgram::Row demand, std::uint32_t hour, SiteIndex site, double network) {
    const std::size_t c = problem_.at(hour, site);
    const auto x = program_.add_column(problem_.energy[c] + network, 0, kAny);
    program_.put(demand, x, 1);
    program_.put(loads_[c], x, 1);
    program_.put(limits_[c], x, 1);
    for (std::size_t k = 0; k < cap_rows_.size(); ++k)
      program_.put(cap_rows_[k], x, problem_.caps[k].intensity[c]);
  }

  void add_prompt() {
    for (std::uint32_t t = 0; t < problem_.hours; ++t)
      for (std::size_t i = 0; i < problem_.prompt.size(); ++i) {
        const PromptDemand& demand = problem_.prompt[i];
        const double kw = problem_.prompt_kw[t * problem_.prompt.size() + i];
        const auto row = program_.add_row(kw, kw);
        program_.put(row, program_.add_column(demand.unserved, 0, kAny), 1);
        for (std::size_t k = 0; k < demand.sites.size(); ++k)
          add_way(row, t, demand.sites[k], demand.network[k]);
      }
  }

  void add_deferrable() {
    for (const Hub& hub : problem_.hubs)
      for (const Deferral& deferral : hub.deferrals) {
        const DeferrableDemand& demand = problem_.deferrable[deferral.demand];
        const auto row = program_.add_row(deferral.kwh, deferral.kwh);
        program_.put(row, program_.add_column(demand.unserved, 0, kAny), 1);
        for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t)
          for (const SiteIndex s : hub.sites) add_way(row, t, s, demand.network[s]);
      }
  }

  const SitingProblem& problem_;
  LinearProgram program_;
  std::vector<LinearProgram::Column> columns_;
  std::vector<LinearProgram::Row> loads_, limits_, cap_rows_;
};

}  // namespace

namespace {

DirectAnswer answer(const SitingProblem& problem, DirectProgram& direct) {
  const ProgramSolution solution = direct.program().solve();
  DirectAnswer out{
      .end = solution.end, .objective = solution.objective, .bound = solution.bound, .capacity = {}};
  if (solution.columns.empty()) return out;
  out.capacity.resize(problem.sites);
  for (std::size_t k = 0; k < direct.columns().size(); ++k)
    out.capacity[problem.columns[k].site] += solution.columns[static_cast<std::size_t>(direct.columns()[k])];
  return out;
}

}  // namespace

DirectAnswer solve_direct(const SitingProblem& problem, const std::optional<std::vector<double>>& capacity) {
  DirectProgram direct(problem, capacity);
  return answer(problem, direct);
}

DirectAnswer solve_direct(const SitingProblem& problem, const Survival& survival) {
  DirectProgram direct(problem, std::nullopt);
  direct.add_survival(survival);
  return answer(problem, direct);
}

SitingProblem small_problem(std::uint64_t seed, const SmallKind& kind) {
  RandomStream random(seed, "small siting problem");
  const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  const auto chance = [&](double share) { return random.uniform() < share; };
  const auto up_to = [&](std::uint32_t most) {
    return 1 + static_cast<std::uint32_t>(random.uniform() * most);
  };

  SitingProblem out;
  out.sites = 1 + up_to(5);
  const std::uint32_t days = up_to(2), regions = 1 + up_to(4);
  out.hours = 24 * days;
  const double years = days / 365.0;
  double total = 0;  // mean kW
  std::vector<double> level;
  for (SiteIndex s = 0; s < out.sites; ++s) level.push_back(between(0.2, 0.7));
  for (std::uint32_t t = 0; t < out.hours; ++t)
    for (SiteIndex s = 0; s < out.sites; ++s) {
      out.energy.push_back(level[s] * between(0.6, 1.4));
      out.availability.push_back(chance(0.05) ? 0 : chance(0.3) ? between(0.5, 1) : 1);
    }

  const auto some_sites = [&](double share) {
    std::vector<SiteIndex> sites;
    for (SiteIndex s = 0; s < out.sites; ++s)
      if (chance(share)) sites.push_back(s);
    return sites;
  };
  for (std::uint32_t i = 0; i < 2 * regions; ++i) {
    PromptDemand demand{.sites = some_sites(0.6), .network = {}, .unserved = between(10, 50)};
    for (std::size_t k = 0; k < demand.sites.size(); ++k) demand.network.push_back(between(0, 0.1));
    out.prompt.push_back(demand);
  }
  for (std::uint32_t t = 0; t < out.hours; ++t)
    for (std::size_t i = 0; i < out.prompt.size(); ++i) {
      const double kw = chance(0.05) ? 0 : between(20, 200);
      out.prompt_kw.push_back(kw);
      total += kw / out.hours;
    }

  const std::uint32_t patterns = up_to(3);
  std::vector<std::vector<SiteIndex>> sites;
  std::vector<std::vector<std::uint32_t>> members(patterns);
  for (std::uint32_t h = 0; h < patterns; ++h) {
    sites.push_back(h == 0 ? some_sites(1) : some_sites(0.5));
    for (std::uint32_t j = up_to(3); j > 0; --j) {
      members[h].push_back(static_cast<std::uint32_t>(out.deferrable.size()));
      DeferrableDemand demand{.network = {}, .unserved = between(10, 50)};
      for (SiteIndex s = 0; s < out.sites; ++s) demand.network.push_back(between(0, 0.1));
      out.deferrable.push_back(demand);
    }
  }
  const std::uint32_t bucket = kind.over_midnight ? 4 : 24, window = kind.over_midnight ? 20 : 24;
  for (std::uint32_t hour = 0; hour < out.hours; hour += bucket)
    for (std::uint32_t h = 0; h < patterns; ++h) {
      Hub hub{.first_hour = hour,
              .past_hour = std::min(out.hours, hour + window),
              .sites = sites[h],
              .deferrals = {}};
      for (const std::uint32_t j : members[h]) {
        const double kwh = bucket * between(20, 120);
        hub.deferrals.push_back({.demand = j, .kwh = kwh});
        total += kwh / out.hours;
      }
      out.hubs.push_back(hub);
    }

  for (SiteIndex s = 0; s < out.sites; ++s) {
    if (chance(0.6))
      out.columns.push_back(
          {.site = s, .cost = years * between(100, 700), .most = total * between(0, 0.4), .fixed = 0});
    out.columns.push_back({.site = s,
                           .cost = years * between(1000, 1800),
                           .most = chance(0.4) ? total * between(0.1, 0.6) : 3 * total,
                           .fixed = kind.fixed * years * total * between(0.3, 1.3)});
  }
  for (std::uint32_t r = up_to(4); r > 1; --r) {
    CapacityRow row{.weight = std::vector<double>(out.columns.size()), .least = 0};
    std::vector<double> counts(out.sites);
    for (double& share : counts)
      if (chance(0.5)) share = between(0.5, 1);
    double most = 0;
    for (std::size_t k = 0; k < out.columns.size(); ++k) {
      row.weight[k] = counts[out.columns[k].site];
      most += row.weight[k] * out.columns[k].most;
    }
    row.least = std::min(0.7 * most, total * between(0.2, 0.8));
    if (most > 0) out.rows.push_back(row);
  }
  if (kind.power_limits)
    for (std::uint32_t t = 0; t < out.hours; ++t)
      for (SiteIndex s = 0; s < out.sites; ++s)
        out.power_limit.push_back(s == 0 && out.sites > 2 ? kNoLimit : total * between(0.1, 0.6));
  if (kind.capped) {
    Cap carbon{.intensity = {}, .most = 0};
    for (std::uint32_t t = 0; t < out.hours; ++t)
      for (SiteIndex s = 0; s < out.sites; ++s) carbon.intensity.push_back(level[s] * between(0.3, 2));
    carbon.most = total * out.hours * between(0.1, 0.5);
    out.caps.push_back(carbon);
  }
  if (kind.basin) {
    Cap water{.intensity = std::vector<double>(out.energy.size()),
              .most = total * out.hours * between(0.01, 0.2)};
    for (std::uint32_t t = 0; t < out.hours; ++t)
      for (SiteIndex s = 0; s < 2; ++s) water.intensity[out.at(t, s)] = between(0.3, 2);
    out.caps.push_back(water);
  }
  if (kind.limited) {
    CapacityRow most{.weight = {}, .least = -total * between(0.2, 1.2)}, share = most, other = most;
    const double at_least = between(0.05, 0.5), at_most = between(0.2, 0.8);
    share.least = other.least = 0;
    for (const CapacityColumn& column : out.columns) {
      most.weight.push_back(column.cost > years * 1000 ? -1 : 0);
      share.weight.push_back((column.site < 2 ? 1 : 0) - at_least);
      other.weight.push_back(at_most - (column.site > 0 ? 1 : 0));
    }
    out.rows.insert(out.rows.end(), {most, share, other});
  }
  return out;
}

}  // namespace hinterland
