#include "hinterland/executor/slurm_accounting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/executor/slurm_answer.hpp"
#include "hinterland/executor/slurm_words.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr int kNothingFound = 9003;

bool is_node(std::string_view nodes) { return !nodes.empty() && nodes != "None assigned"; }

// Of a job there; one without a node never began, whatever time of start was written for it.
void finish(SlurmPast& past, std::int64_t began_at, std::int64_t elapsed) {
  past.job.phase = slurm_phase(past.job.state, past.job.reason);
  if (!is_node(past.job.node)) past.job.node.clear();
  past.began = began_at > 0 && !past.job.node.empty();
  past.job.ran_s = past.began ? slurm_count(elapsed) : 0;
}

// What is not known yet is null there.
std::int64_t number_or_none(const Json& json) { return json.is_null() ? 0 : json.get<std::int64_t>(); }

// Throws what Json does. nullopt: tasks of an array that had no node, or somebody else's.
std::optional<SlurmPast> read_past(const Json& one, const std::string& user) {
  if (!user.empty() && one.at("user") != user) return std::nullopt;
  SlurmPast past;
  past.job.name = one.at("name").get<std::string>();
  past.job.state = one.at("state").at("current").get<std::string>();
  past.job.reason = one.at("state").at("reason").get<std::string>();
  past.job.node = one.at("nodes").is_string() ? one.at("nodes").get<std::string>() : "";
  const Json& time = one.at("time");
  past.job.submitted = std::to_string(number_or_none(time.at("submission")));
  const Json& array = one.at("array");
  const std::int64_t first = number_or_none(array.at("job_id"));
  past.job.number = std::to_string(one.at("job_id").get<std::uint64_t>());
  if (first != 0) {
    if (!array.at("task_id").is_number_unsigned()) return std::nullopt;
    past.job.index = array.at("task_id").get<std::uint32_t>();
    past.job.number = fmt::format("{}_{}", first, past.job.index);
  }
  if (const auto by = one.find("kill_request_user"); by != one.end() && by->is_string())
    past.ended_by = one_line(by->get<std::string>());
  finish(past, number_or_none(time.at("start")), number_or_none(time.at("elapsed")));
  return past;
}

}  // namespace

std::vector<SlurmPast> parse_sacct(std::string_view text) {
  constexpr int separators = 6;
  constexpr std::string_view by = " by ";
  std::vector<SlurmPast> out;
  while (!text.empty()) {
    std::string_view line = slurm_next_of(text, '\n');
    if (std::ranges::count(line, '|') < separators) continue;
    SlurmPast past;
    past.job.number = slurm_next_of(line, '|');
    const auto part = past.job.number.find('_');
    const bool is_task = part != std::string::npos;
    if (is_task && part + 1 < past.job.number.size() &&
        std::isdigit(static_cast<unsigned char>(past.job.number[part + 1])) == 0)
      continue;
    if (is_task)
      past.job.index =
          static_cast<std::uint32_t>(slurm_number_in(std::string_view(past.job.number).substr(part + 1)));
    std::string_view state = slurm_next_of(line, '|');
    if (const auto who = state.find(by); who != std::string_view::npos) {
      past.ended_by = one_line("user " + std::string(state.substr(who + by.size())));
      state = state.substr(0, who);
    }
    past.job.state = state;
    past.job.submitted = slurm_next_of(line, '|');
    const std::int64_t began_at = [&] {  // beyond what slurm_count believes
      std::int64_t number = 0;
      const std::string_view start = slurm_next_of(line, '|');
      std::from_chars(start.data(), start.data() + start.size(), number);
      return number;
    }();
    const std::int64_t elapsed = slurm_number_in(slurm_next_of(line, '|'));
    past.job.node = slurm_next_of(line, '|');
    past.job.name = line;
    finish(past, began_at, elapsed);
    out.push_back(std::move(past));
  }
  return out;
}

Expected<std::vector<SlurmPast>> parse_slurmdb_jobs(std::string_view text, const std::string& user) {
  const Json json = Json::parse(text, nullptr, false);
  const auto trouble = slurm_trouble_in(json);
  if (trouble && trouble->number == kNothingFound) return std::vector<SlurmPast>();
  if (trouble)
    return failure(
        {.what = one_line(trouble->what) + ".", .where = {.file = "slurmdbd"}, .mend = "", .outside = true});
  std::vector<SlurmPast> out;
  try {
    for (const Json& one : json.at("jobs").get_ref<const Json::array_t&>()) {
      if (auto past = read_past(one, user)) out.push_back(std::move(*past));
    }
  } catch (const Json::exception& wrong) {
    return not_slurmrestds(wrong.what());
  }
  return out;
}

std::string slurm_since(const SlurmPastAsk& ask) {
  return ask.since ? fmt::format("uts{}", *ask.since) : "now-7days";
}
std::string slurmdb_query(const SlurmPastAsk& ask) {
  return fmt::format("job_name={}&start_time={}", fmt::join(ask.names, "%2C"), slurm_since(ask));
}

}  // namespace hinterland
