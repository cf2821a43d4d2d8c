// Any bytes as what another broker answers, to each of the requests that are made to it: the request, the status, a line for the
// headers that are read, and the body. Promised: what is taken is whole and in its range, else one error that may be printed
// anywhere; no more is asked for than fits what was said.
#include <algorithm>
#include <array>

#include "fuzz/fuzz.hpp"
#include "hinterland/executor/remote_blobs.hpp"
#include "hinterland/executor/remote_broker.hpp"
#include "hinterland/report/terminal_text.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kLongest = 1000;  // bytes of what may be printed
constexpr std::uint32_t kFrom = 5, kLimit = 3;
constexpr std::uint64_t kMostObject = std::uint64_t{1} << 40U;
const std::string kHash(64, 'a');

struct Said {
  int status = 200;
  std::string header, body;
};

RemoteLine line_saying(const Said& said) {
  const auto answer = [said](const HttpAsk& ask) -> Expected<HttpAnswer> {
    const auto gone = failure({.what = "No answer.", .where = {}, .mend = "", .outside = true});
    HttpAnswer out{.status = said.status, .body = said.body, .headers = {}};
    for (const char* const name : {"content-range", "upload-offset", "retry-after"})
      out.headers[name] = said.header;
    constexpr int refused = 300;
    if (ask.take && said.status < refused) {
      if (!out.body.empty() && !ask.take(out.body)) return gone;
      out.body.clear();
    }
    return out.body.size() > ask.most_bytes ? gone : Expected<HttpAnswer>(std::move(out));
  };
  return {"https://fuzz", answer, [] { return std::int64_t{0}; }};
}

void promise_printable(const std::string& words) {
  promise(words.size() <= kLongest && one_line(words, kLongest) == words);
}
template <class Done>
bool is_taken(const Done& done) {
  if (done) return true;
  promise(done.error().size() == 1 && !done.error().front().what.empty());
  promise_printable(describe(done.error().front()));
  return false;
}

void promise_job(const RemoteJob& job) {
  promise(job.ran >= Duration{} && job.status >= 0);
  promise_printable(job.site);
}

void ask_broker(unsigned request, RemoteBroker broker) {
  switch (request) {
    case 0:
      if (const auto cores = broker.free_cores(); is_taken(cores)) promise(*cores >= 0);
      return;
    case 1: {
      const auto jobs = broker.jobs(kFrom, kLimit);
      if (!is_taken(jobs)) return;
      promise(jobs->size() <= kLimit);
      std::uint64_t next = kFrom;
      for (const RemoteJob& job : *jobs) {
        promise(job.number >= next);
        next = std::uint64_t{job.number} + 1;
        promise_job(job);
      }
      return;
    }
    case 2:
      if (const auto job = broker.job(kFrom); is_taken(job) && *job) {
        promise((*job)->number == kFrom);
        promise_job(**job);
      }
      return;
    case 3: is_taken(broker.submit("{}")); return;
    case 4:
      if (const auto taken = broker.submit(std::vector<std::string>(kLimit, "{}")); is_taken(taken))
        promise(taken->size() == kLimit);
      return;
    case 5: is_taken(broker.cancel(kFrom)); return;
    case 6:
      if (const auto outputs = broker.outputs(kFrom); is_taken(outputs)) {
        for (const RemoteOutput& output : *outputs) promise(is_object_hash(output.hash));
      }
      return;
    default: is_taken(broker.log(kFrom, "stdout"));
  }
}

void ask_for_blobs(unsigned request, const Said& said) {
  const auto source = remote_source(line_saying(said));
  const auto place = remote_place(line_saying(said));
  std::array<char, 100> bytes{};
  switch (request) {
    case 0:
      if (const auto size = source->size_of(kHash); is_taken(size)) promise(*size <= kMostObject);
      return;
    case 1:
      if (const auto came = source->read(kHash, 7, bytes.data(), bytes.size()); is_taken(came))
        promise(*came <= bytes.size());
      return;
    case 2: is_taken(place->has(kHash)); return;
    default: {
      auto arrival = place->begin(kHash, bytes.size());
      if (!is_taken(arrival)) return;
      const std::uint64_t here = (*arrival)->here();
      promise(here <= bytes.size());
      if (here == bytes.size()) return;
      const auto kept = (*arrival)->take({bytes.data(), bytes.size() - here});
      if (is_taken(kept)) promise((*arrival)->here() == here + *kept && (*arrival)->here() <= bytes.size());
    }
  }
}

}  // namespace

}  // namespace hinterland

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  static constexpr std::array kStatuses = {200, 201, 202, 206, 302, 400, 404, 409, 413, 416, 422, 429, 503};
  constexpr unsigned of_jobs = 8, of_blobs = 4;
  if (size < 2) return 0;
  const auto rest = text_of(data + 2, size - 2);
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const Said said{.status = kStatuses[data[1] % kStatuses.size()],
                  .header = std::string(rest.substr(0, end)),
                  .body = std::string(rest.substr(std::min(end + 1, rest.size())))};
  const unsigned request = data[0] % (of_jobs + of_blobs);
  if (request < of_jobs) {
    ask_broker(request, RemoteBroker(line_saying(said)));
  } else {
    ask_for_blobs(request - of_jobs, said);
  }
  return 0;
}
