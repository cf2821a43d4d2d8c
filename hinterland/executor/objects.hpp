// Files by what is in them: STORE/objects/HASH, where HASH is the BLAKE2b-256 of the bytes, in hex. The same bytes are there
// once, and a name says what it names.
//
// An object may lie in many folders at once, as a hard link. So it is read-only, and its last change is put to 1970: if
// a task writes into it all the same, that is seen, and the object is thrown away.
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
std::string object_path(const std::string& store, const std::string& hash);

// The file that `from` is open at, from where it stands, copied into the store; its bytes are durable when this returns, its name
// once the folder is synced. `caller` tells those apart that put objects at the same time.
Expected<Object> put_object(const std::string& store, int from, const std::string& caller);
// The same for a file that is likely to be there already: then nothing is written. Durable when it returns.
Expected<Object> put_file(const std::string& store, const std::string& file);

// Puts the object at FOLDER/PATH, where nothing is; folders of the path are made. It shares the object's bytes, if the
// file system can, and else is the object. Fails for one that is not there or was written into.
Expected<void> place_object(const std::string& store, const std::string& hash, const std::string& folder,
                            const std::string& path);

}  // namespace hinterland
