#include "hinterland/cli/ask_broker.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"

namespace hinterland {

using Json = nlohmann::ordered_json;

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

Expected<ClientReply> ask_broker(const std::string& socket, const std::string& method,
                                 const std::string& target, const std::string& body) {
  auto client = Client::open(socket);
  if (!client) return std::unexpected(client.error());
  auto reply = client->ask(method, target, body);
  if (reply && reply->status >= 400 && reply->status != kConflict) return failure(error_in(*reply));
  return reply;
}

Expected<Json> ask_broker_json(const std::string& socket, const std::string& method,
                               const std::string& target, const std::string& body) {
  auto asked = ask_broker(socket, method, target, body);
  if (!asked) return std::unexpected(asked.error());
  Json json = Json::parse(asked->body, nullptr, false);
  if (json.is_discarded())
    return failure({.what = "The broker's answer is no JSON.",
                    .where = {.file = socket},
                    .mend = "Is it of another version?",
                    .outside = true});
  return json;
}

}  // namespace hinterland
