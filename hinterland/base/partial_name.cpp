#include "hinterland/base/partial_name.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

namespace hinterland {

namespace {

// Whoever swaps a pointer out owns it: the name's owner, or a handler, after which nobody does.
std::array<std::atomic<const char*>, 64> noted_names{};
static_assert(std::atomic<const char*>::is_always_lock_free, "a signal handler may wait for nobody");

std::atomic<const char*>* note(const char* name) {
  for (auto& place : noted_names) {
    const char* none = nullptr;
    if (place.compare_exchange_strong(none, name)) return &place;
  }
  return nullptr;
}

// For good: nobody says when a handler has read it.
void keep(std::unique_ptr<std::string> name) {
  static std::mutex mutex;
  static auto& kept = *new std::vector<std::unique_ptr<std::string>>;
  const std::scoped_lock lock(mutex);
  kept.push_back(std::move(name));
}

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

// Noted before anything stands there: a signal between the two finds nothing to remove, rather than leave a file.
PartialName::PartialName(const std::string& path, std::string_view ending)
    : text_(
          std::make_unique<std::string>(fmt::format("{}.{:016x}.partial{}", path, random_number(), ending))),
      noted_(note(text_->c_str())) {}

PartialName::~PartialName() {
  if (taken_) unlink(text_->c_str());
  // A handler that has the pointer ends the process: until then the text stays.
  const bool lent = noted_ != nullptr && noted_->exchange(nullptr) == nullptr;
  if (lent) keep(std::move(text_));
}

bool PartialName::rename_to(const std::string& path) {
  if (std::rename(text_->c_str(), path.c_str()) != 0) return false;
  taken_ = false;
  return true;
}

void remove_partial_files() noexcept {
  for (auto& place : noted_names) {
    if (const char* const name = place.exchange(nullptr)) unlink(name);
  }
}

}  // namespace hinterland
