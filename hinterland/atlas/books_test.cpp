// Books over the atlas, and other atlases altogether.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/atlas/check.hpp"

using namespace hinterland;
namespace fs = std::filesystem;

namespace {

const std::string kChina = HINTERLAND_SOURCE_DIR "/data/atlas/china";

// A folder that goes away with the test.
struct Folder {
  fs::path path =
      fs::temp_directory_path() /
      ("hinterland-books-" +
       std::to_string(std::hash<std::string>{}(doctest::getContextOptions()->currentTest->m_name)));
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
};

}  // namespace

TEST_CASE("a book's cells replace the atlas's cells, and are shown as yours") {
  const Folder books;
  books.write("sites.csv", "id,power_price_cny_per_kwh,server_use\nmetro-shanghai,0.71,\nguian,,0.4\n");
  const auto atlas = load_atlas(kChina, books.path.string());
  REQUIRE(atlas.has_value());
  const Site& home = atlas->sites.at({"metro-shanghai"});
  CHECK(home.power_price.value == 0.71);
  CHECK(home.server_use == 0.65);  // an empty cell keeps the atlas's value
  CHECK(provenance(*atlas, "sites", "metro-shanghai", "power_price_cny_per_kwh").kind == "yours");
  CHECK(provenance(*atlas, "sites", "metro-shanghai", "server_use").kind == "assumed");
  CHECK(atlas->sites.at({"guian"}).server_use == 0.4);
  CHECK(check_atlas(*atlas).values_by_kind.at("yours") == 2);
  CHECK(check_atlas(*atlas).honest());
}

TEST_CASE("a number of the books far beyond all that is cited is remarked on, and no other") {
  const Folder books;
  books.write(
      "sites.csv",
      "id,power_price_cny_per_kwh,server_use\nmetro-shanghai,74.74,\nguian,0.004,0.9\nzhongwei,0.6,\n");
  const auto atlas = load_atlas(kChina, books.path.string());
  REQUIRE(atlas.has_value());
  auto remarks = far_from_cited(*atlas);
  std::ranges::sort(remarks);
  REQUIRE(remarks.size() == 2);
  CHECK(remarks[0].starts_with("sites.guian.power_price_cny_per_kwh = 0.004: "));
  CHECK(remarks[1].starts_with("sites.metro-shanghai.power_price_cny_per_kwh = 74.74: 102 times"));
  CHECK(far_from_cited(load_atlas(kChina).value()).empty());
}

TEST_CASE("a measured latency in the books overrides the published one") {
  const Folder books;
  books.write("paths.csv", "id,from,to,latency_ms\nmine,metro-shanghai,guian,12.5\n");
  const auto twice = load_atlas(kChina, books.path.string());
  REQUIRE_FALSE(twice.has_value());  // a second row for the pair would win or lose in silence
  CHECK(twice.error().front().mend == "Give the row the id guian--metro-shanghai.");
  books.write("paths.csv",
              "id,from,to,latency_ms\nguian--metro-shanghai,,,12.5\nmine,zhongwei,metro-shanghai,14\n");
  const auto atlas = load_atlas(kChina, books.path.string());
  REQUIRE(atlas.has_value());
  const Site& home = atlas->sites.at({"metro-shanghai"});
  CHECK(in_milliseconds(one_way_latency(*atlas, home, atlas->sites.at({"guian"})).central) ==
        doctest::Approx(12.5));
  CHECK(in_milliseconds(one_way_latency(*atlas, home, atlas->sites.at({"zhongwei"})).central) ==
        doctest::Approx(14));
}

TEST_CASE("a new row in the books must be whole; then it is a site like any other") {
  const Folder books;
  books.write("sites.csv", "id,server_use\nmy-racks,0.4\n");
  CHECK_FALSE(load_atlas(kChina, books.path.string()).has_value());

  const Atlas china = load_atlas(kChina).value();
  books.write("servers.csv",
              "id,name,name_zh,price_cny,life_years,resale_share,power_idle_kw,power_busy_kw,cores,gpus,"
              "memory_gb,embodied_kg_co2\n"
              "blade,Blade,刀片,30000,4,0,0.1,0.3,32,0,128,500\n");
  fs::remove(books.path / "sites.csv");
  const auto atlas = load_atlas(kChina, books.path.string());
  REQUIRE(atlas.has_value());
  CHECK(atlas->servers.size() == china.servers.size() + 1);
  CHECK(atlas->servers.at({"blade"}).storage_tb == 0);
}

TEST_CASE("another country is another folder: its currency names its columns") {
  const Folder other;
  for (const auto& entry : fs::directory_iterator(kChina)) {
    std::ifstream in(entry.path());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    for (const auto& [from, to] : {std::pair<std::string, std::string>{"_cny", "_usd"}, {",CNY,", ",USD,"}}) {
      for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    }
    other.write(entry.path().filename().string(), text);
  }
  const auto atlas = load_atlas(other.path.string());
  REQUIRE(atlas.has_value());
  CHECK(atlas->country().currency == "USD");
  CHECK(check_atlas(*atlas).honest());
}
