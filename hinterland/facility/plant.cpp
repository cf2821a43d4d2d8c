#include "hinterland/facility/plant.hpp"

namespace hinterland {

// NOLINTNEXTLINE(readability-function-size): a line a parameter
Fields<Plant> plant_fields() {
  return {
      field("id", &Plant::id).naming().documented("short name of the plant"),
      field("name", &Plant::name).naming().documented("English name"),
      field("name_zh", &Plant::name_zh).naming().documented("Chinese name"),
      choice("system", &Plant::system, {"airside", "evaporative", "seawater", "chiller"})
          .naming()
          .documented("economiser, or a chiller without one"),
      field("ups_efficiency", &Plant::ups_efficiency)
          .within(0.5, 1)
          .by_default("0.945")
          .documented("[UPS_e] at design load"),
      field("distribution_loss", &Plant::distribution_loss)
          .within(0, 0.2)
          .by_default("0.01")
          .documented("[PD_lr] of the power distribution, at design load"),
      field("lighting_share", &Plant::lighting_share)
          .within(0, 0.1)
          .by_default("0.001")
          .documented("[L_pct] lighting / IT power at design load"),
      field("supply_air_low_c", &Plant::supply_air_low_c)
          .within(0, 30)
          .by_default("14")
          .documented("[T_sa_lo] airside: coldest supply air"),
      field("supply_air_high_c", &Plant::supply_air_high_c)
          .within(15, 45)
          .by_default("31")
          .documented("[T_sa_hi] airside: warmest supply air"),
      field("supply_air_c", &Plant::supply_air_c)
          .within(10, 45)
          .by_default("31")
          .documented("[T_sa] evaporative, seawater: supply air"),
      field("air_rise_k", &Plant::air_rise_k)
          .within(2, 40)
          .by_default("16.67")
          .documented("[dT_air] of the air over the servers"),
      field("water_rise_k", &Plant::water_rise_k)
          .within(1, 20)
          .by_default("7.5")
          .documented("[dT_w] of chilled or facility water"),
      field("tower_range_k", &Plant::tower_range_k)
          .within(1, 20)
          .by_default("5")
          .documented("[dT_CT] of tower water"),
      field("sea_rise_k", &Plant::sea_rise_k)
          .within(1, 20)
          .by_default("7.5")
          .documented("[dT_sea] of sea water"),
      field("fan_pa", &Plant::fan_pa)
          .within(0, 3000)
          .by_default("750")
          .documented("[dp_fan] pressure of the room's fans; 500 is usual without outside air"),
      field("fan_efficiency", &Plant::fan_efficiency)
          .within(0.2, 1)
          .by_default("0.775")
          .documented("[eta_fan]"),
      field("tower_fan_pa", &Plant::tower_fan_pa).within(0, 2000).by_default("250").documented("[dp_ctfan]"),
      field("tower_fan_efficiency", &Plant::tower_fan_efficiency)
          .within(0.2, 1)
          .by_default("0.775")
          .documented("[eta_ctfan]"),
      field("humidifier_pa", &Plant::humidifier_pa).within(0, 2e+07).by_default("7e6").documented("[dp_hd]"),
      field("humidifier_efficiency", &Plant::humidifier_efficiency)
          .within(0.2, 1)
          .by_default("0.7")
          .documented("[eta_hd]"),
      field("economiser_pump_pa", &Plant::economiser_pump_pa)
          .within(0, 2e+06)
          .by_default("143658")
          .documented("[dp_we]"),
      field("economiser_pump_efficiency", &Plant::economiser_pump_efficiency)
          .within(0.2, 1)
          .by_default("0.7")
          .documented("[eta_we]"),
      field("chilled_pump_pa", &Plant::chilled_pump_pa)
          .within(0, 2e+06)
          .by_default("143658")
          .documented("[dp_cw]"),
      field("chilled_pump_efficiency", &Plant::chilled_pump_efficiency)
          .within(0.2, 1)
          .by_default("0.7")
          .documented("[eta_cw]"),
      field("tower_pump_pa", &Plant::tower_pump_pa)
          .within(0, 2e+06)
          .by_default("208660")
          .documented("[dp_ct]"),
      field("tower_pump_efficiency", &Plant::tower_pump_efficiency)
          .within(0.2, 1)
          .by_default("0.7")
          .documented("[eta_ct]"),
      field("sea_pump_pa", &Plant::sea_pump_pa).within(0, 5e+06).by_default("882000").documented("[dp_sea]"),
      field("sea_pump_efficiency", &Plant::sea_pump_efficiency)
          .within(0.2, 1)
          .by_default("0.7")
          .documented("[eta_sea]"),
      field("tower_approach_k", &Plant::tower_approach_k)
          .within(0, 20)
          .by_default("4.75")
          .documented("[AT_CT]"),
      field("exchanger_approach_k", &Plant::exchanger_approach_k)
          .within(0, 20)
          .by_default("2.25")
          .documented("[AT_HE]"),
      field("coil_effectiveness", &Plant::coil_effectiveness)
          .within(0.1, 1)
          .by_default("0.8")
          .documented("[HTE]"),
      field("sensible_heat_ratio", &Plant::sensible_heat_ratio)
          .within(0.5, 1)
          .by_default("0.97")
          .documented("[SHR]"),
      field("chiller_load", &Plant::chiller_load)
          .within(0.05, 1)
          .by_default("0.5")
          .documented("[x_ch] load factor of a chiller that runs"),
      field("cop_error", &Plant::cop_error)
          .within(-0.9, 2)
          .by_default("0")
          .documented("[pCOP] relative departure from the regression of the COP"),
      field("liquid_gas_ratio", &Plant::liquid_gas_ratio)
          .within(0.1, 10)
          .by_default("2")
          .documented("[LG] of the tower, by mass"),
      field("ups_constant_loss", &Plant::ups_constant_loss)
          .within(0, 1)
          .by_default("0.01333")
          .documented("[a0] of s(x) = a0 + a1 x + a2 x^2, x = UPS load; only its shape counts, the level is "
                      "ups_efficiency"),
      field("ups_linear_loss", &Plant::ups_linear_loss).within(0, 1).by_default("0.0064").documented("[a1]"),
      field("ups_square_loss", &Plant::ups_square_loss).within(0, 1).by_default("0.01081").documented("[a2]"),
      field("ups_load_at_design", &Plant::ups_load_at_design)
          .within(0.01, 1)
          .by_default("0.5")
          .documented("[u0] load of each UPS when IT draws its design power; 0.5 with two full paths"),
      choice("drives", &Plant::drives, {"variable", "fixed"})
          .naming()
          .documented("whether fans and pumps follow the flow at part load"),
      field("cycles_of_concentration", &Plant::cycles_of_concentration)
          .within(1.1, 100)
          .by_default("5")
          .documented("[CoC] of the tower water"),
      field("drift_share", &Plant::drift_share)
          .within(0, 0.1)
          .by_default("0.0002")
          .documented("[drift] of the tower water that is blown away"),
  };
}

}  // namespace hinterland
