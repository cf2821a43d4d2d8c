#include "hinterland/serve/blobs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/route.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// What jobs take in, and what they leave.
constexpr std::uint64_t kFloor = 1'000'000'000, kFloorPart = 20;  // bytes; of the disk
constexpr const char* kFolders[] = {"/inputs/", "/objects/"};

std::string place_of(const std::string& store, const std::string& hash, bool is_for_jobs) {
  for (const char* const folder : kFolders) {
    if (is_for_jobs && folder != kFolders[0]) continue;
    std::string place = fmt::format("{}{}{}", store, folder, hash);
    if (has_object(store + folder, hash)) return place;  // not one that a task has written into
  }
  return "";
}
std::string part_of(const std::string& store, const std::string& hash) { return store + "/uploads/" + hash; }

ApiResponse with_offset(ApiResponse response, std::uint64_t offset) {
  response.headers.emplace_back("Upload-Offset", std::to_string(offset));
  return response;
}
ApiResponse cannot(const char* what) { return bad(507, fmt::format("{}: {}.", what, std::strerror(errno))); }

// What others need to go on: the journal, and what attempts leave.
bool leaves_room(const std::string& store, std::uint64_t wanted) {
  struct statvfs disk{};
  if (::statvfs(store.c_str(), &disk) != 0) return true;  // writing will say why
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  const std::uint64_t floor = std::min(kFloor, std::uint64_t{disk.f_blocks} * disk.f_frsize / kFloorPart);
  return wanted <= free && free - wanted >= floor;
}

