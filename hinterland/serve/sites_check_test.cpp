#include "hinterland/serve/sites_check.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace hinterland;

TEST_CASE("a sites file is held against what is on the disk") {
  const auto folder = std::filesystem::temp_directory_path() / "hinterland-sites-check";
  std::filesystem::create_directories(folder);
  const auto file = [&](const char* name, const std::string& text) {
    std::ofstream(folder / name) << text;
    std::filesystem::permissions(folder / name, std::filesystem::perms(0600));
    return (folder / name).string();
  };
  // {"alg":"HS256","typ":"JWT"} . {"exp":1800000000,"sun":"root"} . a signature that nobody checks here
  const std::string token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE4MDAwMDAwMDAsInN1biI6InJvb3QifQ.AAAA";
  const auto problems = [&](SitesPool pool, std::int64_t now_s = 1'700'000'000) {
    pool.key = "one";
    SitesFile sites;
    sites.file = "sites.toml";
    sites.pools = {pool};
    return problems_on_disk(sites, Instant{now_s * 1000});
  };
  const auto at = [](const Errors& errors) { return errors.empty() ? "" : errors.front().where.field; };
  SitesPool good;
  good.slurm_token = file("jwt", token + "\n");
  good.slurm_conf = file("slurm.conf", "");
  good.folder = (folder / "not" / "yet").string();
  CHECK(problems(good).empty());
  CHECK(at(problems(good, 1'900'000'000)) == "pools.one.slurm_token");
  SitesPool open = good;
  std::filesystem::permissions(good.slurm_token, std::filesystem::perms(0644));
  CHECK(describe(problems(open).front()).contains("for its owner alone"));
  SitesPool bad;
  bad.slurm_token = file("jwt", "SLURM_JWT=" + token.substr(0, 30));
  bad.slurm_conf = (folder / "none.conf").string();
  bad.folder = "/dev/null/attempts";
  CHECK(problems(bad).size() == 3);
  bad = {};
  bad.slurm_token = (folder / "none.jwt").string();
  CHECK(at(problems(bad)) == "pools.one.slurm_token");
  CHECK(problems({}).empty());
  std::filesystem::remove_all(folder);
}

TEST_CASE("a token for a project that the sites file has not is said, and where") {
  const std::string digest(64, 'a');
  const auto tokens =
      Tokens::parse("[tokens.ann]\nrole = \"submitter\"\nprojects = [\"film\", \"flim\"]\ndigest = \"" +
                        digest + "\"\n[tokens.olga]\nrole = \"operator\"\ndigest = \"" + digest + "\"\n",
                    "tokens.toml");
  REQUIRE(tokens);
  SitesFile sites;
  sites.file = "sites.toml";
  sites.projects = {{.key = "film"}};
  const Errors problems = problems_of_tokens(*tokens, "tokens.toml", sites);
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().where.field == "tokens.ann.projects");
  CHECK(describe(problems.front()).contains("'flim'"));
  sites.projects.push_back({.key = "flim"});
  CHECK(problems_of_tokens(*tokens, "tokens.toml", sites).empty());
}
