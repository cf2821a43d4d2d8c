#include "hinterland/cli/number_check.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/error.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

template <class Holds>
CLI::Validator number(Holds holds, const std::string& bounds) {
  return {[holds, bounds](std::string& text) {
            const auto value = parse_number(text);
            return value && holds(*value) ? std::string() : in_quotes(text) + " is not a number " + bounds;
          },
          ""};
}

}  // namespace

CLI::Validator number_from(double least, double most) {
  return number([=](double value) { return value >= least && value <= most; },
                fmt::format("from {:.0f} to {:.0f}", least, most));
}

CLI::Validator whole_number_from(double least, double most) {
  return {[=](std::string& text) {
            const auto value = parse_number(text);
            if (value && *value == std::floor(*value) && *value >= least && *value <= most)
              return std::string();
            return fmt::format("{} is not a whole number from {:.0f} to {:.0f}", in_quotes(text), least,
                               most);
          },
          ""};
}

CLI::Validator number_above_zero(double most) {
  return number([=](double value) { return value > 0 && value <= most; },
                fmt::format("above 0, at most {:.0f}", most));
}

CLI::Validator share_or_percent() {
  return {[](std::string& text) -> std::string {
            const bool percent = text.ends_with('%');
            const auto value =
                parse_number(std::string_view(text).substr(0, text.size() - (percent ? 1 : 0)));
            const double share = value ? *value / (percent ? 100 : 1) : 0;
            if (!(share > 0 && share < 1)) return in_quotes(text) + " is no share such as 1% or 0.01";
            text = fmt::format("{}", share);
            return {};
          },
          ""};
}

}  // namespace hinterland
