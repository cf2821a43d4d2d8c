#include "hinterland/settle/focus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "hinterland/base/csv.hpp"

namespace hinterland {

namespace {

// In the order of the alphabet, and then our own.
constexpr std::array kColumns = {"BilledCost",
                                 "BillingAccountId",
                                 "BillingAccountName",
                                 "BillingCurrency",
                                 "BillingPeriodEnd",
                                 "BillingPeriodStart",
                                 "ChargeCategory",
                                 "ChargeClass",
                                 "ChargeDescription",
                                 "ChargeFrequency",
                                 "ChargePeriodEnd",
                                 "ChargePeriodStart",
                                 "ConsumedQuantity",
                                 "ConsumedUnit",
                                 "ContractedCost",
                                 "EffectiveCost",
                                 "InvoiceIssuerName",
                                 "ListCost",
                                 "PricingQuantity",
                                 "PricingUnit",
                                 "ProviderName",
                                 "PublisherName",
                                 "RegionId",
                                 "ResourceId",
                                 "ServiceCategory",
                                 "ServiceName",
                                 "x_Part",
                                 "x_PaidAs",
                                 "x_Job",
                                 "x_Task",
                                 "x_Pool",
                                 "x_Host",
                                 "x_Cause"};

// Where a column stands; a name that is none does not compile.
consteval std::size_t column(std::string_view name) {
  for (std::size_t k = 0; k < kColumns.size(); ++k) {
    if (name == kColumns[k]) return k;
  }
  throw std::logic_error("no such column");
}

constexpr std::int64_t kSecond = 1000;

std::int64_t whole_seconds_down(Instant at) {
  return at.ms / kSecond - static_cast<std::int64_t>(at.ms % kSecond < 0);
}

// 2026-11-30T05:00:00Z
std::string utc(std::int64_t seconds) {
  return format_civil({seconds * kSecond}, "UTC").substr(0, std::string_view("2026-11-30T05:00:00").size()) +
         "Z";
}

// The first of the month, and of the next.
std::pair<std::string, std::string> month_of(Instant at) {
  const std::string day = utc(whole_seconds_down(at));
  const std::string_view year_month = std::string_view(day).substr(0, day.find('T') - 3);
  const std::size_t dash = year_month.rfind('-');
  int year = 0, month = 0;
  for (const char digit : year_month.substr(0, dash)) year = 10 * year + (digit - '0');
  for (const char digit : year_month.substr(dash + 1)) month = 10 * month + (digit - '0');
  const auto first = [](int y, int m) { return fmt::format("{:04}-{:02}-01T00:00:00Z", y, m); };
  constexpr int months = 12;
  return {first(year, month), month == months ? first(year + 1, 1) : first(year, month + 1)};
}

struct Amount {
  std::string quantity;
  const char* unit = "";
};

class Rows {
 public:
  Rows(const MeteredJournal& metered, const Selection& selection, const std::string& issuer,
       std::string currency)
      : metered_(metered), selection_(selection), issuer_(issuer), currency_(std::move(currency)) {
    for (const char* const column : kColumns) csv_ += fmt::format("{}{}", csv_.empty() ? "" : ",", column);
    csv_ += '\n';
  }

  void add(const MeteredAttempt& attempt) {
    if (is_sites_fault(attempt.cause) && attempt.bill == Bill{}) return;
    const PoolDeal& deal = metered_.deal_of(attempt);
    const std::string& project = metered_.project_of(attempt).name;
    Cells cells;
    for (const BillPart part : kBillParts) {
      const bool always = part == BillPart::energy || part == BillPart::capacity;
      if (!always && part_of(attempt.bill, part) == 0) continue;
      if (!takes_party(selection_, project) && !takes_party(selection_, payee_of(part, deal).name)) continue;
      if (cells[kFirstTold].empty()) tell(attempt, project, deal, cells);
      tell(attempt, part, deal, cells);
      for (std::size_t k = 0; k < cells.size(); ++k) csv_ += (k == 0 ? "" : ",") + cells[k];
      csv_ += '\n';
    }
  }

  [[nodiscard]] std::string take() { return std::move(csv_); }

 private:
  using Cells = std::array<std::string, kColumns.size()>;
  static constexpr std::size_t kFirstTold = column("ChargeCategory");

