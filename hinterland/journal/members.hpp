// What is kept, member by member: the one list from which facts and states become bytes (codec.hpp) and JSON
// (step_json.hpp).
//
// A member that is left out does not compile. Their order, and that of the facts in the variant, is the format: what
// is new comes last, and kFormat goes up.
#pragma once
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "hinterland/broker/state.hpp"

namespace hinterland {

template <class Owner, class Type>
struct Member {
  std::string_view name;
  Type Owner::* of;
};

// Members<T>::list is a tuple of Member; of a fact, Members<T>::name is what it is called.
template <class T>
struct Members;
template <class T>
concept Listed = requires { Members<T>::list; };

// Calls f(name, value.member) for each.
template <class T, class F>
  requires Listed<std::remove_const_t<T>>
constexpr void for_each_member(T& value, F f) {
  std::apply([&](const auto&... member) { (f(member.name, value.*(member.of)), ...); },
             Members<std::remove_const_t<T>>::list);
}

template <class Enum>
inline constexpr Enum kLast = Enum{};
template <>
inline constexpr Cause kLast<Cause> = Cause::lost;
template <>
inline constexpr Next kLast<Next> = Next::cancel;
template <>
inline constexpr Refusal kLast<Refusal> = Refusal::too_large;
template <>
inline constexpr TaskPhase kLast<TaskPhase> = TaskPhase::refused;
template <>
inline constexpr QueueRule kLast<QueueRule> = QueueRule::fair;
template <>
inline constexpr Basis kLast<Basis> = Basis::rented;

namespace members {

struct Anything {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor,hicpp-explicit-conversions)
};
template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...> /*count*/) {
  return requires { T{(static_cast<void>(I), Anything{})...}; };
}
template <class T>
constexpr bool all_of() {
  constexpr std::size_t count = std::tuple_size_v<std::remove_const_t<decltype(Members<T>::list)>>;
  return takes<T>(std::make_index_sequence<count>()) && !takes<T>(std::make_index_sequence<count + 1>());
}

}  // namespace members

