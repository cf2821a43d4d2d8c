#include "hinterland/serve/sites_file.hpp"

#include <doctest/doctest.h>

namespace hinterland {

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
  CHECK_FALSE(pool("folder = \"/far\"\nlink_mbps = 0\n"));
}

}  // namespace hinterland
