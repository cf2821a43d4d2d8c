// A request and its answer, apart from any connection.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/staging/files.hpp"

namespace hinterland {

// Of a request, before its body is read. What it does not have is empty.
struct HttpHead {
  std::string method, target;
  std::string host, authorization, key, range, content_range, last_event;
  std::string origin, fetch_site;       // what browsers say of the page that asks
  std::optional<std::uint64_t> length;  // of its body; nullopt: it is not said
  bool from_socket = true;              // the Unix socket, which says whom
  std::uint32_t uid = 0;                // whom
  std::string address;                  // over the network: where from
};

// Part of a file.
struct FilePart {
  std::shared_ptr<Handle> file;
  std::uint64_t from = 0, bytes = 0;
};

// What comes bit by bit for as long as somebody listens: a reader asks for more when it has sent what it got.
class EventReader {
 public:
  EventReader() = default;
  EventReader(const EventReader&) = delete;
  EventReader& operator=(const EventReader&) = delete;
  virtual ~EventReader() = default;
  // Some text, perhaps later, once; none: there will be no more.
  virtual void next(std::function<void(std::optional<std::string>)> take) = 0;
};

struct ApiResponse {
  int status = 200;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<FilePart> file;         // in place of the body
  std::shared_ptr<EventReader> events;  // the same; and then the connection ends
};

using Reply = std::function<void(ApiResponse)>;

}  // namespace hinterland
