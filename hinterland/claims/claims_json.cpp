#include <nlohmann/json.hpp>

#include "hinterland/claims/check.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json number_json(const ClaimNumber& number, const ComputedNumber& computed) {
  return {{"name", number.name},
          {"label", number.label},
          {"computation", number.computation},
          {"operands", number.operands},
          {"value", or_null(computed.value)},
          {"shown", computed.value ? Json(shown_text(*computed.value, number.shown)) : Json()},
          {"missing", computed.missing}};
}

Json test_json(const ClaimTest& test, const CheckedTest& checked) {
  Json out{{"name", test.name},
           {"left", test.left},
           {"is", kRelationNames[static_cast<std::size_t>(test.relation)]}};
  if (const auto* bar = std::get_if<double>(&test.right)) {
    out["right"] = *bar;
  } else {
    out["right"] = std::get<std::string>(test.right);
  }
  out["within"] = test.within;
  out["else"] = name_of(test.otherwise);
  out["outcome"] = name_of(checked.outcome);
  out["own_word"] = checked.own_word;
  out["assumed"] = checked.assumed;
  out["noted"] = checked.noted;
  out["because"] = checked.reason.en;
  return out;
}

Json cell_json(const UsedCell& cell) {
  return {{"cell", cell.cell.text()},
          {"name", cell.name},
          {"unit", cell.unit},
          {"value", or_null(cell.value)},
          {"low", or_null(cell.who.low)},
          {"high", or_null(cell.who.high)},
          {"kind", cell.who.kind},
          {"source", cell.who.source},
          {"note", cell.who.note}};
}

Json claim_json(const Claim& claim, const CheckedClaim& checked) {
  Json out{{"id", claim.key},           {"words", claim.words},  {"text", claim.text},
           {"line", claim.line},        {"kind", claim.kind},    {"verdict", name_of(checked.verdict)},
           {"print", checked.sentence}, {"needs", Json::array()}};
  for (const Words& need : checked.needs) out["needs"].push_back(need.en);
  Json& says = out["says"] = Json::array();
  for (const SaidNumber& one : claim.says)
    says.push_back({{"name", one.name}, {"value", one.value}, {"shown", shown_text(one.value, one.shown)}});
  Json& numbers = out["numbers"] = Json::array();
  for (std::size_t n = 0; n < claim.numbers.size(); ++n)
    numbers.push_back(number_json(claim.numbers[n], checked.numbers[n]));
  Json& tests = out["tests"] = Json::array();
  for (std::size_t t = 0; t < claim.tests.size(); ++t)
    tests.push_back(test_json(claim.tests[t], checked.tests[t]));
  Json& cells = out["cells"] = Json::array();
  for (const UsedCell& cell : checked.cells) cells.push_back(cell_json(cell));
  return out;
}

}  // namespace

std::string claims_json(const ClaimsCheck& check) {
  Json out{{"file", check.file.file}};
  Json& counts = out["verdicts"] = Json::object();
  const auto by_verdict = check.counts();
  for (std::size_t v = 0; v < kVerdicts; ++v)
    counts[std::string(name_of(static_cast<ClaimVerdict>(v)))] = by_verdict.at(v);
  Json& claims = out["claims"] = Json::array();
  for (const std::size_t at : check.shown)
    claims.push_back(claim_json(check.file.claims[at], check.claims[at]));
  Json& disputes = out["disputes"] = Json::array();
  for (std::size_t d = 0; d < check.disputes.size(); ++d) {
    Json one{{"id", check.file.disputes[d].key},
             {"words", check.file.disputes[d].words},
             {"agree", check.disputes[d].agree}};
    Json& readings = one["readings"] = Json::array();
    for (const DisputeReading& reading : check.disputes[d].readings)
      readings.push_back({{"who", reading.who.en},
                          {"value", reading.value},
                          {"shown", shown_text(reading.value, check.file.disputes[d].shown)}});
    disputes.push_back(std::move(one));
  }
  return out.dump(2) + "\n";
}

}  // namespace hinterland
