// Tokens that say who asks.
#pragma once
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

// A file that holds one and nothing else. Fails, Error::outside, if there is none in it now: it may be written anew at any time.
Expected<std::string> read_token(const std::string& file);

// Whether nobody on the way can read what is sent to that URL: it goes by https, or to this machine.
bool is_private(std::string_view url);

}  // namespace hinterland
