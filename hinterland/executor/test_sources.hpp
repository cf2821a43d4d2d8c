// Objects that come from nowhere, with the mishaps of a far place, for tests.
#pragma once
#include <cstring>
#include <map>
#include <optional>
#include <string>

#include "hinterland/base/random.hpp"
#include "hinterland/executor/object_hash.hpp"
#include "hinterland/executor/object_source.hpp"

namespace hinterland::test {

inline std::string bytes_of(std::uint64_t seed, std::size_t size) {
  RandomStream random(seed, "bytes");
  std::string out(size, '\0');
  for (char& byte : out) byte = static_cast<char>(random.next() >> 56U);
  return out;
}

class TestSource : public ObjectSource {
 public:
  std::string add(const std::string& text) {
    ObjectHash hash;
    hash.add(text.data(), text.size());
    std::string name = hash.name();
    objects[name] = text;
    return name;
  }

  Expected<std::uint64_t> size_of(const std::string& hash) override {
    const auto found = objects.find(hash);
    if (found == objects.end()) return failure({.what = "It is not there.", .where = {}, .mend = ""});
    return found->second.size();
  }
  Expected<std::size_t> read(const std::string& hash, std::uint64_t from, char* into,
                             std::size_t size) override {
    if (fails_after && sent >= *fails_after)
      return failure({.what = "It does not answer.", .where = {}, .mend = "", .outside = true});
    const std::string& text = objects.at(hash);
    if (from >= text.size()) return 0;
    std::size_t part = std::min<std::size_t>(size, text.size() - from);
    if (short_reads > 0) part = std::max<std::size_t>(1, part / (1 + short_reads));
    std::memcpy(into, text.data() + from, part);
    sent += part;
    return part;
  }

  std::map<std::string, std::string> objects;
  std::uint64_t sent = 0;                    // over the link
  std::optional<std::uint64_t> fails_after;  // bytes sent
  std::uint64_t short_reads = 0;             // so much shorter than asked
};

}  // namespace hinterland::test
