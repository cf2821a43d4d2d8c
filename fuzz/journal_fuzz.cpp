// The bytes of a journal's steps and snapshots, and its JSON: what is taken for them comes back the same, and evolves
// a state only as it may.
#include "fuzz/fuzz.hpp"
#include "hinterland/journal/codec.hpp"
#include "hinterland/journal/journal.hpp"
#include "hinterland/journal/step_json.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  const std::string bytes(text_of(data, size));
  if (const auto state = decode_state(bytes)) promise(encode(*state) == bytes);
  auto facts = decode_facts(bytes);
  if (facts) {
    promise(encode(*facts).substr(1) == bytes.substr(1));  // but for its format, which may be an older one
  } else if (auto said = parse_step(bytes, 1, {.file = "fuzz.jsonl", .line = 1})) {
    facts = std::move(*said);
  } else {
    promise_errors(said.error());
    return 0;
  }
  const auto again = parse_step(step_json(1, *facts), 1, {});
  promise(again.has_value() && encode(*again) == encode(*facts));
  State state;
  promise(follow(state,
                 {fact::PoolNamed{"north"}, fact::PlacesNamed{"anywhere"}, fact::ProjectSet{"film", 1, -1},
                  fact::HostNamed{PoolIndex{0}, "a"},
                  fact::Accepted{
                      .at = {1000}, .key = "", .job = {.size = {.cores = 1}, .units = 1, .request = {1000}}}},
                 {})
              .has_value());
  if (const auto follows = follow(state, *facts, {.file = "fuzz.jsonl"}); !follows)
    promise_errors(follows.error());
  return 0;
}
