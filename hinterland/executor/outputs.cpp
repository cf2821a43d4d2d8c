#include "hinterland/executor/outputs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "hinterland/executor/handle.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

std::unexpected<Errors> trouble(std::string what, const std::string& file, bool outside) {
  return failure({.what = std::move(what), .where = {.file = file}, .mend = "", .outside = outside});
}
std::unexpected<Errors> cannot(const char* what, const std::string& file) {
  return trouble(fmt::format("{}: {}.", what, std::strerror(errno)), file, true);
}

// A regular file below the folder; the kernel lets no part of the path leave it or follow a link.
Expected<Handle> open_below(const std::string& folder, const std::string& path) {
  const Handle work(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!work.is_open()) return cannot("The attempt's folder is gone", folder);
  open_how how{.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
               .mode = 0,
               .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  Handle file(static_cast<int>(syscall(SYS_openat2, work.get(), path.c_str(), &how, sizeof how)));
  if (!file.is_open()) {
    const bool leads_out = errno == ELOOP || errno == EXDEV;
    return trouble(leads_out ? fmt::format("Output {} leads out of its folder, or is a link.", path)
                             : fmt::format("Output {} is not there: {}.", path, std::strerror(errno)),
                   folder, false);
  }
  struct stat about{};
  if (fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode))
    return trouble(fmt::format("Output {} is no file.", path), folder, false);
  return file;
}

bool sync(const fs::path& path) {
  const Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.is_open() && fsync(file.get()) == 0;
}

bool write_all(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t part = ::write(file, bytes, size);
    if (part <= 0) return false;
    bytes += part;
    size -= static_cast<std::size_t>(part);
  }
  return true;
}

struct Object {
  std::string hash;
  std::uint64_t bytes = 0;
};

// Copies what is read into the store under the name of its contents; what is there already stays.
Expected<Object> keep(int from, const fs::path& objects, const std::string& partial_name) {
  const fs::path partial = objects / partial_name;
  const Handle to(::open(partial.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
  if (!to.is_open()) return cannot("An output cannot be kept", partial.string());
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  std::vector<char> buffer(1 << 20);
  Object object;
  while (true) {
    const ssize_t size = ::read(from, buffer.data(), buffer.size());
    if (size < 0) return cannot("An output cannot be read", partial.string());
    if (size == 0) break;
    const auto bytes = static_cast<std::size_t>(size);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(buffer.data()), bytes);
    if (!write_all(to.get(), buffer.data(), bytes))
      return cannot("An output cannot be kept", partial.string());
    object.bytes += bytes;
  }
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  for (const unsigned char byte : hash) object.hash += fmt::format("{:02x}", byte);
  const fs::path place = objects / object.hash;
  std::error_code failed;
  if (fs::exists(place, failed)) {
    fs::remove(partial, failed);
    return object;
  }
  if (fsync(to.get()) != 0 || ::rename(partial.c_str(), place.c_str()) != 0)
    return cannot("An output cannot be kept", place.string());
  return object;
}

}  // namespace

Expected<void> check_outputs(const std::string& attempt_folder, const std::vector<std::string>& outputs) {
  for (const std::string& path : outputs) {
    if (const auto file = open_below(attempt_folder + "/work", path); !file)
      return std::unexpected(file.error());
  }
  return {};
}

Expected<void> publish(const std::string& attempt_folder, const std::vector<std::string>& outputs,
                       const std::string& store, const ResultName& name) {
  if (outputs.empty()) return {};
  const fs::path objects = fs::path(store) / "objects",
                 results = fs::path(store) / "results" / std::to_string(name.job);
  std::error_code failed;
  fs::create_directories(objects, failed);
  const bool new_folder = fs::create_directories(results, failed);
  if (failed) return trouble(fmt::format("The store cannot be written: {}.", failed.message()), store, true);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const std::string& path : outputs) {
    const auto file = open_below(attempt_folder + "/work", path);
    if (!file) return std::unexpected(file.error());
    const auto object = keep(file->get(), objects, fmt::format("{}.partial", name.attempt));
    if (!object) return std::unexpected(object.error());
    list.push_back({{"path", path}, {"hash", object->hash}, {"bytes", object->bytes}});
  }
  const fs::path place = results / fmt::format("{}.json", name.task),
                 partial = results / fmt::format("{}.partial", name.task);
  const std::string manifest = nlohmann::ordered_json{{"attempt", name.attempt}, {"outputs", list}}.dump(
                                   2, ' ', false, nlohmann::json::error_handler_t::replace) +
                               "\n";
  {
    const Handle file(::open(partial.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
    if (!file.is_open() || !write_all(file.get(), manifest.data(), manifest.size()) || fsync(file.get()) != 0)
      return cannot("A result cannot be written", partial.string());
  }
  if (!sync(objects) || ::rename(partial.c_str(), place.c_str()) != 0 || !sync(results) ||
      (new_folder && !sync(results.parent_path())))
    return cannot("A result cannot be written", place.string());
  return {};
}

}  // namespace hinterland
