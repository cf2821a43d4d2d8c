#include "hinterland/settle/record_format.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/broker/state.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<const char*, std::int64_t Bill::*>, 8> kBillMembers = {
    {{"energy", &Bill::energy},
     {"capacity", &Bill::capacity},
     {"network", &Bill::network},
     {"carbon", &Bill::carbon},
     {"water", &Bill::water},
     {"kwh", &Bill::kwh},
     {"kg_co2", &Bill::kg},
     {"litres", &Bill::litres}}};

bool add_to(std::int64_t& sum, std::int64_t more) { return !__builtin_add_overflow(sum, more, &sum); }

// Sums of which a total can be taken. nullopt: 64 bits do not hold it.
std::optional<std::int64_t> total_of(const Bill& bill) {
  std::int64_t total = 0;
  for (const BillPart part : kBillParts) {
    if (!add_to(total, part_of(bill, part))) return std::nullopt;
  }
  return total;
}

bool adds_up(const Bill& bill) {
  constexpr std::int64_t most = INT64_MAX;
  const auto sound = [](std::int64_t x) { return x >= -most; };  // its sign can be turned
  for (const auto& [name, member] : kBillMembers) {
    if (!sound(bill.*member)) return false;
  }
  return total_of(bill).has_value();
}

// Each member is asked for by its name and kind; the first that is not there counts, and so does one that nobody asked for.
class Form {
 public:
  Form(const Json& json, std::string where, std::string& wrong)
      : json_(json), where_(std::move(where)), wrong_(wrong) {
    if (!json_.is_object()) complain("", "is no object");
  }

  std::int64_t number(const char* name) {
    const Json* const found = find(name);
    if (found == nullptr) return 0;
    if (!found->is_number_integer()) return complain(name, "is no number"), 0;
    return found->get<std::int64_t>();
  }
  std::string text(const char* name) {
    const Json* const found = find(name);
    if (found == nullptr) return "";
    if (!found->is_string()) return complain(name, "is no text"), "";
    return found->get<std::string>();
  }
  const Json& list(const char* name) {
    static const Json kNone = Json::array();
    const Json* const found = find(name);
    if (found == nullptr) return kNone;
    if (!found->is_array()) return complain(name, "is no list"), kNone;
    return *found;
  }
  const Json& object(const char* name) {
    static const Json kNone = Json::object();
    const Json* const found = find(name);
    if (found == nullptr) return kNone;
    if (!found->is_object()) return complain(name, "is no object"), kNone;
    return *found;
  }
  void numbers(std::initializer_list<const char*> names) {
    for (const char* const name : names) number(name);
  }
  void texts(std::initializer_list<const char*> names) {
    for (const char* const name : names) text(name);
  }
  void end() {
    if (json_.is_object() && json_.size() > asked_) complain("", "has a member that no record has");
  }
  Bill bill(const char* name, std::string& wrong_sum) {
    Form form(object(name), where_ + name + ".", wrong_);
    Bill bill;
    for (const auto& [member, of] : kBillMembers) bill.*of = form.number(member);
    const std::int64_t total = form.number("total");
    form.end();
    if (wrong_.empty() && !adds_up(bill)) form.complain("total", "is of numbers that are too large");
    if (wrong_.empty() && total_of(bill) != total && wrong_sum.empty())
      wrong_sum =
          fmt::format("{}{}: its parts are {}, not its total of {}.", where_, name, *total_of(bill), total);
    return bill;
  }

 private:
  const Json* find(const char* name) {
    ++asked_;
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(name);
    if (found == json_.end()) return complain(name, "is not there"), nullptr;
    return &*found;
  }
  void complain(const char* name, const char* what) {
    if (wrong_.empty()) wrong_ = fmt::format("{}{} {}", where_, name, what);
  }

  const Json& json_;
  std::string where_;
  std::string& wrong_;
  std::size_t asked_ = 0;
};

void read_texts(const Json& list, const std::string& where, std::string& wrong) {
  for (const Json& one : list) {
    if (!one.is_string() && wrong.empty()) wrong = where + " holds what is no text";
  }
}

// The tasks that it has.
std::int64_t read_job(Form job, RecordClaims& claims, std::string& wrong) {
  claims.job = job.number("number");
  claims.project = job.text("project");
  claims.state = job.text("state");
  const std::int64_t tasks = job.number("tasks");
  job.texts({"class", "name", "asked"});
  job.numbers({"submitted_ms", "cores", "gpu_parts", "memory_gb", "request_ms", "deadline_ms", "may_wait_ms",
               "in_gb", "out_gb"});
  read_texts(job.list("variables"), "job.variables", wrong);
  read_texts(job.list("outputs"), "job.outputs", wrong);
  for (const Json& input : job.list("inputs")) {
    Form form(input, "job.inputs.", wrong);
    form.texts({"path", "hash"});
    form.end();
  }
  job.end();
  return tasks;
}

std::optional<Cause> cause_called(std::string_view name) {
  for (Cause cause = Cause::done; cause <= Cause::lost; cause = Cause(static_cast<int>(cause) + 1)) {
    if (name == name_of(cause)) return cause;
  }
  return std::nullopt;
}

