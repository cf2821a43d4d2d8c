#include "hinterland/net/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <utility>

#include "hinterland/base/shared_library.hpp"

namespace hinterland {

namespace {

struct Curl {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) init;
  decltype(&::curl_easy_reset) reset;
  decltype(&::curl_easy_setopt) setopt;
  decltype(&::curl_easy_perform) perform;
  decltype(&::curl_easy_getinfo) getinfo;
  decltype(&::curl_easy_strerror) strerror;
  decltype(&::curl_easy_cleanup) cleanup;
  decltype(&::curl_slist_append) append;
  decltype(&::curl_slist_free_all) free_all;
};

Expected<Curl> load_curl() {
  const auto library = SharedLibrary::load("libcurl.so.4", "libcurl4");
  if (!library) return std::unexpected(library.error());
  Curl curl{};
  const bool whole =
      library->find("curl_global_init", curl.global_init) && library->find("curl_easy_init", curl.init) &&
      library->find("curl_easy_reset", curl.reset) && library->find("curl_easy_setopt", curl.setopt) &&
      library->find("curl_easy_perform", curl.perform) && library->find("curl_easy_getinfo", curl.getinfo) &&
      library->find("curl_easy_strerror", curl.strerror) &&
      library->find("curl_easy_cleanup", curl.cleanup) && library->find("curl_slist_append", curl.append) &&
      library->find("curl_slist_free_all", curl.free_all);
  if (!whole || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return failure({.what = "The library does not begin its work.",
                    .where = {.file = "libcurl.so.4"},
                    .mend = "Install a whole one.",
                    .outside = true});
  return curl;
}

const Expected<Curl>& curl() {
  static const Expected<Curl> loaded = load_curl();
  return loaded;
}

struct Ends {
  void operator()(CURL* handle) const { curl()->cleanup(handle); }
  void operator()(curl_slist* list) const { curl()->free_all(list); }
};

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

}  // namespace

struct HttpClient::Body {
  HttpServer server;
  std::unique_ptr<CURL, Ends> handle;
};

HttpClient::HttpClient(HttpServer server) : body_(std::make_unique<Body>()) {
  body_->server = std::move(server);
}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Expected<HttpAnswer> HttpClient::ask(const HttpAsk& ask) {
  if (!curl()) return std::unexpected(curl().error());
  const HttpServer& server = body_->server;
  if (!body_->handle) body_->handle.reset(curl()->init());
  CURL* const handle = body_->handle.get();
  const auto set = [&](CURLoption option, auto value) { curl()->setopt(handle, option, value); };
  curl()->reset(handle);
  std::string base = server.url;
  if (base.starts_with("unix:")) {
    set(CURLOPT_UNIX_SOCKET_PATH, base.substr(5).c_str());
    base = "http://localhost";
  }
  std::unique_ptr<curl_slist, Ends> headers(curl()->append(nullptr, "Content-Type: application/json"));
  for (const std::string& header : ask.headers) curl()->append(headers.get(), header.c_str());
  HttpAnswer answer;
  set(CURLOPT_URL, (base + ask.path).c_str());
  set(CURLOPT_CUSTOMREQUEST, ask.method.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connecting.ms));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.patience.ms));
  set(CURLOPT_WRITEFUNCTION, append);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
  if (!server.authorities.empty()) set(CURLOPT_CAINFO, server.authorities.c_str());
  if (!ask.body.empty()) {
    set(CURLOPT_POSTFIELDS, ask.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(ask.body.size()));
  }
  if (const CURLcode code = curl()->perform(handle); code != CURLE_OK)
    return failure({.what = fmt::format("No answer: {}.", curl()->strerror(code)),
                    .where = {.file = server.url},
                    .mend = "",
                    .outside = true});
  long status = 0;
  curl()->getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace hinterland
