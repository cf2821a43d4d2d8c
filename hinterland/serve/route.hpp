// The one table of what can be asked over HTTP: it routes the requests, says who may, is /openapi.json, and the table
// in docs/http.md.
#pragma once
#include <charconv>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/serve/caller.hpp"
#include "hinterland/serve/http.hpp"
#include "hinterland/serve/service.hpp"

namespace hinterland {

class Events;

// One that was let in, and whose parameters are in their ranges.
struct ApiRequest {
  Caller caller;
  HttpHead head;
  std::map<std::string, std::string> values;  // of the path's and the query's parameters, by name
  std::string body;

  [[nodiscard]] std::string text(const char* name, const char* otherwise = "") const {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : found->second;
  }
  template <class Number>
  [[nodiscard]] std::optional<Number> number(const char* name) const {
    const std::string value = text(name);
    Number number{};
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (read.ec != std::errc{} || read.ptr != value.data() + value.size()) return std::nullopt;
    return number;
  }
};

// What handlers work with.
struct ApiContext {
  Service& service;
  Events& events;
  // Does what reads much from the disk on a thread of its own, and then `then` on this one. False: too much of that waits.
  std::function<bool(std::function<void()> work, std::function<void()> then)> aside;

  // Tells the broker, and the journal who asked for it.
  void tell(const ApiRequest& asked, Event event, Service::Answer answer);
  void note(const ApiRequest& asked);
};

struct Parameter {
  std::string_view name, what;
  double least = 0, most = -1;            // a whole number; most < least: a text
  std::vector<std::string_view> choices;  // a text that is one of them
  bool whole = true;                      // a number without a fraction
  bool needed = false;
  [[nodiscard]] bool is_number() const { return most >= least; }
};

// Whose it is.
enum class Reach : std::uint8_t {
  theirs,  // the handler shows each caller what their projects have
  all,     // of everybody whose role is enough
  job,     // of the path's {job}: of its project
  house,   // of nobody who is bound to projects
};

enum class Takes : std::uint8_t { nothing, job, jobs, bytes };

struct Route {
  std::string_view method, path;  // "/v1/jobs/{job}"
  Role role = Role::views;        // that it takes at least
  Reach reach = Reach::theirs;
  std::string_view what;
  std::vector<Parameter> parameters;  // of the query; those of the path are path_parameters()
  Takes takes = Takes::nothing;
  int status = 200;          // when all is well
  std::string_view answers;  // the schema of openapi.cpp that the answer has, or its media type
  std::function<void(ApiContext&, const ApiRequest&, Reply)> handle;

  // Something is sent: that it was refused stands in the journal.
  [[nodiscard]] bool sends() const { return method != "GET" && method != "HEAD"; }
};

// {job}, {pool}, {hash}.
const std::vector<Parameter>& path_parameters();

std::vector<Route> job_routes();
std::vector<Route> pool_routes();
std::vector<Route> blob_routes();
std::vector<Route> house_routes();
const std::vector<Route>& routes();  // all of them

}  // namespace hinterland
