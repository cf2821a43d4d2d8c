#include "hinterland/base/shared_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

namespace hinterland {

Expected<SharedLibrary> SharedLibrary::load(const char* name, const char* package) {
  void* const handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return failure(
        {.what = "The library is not to be had on this machine.",
         .where = {.file = name},
         .mend = fmt::format("Install Debian's package {}, or what your system calls it.", package),
         .outside = true});
  return SharedLibrary(handle);
}

void* SharedLibrary::address_of(const char* function) const { return ::dlsym(handle_, function); }

}  // namespace hinterland
