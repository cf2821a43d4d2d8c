// What every answer of slurmrestd has.
#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

// Its first word of trouble; its number: from 2000 on they are the controller's own, from 7000 on those of slurmdbd and of what
// is asked of it.
struct SlurmTrouble {
  std::string what;
  int number = 0;
};
std::optional<SlurmTrouble> slurm_trouble_in(const nlohmann::json& answer);

std::unexpected<Errors> not_slurmrestds(const std::string& why);

// Each of an answer to GET /jobs. A controller lists all jobs of its cluster, those of others and what ended minutes ago: each is read
// when it is whole, and not kept, so that a long list takes no more memory than its text. `take` may throw what Json does. Fails for
// what is no such list.
Expected<void> for_each_slurm_job(std::string_view json,
                                  const std::function<void(const nlohmann::json&)>& take);

}  // namespace hinterland
