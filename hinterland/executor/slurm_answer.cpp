#include "hinterland/executor/slurm_answer.hpp"

#include <nlohmann/json.hpp>

namespace hinterland {

std::optional<SlurmTrouble> slurm_trouble_in(const nlohmann::json& answer) {
  if (!answer.is_object() || !answer.contains("errors") || !answer.at("errors").is_array())
    return std::nullopt;
  const auto text = [](const nlohmann::json& error, const char* name) {
    return error.contains(name) && error.at(name).is_string() ? error.at(name).get<std::string>()
                                                              : std::string();
  };
  for (const nlohmann::json& error : answer.at("errors")) {
    if (!error.is_object()) continue;
    SlurmTrouble trouble{.what = text(error, "error")};
    if (trouble.what.empty()) trouble.what = text(error, "description");
    for (const char* const name : {"error_number", "error_code", "errno"}) {
      if (error.contains(name) && error.at(name).is_number_integer())
        trouble.number = error.at(name).get<int>();
    }
    if (trouble.number != 0 || !trouble.what.empty()) return trouble;
  }
  return std::nullopt;
}

std::unexpected<Errors> not_slurmrestds(const std::string& why) {
  return failure({.what = "The answer is not that of slurmrestd v0.0.38.",
                  .where = {.file = "slurmrestd"},
                  .mend = why,
                  .outside = true});
}

Expected<void> for_each_slurm_job(std::string_view json,
                                  const std::function<void(const nlohmann::json&)>& take) {
  using Json = nlohmann::json;
  bool is_list = false, any_list = false;
  const auto read_each = [&](int depth, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::key && depth == 1) is_list = value == "jobs";
    any_list |= is_list && event == Json::parse_event_t::array_start && depth == 1;
    constexpr int in_the_list = 2;
    if (!is_list || event != Json::parse_event_t::object_end || depth != in_the_list) return true;
    take(value);
    return false;
  };
  try {
    if (Json::parse(json, read_each, false).is_discarded() || !any_list)
      return not_slurmrestds("It is not a list of jobs.");
  } catch (const Json::exception& wrong) {
    return not_slurmrestds(wrong.what());
  }
  return {};
}

}  // namespace hinterland
