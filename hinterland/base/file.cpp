#include "hinterland/base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "hinterland/base/partial_name.hpp"

namespace hinterland {

namespace {

struct GzClose {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzHandle = std::unique_ptr<gzFile_s, GzClose>;

Error at_file(const std::string& path, std::string what, std::string mend) {
  return {.what = std::move(what), .where = {.file = path}, .mend = std::move(mend)};
}

// The files that this process has read, by what they are, whatever they are called. The time of their last change tells
// them from a later file in the same place of the disk.
class FilesRead {
 public:
  void add(const std::string& path) {
    if (const auto id = id_of(path)) {
      const std::scoped_lock lock(mutex_);
      ids_.insert(*id);
    }
  }
  bool have(const std::string& path) {
    const auto id = id_of(path);
    const std::scoped_lock lock(mutex_);
    return id && ids_.contains(*id);
  }

 private:
  using Id = std::tuple<dev_t, ino_t, time_t, long>;
  static std::optional<Id> id_of(const std::string& path) {
    struct stat found{};
    if (stat(path.c_str(), &found) != 0) return std::nullopt;
    return Id{found.st_dev, found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
  }

  std::mutex mutex_;
  std::set<Id> ids_;
};

FilesRead& files_read() {
  static FilesRead all;
  return all;
}

// zlib reads a file that is not gzip as it stands, so one path serves both.
Expected<std::string> read_bytes(const std::string& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) {
    return failure(at_file(path, "is a directory", "Name a file in it."));
  }
  if (std::filesystem::is_character_file(path, code) || std::filesystem::is_block_file(path, code)) {
    return failure(at_file(path, "is a device, which need not end", "Name a file or a pipe."));
  }
  errno = 0;
  const GzHandle file(gzopen(path.c_str(), "rb"));
  if (!file) {
    return failure(at_file(path, fmt::format("cannot be opened: {}", std::strerror(errno)),
                           "Check the path and its permissions."));
  }
  files_read().add(path);
  gzbuffer(file.get(), 1U << 18U);
  std::string text;
  const auto size = std::filesystem::file_size(path, code);
  if (!code && size < kMostTextBytes) text.reserve(size);
  std::array<char, 1U << 16U> block{};
  while (true) {
    const int count = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()));
    int state = Z_OK;
    const char* why = gzerror(file.get(), &state);
    if (count < 0 || (state != Z_OK && state != Z_STREAM_END)) {
      const bool cut = state == Z_BUF_ERROR;
      return failure(
          at_file(path, cut ? "the gzip archive ends too early" : fmt::format("cannot be read: {}", why),
                  cut ? "Fetch or compress the file again." : "Check the file; gzip -t tests an archive."));
    }
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > kMostTextBytes) {
      return failure(
          at_file(path, fmt::format("holds more than {} bytes of text", kMostTextBytes), "Split the file."));
    }
  }
}

std::string_view encoding_hint(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return "It looks like UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8).";
  }
  return "Save it as UTF-8; for a Chinese file in GBK: iconv -f GB18030 -t UTF-8.";
}

}  // namespace

Expected<void> check_text(std::string_view text, const std::string& file) {
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  std::size_t at = 0;
  while (at < text.size()) {
    if (bytes[at] < 0x80 && bytes[at] != 0) {
      ++at;
      continue;
    }
    utf8proc_int32_t point = 0;
    const auto length = utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &point);
    if (length > 0 && point != 0) {
      at += static_cast<std::size_t>(length);
      continue;
    }
    const std::string_view before = text.substr(0, at);
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? at + 1 : at - start;
    return failure({.what = bytes[at] == 0 ? std::string("a NUL byte: this is no text")
                                           : fmt::format("byte 0x{:02x} is not UTF-8", bytes[at]),
                    .where = {.file = file, .line = line, .column = static_cast<long>(column)},
                    .mend = std::string(encoding_hint(text))});
  }
  return {};
}

Expected<std::string> read_text(const std::string& path) {
  auto text = read_bytes(path);
  if (!text) return text;
  if (text->starts_with("\xef\xbb\xbf")) text->erase(0, 3);
  if (auto good = check_text(*text, path); !good) return std::unexpected(good.error());
  return text;
}

