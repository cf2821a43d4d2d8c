// The functions of libpq that are used, loaded when a PostgreSQL database is first named.
#pragma once
#include <libpq-fe.h>

#include "hinterland/base/error.hpp"

namespace hinterland {

// clang-format off
#define HINTERLAND_LIBPQ(X) /* NOLINT(cppcoreguidelines-macro-usage): one list for members and loading */ \
  X(PQclear) X(PQcmdTuples) X(PQconnectPoll) X(PQconnectStartParams) X(PQconninfoFree) X(PQconninfoParse) \
  X(PQconsumeInput) X(PQerrorMessage) X(PQfinish) X(PQflush) X(PQfreemem) X(PQgetResult) X(PQgetisnull) \
  X(PQgetlength) X(PQgetvalue) X(PQisBusy) X(PQntuples) X(PQpingParams) X(PQresultErrorField) X(PQresultStatus) \
  X(PQsendQuery) X(PQsendQueryParams) X(PQsetNoticeReceiver) X(PQsetSingleRowMode) X(PQsetnonblocking) \
  X(PQsocket) X(PQstatus)
// clang-format on

struct Libpq {
#define HINTERLAND_MEMBER(name) \
  decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses): a name
  HINTERLAND_LIBPQ(HINTERLAND_MEMBER)
#undef HINTERLAND_MEMBER
};

// Fails where there is none on this machine: Error::outside.
const Expected<Libpq>& libpq();

}  // namespace hinterland