  // What is the same for all parts of an attempt.
  void tell(const MeteredAttempt& attempt, const std::string& project, const PoolDeal& deal,
            Cells& cells) const {
    const State& state = metered_.state;
    const JobNumber number = state.tasks[attempt.task].job;
    const JobState& job = state.jobs[number];
    const auto [month, next_month] = month_of(attempt.ended);
    const std::int64_t began = whole_seconds_down(attempt.began);
    const std::int64_t ended =
        std::max(began + 1, whole_seconds_down(attempt.began + attempt.ran + Duration{kSecond - 1}));
    cells[column("BillingAccountId")] = cells[column("BillingAccountName")] = cell(project);
    cells[column("BillingCurrency")] = cell(currency_);
    cells[column("BillingPeriodEnd")] = next_month;
    cells[column("BillingPeriodStart")] = month;
    cells[column("ChargeCategory")] = "Usage";
    cells[column("ChargeFrequency")] = "Usage-Based";
    cells[column("ChargePeriodEnd")] = utc(ended);
    cells[column("ChargePeriodStart")] = utc(began);
    cells[column("InvoiceIssuerName")] = cells[column("ProviderName")] = cell(issuer_);
    cells[column("RegionId")] = cell(deal.site);
    cells[column("ResourceId")] = cell(fmt::format("{}/{}", state.name, attempt.id.value));
    cells[column("ServiceName")] = cell(state.places[job.places]);
    cells[column("x_Job")] = std::to_string(number.value);
    cells[column("x_Task")] = std::to_string(static_cast<std::size_t>(attempt.task - job.first));
    cells[column("x_Pool")] = cell(state.pools[attempt.pool].name);
    cells[column("x_Host")] = attempt.host ? cell(state.hosts[*attempt.host].name) : "";
    cells[column("x_Cause")] = name_of(attempt.cause);
  }
  void tell(const MeteredAttempt& attempt, BillPart part, const PoolDeal& deal, Cells& cells) const {
    const Amount amount = amount_of(attempt, part, deal, metered_.state.job_of(attempt.task));
    const std::string cost = exact_decimal(part_of(attempt.bill, part));
    for (const std::size_t k :
         {column("BilledCost"), column("ContractedCost"), column("EffectiveCost"), column("ListCost")})
      cells[k] = cost;
    for (const std::size_t k : {column("ConsumedQuantity"), column("PricingQuantity")})
      cells[k] = amount.quantity;
    for (const std::size_t k : {column("ConsumedUnit"), column("PricingUnit")}) cells[k] = amount.unit;
    cells[column("ChargeDescription")] =
        cell(fmt::format("{} of attempt {} in {}", name_of(part), attempt.id.value,
                         printable(metered_.state.pools[attempt.pool].name)));
    cells[column("PublisherName")] = cell(payee_of(part, deal).name);
    cells[column("ServiceCategory")] = part == BillPart::network ? "Networking" : "Compute";
    cells[column("x_Part")] = name_of(part);
    cells[column("x_PaidAs")] = name_of(payee_of(part));
  }

  static std::string cell(const std::string& text) { return safe_csv_cell(printable(text)); }

  static Amount amount_of(const MeteredAttempt& attempt, BillPart part, const PoolDeal& deal,
                          const JobState& job) {
    switch (part) {
      case BillPart::energy: return {exact_decimal(attempt.bill.kwh), "Kilowatt-Hours"};
      case BillPart::network: return {exact_decimal(moved_gb(attempt, job)), "GB"};
      case BillPart::carbon: return {exact_decimal(attempt.bill.kg), "Kilograms"};
      case BillPart::water: return {exact_decimal(attempt.bill.litres), "Litres"};
      case BillPart::capacity: break;
    }
    if (const auto hours = server_hours(attempt, deal)) return {exact_decimal(*hours), "Server-Hours"};
    const double hours = static_cast<double>(attempt.units) * in_hours(attempt.ran).value;
    return {fmt::format("{:.6f}", hours), "Unit-Hours"};
  }

  const MeteredJournal& metered_;
  const Selection& selection_;
  const std::string& issuer_;
  std::string currency_, csv_;
};

}  // namespace

std::string safe_csv_cell(const std::string& text) {
  const bool formula = !text.empty() && (std::string_view("=+-@").contains(text.front()) ||
                                         static_cast<unsigned char>(text.front()) < ' ');
  return csv_cell(formula ? "'" + text : text);
}

std::string exact_decimal(std::int64_t millionths) {
  constexpr std::uint64_t million = 1'000'000;
  const std::uint64_t size =
      millionths < 0 ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  return fmt::format("{}{}.{:06}", millionths < 0 ? "-" : "", size / million, size % million);
}

Expected<std::string> focus_csv(const MeteredJournal& metered, const Selection& selection,
                                const std::string& issuer, const std::string& journal) {
  if (const auto known = check_selection(selection, metered); !known) return std::unexpected(known.error());
  const auto currency = currency_of(metered, journal);
  if (!currency) return std::unexpected(currency.error());
  Rows rows(metered, selection, issuer, *currency);
  for (const MeteredAttempt& attempt : metered.attempts) {
    if (takes(selection, metered, attempt)) rows.add(attempt);
  }
  return rows.take();
}

}  // namespace hinterland
