#include "hinterland/atlas/skilled_flows.hpp"

namespace hinterland {

Fields<SkilledFlows> skilled_flows_fields() {
  return {
      field("id", &SkilledFlows::id).naming().documented("one row: the atlas's own"),
      field("skilled_share", &SkilledFlows::skilled_share)
          .above(0, 1)
          .documented("of a data centre's permanent staff, those whose work takes years to learn"),
      field("graduates_per_1e4", &SkilledFlows::graduates_per_1e4)
          .within(0, 1000)
          .documented("graduates of computing and its neighbours, a year, per ten thousand residents"),
      field("retention", &SkilledFlows::retention)
          .within(0, 1)
          .documented("of these graduates, those who stay in the region"),
      field("hired_share", &SkilledFlows::hired_share)
          .within(0, 1)
          .documented("of those who stay or return, those whom data centres get"),
      field("returners_per_1e4", &SkilledFlows::returners_per_1e4)
          .within(0, 1000)
          .documented("skilled people who come (back) to the region, a year, per ten thousand residents"),
      field("leaving_per_year", &SkilledFlows::leaving_per_year)
          .above(0, 10)
          .documented("rate at which skilled people leave data centres of the region"),
      field("remote_share", &SkilledFlows::remote_share)
          .within(0, 0.99)
          .documented("of skilled work, what may be done from elsewhere"),
      field("skilled_pay_ratio", &SkilledFlows::skilled_pay_ratio)
          .above(0, 100)
          .documented("a skilled person's pay / that of another of the staff"),
  };
}

}  // namespace hinterland
