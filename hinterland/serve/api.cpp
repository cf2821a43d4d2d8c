#include "hinterland/serve/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "hinterland/base/number.hpp"
#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/blobs.hpp"
#include "hinterland/serve/submission.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

constexpr RateLimit kStranger(1, 20);    // wrong tokens, of one address
constexpr RateLimit kRefusals(10, 200);  // noted, of all
constexpr std::size_t kMostCallers = 10'000;
constexpr RateLimit kNameless(1 / 60.0, 50);  // of those that showed no token
constexpr std::uint64_t kBeatsToForget = 240;
constexpr std::uint64_t kMostHeld = 4 * kMostSent;  // bytes of bodies in memory, of all that send
constexpr std::size_t kMostChecks = 16;
constexpr Duration kUploadsKept{24 * kHour.ms};

// %41 is A.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* const from = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(from, from + 2, byte, 16).ptr == from + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Calls f with each part; parts that are empty are none.
template <class F>
void for_each_part(std::string_view text, char between, F f) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(between, at), text.size());
    if (end > at) f(text.substr(at, end - at));
    at = end + 1;
  }
}

using Values = std::map<std::string, std::string>;

// "/a/b" -> "", "a", "b".
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// The path's parameters, if it is the route's: in its own words and no other spelling of them, for what stands in front of
// the broker may decide by the words as they are.
std::optional<Values> match(const Route& route, const std::vector<std::string_view>& path) {
  const std::vector<std::string_view> parts = parts_of(route.path);
  if (parts.size() != path.size()) return std::nullopt;
  Values values;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].starts_with('{')) {
      if (parts[i] != path[i]) return std::nullopt;
    } else if (path[i].empty()) {
      return std::nullopt;
    } else {
      values[std::string(parts[i].substr(1, parts[i].size() - 2))] = unescaped(path[i]);
    }
  }
  return values;
}

std::optional<ApiResponse> wrong_value(const Parameter& parameter, const std::string& value) {
  if (parameter.is_number()) {
    const auto number = parse_number(value);
    const bool whole = !parameter.whole || value.find_first_not_of("0123456789") == std::string::npos;
    if (number && whole && *number >= parameter.least && *number <= parameter.most) return std::nullopt;
    return bad(400, fmt::format("`{}`, {}, is no {}number from {} to {}.", parameter.name, parameter.what,
                                parameter.whole ? "whole " : "", parameter.least, parameter.most));
  }
  if (value.empty()) return bad(400, fmt::format("`{}`, {}, is empty.", parameter.name, parameter.what));
  if (parameter.choices.empty() || std::ranges::find(parameter.choices, value) != parameter.choices.end())
    return std::nullopt;
  return bad(400, fmt::format("`{}` is none of {}.", parameter.name, fmt::join(parameter.choices, ", ")));
}

// Reads the query into the values; an answer for what is wrong with it.
std::optional<ApiResponse> read_query(const Route& route, std::string_view query, Values& values) {
  std::optional<ApiResponse> wrong;
  for_each_part(query, '&', [&](std::string_view pair) {
    const std::string name = unescaped(pair.substr(0, pair.find('=')));
    const std::string value = pair.contains('=') ? unescaped(pair.substr(pair.find('=') + 1)) : "";
    const auto parameter = std::ranges::find(route.parameters, name, &Parameter::name);
    if (wrong) return;
    if (parameter == route.parameters.end()) {
      wrong = bad(400, fmt::format("This route knows no {}.", in_quotes(name)));
    } else if (!values.emplace(name, value).second) {
      wrong = bad(400, fmt::format("`{}` is there twice.", name));
    } else {
      wrong = wrong_value(*parameter, value);
    }
  });
  for (const Parameter& parameter : route.parameters) {
    if (!wrong && parameter.needed && !values.contains(std::string(parameter.name)))
      wrong = bad(400, fmt::format("`{}`, {}, is missing.", parameter.name, parameter.what));
  }
  return wrong;
}

std::uint64_t most_body(Takes takes) {
  switch (takes) {
    case Takes::nothing: return 0;
    case Takes::job: return kMostJob;
    case Takes::jobs: return kMostSent;
    case Takes::bytes: return kMostBlob;
  }
  return 0;
}
std::optional<ApiResponse> too_long(Takes takes, std::uint64_t length) {
  if (length <= most_body(takes)) return std::nullopt;
  if (takes == Takes::nothing) return bad(400, "This route takes no body.");
  return bad(413, fmt::format("It is larger than {} bytes.", most_body(takes)));
}

