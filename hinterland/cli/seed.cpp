#include "hinterland/cli/seed.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include "hinterland/base/error.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

CLI::Option* add_seed_option(CLI::App& verb, std::uint64_t& seed, const std::string& doc) {
  const CLI::Validator whole(
      [](std::string& text) {
        const auto number = parse_integer(text);
        return number && *number >= 0 ? std::string() : in_quotes(text) + " is not a whole number from 0";
      },
      "");
  return verb.add_option("--seed", seed, doc)->check(whole)->capture_default_str()->type_name("N");
}

}  // namespace hinterland
