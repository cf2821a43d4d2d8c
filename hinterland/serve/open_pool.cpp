#include "hinterland/serve/open_pool.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/executor/look_thread.hpp"
#include "hinterland/executor/remote.hpp"
#include "hinterland/executor/remote_blobs.hpp"
#include "hinterland/executor/slurm.hpp"
#include "hinterland/executor/slurm_commands.hpp"
#include "hinterland/executor/slurm_rest.hpp"
#include "hinterland/executor/staged_executor.hpp"

namespace hinterland {

namespace {

// Where what the pool's own executor says goes: to whoever brings its inputs, if somebody does.
struct Outlet {
  Executor::Tell tell;
};

// From another thread.
Executor::Tell telling(const std::shared_ptr<Outlet>& outlet, const PoolPlace& place) {
  return [outlet, post = place.post](Event event) {
    post([outlet, event = std::move(event)]() mutable { outlet->tell(std::move(event)); });
  };
}

Expected<OpenPool> open_local(const PoolPlace& place, const std::string& inputs,
                              const std::shared_ptr<Outlet>& outlet) {
  auto executor = LocalExecutor::open({.pool = place.pool,
                                       .folder = place.folder,
                                       .inputs = inputs,
                                       .runner = place.runner,
                                       .journal = place.journal},
                                      place.last, [outlet](Event event) { outlet->tell(std::move(event)); });
  if (!executor) return std::unexpected(std::move(executor.error()));
  LocalExecutor* const local = executor->get();
  return OpenPool{.executor = std::move(*executor), .local = local};
}

Expected<OpenPool> open_slurm(const SitesPool& record, const PoolPlace& place, const std::string& inputs,
                              const std::shared_ptr<Outlet>& outlet) {
  const SlurmPlace in{.partition = record.partition, .account = record.account, .qos = record.qos};
  auto cluster =
      record.slurm == "commands"
          ? slurm_by_commands(record.slurm_conf, in)
          : slurm_by_rest({.url = record.slurm, .user = record.slurm_user, .token_file = record.slurm_token},
                          in);
  auto executor = SlurmExecutor::open({.pool = place.pool,
                                       .folder = place.folder,
                                       .inputs = inputs,
                                       .journal = place.journal_name,
                                       .runner = place.runner,
                                       .is_new = place.is_new,
                                       .acts = place.acts},
                                      std::move(cluster), place.last, telling(outlet, place), boot_ms);
  if (!executor) return std::unexpected(std::move(executor.error()));
  return OpenPool{.executor = std::make_unique<LookThread<SlurmExecutor>>(std::move(*executor))};
}

double bytes_per_s(const SitesPool& record) {
  constexpr double bits = 8;
  return record.link_mbps.value_or(0) * kMillion / bits;
}

RemotePlace remote_place_of(const SitesPool& record) {
  return {.url = record.broker, .token_file = record.broker_token, .authorities = record.broker_ca};
}

Expected<OpenPool> open_remote(const SitesPool& record, const PoolPlace& place,
                               const std::shared_ptr<Outlet>& outlet) {
  const RemotePlace there = remote_place_of(record);
  WayBack back{.folder = place.folder + "/outputs", .put = {}, .now = {}, .accounts = {}};
  auto path = SitePath::open({.folder = back.folder, .bytes_per_s = bytes_per_s(record)},
                             remote_source(line_to(there, boot_ms)), folder_place(back.folder));
  if (!path) return std::unexpected(std::move(path.error()));
  back.accounts = path->ledger().accounts();
  const auto thread = std::make_shared<PathThread>(
      std::move(*path), boot_ms, [news = back.news](const StagingNews& one) { news->put(one); }, place.acts);
  back.put = [thread](std::function<void(SitePath&)> work) { thread->put(std::move(work)); };
  back.now = [thread] { return thread->now(); };
  auto executor = RemoteExecutor::open({.pool = place.pool,
                                        .folder = place.folder,
                                        .journal = place.journal_name,
                                        .host = record.broker.substr(record.broker.rfind('/') + 1),
                                        .work = record.broker_class,
                                        .project = record.broker_project,
                                        .is_new = place.is_new,
                                        .acts = place.acts},
                                       RemoteBroker(line_to(there, boot_ms)), std::move(back), place.last,
                                       telling(outlet, place), boot_ms);
  if (!executor) return std::unexpected(std::move(executor.error()));
  return OpenPool{.executor = std::make_unique<LookThread<RemoteExecutor>>(std::move(*executor))};
}

}  // namespace

std::string inputs_folder(const SitesPool& record, const PoolPlace& place) {
  if (!record.broker.empty()) return place.folder + "/inputs";
  if (record.folder.empty()) return "";
  std::error_code ignored;
  std::filesystem::create_directories(place.folder, ignored);
  std::filesystem::create_directories(place.store, ignored);
  struct stat there{}, here{};
  const bool apart = ::stat(place.folder.c_str(), &there) != 0 || ::stat(place.store.c_str(), &here) != 0 ||
                     there.st_dev != here.st_dev;
  return apart || record.link_mbps || record.cache_gb ? place.folder + "/inputs" : "";
}

Expected<OpenPool> open_pool(const SitesPool& record, const PoolPlace& place) {
  const std::string store = place.store + "/inputs", staged = inputs_folder(record, place);
  const auto outlet = std::make_shared<Outlet>(Outlet{place.tell});
  const std::string& inputs = staged.empty() ? store : staged;
  const bool is_remote = !record.broker.empty();
  auto opened = is_remote              ? open_remote(record, place, outlet)
                : record.slurm.empty() ? open_local(place, inputs, outlet)
                                       : open_slurm(record, place, inputs, outlet);
  if (!opened || staged.empty()) return opened;
  constexpr double bytes_per_gb = 1e9;
  auto path = SitePath::open(
      {.folder = staged,
       .bytes_per_s = bytes_per_s(record),
       .cache_bytes = static_cast<std::uint64_t>(record.cache_gb.value_or(Gigabytes{}).value * bytes_per_gb)},
      folder_source(store),
      is_remote ? remote_place(line_to(remote_place_of(record), boot_ms)) : folder_place(staged));
  if (!path) return std::unexpected(std::move(path.error()));
  auto both = std::make_unique<StagedExecutor>(StagedExecutor::Rules{.pool = place.pool,
                                                                     .folder = place.folder,
                                                                     .clock = boot_ms,
                                                                     .acts = place.acts,
                                                                     .post = place.post},
                                               std::move(*path), std::move(opened->executor), place.tell);
  outlet->tell = both->ear();
  opened->executor = std::move(both);
  return opened;
}

}  // namespace hinterland
