#include "hinterland/cli/ask_broker.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/base/file.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

using Json = nlohmann::ordered_json;

bool BrokerPlace::is_remote() const { return place.starts_with("http://") || place.starts_with("https://"); }

void add_broker_options(CLI::App& verb, BrokerPlace& broker) {
  verb.add_option("--broker,--socket", broker.place,
                  "where the broker listens: its socket, or https://HOST:PORT")
      ->envname("HINTERLAND_BROKER")
      ->capture_default_str()
      ->type_name("PLACE");
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

Error error_in(const ClientReply& reply) {
  const Json json = Json::parse(reply.body, nullptr, false);
  Error error{.what = "The broker refused it.", .where = {}, .mend = ""};
  if (json.is_object() && json.contains("error")) {
    error.what = json.at("error").value("what", error.what);
    error.mend = json.at("error").value("mend", "");
  }
  return error;
}

namespace {

bool is_this_machine(const std::string& url) {
  const std::string host = url.substr(std::string_view("http://").size());
  return host.starts_with("127.0.0.1:") || host.starts_with("localhost:") || host.starts_with("[::1]:");
}

Expected<std::string> token_of(const BrokerPlace& broker) {
  if (broker.token_file.empty()) {
    const char* const token = std::getenv("HINTERLAND_TOKEN");
    return token == nullptr ? "" : token;
  }
  const auto text = read_text(broker.token_file);
  if (!text) return std::unexpected(text.error());
  return text->substr(0, text->find_first_of(" \r\n"));
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
  if (!client) return std::unexpected(client.error());
  return client->ask(method, target, body);
}

}  // namespace

Expected<HttpAnswer> ask_broker_for_bytes(const BrokerPlace& broker, HttpAsk ask) {
  if (broker.is_remote()) {
    const auto token = token_of(broker);
    if (!token) return std::unexpected(token.error());
    if (!token->empty() && broker.place.starts_with("http://") && !is_this_machine(broker.place))
      return failure({.what = "A token is sent by https only.",
                      .where = {.file = broker.place},
                      .mend = "Write https://, or unset HINTERLAND_TOKEN."});
    if (!token->empty()) ask.headers.push_back("Authorization: Bearer " + *token);
  }
  return client_of(broker).ask(ask);
}

Expected<ClientReply> ask_broker(const BrokerPlace& broker, const std::string& method,
                                 const std::string& target, const std::string& body) {
  auto reply = ask_anywhere(broker, method, target, body);
  if (reply && reply->status >= 400 && reply->status != kConflict) return failure(error_in(*reply));
  return reply;
}

Expected<Json> ask_broker_json(const BrokerPlace& broker, const std::string& method,
                               const std::string& target, const std::string& body) {
  auto asked = ask_broker(broker, method, target, body);
  if (!asked) return std::unexpected(asked.error());
  Json json = Json::parse(asked->body, nullptr, false);
  if (json.is_discarded())
    return failure({.what = "The broker's answer is no JSON.",
                    .where = {.file = broker.place},
                    .mend = "Is it of another version?",
                    .outside = true});
  return json;
}

}  // namespace hinterland
