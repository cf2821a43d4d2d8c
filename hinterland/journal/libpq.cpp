#include "hinterland/journal/libpq.hpp"

#include "hinterland/base/shared_library.hpp"

namespace hinterland {

namespace {

Expected<Libpq> load() {
  const auto library = SharedLibrary::load("libpq.so.5", "libpq5");
  if (!library) return std::unexpected(library.error());
  Libpq loaded;
  bool whole = true;
#define HINTERLAND_FIND(name) whole = library->find(#name, loaded.name) && whole;
  HINTERLAND_LIBPQ(HINTERLAND_FIND)
#undef HINTERLAND_FIND
  if (!whole)
    return failure({.what = "It lacks functions that PostgreSQL 14's has.",
                    .where = {.file = "libpq.so.5"},
                    .mend = "Install a newer one.",
                    .outside = true});
  return loaded;
}

}  // namespace

const Expected<Libpq>& libpq() {
  static const Expected<Libpq> kLoaded = load();
  return kLoaded;
}

}  // namespace hinterland
