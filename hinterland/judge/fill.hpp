// What could fill the servers that stand idle at a site: the operator's side of the deal.
//
// A pair is one class of work from one region. It is quoted by the same functions as in judge(), on idle (sunk)
// servers of the site, so both verbs agree on every pair they share. Each allowed pair has
//   floor        energy + carbon + water + scarcity of its server-hours at the site: below it, idling is better
//   ceiling      what its home would charge, by the basis of `home`, less the moving: above it, it stays there
//   room         ceiling - floor; both sides share it, so it is the most that the seller can earn
//   power, busy  IT kW of its servers all busy, and for how many hours
//   idle energy  server-hours x busy kW: the idle servers' time that it uses up, in IT kWh
// Pairs that pay (room > 0) are ranked by room per IT kWh, for idle servers' time is what is scarce. Down the
// ranking each takes its power if that is still idle: all run at once, since no calendar of theirs is known. A pair
// is never cut in two; one that does not fit is passed over, and smaller ones below it may still fit.
//
// The ceiling is what a customer pays who knows no other site with idle servers. `against_rival` is what one pays who
// does, were the cheapest other one to sell at its own floor: floor there + moving there - moving here.
//
// What this does not know, and says: how much work of a class a region has (a class is one piece of work), and of
// which type the idle servers are (`servers` narrows the classes to theirs).
//
// Two regions that take the same metro site as home are one customer: the region that the site stands in is kept, or
// else the first one named, and the others are listed. Work whose home is the site itself is there already.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

struct FillQuestion {
  SiteId site;
  std::vector<Workload> classes;
  std::vector<RegionId> from;     // empty: every region that a metro site stands in
  std::vector<ServerId> servers;  // types that stand idle; empty: any
  Capacity home{.automatic = false, .deal = {.basis = Basis::built, .rate = {}}};
  Charges charges;
  std::optional<Kilowatts> idle;  // IT power that stands idle; none: capacity x rack_fill x (1 - server_use)
};

// The regions that one home stands for.
struct Customer {
  const Region* region = nullptr;
  const Site* home = nullptr;
  bool in_region = true;
  std::vector<const Region*> also;  // other regions of this home, counted with it
};

// Points into the atlas and the question, which must outlive it.
struct FillPair {
  const Workload* workload = nullptr;
  const Region* region = nullptr;
  const Site* home = nullptr;
  Amount amount;
  Quote quote;      // at the site, on idle servers
  Words reason;     // empty when allowed
  Latency latency;  // from home
  // Only where allowed:
  Money floor;
  std::optional<Money> ceiling;            // none: home may not run it, so nothing there is avoided
  Words home_reason;                       // why it may not; empty where it may
  std::optional<Money> if_sunk, if_built;  // the ceiling of a home on these bases
  // The other site whose idle servers would serve this customer for the least, at its floor and moving counted; and what
  // the customer could pay here and be no worse off than there. None where no other may serve it.
  const Site* rival = nullptr;
  std::optional<Money> against_rival;
  Kilowatts power;
  Hours busy;
  KilowattHours idle_energy;
  // The least that a line must carry: the bytes over what one task's run leaves of the deadline.
  GbPerHour bandwidth;

  [[nodiscard]] Gigabytes bytes() const { return amount.bytes.in + amount.bytes.out; }
  // Requires a ceiling.
  [[nodiscard]] Money room() const { return *ceiling - floor; }
  [[nodiscard]] MoneyPerKwh room_per_kwh() const { return room() / idle_energy; }
};

struct FillStep {
  FillPair pair;
  bool fits = false;
  Kilowatts used;  // of the idle power, by this step and those before it that fit
};

// What the steps that fit are worth in a year, as a ceiling for the seller (the room is shared).
struct YearWorth {
  Money once;                 // each once
  KilowattHours once_energy;  // the idle time that takes
  Money all_year;             // each again as soon as it is done: times_a_year() x its room
};

// How often work of so many server-hours could run in a year, one piece after the other on these servers.
inline double times_a_year(Hours server_hours, double servers) { return kYear / (server_hours / servers); }

struct Fill {
  const Site* site = nullptr;
  Kilowatts idle;
  std::vector<Customer> customers;
  std::vector<const Region*> here;        // regions whose home is the site
  std::vector<const Workload*> left_out;  // classes whose server type does not stand idle
  std::vector<FillStep> steps;            // that pay, best first
  std::vector<FillPair> no_room;     // allowed, but the ceiling is not above the floor; the nearest first
  std::vector<FillPair> no_ceiling;  // allowed, but home may not run it
  std::vector<FillPair> refused;
  YearWorth year;
  Words sentence;

  [[nodiscard]] std::size_t fitting() const;
  // "Nothing pays above your floor" is an answer too.
  [[nodiscard]] bool anything() const { return fitting() > 0; }
};

// Fails if the site, a region or a name in a class is not in the atlas, if a class is there twice, or if more is said
// to stand idle than was ever built.
Expected<Fill> fill_site(const Atlas& atlas, const RateYear& rates, const FillQuestion& question);

// The same pair as a question to judge().
Question to_judge(const FillQuestion& question, const FillPair& pair);

// The answer in one sentence; fill_site() fills it in.
Words fill_sentence(const Atlas& atlas, const Fill& fill);

}  // namespace hinterland
