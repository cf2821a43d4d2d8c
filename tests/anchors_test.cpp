// The pinned anchors of the argument within 0.5 %, and beside them what the real atlas gives: untuned, as it
// stands.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/base/toml.hpp"
#include "hinterland/cost/quote.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/cost/transfer.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

constexpr double kTolerance = 0.005;

std::map<std::string, double> numbers(const TomlTable& table, const char* name) {
  std::map<std::string, double> out;
  for (const TomlEntry& entry : std::get<TomlTable>(table.find(name)->value).entries)
    out[entry.key] = std::get<double>(entry.value);
  return out;
}

// Everything the argument needs, from pinned inputs or from the atlas.
struct Case {
  Hours film;
  Gigabytes film_data;
  ServerTerms cpu, gpu;
  SiteTerms east, west;
  Charges charges;
};

std::map<std::string, double> argument(const Case& c) {
  const auto hour = [&](const SiteTerms& site, Basis basis) {
    return hour_rates(c.cpu, site, {.basis = basis, .rate = {}}, c.charges);
  };
  const auto even = [&](const ServerTerms& server) {
    const auto target = hour_rates(server, c.east, {.basis = Basis::built, .rate = {}}, c.charges).total();
    return break_even_use(server, c.west, c.charges, target, {}).value_or(0);
  };
  return {{"east_built_yuan_per_hour", hour(c.east, Basis::built).total().value},
          {"west_built_yuan_per_hour", hour(c.west, Basis::built).total().value},
          {"west_sunk_yuan_per_hour", hour(c.west, Basis::sunk).total().value},
          {"cpu_break_even_use", even(c.cpu)},
          {"gpu_break_even_use", even(c.gpu)},
          {"film_energy_saved_yuan_per_gb",
           (c.film * (hour(c.east, Basis::sunk).energy - hour(c.west, Basis::sunk).energy)).value /
               c.film_data.value}};
}

Case pinned(std::map<std::string, double> in) {
  const auto server = [&](const char* price, const char* power) {
    return ServerTerms{.price = {in[price]},
                       .life = in["life_years"] * kYear,
                       .resale_share = 0,
                       .busy = {in[power]},
                       .idle = {},
                       .embodied = {}};
  };
  const auto site = [&](const std::string& side) {
    SiteTerms terms;
    terms.pue = in[side + "_pue"];
    terms.power_price = {in[side + "_tariff"]};
    terms.server_use = in[side + "_use"];
    return terms;
  };
  return {.film = {in["film_server_hours"]},
          .film_data = {in["film_gb"]},
          .cpu = server("cpu_price", "cpu_kw"),
          .gpu = server("gpu_price", "gpu_kw"),
          .east = site("east"),
          .west = site("west"),
          .charges = {}};
}

TomlTable anchors_file() {
  const std::string path = HINTERLAND_SOURCE_DIR "/tests/anchors.toml";
  return parse_toml(read_text(path).value(), path).value();
}

}  // namespace

TEST_CASE("the pinned anchors hold within 0.5 %, and the atlas stands beside them") {
  const TomlTable file = anchors_file();
  auto in = numbers(file, "inputs");
  const auto expected = numbers(file, "anchors");
  auto computed = argument(pinned(in));
  Workload film;
  film.server_hours = Hours{in["film_server_hours"]};
  film.data_in = {in["film_gb"]};
  const Amount amount = amount_of(film, ServerShape{});
  computed["film_server_hours_per_gb"] =
      amount.server_hours.value / (amount.bytes.in + amount.bytes.out).value;
  Offer line;
  line.price_per_month = Money{};
  line.fill = 1;
  line.bandwidth = GbPerHour{in["line_gbps"] * kGbPerHourPerGbps};
  computed["film_days_on_the_line"] = move_bytes(line, {.in = {in["film_gb"]}, .out = {}}).time.value / 24;

  const Atlas atlas = china();
  const RateYear rates = rate_year(atlas, 1, "");
  const auto terms = [&](const char* id) {
    const SiteYear& year = rates.at({id});
    return site_terms(atlas, atlas.sites.at({id}), year, year.means());
  };
  const auto real = argument({.cpu = server_terms(atlas.servers.at({"cpu-server"})),
                              .gpu = server_terms(atlas.servers.at({"gpu-server"})),
                              .east = terms("metro-shanghai"),
                              .west = terms("guian"),
                              .charges = {}});
  fmt::print("{:<34} {:>9} {:>9} {:>22}\n", "anchor", "pinned", "computed", "atlas: Shanghai, Gui'an");
  for (const auto& [name, value] : expected) {
    CAPTURE(name);
    REQUIRE(computed.contains(name));
    CHECK(computed.at(name) == doctest::Approx(value).epsilon(kTolerance));
    fmt::print("{:<34} {:>9.4g} {:>9.4g} {:>22}\n", name, value, computed.at(name),
               real.contains(name) ? fmt::format("{:.4g}", real.at(name)) : "-");
  }
}

TEST_CASE("one way at great circle x 1.5 x 4.9 us/km: who is near whom") {
  Atlas atlas = china();
  atlas.paths = {};  // the anchor is about the formula, not about published values
  auto in = numbers(anchors_file(), "inputs");
  CHECK(atlas.country().route_factor == in["route_factor"]);
  CHECK(atlas.country().fibre.value / kHoursPerMicrosecond == doctest::Approx(in["fibre_us_per_km"]));
  const char* metros[] = {"metro-beijing", "metro-shanghai", "metro-guangzhou"};
  std::vector<std::string> near_pairs;
  for (const Site& cluster : atlas.sites) {
    if (cluster.kind != SiteKind::cluster) continue;
    for (const char* metro : metros) {
      const double ms = in_milliseconds(one_way_latency(atlas, cluster, atlas.sites.at({metro})).central);
      CAPTURE(cluster.id.text);
      CAPTURE(metro);
      CHECK(ms <= 20);
      if (ms <= 5) near_pairs.push_back(cluster.id.text + " " + metro);
    }
  }
  const std::vector<std::string> expected = {"zhangjiakou metro-beijing", "yangtze-delta metro-shanghai",
                                             "wuhu metro-shanghai", "shaoguan metro-guangzhou",
                                             "horinger metro-beijing"};
  CHECK(near_pairs == expected);
}
