#include "hinterland/serve/sites_check.hpp"

#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// What a JWT claims; nullopt: it is none.
std::optional<nlohmann::json> claims_of(const std::string& token) {
  const std::size_t first = token.find('.'), second = token.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  const std::string part = token.substr(first + 1, second - first - 1);
  std::string text(part.size(), '\0');
  std::size_t bytes = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), part.data(), part.size(),
                        nullptr, &bytes, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return std::nullopt;
  text.resize(bytes);
  auto claims = nlohmann::json::parse(text, nullptr, false);
  return claims.is_object() ? std::optional(std::move(claims)) : std::nullopt;
}

std::string wrong_with_token(const std::string& file, Instant now) {
  const auto text = read_text(file);
  if (!text) return in_quotes(file) + " cannot be read";
  struct stat about{};
  if (::stat(file.c_str(), &about) == 0 && (about.st_mode & 077) != 0)
    return fmt::format("{} is for its owner alone, and others may read it", in_quotes(file));
  const auto claims = claims_of(text->substr(0, text->find_first_of(" \r\n")));
  if (!claims) return in_quotes(file) + " holds no JWT";
  const auto end = claims->find("exp");
  constexpr std::int64_t second = 1000;
  if (end == claims->end() || !end->is_number_integer() || end->get<std::int64_t>() > now.ms / second)
    return "";
  return fmt::format("the token in {} expired {} s ago", in_quotes(file),
                     now.ms / second - end->get<std::int64_t>());
}

// A folder that is not there is made when the broker begins.
std::string wrong_with_folder(const fs::path& folder) {
  std::error_code trouble;
  fs::path there = folder;
  while (!there.empty() && there != there.root_path() && !fs::exists(there, trouble))
    there = there.parent_path();
  if (there.empty()) there = ".";
  if (!fs::is_directory(there, trouble)) return in_quotes(there.string()) + " is no folder";
  if (::access(there.c_str(), W_OK | X_OK) != 0) return in_quotes(there.string()) + " cannot be written";
  return "";
}

}  // namespace

Errors problems_on_disk(const SitesFile& sites, Instant now) {
  Errors errors;
  for (const SitesPool& pool : sites.pools) {
    const auto complain = [&](const char* field, std::string what, const char* mend) {
      if (what.empty()) return;
      add_error(errors, {.what = std::move(what),
                         .where = {.file = sites.file, .field = fmt::format("pools.{}.{}", pool.key, field)},
                         .mend = mend});
    };
    if (!pool.slurm_conf.empty() && ::access(pool.slurm_conf.c_str(), R_OK) != 0)
      complain("slurm_conf", in_quotes(pool.slurm_conf) + " cannot be read",
               "Name the cluster's slurm.conf.");
    if (!pool.slurm_token.empty())
      complain("slurm_token", wrong_with_token(pool.slurm_token, now),
               "Write one there, mode 0600: `scontrol token username=USER lifespan=SECONDS`.");
    if (!pool.folder.empty())
      complain("folder", wrong_with_folder(pool.folder), "Name one that this user may write.");
  }
  return errors;
}

Errors problems_of_tokens(const Tokens& tokens, const std::string& file, const SitesFile& sites) {
  Errors errors;
  for (const TokenEntry& token : tokens.entries()) {
    for (const std::string& project : token.projects) {
      if (std::ranges::find(sites.projects, project, &SitesProject::key) != sites.projects.end()) continue;
      add_error(errors,
                {.what = fmt::format("No project {} is in {}", in_quotes(project), in_quotes(sites.file)),
                 .where = {.file = file, .field = fmt::format("tokens.{}.projects", token.key)},
                 .mend = fmt::format("Write [projects.{}] there, or take it from this token.", project)});
    }
  }
  return errors;
}

}  // namespace hinterland
