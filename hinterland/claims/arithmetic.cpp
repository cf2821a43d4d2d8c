// Computations on numbers alone, and on what is published of one cell.
#include "hinterland/claims/computation_lists.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

using enum OperandKind;

std::unexpected<std::string> none(std::string why) { return std::unexpected(std::move(why)); }

Computed divided(double above, double below) {
  if (below == 0) return none("a division by 0");
  return above / below;
}

double sum(const Operands& of) {
  double out = 0;
  for (const Operand& one : of) out += one.number;
  return out;
}

auto by_number() {
  return [](const Operand& a, const Operand& b) { return a.number < b.number; };
}

// Every value that is published of a cell, the atlas's own first.
std::vector<double> published_of(const AtlasCells& cells, const std::string& text) {
  const CellName cell = split_cell(text);
  std::vector<double> out;
  if (const auto own = cells.number(cell)) out.push_back(*own);
  for (const Alternative* other : cells.alternatives(cell)) {
    if (const auto value = parse_number(other->value)) out.push_back(*value);
  }
  return out;
}

Computed yearly_growth(const Operands& of) {
  if (!(of[0].number > 0) || !(of[1].number > 0)) return none("growth from or to nothing");
  if (of[3].number == of[2].number) return none("growth within no time");
  return std::pow(of[1].number / of[0].number, 1 / (of[3].number - of[2].number)) - 1;
}

std::vector<Computation> of_two_and_more() {
  return {
      {"value",
       {number},
       false,
       "A",
       [](const AtlasCells&, const Operands& of) -> Computed { return of[0].number; }},
      {"sum",
       {number, number},
       true,
       "A + B + ...",
       [](const AtlasCells&, const Operands& of) -> Computed { return sum(of); }},
      {"difference",
       {number, number},
       false,
       "A - B",
       [](const AtlasCells&, const Operands& of) -> Computed { return of[0].number - of[1].number; }},
      {"product",
       {number, number},
       true,
       "A x B x ...",
       [](const AtlasCells&, const Operands& of) -> Computed {
         double out = 1;
         for (const Operand& one : of) out *= one.number;
         return out;
       }},
      {"ratio",
       {number, number},
       false,
       "A / B",
       [](const AtlasCells&, const Operands& of) { return divided(of[0].number, of[1].number); }},
      {"share",
       {number, number},
       true,
       "A / (A + B + ...)",
       [](const AtlasCells&, const Operands& of) { return divided(of[0].number, sum(of)); }},
      {"growth",
       {number, number},
       false,
       "B / A - 1",
       [](const AtlasCells&, const Operands& of) {
         const Computed ratio = divided(of[1].number, of[0].number);
         return ratio ? Computed(*ratio - 1) : ratio;
       }},
  };
}

std::vector<Computation> of_growth_and_order() {
  return {
      {"yearly_growth",
       {number, number, number, number},
       false,
       "(B / A)^(1 / (D - C)) - 1, from the year C to the year D",
       [](const AtlasCells&, const Operands& of) { return yearly_growth(of); }},
      {"mean",
       {number, number},
       true,
       "(A + B + ...) / how many",
       [](const AtlasCells&, const Operands& of) -> Computed {
         return sum(of) / static_cast<double>(of.size());
       }},
      {"least",
       {number, number},
       true,
       "the least of them",
       [](const AtlasCells&, const Operands& of) -> Computed {
         return std::ranges::min_element(of, by_number())->number;
       }},
      {"most",
       {number, number},
       true,
       "the most of them",
       [](const AtlasCells&, const Operands& of) -> Computed {
         return std::ranges::max_element(of, by_number())->number;
       }},
      {"rank",
       {number, number},
       true,
       "1 + how many of the others are more than A",
       [](const AtlasCells&, const Operands& of) -> Computed {
         return 1 + static_cast<double>(std::ranges::count_if(
                        of, [&](const Operand& one) { return one.number > of[0].number; }));
       }},
      {"years_between",
       {number, number},
       false,
       "B - A, of two points of the calendar",
       [](const AtlasCells&, const Operands& of) -> Computed { return of[1].number - of[0].number; }},
  };
}

std::vector<Computation> of_what_is_published() {
  return {
      {"published",
       {cell},
       false,
       "how many different values are published of the cell",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         const auto values = published_of(cells, of[0].text);
         return static_cast<double>(std::set<double>(values.begin(), values.end()).size());
       }},
      {"published_spread",
       {cell},
       false,
       "the most that is published of the cell less the least",
       [](const AtlasCells& cells, const Operands& of) -> Computed {
         const auto values = published_of(cells, of[0].text);
         if (values.empty()) return none("nothing is published of " + of[0].text);
         const auto [least, most] = std::ranges::minmax(values);
         return most - least;
       }},
  };
}

}  // namespace

void add_arithmetic(std::vector<Computation>& all) {
  for (const auto& list : {of_two_and_more(), of_growth_and_order(), of_what_is_published()})
    all.insert(all.end(), list.begin(), list.end());
}

}  // namespace hinterland
