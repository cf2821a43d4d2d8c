// The name of a file that is still being written: `path.1f2e3d4c5b6a7988.partial`, beside the file it will be.
//
// The number is random, so that no other process has the name, be it one of the same id in another container. Whatever
// stands under it goes with its owner, or with the process if a signal ends it whose handler calls
// remove_partial_files(). Only SIGKILL and a loss of power leave it behind.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <string_view>

namespace hinterland {

class PartialName {
 public:
  // `ending` (".mps") follows, for a library that goes by it.
  explicit PartialName(const std::string& path, std::string_view ending = "");
  PartialName(const PartialName&) = delete;
  PartialName& operator=(const PartialName&) = delete;
  ~PartialName();

  [[nodiscard]] const std::string& text() const { return *text_; }
  // Once something of ours stands under it: what another process put there is not removed.
  void taken() { taken_ = true; }
  // Puts what stands under it in the place of `path`, whatever file is there; false: errno says why not.
  bool rename_to(const std::string& path);

 private:
  std::unique_ptr<std::string> text_;          // where a signal handler finds it, wherever this is moved
  std::atomic<const char*>* noted_ = nullptr;  // for the handler; none where too many names are noted at once
  bool taken_ = false;
};

// Removes all that stands under partial names of this process. For a signal handler that is about to end the process:
// it takes no lock and frees nothing.
void remove_partial_files() noexcept;

}  // namespace hinterland
