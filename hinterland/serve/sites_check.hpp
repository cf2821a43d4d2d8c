// What a sites file cannot tell alone: whether the files and folders that it names are there and can be used, and whether
// tokens are for projects that it has.
#pragma once

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"
#include "hinterland/serve/sites_file.hpp"
#include "hinterland/serve/tokens.hpp"

namespace hinterland {

// Every problem, each at its field:
//   slurm_conf    is no file that can be read
//   slurm_token   is no file that can be read, holds no JWT (RFC 7519: three parts between dots, the second JSON in
//                 base64url), or one that has expired by its `exp`
//   folder        cannot be written, or if it is not there cannot be made
Errors problems_on_disk(const SitesFile& sites, Instant now);

// Each token that is for a project the sites file has not, at `tokens.NAME.projects` of `file`: whoever bears it can
// submit nothing there.
Errors problems_of_tokens(const Tokens& tokens, const std::string& file, const SitesFile& sites);

}  // namespace hinterland
