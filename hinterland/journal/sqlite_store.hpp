// A journal's rows in one SQLite file: WAL, synchronous = FULL, so that a commit has reached the disk when it
// returns; the file is locked for as long as it is open.
//
// The version of its tables stands in user_version; those of an earlier one are brought up to date when it is opened,
// and a later one is refused.
#pragma once
#include <memory>
#include <string>

#include "hinterland/journal/store.hpp"

namespace hinterland {

// Whether another process has it open, so that nobody else can; false too if nobody can tell.
bool is_open_elsewhere(const std::string& file);

// `create`: if there is none. Fails for a file of another program, or of a later version of this one.
Expected<std::unique_ptr<JournalStore>> open_sqlite_store(const std::string& file, bool create);

}  // namespace hinterland
