// --seed, the same for every verb that draws.
#pragma once
#include <cstdint>
#include <string>

#include "hinterland/cli/verbs.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class Option;
}

namespace hinterland {

// `doc` says what it is the seed of. A whole number from 0; CLI11 alone would take -1 for a large one.
CLI::Option* add_seed_option(CLI::App& verb, std::uint64_t& seed, const std::string& doc);

}  // namespace hinterland
