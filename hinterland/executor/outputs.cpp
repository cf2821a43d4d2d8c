#include "hinterland/executor/outputs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/objects.hpp"

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

}  // namespace

Expected<void> check_outputs(const std::string& attempt_folder, const std::vector<std::string>& outputs) {
  for (const std::string& path : outputs) {
    if (const auto file = open_below(attempt_folder + "/work", path); !file)
      return std::unexpected(file.error());
  }
  return {};
}

std::string manifest_of(const std::string& store, std::uint32_t job, std::uint32_t task) {
  return fmt::format("{}/results/{}/{}.json", store, job, task);
}

bool is_published(const std::string& store, const ResultName& name) {
  std::ifstream file(manifest_of(store, name.job, name.task));
  const auto manifest = file ? nlohmann::json::parse(file, nullptr, false) : nlohmann::json{};
  return manifest.is_object() && manifest.contains("attempt") && manifest.at("attempt") == name.attempt;
}

Expected<void> publish(const std::string& attempt_folder, const std::vector<std::string>& outputs,
                       const std::string& store, const ResultName& name) {
  if (outputs.empty()) return {};
  const fs::path objects = fs::path(store) / "objects",
                 results = fs::path(store) / "results" / std::to_string(name.job);
  std::error_code failed;
  fs::create_directories(objects, failed);
  fs::create_directories(results, failed);
  if (failed) return trouble(fmt::format("The store cannot be written: {}.", failed.message()), store, true);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const std::string& path : outputs) {
    const auto file = open_below(attempt_folder + "/work", path);
    if (!file) return std::unexpected(file.error());
    const auto object = put_object(objects.string(), file->get());
    if (!object) return std::unexpected(object.error());
    list.push_back({{"path", path}, {"hash", object->hash}, {"bytes", object->bytes}});
  }
  const fs::path place = manifest_of(store, name.job, name.task);
  const std::string manifest = nlohmann::ordered_json{{"attempt", name.attempt}, {"outputs", list}}.dump(
                                   2, ' ', false, nlohmann::json::error_handler_t::replace) +
                               "\n";
  if (!sync_path(objects) || !write_durably(place, manifest) || !sync_path(results.parent_path()))
    return cannot("A result cannot be written", place.string());
  return {};
}

}  // namespace hinterland