bool is_loopback(std::string_view host) {
  if (host.starts_with('[')) return host.starts_with("[::1]");
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host == "127.0.0.1";
}

// The scheme's name is the same in any case.
constexpr std::string_view kBearer = "bearer ";
bool is_bearer(std::string_view text) {
  return text.size() > kBearer.size() &&
         std::ranges::equal(text.substr(0, kBearer.size()), kBearer, {}, [](char c) {
           return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
         });
}

ApiResponse no_token(const char* what) {
  ApiResponse answer = bad(401, what, "Send one that is valid: `Authorization: Bearer hl_...`.");
  answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}
ApiResponse too_much() {
  ApiResponse answer = bad(503, "Others are sending as much as can be held.", "Ask again in a second.");
  answer.headers.emplace_back("Retry-After", "1");
  return answer;
}
ApiResponse too_often() {
  ApiResponse answer = bad(429, "There are too many requests.", "Ask again in a second.");
  answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

// The bucket of that name; those that nobody uses any more are forgotten.
RateLimit& bucket(std::map<std::string, RateLimit, std::less<>>& buckets, const std::string& name,
                  RateLimit fresh, std::int64_t now_ms) {
  if (buckets.size() >= kMostCallers)
    std::erase_if(buckets, [&](const auto& one) { return one.second.is_full(now_ms); });
  return buckets.try_emplace(name, fresh).first->second;
}

}  // namespace

void ApiContext::note(const ApiRequest& asked) {
  service.note({.who = asked.caller.name, .what = asked.head.method + " " + asked.head.target, .status = 0});
}
void ApiContext::tell(const ApiRequest& asked, Event event, Service::Answer answer) {
  note(asked);
  service.tell(std::move(event), std::move(answer));
}

