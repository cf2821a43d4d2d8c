// /openapi.json: the table of routes in the words of OpenAPI 3.1.
#pragma once
#include <string>

namespace hinterland {

const std::string& openapi_text();

}  // namespace hinterland
