#include "hinterland/settle/settlement.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <sstream>

#include "hinterland/base/csv.hpp"
#include "hinterland/settle/focus.hpp"
#include "hinterland/settle/settlement_page.hpp"
#include "hinterland/settle/test_journal.hpp"

namespace hinterland {

using test::deal;
using test::KeptDesk;
using test::metered_by_chance;

namespace {

Settlement settled(const MeteredJournal& metered, const Selection& selection = {}) {
  auto settlement = settle(metered, selection, "journal.db");
  REQUIRE(settlement);
  return std::move(*settlement);
}

std::int64_t billed(const MeteredJournal& metered) {
  return std::accumulate(
      metered.attempts.begin(), metered.attempts.end(), std::int64_t{0},
      [](std::int64_t sum, const MeteredAttempt& attempt) { return sum + attempt.bill.total(); });
}

const Statement& statement_of(const Settlement& settlement, PartyRole role, const std::string& name) {
  const auto found =
      std::ranges::find(settlement.statements, Party{.role = role, .name = name}, &Statement::party);
  REQUIRE(found != settlement.statements.end());
  return *found;
}

std::int64_t owed(const Settlement& settlement, PartyRole role, const std::string& name) {
  return statement_of(settlement, role, name).sums.total;
}

// The cells of a column of CSV.
std::vector<std::string> column(const std::string& csv, std::string_view name) {
  CsvReader reader(csv, "test.csv");
  CsvRow row;
  REQUIRE(reader.next(row).value());
  const auto at = std::ranges::find(row.cells, name) - row.cells.begin();
  REQUIRE(at < std::ssize(row.cells));
  std::vector<std::string> cells;
  while (reader.next(row).value()) cells.emplace_back(row.cells[static_cast<std::size_t>(at)]);
  return cells;
}

std::int64_t in_millionths(std::string text) {
  const bool minus = text.starts_with('-');
  std::erase(text, '-');
  std::erase(text, '.');
  return (minus ? -1 : 1) * std::stoll(text);
}

std::int64_t sum_of(const std::vector<std::string>& cells) {
  std::int64_t sum = 0;
  for (const std::string& cell : cells) sum += in_millionths(cell);
  return sum;
}

}  // namespace

TEST_CASE("the parts of a bill go to who bears them, and an attempt balances") {
  const Bill bill{.energy = 7, .capacity = 5, .carbon = -2, .water = 1, .network = 3, .kwh = 9};
  std::map<Party, std::int64_t> owed_to;
  for (const Posting& posting : postings_of(bill, "film", deal("acme", "line")))
    owed_to[posting.party] += posting.money;
  CHECK(owed_to == std::map<Party, std::int64_t>{{{PartyRole::project, "film"}, -14},
                                                 {{PartyRole::owner, "acme"}, 11},
                                                 {{PartyRole::carrier, "line"}, 3}});
  CHECK(postings_of({}, "film", deal("acme", "line")).empty());
}

TEST_CASE("whatever was metered: all balances, parties' sums are the bill, and no order matters") {
  CHECK(rc::check("laws of settlement", [](std::uint64_t seed) {
    MeteredJournal metered = metered_by_chance(seed);
    const Settlement all = settled(metered);
    RC_ASSERT(all.balance == 0);
    RC_ASSERT(all.sums.total == billed(metered));
    std::int64_t projects = 0, payees = 0, jobs = 0;
    for (const Statement& statement : all.statements) {
      (statement.party.role == PartyRole::project ? projects : payees) += statement.sums.total;
      std::int64_t lines = 0, parts = 0;
      for (const StatementLine& line : statement.lines) {
        lines += line.sums.total;
        parts += std::accumulate(line.sums.money.begin(), line.sums.money.end(), std::int64_t{0});
      }
      RC_ASSERT(lines == statement.sums.total);
      RC_ASSERT(parts == statement.sums.total);
    }
    RC_ASSERT(-projects == billed(metered));
    RC_ASSERT(payees == billed(metered));
    for (const JobStatement& job : all.jobs) {
      jobs += job.sums.total;
      std::int64_t paid = 0;
      for (const auto& [party, money] : job.paid) paid += money;
      RC_ASSERT(paid == job.sums.total);
      RC_ASSERT(job.billed_in_all == job.sums.total);
    }
    RC_ASSERT(jobs == billed(metered));
    // As each project was billed.
    for (const ProjectState& project : metered.state.projects) {
      const Party party{.role = PartyRole::project, .name = project.name};
      const auto found = std::ranges::find(all.statements, party, &Statement::party);
      RC_ASSERT(-project.spent == (found == all.statements.end() ? 0 : found->sums.total));
    }

    std::ranges::reverse(metered.attempts);
    const Settlement reversed = settled(metered);
    RC_ASSERT(reversed.statements == all.statements);
    RC_ASSERT(reversed.jobs == all.jobs);
  }));
}

TEST_CASE("periods that follow each other add up to the whole") {
  CHECK(rc::check("periods", [](std::uint64_t seed) {
    const MeteredJournal metered = metered_by_chance(seed);
    const Instant cut{*rc::gen::inRange<std::int64_t>(1, 1'000'000'000)};
    const Settlement before = settled(metered, {.from = {}, .to = cut});
    const Settlement after = settled(metered, {.from = cut, .to = {}});
    RC_ASSERT(before.sums.total + after.sums.total == billed(metered));
    RC_ASSERT(before.sums.attempts + after.sums.attempts + before.sums.borne + after.sums.borne ==
              std::ssize(metered.attempts));
  }));
}

TEST_CASE("CSV and FOCUS add up to the bill, exactly") {
  CHECK(rc::check("csv", [](std::uint64_t seed) {
    const MeteredJournal metered = metered_by_chance(seed);
    RC_ASSERT(sum_of(column(settlement_csv(settled(metered)), "total")) == 0);
    const auto focus = focus_csv(metered, {}, "house", "journal.db");
    RC_ASSERT(focus.has_value());
    for (const char* const cost : {"BilledCost", "EffectiveCost", "ContractedCost", "ListCost"})
      RC_ASSERT(sum_of(column(*focus, cost)) == billed(metered));
  }));
}

TEST_CASE("FOCUS has the columns and words that its version asks for") {
  KeptDesk books;
  const JobNumber job = books.submit(2, 3);
  books.end_all();
  CHECK(books.state_of().jobs[job].money > 0);
  const MeteredJournal metered = books.read();
  const auto focus = focus_csv(metered, {}, "Hinterland Ltd", "journal.db");
  REQUIRE(focus);
  const std::set<std::string> categories = {"Usage"}, services = {"Compute", "Networking"},
                              units = {"Kilowatt-Hours", "Server-Hours", "GB", "Kilograms", "Litres"};
  const auto only = [&](const char* name, const std::set<std::string>& allowed) {
    for (const std::string& cell : column(*focus, name))
      CHECK_MESSAGE(allowed.contains(cell), name << ": " << cell);
  };
  only("ChargeCategory", categories);
  only("ChargeClass", {""});
  only("ServiceCategory", services);
  only("PricingUnit", units);
  only("ConsumedUnit", units);
  only("BillingCurrency", {"CNY"});
  only("ProviderName", {"Hinterland Ltd"});
  only("BillingPeriodStart", {"1970-01-01T00:00:00Z"});
  only("BillingPeriodEnd", {"1970-02-01T00:00:00Z"});
  for (const char* const mandatory :
       {"BilledCost",        "BillingAccountId",   "BillingAccountName", "BillingCurrency",
        "BillingPeriodEnd",  "BillingPeriodStart", "ChargeCategory",     "ChargeDescription",
        "ChargePeriodEnd",   "ChargePeriodStart",  "ContractedCost",     "EffectiveCost",
        "InvoiceIssuerName", "ListCost",           "PricingQuantity",    "PricingUnit",
        "ProviderName",      "PublisherName",      "ServiceCategory",    "ServiceName"}) {
    for (const std::string& cell : column(*focus, mandatory)) CHECK_MESSAGE(!cell.empty(), mandatory);
  }
  const auto starts = column(*focus, "ChargePeriodStart"), ends = column(*focus, "ChargePeriodEnd");
  for (std::size_t k = 0; k < starts.size(); ++k) CHECK(starts[k] < ends[k]);
  const auto quantities = column(*focus, "PricingQuantity"), parts = column(*focus, "x_Part");
  const auto network = std::ranges::find(parts, "network") - parts.begin();
  CHECK(quantities.at(static_cast<std::size_t>(network)) == "3.000000");
  const auto capacity = std::ranges::find(parts, "capacity") - parts.begin();
  CHECK(quantities.at(static_cast<std::size_t>(capacity)) == "0.250000");  // a core of four, for an hour
}

TEST_CASE("no cell is a formula") {
  CHECK(safe_csv_cell("=1+1") == "'=1+1");
  CHECK(safe_csv_cell("+1") == "'+1");
  CHECK(safe_csv_cell("-1") == "'-1");
  CHECK(safe_csv_cell("@SUM(1,2)") == "\"'@SUM(1,2)\"");
  CHECK(safe_csv_cell("\tx") == "'\tx");
  CHECK(safe_csv_cell("film") == "film");
  KeptDesk books(deal("=cmd()", "@line"), deal("=cmd()", "@line"));
  books.submit(1, 1);
  books.end_all();
  const MeteredJournal metered = books.read();
  const auto focus = focus_csv(metered, {}, "-issuer", "journal.db");
  REQUIRE(focus);
  for (const std::string& text : {*focus, settlement_csv(settled(metered))}) {
    for (const char* const formula : {",=", ",@", ",-i"}) CHECK_FALSE(text.contains(formula));
  }
  CHECK(exact_decimal(-1) == "-0.000001");
  CHECK(exact_decimal(INT64_MIN) == "-9223372036854.775808");
}

TEST_CASE("an attempt is under the deal that held when it was begun, and a later one rewrites nothing") {
  KeptDesk books;
  const JobNumber job = books.submit(3);  // all go to the second pool, which is cheaper and has room for four
  REQUIRE(books.state_of().attempts.size() == 3);
  books.end(AttemptId{1});
  const Settlement before = settled(books.read());
  CHECK(owed(before, PartyRole::owner, "bolt") == 1'000'000);

  books.begin_again(deal("acme", "line"), deal("new", "wire"));
  CHECK(settled(books.read()).statements == before.statements);
  books.end(AttemptId{2});  // begun before
  CHECK(owed(settled(books.read()), PartyRole::owner, "bolt") == 2'000'000);

  books.end(AttemptId{3}, Cause::failed);  // it is begun again, now
  REQUIRE(books.state_of().attempts.size() == 1);
  books.end_all();
  const Settlement after = settled(books.read());
  CHECK(owed(after, PartyRole::owner, "bolt") == 3'000'000);
  CHECK(owed(after, PartyRole::owner, "new") == 1'000'000);
  CHECK(owed(after, PartyRole::project, "film") == -books.state_of().jobs[job].money);
}

TEST_CASE("a journal that says nothing of deals settles with the house") {
  KeptDesk books({}, {});
  books.submit(1, 2);
  books.end_all();
  const Settlement all = settled(books.read());
  CHECK(all.currency == kNoCurrency);
  CHECK(owed(all, PartyRole::owner, "house") == 1'000'000);
  CHECK(owed(all, PartyRole::carrier, "house") == 200'000);
  CHECK(all.sums.unsized == 1);
  CHECK(all.sums.server_hours == 0);
}

TEST_CASE("nobody pays for what a site lost") {
  KeptDesk books;
  books.submit(1, 2);
  books.end(AttemptId{1}, Cause::host_failed);
  const Settlement all = settled(books.read());
  CHECK(all.sums.borne == 1);
  CHECK(all.sums.attempts == 0);
  CHECK(all.sums.total == 0);
  CHECK(statement_of(all, PartyRole::owner, "bolt").sums.borne == 1);
}

TEST_CASE("only what is asked for") {
  KeptDesk books;
  books.submit(1, 1);
  books.submit(1, 1, 1);
  books.end_all();
  const MeteredJournal metered = books.read();
  const Settlement lab = settled(metered, {.project = "lab"});
  CHECK(lab.jobs.size() == 1);
  CHECK(lab.sums.attempts == 1);
  const Settlement wire = settled(metered, {.party = "wire"});
  REQUIRE(wire.statements.size() == 1);
  CHECK(wire.statements[0].party == Party{PartyRole::carrier, "wire"});
  CHECK(wire.balance == 0);
  const auto focus = focus_csv(metered, {.party = "wire"}, "house", "journal.db");
  REQUIRE(focus);
  CHECK(column(*focus, "x_Part") == std::vector<std::string>{"network", "network"});
  const auto wrong = [&](const Selection& selection) {
    const auto all = settle(metered, selection, "journal.db");
    REQUIRE_FALSE(all);
    return describe(all.error().front());
  };
  CHECK(wrong({.project = "labs"}).contains("lab"));
  CHECK(wrong({.party = "wires"}).contains("wire"));
  CHECK(wrong({.from = Instant{5}, .to = Instant{5}}).contains("--to"));
}

TEST_CASE("money in two currencies is no sum, and neither is one that 64 bits do not hold") {
  PoolDeal other = deal("bolt", "wire");
  other.currency = "EUR";
  KeptDesk books(deal("acme", "line"), other);
  CHECK_FALSE(settle(books.read(), {}, "journal.db"));

  MeteredJournal large = metered_by_chance(1);
  MeteredAttempt attempt{
      .id = {1}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .host = {}, .deal = 1, .units = 1};
  attempt.bill.energy = 1'000'000'000'000'000'000;
  large.attempts.assign(8, attempt);
  CHECK(settle(large, {}, "journal.db"));
  large.attempts.assign(10, attempt);
  const auto all = settle(large, {}, "journal.db");
  REQUIRE_FALSE(all);
  CHECK(describe(all.error().front()).contains("64 bits"));
}

}  // namespace hinterland
