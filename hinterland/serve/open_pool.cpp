#include "hinterland/serve/open_pool.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/executor/slurm_commands.hpp"
#include "hinterland/executor/slurm_rest.hpp"
#include "hinterland/executor/slurm_thread.hpp"
#include "hinterland/executor/staged_executor.hpp"

namespace hinterland {

namespace {

// Where what the pool's own executor says goes: to whoever brings its inputs, if somebody does.
struct Outlet {
  Executor::Tell tell;
};

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
  auto executor = SlurmExecutor::open(
      {.pool = place.pool,
       .folder = place.folder,
       .inputs = inputs,
       .journal = place.journal_name,
       .runner = place.runner,
       .is_new = place.is_new,
       .acts = place.acts},
      std::move(cluster), place.last,
      [outlet, post = place.post](Event event) {
        post([outlet, event = std::move(event)]() mutable { outlet->tell(std::move(event)); });
      },
      boot_ms);
  if (!executor) return std::unexpected(std::move(executor.error()));
  return OpenPool{.executor = std::make_unique<SlurmThread>(std::move(*executor))};
}

}  // namespace

std::string inputs_folder(const SitesPool& record, const PoolPlace& place) {
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
  auto opened =
      record.slurm.empty() ? open_local(place, inputs, outlet) : open_slurm(record, place, inputs, outlet);
  if (!opened || staged.empty()) return opened;
  constexpr double bits = 8, bytes_per_gb = 1e9;
  auto path = SitePath::open(
      {.folder = staged,
       .bytes_per_s = record.link_mbps.value_or(0) * kMillion / bits,
       .cache_bytes = static_cast<std::uint64_t>(record.cache_gb.value_or(Gigabytes{}).value * bytes_per_gb)},
      folder_source(store));
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
