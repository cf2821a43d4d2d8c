#include "hinterland/settle/settlement.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

namespace hinterland {

namespace {

// Sums that say whether they overflowed.
class Adder {
 public:
  void add(std::int64_t& sum, std::int64_t more) {
    if (__builtin_add_overflow(sum, more, &sum)) overflowed_ = true;
  }
  void add(MeterSums& sums, const MeterSums& more) {
    for (const auto member :
         {&MeterSums::attempts, &MeterSums::borne, &MeterSums::unsized, &MeterSums::server_hours,
          &MeterSums::kwh, &MeterSums::kg, &MeterSums::litres, &MeterSums::total})
      add(sums.*member, more.*member);
    for (std::size_t k = 0; k < sums.money.size(); ++k) add(sums.money[k], more.money[k]);
  }
  void add_money(MeterSums& sums, BillPart part, std::int64_t money) {
    add(sums.money[static_cast<std::size_t>(part)], money);
    add(sums.total, money);
  }
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  bool overflowed_ = false;
};

MeterSums meters_of(const MeteredAttempt& attempt, const PoolDeal& deal) {
  MeterSums sums;
  if (is_sites_fault(attempt.cause)) {
    sums.borne = 1;
    return sums;
  }
  const auto hours = server_hours(attempt, deal);
  sums.attempts = 1;
  sums.unsized = hours ? 0 : 1;
  sums.server_hours = hours.value_or(0);
  sums.kwh = attempt.bill.kwh;
  sums.kg = attempt.bill.kg;
  sums.litres = attempt.bill.litres;
  return sums;
}

class Statements {
 public:
  explicit Statements(const MeteredJournal& metered) : metered_(metered) {}

  void add(const MeteredAttempt& attempt) {
    const PoolDeal& deal = metered_.deal_of(attempt);
    const std::string& project = metered_.project_of(attempt).name;
    const std::string& pool = metered_.state.pools[attempt.pool].name;
    const Party payer{.role = PartyRole::project, .name = project};
    const Party owner{.role = PartyRole::owner, .name = deal.owner};
    const MeterSums meters = meters_of(attempt, deal);
    JobSums& job = jobs_[metered_.state.tasks[attempt.task].job];
    for (MeterSums* const of :
         {&sums_, &job.sums, &lines_[{payer, owner, pool}], &lines_[{owner, payer, pool}]})
      adder_.add(*of, meters);
    std::int64_t balance = 0;
    bool moved = false;
    for (const Posting& posting : postings_of(attempt.bill, project, deal)) {
      MeterSums& line = lines_[{posting.party, posting.other, pool}];
      adder_.add_money(line, posting.part, posting.money);
      adder_.add(balance, posting.money);
      if (posting.party.role == PartyRole::project) continue;
      adder_.add_money(sums_, posting.part, posting.money);
      adder_.add_money(job.sums, posting.part, posting.money);
      adder_.add(job.paid[posting.party], posting.money);
      moved = moved || posting.party.role == PartyRole::carrier;
    }
    if (balance != 0) throw std::logic_error("the postings of an attempt do not balance");
    if (!moved) return;
    const Party carrier{.role = PartyRole::carrier, .name = deal.carrier};
    for (const auto& key : {std::tuple{payer, carrier, pool}, std::tuple{carrier, payer, pool}})
      adder_.add(lines_[key].attempts, 1);
  }

  Expected<void> into(Settlement& out, const std::string& journal) {
    out.sums = sums_;
    for (const auto& [key, sums] : lines_) {
      const auto& [party, other, pool] = key;
      adder_.add(out.balance, sums.total);
      if (!takes_party(out.selection, party.name)) continue;
      if (out.statements.empty() || out.statements.back().party != party)
        out.statements.push_back({.party = party, .lines = {}, .sums = {}});
      Statement& statement = out.statements.back();
      statement.lines.push_back({.other = other, .pool = pool, .sums = sums});
      MeterSums of_all = sums;
      if (party.role == PartyRole::project && other.role == PartyRole::carrier)
        of_all.attempts = 0;  // the line of their pool's owner has counted them
      adder_.add(statement.sums, of_all);
    }
    for (const auto& [number, sums] : jobs_) add_job(out, number, sums);
    if (adder_.overflowed())
      return failure({.what = "Its sums are beyond what 64 bits hold.",
                      .where = {.file = journal},
                      .mend = "Ask for a part of it, with --from and --to or --project."});
    if (out.balance != 0) throw std::logic_error("the statements do not balance");
    return {};
  }

 private:
  struct JobSums {
    MeterSums sums;
    std::map<Party, std::int64_t> paid;
  };

  void add_job(Settlement& out, JobNumber number, const JobSums& sums) const {
    const JobState& job = metered_.state.jobs[number];
    const std::string& project = metered_.state.projects[job.project].name;
    bool asked = takes_party(out.selection, project);
    for (const auto& [party, money] : sums.paid) asked = asked || takes_party(out.selection, party.name);
    if (!asked) return;
    out.jobs.push_back({.job = number,
                        .project = project,
                        .phase = phase_of(job),
                        .quote = job.quote,
                        .sums = sums.sums,
                        .billed_in_all = job.money,
                        .paid = {sums.paid.begin(), sums.paid.end()}});
  }

  const MeteredJournal& metered_;
  Adder adder_;
  std::map<std::tuple<Party, Party, std::string>, MeterSums> lines_;  // party, with whom, pool
  std::map<JobNumber, JobSums> jobs_;
  MeterSums sums_;
};

}  // namespace

Expected<Settlement> settle(const MeteredJournal& metered, const Selection& selection,
                            const std::string& journal) {
  if (const auto known = check_selection(selection, metered); !known) return std::unexpected(known.error());
  auto currency = currency_of(metered, journal);
  if (!currency) return std::unexpected(std::move(currency.error()));
  Settlement out{.journal = metered.state.name,
                 .currency = std::move(*currency),
                 .steps = metered.steps,
                 .selection = selection,
                 .sums = {},
                 .statements = {},
                 .jobs = {}};
  Statements statements(metered);
  for (const MeteredAttempt& attempt : metered.attempts) {
    if (takes(selection, metered, attempt)) statements.add(attempt);
  }
  if (const auto done = statements.into(out, journal); !done) return std::unexpected(done.error());
  return out;
}

}  // namespace hinterland
