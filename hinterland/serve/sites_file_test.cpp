#include "hinterland/serve/sites_file.hpp"

#include <doctest/doctest.h>

namespace hinterland {

TEST_CASE("a project's name has no slash: it stands before one in the keys of submissions") {
  const auto bad = parse_sites_file(
      "[pools.here]\nsite = \"guian\"\ncores = 2\n[work.w]\nclass = \"log-scan\"\nfrom = "
      "\"shanghai\"\n[projects.\"film/x\"]\n",
      "sites.toml");
  REQUIRE_FALSE(bad);
  CHECK(describe(bad.error().front()).contains("no slash"));
}

TEST_CASE("a sites file needs pools, work and projects") {
  const auto missing = parse_sites_file("policy = \"cheapest\"\n", "sites.toml");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().size() == 3);
  const auto wrong = parse_sites_file(
      "[pools.a]\nsite = \"guian\"\ncores = 1.5\nbasis = \"rented\"\n[work.w]\nclass = \"log-scan\"\nfrom = "
      "\"shanghai\"\n[projects.p]\nshare = 0\n",
      "sites.toml");
  REQUIRE_FALSE(wrong);
  std::string all;
  for (const Error& error : wrong.error()) all += describe(error) + "\n";
  CHECK_MESSAGE(all.contains("share"), all);
  CHECK(wrong.error().front().where.line > 0);
  const auto good = parse_sites_file(
      "queue = \"easy\"\n[pools.a]\nsite = \"guian\"\ncores = 2\n[work.w]\nclass = \"log-scan\"\nfrom = "
      "\"shanghai\"\n[projects.p]\nbudget = 3\n",
      "sites.toml");
  REQUIRE(good);
  CHECK(good->queue == QueueRule::easy);
  CHECK(good->projects.front().budget->value == 3);
  CHECK(good->logs_kept == 100'000);
  CHECK(good->pools.front().owner == "house");
  CHECK(good->pools.front().carrier == "house");
}

TEST_CASE("who is paid for a pool has a name on one line") {
  const auto parse = [](const std::string& pool) {
    return parse_sites_file("[pools.a]\nsite = \"guian\"\ncores = 2\n" + pool +
                                "\n[work.w]\nclass = \"log-scan\"\nfrom = \"shanghai\"\n[projects.p]\n",
                            "sites.toml");
  };
  const auto good = parse("owner = \"Guizhou Racks\"\ncarrier = \"West Line\"");
  REQUIRE(good);
  CHECK(good->pools.front().owner == "Guizhou Racks");
  CHECK(good->pools.front().carrier == "West Line");
  for (const std::string& name : {std::string(), std::string("a\\nb"), std::string(201, 'x')}) {
    const auto wrong = parse("carrier = \"" + name + "\"");
    REQUIRE_FALSE(wrong);
    CHECK(describe(wrong.error().front()).contains("pools.a.carrier"));
  }
}

TEST_CASE("another broker is asked by https, with a token; or on this machine") {
  const auto wrong_with = [](const std::string& pool) -> std::string {
    const auto parsed =
        parse_sites_file("[pools.a]\nsite = \"guian\"\ncores = 2\n" + pool +
                             "\n[work.w]\nclass = \"log-scan\"\nfrom = \"shanghai\"\n[projects.p]\n",
                         "sites.toml");
    return parsed ? "" : parsed.error().front().where.field;
  };
  const std::string there = "broker = \"https://hami.example:8443\"\n", token = "broker_token = \"t\"\n";
  CHECK(wrong_with(there + token + "broker_class = \"frames\"\nbroker_ca = \"ca.pem\"\n").empty());
  CHECK(wrong_with("broker = \"unix:/run/there.sock\"").empty());
  CHECK(wrong_with("broker = \"http://127.0.0.1:8080\"").empty());
  CHECK(wrong_with(there) == "pools.a.broker_token");
  CHECK(wrong_with("broker = \"http://hami.example:8443\"\n" + token) == "pools.a.broker");
  CHECK(wrong_with("broker = \"hami\"\n") == "pools.a.broker");
  CHECK(wrong_with(token) == "pools.a.broker_token");
  CHECK(wrong_with(there + token + "folder = \"/far\"\n") == "pools.a.folder");
  CHECK(wrong_with(there + token + "slurm = \"commands\"\nfolder = \"/far\"\n") == "pools.a.slurm");
}

TEST_CASE("what a path may carry and keep is for a pool with a folder of its own") {
  const auto pool = [](const std::string& more) {
    return parse_sites_file("[pools.a]\nsite = \"guian\"\ncores = 2\n" + more +
                                "[work.w]\nclass = \"log-scan\"\nfrom = \"shanghai\"\n[projects.p]\n",
                            "sites.toml");
  };
  const auto good = pool("folder = \"/far\"\nlink_mbps = 100\ncache_gb = 0.5\n");
  REQUIRE(good);
  CHECK(good->pools.front().link_mbps == 100);
  CHECK(good->pools.front().cache_gb->value == 0.5);
  CHECK_FALSE(pool("link_mbps = 100\n"));
  CHECK_FALSE(pool("cache_gb = 1\n"));
  CHECK(pool("broker = \"https://b:1\"\nbroker_token = \"t\"\nlink_mbps = 100\n"));
  CHECK_FALSE(pool("broker = \"https://b:1\"\nbroker_token = \"t\"\ncache_gb = 1\n"));
  CHECK_FALSE(pool("folder = \"/far\"\nlink_mbps = 0\n"));
}

}  // namespace hinterland
