#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/work/trace_fit_page.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

// A part of the model by its field table; what it does not give is null, and an empty list.
template <class Record>
Json object(const Record& record, const Fields<Record>& fields) {
  Json out = Json::object();
  for (const auto& field : fields) {
    const FieldValue value = field.get(record);
    Json& cell = out[field.name];
    cell = field.kind == FieldKind::numbers ? Json::array() : Json(nullptr);
    if (const auto* number = std::get_if<double>(&value)) cell = *number;
    if (const auto* text = std::get_if<std::string>(&value)) cell = *text;
    if (const auto* numbers = std::get_if<std::vector<double>>(&value)) cell = *numbers;
  }
  return out;
}

Json marginal(const Marginal& marginal) {
  return marginal.given() ? object(marginal, marginal_fields()) : Json(nullptr);
}

}  // namespace

std::string trace_fit_json(const TraceFit& fit) {
  const TraceModel& m = fit.model;
  Json model = object(m, trace_model_fields());
  model["arrivals"] = object(m.arrivals, arrival_fields());
  model["batches"] = object(m.batches, batch_fields());
  model["run_s"] = marginal(m.run_s);
  model["cores"] = marginal(m.cores);
  model["gpus"] = marginal(m.gpus);
  model["memory_gb"] = marginal(m.memory_gb);
  model["dependence"] = object(m.dependence, dependence_fields());
  model["users"] = object(m.users, user_fields());
  Json known = Json::object();
  for (const auto& [name, share] : fit.known) known[name] = share;
  Json errors = Json::array();
  for (const FitRow& row : fit_rows(m.fit)) {
    if (row.figures->empty()) continue;
    const std::size_t first = row.is_distance() ? 0 : 1;
    const FitError of_model = fit_error(row, first + 1), of_baseline = fit_error(row, first + 2);
    errors.push_back({{"figure", row.name},
                      {"relative", of_model.relative},
                      {"model", of_model.value},
                      {"baseline", of_baseline.value},
                      {"baseline_is_nearer", std::abs(of_baseline.value) < std::abs(of_model.value)}});
  }
  const Json out = {{"model", model},
                    {"fit", object(m.fit, fit_record_fields())},
                    {"errors", errors},
                    {"past_jobs", fit.quality.past_jobs},
                    {"held_out_jobs", fit.quality.held_out_jobs},
                    {"samples", fit.quality.samples},
                    {"known", known}};
  return out.dump(2) + "\n";
}

}  // namespace hinterland
