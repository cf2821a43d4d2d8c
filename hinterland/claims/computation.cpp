#include "hinterland/claims/computation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hinterland/claims/computation_lists.hpp"

namespace hinterland {

namespace {

using enum OperandKind;

std::vector<std::string> ids_of_kind(const Atlas& atlas, OperandKind kind) {
  switch (kind) {
    case region: return ids_of(atlas.regions);
    case group: return ids_of(atlas.groups);
    case site: return ids_of(atlas.sites);
    case grouping: return groupings(atlas);
    case hazard_kind: {
      std::vector<std::string> out;
      for (const Hazard& one : atlas.hazards) out.push_back(one.kind);
      return out;
    }
    case year: {
      std::vector<std::string> out;
      for (const int one : account_years(atlas)) out.push_back(std::to_string(one));
      return out;
    }
    case number:
    case cell: break;
  }
  return {};
}

}  // namespace

const std::vector<Computation>& computations() {
  static const std::vector<Computation> kAll = [] {
    std::vector<Computation> all;
    add_arithmetic(all);
    add_regional_computations(all);
    add_place_computations(all);
    return all;
  }();
  return kAll;
}

const Computation* computation_of(std::string_view name) {
  const auto found = std::ranges::find(computations(), name, &Computation::name);
  return found == computations().end() ? nullptr : &*found;
}

std::string_view name_of(OperandKind kind) {
  switch (kind) {
    case number: return "number";
    case region: return "region";
    case group: return "group";
    case grouping: return "grouping";
    case site: return "site";
    case year: return "year";
    case hazard_kind: return "hazard_kind";
    case cell: break;
  }
  return "cell";
}

std::string signature_of(const Computation& computation) {
  std::vector<std::string> names;
  char letter = 'A';
  for (const OperandKind kind : computation.operands)
    names.push_back(kind == number ? std::string(1, letter++) : std::string(name_of(kind)));
  if (computation.repeats) names.emplace_back("...");
  return fmt::format("{}({})", computation.name, fmt::join(names, ", "));
}

Expected<void> check_name(const AtlasCells& cells, OperandKind kind, const std::string& text,
                          const Location& where) {
  if (kind == number) return {};
  if (kind == cell) {
    const auto name = cells.find(text, where);
    if (!name) return std::unexpected(name.error());
    return {};
  }
  const auto known = ids_of_kind(cells.atlas(), kind);
  if (std::ranges::find(known, text) != known.end()) return {};
  return failure({.what = fmt::format("{} is no {} of the atlas", in_quotes(text), name_of(kind)),
                  .where = where,
                  .mend = did_you_mean(text, known)});
}

}  // namespace hinterland
