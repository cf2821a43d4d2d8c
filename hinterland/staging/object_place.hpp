// Where objects (objects.hpp) are moved to: a port. A folder that both ends see is one such place; a broker that takes them over
// HTTP is another (remote_blobs.hpp).
//
//   begin() -> check()*, take()* -> finish()       or never: what came stays there, a beginning of the object
//
// Whoever comes next goes on at its end. Nothing has an object's name before all of it is there and has its hash.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

enum class TransferEnd : std::uint8_t {
  named,      // it is there
  thrown_out  // what an earlier transfer left was damaged: begin again
};

// One object that arrives. Everything fails with Error::outside where a later try may fare better.
class ObjectArrival {
 public:
  ObjectArrival() = default;
  ObjectArrival(const ObjectArrival&) = delete;
  ObjectArrival& operator=(const ObjectArrival&) = delete;
  virtual ~ObjectArrival() = default;

  [[nodiscard]] virtual std::uint64_t here() const = 0;  // of it; the next byte that is wanted
  // What an earlier transfer left is read back where it lies before anything is added: up to `most` bytes of it; 0 when it
  // was, or need not be.
  virtual Expected<std::size_t> check(std::size_t most) = 0;
  // The next of its bytes. How many are kept, one at least.
  virtual Expected<std::size_t> take(std::string_view bytes) = 0;
  // No: the last take() failed, and its bytes may be there all the same.
  [[nodiscard]] virtual bool is_sure() const { return true; }
  // Requires that all of it was taken. Fails, not outside, if its bytes are not what its name says.
  virtual Expected<TransferEnd> finish() = 0;
};

class ObjectPlace {
 public:
  // "HASH", or "HASH.part" of one that is not whole.
  struct Kept {
    std::string name;
    std::uint64_t bytes = 0;
  };

  ObjectPlace() = default;
  ObjectPlace(const ObjectPlace&) = delete;
  ObjectPlace& operator=(const ObjectPlace&) = delete;
  virtual ~ObjectPlace() = default;

  // Whether all of it is there, as it should be.
  virtual Expected<bool> has(const std::string& hash) = 0;
  virtual Expected<std::unique_ptr<ObjectArrival>> begin(const std::string& hash, std::uint64_t size) = 0;
  // How much of it is there, without asking far; nullopt: that cannot be said.
  [[nodiscard]] virtual std::optional<std::uint64_t> here(const std::string& hash) const = 0;
  // What it keeps of its own, what was used least recently first.
  [[nodiscard]] virtual std::vector<Kept> kept() const = 0;
  // False: it is there still.
  virtual bool let_go(const std::string& name) = 0;
};

inline constexpr std::string_view kPart = ".part";
inline std::string part_of(const std::string& hash) { return hash + std::string(kPart); }

// A folder of objects: FOLDER/HASH, and FOLDER/HASH.part for what is on its way.
std::unique_ptr<ObjectPlace> folder_place(std::string folder);

}  // namespace hinterland
