#include "hinterland/executor/remote_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/number.hpp"
#include "hinterland/net/json_text.hpp"
#include "hinterland/net/token_file.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kMostWait = 300;  // s, whatever it asks for
constexpr Duration kPatience{10'000};
constexpr std::size_t kMostRefusal = 65'536;  // bytes that are looked through for its reason

bool is_for_later(int status) {
  return status < 200 || (status >= 300 && status < 400) || status == 401 || status == 403 || status == 408 ||
         status == 429 || status >= 500;
}

}  // namespace

Error RemoteLine::refusal(const HttpAnswer& answer) const {
  const auto json = parse_sent(answer.body, kMostRefusal, "it");
  std::string what;
  if (json && json->is_object() && json->contains("error") && json->at("error").is_object()) {
    const auto& error = json->at("error");
    if (error.contains("what") && error.at("what").is_string())
      what = one_line(error.at("what").get_ref<const std::string&>());
  }
  return {.what = what.empty() ? fmt::format("Status {}.", answer.status)
                               : fmt::format("{} (status {})", what, answer.status),
          .where = {.file = url_},
          .mend = "",
          .outside = is_for_later(answer.status)};
}

Expected<HttpAnswer> RemoteLine::ask(HttpAsk ask) {
  constexpr std::int64_t ms_per_s = 1000;
  if (const std::int64_t left = not_before_ - clock_(); left > 0)
    return failure(
        {.what = fmt::format("It wants to be left alone for {} s.", (left + ms_per_s - 1) / ms_per_s),
         .where = {.file = url_},
         .mend = "",
         .outside = true});
  auto answer = call_(std::move(ask));
  if (answer && answer->certificate_end) certificate_end_ = answer->certificate_end;
  if (!answer || !is_for_later(answer->status)) return answer;
  if (answer->status == 429 || answer->status == 503) {
    const auto said = answer->headers.find("retry-after");
    const auto seconds = said == answer->headers.end() ? std::nullopt : parse_integer(said->second);
    not_before_ = clock_() + ms_per_s * std::clamp<std::int64_t>(seconds.value_or(1), 1, kMostWait);
  }
  return failure(refusal(*answer));
}

RemoteLine line_to(const RemotePlace& place, RemoteLine::Clock clock) {
  auto client = std::make_shared<HttpClient>(
      HttpServer{.url = place.url, .authorities = place.authorities, .patience = kPatience});
  auto call = [client, file = place.token_file](HttpAsk ask) -> Expected<HttpAnswer> {
    if (!file.empty()) {
      const auto token = read_token(file);
      if (!token) return std::unexpected(token.error());
      ask.headers.push_back("Authorization: Bearer " + *token);
    }
    return client->ask(ask);
  };
  return {place.url, std::move(call), std::move(clock)};
}

}  // namespace hinterland
