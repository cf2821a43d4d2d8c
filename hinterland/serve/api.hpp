// The broker's HTTP interface, apart from any connection: who asks, whether they may, what for (route.hpp has the table).
// Bodies are JSON; errors are {"error": {"what": ..., "mend": ...}}.
//
// A request is let in or refused before its body is read:
//   404, 405   no such route; not by this method
//   401        over the network without a token that is known and not expired, where there are tokens
//   403        the token's role is not enough, or the job is of a project that it is not for
//   429        too many requests of this caller, or too many wrong tokens from this address
//   400, 413   parameters; a body that is longer than the route takes
//   503        bodies of others take all the memory that there is for them
// What would change something, and what was refused for want of a right, stands in the journal with who asked.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "hinterland/serve/events.hpp"
#include "hinterland/serve/rate_limit.hpp"
#include "hinterland/serve/route.hpp"
#include "hinterland/serve/tokens.hpp"
#include "hinterland/serve/worker.hpp"

namespace hinterland {

class Upload;

struct ApiSettings {
  std::optional<TokensFile> tokens;  // none: nobody over the network needs one
  Loop* loop = nullptr;              // for what takes long: then its answer comes later; none: at once
  double requests_per_s = 1000;      // of each token; twice as many at once
  std::function<void(const Errors&)> say = [](const Errors&) {};  // for the operator's eyes
};

class Api {
 public:
  Api(Service& service, ApiSettings settings);
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;
  ~Api();

  // A request that was let in, while its body comes.
  class Exchange {
   public:
    // An answer if it cannot go on.
    std::optional<ApiResponse> take(std::string_view bytes);
    // The rest of it does not come: noted like what take() refuses.
    ApiResponse give_up(ApiResponse refused);
    // All of the body has come. Answers once, perhaps later.
    void finish(Reply reply);

    Exchange(Exchange&&) noexcept;
    Exchange& operator=(Exchange&&) = delete;
    ~Exchange();

   private:
    friend class Api;
    Exchange(Api& api, const Route& route, ApiRequest asked);
    Api& api_;
    const Route& route_;
    ApiRequest asked_;
    std::uint64_t held_ = 0;  // bytes of its body
    std::shared_ptr<std::uint64_t> held_by_all_;
    std::unique_ptr<Upload> upload_;
  };
  // `now_ms`: of a clock that does not go back.
  std::variant<ApiResponse, Exchange> begin(HttpHead head, std::int64_t now_ms);

  // Of what came from there and was no request, or not all of one in time, the journal has a line too.
  void note_garbled(const std::string& address, bool from_socket, int status, std::int64_t now_ms);

  // To be called every few seconds: lines stand, and whose token is no good any more is let go.
  void beat();
  [[nodiscard]] Service& service() { return context_.service; }

 private:
  bool read_aside(std::function<void()> work, std::function<void()> then);
  std::variant<ApiResponse, Caller> caller_of(const HttpHead& head, std::int64_t now_ms);
  std::optional<ApiResponse> forbidden(const Route& route, const ApiRequest& asked) const;
  void note_refusal(const std::string& who, const HttpHead& head, int status);

  Events events_;
  ApiContext context_;
  ApiSettings settings_;
  std::int64_t now_ms_ = 0;
  std::map<std::string, RateLimit, std::less<>> callers_, strangers_;  // by name; by address
  RateLimit refusals_, nameless_;                                      // that are noted
  std::uint64_t unnoted_ = 0;
  // Bytes of bodies that are in memory. Theirs too: what a loop that has stopped still holds goes with the loop, after this.
  std::shared_ptr<std::uint64_t> held_ = std::make_shared<std::uint64_t>(0);
  bool tokens_are_bad_ = false;
  std::uint64_t beats_ = 0;
  std::optional<WorkThread> disk_, checks_;  // ends before what it works for
};

}  // namespace hinterland
