// Files that go to a broker and come from it (serve/blobs.hpp): what is there already is not sent, and what was cut off
// goes on where it stopped.
#pragma once
#include <string>

#include "hinterland/base/progress.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/executor/objects.hpp"

namespace hinterland {

Expected<Object> send_blob(const BrokerPlace& broker, const std::string& file, Progress& progress);
// Into a new file; what stands there already is left if it is the same, and else is an error.
Expected<void> fetch_blob(const BrokerPlace& broker, const Object& object, const std::string& file,
                          Progress& progress);

}  // namespace hinterland
