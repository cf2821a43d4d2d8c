#include "hinterland/siting/orlib_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

namespace {

// OR-Library counts from 1.
std::vector<std::size_t> numbered(std::vector<std::size_t> open) {
  for (std::size_t& site : open) ++site;
  return open;
}

std::string headline(const OrLibraryProblem& problem, const LocationAnswer& answer) {
  if (answer.end == ProgramEnd::infeasible)
    return problem.warehouses ? "Infeasible: all sites together do not hold all demand."
                              : "Infeasible: the graph has more pieces than medians.";
  if (answer.open.empty())
    return fmt::format("Nothing found in the time given; no solution costs less than {:.3f}.", answer.bound);
  if (answer.end == ProgramEnd::solved && relative_gap(answer.objective, answer.bound) < 1e-9)
    return fmt::format("{:.3f}, proven optimal.", answer.objective);
  return fmt::format("{:.3f}, and no solution costs less than {:.3f} ({:.2g} of it).", answer.objective,
                     answer.bound, relative_gap(answer.objective, answer.bound));
}

}  // namespace

Page orlib_page(const OrLibraryProblem& problem, const LocationAnswer& answer) {
  Page page;
  page.blocks.emplace_back(Paragraph{headline(problem, answer), true});
  FactsBlock facts;
  if (problem.warehouses)
    facts.facts.push_back(
        {"problem", fmt::format("{} sites with capacities and fixed costs, {} customers",
                                problem.warehouses->capacity.size(), problem.warehouses->demand.size())});
  else
    facts.facts.push_back(
        {"problem", fmt::format("{} medians of {} nodes", problem.medians->medians, problem.medians->nodes)});
  if (!answer.open.empty())
    facts.facts.push_back(
        {"open", fmt::format("{} of them: {}", answer.open.size(), fmt::join(numbered(answer.open), " "))});
  page.blocks.emplace_back(std::move(facts));
  return page;
}

std::string orlib_json(const OrLibraryProblem& problem, const LocationAnswer& answer) {
  using Json = nlohmann::ordered_json;
  const auto finite = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  const bool found = !answer.open.empty();
  const Json out = {{"kind", problem.warehouses ? "warehouses" : "medians"},
                    {"feasible", answer.end == ProgramEnd::infeasible ? Json(false)
                                 : found                              ? Json(true)
                                                                      : Json(nullptr)},
                    {"objective", finite(answer.objective)},
                    {"bound", finite(answer.bound)},
                    {"gap", found ? finite(relative_gap(answer.objective, answer.bound)) : Json(nullptr)},
                    {"open", numbered(answer.open)}};
  return out.dump(2) + "\n";
}

}  // namespace hinterland
