// What the fields of a file mean, as a table for its users: name, meaning, values, whether it must be there.
#pragma once
#include <vector>

#include "hinterland/base/field.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

TableBlock fields_table(Words caption, const std::vector<Field>& fields);

}  // namespace hinterland
