#include "hinterland/judge/working_copy.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/cost/terms.hpp"

namespace hinterland {

namespace {

bool is_place(std::string_view field) { return field == "latitude_deg" || field == "longitude_deg"; }

// A field without an upper bound is looked at this far, times its value.
constexpr double kFar = 1e9;

double least_of(const Field& field, double central) {
  if (!std::isfinite(field.low)) return -kFar * std::max(1.0, std::abs(central));
  // An open bound itself is not allowed: next to it, but far enough for the price to stay finite.
  return field.low_open ? field.low + 1e-9 * (central - field.low) : field.low;
}

double most_of(const Field& field, double central) {
  return std::isfinite(field.high) ? field.high : kFar * std::max(1.0, std::abs(central));
}

std::optional<Range> cited_range(const std::optional<double>& low, const std::optional<double>& high,
                                 const Dial& dial) {
  if (!low || !high || *low >= *high) return std::nullopt;
  return Range{.low = std::clamp(*low, dial.least, dial.central),
               .central = dial.central,
               .high = std::clamp(*high, dial.central, dial.most)};
}

}  // namespace

template <class Record, class FieldsOfRecord>
void WorkingCopy::add(const std::string& table, const FieldsOfRecord& fields, Record& record,
                      const Record& original, const std::vector<std::size_t>& reach) {
  for (const auto& field : fields) {
    if (field.kind != FieldKind::number || !field.is_fact || is_place(field.name)) continue;
    const FieldValue value = field.get(original);
    if (!std::holds_alternative<double>(value)) continue;
    Dial dial{.name = table + "." + original.id.text + "." + field.name,
              .table = table,
              .id = original.id.text,
              .field = field.name,
              .central = std::get<double>(value)};
    dial.least = least_of(field, dial.central);
    dial.most = most_of(field, dial.central);
    dials_.push_back(std::move(dial));
    knobs_.push_back({.turn = [&record, set = field.set](double to) { set(record, FieldValue{to}); },
                      .back = [&record, &original, copy = field.copy] { copy(record, original); },
                      .reach = reach});
  }
}

WorkingCopy::WorkingCopy(const Atlas& atlas, const RateYear& rates, const Question& question)
    : rates_(rates), original_(atlas), atlas_(atlas), asked_(question), question_(question) {
  const Parties between = hinterland::parties(atlas_, question_).value();
  sites_.push_back(between.home.site);
  sites_.insert(sites_.end(), between.away.begin(), between.away.end());
  stale_.resize(sites_.size());
  quotes_.resize(sites_.size());
  if (question_.workload.latency) measure_distances();
  collect();
}

// Places are no dials, so that what lies between them is worked out once.
void WorkingCopy::measure_distances() {
  const Site& home = *sites_.front();
  for (const Site* site : sites_) {
    if (site == &home) continue;
    const auto known = std::ranges::find_if(atlas_.paths, [&](const Path& path) {
      return (path.from == home.id && path.to == site->id) || (path.from == site->id && path.to == home.id);
    });
    Path path = known != atlas_.paths.end() ? *known : Path{};
    if (known == atlas_.paths.end())
      path = {.id = {home.id.text + "--" + site->id.text}, .from = home.id, .to = site->id};
    path.great_circle = great_circle(home.at(), site->at());
    atlas_.paths.put(std::move(path));
  }
}

void WorkingCopy::collect_sites(const std::string& currency) {
  const auto local = [&](auto fields) {
    for (auto& field : fields) field.name = in_currency(std::move(field.name), currency);
    return fields;
  };
  std::vector<std::size_t> everybody(sites_.size());
  std::iota(everybody.begin(), everybody.end(), std::size_t{0});
  const auto site_fields_here = local(site_fields());
  const auto grid_fields_here = local(grid_fields());
  const auto path_fields_here = local(path_fields());
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    const SiteId& id = sites_[i]->id;
    add("sites", site_fields_here, atlas_.sites.edit(id), original_.sites.at(id),
        i == 0 ? everybody : std::vector<std::size_t>{i});
  }
  for (const Grid& grid : original_.grids) {
    std::vector<std::size_t> fed;
    for (const std::size_t i : everybody) {
      if (sites_[i]->grid == grid.id) fed.push_back(i);
    }
    if (!fed.empty()) add("grids", grid_fields_here, atlas_.grids.edit(grid.id), grid, fed);
  }
  for (const Path& path : original_.paths) {
    const SiteId& home = sites_.front()->id;
    if (path.from != home && path.to != home) continue;
    const SiteId& other = path.from == home ? path.to : path.from;
    const auto end = std::ranges::find(sites_, other, [](const Site* site) { return site->id; });
    if (end == sites_.end()) continue;
    add("paths", path_fields_here, atlas_.paths.edit(path.id), path,
        {static_cast<std::size_t>(end - sites_.begin())});
  }
  add("atlas", country_fields(), atlas_.countries.edit(original_.country().id), original_.country(),
      everybody);
  const ServerId& server = question_.workload.server;
  add("servers", local(server_fields()), atlas_.servers.edit(server), original_.servers.at(server),
      everybody);
  const auto offer_fields_here = local(offer_fields());
  for (const Offer& offer : original_.offers)
    add("networks", offer_fields_here, atlas_.offers.edit(offer.id), offer, everybody);
}

