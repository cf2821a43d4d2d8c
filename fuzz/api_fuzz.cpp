// Any bytes as requests to the broker, one a line: METHOD TARGET BODY. Each is answered once, with a status that HTTP
// has.
#include "fuzz/fuzz.hpp"
#include "hinterland/serve/api.hpp"
#include "hinterland/serve/test_service.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  test::DeskService service;
  Api api(service, {});
  std::string_view rest = text_of(data, size);
  for (int line = 0; line < 20 && !rest.empty(); ++line) {
    const std::string_view one = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const std::size_t method = std::min(one.find(' '), one.size());
    const std::size_t target = std::min(one.find(' ', std::min(method + 1, one.size())), one.size());
    const auto part = [&](std::size_t from, std::size_t to) {
      return from < to ? std::string(one.substr(from, to - from)) : std::string();
    };
    const ApiResponse answer = test::ask(api, {.method = part(0, method), .target = part(method + 1, target)},
                                         part(target + 1, one.size()));
    promise(answer.status >= 200 && (answer.status < 500 || answer.status == 507));  // there is no disk
  }
  return 0;
}
