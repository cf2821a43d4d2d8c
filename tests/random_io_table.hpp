// Input-output tables by seed, for the laws that hold of every table.
#pragma once
#include <string>

#include "hinterland/base/random.hpp"
#include "hinterland/impact/io_table.hpp"

namespace hinterland {

// In balance, every industry productive. Some flows are zero, some inventories shrink.
inline IoTable random_io_table(std::uint64_t seed, std::size_t size) {
  RandomStream draw(seed, "io table");
  IoTable table;
  table.file = "random";
  table.domestic = table.imported = Matrix(size, size);
  table.output.assign(size, 0);
  for (std::size_t i = 0; i < size; ++i) {
    table.industries.push_back({.code = std::to_string(i + 1), .name = "industry " + std::to_string(i + 1)});
    double row = 0;
    for (std::size_t j = 0; j < size; ++j) {
      if (draw.uniform() < 0.2) continue;
      table.domestic(i, j) = 100 * draw.uniform();
      table.imported(i, j) = 20 * draw.uniform();
      row += table.domestic(i, j);
    }
    const double scale = static_cast<double>(size);
    table.domestic_use.consumption.push_back(120 * scale * draw.uniform());
    table.domestic_use.capital.push_back(60 * scale * draw.uniform());
    table.domestic_use.exports.push_back(40 * scale * draw.uniform());
    table.domestic_use.inventories.push_back(2 * scale * (draw.uniform() - 0.3));
    table.imported_use.consumption.push_back(30 * scale * draw.uniform());
    table.imported_use.capital.push_back(10 * scale * draw.uniform());
    table.imported_use.exports.push_back(0);
    table.imported_use.inventories.push_back(0);
    table.output[i] = row + table.domestic_use.consumption[i] + table.domestic_use.capital[i] +
                      table.domestic_use.exports[i] + table.domestic_use.inventories[i];
  }
  for (std::size_t j = 0; j < size; ++j) {
    double inputs = 0;
    for (std::size_t i = 0; i < size; ++i) inputs += table.domestic(i, j) + table.imported(i, j);
    // Inputs never eat up the output: what is scaled away from a column is sold to consumers instead.
    if (inputs > 0.8 * table.output[j]) {
      const double kept = 0.8 * table.output[j] / inputs;
      for (std::size_t i = 0; i < size; ++i) {
        table.domestic_use.consumption[i] += (1 - kept) * table.domestic(i, j);
        table.domestic(i, j) *= kept;
        table.imported(i, j) *= kept;
      }
      inputs *= kept;
    }
    const double added = table.output[j] - inputs;
    table.compensation.push_back(0.5 * added);
    table.taxes.push_back(0.1 * added);
    table.depreciation.push_back(0.15 * added);
    table.surplus.push_back(0.25 * added);
  }
  return table;
}

}  // namespace hinterland