void WorkingCopy::collect() {
  collect_sites(original_.country().currency);
  for (Dial& dial : dials_) {
    const Provenance who = provenance(original_, dial.table, dial.id, dial.field);
    dial.kind = who.kind;
    dial.cited = cited_range(who.low, who.high, dial);
    // A server never draws more idle than busy; the atlas refuses one that does.
    if (dial.field == "power_idle_kw") dial.most = original_.servers.at({dial.id}).busy.value;
    if (dial.field == "power_busy_kw") dial.least = original_.servers.at({dial.id}).idle.value;
  }
  std::vector<std::size_t> everybody(sites_.size());
  std::iota(everybody.begin(), everybody.end(), std::size_t{0});
  const std::size_t first = dials_.size();
  add("workloads", workload_fields(), question_.workload, asked_.workload, everybody);
  for (std::size_t i = first; i < dials_.size(); ++i) {
    const auto known = asked_.workload.evidence.find(dials_[i].field);
    if (known == asked_.workload.evidence.end()) continue;
    const Evidence& evidence = known->second;
    const Source* source = original_.sources.find({evidence.source});
    dials_[i].kind = source == nullptr ? kAssumed : name_of(source->kind);
    dials_[i].cited = cited_range(evidence.low, evidence.high, dials_[i]);
  }
}

void WorkingCopy::touch(const Knob& knob) {
  if (knob.reach.size() == sites_.size()) {
    all_stale_ = true;
  } else {
    for (const std::size_t party : knob.reach) stale_[party] = true;
  }
}

void WorkingCopy::turn(std::size_t dial, double value) {
  knobs_[dial].turn(value);
  touch(knobs_[dial]);
}

void WorkingCopy::turn_back(std::size_t dial) {
  knobs_[dial].back();
  touch(knobs_[dial]);
}

Reply WorkingCopy::ask() {
  Amount amount = amount_of(question_.workload, server_shape(server_of(atlas_, question_.workload)));
  amount.start = question_.start;
  const auto ways = worthwhile_transfers(atlas_.offers.rows(), amount.bytes, amount.service);
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    if (!stale_[i] && !all_stale_) continue;
    quotes_[i] = quoter_of(atlas_, rates_, question_, *sites_.front(), *sites_[i]).quote(amount, ways);
    stale_[i] = false;
  }
  all_stale_ = false;
  Reply reply;
  for (std::size_t i = 1; i < quotes_.size(); ++i) {
    if (!quotes_[i].allowed()) continue;
    if (reply.best == 0 || quotes_[i].price.total() < quotes_[reply.best].price.total()) reply.best = i;
  }
  const Quote& home = quotes_.front();
  reply.answer = answer_of(home, reply.best == 0 ? nullptr : &quotes_[reply.best]);
  if (home.allowed() && reply.best != 0)
    reply.saving = home.price.total() - quotes_[reply.best].price.total();
  return reply;
}

}  // namespace hinterland
