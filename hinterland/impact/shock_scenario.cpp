#include "hinterland/impact/shock_scenario.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/base/section.hpp"

namespace hinterland {

namespace {

constexpr std::array<std::string_view, 5> kSections{"exports", "imports", "capacity", "zones", "reserves"};

void add_course(Fields<ShockLoss>& fields) {
  fields.push_back(field("lost", &ShockLoss::lost).within(0, 1).documented("share that is lost at first"));
  fields.push_back(field("from_day", &ShockLoss::from_day)
                       .within(0, 36500)
                       .by_default("0")
                       .documented("day of the run on which it begins"));
  fields.push_back(field("days", &ShockLoss::days).within(0, 36500).documented("how long it lasts"));
  fields.push_back(field("recovery_days", &ShockLoss::recovery_days)
                       .within(0, 36500)
                       .by_default("0")
                       .documented("in which it then fades"));
}

FieldOf<ShockLoss> industries_field() {
  return field("industries", &ShockLoss::industries)
      .optional()
      .documented("codes of the input-output table; none: all");
}

FieldOf<ShockLoss> regions_field() {
  return field("regions", &ShockLoss::regions)
      .optional()
      .documented("regions of the model, or of the atlas within them; none: all");
}

}  // namespace

double ShockLoss::at(double day) const {
  if (day < from_day) return 0;
  const double over = day - from_day - days;
  if (over < 0) return lost;
  return over < recovery_days ? lost * (1 - over / recovery_days) : 0;
}

Fields<ShockScenario> shock_fields() {
  return {
      field("name", &ShockScenario::name).documented("what it is, in a line"),
      field("name_zh", &ShockScenario::name_zh).optional().documented("the same in Chinese"),
      field("regions", &ShockScenario::grouping)
          .by_default("two")
          .documented("grouping of the atlas whose groups are the model's regions; each: every region"),
      field("days", &ShockScenario::days).within(1, 3650).by_default("365").documented("of the run"),
      field("per_year", &ShockScenario::per_year)
          .within(0, 100)
          .by_default("0")
          .documented(
              "how often such a shock happens; what a zone or a reserve saves a year follows from it"),
  };
}

Fields<ShockLoss> shock_loss_fields() {
  Fields<ShockLoss> fields = {industries_field(), regions_field()};
  add_course(fields);
  return fields;
}

Fields<ShockLoss> capacity_loss_fields() {
  Fields<ShockLoss> fields = {
      industries_field(), regions_field(),
      field("site", &ShockLoss::site)
          .optional()
          .documented("site of the atlas whose computing stops; instead of industries and regions"),
      choice("rebuilt", &ShockLoss::rebuilt, {"no", "yes"})
          .by_default("no")
          .documented("yes: capital is destroyed, and capacity comes back as it is rebuilt")};
  add_course(fields);
  for (auto& one : fields) {
    if (one.name == "days")
      one = std::move(one).by_default("0");  // of what is rebuilt nobody knows beforehand
  }
  return fields;
}

Fields<BackupZone> backup_zone_fields() {
  return {
      field("regions", &BackupZone::regions)
          .optional()
          .documented("whose losses it stands in for; none: all"),
      field("industries", &BackupZone::industries)
          .optional()
          .documented("in which it does; none: computing, with mw"),
      field("share", &BackupZone::share)
          .above(0, 1)
          .documented("its capacity, of the usual output of these industries there"),
      field("mw", &BackupZone::mw).above(0, 1e6).documented("of computing: its IT power; instead of share"),
      field("site", &BackupZone::site)
          .optional()
          .documented("of computing: site of the atlas where it stands, whose prices it costs"),
      field("server", &BackupZone::server)
          .by_default("cpu-server")
          .documented("of computing: server type of the atlas that stands there"),
      field("cost_$_per_year", &BackupZone::cost)
          .within(0, 1e15)
          .documented("of keeping it; else worked out from capital, interest and life"),
  };
}

Fields<ReserveStock> reserve_stock_fields() {
  return {
      field("industries", &ReserveStock::industries)
          .optional()
          .documented("whose product is held; none: all"),
      field("extra_days", &ReserveStock::extra_days)
          .above(0, 365)
          .documented("days of use that all buyers hold more of it"),
  };
}

namespace {

void check_zone(const BackupZone& zone, const std::string& file, Errors& errors) {
  const auto complain = [&](const char* field, std::string what, std::string mend) {
    add_error(errors, {.what = std::move(what),
                       .where = {.file = file, .field = fmt::format("zones.{}.{}", zone.key, field)},
                       .mend = std::move(mend)});
  };
  if (zone.share.has_value() == zone.mw.has_value())
    complain("share", "needs its capacity, once", "Give share, or mw and site of a zone of computing.");
  if (zone.mw && !zone.industries.empty())
    complain("industries", "mw are of computing alone", "Leave the industries out, or give a share.");
  if (zone.mw && zone.site.empty())
    complain("site", "nobody knows where it stands", "Name a site of the atlas.");
  if (zone.share && zone.industries.empty())
    complain("industries", "a share of which industries is not said", "Name them.");
}

void check_loss(const ShockLoss& loss, const std::string& section, const std::string& file, Errors& errors) {
  const std::string at = section + "." + loss.key;
  if (section == "imports" && !loss.regions.empty())
    add_error(errors, {.what = "imports are lost to all regions alike",
                       .where = {.file = file, .field = at + ".regions"},
                       .mend = "Leave the regions out."});
  if (!loss.site.empty() && (!loss.industries.empty() || !loss.regions.empty()))
    add_error(errors, {.what = "a site says itself what stops and where",
                       .where = {.file = file, .field = at + ".site"},
                       .mend = "Leave industries and regions out."});
  if (section == "capacity" && loss.rebuilt == Rebuilt::no && loss.days + loss.recovery_days == 0)
    add_error(errors, {.what = "it is over before it begins",
                       .where = {.file = file, .field = at + ".days"},
                       .mend = "Give days, or rebuilt = \"yes\"."});
}

}  // namespace

bool is_shock_assignment(const std::string& assignment) { return is_assignment_to(assignment, kSections); }

Expected<ShockScenario> parse_shock(std::string_view toml, const std::string& file,
                                    const std::vector<std::string>& assignments) {
  auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  Errors errors;
  put_assignments(*table, assignments);
  ShockScenario shock;
  shock.file = file;
  read_record(top_of(*table, kSections), shock_fields(), shock, errors);
  read_section(*table, "exports", shock_loss_fields(), shock.exports, errors);
  read_section(*table, "imports", shock_loss_fields(), shock.imports, errors);
  read_section(*table, "capacity", capacity_loss_fields(), shock.capacity, errors);
  read_section(*table, "zones", backup_zone_fields(), shock.zones, errors);
  read_section(*table, "reserves", reserve_stock_fields(), shock.reserves, errors);
  for (const ShockLoss& loss : shock.exports) check_loss(loss, "exports", file, errors);
  for (const ShockLoss& loss : shock.imports) check_loss(loss, "imports", file, errors);
  for (const ShockLoss& loss : shock.capacity) check_loss(loss, "capacity", file, errors);
  for (const BackupZone& zone : shock.zones) check_zone(zone, file, errors);
  if (errors.empty() && shock.exports.empty() && shock.imports.empty() && shock.capacity.empty())
    add_error(errors, {.what = "nothing is lost",
                       .where = {.file = file},
                       .mend = "Give [exports.NAME], [imports.NAME] or [capacity.NAME]."});
  if (const auto known = shock.evidence.find("days");
      known != shock.evidence.end() && (known->second.low || known->second.high))
    add_error(errors, {.what = "all runs last as long, so that their days can be compared",
                       .where = {.file = file, .field = "days"},
                       .mend = "Give one number, without a range."});
  if (shock.days != std::floor(shock.days))
    add_error(errors, {.what = fmt::format("{} is no whole number", shortest(shock.days)),
                       .where = {.file = file, .field = "days"},
                       .mend = "Give whole days."});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return shock;
}

Expected<ShockScenario> load_shock(const std::string& file, const std::vector<std::string>& assignments) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  return parse_shock(*text, file, assignments);
}

}  // namespace hinterland