const std::vector<Parameter>& path_parameters() {
  static const std::vector<Parameter> kTable = {
      {.name = "job", .what = "its number", .least = 0, .most = 4'294'967'295.0, .choices = {}},
      {.name = "pool", .what = "its name", .choices = {}},
      {.name = "hash", .what = "BLAKE2b-256 of its bytes, as 64 hex digits", .choices = {}}};
  return kTable;
}

const std::vector<Route>& routes() {
  static const std::vector<Route> kTable = [] {
    std::vector<Route> table;
    for (auto* const part : {job_routes, pool_routes, blob_routes, house_routes})
      std::ranges::move(part(), std::back_inserter(table));
    return table;
  }();
  return kTable;
}

Api::Api(Service& service, ApiSettings settings)
    : events_(service, settings.loop),
      context_{.service = service,
               .events = events_,
               .aside =
                   [this](std::function<void()> work, std::function<void()> then) {
                     return read_aside(std::move(work), std::move(then));
                   }},
      settings_(std::move(settings)),
      refusals_(kRefusals),
      nameless_(kNameless) {
  if (settings_.loop == nullptr) return;
  disk_.emplace();
  checks_.emplace();
}
Api::~Api() = default;

bool Api::read_aside(std::function<void()> work, std::function<void()> then) {
  if (checks_)
    return checks_->put_if_few(
        [work = std::move(work), then = std::move(then), loop = settings_.loop] {
          work();
          loop->post(then);
        },
        kMostChecks);
  work();
  then();
  return true;
}

void Api::beat() {
  const Instant now = context_.service.now();
  events_.beat([&](const Caller& caller) {
    return caller.digest.empty() || !settings_.tokens || settings_.tokens->still_has(caller, now);
  });
  if (disk_ && beats_++ % kBeatsToForget == 0)
    disk_->put([store = context_.service.store(), before_s = (now.ms - kUploadsKept.ms) / 1000] {
      forget_uploads(store, kUploadsKept);
      for (const char* const folder : {"/inputs", "/objects"})
        forget_partial_objects(store + folder, before_s);
    });
}

std::variant<ApiResponse, Caller> Api::caller_of(const HttpHead& head, std::int64_t now_ms) {
  if (head.from_socket)
    return Caller{.name = fmt::format("uid {}", head.uid), .role = Role::operates, .projects = {}};
  if (!settings_.tokens) {
    // A page in somebody's browser may send requests here under a name of its own.
    if (!is_loopback(head.host))
      return bad(403, "This is no name of this machine's own.", "Ask at localhost.");
    if (!head.origin.empty() || (!head.fetch_site.empty() && head.fetch_site != "none"))
      return bad(403, "Pages in browsers ask with a token only.", "Give the broker --tokens.");
    return Caller{.name = "localhost", .role = Role::operates, .projects = {}};
  }
  if (head.authorization.empty()) return Caller{.name = head.address, .role = Role::anybody, .projects = {}};
  const auto found = is_bearer(head.authorization)
                         ? settings_.tokens->find(std::string_view(head.authorization).substr(kBearer.size()),
                                                  context_.service.now())
                         : Tokens::Found{};
  const bool bad_before = std::exchange(tokens_are_bad_, !settings_.tokens->trouble().empty());
  if (tokens_are_bad_ && !bad_before) settings_.say(settings_.tokens->trouble());
  if (found.fault == Tokens::Fault::none) return found.caller;
  if (!bucket(strangers_, head.address, kStranger, now_ms).take(now_ms)) return too_often();
  return no_token(found.fault == Tokens::Fault::expired ? "The token has expired."
                                                        : "The token is not known.");
}

std::optional<ApiResponse> Api::forbidden(const Route& route, const ApiRequest& asked) const {
  const Caller& caller = asked.caller;
  if (route.role > caller.role && caller.role == Role::anybody) return no_token("This takes a token.");
  if (route.role > caller.role)
    return bad(403, fmt::format("This is for the role {}; your token has the role {}.", name_of(route.role),
                                name_of(caller.role)));
  if (route.reach == Reach::house && caller.is_bound())
    return bad(403, "This is for those who are not bound to projects.");
  if (route.reach != Reach::job) return std::nullopt;
  const State& state = context_.service.broker().state();
  const auto job = asked.number<std::uint32_t>("job");
  if (!job || *job >= state.jobs.size()) return bad(Denial::no_job);
  if (!caller.knows(state.projects[state.jobs[JobNumber{*job}].project].name))
    return bad(403, "Your token is not for this job's project.");
  return std::nullopt;
}

void Api::note_garbled(const std::string& address, bool from_socket, int status, std::int64_t now_ms) {
  now_ms_ = now_ms;
  note_refusal(address, {.method = "no", .target = "request", .from_socket = from_socket}, status);
}

// What somebody tries again and again fills no disk.
void Api::note_refusal(const std::string& who, const HttpHead& head, int status) {
  const bool is_nameless = !head.from_socket && head.authorization.empty() && settings_.tokens.has_value();
  if (!(is_nameless ? nameless_ : refusals_).take(now_ms_)) {
    ++unnoted_;
    return;
  }
  if (const std::uint64_t missed = std::exchange(unnoted_, 0); missed > 0)
    context_.service.note({.who = "", .what = fmt::format("{} more were refused", missed), .status = 429});
  std::string what = head.method + " " + head.target;
  std::ranges::replace_if(what, [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
  context_.service.note({.who = who, .what = std::move(what), .status = status});
}

std::variant<ApiResponse, Api::Exchange> Api::begin(HttpHead head, std::int64_t now_ms) {
  now_ms_ = now_ms;
  const std::string_view target = head.target;
  const std::string_view path = target.substr(0, target.find('?'));
  const std::vector<std::string_view> parts = parts_of(path);
  const Route* route = nullptr;
  Values values;
  std::string methods;
  for (const Route& one : routes()) {
    auto matched = match(one, parts);
    if (!matched) continue;
    methods += (methods.empty() ? "" : ", ") + std::string(one.method);
    if (one.method != head.method) continue;
    route = &one;
    values = std::move(*matched);
  }
  if (route == nullptr) note_refusal(head.address, head, methods.empty() ? 404 : 405);
  if (methods.empty()) return bad(404, "There is no such route.");
  if (route == nullptr) {
    ApiResponse answer = bad(405, fmt::format("This route knows {} only.", methods));
    answer.headers.emplace_back("Allow", methods);
    return answer;
  }
  auto caller = caller_of(head, now_ms);
  if (auto* const refused = std::get_if<ApiResponse>(&caller)) {
    note_refusal(head.address, head, refused->status);
    return std::move(*refused);
  }
  ApiRequest asked{.caller = std::move(std::get<Caller>(caller)),
                   .head = std::move(head),
                   .values = std::move(values),
                   .body = ""};
  std::optional<ApiResponse> refused;
  if (!asked.caller.digest.empty() &&
      !bucket(callers_, asked.caller.name, RateLimit(settings_.requests_per_s, 2 * settings_.requests_per_s),
              now_ms)
           .take(now_ms))
    refused = too_often();
  if (!refused) refused = forbidden(*route, asked);
  if (!refused) {
    const std::string_view whole = asked.head.target;
    refused = read_query(*route, whole.contains('?') ? whole.substr(whole.find('?') + 1) : "", asked.values);
  }
  if (!refused && asked.values.contains("hash") && !is_object_hash(asked.text("hash")))
    refused = bad(400, "`hash` is not 64 hex digits.");
  if (!refused) refused = too_long(route->takes, asked.head.length.value_or(0));
  Exchange exchange(*this, *route, std::move(asked));
  const ApiRequest& kept = exchange.asked_;
  if (!refused && route->takes == Takes::bytes) {
    auto upload = Upload::begin(context_.service.store(), kept.text("hash"), kept.head);
    if (auto* const answer = std::get_if<ApiResponse>(&upload)) {
      if (answer->status < 400) return std::move(*answer);
      refused = std::move(*answer);
    } else {
      exchange.upload_ = std::move(std::get<std::unique_ptr<Upload>>(upload));
    }
  }
  if (!refused) return exchange;
  const bool is_denied = refused->status == 401 || refused->status == 403 || refused->status == 429;
  if (is_denied || route->sends()) note_refusal(kept.caller.name, kept.head, refused->status);
  return std::move(*refused);
}

Api::Exchange::Exchange(Api& api, const Route& route, ApiRequest asked)
    : api_(api), route_(route), asked_(std::move(asked)), held_by_all_(api.held_) {}
Api::Exchange::Exchange(Exchange&& other) noexcept
    : api_(other.api_),
      route_(other.route_),
      asked_(std::move(other.asked_)),
      held_(std::exchange(other.held_, 0)),
      held_by_all_(std::move(other.held_by_all_)),
      upload_(std::move(other.upload_)) {}
Api::Exchange::~Exchange() {
  if (held_by_all_) *held_by_all_ -= held_;
}

std::optional<ApiResponse> Api::Exchange::take(std::string_view bytes) {
  std::optional<ApiResponse> refused;
  if (upload_) {
    refused = upload_->take(bytes);
  } else {
    refused = too_long(route_.takes, asked_.body.size() + bytes.size());
    if (!refused && *held_by_all_ + bytes.size() > kMostHeld) refused = too_much();
    if (!refused) {
      asked_.body += bytes;
      *held_by_all_ += bytes.size();
      held_ += bytes.size();
    }
  }
  if (refused) refused = give_up(std::move(*refused));
  return refused;
}

ApiResponse Api::Exchange::give_up(ApiResponse refused) {
  if (route_.sends()) api_.note_refusal(asked_.caller.name, asked_.head, refused.status);
  return refused;
}

void Api::Exchange::finish(Reply reply) {
  Api& api = api_;
  if (upload_) {
    const auto ended = [&api, asked = std::move(asked_), reply = std::move(reply)](ApiResponse answer) {
      if (answer.status == 201 || answer.status == 202) api.context_.note(asked);
      if (answer.status >= 400) api.note_refusal(asked.caller.name, asked.head, answer.status);
      reply(std::move(answer));
    };
    if (!api.disk_) return ended(upload_->finish());
    return api.disk_->put(
        [upload = std::shared_ptr<Upload>(std::move(upload_)), ended, loop = api.settings_.loop] {
          loop->post([ended, answer = upload->finish()] { ended(answer); });
        });
  }
  if (!route_.sends()) return route_.handle(api.context_, asked_, std::move(reply));
  const HttpHead head = asked_.head;
  route_.handle(api.context_, asked_,
                [&api, who = asked_.caller.name, head, reply = std::move(reply)](ApiResponse answer) {
                  if (answer.status >= 400) api.note_refusal(who, head, answer.status);
                  reply(std::move(answer));
                });
}

}  // namespace hinterland
