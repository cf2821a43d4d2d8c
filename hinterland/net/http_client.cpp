#include "hinterland/net/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <utility>

#include "hinterland/base/shared_library.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kLongBody = 16'384;  // bytes: what a slow line takes longer for than for an answer
constexpr std::uint64_t kMostHeaders = 65'536;

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
  static const Expected<Curl> kLoaded = load_curl();
  return kLoaded;
}

struct Ends {
  void operator()(CURL* handle) const { curl()->cleanup(handle); }
  void operator()(curl_slist* list) const { curl()->free_all(list); }
};

// One call, for libcurl's functions.
struct Call {
  const HttpAsk& ask;
  CURL* handle = nullptr;
  HttpAnswer answer;
  std::uint64_t sent = 0, headers = 0;
  bool is_too_long = false;

  std::size_t hear(std::string_view bytes) {
    long status = 0;
    curl()->getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    constexpr long refused = 300;
    if (ask.take && status < refused) return ask.take(bytes) ? bytes.size() : bytes.size() + 1;
    is_too_long = bytes.size() > ask.most_bytes - answer.body.size();
    if (is_too_long) return bytes.size() + 1;
    answer.body += bytes;
    return bytes.size();
  }
  // Also those of what comes before the answer, and after it. False: no more.
  bool hear_header(std::string_view line) {
    is_too_long = line.size() > kMostHeaders - headers;
    if (is_too_long) return false;
    headers += line.size();
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    answer.headers[std::move(name)] = value;
    return true;
  }
  std::size_t say(char* to, std::size_t most) {
    const std::size_t wanted = std::min<std::uint64_t>(most, ask.file->bytes - sent);
    const ssize_t got = ::pread(ask.file->file, to, wanted, static_cast<off_t>(ask.file->from + sent));
    if (got < 0) return CURL_READFUNC_ABORT;
    sent += static_cast<std::size_t>(got);
    return static_cast<std::size_t>(got);
  }
};

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* call) {
  return static_cast<Call*>(call)->hear({bytes, size * count});
}
std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* call) {
  return static_cast<Call*>(call)->hear_header({bytes, size * count}) ? size * count : size * count + 1;
}
std::size_t on_upload(char* to, std::size_t size, std::size_t count, void* call) {
  return static_cast<Call*>(call)->say(to, size * count);
}
int on_progress(void* call, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
  return static_cast<Call*>(call)->ask.progress(static_cast<std::uint64_t>(down + up)) ? 0 : 1;
}

// Of the first that was shown: "Expire date:Nov 30 20:26:51 2027 GMT", as OpenSSL writes it.
std::optional<Instant> certificate_end(CURL* handle) {
  curl_certinfo* shown = nullptr;
  if (curl()->getinfo(handle, CURLINFO_CERTINFO, &shown) != CURLE_OK || shown == nullptr ||
      shown->num_of_certs < 1)
    return std::nullopt;
  for (const curl_slist* line = shown->certinfo[0]; line != nullptr; line = line->next) {
    constexpr std::string_view before = "Expire date:";
    const std::string_view said = line->data;
    std::tm utc{};
    if (!said.starts_with(before) ||
        ::strptime(said.data() + before.size(), "%b %d %H:%M:%S %Y GMT", &utc) == nullptr)
      continue;
    constexpr std::int64_t ms_per_s = 1000;
    return Instant{ms_per_s * static_cast<std::int64_t>(::timegm(&utc))};
  }
  return std::nullopt;
}

const char* advice(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return "Its certificate must be for the host of this URL, and vouched for by someone who is known "
             "here.";
    case CURLE_SSL_CONNECT_ERROR: return "Does it speak TLS, or http:// only?";
    case CURLE_GOT_NOTHING: return "Does it speak TLS: https://?";
    default: return "";
  }
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
  std::unique_ptr<curl_slist, Ends> headers(
      curl()->append(nullptr, ask.file || ask.is_bytes ? "Content-Type: application/octet-stream"
                                                       : "Content-Type: application/json"));
  for (const std::string& header : ask.headers) curl()->append(headers.get(), header.c_str());
  Call call{.ask = ask, .handle = handle, .answer = {}};
  set(CURLOPT_URL, (base + ask.path).c_str());
  set(CURLOPT_CUSTOMREQUEST, ask.method.c_str());
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_CERTINFO, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.connecting.ms));
  if (ask.file || ask.take || ask.body.size() > kLongBody) {
    set(CURLOPT_LOW_SPEED_LIMIT, 1000L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(server.patience.ms / 1000)));
  } else {
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.patience.ms));
  }
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&call));
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&call));
  if (ask.progress) {
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(&call));
  }
  if (ask.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  if (ask.file) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, on_upload);
    set(CURLOPT_READDATA, static_cast<void*>(&call));
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(ask.file->bytes));
  }
  if (!server.authorities.empty()) set(CURLOPT_CAINFO, server.authorities.c_str());
  if (!ask.body.empty() || ask.is_bytes) {
    set(CURLOPT_POSTFIELDS, ask.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(ask.body.size()));
  }
  const CURLcode code = curl()->perform(handle);
  if (code == CURLE_SSL_CACERT_BADFILE && !server.authorities.empty())
    return failure({.what = "No certificates can be read from it.",
                    .where = {.file = server.authorities},
                    .mend = "Name a PEM file of who vouches for the server.",
                    .outside = true});
  if (code != CURLE_OK)
    return failure({.what = call.is_too_long
                                ? "Its answer is longer than it can be, and was not read to its end."
                                : fmt::format("No answer: {}.", curl()->strerror(code)),
                    .where = {.file = server.url},
                    .mend = advice(code),
                    .outside = true});
  long status = 0;
  curl()->getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  call.answer.status = static_cast<int>(status);
  call.answer.certificate_end = certificate_end(handle);
  return std::move(call.answer);
}

}  // namespace hinterland
