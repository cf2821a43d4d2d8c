// Puts a file where it belongs without ever taking another's place, whoever else writes there at the same moment.
#pragma once
#include <string>

#include "hinterland/base/error.hpp"

namespace hinterland {

enum class Kept {
  put,    // it is there now
  same,   // a file with the same bytes was there already, and `from` is gone
  other,  // another is there: it is left as it is, and so is `from`
};

// Both on one file system. Durable when it returns. Fails, outside, where the file system does.
Expected<Kept> keep_file(const std::string& from, const std::string& to);

}  // namespace hinterland
