#include "hinterland/executor/remote_blobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kBelieved = 60'000;   // ms
constexpr std::uint64_t kMostSaid = 65'536;  // bytes of an answer that is no part of an object
constexpr std::uint64_t kMostObject = std::uint64_t{1} << 40U;  // bytes, of a blob of a broker

HttpAsk asking(const char* method, const std::string& hash) {
  return {.method = method,
          .path = "/v1/blobs/" + hash,
          .body = "",
          .headers = {},
          .file = {},
          .take = {},
          .progress = {},
          .most_bytes = kMostSaid};
}

std::optional<std::uint64_t> number_in(const HttpAnswer& answer, const char* header) {
  const auto found = answer.headers.find(header);
  if (found == answer.headers.end()) return std::nullopt;
  const std::size_t from = found->second.rfind('/');  // "bytes 0-0/1000"
  const auto number =
      parse_integer(from == std::string::npos ? found->second : found->second.substr(from + 1));
  return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

std::unexpected<Errors> odd(const RemoteLine& line, const HttpAnswer& answer) {
  Error error = line.refusal(answer);
  error.what = "It answers what no broker does. " + error.what;
  error.outside = true;
  return failure(std::move(error));
}

class RemoteSource final : public ObjectSource {
 public:
  explicit RemoteSource(RemoteLine line) : line_(std::move(line)) {}

  Expected<std::uint64_t> size_of(const std::string& hash) override {
    HttpAsk ask = asking("GET", hash);
    ask.headers.emplace_back("Range: bytes=0-0");
    std::size_t came = 0;
    ask.take = [&](std::string_view bytes) { return (came += bytes.size()) <= 1; };
    const auto answer = line_.ask(std::move(ask));
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 206) {
      if (const auto size = number_in(*answer, "content-range"); size && *size <= kMostObject) return *size;
    }
    if (answer->status == 200 && came == 0) return 0;
    if (answer->status == 404) return failure(line_.refusal(*answer));
    return odd(line_, *answer);
  }

  Expected<std::size_t> read(const std::string& hash, std::uint64_t from, char* into,
                             std::size_t size) override {
    HttpAsk ask = asking("GET", hash);
    ask.headers.push_back(fmt::format("Range: bytes={}-{}", from, from + size - 1));
    std::size_t came = 0;
    ask.take = [&](std::string_view bytes) {
      if (bytes.size() > size - came) return false;  // no range of that size
      std::memcpy(into + came, bytes.data(), bytes.size());
      came += bytes.size();
      return true;
    };
    const auto answer = line_.ask(std::move(ask));
    if (!answer && came == 0) return std::unexpected(answer.error());
    if (!answer) return came;
    if (answer->status == 206 && came > 0) return came;
    if (answer->status == 416) return 0;
    if (answer->status == 404) return failure(line_.refusal(*answer));
    return odd(line_, *answer);
  }

 private:
  RemoteLine line_;
};

class RemoteBlobs final : public ObjectPlace {
 public:
  explicit RemoteBlobs(RemoteLine line) : line_(std::move(line)) {}

  Expected<bool> has(const std::string& hash) override {
    const auto seen = seen_.find(hash);
    if (seen != seen_.end() && line_.now() - seen->second < kBelieved) return true;
    const auto found = find(hash);
    if (!found) return std::unexpected(found.error());
    return found->whole;
  }
  Expected<std::unique_ptr<ObjectArrival>> begin(const std::string& hash, std::uint64_t size) override;
  [[nodiscard]] std::optional<std::uint64_t> here(const std::string& /*hash*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::vector<Kept> kept() const override { return {}; }  // it keeps what it likes
  bool let_go(const std::string& /*name*/) override { return false; }

