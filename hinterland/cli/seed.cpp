#include "hinterland/cli/seed.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <limits>

#include "hinterland/base/error.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

CLI::Option* add_seed_option(CLI::App& verb, std::uint64_t& seed, const std::string& doc) {
  const CLI::Validator whole(
      [](std::string& text) {
        const auto number = parse_integer(text);
        return number && *number >= 0 ? std::string()
                                      : fmt::format("{} is not a whole number from 0 to {}", in_quotes(text),
                                                    std::numeric_limits<std::int64_t>::max());
      },
      "");
  return verb.add_option("--seed", seed, doc)->check(whole)->capture_default_str()->type_name("N");
}

}  // namespace hinterland
