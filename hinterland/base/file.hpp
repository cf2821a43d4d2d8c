// Reading whole files as checked text; writing them whole or not at all.
#pragma once
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "hinterland/base/error.hpp"

namespace hinterland {

// The most bytes of text a file may hold after decompression: a small archive must not fill the machine.
inline constexpr std::size_t kMostTextBytes = std::size_t{4} << 30U;

// The text of `path`, gunzipped if it is gzip, without a byte-order mark.
// Fails, located, for: no such file, a directory, a device, an unreadable or truncated or corrupt archive, more than
// kMostTextBytes, a NUL byte, and bytes that are not UTF-8 (GBK and UTF-16 files are named as such).
Expected<std::string> read_text(const std::string& path);

// Checks that `text` is UTF-8 without NUL; read_text calls it, fuzzers and standard input too.
Expected<void> check_text(std::string_view text, const std::string& file);

// Writes `text` to `path` through a temporary file beside it and a rename, so that no reader sees half of it.
// Fails where something stands that is no file (a folder, a device, a pipe), and where this process has read the file
// that stands there: nobody means to write a result over its own input.
Expected<void> write_text(const std::string& path, std::string_view text);

// The same piece by piece, for what is too large to hold: append() as often as needed, then finish(). A writer that
// goes away unfinished leaves nothing behind.
class FileWriter {
 public:
  static Expected<FileWriter> open(const std::string& path);
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();
  Expected<void> append(std::string_view text);
  Expected<void> finish();

 private:
  FileWriter(std::string path, std::string partial, std::FILE* file)
      : path_(std::move(path)), partial_(std::move(partial)), file_(file) {}
  Expected<void> give_up(std::string_view what);

  std::string path_, partial_;
  std::FILE* file_;
};

}  // namespace hinterland
