#include "hinterland/claims/claim_sums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace hinterland {

namespace {

constexpr std::string_view kSays = "says.";

const SaidNumber* said_of(const Claim& claim, std::string_view name) {
  if (!name.starts_with(kSays)) return nullptr;
  const auto found = std::ranges::find(claim.says, name.substr(kSays.size()), &SaidNumber::name);
  return found == claim.says.end() ? nullptr : &*found;
}

Computed finite(Computed value) {
  if (value && !std::isfinite(*value)) return std::unexpected("beyond all numbers");
  return value;
}

std::size_t number_of(const Claim& claim, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(claim.numbers, name, &ClaimNumber::name) -
                                  claim.numbers.begin());
}

// "rests on the list's own notes, which name no source: figures.x.value".
Words notes_reason(const std::string& en, const std::string& zh, const std::vector<UsedCell>& cells,
                   const std::vector<std::size_t>& read) {
  const auto noted = std::ranges::find_if(read, [&](std::size_t at) { return cells[at].noted; });
  const std::string cell = noted == read.end() ? "" : cells[*noted].cell.text();
  return {en + " on the list's own notes, which name no source: " + cell,
          zh + "清单自身的注释，未注明来源：" + cell};
}

Words reason_of(const CheckedTest& test, const std::vector<UsedCell>& cells,
                const std::vector<std::size_t>& read, const std::string& missing) {
  switch (test.outcome) {
    case ClaimOutcome::unknown: return {"cannot be said: " + missing, "无法判断：" + missing};
    case ClaimOutcome::itself: return {"the only source is the text itself", "唯一来源即该文本身"};
    case ClaimOutcome::turns:
      return {"comes out otherwise within the cited range of " + test.turned_by,
              "在 " + test.turned_by + " 的引用区间内结论会改变"};
    case ClaimOutcome::undecided:
      if (test.turned_by.empty()) return notes_reason("is not so, but rests", "不成立，但依据", cells, read);
      return {"is not so as the figures stand, but is within the cited range of " + test.turned_by,
              "按现有数字不成立，但在 " + test.turned_by + " 的引用区间内成立"};
    case ClaimOutcome::passed:
    case ClaimOutcome::failed: break;
  }
  if (test.outcome != ClaimOutcome::passed) return {};
  if (test.own_word) return {"rests on the text's own figures alone", "仅依据该文自身的数字"};
  if (test.noted) return notes_reason("rests", "依据", cells, read);
  if (!test.assumed) return {};
  for (const std::size_t at : read) {
    if (cells[at].who.kind == kAssumed)
      return {"rests on an assumption: " + cells[at].cell.text(), "依据假定：" + cells[at].cell.text()};
  }
  return {"rests on what a model assumes", "依据模型的假定"};
}

}  // namespace

bool ClaimSums::Formula::fixed() const {
  return std::ranges::all_of(places, [](const Place& one) {
    return one.from == Place::From::name || one.from == Place::From::said;
  });
}

std::size_t ClaimSums::cell_at(const ClaimsFile& file, const CellName& name) {
  const auto known = std::ranges::find(cells_, name, &UsedCell::cell);
  if (known != cells_.end()) return static_cast<std::size_t>(known - cells_.begin());
  const Atlas& atlas = atlas_->atlas();
  UsedCell used{.cell = name,
                .value = atlas_->number(name),
                .who = provenance(atlas, name.table, name.id, name.column)};
  if (name.table == "figures") {
    const PublishedFigure& figure = atlas.figures.at({name.id});
    used.name = figure.name + (figure.date.empty() ? "" : ", " + figure.date);
    used.unit = figure.unit;
  }
  if (const Source* source = atlas.sources.find({used.who.source})) used.source_title = source->title;
  used.own_word = std::ranges::find(file.own_sources, used.who.source) != file.own_sources.end();
  used.noted = std::ranges::find(file.notes_sources, used.who.source) != file.notes_sources.end();
  cells_.push_back(std::move(used));
  return cells_.size() - 1;
}

