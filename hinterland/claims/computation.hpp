// The closed set of computations that a claim may ask for. Each is a formula over cells of the atlas, or a question to the
// libraries that compute it for everybody else (atlas, impact); none is typed in.
#pragma once
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/claims/atlas_cells.hpp"

namespace hinterland {

// What stands in a place of a computation's list.
enum class OperandKind { number, region, group, grouping, site, year, hazard_kind, cell };

struct Operand {
  std::string text;   // as the file has it
  double number = 0;  // for OperandKind::number
};

// The value, or why there is none.
using Computed = std::expected<double, std::string>;

struct Computation {
  std::string name;
  std::vector<OperandKind> operands;
  bool repeats = false;  // as many more of the last as there are
  std::string doc;       // the formula, in the operands' letters
  std::function<Computed(const AtlasCells&, const std::vector<Operand>&)> compute;
  bool modelled = false;  // it rests on what a model assumes

  [[nodiscard]] OperandKind kind_of(std::size_t operand) const {
    return operand < operands.size() ? operands[operand] : operands.back();
  }
  [[nodiscard]] bool takes(std::size_t count) const {
    return count == operands.size() || (repeats && count > operands.size());
  }
};

const std::vector<Computation>& computations();

// nullptr where there is none of that name.
const Computation* computation_of(std::string_view name);

std::string_view name_of(OperandKind kind);

// "growth(A, B)" as the reference prints it.
std::string signature_of(const Computation& computation);

// Fails, with the nearest name, where the atlas knows no such region, group, site, year or cell. A number is not looked at.
Expected<void> check_name(const AtlasCells& cells, OperandKind kind, const std::string& text,
                          const Location& where);

}  // namespace hinterland
