#include "hinterland/siting/whole_program.hpp"

#include <algorithm>
#include <optional>

namespace hinterland {

namespace {

class Writer {
 public:
  explicit Writer(const SitingProblem& problem) : problem_(problem), caps_(problem.caps.size()) {}

  LinearProgram write(const Survival& survival) {
    add_caps();
    add_capacity();
    for (std::uint32_t t = 0; t < problem_.hours; ++t)
      for (std::size_t i = 0; i < problem_.prompt.size(); ++i) add_prompt(t, i);
    for (const Hub& hub : problem_.hubs) add_hub(hub);
    for (const std::vector<SiteIndex>& lost : survival.groups)
      for (std::uint32_t t = 0; t < problem_.hours; ++t) add_loss(lost, survival.critical, t);
    return std::move(program_);
  }

 private:
  void add_caps() {
    for (std::size_t k = 0; k < problem_.caps.size(); ++k)
      caps_[k] = program_.add_row(-kNoLimit, problem_.caps[k].most);
  }

  // The rows of a cell's load: <= availability C, and <= the power limit.
  struct Room {
    LinearProgram::Row capacity;
    std::optional<LinearProgram::Row> power;
  };

  // Capacity and its rows; choices; a room for each cell.
  void add_capacity() {
    for (const CapacityColumn& column : problem_.columns) {
      columns_.push_back(program_.add_column(column.cost, 0, column.most));
      if (column.fixed <= 0) continue;
      const auto choice = program_.add_column(column.fixed, 0, 1, true);
      const auto row = program_.add_row(0, kNoLimit);
      program_.put(row, choice, column.most);
      program_.put(row, columns_.back(), -1);
    }
    for (std::uint32_t t = 0; t < problem_.hours; ++t)
      for (SiteIndex s = 0; s < problem_.sites; ++s) rooms_.push_back(add_room(t, s));
    for (const CapacityRow& row : problem_.rows) {
      const auto added = program_.add_row(row.least, kNoLimit);
      for (std::size_t k = 0; k < columns_.size(); ++k) program_.put(added, columns_[k], row.weight[k]);
    }
  }

  Room add_room(std::uint32_t hour, SiteIndex site) {
    const std::size_t cell = problem_.at(hour, site);
    Room room{.capacity = program_.add_row(0, kNoLimit), .power = {}};
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (problem_.columns[k].site == site)
        program_.put(room.capacity, columns_[k], problem_.availability[cell]);
    if (!problem_.power_limit.empty() && problem_.power_limit[cell] < kNoLimit)
      room.power = program_.add_row(-problem_.power_limit[cell], kNoLimit);
    return room;
  }

  LinearProgram::Column add_load(const Room& room, double cost) {
    const auto column = program_.add_column(cost, 0, kNoLimit);
    program_.put(room.capacity, column, -1);
    if (room.power) program_.put(*room.power, column, -1);
    return column;
  }

  // A column that loads a cell.
  LinearProgram::Column add_load(std::size_t cell, double cost) {
    const auto column = add_load(rooms_[cell], cost);
    for (std::size_t k = 0; k < caps_.size(); ++k)
      program_.put(caps_[k], column, problem_.caps[k].intensity[cell]);
    return column;
  }

  void add_prompt(std::uint32_t hour, std::size_t i) {
    const PromptDemand& demand = problem_.prompt[i];
    const double kw = problem_.prompt_kw[std::size_t{hour} * problem_.prompt.size() + i];
    const auto row = program_.add_row(kw, kw);
    program_.put(row, program_.add_column(demand.unserved, 0, kNoLimit), 1);
    for (std::size_t k = 0; k < demand.sites.size(); ++k) {
      const std::size_t cell = problem_.at(hour, demand.sites[k]);
      program_.put(row, add_load(cell, problem_.energy[cell] + demand.network[k]), 1);
    }
  }

  void add_hub(const Hub& hub) {
    std::vector<LinearProgram::Row> at_site(problem_.sites);
    for (const SiteIndex s : hub.sites) {
      at_site[s] = program_.add_row(0, 0);
      for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t)
        program_.put(at_site[s], add_load(problem_.at(t, s), problem_.energy[problem_.at(t, s)]), 1);
    }
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem_.deferrable[deferral.demand];
      const auto row = program_.add_row(deferral.kwh, deferral.kwh);
      program_.put(row, program_.add_column(demand.unserved, 0, kNoLimit), 1);
      for (const SiteIndex s : hub.sites) {
        const auto given = program_.add_column(demand.network[s], 0, kNoLimit);
        program_.put(row, given, 1);
        program_.put(at_site[s], given, -1);
      }
    }
  }

  // With these sites lost: what serving costs then does not count, and neither do caps.
  void add_loss(const std::vector<SiteIndex>& lost, const std::vector<std::uint32_t>& critical,
                std::uint32_t hour) {
    std::vector<std::optional<Room>> left(problem_.sites);
    for (SiteIndex s = 0; s < problem_.sites; ++s)
      if (std::ranges::find(lost, s) == lost.end()) left[s] = add_room(hour, s);
    for (const std::uint32_t i : critical) {
      const double kw = problem_.prompt_kw[std::size_t{hour} * problem_.prompt.size() + i];
      const auto row = program_.add_row(kw, kw);
      for (const SiteIndex s : problem_.prompt[i].sites)
        if (left[s]) program_.put(row, add_load(*left[s], 0), 1);
    }
  }

  const SitingProblem& problem_;
  LinearProgram program_;
  std::vector<LinearProgram::Row> caps_;
  std::vector<LinearProgram::Column> columns_;
  std::vector<Room> rooms_;  // [cell]
};

}  // namespace

std::size_t program_size(const SitingProblem& problem, const Survival& survival) {
  const std::size_t a_load = 2 + (problem.power_limit.empty() ? 0 : 1) + problem.caps.size();
  std::size_t arcs = 0, given = 0;
  for (const PromptDemand& demand : problem.prompt) arcs += demand.sites.size() * problem.hours;
  for (const Hub& hub : problem.hubs) {
    arcs += hub.sites.size() * (hub.past_hour - hub.first_hour);
    given += hub.sites.size() * hub.deferrals.size();
  }
  std::size_t moved = 0;
  for (const std::uint32_t i : survival.critical) moved += problem.prompt[i].sites.size() * problem.hours;
  return arcs * a_load + given * 2 + problem.columns.size() * problem.hours +
         survival.groups.size() * (moved * a_load + problem.columns.size() * problem.hours);
}

LinearProgram whole_program(const SitingProblem& problem, const Survival& survival) {
  return Writer(problem).write(survival);
}

}  // namespace hinterland
