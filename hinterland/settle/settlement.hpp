// The statements of all parties, from what a journal metered.
//
//   statement of a party   = its postings (posting.hpp), by whom they are with and by pool
//   settlement             = the statements of all parties; their totals add up to 0
//   billed                 = - sum of the projects' totals = what the broker took for these attempts
//
// All in whole millionths (of the currency, of kWh, kg CO2, litres, server-hours), so that sums are exact and do not
// depend on an order. Beside each job's bill stands its quote (JobQuote): of the whole job, each task begun once.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/settle/selection.hpp"

namespace hinterland {

// What was metered; of money, by part.
struct MeterSums {
  std::int64_t attempts = 0, borne = 0;  // billed; at their site's expense, for which nobody pays
  std::int64_t unsized = 0;              // of both: server-hours not known (server_hours())
  std::int64_t server_hours = 0, kwh = 0, kg = 0, litres = 0;
  std::array<std::int64_t, kBillParts.size()> money{};  // as BillPart
  std::int64_t total = 0;                               // of the money
  bool operator==(const MeterSums&) const = default;
};

struct StatementLine {
  Party other;
  std::string pool;
  MeterSums sums;  // money above zero is owed to the statement's party
  bool operator==(const StatementLine&) const = default;
};
struct Statement {
  Party party;
  std::vector<StatementLine> lines;  // by other and pool
  MeterSums sums;
  bool operator==(const Statement&) const = default;
};

struct JobStatement {
  JobNumber job;
  std::string project;
  JobPhase phase = JobPhase::queued;
  JobQuote quote;
  MeterSums sums;                  // of the attempts that were asked for: money that its project pays
  std::int64_t billed_in_all = 0;  // of all its attempts
  std::vector<std::pair<Party, std::int64_t>> paid;  // of it, to whom
  bool operator==(const JobStatement&) const = default;
};

struct Settlement {
  std::string journal, currency;
  std::uint64_t steps = 0;
  Selection selection;
  MeterSums sums;                     // of all attempts: money as it is billed
  std::vector<Statement> statements;  // by role and name; those of Selection::party, if one is asked for
  std::vector<JobStatement> jobs;
  std::int64_t balance = 0;  // the totals of all statements, asked for or not: 0
};

// `journal` names it in errors. Fails for what Selection asks in vain, and for sums that 64 bits do not hold. Throws
// std::logic_error, our own bug, if an attempt or all of it does not balance.
Expected<Settlement> settle(const MeteredJournal& metered, const Selection& selection,
                            const std::string& journal);

}  // namespace hinterland
