// Any bytes as a run record. What is good is the canonical bytes of something that was signed; and whatever has the form of a
// record, signed here, is found to be signed, whether or not its sums hold.
#include <nlohmann/json.hpp>

#include "fuzz/fuzz.hpp"
#include "hinterland/settle/canonical_json.hpp"
#include "hinterland/settle/record_format.hpp"
#include "hinterland/settle/run_record.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  static const SecretKey secret(std::array<unsigned char, kKeyBytes>{});
  static const PublicKey key = secret.public_key();
  const std::string_view text = text_of(data, size);
  auto json = parse_plain_json(text, "fuzz.json");
  const auto check = verify_record(text, "fuzz.json", key);
  if (!json) {
    promise_errors(json.error());
    promise(!check.has_value());
    return 0;
  }
  const auto again = parse_plain_json(canonical(*json), "again");
  promise(again.has_value() && *again == *json);
  if (!check) {
    promise_errors(check.error());
  } else if (check->wrong.empty()) {
    promise(canonical(*json) + "\n" == text);
  }
  if (!json->is_object()) return 0;
  json->erase("signature");
  (*json)["key"] = hex_of(key);
  (*json)["signature"] = secret.sign(canonical(*json));
  const auto ours = verify_record(canonical(*json) + "\n", "ours.json", key);
  const auto claims = read_record_json(*json, "ours.json");
  promise(ours.has_value() == claims.has_value());
  if (!ours) {
    promise_errors(ours.error());
    return 0;
  }
  promise(ours->wrong == claims->wrong);
  (*json)["unit"] = "millionth";
  promise(!verify_record(canonical(*json) + "\n", "spoilt.json", key).has_value());
  return 0;
}
