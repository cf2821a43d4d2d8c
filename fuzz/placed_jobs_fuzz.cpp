// Any bytes as placed jobs. Promised: what is accepted can be simulated, every job of it ends, and bills and meters agree.
#include "fuzz/fuzz.hpp"
#include "hinterland/sim/books.hpp"
#include "hinterland/sim/placed_jobs.hpp"
#include "tests/peers_world.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  static const SimWorld empty = test::sites_of(3, 2);
  SimWorld world = empty;
  SilentProgress progress;
  const auto read = parse_placed_jobs(text_of(data, size), "fuzz.csv", world, progress);
  if (!read) {
    promise_errors(read.error());
    return 0;
  }
  promise(check_world(world).has_value());
  // A meter has a place for each hour: nobody wants a century of them here.
  for (std::size_t job = 0; job < world.jobs.count(); ++job) {
    if (world.jobs.arrival[job].ms + world.jobs.run[job].ms > 1000 * 24 * kHour.ms) return 0;
  }
  world.discipline = Discipline::easy;
  const Books books = keep_books(world, simulate(world, stay, progress));
  promise(books.imbalances.empty());
  promise(books.total().done == static_cast<std::int64_t>(world.jobs.count()));
  return 0;
}
