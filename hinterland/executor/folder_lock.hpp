// Who runs attempts in a pool's folder: the one process that holds FOLDER/lock (flock), in which stands which journal it
// serves.
//
// Whoever leads a journal now, and finds the folder held for that same journal, finds a broker that led it before and has
// not ended: frozen, say. It gets kPatience to do so by itself, and then SIGKILL. For a process that is frozen in
// the middle of a launch would go on with it when it wakes, after its successor has told everybody that this attempt will
// never run. That its death is confirmed is what the folder's next owner may rely on. A process that serves another
// journal is left alone.
#pragma once
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/staging/files.hpp"

namespace hinterland {

// Held while the handle is open. `journal`: its identity; empty: of one that nobody can take over. Fails, located, for
// a folder that another process holds, or that cannot be written.
Expected<Handle> lock_folder(const std::string& folder, const std::string& journal);

}  // namespace hinterland