namespace {

// What the system said no to, by errno. A folder that is not there is a name mistyped; the rest is not the user's fault.
std::unexpected<Errors> cannot(const std::string& path, std::string_view what) {
  const int why = errno;
  const bool misnamed = why == ENOENT || why == ENOTDIR || why == ENAMETOOLONG || why == ELOOP;
  Error error = at_file(path, std::string(what), "Check the folder, its permissions and space.");
  if (why != 0) error.what += fmt::format(": {}", std::strerror(why));
  error.outside = !misnamed;
  return failure(std::move(error));
}

bool is_database(const std::string& path) {
  constexpr std::string_view mark = "SQLite format 3";
  std::string start(mark.size(), ' ');
  return std::ifstream(path, std::ios::binary)
             .read(start.data(), static_cast<std::streamsize>(start.size())) &&
         start == mark;
}

Expected<void> may_be_written(const std::string& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    // Renaming over a device or a pipe would put a file in its place.
    return failure(
        at_file(path, "is there and is no file", "Name a plain file, or one that is not there yet."));
  }
  if (files_read().have(path))
    return failure(
        at_file(path, "was read as input: what it says would be lost", "Name another file to write."));
  if (is_database(path))  // a journal, perhaps one that a broker has open
    return failure(
        at_file(path, "is a database: what it holds would be lost", "Name another file to write."));
  return {};
}

constexpr mode_t kNewFile = 0666;  // less the umask

std::string as_file(int descriptor) { return fmt::format("/proc/self/fd/{}", descriptor); }

// A file without a name in the folder of `path`; -1 where the file system has none, or could not name it later.
int open_nameless(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kNewFile);
  if (file < 0 || access(as_file(file).c_str(), F_OK) == 0) return file;
  close(file);
  return -1;
}

int open_new(PartialName& name) {
  const int file = ::open(name.text().c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kNewFile);
  if (file >= 0) name.taken();
  return file;
}

bool give_name(int descriptor, const std::string& name) {
  return linkat(AT_FDCWD, as_file(descriptor).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace

FileWriter::FileWriter(std::string path, std::unique_ptr<PartialName> partial, std::FILE* file)
    : path_(std::move(path)), partial_(std::move(partial)), file_(file) {}
FileWriter::FileWriter(FileWriter&&) noexcept = default;
FileWriter::~FileWriter() = default;

Expected<FileWriter> FileWriter::open(const std::string& path) {
  if (const auto may = may_be_written(path); !may) return std::unexpected(may.error());
  std::unique_ptr<PartialName> partial;
  int file = open_nameless(path);
  if (file < 0) {
    partial = std::make_unique<PartialName>(path);
    file = open_new(*partial);
  }
  if (file < 0) return cannot(path, "cannot be written");
  return FileWriter(path, std::move(partial), fdopen(file, "wb"));
}

Expected<void> FileWriter::append(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size())
    return cannot(path_, "cannot be written whole");
  return {};
}

Expected<void> FileWriter::finish() {
  // Closing may still fail, and must not after the file has its name: a second descriptor keeps it until then.
  const std::unique_ptr<std::FILE, Close> last(fdopen(dup(fileno(file_.get())), "wb"));
  const bool failed = std::ferror(file_.get()) != 0;
  if (!last || std::fclose(file_.release()) != 0 || failed) return cannot(path_, "cannot be written whole");
  if (!partial_) {
    const int file = fileno(last.get());
    if (give_name(file, path_)) return {};
    if (errno != EEXIST) return cannot(path_, "cannot be put in place");
    partial_ = std::make_unique<PartialName>(path_);
    if (!give_name(file, partial_->text())) return cannot(path_, "cannot be put in place");
    partial_->taken();
  }
  if (!partial_->rename_to(path_)) return cannot(path_, "cannot be put in place");
  return {};
}

Expected<void> write_by(const std::string& path,
                        const std::function<bool(const std::string& partial)>& write) {
  if (const auto may = may_be_written(path); !may) return may;
  PartialName partial(path, std::filesystem::path(path).extension().string());
  const int file = open_new(partial);
  if (file < 0) return cannot(path, "cannot be written");
  close(file);
  errno = 0;
  if (!write(partial.text())) return cannot(path, "cannot be written whole");
  if (!partial.rename_to(path)) return cannot(path, "cannot be put in place");
  return {};
}

Expected<void> write_text(const std::string& path, std::string_view text) {
  auto writer = FileWriter::open(path);
  if (!writer) return std::unexpected(writer.error());
  if (auto written = writer->append(text); !written) return written;
  return writer->finish();
}

}  // namespace hinterland
