// One object on its way from where it is into a folder of objects.
//
//   FOLDER/HASH.part    what has come so far, a beginning of it; a later transfer goes on at its end
//   FOLDER/HASH         all of it: its bytes have this hash, are durable, and were so before the name appeared
//
//   step()*  until is_whole(), then  finish()       or never: what came stays for the next transfer
//
// Each byte of the object is moved once, whenever and however often transfers are given up or killed. What an earlier one
// left is read back where it lies before anything is added (`checked`, not `moved`), so that the hash is that of what is
// there. It is thrown away, and moved again, only if it is damaged.
//
// No thread, no clock and no pace: whoever calls step() decides when. One transfer of an object into a folder at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/executor/files.hpp"
#include "hinterland/executor/object_hash.hpp"
#include "hinterland/executor/object_source.hpp"

namespace hinterland {

// What a step did: one of the two, or neither when all was done before.
struct TransferStep {
  std::size_t moved = 0, checked = 0;
};

enum class TransferEnd : std::uint8_t {
  named,      // it is there
  thrown_out  // what an earlier transfer left was damaged: begin again
};

class ObjectTransfer {
 public:
  // `from` outlives it. Fails as ObjectSource does, and outside where the folder cannot be written.
  static Expected<ObjectTransfer> begin(ObjectSource& from, std::string hash, const std::string& folder);

  // Up to `most` bytes more. Fails as ObjectSource does, and outside when the folder takes no more: then what came
  // stays, and the next step goes on there.
  Expected<TransferStep> step(std::size_t most);
  // Requires is_whole(). Fails, not outside, if the source's bytes are not what its name says.
  Expected<TransferEnd> finish();

  [[nodiscard]] bool is_whole() const { return checked_ == found_ && here_ == size_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }    // of the object
  [[nodiscard]] std::uint64_t here() const { return here_; }    // of it; the next byte that moves
  [[nodiscard]] std::uint64_t found() const { return found_; }  // what an earlier transfer had left
  [[nodiscard]] const std::string& hash() const { return hash_; }

 private:
  ObjectTransfer(ObjectSource& from, std::string hash, std::string folder)
      : from_(&from), hash_(std::move(hash)), folder_(std::move(folder)) {}
  [[nodiscard]] std::string part() const { return folder_ + "/" + hash_ + ".part"; }

  ObjectSource* from_;
  std::string hash_, folder_;
  Handle file_;
  ObjectHash bytes_hash_;
  std::uint64_t size_ = 0, here_ = 0, found_ = 0, checked_ = 0;
  std::vector<char> buffer_;
};

}  // namespace hinterland
