// The arithmetic of one claim, resolved once and then done as often as figures are moved.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "hinterland/claims/check.hpp"

namespace hinterland {

// The side of a test: a number of the claim, one that it says, or a bar.
struct NumberSide {
  std::size_t number;
};
struct SaidSide {
  double value;
};
using Side = std::variant<NumberSide, SaidSide>;

class ClaimSums {
 public:
  // Fails where the atlas does not know what a number names.
  static Expected<ClaimSums> resolve(const AtlasCells& cells, const ClaimsFile& file, const Claim& claim);

  // All numbers, with the cells as they stand.
  [[nodiscard]] std::vector<ComputedNumber> numbers() const;

  // How the test comes out, at the ends of the cited ranges too.
  [[nodiscard]] CheckedTest run(const ClaimTest& test, const std::vector<ComputedNumber>& numbers) const;

  [[nodiscard]] std::vector<UsedCell> take_cells() { return std::move(cells_); }

 private:
  // What stands in one place of a number's list.
  struct Place {
    enum class From { cell, number, said, name } from = From::name;
    std::size_t at = 0;  // of the cell or the number
    Operand operand;     // its text, and what is said
  };
  struct Formula {
    const Computation* computation = nullptr;
    std::vector<Place> places;
    [[nodiscard]] bool fixed() const;  // no cell moves it
  };

  struct Ground;

  ClaimSums(const AtlasCells& atlas, const Claim& claim) : atlas_(&atlas), claim_(&claim) {}

  std::size_t cell_at(const ClaimsFile& file, const CellName& name);
  [[nodiscard]] std::vector<Computed> values(const std::vector<std::optional<double>>& cells) const;
  [[nodiscard]] std::vector<std::optional<double>> standing() const;
  [[nodiscard]] Ground ground_of(const std::vector<Side>& sides,
                                 const std::vector<ComputedNumber>& numbers) const;
  // Whether left lies to right as the test asks, with these values in the cells; none where a side has no value.
  [[nodiscard]] std::optional<bool> comes_out(const ClaimTest& test, const std::vector<Side>& sides,
                                              const std::vector<std::optional<double>>& cells) const;
  [[nodiscard]] std::string turning_cell(const ClaimTest& test, const std::vector<Side>& sides,
                                         const std::set<std::size_t>& read, bool central) const;
  [[nodiscard]] Side side_of(const std::variant<double, std::string>& side) const;

  const AtlasCells* atlas_;
  const Claim* claim_;
  std::vector<UsedCell> cells_;
  std::vector<Formula> formulas_;
  std::vector<std::optional<Computed>> fixed_;  // of formulas that no cell moves: computed once
};

}  // namespace hinterland