  struct Found {
    bool whole = false;
    std::uint64_t bytes = 0;
  };
  Expected<Found> find(const std::string& hash) {
    const auto answer = line_.ask(asking("HEAD", hash));
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != 200 && answer->status != 404) return odd(line_, *answer);
    if (answer->status == 404)
      return Found{.whole = false, .bytes = number_in(*answer, "upload-offset").value_or(0)};
    saw(hash);
    return Found{.whole = true, .bytes = 0};
  }
  void saw(const std::string& hash) {
    if (seen_.size() >= kMostSeen)
      std::erase_if(seen_, [&](const auto& one) { return line_.now() - one.second >= kBelieved; });
    seen_[hash] = line_.now();
  }
  RemoteLine& line() { return line_; }

 private:
  static constexpr std::size_t kMostSeen = 100'000;

  RemoteLine line_;
  std::map<std::string, std::int64_t> seen_;  // whole; when
};

// All that came and was given no name gets one with its last byte.
std::uint64_t beginning(std::uint64_t came, std::uint64_t size) {
  return std::min(came, size == 0 ? 0 : size - 1);
}

class RemoteArrival final : public ObjectArrival {
 public:
  RemoteArrival(RemoteBlobs& to, std::string hash, std::uint64_t size, const RemoteBlobs::Found& found)
      : to_(to),
        hash_(std::move(hash)),
        size_(size),
        found_(found.whole ? size : beginning(found.bytes, size)),
        here_(found_),
        named_(found.whole) {}

  [[nodiscard]] std::uint64_t here() const override { return here_; }
  Expected<std::size_t> check(std::size_t /*most*/) override { return 0; }
  [[nodiscard]] bool is_sure() const override { return sure_; }

  Expected<std::size_t> take(std::string_view bytes) override {
    HttpAsk ask = asking("PUT", hash_);
    ask.body = bytes;
    ask.is_bytes = true;
    ask.headers.push_back(
        fmt::format("Content-Range: bytes {}-{}/{}", here_, here_ + bytes.size() - 1, size_));
    const bool last = here_ + bytes.size() == size_;
    sure_ = false;
    const auto answer = to_.line().ask(std::move(ask));
    if (!answer) return std::unexpected(answer.error());
    sure_ = true;
    damaged_ = last && answer->status == 422;
    named_ = last && answer->status == 201;
    if (!damaged_ && answer->status != (last ? 201 : 202)) {
      // Somebody else sends it, or has; or less is there than was: who looks again sees.
      Error error = to_.line().refusal(*answer);
      error.outside = answer->status != 413;
      return failure(std::move(error));
    }
    here_ += bytes.size();
    return bytes.size();
  }

  Expected<TransferEnd> finish() override {
    if (size_ == 0 && !named_) {
      HttpAsk ask = asking("PUT", hash_);
      ask.is_bytes = true;
      const auto answer = to_.line().ask(std::move(ask));
      if (!answer) return std::unexpected(answer.error());
      if (answer->status != 200 && answer->status != 201) return odd(to_.line(), *answer);
      named_ = true;
    }
    if (named_) {
      to_.saw(hash_);
      return TransferEnd::named;
    }
    if (damaged_ && found_ > 0) return TransferEnd::thrown_out;
    return failure({.what = fmt::format("Object {} is damaged in the store.", hash_),
                    .where = {},
                    .mend = "Submit its job again."});
  }

 private:
  RemoteBlobs& to_;
  std::string hash_;
  std::uint64_t size_, found_, here_;
  bool named_, damaged_ = false, sure_ = true;
};

Expected<std::unique_ptr<ObjectArrival>> RemoteBlobs::begin(const std::string& hash, std::uint64_t size) {
  const auto found = find(hash);
  if (!found) return std::unexpected(found.error());
  return std::make_unique<RemoteArrival>(*this, hash, size, *found);
}

}  // namespace

std::unique_ptr<ObjectSource> remote_source(RemoteLine line) {
  return std::make_unique<RemoteSource>(std::move(line));
}
std::unique_ptr<ObjectPlace> remote_place(RemoteLine line) {
  return std::make_unique<RemoteBlobs>(std::move(line));
}

}  // namespace hinterland
