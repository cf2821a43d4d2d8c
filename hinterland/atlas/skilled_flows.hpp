// Where a hub's skilled people come from and go to, as shares and rates (impact/talent.hpp says what each does).
#pragma once
#include "hinterland/base/field.hpp"

namespace hinterland {

struct SkilledFlows {
  SkilledFlowsId id;
  double skilled_share = 0;      // of a data centre's permanent staff
  double graduates_per_1e4 = 0;  // of computing and its neighbours, a year, per ten thousand residents
  double retention = 0;          // of them, who stay in the region
  double hired_share = 0;        // of those who stay, and of returners, whom data centres get
  double returners_per_1e4 =
      0;  // skilled people coming (back) to the region, a year, per ten thousand residents
  double leaving_per_year = 0;   // of the skilled people at data centres, as a rate
  double remote_share = 0;       // of skilled work, what may be done from elsewhere
  double skilled_pay_ratio = 1;  // a skilled person's pay / another's
};

Fields<SkilledFlows> skilled_flows_fields();

}  // namespace hinterland
