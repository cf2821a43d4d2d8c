// HTTP as a client, by libcurl, which is loaded with the first call.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

struct HttpServer {
  std::string url;          // "http://HOST:PORT", "https://HOST:PORT", or "unix:/PATH"
  std::string authorities;  // PEM file of the certificates that vouch for it; empty: the system's
  Duration connecting{3'000}, patience{15'000};
};

struct HttpAsk {
  std::string method, path, body;
  std::vector<std::string> headers;  // "Name: value"
};

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// Connections are kept for the next call. From one thread at a time. No proxy is asked.
class HttpClient {
 public:
  explicit HttpClient(HttpServer server);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;
  ~HttpClient();

  // What came back, whatever its status. Fails, Error::outside and located at the URL, if nothing did, or not all, in
  // time: then nobody knows whether it was carried out.
  Expected<HttpAnswer> ask(const HttpAsk& ask);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
