// Power times a tariff is no money: the hours are missing.
#include "hinterland/base/quantity.hpp"

using namespace hinterland;

const Money right = Kilowatts{0.5} * Hours{8} * MoneyPerKwh{0.4};
#ifdef WRONG
const Money wrong = Kilowatts{0.5} * MoneyPerKwh{0.4};  // error
#endif
