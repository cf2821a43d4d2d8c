#include "hinterland/settle/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

std::unexpected<Errors> unknown(const char* flag, const std::string& name,
                                const std::vector<std::string>& known) {
  return failure({.what = fmt::format("{} is in no deal and no bill of this journal", in_quotes(name)),
                  .where = at_flag(flag, name),
                  .mend = did_you_mean(name, known)});
}

}  // namespace

Expected<void> check_selection(const Selection& selection, const MeteredJournal& metered) {
  if (selection.from && selection.to && *selection.to <= *selection.from)
    return failure({.what = "nothing is before it and not before --from",
                    .where = {.file = "--to"},
                    .mend = "Give a later time: it is the first that does not count any more."});
  std::vector<std::string> projects;
  for (const ProjectState& project : metered.state.projects) projects.push_back(project.name);
  if (!selection.project.empty() && std::ranges::find(projects, selection.project) == projects.end())
    return unknown("--project", selection.project, projects);
  std::set<std::string> parties(projects.begin(), projects.end());
  for (const PoolDeal& deal : metered.deals) {
    parties.insert(deal.owner);
    parties.insert(deal.carrier);
  }
  if (!selection.party.empty() && !parties.contains(selection.party))
    return unknown("--party", selection.party, {parties.begin(), parties.end()});
  return {};
}

bool takes(const Selection& selection, const MeteredJournal& metered, const MeteredAttempt& attempt) {
  if (selection.from && attempt.ended < *selection.from) return false;
  if (selection.to && attempt.ended >= *selection.to) return false;
  return selection.project.empty() || metered.project_of(attempt).name == selection.project;
}

Expected<std::string> currency_of(const MeteredJournal& metered, const std::string& journal) {
  std::string currency;
  for (const PoolDeal& deal : metered.deals) {
    if (deal.currency.empty() || deal.currency == currency) continue;
    if (!currency.empty())
      return failure({.what = fmt::format("Its bills are in {} and in {}: they are no sum",
                                          printable(currency), printable(deal.currency)),
                      .where = {.file = journal},
                      .mend = "Keep a journal for each currency."});
    currency = deal.currency;
  }
  return currency.empty() ? std::string(kNoCurrency) : currency;
}

std::string printable(const std::string& text) {
  if (check_text(text, "").has_value()) return text;
  std::string hex = "0x";
  for (const char byte : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return hex;
}

}  // namespace hinterland