// Why no broker can have had such an attempt of a job with so many tasks; empty: one can.
std::string impossible(std::int64_t task, std::int64_t tasks, std::int64_t began, std::int64_t ended,
                       std::int64_t ran, std::string_view cause, const Bill& bill) {
  if (task < 0 || task >= tasks) return fmt::format("there is no task {}", task);
  if (ran < 0 || ended < began) return "it ended before it began";
  if (bill.kwh < 0 || bill.litres < 0 || bill.capacity < 0) return "it metered less than nothing";
  const auto known = cause_called(cause);
  if (!known) return in_quotes(cause) + " is no cause of an end";
  if (is_sites_fault(*known) && bill != Bill{}) return "it is its site's fault, and was billed";
  return "";
}

// `numbers`: of the attempts before.
void read_attempt(Form attempt, std::int64_t tasks, const std::string& project, RecordSums& sums,
                  std::set<std::int64_t>& numbers, std::string& wrong_sum) {
  attempt.numbers({"status", "units", "server_units"});
  attempt.texts({"pool", "site", "host"});
  const std::int64_t number = attempt.number("attempt"), task = attempt.number("task");
  const std::int64_t began = attempt.number("began_ms"), ended = attempt.number("ended_ms"),
                     ran = attempt.number("ran_ms");
  const std::string owner = attempt.text("owner"), carrier = attempt.text("carrier"),
                    cause = attempt.text("cause");
  const Bill bill = attempt.bill("bill", wrong_sum);
  sums.add(bill, project, owner, carrier);
  attempt.end();
  std::string wrong = impossible(task, tasks, began, ended, ran, cause, bill);
  if (!numbers.insert(number).second) wrong = "it is there twice";
  if (!wrong.empty() && wrong_sum.empty()) wrong_sum = fmt::format("Attempt {}: {}.", number, wrong);
}

// As parties_json() would have them.
std::string wrong_with(const RecordSums& sums, const RecordClaims& claims, const Json& parties) {
  if (sums.bill != claims.bill) return "Its attempts are not its bill.";
  if (parties != parties_json(sums.parties)) return "Its parties are not owed what its attempts give.";
  std::int64_t balance = 0;
  for (const auto& [party, money] : sums.parties) {
    if (!add_to(balance, money)) return "Its parties are owed too much to add up.";
  }
  return balance == 0 ? "" : "Its parties do not balance.";
}

}  // namespace

void RecordSums::add(const Bill& of_attempt, const std::string& project, const std::string& owner,
                     const std::string& carrier) {
  if (!adds_up(of_attempt)) {
    overflowed = true;
    return;
  }
  for_each_part(bill, of_attempt,
                [&](std::int64_t& sum, std::int64_t more) { overflowed = !add_to(sum, more) || overflowed; });
  for (const Posting& posting : postings_of(of_attempt, project, {.owner = owner, .carrier = carrier}))
    overflowed = !add_to(parties[posting.party], posting.money) || overflowed;
  overflowed = !adds_up(bill) || overflowed;
}

nlohmann::json bill_json(const Bill& bill) {
  Json json = {{"total", bill.total()}};
  for (const auto& [name, member] : kBillMembers) json[name] = bill.*member;
  return json;
}

nlohmann::json parties_json(const std::map<Party, std::int64_t>& parties) {
  Json list = Json::array();
  for (const auto& [party, money] : parties)
    list.push_back({{"role", name_of(party.role)}, {"name", party.name}, {"money", money}});
  return list;
}

Expected<RecordClaims> read_record_json(const nlohmann::json& record, const std::string& file) {
  RecordClaims claims;
  std::string wrong, wrong_sum;
  Form all(record, "", wrong);
  const std::string format = all.text("format"), unit = all.text("unit");
  if (wrong.empty() && (format != kRecordFormat || unit != "millionths"))
    wrong = "format or unit is not one that this program knows";
  Form journal(all.object("journal"), "journal.", wrong);
  claims.journal = journal.text("name");
  journal.texts({"checksum"});
  journal.number("first_step");
  claims.step = journal.number("last_step");
  journal.end();
  const std::int64_t tasks = read_job(Form(all.object("job"), "job.", wrong), claims, wrong);
  Form quote(all.object("quote"), "quote.", wrong);
  quote.numbers({"p50", "p90", "most", "seen"});
  quote.end();
  RecordSums sums;
  std::set<std::int64_t> numbers;
  for (const Json& attempt : all.list("attempts")) {
    read_attempt(Form(attempt, fmt::format("attempts[{}].", claims.attempts++), wrong), tasks, claims.project,
                 sums, numbers, wrong_sum);
    if (!wrong.empty()) break;
  }
  claims.bill = all.bill("bill", wrong_sum);
  const Json& parties = all.list("parties");
  claims.currency = all.text("currency");
  claims.key = all.text("key");
  claims.signature = all.text("signature");
  all.end();
  if (wrong.empty() && sums.overflowed) wrong = "attempts have bills that are too large to add up";
  if (!wrong.empty())
    return failure({.what = fmt::format("It is no run record: {}.", wrong),
                    .where = {.file = file},
                    .mend = "Give what `hinterland record` wrote, unchanged."});
  claims.wrong = wrong_sum.empty() ? wrong_with(sums, claims, parties) : wrong_sum;
  const bool is_over = claims.state == name_of(JobPhase::done) || claims.state == name_of(JobPhase::failed) ||
                       claims.state == name_of(JobPhase::cancelled);
  if (!is_over && claims.wrong.empty())
    claims.wrong = fmt::format("Its job is {}: only one that is over has a record.", in_quotes(claims.state));
  return claims;
}

}  // namespace hinterland
