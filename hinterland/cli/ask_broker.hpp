// What the verbs share that speak to a running broker.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/serve/client.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class App;
}

namespace hinterland {

// --socket, else $HINTERLAND_BROKER, else ./broker.sock.
void add_socket_option(CLI::App& verb, std::string& socket);

inline constexpr int kConflict = 409;  // HTTP's: there is nothing left to do

// The broker's answer; its errors as ours, but for a conflict, which is an answer.
Expected<ClientReply> ask_broker(const std::string& socket, const std::string& method,
                                 const std::string& target, const std::string& body = "");
Expected<nlohmann::ordered_json> ask_broker_json(const std::string& socket, const std::string& method,
                                                 const std::string& target, const std::string& body = "");

// A quote of the broker's, in a sentence.
std::string quote_text(const nlohmann::ordered_json& quote);

// What an answer says that is an error.
Error error_in(const ClientReply& reply);

}  // namespace hinterland
