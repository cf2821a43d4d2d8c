// Hardware: the server types that work names and capacity is bought in.
#pragma once
#include <optional>
#include <string>

#include "hinterland/base/compute.hpp"
#include "hinterland/base/field.hpp"

namespace hinterland {

struct Server {
  ServerId id;
  std::string name, name_zh;
  Money price;  // bought once, before tax
  Hours life;
  double resale_share = 0;  // of the price, at the end of its life
  Kilowatts idle, busy;     // IT power, before PUE
  double cores = 1, gpus = 0, memory_gb = 1;
  double storage_tb = 0;
  std::optional<Teraflops<Precision::fp64>> fp64;
  std::optional<Teraflops<Precision::fp32>> fp32;
  std::optional<Teraflops<Precision::fp16>> fp16;
  Kilograms embodied;  // CO2 of making it
};

Fields<Server> server_fields();

}  // namespace hinterland
