#include "hinterland/serve/openapi.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/section.hpp"
#include "hinterland/serve/job_spec.hpp"
#include "hinterland/serve/route.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

// What the answers have at least; the documents of `--json` in data/schema say more.
constexpr const char* kSchemas = R"({
  "Error": {"type": "object", "required": ["error"], "properties": {"error": {
    "type": "object", "required": ["what", "mend"],
    "properties": {"what": {"type": "string"}, "mend": {"type": "string"}}}}},
  "Done": {"type": "object", "required": ["done"], "properties": {"done": {"const": true}}},
  "Quote": {"type": "object", "required": ["p50", "p90", "most", "currency", "seen"], "properties": {
    "p50": {"type": "number"}, "p90": {"type": "number"}, "most": {"type": "number"},
    "currency": {"type": "string"}, "seen": {"type": "integer"}}},
  "Submitted": {"type": "object", "properties": {
    "job": {"type": "integer"}, "quote": {"$ref": "#/components/schemas/Quote"},
    "jobs": {"type": "array", "items": {"type": "object", "properties": {
      "job": {"type": "integer"}, "quote": {"$ref": "#/components/schemas/Quote"}, "error": {"type": "object"}}}}}},
  "Row": {"type": "object", "required": ["id", "state", "tasks", "done", "attempts", "site", "cost"], "properties": {
    "id": {"type": "integer"},
    "state": {"enum": ["queued", "held", "running", "done", "failed", "cancelled"]},
    "tasks": {"type": "integer"}, "done": {"type": "integer"}, "attempts": {"type": "integer"},
    "site": {"type": "string"}, "cost": {"type": "number"}}},
  "Jobs": {"type": "object", "required": ["currency", "jobs"], "properties": {
    "currency": {"type": "string"}, "next": {"type": "integer"},
    "jobs": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}},
  "Job": {"allOf": [{"$ref": "#/components/schemas/Row"}], "properties": {
    "of_tasks": {"type": "array", "items": {"type": "object", "required": ["task", "phase", "site", "attempt"]}}}},
  "Why": {"type": "object"},
  "Outputs": {"type": "object", "required": ["outputs"], "properties": {
    "next": {"type": "integer"},
    "outputs": {"type": "array", "items": {"type": "object", "required": ["task", "path", "hash", "bytes"]}}}},
  "Pools": {"type": "object", "required": ["pools"], "properties": {
    "pools": {"type": "array", "items": {"type": "object", "required": ["name"]}}}},
  "Cost": {"type": "object", "required": ["currency", "unit", "rows", "projects", "quotes"], "properties": {
    "currency": {"type": "string"}, "unit": {"const": "millionths"},
    "rows": {"type": "array", "items": {"type": "object"}},
    "projects": {"type": "array", "items": {"type": "object"}},
    "quotes": {"type": "array", "items": {"type": "object"}}}},
  "Health": {"type": "object", "required": ["jobs", "pools", "store", "signals", "troubles"], "properties": {
    "troubles": {"type": "array", "items": {"type": "string"}}}},
  "Blob": {"type": "object", "required": ["hash"], "properties": {
    "hash": {"type": "string"}, "bytes": {"type": "integer"}}},
  "Table": {"type": "object", "required": ["openapi", "paths"]}
})";

Json reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }
// A schema's name, or a media type.
bool is_media_type(std::string_view answers) { return answers.contains('/'); }

Json schema_of(const Field& field) {
  Json one;
  switch (field.kind) {
    case FieldKind::number: one = {{"type", "number"}}; break;
    case FieldKind::numbers: one = {{"type", "array"}, {"items", {{"type", "number"}}}}; break;
    case FieldKind::text: one = {{"type", "string"}}; break;
    case FieldKind::choice: one = {{"enum", field.choices}}; break;
    case FieldKind::list: one = {{"type", "array"}, {"items", {{"type", "string"}}}}; break;
  }
  Json& number = field.kind == FieldKind::numbers ? one["items"] : one;
  const bool is_number = field.kind == FieldKind::number || field.kind == FieldKind::numbers;
  if (is_number && std::isfinite(field.low))
    number[field.low_open ? "exclusiveMinimum" : "minimum"] = field.low;
  if (is_number && std::isfinite(field.high)) number["maximum"] = field.high;
  if (!field.required) one = {{"anyOf", {one, {{"type", "null"}}}}};  // not given
  one["description"] = field.doc;
  return one;
}

