// Single figures that somebody published and that no other table holds: a growth rate, a date, a count of films.
//
// Public claims are held against them. A figure without a value is one that a claim needs and that no text which was opened
// gives: it says what would have to be found, and whoever has it puts it into the books. What other texts say of the same
// quantity stands in `alternatives`.
#pragma once
#include <optional>
#include <string>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct PublishedFigure {
  PublishedFigureId id;
  std::string name, name_zh;
  std::string unit;  // in words: "EFLOPS at FP16"
  std::string date;  // what it speaks of, as published: "2024", "2025-06"
  std::optional<double> value;
};

Fields<PublishedFigure> published_figure_fields();

}  // namespace hinterland
