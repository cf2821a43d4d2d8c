// HTTP as a client, by libcurl, which is loaded with the first call.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

struct HttpServer {
  std::string url;          // "http://HOST:PORT", "https://HOST:PORT", or "unix:/PATH"
  std::string authorities;  // PEM file of the certificates that vouch for it; empty: the system's
  Duration connecting{3'000};
  Duration patience{15'000};  // for an answer; with a file, `take` or a long body: with no more than 1 KB/s
};

// Part of an open file, as a body.
struct HttpFile {
  int file = -1;
  std::uint64_t from = 0, bytes = 0;
};

inline constexpr std::uint64_t kMostAnswer = 4ULL << 30U;  // bytes

struct HttpAsk {
  std::string method, path, body;
  std::vector<std::string> headers;  // "Name: value"
  std::optional<HttpFile> file;      // in place of the body
  // Takes the answer's body as it comes, if its status is below 300; false: no more.
  std::function<bool(std::string_view)> take;
  // Told now and then how many bytes have moved; false: no more.
  std::function<bool(std::uint64_t)> progress;
  bool is_bytes = false;  // the body; else it is JSON
  std::uint64_t most_bytes =
      kMostAnswer;  // that are read of the answer's body, where `take` does not take it
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  // their names in lower case
  // When the server's certificate ends; nullopt: it has none, or showed it with an answer before, on the same connection.
  std::optional<Instant> certificate_end{};
};

// Connections are kept for the next call. From one thread at a time. No proxy is asked.
class HttpClient {
 public:
  explicit HttpClient(HttpServer server);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;
  ~HttpClient();

  // What came back, whatever its status. Fails, Error::outside and located at the URL, if nothing did, or not all, in
  // time, or more than `most_bytes` or 64 kB of headers: then nobody knows whether it was carried out.
  Expected<HttpAnswer> ask(const HttpAsk& ask);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
