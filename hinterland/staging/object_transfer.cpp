#include "hinterland/staging/object_transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hinterland {

Expected<ObjectTransfer> ObjectTransfer::begin(ObjectSource& from, ObjectPlace& to, std::string hash) {
  const auto size = from.size_of(hash);
  if (!size) return std::unexpected(size.error());
  auto arrival = to.begin(hash, *size);
  if (!arrival) return std::unexpected(std::move(arrival.error()));
  return ObjectTransfer(from, std::move(hash), *size, std::move(*arrival));
}

Expected<TransferStep> ObjectTransfer::step(std::size_t most) {
  if (!is_checked_) {
    const auto checked = arrival_->check(most);
    if (!checked) return std::unexpected(checked.error());
    if (*checked > 0) return TransferStep{.moved = 0, .checked = *checked};
    is_checked_ = true;
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, size_ - here()));
  if (size == 0) return TransferStep{};
  buffer_.resize(std::max(buffer_.size(), size));
  const auto got = from_->read(hash_, here(), buffer_.data(), size);
  if (!got) return std::unexpected(got.error());
  if (*got == 0)
    return failure({.what = fmt::format("Object {} ends before its end.", hash_),
                    .where = {},
                    .mend = "Submit its job again."});
  const auto kept = arrival_->take({buffer_.data(), *got});
  if (!kept) return std::unexpected(kept.error());
  return TransferStep{.moved = *kept, .checked = 0};
}

}  // namespace hinterland