Expected<ClaimSums> ClaimSums::resolve(const AtlasCells& cells, const ClaimsFile& file, const Claim& claim) {
  ClaimSums out(cells, claim);
  Errors errors;
  for (const ClaimNumber& number : claim.numbers) {
    Formula formula{.computation = computation_of(number.computation)};
    for (std::size_t i = 0; i < number.operands.size(); ++i) {
      const std::string& text = number.operands[i];
      Place place{.operand = {.text = text}};
      const OperandKind kind = formula.computation->kind_of(i);
      if (kind != OperandKind::number) {
        if (const auto known = check_name(cells, kind, text, number.where); !known)
          add_errors(errors, known.error());
      } else if (const SaidNumber* said = said_of(claim, text)) {
        place.from = Place::From::said;
        place.operand.number = said->value;
      } else if (looks_like_cell(text)) {
        place.from = Place::From::cell;
        if (const auto cell = cells.find(text, number.where)) {
          place.at = out.cell_at(file, *cell);
        } else {
          add_errors(errors, cell.error());
        }
      } else {
        place.from = Place::From::number;
        place.at = number_of(claim, text);
      }
      formula.places.push_back(std::move(place));
    }
    out.formulas_.push_back(std::move(formula));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  for (const Formula& one : out.formulas_) {
    std::vector<Operand> operands;
    for (const Place& place : one.places) operands.push_back(place.operand);
    out.fixed_.push_back(one.fixed() ? std::optional(finite(one.computation->compute(cells, operands)))
                                     : std::nullopt);
  }
  return out;
}

std::vector<std::optional<double>> ClaimSums::standing() const {
  std::vector<std::optional<double>> out;
  for (const UsedCell& one : cells_) out.push_back(one.value);
  return out;
}

std::vector<Computed> ClaimSums::values(const std::vector<std::optional<double>>& cells) const {
  std::vector<Computed> out;
  for (std::size_t n = 0; n < formulas_.size(); ++n) {
    if (fixed_[n]) {
      out.push_back(*fixed_[n]);
      continue;
    }
    const Formula& formula = formulas_[n];
    std::vector<Operand> operands;
    std::string missing;
    for (const Place& place : formula.places) {
      Operand operand = place.operand;
      if (place.from == Place::From::cell) {
        if (!cells[place.at] && missing.empty()) {
          const UsedCell& cell = cells_[place.at];
          missing = cell.name.empty() ? cell.cell.text() + " is not known"
                                      : fmt::format("{} ({}) is not known", cell.name, cell.unit);
        }
        operand.number = cells[place.at].value_or(0);
      } else if (place.from == Place::From::number) {
        const Computed& other = out[place.at];
        if (!other && missing.empty()) missing = other.error();
        operand.number = other.value_or(0);
      }
      operands.push_back(std::move(operand));
    }
    out.push_back(missing.empty() ? finite(formula.computation->compute(*atlas_, operands))
                                  : Computed(std::unexpected(missing)));
  }
  return out;
}

std::vector<ComputedNumber> ClaimSums::numbers() const {
  std::vector<ComputedNumber> out;
  const auto all = values(standing());
  for (std::size_t n = 0; n < formulas_.size(); ++n) {
    ComputedNumber number{.asks_atlas = false};
    if (all[n]) {
      number.value = *all[n];
    } else {
      number.missing = all[n].error();
    }
    std::set<std::size_t> cells;
    number.modelled = formulas_[n].computation->modelled;
    for (const Place& place : formulas_[n].places) {
      if (place.from == Place::From::cell) cells.insert(place.at);
      if (place.from == Place::From::name) number.asks_atlas = true;
      if (place.from == Place::From::number) {
        cells.insert(out[place.at].cells.begin(), out[place.at].cells.end());
        number.asks_atlas = number.asks_atlas || out[place.at].asks_atlas;
        number.modelled = number.modelled || out[place.at].modelled;
      }
    }
    number.cells.assign(cells.begin(), cells.end());
    out.push_back(std::move(number));
  }
  return out;
}

Side ClaimSums::side_of(const std::variant<double, std::string>& side) const {
  if (const auto* bar = std::get_if<double>(&side)) return SaidSide{*bar};
  const std::string& name = std::get<std::string>(side);
  if (const SaidNumber* said = said_of(*claim_, name)) return SaidSide{said->value};
  return NumberSide{number_of(*claim_, name)};
}

// What both sides of a test rest on.
struct ClaimSums::Ground {
  std::set<std::size_t> cells;
  bool asks_atlas = false, modelled = false;
  bool bare = true;  // cells and no arithmetic on them
  std::string missing;
};

ClaimSums::Ground ClaimSums::ground_of(const std::vector<Side>& sides,
                                       const std::vector<ComputedNumber>& numbers) const {
  Ground out;
  for (const Side& side : sides) {
    const auto* computed = std::get_if<NumberSide>(&side);
    if (computed == nullptr) continue;
    const ComputedNumber& number = numbers[computed->number];
    if (!number.value && out.missing.empty()) out.missing = number.missing;
    out.cells.insert(number.cells.begin(), number.cells.end());
    out.asks_atlas = out.asks_atlas || number.asks_atlas;
    out.modelled = out.modelled || number.modelled;
    out.bare = out.bare && claim_->numbers[computed->number].computation == "value";
  }
  return out;
}

std::optional<bool> ClaimSums::comes_out(const ClaimTest& test, const std::vector<Side>& sides,
                                         const std::vector<std::optional<double>>& cells) const {
  const auto all = values(cells);
  std::vector<double> two;
  for (const Side& side : sides) {
    if (const auto* said = std::get_if<SaidSide>(&side)) {
      two.push_back(said->value);
    } else if (const Computed& one = all[std::get<NumberSide>(side).number]) {
      two.push_back(*one);
    } else {
      return std::nullopt;
    }
  }
  return is_so(two[0], test.relation, two[1], test.within);
}

// The first cell at an end of whose cited range the test comes out otherwise; empty where there is none.
std::string ClaimSums::turning_cell(const ClaimTest& test, const std::vector<Side>& sides,
                                    const std::set<std::size_t>& read, bool central) const {
  for (const std::size_t at : read) {
    for (const auto& end : {cells_[at].who.low, cells_[at].who.high}) {
      if (!end) continue;
      auto moved = standing();
      moved[at] = end;
      if (const auto other = comes_out(test, sides, moved); other && *other != central)
        return cells_[at].cell.text();
    }
  }
  return {};
}

CheckedTest ClaimSums::run(const ClaimTest& test, const std::vector<ComputedNumber>& numbers) const {
  const std::vector<Side> sides = {side_of(test.left), side_of(test.right)};
  const Ground ground = ground_of(sides, numbers);
  CheckedTest out;
  out.assumed = ground.modelled || std::ranges::any_of(ground.cells, [&](std::size_t at) {
                  return cells_[at].who.kind == kAssumed;
                });
  out.noted = std::ranges::any_of(ground.cells, [&](std::size_t at) { return cells_[at].noted; });
  out.ends_untried = ground.asks_atlas;
  out.own_word = !ground.asks_atlas && !ground.cells.empty() &&
                 std::ranges::all_of(ground.cells, [&](std::size_t at) { return cells_[at].own_word; });
  if (const auto central = comes_out(test, sides, standing()); !central) {
    out.outcome = ClaimOutcome::unknown;
  } else if (*central && out.own_word && ground.bare) {
    out.outcome = ClaimOutcome::itself;
  } else {
    out.turned_by = turning_cell(test, sides, ground.cells, *central);
    const bool firm = out.turned_by.empty();
    // Notes that name no source cannot condemn a claim.
    const bool condemns = firm && (!out.noted || test.otherwise == ClaimVerdict::care);
    out.outcome = *central ? (firm ? ClaimOutcome::passed : ClaimOutcome::turns)
                           : (condemns ? ClaimOutcome::failed : ClaimOutcome::undecided);
  }
  out.reason = reason_of(out, cells_, {ground.cells.begin(), ground.cells.end()}, ground.missing);
  return out;
}

}  // namespace hinterland
