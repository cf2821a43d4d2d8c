#include "hinterland/sim/flows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "tests/naive_flows.hpp"
#include "tests/peers_flows.hpp"

namespace hinterland {

namespace {

// All by themselves, until nothing moves.
std::vector<Flows::Ended> run_out(Flows& flows) {
  std::vector<Flows::Ended> ended;
  flows.advance({kNever.ms - 1}, ended);
  return ended;
}

struct Random : test::SplitMix {
  using SplitMix::SplitMix;
  std::size_t below(std::size_t n) { return next() % n; }
};

Network random_network(Random& random) {
  Network network;
  const std::size_t links = 2 + random.below(9), classes = 1 + random.below(24);
  for (std::size_t l = 0; l < links; ++l) network.add_link(static_cast<double>(1 + random.below(8)));
  for (std::size_t c = 0; c < classes; ++c) {
    std::vector<LinkIndex> path;
    for (std::size_t l = 0; l < links; ++l) {
      if (random.below(links) < 2) path.push_back(LinkIndex{l});
    }
    if (path.empty()) path.push_back(LinkIndex{random.below(links)});
    network.add_class(path, random.below(2) == 0 ? 1.0 : 0.5 * static_cast<double>(1 + random.below(4)));
  }
  return network;
}

}  // namespace

TEST_CASE("completion sums are those of an independent program") {
  for (const auto& [count, sum] :
       {std::pair{1000, 210505.565}, std::pair{3000, 1758641.730}, std::pair{10'000, 19637053.412}}) {
    const test::PeersFlows peers = test::peers_flows(static_cast<std::size_t>(count), 0);
    Flows flows(peers.network);
    std::vector<Flows::Start> starts;
    for (const auto& [at, start] : peers.flows) starts.push_back(start);
    flows.begin(starts, Instant{0});
    double got = 0, bytes = 0, carried = 0;
    for (const Flows::Ended& one : run_out(flows)) got += one.true_s;
    CHECK(got == doctest::Approx(sum).epsilon(5e-4 / sum));
    for (const auto& start : starts) bytes += start.bytes;
    for (std::size_t link = 0; link < 10; ++link) carried += flows.carried(LinkIndex{link});
    CHECK(carried == doctest::Approx(bytes).epsilon(1e-12));
  }
}

TEST_CASE("two flows share a link by weight; the one that is alone has it all") {
  Network network;
  const LinkIndex link = network.add_link(3000);
  const FlowClass light = network.add_class({link}), heavy = network.add_class({link}, 2);
  Flows flows(network);
  flows.begin(light, 1000, 1, Instant{0});
  flows.begin(heavy, 1000, 2, Instant{0});
  const auto ended = run_out(flows);
  REQUIRE(ended.size() == 2);
  CHECK(ended[0].tag == 2);  // 1000 at 2000/s
  CHECK(ended[0].at == Instant{500});
  CHECK(ended[1].at == Instant{667});  // 500 at 1000/s, then 500 at 3000/s: 666.7 ms, rounded up
}

TEST_CASE("a link that is cut holds its flows, and lets them go on") {
  Network network;
  const LinkIndex link = network.add_link(1000);
  const FlowClass flow = network.add_class({link});
  Flows flows(network);
  flows.begin(flow, 1000, 7, Instant{0});
  std::vector<Flows::Ended> ended;
  flows.advance({400}, ended);
  flows.set_capacity(link, 0, {400});
  CHECK(flows.next_end() == kNever);
  flows.advance({900}, ended);
  CHECK(ended.empty());
  flows.set_capacity(link, 2000, {1000});
  CHECK(flows.next_end() == Instant{1300});
  CHECK(flows.cancel(7, {1100}) == doctest::Approx(400));
  CHECK(flows.cancel(7, {1100}) == 0);
  CHECK(flows.next_end() == kNever);
}

// No link carries more than it can, and every class has a full link on which nobody is above it.
TEST_CASE("rates are max-min fair: each class has its bottleneck") {
  Random random(3);
  for (int round = 0; round < 3000; ++round) {
    const Network network = random_network(random);
    MaxMin rates(network);
    for (int change = 0; change < 12; ++change) {
      if (random.below(6) == 0) {
        rates.set_capacity(LinkIndex{random.below(network.links())}, static_cast<double>(random.below(5)));
      } else {
        const FlowClass flow{random.below(network.classes())};
        rates.add_flows(flow, rates.flows(flow) > 0 && random.below(2) == 0 ? -1 : 1);
        rates.update(std::span(&flow, 1));
      }
      for (std::size_t l = 0; l < network.links(); ++l) {
        const LinkIndex link{l};
        REQUIRE(rates.load(link) <= rates.capacity(link) * (1 + 1e-9) + 1e-12);
      }
      for (std::size_t c = 0; c < network.classes(); ++c) {
        const FlowClass flow{c};
        if (rates.flows(flow) == 0) continue;
        const auto level = [&](FlowClass of) { return rates.rate(of) / network.weight(of); };
        REQUIRE(std::ranges::any_of(network.path(flow), [&](LinkIndex link) {
          const bool full = rates.load(link) >= rates.capacity(link) * (1 - 1e-9) - 1e-12;
          return full && std::ranges::all_of(network.carried(link), [&](FlowClass other) {
                   return rates.flows(other) == 0 || level(other) <= level(flow) * (1 + 1e-9) + 1e-12;
                 });
        }));
      }
    }
  }
}

TEST_CASE("solving by component gives what solving the whole gives") {
  Random random(5);
  double worst = 0;
  for (int round = 0; round < 3000; ++round) {
    const Network network = random_network(random);
    Flows part(network), whole(network, false);
    std::map<std::uint32_t, double> ends;
    std::vector<Flows::Ended> a, b;
    Instant now{0};
    const std::size_t count = 1 + random.below(80);
    for (std::size_t k = 0; k < count; ++k) {
      if (random.below(3) != 0) now.ms += static_cast<std::int64_t>(random.below(2000));
      const FlowClass flow{random.below(network.classes())};
      const double bytes = static_cast<double>(1 + random.below(40)) / 4;
      part.advance(now, a);
      whole.advance(now, b);
      part.begin(flow, bytes, static_cast<std::uint32_t>(k), now);
      whole.begin(flow, bytes, static_cast<std::uint32_t>(k), now);
    }
    part.advance({kNever.ms - 1}, a);
    whole.advance({kNever.ms - 1}, b);
    REQUIRE(a.size() == count);
    REQUIRE(b.size() == count);
    for (const Flows::Ended& one : a) ends[one.tag] = one.true_s;
    for (const Flows::Ended& one : b) worst = std::max(worst, std::abs(ends[one.tag] - one.true_s));
  }
  CHECK(worst < 1e-9);
}

TEST_CASE("flows end when an obviously right solver says, with flows called off and links cut") {
  Random random(9);
  double worst_ms = 0;
  int called_off = 0, held = 0;
  for (int round = 0; round < 2000; ++round) {
    const Network network = random_network(random);
    Flows fast(network);
    naive::Flows slow(network);
    std::vector<Flows::Ended> ended;
    Instant now{0};
    std::uint32_t tags = 0;
    for (int step = 0; step < 30; ++step) {
      now.ms += static_cast<std::int64_t>(random.below(3000));
      fast.advance(now, ended);
      slow.advance(static_cast<double>(now.ms) / 1000);
      const std::size_t what = random.below(8);
      if (what == 0 && tags > 0) {
        const auto tag = static_cast<std::uint32_t>(random.below(tags));
        const double missing = fast.cancel(tag, now);
        CHECK(missing == doctest::Approx(slow.cancel(tag)).epsilon(1e-9));
        called_off += missing > 0 ? 1 : 0;
      } else if (what == 1) {
        const LinkIndex link{random.below(network.links())};
        const auto capacity = static_cast<double>(random.below(6));
        fast.set_capacity(link, capacity, now);
        slow.set_capacity(link, capacity);
      } else {
        const FlowClass flow{random.below(network.classes())};
        const double bytes = static_cast<double>(1 + random.below(40)) / 4;
        fast.begin(flow, bytes, tags, now);
        slow.begin(flow, bytes, tags++);
      }
    }
    fast.advance({kNever.ms - 1}, ended);
    slow.advance(1e12);
    REQUIRE(ended.size() == slow.ended().size());
    held += static_cast<int>(fast.under_way());
    CHECK(fast.under_way() == slow.under_way());
    for (const Flows::Ended& one : ended)
      worst_ms = std::max(worst_ms, std::abs(one.true_s - slow.ended().at(one.tag)) * 1000);
  }
  CHECK(worst_ms < 1e-3);
  CHECK(called_off > 100);
  CHECK(held > 100);  // behind links that stay cut
}

}  // namespace hinterland
