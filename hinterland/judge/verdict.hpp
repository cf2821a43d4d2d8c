// Should this workload move, where to, at what price, and why.
//
// Every site gets a row: allowed or not and why, the parts of its price, what it uses. The verdict:
//   refused  no site is allowed, home included
//   move     some other site is allowed and costs less than home, or home is not allowed
//   stay     otherwise; a tie stays
//
// Both sides of the deal, for the cheapest allowed site away ("best", named even when staying):
//   floor    what the seller must at least get: energy, carbon, water and scarcity, on sunk capacity
//   ceiling  what the buyer can at most give: what home avoids, less the moving
//   room     ceiling - floor; a deal exists where it is positive
// and what would have to be true for the answer to be on the edge:
//   break_even_use           of a server built at best, against home as quoted
//   break_even_hours_per_gb  server-hours per GB moved, at the quoted rates and transfer
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/cost/quote.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

enum class Answer { move, stay, refused };
const char* name_of(Answer answer);

// What decides: home's quote, and the cheapest allowed one away (null: none is allowed).
Answer answer_of(const Quote& home, const Quote* best);

struct Question {
  Workload workload;
  std::optional<Hours> start;  // hour of the model year in which the work is ready; none: any
  RegionId from;
  std::vector<SiteId> to;  // empty: every site but home
  Capacity home{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};
  Capacity away{.automatic = true, .deal = {}};
  Charges charges;
};

struct SiteRow {
  const Site* site = nullptr;
  bool is_home = false;
  Quote quote;
  Words reason;      // without the obstacle's name; empty when allowed
  Money difference;  // to staying; only where both are allowed
  KilowattHours energy;
  Kilograms location, market, embodied;
  std::optional<Kilograms> marginal;
  Litres water;
};

// "latency: 10.9 ms one way from Shanghai metro, 5 ms allowed"; empty when allowed.
Words full_reason(const SiteRow& row);

// The verdict if both sides held capacity on the named bases, and where it would move to.
struct Cell {
  Answer answer = Answer::refused;
  const Site* site = nullptr;  // the cheapest allowed site away
};

// What annual means of PUE, tariff and carbon would have said.
struct MeansOnly {
  Answer answer = Answer::refused;
  const Site* best = nullptr;
  std::optional<Money> home, away;  // prices at home and at `best`, where allowed
};

struct Verdict {
  Answer answer = Answer::refused;
  HomeSite home;
  Amount amount;
  std::vector<SiteRow> rows;        // home, then allowed sites by price, then refused ones
  std::optional<std::size_t> best;  // row of the cheapest allowed site away
  // cells[home][away] for {sunk, built}
  std::array<std::array<Cell, 2>, 2> cells{};
  std::optional<Money> floor, ceiling;
  std::optional<double> break_even_use;
  std::optional<Hours> break_even_hours_per_gb;  // Hours: server-hours for one GB
  MeansOnly by_means;
  std::string sentence, sentence_zh;

  [[nodiscard]] const SiteRow& home_row() const { return rows.front(); }
  [[nodiscard]] const SiteRow* best_row() const { return best ? &rows[*best] : nullptr; }
};

// Fails if the region, a site of `to` or a name in the workload is not in the atlas.
Expected<Verdict> judge(const Atlas& atlas, const RateYear& rates, const Question& question);

// Between whom the question is: home, and the sites that `question.to` names, or all others. Fails as judge()
// does.
struct Parties {
  HomeSite home;
  std::vector<const Site*> away;
};
Expected<Parties> parties(const Atlas& atlas, const Question& question);

// Who quotes for one of the parties, on the basis that the question gives its side. Atlas, rates and question must
// outlive the quoter.
Quoter quoter_of(const Atlas& atlas, const RateYear& rates, const Question& question, const Site& home,
                 const Site& site);

// "时延超限": an obstacle in Chinese; "" for none.
const char* chinese_name_of(Obstacle obstacle);
// An obstacle and why: "latency: 10.9 ms ...".
Words with_name(Obstacle obstacle, const Words& reason);

// What the seller of an allowed row must at least get for a server-hour: its price on idle servers, without the moving.
MoneyPerHour floor_of(const Atlas& atlas, const Question& question, const SiteRow& row);

// The verdict in one sentence, with its biggest reason; judge() fills it in.
Words verdict_sentence(const Atlas& atlas, const Question& question, const Verdict& verdict);

}  // namespace hinterland
