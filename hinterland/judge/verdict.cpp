#include "hinterland/judge/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/cost/terms.hpp"

namespace hinterland {

const char* name_of(Answer answer) {
  static constexpr std::array<const char*, 3> kNames = {"move", "stay", "refused"};
  return kNames.at(static_cast<std::size_t>(answer));
}

Answer answer_of(const Quote& home, const Quote* best) {
  if (!home.allowed()) return best != nullptr ? Answer::move : Answer::refused;
  return best != nullptr && best->price.total() < home.price.total() ? Answer::move : Answer::stay;
}

namespace {

Expected<std::vector<const Site*>> away_sites(const Atlas& atlas, const Question& question,
                                              const Site& home) {
  std::vector<const Site*> sites;
  for (const Site& site : atlas.sites) {
    if (question.to.empty() && site.id != home.id) sites.push_back(&site);
  }
  for (const SiteId& id : question.to) {
    const auto site = find_site(atlas, id, "--to");
    if (!site) return std::unexpected(site.error());
    if (id != home.id && std::ranges::find(sites, *site) == sites.end()) sites.push_back(*site);
  }
  return sites;
}

}  // namespace

Expected<Parties> parties(const Atlas& atlas, const Question& question) {
  const auto home = home_of(atlas, question.from);
  if (!home) return std::unexpected(home.error());
  auto away = away_sites(atlas, question, *home->site);
  if (!away) return std::unexpected(away.error());
  const auto checked = check_workload(atlas, question.workload, question.workload.file);
  if (!checked) return std::unexpected(checked.error());
  return Parties{.home = *home, .away = std::move(*away)};
}

Quoter quoter_of(const Atlas& atlas, const RateYear& rates, const Question& question, const Site& home,
                 const Site& site) {
  const Capacity& capacity = site.id == home.id ? question.home : question.away;
  return {atlas, rates, question.workload, home, site, capacity, question.charges};
}

MoneyPerHour floor_of(const Atlas& atlas, const Question& question, const SiteRow& row) {
  return hour_rates(server_terms(server_of(atlas, question.workload)), row.quote.terms,
                    {.basis = Basis::sunk, .rate = {}}, question.charges)
      .floor();
}

Words with_name(Obstacle obstacle, const Words& reason) {
  return {fmt::format("{}: {}", name_of(obstacle), reason.en),
          fmt::format("{}：{}", chinese_name_of(obstacle), reason.zh)};
}

Words full_reason(const SiteRow& row) {
  return row.quote.allowed() ? Words() : with_name(row.quote.obstacle, row.reason);
}

namespace {

SiteRow row_of(const Quoter& quoter, const Amount& amount, bool is_home) {
  SiteRow row{.site = &quoter.site(), .is_home = is_home, .quote = quoter.quote(amount)};
  if (!row.quote.allowed()) {
    row.reason = quoter.reason(amount, row.quote);
    return row;
  }
  const HourRates& rates = row.quote.rates;
  row.energy = rates.facility * amount.server_hours;
  row.location = rates.location * amount.server_hours;
  row.market = rates.market * amount.server_hours;
  row.embodied = rates.embodied * amount.server_hours;
  if (rates.marginal) row.marginal = *rates.marginal * amount.server_hours;
  row.water = rates.litres * amount.server_hours;
  return row;
}

// Home first, then allowed sites by price, then refused ones in the atlas's order.
void sort_rows(std::vector<SiteRow>& rows) {
  std::stable_sort(rows.begin() + 1, rows.end(), [](const SiteRow& a, const SiteRow& b) {
    if (a.quote.allowed() != b.quote.allowed()) return a.quote.allowed();
    return a.quote.allowed() && a.quote.price.total() < b.quote.price.total();
  });
}

// Of sorted rows.
Answer answer_of(const std::vector<SiteRow>& sorted) {
  const Quote* best = sorted.size() > 1 && sorted[1].quote.allowed() ? &sorted[1].quote : nullptr;
  return answer_of(sorted.front().quote, best);
}

std::vector<SiteRow> rows_of(const Atlas& atlas, const RateYear& rates, const Question& question,
                             const Site& home, const std::vector<const Site*>& sites, const Amount& amount) {
  std::vector<SiteRow> rows;
  rows.push_back(row_of(quoter_of(atlas, rates, question, home, home), amount, true));
  for (const Site* site : sites)
    rows.push_back(row_of(quoter_of(atlas, rates, question, home, *site), amount, false));
  sort_rows(rows);
  return rows;
}

// The same rows from means instead of hours.
MeansOnly by_means(const std::vector<SiteRow>& rows) {
  MeansOnly means{.answer = answer_of(rows), .best = nullptr, .home = {}, .away = {}};
  if (rows.front().quote.allowed()) means.home = rows.front().quote.price.total();
  if (rows.size() > 1 && rows[1].quote.allowed()) {
    means.best = rows[1].site;
    means.away = rows[1].quote.price.total();
  }
  return means;
}

// Both sides of the deal with the best site, and the edges of the verdict.
void weigh(const Atlas& atlas, const Question& question, Verdict& verdict) {
  const SiteRow& best = *verdict.best_row();
  const SiteRow& home = verdict.home_row();
  const Hours work = verdict.amount.server_hours;
  const ServerTerms server = server_terms(server_of(atlas, question.workload));
  const SiteTerms& terms = best.quote.terms;
  verdict.floor = work * floor_of(atlas, question, best);
  if (!home.quote.allowed()) return;

  const Money network = best.quote.transfer.cost;
  verdict.ceiling = home.quote.price.total() - network;
  verdict.break_even_use =
      break_even_use(server, terms, question.charges, home.quote.price.total() / work, network / work);
  const Gigabytes bytes =
      best.quote.transfer.offer == nullptr ? Gigabytes{} : verdict.amount.bytes.in + verdict.amount.bytes.out;
  const MoneyPerHour saved = home.quote.rates.total() - best.quote.rates.total();
  const Money dearer = network - home.quote.transfer.cost;
  if (bytes.value > 0 && saved.value > 0 && dearer.value > 0)
    verdict.break_even_hours_per_gb = Hours{(dearer / saved).value / bytes.value};
}

}  // namespace

Expected<Verdict> judge(const Atlas& atlas, const RateYear& rates, const Question& question) {
  const auto between = parties(atlas, question);
  if (!between) return std::unexpected(between.error());
  const Site& home = *between->home.site;

  Verdict verdict;
  verdict.home = between->home;
  verdict.amount = amount_of(question.workload, server_shape(server_of(atlas, question.workload)));
  verdict.amount.start = question.start;
  verdict.rows = rows_of(atlas, rates, question, home, between->away, verdict.amount);
  verdict.answer = answer_of(verdict.rows);
  for (SiteRow& row : verdict.rows) {
    if (row.quote.allowed() && verdict.home_row().quote.allowed()) {
      row.difference = row.quote.price.total() - verdict.home_row().quote.price.total();
    }
  }
  if (verdict.rows.size() > 1 && verdict.rows[1].quote.allowed()) verdict.best = 1;

  static constexpr std::array<Basis, 2> kBases = {Basis::sunk, Basis::built};
  for (std::size_t i = 0; i < kBases.size(); ++i) {
    for (std::size_t j = 0; j < kBases.size(); ++j) {
      Question cell = question;
      cell.home = {.automatic = false, .deal = {.basis = kBases.at(i), .rate = {}}};
      cell.away = {.automatic = false, .deal = {.basis = kBases.at(j), .rate = {}}};
      const auto rows = rows_of(atlas, rates, cell, home, between->away, verdict.amount);
      const bool somewhere = rows.size() > 1 && rows[1].quote.allowed();
      verdict.cells.at(i).at(j) = {.answer = answer_of(rows), .site = somewhere ? rows[1].site : nullptr};
    }
  }
  verdict.by_means =
      by_means(rows_of(atlas, rates.flattened(), question, home, between->away, verdict.amount));
  if (verdict.best) weigh(atlas, question, verdict);
  const Words sentence = verdict_sentence(atlas, question, verdict);
  verdict.sentence = sentence.en;
  verdict.sentence_zh = sentence.zh;
  return verdict;
}

}  // namespace hinterland
