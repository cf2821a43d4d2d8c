// Any bytes as the hours of a curve, of each quantity and use: as they are, or their rows repeated to a year of them, for a
// year's file is longer than what a fuzzer tries. Promised: 8,760 finite values, or errors that say what is wrong.
#include <algorithm>
#include <cmath>
#include <string>

#include "fuzz/fuzz.hpp"
#include "hinterland/atlas/curve.hpp"
#include "hinterland/base/model_year.hpp"

namespace {

std::string a_year_of(std::string_view text) {
  const auto header_end = std::min(text.find('\n'), text.size() - 1) + 1;
  std::string_view body = text.substr(header_end);
  body = body.substr(0, body.rfind('\n') + 1);  // whole rows
  std::string year(text.substr(0, header_end));
  const auto rows = static_cast<std::size_t>(std::ranges::count(body, '\n'));
  for (std::size_t row = 0; rows > 0 && row + rows <= hinterland::kYearHours; row += rows) year += body;
  return year;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  if (size == 0) return 0;
  const Curve curve{.id = {"one"},
                    .site = {"here"},
                    .quantity = static_cast<CurveQuantity>(size % 3),
                    .use = size % 2 == 0 ? CurveUse::level : CurveUse::shape};
  const std::string_view text = text_of(data, size);
  const auto hours =
      parse_curve(size % 5 == 0 ? std::string(text) : a_year_of(text), "fuzz.csv", curve, "CNY");
  if (!hours) {
    promise_errors(hours.error());
    return 0;
  }
  promise(hours->size() == kYearHours);
  promise(std::ranges::all_of(*hours, [](double value) { return std::isfinite(value); }));
  return 0;
}
