// What of a sites file only the machine can tell: whether the files and folders that it names are there, and can be used.
#pragma once

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"
#include "hinterland/serve/sites_file.hpp"

namespace hinterland {

// Every problem, each at its field:
//   slurm_conf    is no file that can be read
//   slurm_token   is no file that can be read, holds no JWT (RFC 7519: three parts between dots, the second JSON in
//                 base64url), or one that has expired by its `exp`
//   folder        cannot be written, or if it is not there cannot be made
Errors problems_on_disk(const SitesFile& sites, Instant now);

}  // namespace hinterland
