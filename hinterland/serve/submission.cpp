#include "hinterland/serve/submission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/net/json_text.hpp"
#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/listing.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBatch = 10'000;  // jobs
constexpr std::size_t kMostKey = 1000;      // bytes

// All the answers of a batch, which come in any order.
struct Batch {
  std::vector<Json> answers;
  std::size_t open = 0;
  Reply reply;
  bool single = false;
  int status = 201;
  void close() {
    if (--open > 0) return;
    reply(single ? good(answers.front(), status) : good({{"jobs", answers}}, 201));
  }
};

struct Refused {
  int status = 400;
  Errors errors;
};

// `key`: of the request's header, for a job that has none of its own.
std::expected<event::Submit, Refused> submission_of(ApiContext& context, const ApiRequest& asked,
                                                    const std::string& text, const std::string& where,
                                                    const std::string& key) {
  auto spec = parse_job_json(text, where);
  if (!spec) return std::unexpected(Refused{.errors = spec.error()});
  const auto refused = [&](int status, std::string what, const char* field, std::string mend) {
    return std::unexpected(Refused{
        status,
        {{.what = std::move(what), .where = {.file = where, .field = field}, .mend = std::move(mend)}}});
  };
  if (!key.empty() && !spec->key.empty() && spec->key != key)
    return refused(400, "Its key is another than the header's.", "key", "Give one of them.");
  if (!key.empty()) spec->key = key;
  // Who has to do with one project need not say which.
  if (asked.caller.is_bound() && spec->project.empty()) spec->project = asked.caller.projects.front();
  if (!asked.caller.knows(spec->project))
    return refused(403, "Your token is not for this project.", "project", "Name one that it is for.");
  const Service& service = context.service;
  auto request = request_of(*spec, service.served(), service.broker().state(), service.store());
  if (!request) return std::unexpected(Refused{.errors = std::move(request.error())});
  const State& state = service.broker().state();
  for (const JobNumber job : request->after) {
    if (job < state.jobs.size() && !asked.caller.knows(state.projects[state.jobs[job].project].name))
      return refused(403, fmt::format("Your token is not for job {}'s project.", job.value), "after",
                     "Leave it out.");
  }
  // Projects have nothing to do with each other's keys.
  const std::string of_project =
      spec->key.empty() ? "" : state.projects[request->project].name + "/" + spec->key;
  return event::Submit{.client = 0,
                       .key = of_project,
                       .job = std::move(*request),
                       .digest = spec->key.empty() ? 0 : digest_of(*spec)};
}

Json answer_json(const Service& service, const effect::Respond& answer) {
  Json json;
  if (answer.denial != Denial::none) json["error"] = error_json(answer.denial);
  if (answer.denial == Denial::none || answer.denial == Denial::other_job) json["job"] = answer.job.value;
  if (answer.denial != Denial::none) return json;
  const JobQuote& quote = service.broker().state().jobs[answer.job].quote;
  if (quote != JobQuote{}) json["quote"] = quote_json(service, quote);
  return json;
}

}  // namespace

void submit_jobs(ApiContext& context, const ApiRequest& asked, Reply reply) {
  const auto json = parse_sent(asked.body, kMostSent, "what was sent");
  if (!json) return reply(bad(json.error()));
  const bool many = json->is_object() && json->contains("jobs");
  if (many && json->size() > 1) {
    const auto other =
        std::ranges::find_if(json->items(), [](const auto& one) { return one.key() != "jobs"; });
    return reply(
        bad(400, fmt::format("{} is beside `jobs`.", in_quotes(other.key())), "Put it into the jobs."));
  }
  if (many &&
      (!json->at("jobs").is_array() || json->at("jobs").empty() || json->at("jobs").size() > kMostBatch))
    return reply(bad(400, fmt::format("`jobs` is no list of 1 to {} jobs.", kMostBatch)));
  const std::string& key = asked.head.key;
  if (many && !key.empty())
    return reply(bad(400, "An Idempotency-Key is for one job.", "Give each of them a `key`."));
  if (!check_text(key, "")) return reply(bad(400, "The Idempotency-Key is not UTF-8."));
  if (key.size() > kMostKey) return reply(bad(400, "The Idempotency-Key is too long."));
  std::vector<std::string> texts;
  if (many) {
    for (const auto& one : json->at("jobs")) texts.push_back(one.dump());
  } else {
    texts.push_back(asked.body);
  }
  std::vector<event::Submit> submissions;
  Json wrong = Json::array();
  int status = 201;
  for (std::size_t k = 0; k < texts.size(); ++k) {
    auto submission =
        submission_of(context, asked, texts[k], many ? fmt::format("job {} of the list", k) : "job", key);
    wrong.push_back(Json::object());
    if (submission) {
      submissions.push_back(std::move(*submission));
    } else {
      wrong.back() = {{"error", error_json(submission.error().errors)}};
      status = submission.error().status;
    }
  }
  if (status != 201 && !many) return reply(good(wrong.front(), status));
  if (status != 201)
    return reply(
        good({{"error", {{"what", "None of them is taken."}, {"mend", "See what is wrong with each."}}},
              {"jobs", wrong}},
             status));
  auto batch = std::make_shared<Batch>(Batch{.answers = std::vector<Json>(submissions.size()),
                                             .open = submissions.size(),
                                             .reply = std::move(reply),
                                             .single = !many});
  context.note(asked);
  Service& service = context.service;
  for (std::size_t k = 0; k < submissions.size(); ++k) {
    service.tell(std::move(submissions[k]), [batch, k, &service](const effect::Respond& answer) {
      batch->answers[k] = answer_json(service, answer);
      if (answer.denial != Denial::none) batch->status = bad(answer.denial).status;
      batch->close();
    });
  }
}

void quote_job(ApiContext& context, const ApiRequest& asked, const Reply& reply) {
  const auto submission = submission_of(context, asked, asked.body, "job", "");
  if (!submission) {
    ApiResponse refused = bad(submission.error().errors);
    refused.status = submission.error().status;
    return reply(std::move(refused));
  }
  const auto quote = context.service.broker().quote(submission->job);
  if (!quote) return reply(bad(422, "No pool may run it now, or it costs more than can be said."));
  reply(good(quote_json(context.service, *quote)));
}

}  // namespace hinterland