// NOLINTBEGIN(cppcoreguidelines-macro-usage,bugprone-macro-parentheses): names and pointers of members, from one word
#define HINTERLAND_MEMBER(member) \
  Member { #member, &T::member }
#define HINTERLAND_MEMBERS(type, ...)                     \
  template <>                                             \
  struct Members<type> {                                  \
    using T = type;                                       \
    static constexpr auto list = std::tuple{__VA_ARGS__}; \
  };                                                      \
  static_assert(members::all_of<type>(), "a member is not listed")
#define HINTERLAND_FACT(type, word, ...)                  \
  template <>                                             \
  struct Members<fact::type> {                            \
    using T = fact::type;                                 \
    static constexpr std::string_view name = word;        \
    static constexpr auto list = std::tuple{__VA_ARGS__}; \
  };                                                      \
  static_assert(members::all_of<fact::type>(), "a member is not listed")
#define M HINTERLAND_MEMBER

HINTERLAND_MEMBERS(Instant, M(ms));
HINTERLAND_MEMBERS(Duration, M(ms));
HINTERLAND_MEMBERS(AttemptId, M(value));
HINTERLAND_MEMBERS(Term, M(value));
HINTERLAND_MEMBERS(Size, M(cores), M(gpus), M(memory_gb));
HINTERLAND_MEMBERS(Bill, M(energy), M(capacity), M(carbon), M(water), M(network), M(kwh), M(kg), M(litres));
HINTERLAND_MEMBERS(Candidate, M(pool), M(money), M(start));
HINTERLAND_MEMBERS(JobRequest, M(project), M(places), M(size), M(units), M(request), M(deadline), M(may_wait),
                   M(late), M(gb_in), M(gb_out), M(priority), M(held), M(tasks), M(after), M(what));

HINTERLAND_MEMBERS(InputsMoved, M(needed), M(moved), M(whole));
HINTERLAND_MEMBERS(OutputsMoved, M(needed), M(moved));
HINTERLAND_MEMBERS(JobQuote, M(p50), M(p90), M(most), M(seen));
HINTERLAND_MEMBERS(PoolDeal, M(owner), M(carrier), M(site), M(currency), M(server_units));
HINTERLAND_MEMBERS(PoolPricing, M(server), M(basis), M(rate));
HINTERLAND_MEMBERS(PoolBuild, M(size), M(server), M(units), M(pricing));
HINTERLAND_MEMBERS(Option, M(pool), M(money_per_gb), M(ms_per_gb), M(km), M(at_home));
HINTERLAND_MEMBERS(OpenPlaces, M(home), M(options));
HINTERLAND_MEMBERS(HouseRules, M(policy), M(queue), M(carbon_per_kg), M(water_per_litre), M(first_hour),
                   M(lost_after));
HINTERLAND_MEMBERS(HourPrice, M(hour), M(money_per_kwh), M(co2_kg_per_kwh));

HINTERLAND_FACT(PoolNamed, "pool named", M(name));
HINTERLAND_FACT(PlacesNamed, "places named", M(name));
HINTERLAND_FACT(HostNamed, "host named", M(pool), M(name));
HINTERLAND_FACT(ProjectSet, "project set", M(name), M(share), M(budget));
HINTERLAND_FACT(Accepted, "accepted", M(at), M(key), M(job));
HINTERLAND_FACT(HoldSet, "hold set", M(job), M(held));
HINTERLAND_FACT(CancelAsked, "cancel asked", M(job));
HINTERLAND_FACT(RetryAsked, "retry asked", M(job));
HINTERLAND_FACT(Placed, "placed", M(task), M(pool), M(not_before), M(reserved), M(candidates));
HINTERLAND_FACT(Refused, "refused", M(task), M(why));
HINTERLAND_FACT(Unplaced, "unplaced", M(task));
HINTERLAND_FACT(Resized, "resized", M(task), M(size), M(units));
HINTERLAND_FACT(Launched, "launched", M(attempt), M(task), M(at), M(due));
HINTERLAND_FACT(Confirmed, "confirmed", M(attempt), M(host), M(sent));
HINTERLAND_FACT(Finished, "finished", M(attempt), M(cause), M(next), M(status), M(at), M(not_before), M(ran),
                M(bill));
HINTERLAND_FACT(Done, "done", M(task));
HINTERLAND_FACT(TermBegun, "term begun", M(pool), M(term));
HINTERLAND_FACT(PoolLost, "pool lost", M(pool));
HINTERLAND_FACT(DownSet, "down set", M(pool), M(down));
HINTERLAND_FACT(DrainSet, "drain set", M(pool), M(on));
HINTERLAND_FACT(Warned, "warned", M(pool), M(from));
HINTERLAND_FACT(HostCondemned, "host condemned", M(host));
HINTERLAND_FACT(HostPardoned, "host pardoned", M(host));
HINTERLAND_FACT(Quoted, "quoted", M(job), M(quote));
HINTERLAND_FACT(PricesHeard, "prices heard", M(at), M(pool), M(hours));
HINTERLAND_FACT(Digested, "digested", M(key), M(digest));
HINTERLAND_FACT(RoomHeard, "room heard", M(pool), M(cores));
HINTERLAND_FACT(JournalNamed, "journal named", M(name));
HINTERLAND_FACT(Asked, "asked", M(at), M(who), M(what), M(status));
HINTERLAND_FACT(DealMade, "deal made", M(pool), M(deal));
HINTERLAND_FACT(Staged, "staged", M(attempt), M(at), M(inputs));
HINTERLAND_FACT(Fetched, "fetched", M(attempt), M(outputs));
HINTERLAND_FACT(PoolBuilt, "pool built", M(pool), M(build));
HINTERLAND_FACT(PlacesOpened, "places opened", M(places), M(open));
HINTERLAND_FACT(RulesMade, "rules made", M(rules));

HINTERLAND_MEMBERS(TaskState, M(job), M(phase), M(failures), M(losses), M(pool), M(reserved), M(not_before),
                   M(turn), M(attempt), M(end), M(status));
HINTERLAND_MEMBERS(JobState, M(project), M(places), M(priority), M(held), M(cancelled), M(first), M(tasks),
                   M(ended), M(done), M(running), M(attempts), M(blockers), M(submitted), M(deadline),
                   M(request), M(may_wait), M(size), M(units), M(late), M(gb_in), M(gb_out), M(money),
                   M(quote), M(ran));
HINTERLAND_MEMBERS(AttemptState, M(task), M(pool), M(term), M(began), M(due), M(confirmed), M(host),
                   M(confirmed_sent), M(inputs), M(outputs));
HINTERLAND_MEMBERS(PoolFacts, M(name), M(term), M(lost), M(down), M(drained), M(warned_from),
                   M(condemned_hosts), M(room), M(prices), M(deal), M(build));
HINTERLAND_MEMBERS(ProjectState, M(name), M(share), M(budget), M(spent), M(reserved), M(used), M(active));
HINTERLAND_MEMBERS(HostState, M(pool), M(name), M(condemned), M(failed));
HINTERLAND_MEMBERS(Keyed, M(job), M(digest));
HINTERLAND_MEMBERS(NewSize, M(size), M(units));
HINTERLAND_MEMBERS(MeterKey, M(project), M(places), M(pool));
HINTERLAND_MEMBERS(UsedKey, M(project), M(places), M(share));
HINTERLAND_MEMBERS(Metered, M(attempts), M(unit_ms), M(moved), M(fetched), M(bill));
HINTERLAND_MEMBERS(InputsAt, M(needed), M(pools));
HINTERLAND_MEMBERS(State, M(name), M(pools), M(places), M(projects), M(hosts), M(jobs), M(tasks), M(attempts),
                   M(resized), M(metered), M(used), M(failed_on), M(inputs_at), M(keys), M(dependants),
                   M(attempts_begun), M(placements), M(live), M(served), M(latest), M(open), M(rules));

#undef M
#undef HINTERLAND_FACT
#undef HINTERLAND_MEMBERS
#undef HINTERLAND_MEMBER
// NOLINTEND(cppcoreguidelines-macro-usage,bugprone-macro-parentheses)

}  // namespace hinterland
