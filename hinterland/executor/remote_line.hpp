// A line to another broker, over HTTP (docs/http.md): what is asked over it, and what an answer is worth.
//
//   2xx, 400, 404, 409, 413, 416, 422 ...    an answer, for whoever asked
//   none; 401, 403, 408, 429, 3xx, 5xx       none: Error::outside. The token may be renewed, the broker begun anew; what was
//                                            asked may have been done, or be done later
//
// Who is told to come back later (429, 503) does: until then nothing is sent. From one thread at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "hinterland/net/http_client.hpp"

namespace hinterland {

struct RemotePlace {
  std::string url;          // "https://HOST:PORT"
  std::string token_file;   // read again for each call: tokens are renewed
  std::string authorities;  // as HttpServer's
};

class RemoteLine {
 public:
  using Call = std::function<Expected<HttpAnswer>(HttpAsk)>;
  using Clock = std::function<std::int64_t()>;  // ms; it never goes back

  RemoteLine(std::string url, Call call, Clock clock)
      : url_(std::move(url)), call_(std::move(call)), clock_(std::move(clock)) {}

  Expected<HttpAnswer> ask(HttpAsk ask);
  // What is wrong, in the words of an answer, as one_line().
  [[nodiscard]] Error refusal(const HttpAnswer& answer) const;
  [[nodiscard]] std::int64_t now() const { return clock_(); }
  // Of the certificate that was shown last.
  [[nodiscard]] std::optional<Instant> certificate_end() const { return certificate_end_; }

 private:
  std::string url_;
  Call call_;
  Clock clock_;
  std::int64_t not_before_ = 0;
  std::optional<Instant> certificate_end_;
};

// With connections of its own.
RemoteLine line_to(const RemotePlace& place, RemoteLine::Clock clock);

}  // namespace hinterland
