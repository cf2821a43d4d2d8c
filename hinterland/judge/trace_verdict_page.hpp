// A judged trace as a page and as JSON (data/schema/trace-verdict.schema.json).
#pragma once
#include <string>

#include "hinterland/judge/trace_verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page trace_verdict_page(const Atlas& atlas, const Question& question, const Trace& trace,
                        const TraceVerdict& verdict);
std::string trace_verdict_json(const Atlas& atlas, const Question& question, const Trace& trace,
                               const TraceVerdict& verdict);

// The line the user came for, in English and in Chinese.
std::string trace_sentence(const Atlas& atlas, const Question& question, const TraceVerdict& verdict);
std::string chinese_trace_sentence(const Atlas& atlas, const Question& question, const TraceVerdict& verdict);

}  // namespace hinterland
