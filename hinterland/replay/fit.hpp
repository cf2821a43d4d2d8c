// What a journal says of the sites that the atlas does not know: what starting takes there, how fast they are, and how fast inputs
// come. Written as books (sites.csv of three columns), which `simulate`, `replay` and whatever else reads an atlas take by --books.
//
//   start_up_s   median of ended - began - ran over attempts that were done there
//   speed        work of one job in several sites: ln ran = a of the job - ln speed of the site, fitted by medians (Tukey's
//                median polish, 1977), so that a job that hung once counts once. The site with most tasks has speed 1;
//                one that shares no job with it, directly or over others, keeps the atlas's, and so does one whose ln speed
//                is less than four times its own error from 0: 1.4826 x 1.2533 x the median residual / sqrt n, of both sites
//   input_mbps   bytes that moved there / the time in which any of them did
//
// Of a site with several pools all are taken together. What too few attempts say (kFewest) is not told, nor the speed of a line over which
// too little moved (kLeastMoved): that is what a move takes to begin, and a scene would take minutes by it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/id.hpp"
#include "hinterland/replay/day.hpp"

namespace hinterland {

struct SiteFit {
  static constexpr std::int64_t kFewest = 5, kLeastMoved = 100'000;  // attempts; bytes

  SiteId site;
  std::int64_t attempts = 0;         // that were done
  std::optional<Duration> start_up;  // median
  Duration start_up_p90;
  std::optional<double> speed;
  std::int64_t shared = 0;  // attempts of jobs that ran elsewhere too
  std::optional<double> input_mbps;
  std::int64_t moved_bytes = 0;
};

// By site, in the order of the pools.
std::vector<SiteFit> fit_sites(const Day& day);

// sites.csv, which begins with these columns.
inline constexpr std::string_view kFittedColumns = "id,start_up_s,speed,input_mbps\n";
std::string fitted_books(const std::vector<SiteFit>& fits);

}  // namespace hinterland
