// A shared library that is loaded when it is first needed, not with the program: one that few runs need, and that brings
// dozens of others along (libpq and libcurl are 6 to 10 ms each of a start that else takes 8).
#pragma once
#include <string>

#include "hinterland/base/error.hpp"

namespace hinterland {

class SharedLibrary {
 public:
  // It stays loaded. `package`: what to install where it is missing. Fails, located at the name: Error::outside.
  static Expected<SharedLibrary> load(const char* name, const char* package);

  // Sets a pointer to the function of that name, which is declared as the library's header declares it:
  //   decltype(&PQclear) clear;  library.find("PQclear", clear)
  // False: it has none.
  template <class F>
  bool find(const char* function, F*& to) const {
    to = reinterpret_cast<F*>(address_of(function));
    return to != nullptr;
  }

 private:
  explicit SharedLibrary(void* handle) : handle_(handle) {}
  [[nodiscard]] void* address_of(const char* function) const;
  void* handle_;
};

}  // namespace hinterland
