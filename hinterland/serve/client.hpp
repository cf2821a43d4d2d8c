// A client of the broker's socket.
#pragma once
#include <memory>
#include <string>

#include "hinterland/base/error.hpp"

namespace hinterland {

struct ClientReply {
  int status = 0;
  std::string body;
};

class Client {
 public:
  // Fails where nobody listens.
  static Expected<Client> open(const std::string& socket);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  // Waits for the answer. Fails if the broker goes away first: what was asked may then have happened or not.
  Expected<ClientReply> ask(const std::string& method, const std::string& target,
                            const std::string& body = "");

 private:
  struct Body;
  explicit Client(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

}  // namespace hinterland
