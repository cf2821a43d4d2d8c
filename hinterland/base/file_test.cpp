// Files are read whole and checked, or refused with their name; they are written whole or not at all.
#include "hinterland/base/file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hinterland/base/partial_name.hpp"

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

// A folder that goes away with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("hinterland-file-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }
  [[nodiscard]] std::string gzip(const std::string& name, std::string_view text) const {
    const std::string file = (path / name).string();
    const gzFile out = gzopen(file.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    return file;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(path)) out.push_back(entry.path().filename().string());
    return out;
  }
};

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Many different lines, so that the archive has some length.
std::string long_text() {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919 % 65'521) + ",贵安\n";
  return text;
}

Error error_of(const std::string& file) {
  const auto text = read_text(file);
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().front().where.file == file);
  return text.error().front();
}

bool speaks_of(const Error& error, std::string_view word) {
  return describe(error).find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("a text file is read as it stands") {
  const Folder folder;
  CHECK(read_text(folder.write("a", "贵安\r\n1,2")).value() == "贵安\r\n1,2");
  CHECK(read_text(folder.write("empty", "")).value().empty());
}

TEST_CASE("a byte-order mark is no part of the text") {
  const Folder folder;
  CHECK(read_text(folder.write("a", "\xef\xbb\xbfid,name\n")).value() == "id,name\n");
}

TEST_CASE("a gzip archive is read as the text in it") {
  const Folder folder;
  CHECK(read_text(folder.gzip("a.gz", long_text())).value() == long_text());
  CHECK(read_text(folder.gzip("no-suffix", "\xef\xbb\xbftext")).value() == "text");
}

TEST_CASE("an archive that was cut off is refused, wherever it was cut") {
  const Folder folder;
  const std::string whole = bytes_of(folder.gzip("whole.gz", long_text()));
  for (const std::size_t size :
       {whole.size() - 1, whole.size() - 8, whole.size() / 2, std::size_t{20}, std::size_t{5}}) {
    CAPTURE(size);
    CHECK(speaks_of(error_of(folder.write("cut.gz", whole.substr(0, size))), "ends too early"));
  }
}

TEST_CASE("an archive with a wrong byte is refused") {
  const Folder folder;
  std::string bytes = bytes_of(folder.gzip("whole.gz", long_text()));
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);  // in the checksum
  CHECK(speaks_of(error_of(folder.write("bad.gz", bytes)), "cannot be read"));
  std::string broken = bytes_of(folder.gzip("whole.gz", long_text()));
  for (std::size_t i = 100; i < 200; ++i) broken[i] = '\xff';
  (void)error_of(folder.write("broken.gz", broken));
}

TEST_CASE("a missing file and a directory are named as such") {
  const Folder folder;
  CHECK(speaks_of(error_of((folder.path / "nothing.csv").string()), "cannot be opened"));
  CHECK(speaks_of(error_of(folder.path.string()), "is a directory"));
}

TEST_CASE("a NUL byte is located") {
  const Folder folder;
  const Error error = error_of(folder.write("a", std::string_view("ab\ncd\0e\n", 8)));
  CHECK(error.where.line == 2);
  CHECK(error.where.column == 3);
  CHECK(speaks_of(error, "NUL"));
}

TEST_CASE("GBK bytes are located, and the way to UTF-8 is named") {
  const Folder folder;
  const Error error = error_of(folder.write("a", "id,name\nguian,\xb9\xf3\xb0\xb2\n"));
  CHECK(error.where.line == 2);
  CHECK(error.where.column == 7);
  CHECK(speaks_of(error, "GB18030"));
}

TEST_CASE("UTF-16 is named as such, either way round") {
  const Folder folder;
  CHECK(speaks_of(error_of(folder.write("little", std::string_view("\xff\xfei\0d\0\n\0", 8))), "UTF-16"));
  CHECK(speaks_of(error_of(folder.write("big", std::string_view("\xfe\xff\0i\0d\0\n", 8))), "UTF-16"));
}

TEST_CASE("what only looks like UTF-8 is refused") {
  for (const std::string_view text : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe8\xb4", "\x80"}) {
    CAPTURE(text);
    CHECK_FALSE(check_text(text, "f").has_value());
  }
  CHECK(check_text("\xf0\x9f\x8f\x94 ok", "f").has_value());
}

TEST_CASE("what is written is read again, and nothing else is left beside it") {
  const Folder folder;
  const std::string file = (folder.path / "out.csv").string();
  REQUIRE(write_text(file, "old\n").has_value());
  REQUIRE(write_text(file, "贵安\n").has_value());
  CHECK(read_text(file).value() == "贵安\n");
  CHECK(folder.names() == std::vector<std::string>{"out.csv"});
}

