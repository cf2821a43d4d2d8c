#include "hinterland/atlas/server.hpp"

namespace hinterland {

Fields<Server> server_fields() {
  return {
      field("id", &Server::id).naming().documented("short name of the server type"),
      field("name", &Server::name).naming().documented("English name"),
      field("name_zh", &Server::name_zh).naming().documented("Chinese name"),
      field("price_$", &Server::price).within(0, 1e12).documented("price of one server"),
      field("life_years", &Server::life, kYear.value).above(0, 100).documented("years it serves"),
      field("resale_share", &Server::resale_share)
          .within(0, 1)
          .documented("share of the price it brings at the end"),
      field("power_idle_kw", &Server::idle).within(0, 1000).documented("IT power when idle"),
      field("power_busy_kw", &Server::busy).above(0, 1000).documented("IT power when busy"),
      field("cores", &Server::cores).above(0, 1e5).documented("CPU cores"),
      field("gpus", &Server::gpus).within(0, 1e4).documented("accelerators"),
      field("memory_gb", &Server::memory_gb).above(0, 1e6).documented("memory"),
      field("storage_tb", &Server::storage_tb).within(0, 1e6).by_default("0").documented("disks"),
      field("tflops_fp64", &Server::fp64).within(0, 1e9).documented("dense FP64"),
      field("tflops_fp32", &Server::fp32).within(0, 1e9).documented("dense FP32"),
      field("tflops_fp16", &Server::fp16).within(0, 1e9).documented("dense FP16"),
      field("embodied_kg_co2", &Server::embodied).within(0, 1e9).documented("CO2 of making it"),
  };
}

}  // namespace hinterland
