// Files that go to a broker and come from it (serve/blobs.hpp): what is there already is not sent, and what was cut off
// goes on where it stopped.
#pragma once
#include <string>

#include "hinterland/base/progress.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

// Where a broker of this machine keeps what jobs are submitted with; empty: it is elsewhere, and gets it over the network.
Expected<std::string> store_here(const BrokerPlace& broker);
// Puts a file where the broker's jobs may take it in, whichever way that goes: what is there already is not moved.
Expected<Object> store_input(const BrokerPlace& broker, const std::string& store, const std::string& file,
                             Progress& progress);
// Whether jobs may take it in already.
Expected<bool> has_blob(const BrokerPlace& broker, const std::string& hash);

Expected<Object> send_blob(const BrokerPlace& broker, const std::string& file, Progress& progress);
// All of one that is small; fails for one of more than 16 MB.
Expected<std::string> read_blob(const BrokerPlace& broker, const Object& object);
// Into a new file; what stands there already is left if it is the same, and else is an error.
Expected<void> fetch_blob(const BrokerPlace& broker, const Object& object, const std::string& file,
                          Progress& progress);

}  // namespace hinterland
