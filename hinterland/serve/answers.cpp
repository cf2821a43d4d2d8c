#include "hinterland/serve/answers.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct HttpDenial {
  int status;
  const char* what;
};
HttpDenial http_of(Denial denial) {
  switch (denial) {
    case Denial::none: return {200, ""};
    case Denial::no_job: return {404, "There is no such job."};
    case Denial::no_pool: return {404, "There is no such pool."};
    case Denial::no_project: return {404, "There is no such project."};
    case Denial::no_place: return {404, "There is no such class."};
    case Denial::no_host: return {404, "There is no such host."};
    case Denial::malformed: return {400, "No job can be like that."};
    case Denial::ended: return {409, "It is over."};
    case Denial::not_ended: return {409, "It has tasks that wait or run."};
    case Denial::other_job:
      return {422, "Another job was submitted with that key: give this one a key of its own."};
    case Denial::too_many: return {429, "There are as many tasks that are not over as this broker takes."};
  }
  return {500, ""};
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json error_of(const std::string& what, const std::string& mend) { return {{"what", what}, {"mend", mend}}; }

}  // namespace

Json error_json(const Errors& errors) {
  std::string what;
  for (const Error& error : errors) what += (what.empty() ? "" : "\n") + describe(error);
  return error_of(what, "");
}
Json error_json(Denial denial) { return error_of(http_of(denial).what, ""); }

ApiResponse good(const Json& json, int status) {
  ApiResponse response;
  response.status = status;
  response.body = text_of(json);
  return response;
}
ApiResponse bad(int status, const std::string& what, const std::string& mend) {
  return good({{"error", error_of(what, mend)}}, status);
}
ApiResponse bad(const Errors& errors) { return good({{"error", error_json(errors)}}, 400); }
ApiResponse bad(Denial denial) { return good({{"error", error_json(denial)}}, http_of(denial).status); }

Service::Answer answer_with(Reply reply) {
  return [reply = std::move(reply)](const effect::Respond& answer) {
    reply(answer.denial == Denial::none ? good({{"done", true}}) : bad(answer.denial));
  };
}

}  // namespace hinterland
