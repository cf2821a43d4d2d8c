#include "hinterland/cli/ask_broker.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/base/number.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/net/token_file.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

using Json = nlohmann::ordered_json;

bool BrokerPlace::is_remote() const { return place.starts_with("http://") || place.starts_with("https://"); }

namespace {

// As the places of brokers are compared: without a slash at the end, and the scheme in small letters.
std::string plain_place(std::string text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(scheme), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

void add_broker_options(CLI::App& verb, BrokerPlace& broker) {
  verb.add_option("--broker,--socket", broker.place,
                  "where the broker listens: its socket, or https://HOST:PORT")
      ->envname("HINTERLAND_BROKER")
      ->capture_default_str()
      ->type_name("PLACE")
      ->transform(plain_place);
  verb.add_option("--token-file", broker.token_file,
                  "for https: a file with your token; else $HINTERLAND_TOKEN")
      ->envname("HINTERLAND_TOKEN_FILE")
      ->type_name("FILE");
  verb.add_option("--ca-file", broker.authorities,
                  "for https: who vouches for the broker, PEM; else the system's")
      ->envname("HINTERLAND_CA_FILE")
      ->type_name("FILE");
}

void add_socket_option(CLI::App& verb, std::string& socket) {
  socket = "broker.sock";
  verb.add_option("--socket", socket, "where the broker listens")
      ->envname("HINTERLAND_BROKER")
      ->capture_default_str()
      ->type_name("PATH");
}

std::string quote_text(const Json& quote) {
  const auto money = [&](const char* name) {
    return fmt::format("{} {}", compact(quote.at(name).get<double>()),
                       quote.at("currency").get<std::string>());
  };
  const auto seen = quote.at("seen").get<std::int64_t>();
  if (seen == 0)
    return fmt::format("It may cost {} at most; nothing like it was done before.", money("most"));
  return fmt::format(
      "It may cost {} at most. By {} done before: half the time no more than {}, nine times in ten no more "
      "than {}.",
      money("most"), counted(seen, "task"), money("p50"), money("p90"));
}

Error error_in(const BrokerPlace& broker, const ClientReply& reply) {
  constexpr int unauthorized = 401;
  const Json json = Json::parse(reply.body, nullptr, false);
  const Json error = json.is_object() ? json.value("error", Json()) : Json();
  const Json what = error.is_object() ? error.value("what", Json()) : Json(),
             mend = error.is_object() ? error.value("mend", Json()) : Json();
  if (!what.is_string() || !mend.is_string())
    return {
        .what = fmt::format("It answered with status {}, and not as a Hinterland broker does.", reply.status),
        .where = {.file = broker.place},
        .mend = "Is it a broker's address, with nothing before it that answers instead?",
        .outside = true};
  Error out{
      .what = what.get<std::string>(), .where = {.file = broker.place}, .mend = mend.get<std::string>()};
  if (reply.status == unauthorized) out.mend = "Name one with --token-file, or in HINTERLAND_TOKEN.";
  if (const auto job = json.find("job"); job != json.end() && job->is_number_integer())
    out.mend =
        fmt::format("Job {} has it.{}{}", job->get<std::int64_t>(), out.mend.empty() ? "" : " ", out.mend);
  return out;
}

namespace {

Expected<std::string> token_of(const BrokerPlace& broker) {
  if (broker.token_file.empty()) {
    const char* const token = std::getenv("HINTERLAND_TOKEN");
    std::string text = token == nullptr ? "" : token;
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
    const bool plain = std::ranges::all_of(text, [](unsigned char c) { return std::isgraph(c) != 0; });
    if (!plain)
      return failure({.what = "There is more in it than a token.",
                      .where = {.file = "HINTERLAND_TOKEN"},
                      .mend = "Set it to what `hinterland token new` printed."});
    return text;
  }
  return read_token(broker.token_file);
}

// Connections are kept for as long as the program runs.
HttpClient& client_of(const BrokerPlace& broker) {
  static std::map<std::string, HttpClient> clients;
  constexpr Duration patience{60'000};
  return clients
      .try_emplace(broker.place, HttpServer{.url = broker.is_remote() ? broker.place : "unix:" + broker.place,
                                            .authorities = broker.authorities,
                                            .patience = patience})
      .first->second;
}

Expected<ClientReply> ask_anywhere(const BrokerPlace& broker, const std::string& method,
                                   const std::string& target, const std::string& body) {
  if (broker.is_remote()) {
    auto answer = ask_broker_for_bytes(broker, {.method = method,
                                                .path = target,
                                                .body = body,
                                                .headers = {},
                                                .file = {},
                                                .take = {},
                                                .progress = {}});
    if (!answer) return std::unexpected(std::move(answer.error()));
    return ClientReply{.status = answer->status, .body = std::move(answer->body)};
  }
  auto client = Client::open(broker.place);
  if (!client) {
    Errors why = client.error();
    if (const std::size_t colon = broker.place.rfind(':');
        colon != std::string::npos && parse_integer(broker.place.substr(colon + 1)))
      why.front().mend = fmt::format("Is that https://{}?", broker.place);
    return std::unexpected(std::move(why));
  }
  return client->ask(method, target, body);
}

}  // namespace

Expected<HttpAnswer> ask_broker_for_bytes(const BrokerPlace& broker, HttpAsk ask) {
  if (broker.is_remote()) {
    const auto token = token_of(broker);
    if (!token) return std::unexpected(token.error());
    if (!token->empty() && !is_private(broker.place))
      return failure({.what = "A token is sent by https only.",
                      .where = {.file = broker.place},
                      .mend = "Write https://, or unset HINTERLAND_TOKEN."});
    if (!token->empty()) ask.headers.push_back("Authorization: Bearer " + *token);
  }
  // Whoever has a bar of its own asks itself.
  if (!ask.progress) ask.progress = [](std::uint64_t) { return !was_interrupted(); };
  auto answer = client_of(broker).ask(ask);
  if (!answer && was_interrupted())
    return failure({.what = "Interrupted.", .where = {.file = broker.place}, .mend = "", .outside = true});
  return answer;
}

Expected<ClientReply> ask_broker(const BrokerPlace& broker, const std::string& method,
                                 const std::string& target, const std::string& body) {
  constexpr int moved = 300;
  auto reply = ask_anywhere(broker, method, target, body);
  if (reply && reply->status >= moved && reply->status != kConflict) return failure(error_in(broker, *reply));
  return reply;
}

namespace {

Error no_brokers_answer(const BrokerPlace& broker) {
  return {.what = "The answer is none of a Hinterland broker.",
          .where = {.file = broker.place},
          .mend = "Is it a broker's address, and of this version?",
          .outside = true};
}

}  // namespace

Expected<ClientReply> ask_broker_to(const BrokerPlace& broker, const std::string& target) {
  auto reply = ask_broker(broker, "POST", target);
  if (!reply) return reply;
  if (reply->status == kConflict) {
    Error why = error_in(broker, *reply);
    if (why.outside) return failure(std::move(why));
    return reply;
  }
  const Json json = Json::parse(reply->body, nullptr, false);
  if (!json.is_object() || json.value("done", Json()) != Json(true))
    return failure(no_brokers_answer(broker));
  return reply;
}

int as_broker_says(const BrokerPlace& broker, const std::function<int()>& work) {
  try {
    return work();
  } catch (const Json::exception&) {
    return report({no_brokers_answer(broker)});
  }
}

Expected<Json> ask_broker_json(const BrokerPlace& broker, const std::string& method,
                               const std::string& target, const std::string& body) {
  auto asked = ask_broker(broker, method, target, body);
  if (!asked) return std::unexpected(asked.error());
  Json json = Json::parse(asked->body, nullptr, false);
  if (!json.is_object()) return failure(no_brokers_answer(broker));
  if (asked->status == kConflict) return failure(error_in(broker, *asked));
  return json;
}

}  // namespace hinterland
