// Files by what is in them: FOLDER/HASH, where HASH is the BLAKE2b-256 of the bytes, in hex. The same bytes are
// there once, and a name says what it names.
//
//   STORE/objects   what attempts left behind; nothing else ever links to it
//   STORE/inputs    what jobs were submitted with; an input may lie in many attempts' folders at once, as a hard link
//
// So an object is read-only, and its last change is put to 1970: if a task writes into its input all the same,
// that is seen, and the input is thrown away.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct Object {
  std::string hash;
  std::uint64_t bytes = 0;
};

// 64 hex digits.
bool is_object_hash(std::string_view text);
// Whether FOLDER has it; what was written into does not count.
bool has_object(const std::string& folder, const std::string& hash);
// The same, and what was written into is read: it counts if its bytes are right, and is thrown away if not.
bool check_object(const std::string& folder, const std::string& hash);
// An open file, all of whose bytes are there: read-only, untouched, durable. False: it cannot be.
bool seal_object(int file);

// Takes away what was begun to be copied into the folder, and not gone on with since then (seconds since 1970, UTC): its writer was killed.
void forget_partial_objects(const std::string& folder, std::int64_t before_s);

// What a file would be called; it is only read.
Expected<Object> name_file(const std::string& file);

// The file that `from` is open at, from where it stands, copied into the folder. Its bytes are durable when this
// returns, its name once the folder is synced.
Expected<Object> put_object(const std::string& folder, int from);
// The same for a file that is likely to be there already: then nothing is written. All is durable when it returns;
// the folder is made if it is not there.
Expected<Object> put_file(const std::string& folder, const std::string& file);

// Puts the object at PLACE/PATH, where nothing is; folders of the path are made. It shares the object's bytes, if the
// file system can, and else is the object. Read-only for whoever heeds that. Fails for one that is not there or
// was written into.
Expected<void> place_object(const std::string& folder, const std::string& hash, const std::string& place,
                            const std::string& path);

}  // namespace hinterland
