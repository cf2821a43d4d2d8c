// What the verbs share that speak to a running broker.
#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/net/http_client.hpp"
#include "hinterland/serve/client.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class App;
}

namespace hinterland {

// Where a broker is: its socket, or http(s)://HOST:PORT with a token.
struct BrokerPlace {
  std::string place = "broker.sock";
  std::string token_file;   // else $HINTERLAND_TOKEN
  std::string authorities;  // PEM: who vouches for its certificate; else the system's
  [[nodiscard]] bool is_remote() const;
};
// --broker, else $HINTERLAND_BROKER, else ./broker.sock; and how to show who asks.
void add_broker_options(CLI::App& verb, BrokerPlace& broker);
// Of the verb that is the broker.
void add_socket_option(CLI::App& verb, std::string& socket);

inline constexpr int kConflict = 409;  // HTTP's: there is nothing left to do

// The broker's answer; its errors as ours, but for a conflict, which is an answer. What is no broker's answer (a login page, a
// redirection, a proxy's error) fails, Error::outside.
Expected<ClientReply> ask_broker(const BrokerPlace& broker, const std::string& method,
                                 const std::string& target, const std::string& body = "");
Expected<nlohmann::ordered_json> ask_broker_json(const BrokerPlace& broker, const std::string& method,
                                                 const std::string& target, const std::string& body = "");

// Asks for something to be done. Fails as above, and where it is not said to be done; a conflict is an answer.
Expected<ClientReply> ask_broker_to(const BrokerPlace& broker, const std::string& target);

// Runs what reads answers; one that has not the form of a broker's ends it with kOutsideFailed.
int as_broker_says(const BrokerPlace& broker, const std::function<int()>& work);

// The same with bytes of files: by HttpClient, whatever the place.
Expected<HttpAnswer> ask_broker_for_bytes(const BrokerPlace& broker, HttpAsk ask);

// A quote of the broker's, in a sentence.
std::string quote_text(const nlohmann::ordered_json& quote);

// What an answer says that is an error, whoever gave it.
Error error_in(const BrokerPlace& broker, const ClientReply& reply);

}  // namespace hinterland
