// Facts and states by chance, for tests.
#pragma once
#include <concepts>
#include <limits>
#include <string>
#include <vector>

#include "hinterland/base/random.hpp"
#include "hinterland/journal/members.hpp"

namespace hinterland::test {

// Values of every kind, by chance, the ends of their ranges among them.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed, "codec") {}

  std::size_t below(std::size_t n) { return random_.next() % n; }

  void fill(bool& value) { value = below(2) == 1; }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  void fill(T& value) {
    switch (below(4)) {
      case 0: value = std::numeric_limits<T>::min(); break;
      case 1: value = std::numeric_limits<T>::max(); break;
      case 2: value = static_cast<T>(below(3)); break;
      default: value = static_cast<T>(random_.next()); break;
    }
  }
  template <class T>
    requires std::is_enum_v<T>
  void fill(T& value) {
    value = static_cast<T>(below(static_cast<std::size_t>(kLast<T>) + 1));
  }
  void fill(double& value) { value = below(3) == 0 ? 0 : random_.uniform() * 1e6; }
  void fill(std::string& value) {
    value.resize(below(4) == 0 ? below(300) : below(4));
    for (char& byte : value) byte = static_cast<char>(random_.next());
  }
  template <class Tag, class Rep>
  void fill(Index<Tag, Rep>& value) {
    fill(value.value);
  }
  template <class T>
  void fill(std::vector<T>& value) {
    value.resize(below(4));
    for (T& one : value) fill(one);
  }
  template <class Map>
    requires requires { typename Map::mapped_type; }
  void fill(Map& map) {
    for (std::size_t count = below(4); count > 0; --count) {
      typename Map::key_type key;
      fill(key);
      fill(map[key]);
    }
  }
  template <Listed T>
  void fill(T& value) {
    for_each_member(value, [&](std::string_view, auto& member) { fill(member); });
  }

 private:
  RandomStream random_;
};

template <std::size_t... I>
std::vector<Fact> one_of_each(Chance& chance, std::index_sequence<I...> /*all*/) {
  std::vector<Fact> facts(sizeof...(I));
  ((chance.fill(facts[I].emplace<I>())), ...);
  return facts;
}
inline std::vector<Fact> one_of_each(Chance& chance) {
  return one_of_each(chance, std::make_index_sequence<std::variant_size_v<Fact>>());
}

}  // namespace hinterland::test