Json schema_of_job() {
  Json job = {{"type", "object"},
              {"additionalProperties", false},
              {"required", Json::array()},
              {"properties", Json::object()}};
  for (const Field& field : descriptions(without_currency(job_fields()))) {
    job["properties"][field.name] = schema_of(field);
    if (field.required && field.name == "command") job["required"].push_back(field.name);
  }
  job["properties"]["held"]["anyOf"].push_back({{"type", "boolean"}});
  // The program has a name.
  job["properties"]["command"].update(
      {{"minItems", 1}, {"prefixItems", {{{"type", "string"}, {"minLength", 1}}}}});
  return job;
}

Json schema_of(const Parameter& parameter) {
  if (parameter.is_number())
    return {{"type", parameter.whole ? "integer" : "number"},
            {"minimum", parameter.least},
            {"maximum", parameter.most}};
  if (!parameter.choices.empty()) return {{"enum", parameter.choices}};
  if (parameter.name == "hash") return {{"type", "string"}, {"pattern", "^[0-9a-f]{64}$"}};
  return {{"type", "string"}, {"minLength", 1}};
}

Json parameter_of(const Parameter& parameter, const char* in) {
  return {{"name", parameter.name},
          {"in", in},
          {"required", parameter.needed || std::string_view(in) == "path"},
          {"description", parameter.what},
          {"schema", schema_of(parameter)}};
}

Json parameters_of(const Route& route) {
  Json list = Json::array();
  for (const Parameter& parameter : path_parameters()) {
    if (route.path.contains("{" + std::string(parameter.name) + "}"))
      list.push_back(parameter_of(parameter, "path"));
  }
  for (const Parameter& parameter : route.parameters) list.push_back(parameter_of(parameter, "query"));
  return list;
}

Json body_of(Takes takes) {
  if (takes == Takes::bytes)
    return {{"required", true}, {"content", {{"application/octet-stream", {{"schema", Json::object()}}}}}};
  Json schema = reference("NewJob");
  if (takes == Takes::jobs)
    schema = {{"oneOf",
               {reference("NewJob"),
                {{"type", "object"},
                 {"required", {"jobs"}},
                 {"additionalProperties", false},
                 {"properties",
                  {{"jobs",
                    {{"type", "array"},
                     {"minItems", 1},
                     {"maxItems", 10'000},
                     {"items", reference("NewJob")}}}}}}}}};
  return {{"required", true}, {"content", {{"application/json", {{"schema", schema}}}}}};
}

Json answers_of(const Route& route) {
  const auto content = [&]() -> Json {
    if (is_media_type(route.answers)) return {{route.answers, {{"schema", {{"type", "string"}}}}}};
    return {{"application/json", {{"schema", reference(route.answers)}}}};
  };
  Json answers;
  const auto good = [&](int status, const char* what) {
    Json answer{{"description", what}};
    if (route.method != "HEAD") answer["content"] = content();
    answers[std::to_string(status)] = std::move(answer);
  };
  good(route.status, "It is done.");
  if (route.takes == Takes::bytes) {
    good(200, "It is there already.");
    good(202, "That part is kept.");
  }
  if (route.answers == "application/octet-stream") good(206, "The range that was asked for.");
  Json refused{{"description", "It was refused."}};
  if (route.method != "HEAD") refused["content"] = {{"application/json", {{"schema", reference("Error")}}}};
  answers["default"] = std::move(refused);
  return answers;
}

std::string make() {
  Json paths = Json::object();
  for (const Route& route : routes()) {
    Json one{{"summary", route.what}, {"x-role", name_of(route.role)}};
    if (Json parameters = parameters_of(route); !parameters.empty())
      one["parameters"] = std::move(parameters);
    if (route.takes != Takes::nothing) one["requestBody"] = body_of(route.takes);
    one["responses"] = answers_of(route);
    if (route.role != Role::anybody) one["security"] = Json::array({{{"token", Json::array()}}});
    std::string method(route.method);
    std::ranges::transform(method, method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    paths[std::string(route.path)][method] = std::move(one);
  }
  Json schemas = Json::parse(kSchemas);
  schemas["NewJob"] = schema_of_job();
  const Json table{{"openapi", "3.1.0"},
                   {"info", {{"title", "Hinterland's broker"}, {"version", "1"}}},
                   {"paths", std::move(paths)},
                   {"components",
                    {{"schemas", std::move(schemas)},
                     {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  return table.dump(1) + "\n";
}

}  // namespace

const std::string& openapi_text() {
  static const std::string kText = make();
  return kText;
}

}  // namespace hinterland
