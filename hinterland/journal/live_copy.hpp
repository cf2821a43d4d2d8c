// A copy of a journal's SQLite file that some broker has open and writes, as it stood at one moment.
//
// The broker holds the file for itself (sqlite_store.hpp), so nobody else can ask SQLite for it. But its bytes can be read:
// FILE, to which SQLite moves pages only from the write-ahead log FILE-wal, and the log itself, which only grows until it
// is begun anew with other salts in its head. So if FILE is copied, and then the log, and its head is the same after as
// before, then the log has every page that changed in FILE meanwhile, and both copies together are the journal of a moment:
// pages of the log come before those of the file, and a last transaction that is torn has no checksum and counts as none
// (assumed of SQLite's format, and tried under a writer by open_to_read_test.cpp). What was read wrongly all the same breaks
// the chain of steps.
#pragma once
#include <string>

#include "hinterland/base/error.hpp"

namespace hinterland {

class LiveCopy {
 public:
  // In a folder of its own among the system's temporary files. Fails if the file cannot be read, if there is no room, and if
  // the log was begun anew each time that it was tried.
  static Expected<LiveCopy> take(const std::string& file);
  LiveCopy(LiveCopy&& other) noexcept;
  LiveCopy& operator=(LiveCopy&&) = delete;
  ~LiveCopy();

  [[nodiscard]] std::string file() const;

 private:
  explicit LiveCopy(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;  // empty: given away
};

}  // namespace hinterland
