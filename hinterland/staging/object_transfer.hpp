// One object on its way from where it is (object_source.hpp) to where it is wanted (object_place.hpp).
//
//   step()*  until is_whole(), then  finish()       or never: what came stays for the next transfer
//
// Each byte of the object is moved once, whenever and however often transfers are given up or killed. What an earlier one
// left is read back where it lies before anything is added (`checked`, not `moved`), so that the hash is that of what is
// there. It is thrown away, and moved again, only if it is damaged.
//
// No thread, no clock and no pace: whoever calls step() decides when. One transfer of an object to a place at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hinterland/staging/object_place.hpp"
#include "hinterland/staging/object_source.hpp"

namespace hinterland {

// What a step did: one of the two, or neither when all was done before.
struct TransferStep {
  std::size_t moved = 0, checked = 0;
};

class ObjectTransfer {
 public:
  // `from` outlives it. Fails as ObjectSource and ObjectPlace do.
  static Expected<ObjectTransfer> begin(ObjectSource& from, ObjectPlace& to, std::string hash);

  // Up to `most` bytes more. Fails as source and place do: then what came stays, and the next step goes on there.
  Expected<TransferStep> step(std::size_t most);
  // Requires is_whole(). Fails, not outside, if the source's bytes are not what its name says.
  Expected<TransferEnd> finish() { return arrival_->finish(); }

  [[nodiscard]] bool is_whole() const { return is_checked_ && here() == size_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }             // of the object
  [[nodiscard]] std::uint64_t here() const { return arrival_->here(); }  // of it; the next byte that moves
  [[nodiscard]] bool is_sure() const { return arrival_->is_sure(); }     // of that
  [[nodiscard]] const std::string& hash() const { return hash_; }

 private:
  ObjectTransfer(ObjectSource& from, std::string hash, std::uint64_t size,
                 std::unique_ptr<ObjectArrival> arrival)
      : from_(&from),
        hash_(std::move(hash)),
        size_(size),
        is_checked_(arrival->here() == 0),
        arrival_(std::move(arrival)) {}

  ObjectSource* from_;
  std::string hash_;
  std::uint64_t size_;
  bool is_checked_;
  std::unique_ptr<ObjectArrival> arrival_;
  std::vector<char> buffer_;
};

}  // namespace hinterland
