// What the verbs share that speak to a running broker.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "hinterland/base/error.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library chose it
class App;
}

namespace hinterland {

// --socket, else $HINTERLAND_BROKER, else ./broker.sock.
void add_socket_option(CLI::App& verb, std::string& socket);

// The broker's answer, if it is not one of its errors.
struct Asked {
  int status = 0;
  std::string body;
};
Expected<Asked> ask_broker(const std::string& socket, const std::string& method, const std::string& target,
                           const std::string& body = "");
Expected<nlohmann::ordered_json> ask_broker_json(const std::string& socket, const std::string& method,
                                                 const std::string& target, const std::string& body = "");

}  // namespace hinterland
