// Any bytes as a job's file, in TOML and in JSON, and as a broker's sites. What is read is written and read again.
#include "fuzz/fuzz.hpp"
#include "hinterland/serve/job_spec.hpp"
#include "hinterland/serve/sites_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const std::string_view text = text_of(data, size);
  for (const bool toml : {true, false}) {
    const auto spec = toml ? parse_job_toml(text, "fuzz.toml") : parse_job_json(text, "fuzz.json");
    if (!spec) {
      promise_errors(spec.error());
      continue;
    }
    const auto again = parse_job_json(job_json(*spec), "again");
    promise(again.has_value() && job_json(*again) == job_json(*spec));
  }
  if (const auto sites = parse_sites_file(text, "fuzz.toml"); !sites) promise_errors(sites.error());
  return 0;
}
