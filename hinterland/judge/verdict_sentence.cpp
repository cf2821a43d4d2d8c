// The verdict in one sentence, with its biggest reason.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

struct Part {
  const char* name;
  Money home, away;
  [[nodiscard]] Money saved() const { return home - away; }
};

std::vector<Part> parts_of(const Price& home, const Price& away) {
  return {{"capacity", home.capacity, away.capacity}, {"power", home.energy, away.energy},
          {"carbon", home.carbon, away.carbon},       {"water", home.water, away.water},
          {"scarcity", home.scarcity, away.scarcity}, {"moving", home.network, away.network}};
}

std::string money(const Atlas& atlas, Money amount) {
  return fmt::format("{} {}", compact(amount.value), atlas.country().currency);
}

// "; moving 250k GB costs 15k CNY", or nothing where nothing moves.
std::string moving(const Atlas& atlas, const Verdict& verdict, const SiteRow& row) {
  if (row.quote.transfer.offer == nullptr) return "";
  const Gigabytes bytes = verdict.amount.bytes.in + verdict.amount.bytes.out;
  return fmt::format("; moving {} GB costs {}", compact(bytes.value), money(atlas, row.quote.transfer.cost));
}

std::string why_move(const Atlas& atlas, const Verdict& verdict, const Part& biggest) {
  const std::string_view name = biggest.name;
  if (name == "capacity" && verdict.best_row()->quote.sunk_share > 0.5) {
    return fmt::format("its servers stand idle, while home's capacity would cost {}",
                       money(atlas, biggest.home));
  }
  if (name == "moving") {
    return fmt::format("its data are at hand, while bringing them home would cost {}",
                       money(atlas, biggest.home));
  }
  const Hours work = verdict.amount.server_hours;
  return fmt::format("{} is {} a server-hour there, {} at home", name, compact((biggest.away / work).value),
                     compact((biggest.home / work).value));
}

std::string move_sentence(const Atlas& atlas, const Verdict& verdict, const std::string& home_name) {
  const SiteRow& home = verdict.home_row();
  const SiteRow& best = *verdict.best_row();
  if (!home.quote.allowed()) {
    const auto allowed =
        std::ranges::count_if(verdict.rows, [](const SiteRow& row) { return row.quote.allowed(); });
    return fmt::format(
        "Move to {}: it may not stay in {} ({}), and of {} allowed sites this is the cheapest.",
        best.site->name, home_name, full_reason(home), allowed);
  }
  const auto parts = parts_of(home.quote.price, best.quote.price);
  const Part& biggest =
      *std::ranges::max_element(parts, {}, [](const Part& part) { return part.saved().value; });
  const std::string why = why_move(atlas, verdict, biggest);
  // On idle servers the price is the seller's floor: what is saved is for both sides to share.
  return fmt::format("Move to {}: {}{}; {} {} of {}.", best.site->name, why, moving(atlas, verdict, best),
                     best.quote.sunk_share > 0 ? "buyer and seller together save" : "it saves",
                     money(atlas, Money{} - best.difference), money(atlas, home.quote.price.total()));
}

// All others are refused: the obstacle that most of them meet.
std::string alone_sentence(const Verdict& verdict, const std::string& home_name) {
  std::map<Obstacle, std::size_t> counts;
  for (const SiteRow& row : verdict.rows) {
    if (!row.is_home) ++counts[row.quote.obstacle];
  }
  if (counts.empty()) return fmt::format("Stay in {}: no other site was asked.", home_name);
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  const auto example = std::ranges::find_if(
      verdict.rows, [&](const SiteRow& row) { return !row.is_home && row.quote.obstacle == most->first; });
  return fmt::format("Stay in {}: none of the {} other sites is allowed, {} of them by {} ({}: {}).",
                     home_name, verdict.rows.size() - 1, most->second, name_of(most->first),
                     example->site->name, example->reason);
}

std::string stay_sentence(const Atlas& atlas, const Verdict& verdict, const std::string& home_name) {
  const SiteRow* best = verdict.best_row();
  if (best == nullptr) return alone_sentence(verdict, home_name);
  const SiteRow& home = verdict.home_row();
  const Money network = best->quote.price.network - home.quote.price.network;
  const Money saved = home.quote.price.running() - best->quote.price.running();
  const Hours work = verdict.amount.server_hours;
  if (saved.value > 0) {
    const Gigabytes bytes = verdict.amount.bytes.in + verdict.amount.bytes.out;
    return fmt::format(
        "Stay in {}: {} server-hours per GB; moving the bytes costs {} times what running in {} saves.",
        home_name, compact(work.value / bytes.value), compact(network / saved), best->site->name);
  }
  const auto parts = parts_of(home.quote.price, best->quote.price);
  const Part& worst =
      *std::ranges::min_element(parts, {}, [](const Part& part) { return part.saved().value; });
  return fmt::format(
      "Stay in {}: {} is {} a server-hour in {}, the cheapest other site, and {} at home; moving would cost "
      "{} more.",
      home_name, worst.name, compact((worst.away / work).value), best->site->name,
      compact((worst.home / work).value), money(atlas, best->difference));
}

}  // namespace

std::string verdict_sentence(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const std::string home_name = atlas.regions.at(question.from).name;
  switch (verdict.answer) {
    case Answer::move: return move_sentence(atlas, verdict, home_name);
    case Answer::stay: return stay_sentence(atlas, verdict, home_name);
    case Answer::refused: break;
  }
  return fmt::format("Refused: no site is allowed, home included ({}: {}).", verdict.home.site->name,
                     full_reason(verdict.home_row()));
}

}  // namespace hinterland
