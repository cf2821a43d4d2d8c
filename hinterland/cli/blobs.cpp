#include "hinterland/cli/blobs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "hinterland/base/number.hpp"
#include "hinterland/staging/files.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr int kTries = 5;  // of one that is cut off again and again
constexpr std::int64_t kMega = 1'000'000;

std::unexpected<Errors> trouble(const std::string& file, std::string what, std::string mend = "") {
  return failure(
      {.what = std::move(what), .where = {.file = file}, .mend = std::move(mend), .outside = true});
}
std::unexpected<Errors> interrupted(const std::string& file) {
  return trouble(file, "Interrupted.", "Do it again: it goes on from there.");
}
std::unexpected<Errors> refused(const BrokerPlace& broker, const HttpAnswer& answer) {
  return failure(error_in(broker, {.status = answer.status, .body = answer.body}));
}
// It becomes part of paths, whatever a broker says.
std::unexpected<Errors> no_hash(const BrokerPlace& broker, const std::string& hash) {
  return trouble(broker.place, in_quotes(hash) + " is no hash of a blob.",
                 "Is that a broker of this version?");
}

HttpAsk asking(const char* method, const std::string& hash) {
  return {.method = method,
          .path = "/v1/blobs/" + hash,
          .body = "",
          .headers = {},
          .file = {},
          .take = {},
          .progress = {}};
}

std::uint64_t offset_in(const HttpAnswer& answer) {
  const auto found = answer.headers.find("upload-offset");
  const auto number = found == answer.headers.end() ? std::nullopt : parse_number(found->second);
  return number && *number >= 0 ? static_cast<std::uint64_t>(*number) : 0;
}

bool tell(Progress& progress, const char* what, std::uint64_t done, std::uint64_t all) {
  return progress.step(what, static_cast<std::int64_t>(done) / kMega,
                       static_cast<std::int64_t>(all) / kMega + 1);
}

}  // namespace

Expected<std::string> store_here(const BrokerPlace& broker) {
  if (broker.is_remote()) return std::string();
  const auto health = ask_broker_json(broker, "GET", "/v1/health");
  if (!health) return std::unexpected(health.error());
  return health->at("store").get<std::string>();
}

Expected<Object> store_input(const BrokerPlace& broker, const std::string& store, const std::string& file,
                             Progress& progress) {
  return store.empty() ? send_blob(broker, file, progress) : put_file(store + "/inputs", file);
}

Expected<bool> has_blob(const BrokerPlace& broker, const std::string& hash) {
  const auto there = ask_broker_for_bytes(broker, asking("HEAD", hash));
  if (!there) return std::unexpected(there.error());
  return there->status == 200;
}

Expected<std::string> read_blob(const BrokerPlace& broker, const Object& object) {
  constexpr std::uint64_t most = 16 * kMega;
  if (!is_object_hash(object.hash)) return no_hash(broker, object.hash);
  if (object.bytes > most) return trouble(object.hash, "It is larger than it can be.");
  auto answer = ask_broker_for_bytes(broker, asking("GET", object.hash));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status >= 300) return refused(broker, *answer);
  return std::move(answer->body);
}

Expected<Object> send_blob(const BrokerPlace& broker, const std::string& file, Progress& progress) {
  auto object = name_file(file);
  if (!object) return object;
  const Handle from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from.is_open()) return trouble(file, fmt::format("It cannot be read: {}.", std::strerror(errno)));
  Expected<HttpAnswer> answer;
  for (int tries = 0; tries < kTries; ++tries) {
    const auto there = ask_broker_for_bytes(broker, asking("HEAD", object->hash));
    if (!there) return std::unexpected(there.error());
    if (there->status == 200) return object;
    if (there->status != 404) {  // an answer to HEAD has no words
      const auto why = ask_broker_for_bytes(broker, asking("GET", object->hash));
      if (!why) return std::unexpected(why.error());
      return refused(broker, *why);
    }
    const std::uint64_t done = std::min(offset_in(*there), object->bytes);
    HttpAsk ask = asking("PUT", object->hash);
    ask.file = HttpFile{.file = from.get(), .from = done, .bytes = object->bytes - done};
    if (done > 0 && done < object->bytes)
      ask.headers.push_back(
          fmt::format("Content-Range: bytes {}-{}/{}", done, object->bytes - 1, object->bytes));
    // All of it has come, and was not put in its place.
    if (done == object->bytes) ask.file = HttpFile{.file = from.get(), .from = 0, .bytes = object->bytes};
    bool stopped = false;
    ask.progress = [&](std::uint64_t bytes) {
      stopped = !tell(progress, "sending inputs, MB", ask.file->from + bytes, object->bytes);
      return !stopped;
    };
    answer = ask_broker_for_bytes(broker, ask);
    if (stopped) return interrupted(file);
    if (answer && answer->status < 300) return object;
    if (answer && answer->status != 409 && answer->status != 422) return refused(broker, *answer);
  }
  if (!answer) return std::unexpected(answer.error());
  return refused(broker, *answer);
}

Expected<void> fetch_blob(const BrokerPlace& broker, const Object& object, const std::string& file,
                          Progress& progress) {
  if (!is_object_hash(object.hash)) return no_hash(broker, object.hash);
  std::error_code failed;
  if (fs::exists(file, failed)) {
    const auto there = name_file(file);
    if (there && there->hash == object.hash) return {};
    return failure({.what = "Another file is there.",
                    .where = {.file = file},
                    .mend = "Name an empty folder with --into."});
  }
  if (const auto folder = fs::path(file).parent_path(); !folder.empty())
    fs::create_directories(folder, failed);
  if (failed) return trouble(file, fmt::format("Its folder cannot be made: {}.", failed.message()));
  // Named by what it will be: no other file is likely to be called so.
  const std::string part = (fs::path(file).parent_path() / fmt::format(".{}.part", object.hash)).string();
  const Handle to(::open(part.c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!to.is_open()) return trouble(part, fmt::format("It cannot be written: {}.", std::strerror(errno)));
  for (int tries = 0; tries < kTries; ++tries) {
    struct stat about{};
    if (fstat(to.get(), &about) != 0) return trouble(part, "It cannot be read.");
    auto done = static_cast<std::uint64_t>(about.st_size);
    if (done >= object.bytes) break;
    HttpAsk ask = asking("GET", object.hash);
    if (done > 0) ask.headers.push_back(fmt::format("Range: bytes={}-", done));
    bool is_full = false, stopped = false;
    ask.take = [&](std::string_view bytes) {
      is_full = !write_all(to.get(), bytes.data(), bytes.size());
      done += bytes.size();
      stopped = !tell(progress, "fetching outputs, MB", done, object.bytes);
      return !is_full && !stopped;
    };
    const auto answer = ask_broker_for_bytes(broker, ask);
    if (is_full) return trouble(part, fmt::format("It cannot be written: {}.", std::strerror(errno)));
    if (stopped) return interrupted(part);
    if (answer && answer->status >= 300) return refused(broker, *answer);
    if (!answer && tries + 1 == kTries) return std::unexpected(answer.error());
  }
  const auto named = name_file(part);
  if (!named) return std::unexpected(named.error());
  if (named->hash != object.hash) {
    fs::remove(part, failed);
    return trouble(file, "What came is not what was promised: its hash is another.", "Fetch it again.");
  }
  if (fsync(to.get()) != 0 || ::rename(part.c_str(), file.c_str()) != 0)
    return trouble(file, fmt::format("It cannot be written: {}.", std::strerror(errno)));
  return {};
}

}  // namespace hinterland