// Whether the file that is open has that name still.
bool has_name(int file, const std::string& name) {
  struct stat open{}, named{};
  return fstat(file, &open) == 0 && ::stat(name.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

// The part of that name, locked: two who send the same at once would mix. Whoever had the lock may have given the file another name,
// or none, before it was ours: then the name is opened again. One that is not open: somebody has it. nullopt: it cannot be (errno).
std::optional<Handle> lock_part(const std::string& part) {
  while (true) {
    Handle file(::open(part.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return std::nullopt;
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return Handle();
    if (has_name(file.get(), part)) return file;
  }
}

// The digits of a number up to 2^63, cut off the front of the text.
std::optional<std::uint64_t> cut_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || number > kMostBlob) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}
bool cut(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

}  // namespace

std::optional<ByteRange> range_of(const std::string& header, std::uint64_t total) {
  std::string_view text = header;
  if (!cut(text, "bytes=")) return std::nullopt;
  const auto first = cut_number(text);
  if (!cut(text, "-")) return std::nullopt;
  const auto last = cut_number(text);
  if (!text.empty() || (!first && !last)) return std::nullopt;
  if (!first) return ByteRange{.from = total - std::min(*last, total), .to = total, .total = total};
  if (last && *last < *first) return std::nullopt;
  if (*first >= total) return ByteRange{.from = 0, .to = 0, .total = total};
  return ByteRange{.from = *first, .to = last ? std::min(*last + 1, total) : total, .total = total};
}

std::optional<ByteRange> content_range_of(const std::string& header) {
  std::string_view text = header;
  if (!cut(text, "bytes ")) return std::nullopt;
  const auto first = cut_number(text);
  if (!first || !cut(text, "-")) return std::nullopt;
  const auto last = cut_number(text);
  if (!last || !cut(text, "/")) return std::nullopt;
  const auto total = cut_number(text);
  if (!total || !text.empty() || *last < *first || *last >= *total) return std::nullopt;
  return ByteRange{.from = *first, .to = *last + 1, .total = *total};
}

bool is_blob_touched(const std::string& store, const std::string& hash) {
  return std::ranges::any_of(kFolders, [&](const char* folder) {
    struct stat about{};
    return ::stat((store + folder + hash).c_str(), &about) == 0 && !has_object(store + folder, hash);
  });
}
void check_blob(const std::string& store, const std::string& hash) {
  for (const char* const folder : kFolders) check_object(store + folder, hash);
}

ApiResponse blob(const std::string& store, const std::string& hash, const HttpHead& head) {
  struct stat about{};
  const std::string place = place_of(store, hash, head.method == "HEAD");
  Handle file(place.empty() ? -1 : ::open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open() || fstat(file.get(), &about) != 0) {
    ApiResponse none = bad(404, "There is no such blob.");
    if (head.method == "HEAD" && ::stat(part_of(store, hash).c_str(), &about) == 0)
      return with_offset(std::move(none), static_cast<std::uint64_t>(about.st_size));
    return none;
  }
  const auto total = static_cast<std::uint64_t>(about.st_size);
  ApiResponse response;
  response.type = "application/octet-stream";
  response.headers = {{"Accept-Ranges", "bytes"}, {"ETag", fmt::format("\"{}\"", hash)}};
  auto range = range_of(head.range, total);
  if (range && range->from == range->to && total > 0) {
    ApiResponse none = bad(416, "None of that range is there.");
    none.headers.emplace_back("Content-Range", fmt::format("bytes */{}", total));
    return none;
  }
  if (range && total > 0) {
    response.status = 206;
    response.headers.emplace_back("Content-Range",
                                  fmt::format("bytes {}-{}/{}", range->from, range->to - 1, total));
  } else {
    range = ByteRange{.from = 0, .to = total, .total = total};
  }
  response.file = FilePart{.file = std::make_shared<Handle>(std::move(file)),
                           .from = range->from,
                           .bytes = range->to - range->from};
  return response;
}

std::variant<ApiResponse, std::unique_ptr<Upload>> Upload::begin(const std::string& store,
                                                                 const std::string& hash,
                                                                 const HttpHead& head) {
  if (has_object(store + "/inputs", hash)) return good({{"hash", hash}});
  ByteRange range;
  if (!head.content_range.empty()) {
    const auto said = content_range_of(head.content_range);
    if (!said) return bad(400, "The Content-Range is none.", "Write it as `bytes 0-99/1000`.");
    range = *said;
    if (head.length && *head.length != range.to - range.from)
      return bad(400, "The Content-Range is not as long as what is sent.");
  } else if (head.length) {
    range = {.from = 0, .to = *head.length, .total = *head.length};
  } else {
    return bad(411, "How long it is, is not said.", "Send a Content-Length.");
  }
  std::error_code trouble;
  fs::create_directories(store + "/uploads", trouble);
  const std::string part = part_of(store, hash);
  auto locked = lock_part(part);
  if (!locked) return cannot("The store cannot be written");
  if (!locked->is_open()) return bad(409, "It is being sent by somebody else.");
  if (has_object(store + "/inputs", hash)) {  // by whoever has just had the lock
    ::unlink(part.c_str());
    return good({{"hash", hash}});
  }
  Handle file = std::move(*locked);
  struct stat about{};
  if (fstat(file.get(), &about) != 0) return cannot("The store cannot be read");
  const auto there = static_cast<std::uint64_t>(about.st_size);
  if (!leaves_room(store, promised + range.total - std::min(there, range.total)))
    return bad(507, "The disk has no room for it.", "Ask the operator to make some.");
  if (range.from == 0 && there > 0 && head.content_range.empty()) {
    if (::ftruncate(file.get(), 0) != 0) return cannot("The store cannot be written");
  } else if (there == range.total && range.to == range.total) {
    // All of it came, and it got no name: its last part comes again.
    if (::ftruncate(file.get(), static_cast<off_t>(range.from)) != 0)
      return cannot("The store cannot be written");
  } else if (range.from != there) {
    return with_offset(bad(409, fmt::format("There are {} bytes of it.", there), "Go on from there."), there);
  }
  if (lseek(file.get(), static_cast<off_t>(range.from), SEEK_SET) < 0)
    return cannot("The store cannot be written");
  return std::unique_ptr<Upload>(new Upload(store, hash, part, std::move(file), range));
}

Upload::~Upload() { promised -= range_.to - range_.from; }

std::optional<ApiResponse> Upload::take(std::string_view bytes) {
  if (bytes.size() > range_.to - range_.from) return bad(400, "More has come than was said.");
  if (!write_all(file_.get(), bytes.data(), bytes.size())) return cannot("It cannot be kept");
  range_.from += bytes.size();
  promised -= bytes.size();
  return std::nullopt;
}

ApiResponse Upload::finish() {
  if (range_.from < range_.total)
    return with_offset(good({{"hash", hash_}, {"bytes", range_.from}}, 202), range_.from);
  const auto named = name_file(part_);
  if (!named) return bad(507, describe(named.error().front()));
  if (named->hash != hash_) {
    ::unlink(part_.c_str());
    return bad(422, "Its hash is another: it is thrown away.", "Send it again; BLAKE2b-256 is its name.");
  }
  const std::string folder = store_ + "/inputs";
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  if (!seal_object(file_.get()) || ::rename(part_.c_str(), (folder + "/" + hash_).c_str()) != 0 ||
      !sync_path(folder))
    return cannot("It cannot be kept");
  return good({{"hash", hash_}, {"bytes", named->bytes}}, 201);
}

void forget_uploads(const std::string& store, Duration age) {
  std::error_code trouble;
  for (const auto& part : fs::directory_iterator(store + "/uploads", trouble)) {
    const std::string name = part.path().string();
    const Handle file(::open(name.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    struct stat about{};
    if (!file.is_open() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;  // it is being sent
    if (fstat(file.get(), &about) != 0 || !has_name(file.get(), name)) continue;
    if (std::time(nullptr) - about.st_mtim.tv_sec > age.ms / 1000) ::unlink(name.c_str());
  }
}

std::vector<Route> blob_routes() {
  const auto shown = [](ApiContext& context, const ApiRequest& asked, const Reply& reply) {
    const std::string store = context.service.store(), hash = asked.text("hash");
    const auto answer = [store, hash, head = asked.head, reply] { reply(blob(store, hash, head)); };
    if (!is_blob_touched(store, hash)) return answer();
    if (!context.aside([store, hash] { check_blob(store, hash); }, answer)) {
      ApiResponse later = bad(503, "It was written to, and is read again to tell whether it is right.");
      later.headers.emplace_back("Retry-After", "1");
      reply(std::move(later));
    }
  };
  const auto route = [&](std::string_view method, std::string_view what) {
    return Route{.method = method,
                 .path = "/v1/blobs/{hash}",
                 .reach = Reach::all,
                 .what = what,
                 .parameters = {},
                 .answers = "application/octet-stream",
                 .handle = shown};
  };
  std::vector<Route> table = {
      route("HEAD", "Whether jobs may take it in, and how large it is; or how much of it was sent."),
      route("GET", "Its bytes, or a range of them."), route("PUT", "Sends it, or the next part of it.")};
  Route& put = table.back();
  put.role = Role::submits;
  put.takes = Takes::bytes;
  put.status = 201;
  put.answers = "Blob";
  put.handle = {};  // an Upload
  return table;
}

}  // namespace hinterland