TEST_CASE("a file that cannot be put in its place leaves nothing behind") {
  const Folder folder;
  CHECK_FALSE(write_text((folder.path / "absent" / "out.csv").string(), "x").has_value());
  CHECK(folder.names().empty());
  fs::create_directory(folder.path / "taken");
  CHECK_FALSE(write_text((folder.path / "taken").string(), "x").has_value());
  CHECK(folder.names() == std::vector<std::string>{"taken"});
}

TEST_CASE("what was read is not written over, whatever it is called") {
  const Folder folder;
  const std::string path = folder.path / "input", other = folder.path / "alias";
  REQUIRE(write_text(path, "kept\n"));
  REQUIRE(read_text(path));
  fs::create_symlink(path, other);
  for (const std::string& name : {path, other}) {
    const auto written = write_text(name, "lost\n");
    REQUIRE_FALSE(written);
    CHECK(written.error().front().what.find("was read as input") != std::string::npos);
  }
  CHECK(read_text(path).value() == "kept\n");
}

TEST_CASE("nothing but a file is written over: a device stays a device") {
  const auto written = write_text("/dev/null", "x");
  REQUIRE_FALSE(written.has_value());
  CHECK(describe(written.error().front()).find("/dev/null: is there and is no file") == 0);
}

TEST_CASE("what is written has the permissions of any new file, an old one's or not") {
  const Folder folder;
  const std::string file = folder.path / "out.csv";
  const fs::perms ordinary = fs::status(folder.write("ordinary", "x")).permissions();
  REQUIRE(write_text(file, "a\n"));
  CHECK(fs::status(file).permissions() == ordinary);
  fs::permissions(file, fs::perms::owner_all);
  REQUIRE(write_text(file, "b\n"));
  CHECK(fs::status(file).permissions() == ordinary);
  REQUIRE(write_by(file, [](const std::string& partial) { return std::ofstream(partial).put('c').good(); }));
  CHECK(fs::status(file).permissions() == ordinary);
}

TEST_CASE("where the system says no it is not the input's fault, but for a folder that is not there") {
  const Folder folder;
  const auto no_folder = write_text((folder.path / "absent" / "out.csv").string(), "x");
  REQUIRE_FALSE(no_folder);
  CHECK_FALSE(no_folder.error().front().outside);
  // A limit of the process stands for a full disk.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{.rlim_cur = 4096, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string file = folder.write("out.csv", "old");
  const auto full = write_text(file, std::string(100'000, 'x'));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(full);
  CHECK(full.error().front().outside);
  CHECK(speaks_of(full.error().front(), "out.csv: cannot be written whole: File too large"));
  CHECK(bytes_of(file) == "old");
  CHECK(folder.names() == std::vector<std::string>{"out.csv"});
}

TEST_CASE("a library writes under a name that ends as the file does, and only what is whole is kept") {
  const Folder folder;
  const std::string file = folder.write("study.mps", "old");
  const auto half = [&](int why) {
    return write_by(file, [&](const std::string& partial) {
      CHECK(partial.starts_with(file));
      CHECK(partial.ends_with(".partial.mps"));
      std::ofstream(partial) << "half";
      errno = why;
      return false;
    });
  };
  const auto full = half(ENOSPC);
  REQUIRE_FALSE(full);
  CHECK(full.error().front().outside);
  CHECK(speaks_of(full.error().front(), "study.mps: cannot be written whole: No space left on device"));
  CHECK(speaks_of(half(0).error().front(), "cannot be written whole. Check"));
  CHECK(bytes_of(file) == "old");
  CHECK(write_by(file, [](const std::string& partial) { return (std::ofstream(partial) << "new").good(); }));
  CHECK(bytes_of(file) == "new");
  CHECK(folder.names() == std::vector<std::string>{"study.mps"});
}

TEST_CASE("a signal's handler removes what stands under partial names, and nothing else") {
  const Folder folder;
  const std::string file = folder.write("out.csv", "old");
  PartialName one(file), other(file);
  CHECK(one.text() != other.text());
  std::ofstream(one.text()) << "half";
  one.taken();
  CHECK(folder.names().size() == 2);
  remove_partial_files();
  CHECK(folder.names() == std::vector<std::string>{"out.csv"});
}

TEST_CASE("a text written in pieces is there once it is finished, and not before") {
  const Folder folder;
  const std::string file = (folder.path / "out.csv").string();
  {
    auto writer = FileWriter::open(file);
    REQUIRE(writer.has_value());
    REQUIRE(writer->append("a\n").has_value());
    CHECK_FALSE(fs::exists(file));
    REQUIRE(writer->append("b\n").has_value());
    REQUIRE(writer->finish().has_value());
  }
  {
    auto writer = FileWriter::open(file);
    REQUIRE(writer.has_value());
    REQUIRE(writer->append("half of it").has_value());
  }
  CHECK(read_text(file).value() == "a\nb\n");
  CHECK(folder.names() == std::vector<std::string>{"out.csv"});
}
