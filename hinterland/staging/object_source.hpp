// Where objects (objects.hpp) are moved from: a port. A folder that both ends see is one such place; a broker that serves them by
// ranges over HTTP is another (remote_blobs.hpp).
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "hinterland/base/error.hpp"

namespace hinterland {

class ObjectSource {
 public:
  ObjectSource() = default;
  ObjectSource(const ObjectSource&) = delete;
  ObjectSource& operator=(const ObjectSource&) = delete;
  virtual ~ObjectSource() = default;

  // How long it is, in bytes. Both fail with Error::outside where a later try may fare better, and without it for an
  // object that is not there.
  virtual Expected<std::uint64_t> size_of(const std::string& hash) = 0;
  // Its bytes from there on: as many as come at once, `size` at most; 0 only at its end.
  virtual Expected<std::size_t> read(const std::string& hash, std::uint64_t from, char* into,
                                     std::size_t size) = 0;
};

// Objects of a folder.
std::unique_ptr<ObjectSource> folder_source(std::string folder);

}  // namespace hinterland
