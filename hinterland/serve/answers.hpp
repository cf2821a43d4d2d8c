// Answers of handlers. Errors are {"error": {"what": ..., "mend": ...}}.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/serve/http.hpp"
#include "hinterland/serve/service.hpp"

namespace hinterland {

ApiResponse good(const nlohmann::ordered_json& json, int status = 200);
ApiResponse bad(int status, const std::string& what, const std::string& mend = "");
ApiResponse bad(const Errors& errors);
ApiResponse bad(Denial denial);
nlohmann::ordered_json error_json(const Errors& errors);
nlohmann::ordered_json error_json(Denial denial);
// {"done": true}, or why not.
Service::Answer answer_with(Reply reply);

}  // namespace hinterland
