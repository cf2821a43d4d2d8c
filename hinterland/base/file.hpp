// Reading whole files as checked text; writing them whole or not at all.
#pragma once
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

class PartialName;

// The most bytes of text a file may hold after decompression: a small archive must not fill the machine.
inline constexpr std::size_t kMostTextBytes = std::size_t{4} << 30U;

// The text of `path`, gunzipped if it is gzip, without a byte-order mark.
// Fails, located, for: no such file, a directory, a device, an unreadable or truncated or corrupt archive, more than
// kMostTextBytes, a NUL byte, and bytes that are not UTF-8 (GBK and UTF-16 files are named as such).
Expected<std::string> read_text(const std::string& path);

// Checks that `text` is UTF-8 without NUL; read_text calls it, fuzzers and standard input too.
Expected<void> check_text(std::string_view text, const std::string& file);

// Writing puts a file in its place whole, or leaves what was there. Where the file system can (O_TMPFILE), what is written
// has no name until it is whole, so that a process that dies, of whatever, leaves nothing. Elsewhere it has a partial name
// beside `path` (partial_name.hpp says when that stays behind), and so for an instant has what replaces an old file, for a
// link alone replaces none. Two processes that write one path do not mix: the later one's file stays.
//
// What comes is a new file with the owner and permissions of any new file there; an old file's are not taken over, and a
// symbolic link is replaced, not followed. After a loss of power the file system decides what is on the disk.
//
// Fails where something stands that is no file (a folder, a device, a pipe), and where this process has read the file
// that stands there: nobody means to write a result over its own input. All else that fails is Error::outside, unless
// it is the name that is wrong: no such folder.
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
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  FileWriter(std::string path, std::unique_ptr<PartialName> partial, std::FILE* file);

  std::string path_;
  std::unique_ptr<PartialName> partial_;  // none: it has no name yet
  std::unique_ptr<std::FILE, Close> file_;
};

// The same by a library that wants a name to write to: `write` gets a partial name that ends like `path`, and answers
// whether all is written; if not, errno says why (0: it is not known).
Expected<void> write_by(const std::string& path,
                        const std::function<bool(const std::string& partial)>& write);

}  // namespace hinterland
