#include "hinterland/settle/run_record.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/settle/canonical_json.hpp"
#include "hinterland/settle/record_format.hpp"
#include "hinterland/settle/selection.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;  // with its keys in order

Json list_of(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(printable(text));
  return list;
}

Json files_of(const AskedWork& work) {
  Json files = Json::array();
  for (const auto& [path, hash] : work.inputs)
    files.push_back({{"path", printable(path)}, {"hash", printable(hash)}});
  return files;
}

std::string asked_digest(const AskedWork& work) {
  return digest_of_text(canonical({{"command", list_of(work.command)},
                                   {"folder", printable(work.folder)},
                                   {"variables", list_of(work.variables)},
                                   {"inputs", files_of(work)},
                                   {"outputs", list_of(work.outputs)}}));
}

std::int64_t millionths(double value) { return nearest_whole(kMillion * value); }

Json job_part(const MeteredJob& job, const AskedWork& work) {
  const State& state = job.metered.state;
  const JobState& now = state.jobs[job.number];
  const JobRequest& asked = job.request;
  return {{"number", job.number.value},
          {"project", printable(state.projects[now.project].name)},
          {"class", printable(state.places[now.places])},
          {"name", printable(work.name)},
          {"state", name_of(phase_of(now))},
          {"submitted_ms", now.submitted.ms},
          {"tasks", asked.tasks},
          {"cores", asked.size.cores},
          {"gpu_parts", asked.size.gpus},
          {"memory_gb", asked.size.memory_gb},
          {"request_ms", asked.request.ms},
          {"deadline_ms", asked.deadline.ms},
          {"may_wait_ms", asked.may_wait.ms},
          {"in_gb", millionths(asked.gb_in)},
          {"out_gb", millionths(asked.gb_out)},
          {"variables", list_of(work.variables)},
          {"inputs", files_of(work)},
          {"outputs", list_of(work.outputs)},
          {"asked", asked_digest(work)}};
}

Json attempt_part(const MeteredJob& job, const MeteredAttempt& attempt) {
  const State& state = job.metered.state;
  const PoolDeal& deal = job.metered.deal_of(attempt);
  const TaskIndex first = state.jobs[job.number].first;
  return {{"attempt", attempt.id.value},
          {"task", attempt.task - first},
          {"pool", printable(state.pools[attempt.pool].name)},
          {"site", printable(deal.site)},
          {"host", attempt.host ? printable(state.hosts[*attempt.host].name) : ""},
          {"owner", printable(deal.owner)},
          {"carrier", printable(deal.carrier)},
          {"began_ms", attempt.began.ms},
          {"ended_ms", attempt.ended.ms},
          {"ran_ms", attempt.ran.ms},
          {"cause", name_of(attempt.cause)},
          {"status", attempt.status},
          {"units", attempt.units},
          {"server_units", deal.server_units},
          {"bill", bill_json(attempt.bill)}};
}

}  // namespace

Expected<std::string> run_record(const MeteredJob& job, const AskedWork& work, const SecretKey& key,
                                 const std::string& journal) {
  // Of the deals of its own attempts: what was agreed later must not change a record.
  MeteredJournal own{.state = {}, .deals = {}, .attempts = {}};
  for (const MeteredAttempt& attempt : job.metered.attempts)
    own.deals.push_back(job.metered.deal_of(attempt));
  const auto currency = currency_of(own, journal);
  if (!currency) return std::unexpected(currency.error());
  const JobState& now = job.metered.state.jobs[job.number];
  const std::string project = printable(job.metered.state.projects[now.project].name);
  RecordSums sums;
  Json attempts = Json::array();
  for (const MeteredAttempt& attempt : job.metered.attempts) {
    attempts.push_back(attempt_part(job, attempt));
    const PoolDeal& deal = job.metered.deal_of(attempt);
    sums.add(attempt.bill, project, printable(deal.owner), printable(deal.carrier));
  }
  if (sums.overflowed)
    return failure({.what = "Its bills are beyond what 64 bits hold.",
                    .where = {.file = journal},
                    .mend = "Submit so much work as several jobs."});
  Json record = {
      {"format", kRecordFormat},
      {"journal",
       {{"name", printable(job.metered.state.name)},
        {"first_step", job.first_step},
        {"last_step", job.last_step},
        {"checksum", fmt::format("{:016x}", job.checksum)}}},
      {"job", job_part(job, work)},
      {"quote",
       {{"p50", now.quote.p50}, {"p90", now.quote.p90}, {"most", now.quote.most}, {"seen", now.quote.seen}}},
      {"attempts", std::move(attempts)},
      {"bill", bill_json(sums.bill)},
      {"parties", parties_json(sums.parties)},
      {"currency", printable(*currency)},
      {"unit", "millionths"},
      {"key", hex_of(key.public_key())}};
  record["signature"] = key.sign(canonical(record));
  std::string text = canonical(record) + "\n";
  if (text.size() > kMostCanonicalBytes)
    return failure({.what = fmt::format("Its record would be of {} bytes, and {} are read.", text.size(),
                                        kMostCanonicalBytes),
                    .where = {.file = journal},
                    .mend = "Submit so many tasks as several jobs."});
  return text;
}

Expected<RecordCheck> verify_record(std::string_view text, const std::string& file, const PublicKey& key) {
  auto json = parse_plain_json(text, file);
  if (!json) return std::unexpected(std::move(json.error()));
  const auto says = read_record_json(*json, file);
  if (!says) return std::unexpected(says.error());
  RecordCheck check{.job = says->job,
                    .attempts = says->attempts,
                    .total = says->bill.total(),
                    .step = says->step,
                    .journal = says->journal,
                    .project = says->project,
                    .state = says->state,
                    .currency = says->currency};
  if (canonical(*json) + "\n" != text) {
    check.wrong = "Its bytes are not the canonical ones that are signed.";
    return check;
  }
  json->erase("signature");
  if (says->key != hex_of(key)) {
    check.wrong = "It names another key than this one.";
  } else if (!is_signed_by(key, canonical(*json), says->signature)) {
    check.wrong = "It is not what was signed with this key.";
  } else {
    check.wrong = says->wrong;
  }
  return check;
}

}  // namespace hinterland
