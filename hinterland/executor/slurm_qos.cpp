#include "hinterland/executor/slurm_qos.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/executor/slurm_answer.hpp"
#include "hinterland/executor/slurm_words.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kHolds = 600'000, kSilentFor = 60'000;  // ms

// "cpu=2,mem=4G": 2.
std::optional<std::int64_t> cpus_in(std::string_view limits) {
  constexpr std::string_view cpu = "cpu=";
  while (!limits.empty()) {
    const std::string_view one = slurm_next_of(limits, ',');
    if (one.starts_with(cpu)) return slurm_number_in(one.substr(cpu.size()));
  }
  return std::nullopt;
}
std::optional<std::int64_t> cpus_in(const Json& limits) {
  for (const Json& one : limits.get_ref<const Json::array_t&>()) {
    if (one.at("type") == "cpu") return slurm_count(one.at("count").get<std::int64_t>());
  }
  return std::nullopt;
}

bool counts(const SlurmUnder& under, std::string_view qos, std::string_view partition) {
  return qos == under.qos || (!under.partition.empty() && partition == under.partition);
}

}  // namespace

std::vector<SlurmUnder> unders_of(const SlurmPlace& place, const std::string& partition_qos) {
  std::vector<SlurmUnder> out;
  if (!partition_qos.empty()) out.push_back({.qos = partition_qos, .partition = place.partition});
  if (!place.qos.empty() && place.qos != partition_qos) out.push_back({.qos = place.qos, .partition = ""});
  return out;
}

std::optional<SlurmQos> parse_sacctmgr_qos(std::string_view text, const std::string& name) {
  while (!text.empty()) {
    std::string_view line = slurm_next_of(text, '\n');
    if (slurm_next_of(line, '|') != name) continue;
    const auto all = cpus_in(slurm_next_of(line, '|'));
    return SlurmQos{.most_all = all, .most_user = cpus_in(slurm_next_of(line, '|'))};
  }
  return std::nullopt;
}

Expected<std::optional<SlurmQos>> parse_slurmdb_qos(std::string_view text, const std::string& name) {
  const Json json = Json::parse(text, nullptr, false);
  if (const auto trouble = slurm_trouble_in(json))
    return failure(
        {.what = one_line(trouble->what) + ".", .where = {.file = "slurmdbd"}, .mend = "", .outside = true});
  try {
    for (const Json& one : json.at("QOS").get_ref<const Json::array_t&>()) {
      if (one.at("name") != name) continue;
      const Json& tres = one.at("limits").at("max").at("tres");
      return SlurmQos{.most_all = cpus_in(tres.at("total")), .most_user = cpus_in(tres.at("per").at("user"))};
    }
  } catch (const Json::exception& wrong) {
    return not_slurmrestds(wrong.what());
  }
  return std::nullopt;
}

SlurmHeld parse_squeue_held(std::string_view text, const SlurmUnder& under, std::uint32_t user) {
  SlurmHeld held;
  while (!text.empty()) {
    std::string_view line = slurm_next_of(text, '\n');
    if (slurm_phase(slurm_next_of(line, '|'), "") != SlurmPhase::running) continue;
    const bool own = slurm_next_of(line, '|') == std::to_string(user);
    const std::int64_t cpus = slurm_number_in(slurm_next_of(line, '|'));
    const std::string_view partition = slurm_next_of(line, '|');
    if (!counts(under, line, partition)) continue;
    held.all += cpus;
    held.own += own ? cpus : 0;
  }
  return held;
}

Expected<SlurmHeld> parse_slurm_held(std::string_view text, const SlurmUnder& under, std::uint32_t user,
                                     const std::string& user_name) {
  SlurmHeld held;
  const auto count = [&](const Json& one) {
    if (slurm_phase(one.at("job_state").get<std::string>(), "") != SlurmPhase::running) return;
    const Json& qos = one.at("qos");
    if (!counts(under, qos.is_string() ? qos.get<std::string>() : "", one.at("partition").get<std::string>()))
      return;
    const std::int64_t cpus = slurm_count(one.at("cpus").get<std::int64_t>());
    held.all += cpus;
    const bool own = user_name.empty() ? one.at("user_id") == user : one.at("user_name") == user_name;
    held.own += own ? cpus : 0;
  };
  if (const auto whole = for_each_slurm_job(text, count); !whole) return std::unexpected(whole.error());
  return held;
}

std::string parse_scontrol_partition_qos(std::string_view text, const std::string& partition) {
  constexpr std::string_view name = "PartitionName=", qos = "QoS=";
  while (!text.empty()) {
    std::string_view line = slurm_next_of(text, '\n');
    bool is_it = false;
    std::string_view has;
    while (!line.empty()) {
      const std::string_view word = slurm_next_of(line, ' ');
      if (word.starts_with(name)) is_it = !partition.empty() && word.substr(name.size()) == partition;
      if (word == "Default=YES") is_it = is_it || partition.empty();
      if (word.starts_with(qos)) has = word.substr(qos.size());
    }
    if (is_it) return has == "N/A" ? "" : std::string(has);
  }
  return "";
}

Expected<std::string> parse_slurm_partition_qos(std::string_view text, const std::string& partition) {
  const Json json = Json::parse(text, nullptr, false);
  try {
    for (const Json& one : json.at("partitions").get_ref<const Json::array_t&>()) {
      const Json& flags = one.at("flags");
      const bool is_default = std::ranges::find(flags, Json("default")) != flags.end();
      if (partition.empty() ? is_default : one.at("name") == partition)
        return one.at("qos").is_string() ? one.at("qos").get<std::string>() : "";
    }
  } catch (const Json::exception& wrong) {
    return not_slurmrestds(wrong.what());
  }
  return "";
}

std::vector<SlurmBound> bounds_of(const SlurmQos& qos, const SlurmHeld& held) {
  std::vector<SlurmBound> out;
  if (qos.most_all) out.push_back({.most = *qos.most_all, .held = held.all});
  if (qos.most_user) out.push_back({.most = *qos.most_user, .held = held.own});
  return out;
}

SlurmQos SlurmLimits::of(const std::string& qos, std::int64_t now_ms) {
  Heard& heard = heard_[qos];
  if (now_ms < heard.until || now_ms < silent_until_) return heard.qos;
  const auto said = ask_(qos);
  trouble_ = said ? "" : "Its accounting: " + describe(said.error().front());
  if (said) {
    heard = {.qos = said->value_or(SlurmQos{}), .until = now_ms + kHolds};
  } else {
    silent_until_ = now_ms + kSilentFor;
  }
  return heard.qos;
}

}  // namespace hinterland
