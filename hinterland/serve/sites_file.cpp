#include "hinterland/serve/sites_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hinterland/base/section.hpp"
#include "hinterland/broker/check_fact.hpp"
#include "hinterland/net/token_file.hpp"

namespace hinterland {

Fields<SitesFile> sites_file_fields() {
  return {
      field("policy", &SitesFile::policy).by_default("cheapest").documented("placement policy"),
      choice("queue", &SitesFile::queue, {"fcfs", "easy", "priority", "fair"})
          .by_default("fair")
          .documented("queue discipline of all pools"),
      field("offer", &SitesFile::offer)
          .optional()
          .documented("way of moving bytes, of the atlas's networks; else the line with the cheapest GB"),
      field("signals", &SitesFile::signals)
          .optional()
          .documented(
              "CSV file of energy prices by site and hour, beside this one; it may change at any time"),
      field("signals_every_s", &SitesFile::signals_every, 1 / 3600.0)
          .within(0.1, 86'400)
          .by_default("60")
          .documented("how often that file is looked at"),
      field("lease_s", &SitesFile::lease, 1 / 3600.0)
          .within(1, 86'400)
          .by_default("60")
          .documented("how long a pool's work goes on if the broker is not heard"),
      field("lost_after_s", &SitesFile::lost_after, 1 / 3600.0)
          .within(1, 86'400)
          .by_default("120")
          .documented("how long a pool may be silent before its work is placed anew; no sooner than its "
                      "lease is over"),
      field("logs_kept", &SitesFile::logs_kept)
          .within(1, 1e9)
          .by_default("100000")
          .documented("of so many attempts that are over each pool keeps the logs; older ones go"),
  };
}

Fields<SitesPool> sites_pool_fields() {
  return {
      field("site", &SitesPool::site).documented("site of the atlas whose prices it has"),
      field("server", &SitesPool::server)
          .by_default("cpu-server")
          .documented("server type of the atlas, of which it is a part"),
      field("cores", &SitesPool::cores)
          .within(1, 1e6)
          .documented(
              "that its work may have: of this machine, or of the cluster as far as others leave them"),
      field("gpus", &SitesPool::gpus).within(0, 1e6).by_default("0").documented("the same"),
      field("memory_gb", &SitesPool::memory_gb)
          .within(0, 1e9)
          .by_default("0")
          .documented("the same; 0: as much of the server's as of its cores"),
      choice("basis", &SitesPool::basis,
             {name_of(Basis::sunk), name_of(Basis::built), name_of(Basis::rented)})
          .by_default("sunk")
          .documented("who has paid for the servers"),
      field("rate_$_per_server_hour", &SitesPool::rate)
          .within(0, 1e9)
          .documented("basis rented: what an hour costs"),
      field("slurm", &SitesPool::slurm)
          .optional()
          .documented(
              "it is a Slurm cluster: where its slurmrestd is (\"http://HOST:PORT\", \"unix:/PATH\"), or "
              "\"commands\" for sbatch and its like"),
      field("slurm_conf", &SitesPool::slurm_conf)
          .optional()
          .documented("its slurm.conf, for the commands; else as the environment has it"),
      field("slurm_user", &SitesPool::slurm_user).optional().documented("whose the token is"),
      field("slurm_token", &SitesPool::slurm_token)
          .optional()
          .documented("file of a JWT for slurmrestd, read again for each call"),
      field("partition", &SitesPool::partition).optional().documented("of the cluster; else its default"),
      field("account", &SitesPool::account).optional().documented("the same"),
      field("qos", &SitesPool::qos).optional().documented("the same"),
      field("broker", &SitesPool::broker)
          .optional()
          .documented("it is what another broker has: where that listens (\"https://HOST:PORT\")"),
      field("broker_token", &SitesPool::broker_token)
          .optional()
          .documented("file of a submitter's token there, read again for each request"),
      field("broker_ca", &SitesPool::broker_ca)
          .optional()
          .documented("who vouches for it, PEM; else the system's"),
      field("broker_class", &SitesPool::broker_class)
          .optional()
          .documented("class of work of its jobs there; else its first"),
      field("broker_project", &SitesPool::broker_project)
          .optional()
          .documented("project of its jobs there; else the token's, or its first"),
      field("folder", &SitesPool::folder)
          .optional()
          .documented(
              "where its attempts run: for a Slurm cluster one that its nodes see under the same path"),
      field("owner", &SitesPool::owner)
          .by_default(std::string(PoolDeal::kHouse))
          .documented("who is paid for it; \"house\" is whoever runs the broker"),
      field("carrier", &SitesPool::carrier)
          .by_default(std::string(PoolDeal::kHouse))
          .documented("who is paid for moving bytes to it and from it"),
      field("link_mbps", &SitesPool::link_mbps)
          .within(0.001, 1e6)
          .documented(
              "megabits a second of the path to its folder, or broker, that may be taken each way; none: no "
              "bound"),
      field("cache_gb", &SitesPool::cache_gb)
          .within(0, 1e9)
          .documented("inputs that its folder keeps for tasks to come; none: no bound"),
  };
}

Fields<SitesWork> sites_work_fields() {
  return {
      field("class", &SitesWork::workload).documented("preset or TOML file of a workload"),
      field("from", &SitesWork::from).documented("region of the users"),
  };
}

Fields<SitesProject> sites_project_fields() {
  return {
      field("share", &SitesProject::share)
          .within(1, 1000)
          .by_default("1")
          .documented("of what all projects get that have work waiting"),
      field("budget", &SitesProject::budget)
          .within(0, 1e12)
          .documented("what it may spend in all; none: no bound"),
  };
}

namespace {

constexpr std::array<std::string_view, 3> kSections = {"work", "pools", "projects"};

void whole(double value, const std::string& file, const std::string& field, Errors& errors) {
  if (value != std::floor(value))
    add_error(errors, {.what = fmt::format("{} is no whole number", value),
                       .where = {.file = file, .field = field},
                       .mend = "Give a whole number."});
}

void check_parties(const SitesPool& pool, const std::string& file, Errors& errors) {
  for (const auto& [field, name] : {std::pair{"owner", &pool.owner}, {"carrier", &pool.carrier}}) {
    if (!is_party(*name))
      add_error(errors, {.what = fmt::format("{} is no name on one line, of at most {} bytes",
                                             in_quotes(name->substr(0, kMostPartyName)), kMostPartyName),
                         .where = {.file = file, .field = fmt::format("pools.{}.{}", pool.key, field)},
                         .mend = "Give a name, or leave it out for the house."});
  }
}

// What of it there is goes together.
void check_slurm(const SitesPool& pool, const std::string& file, Errors& errors) {
  const auto complain = [&](const char* field, std::string what, const char* mend) {
    add_error(errors, {.what = std::move(what),
                       .where = {.file = file, .field = fmt::format("pools.{}.{}", pool.key, field)},
                       .mend = mend});
  };
  const bool rest = pool.slurm.starts_with("http://") || pool.slurm.starts_with("https://") ||
                    pool.slurm.starts_with("unix:/");
  if (!pool.slurm.empty() && !rest && pool.slurm != "commands")
    complain("slurm", in_quotes(pool.slurm) + " is neither slurmrestd's address nor \"commands\"",
             "Write \"http://HOST:PORT\", \"unix:/PATH\" or \"commands\".");
  if (!pool.slurm.empty() && !pool.folder.starts_with('/'))
    complain("folder", "a Slurm cluster needs one, an absolute path",
             "Name one that its nodes see under the same path.");
  if (pool.folder.empty() && ((pool.link_mbps && pool.broker.empty()) || pool.cache_gb))
    complain(pool.cache_gb ? "cache_gb" : "link_mbps", "is for a pool with a folder of its own",
             "Name its folder, or leave it out.");
  const auto only = [&](const char* field, const std::string& value, bool with, const char* kind) {
    if (!value.empty() && !with)
      complain(field, fmt::format("is for a pool with slurm = {}", kind),
               "Leave it out, or say what the pool is.");
  };
  only("slurm_token", pool.slurm_token, rest, "an address");
  only("slurm_user", pool.slurm_user, rest, "an address");
  only("slurm_conf", pool.slurm_conf, pool.slurm == "commands", "\"commands\"");
  for (const auto& [field, value] :
       {std::pair{"partition", &pool.partition}, {"account", &pool.account}, {"qos", &pool.qos}})
    only(field, *value, !pool.slurm.empty(), "something");
  if (pool.slurm_token.empty() != pool.slurm_user.empty())
    complain("slurm_token", "it and slurm_user go together", "Give both, or neither.");
}

void check_broker(const SitesPool& pool, const std::string& file, Errors& errors) {
  const auto complain = [&](const char* field, std::string what, const char* mend) {
    add_error(errors, {.what = std::move(what),
                       .where = {.file = file, .field = fmt::format("pools.{}.{}", pool.key, field)},
                       .mend = mend});
  };
  for (const auto& [field, value] : {std::pair{"broker_token", &pool.broker_token},
                                     {"broker_ca", &pool.broker_ca},
                                     {"broker_class", &pool.broker_class},
                                     {"broker_project", &pool.broker_project}}) {
    if (!value->empty() && pool.broker.empty())
      complain(field, "is for a pool with a broker", "Leave it out, or say where its broker is.");
  }
  if (pool.broker.empty()) return;
  if (!is_private(pool.broker))
    complain("broker", in_quotes(pool.broker) + " is no address by https",
             "Write \"https://HOST:PORT\"; \"http://\" and \"unix:/PATH\" are for this machine.");
  if (pool.broker.starts_with("https://") && pool.broker_token.empty())
    complain("broker_token", "is missing", "Name a file with a submitter's token of that broker.");
  if (!pool.slurm.empty())
    complain("slurm", "it is another broker, and a Slurm cluster", "Leave one of them out.");
  if (!pool.folder.empty()) complain("folder", "its attempts run where that broker says", "Leave it out.");
}

}  // namespace

Expected<SitesFile> parse_sites_file(std::string_view toml, const std::string& file) {
  auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  Errors errors;
  SitesFile sites;
  sites.file = file;
  read_record(top_of(*table, kSections), sites_file_fields(), sites, errors);
  read_section(*table, "work", sites_work_fields(), sites.work, errors);
  read_section(*table, "pools", sites_pool_fields(), sites.pools, errors);
  read_section(*table, "projects", sites_project_fields(), sites.projects, errors);
  const auto need = [&](bool there, const char* section, const char* example) {
    if (!there)
      add_error(errors,
                {.what = fmt::format("has no [{}.NAME]", section), .where = {.file = file}, .mend = example});
  };
  if (errors.empty()) {
    need(!sites.pools.empty(), "pools", "Write [pools.here] with site = \"guian\" and cores = 2.");
    need(!sites.work.empty(), "work",
         "Write [work.frames] with class = \"film-render\" and from = \"shanghai\".");
    need(!sites.projects.empty(), "projects",
         "Write [projects.film], with share or budget or nothing in it.");
    for (const SitesPool& pool : sites.pools) {
      whole(pool.cores, file, "pools." + pool.key + ".cores", errors);
      whole(pool.gpus, file, "pools." + pool.key + ".gpus", errors);
      whole(pool.memory_gb, file, "pools." + pool.key + ".memory_gb", errors);
      if ((pool.basis == Basis::rented) != pool.rate.has_value())
        add_error(errors, {.what = "basis rented and a rate go together",
                           .where = {.file = file, .field = "pools." + pool.key + ".basis"},
                           .mend = "Give both, or neither."});
    }
    for (const SitesPool& pool : sites.pools) {
      check_slurm(pool, file, errors);
      check_broker(pool, file, errors);
      check_parties(pool, file, errors);
    }
    for (const SitesProject& project : sites.projects) {
      // PROJECT/KEY is what a submission's key is kept under.
      if (project.key.contains('/'))
        add_error(errors, {.what = "a project's name has no slash",
                           .where = {.file = file, .field = "projects." + project.key},
                           .mend = "Call it otherwise."});
      whole(project.share, file, "projects." + project.key + ".share", errors);
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return sites;
}

}  // namespace hinterland
