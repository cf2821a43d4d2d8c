// Objects that come from nowhere and go to nowhere, with the mishaps of far places, for tests.
#pragma once
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "hinterland/base/random.hpp"
#include "hinterland/staging/object_hash.hpp"
#include "hinterland/staging/object_place.hpp"
#include "hinterland/staging/object_source.hpp"

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

// One that takes bytes and sometimes does not say so. It outlives what is opened to it (lent()).
struct FarPlace {
  explicit FarPlace(std::uint64_t seed) : random(seed, "far place") {}

  std::map<std::string, std::string> whole, parts;
  std::uint64_t taken = 0;  // over the link
  double mute = 0;          // how often a take is not answered: then some of it was taken
  bool deaf = false;
  RandomStream random;

  static std::unexpected<Errors> silence() {
    return failure({.what = "It does not answer.", .where = {}, .mend = "", .outside = true});
  }
  [[nodiscard]] std::unique_ptr<ObjectPlace> lent();
};

class FarArrival final : public ObjectArrival {
 public:
  FarArrival(FarPlace& far, std::string hash)
      : far_(far),
        hash_(std::move(hash)),
        here_(far.whole.contains(hash_) ? far.whole.at(hash_).size() : far.parts[hash_].size()) {}
  [[nodiscard]] std::uint64_t here() const override { return here_; }
  Expected<std::size_t> check(std::size_t) override { return 0; }
  Expected<std::size_t> take(std::string_view bytes) override {
    const bool is_mute = far_.random.uniform() < far_.mute;
    const std::size_t kept = is_mute ? far_.random.next() % (bytes.size() + 1) : bytes.size();
    far_.parts[hash_] += bytes.substr(0, kept);
    far_.taken += kept;
    sure_ = !is_mute;
    if (is_mute) return FarPlace::silence();
    here_ += kept;
    return kept;
  }
  [[nodiscard]] bool is_sure() const override { return sure_; }
  Expected<TransferEnd> finish() override {
    if (auto part = far_.parts.extract(hash_)) far_.whole[hash_] = std::move(part.mapped());
    return TransferEnd::named;
  }

 private:
  FarPlace& far_;
  std::string hash_;
  std::uint64_t here_;
  bool sure_ = true;
};

inline std::unique_ptr<ObjectPlace> FarPlace::lent() {
  struct Lent final : ObjectPlace {
    explicit Lent(FarPlace& of) : far(of) {}
    Expected<bool> has(const std::string& hash) override {
      return far.deaf ? Expected<bool>(silence()) : far.whole.contains(hash);
    }
    Expected<std::unique_ptr<ObjectArrival>> begin(const std::string& hash, std::uint64_t) override {
      if (far.deaf) return silence();
      return std::make_unique<FarArrival>(far, hash);
    }
    [[nodiscard]] std::optional<std::uint64_t> here(const std::string&) const override {
      return std::nullopt;
    }
    [[nodiscard]] std::vector<Kept> kept() const override { return {}; }
    bool let_go(const std::string&) override { return false; }
    FarPlace& far;
  };
  return std::make_unique<Lent>(*this);
}

}  // namespace hinterland::test
