#include "hinterland/journal/codec.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>

#include "hinterland/journal/members.hpp"

namespace hinterland {

namespace {

template <class T>
concept Number = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept Enum = std::is_enum_v<T>;

class Writer {
 public:
  [[nodiscard]] std::string take() { return std::move(bytes_); }

  void put_byte(unsigned value) { bytes_.push_back(static_cast<char>(value)); }
  void put(bool value) { put_byte(value ? 1 : 0); }
  template <Number T>
  void put(T value) {
    if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      put_unsigned((static_cast<std::uint64_t>(wide) << 1U) ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      put_unsigned(value);
    }
  }
  template <Enum T>
  void put(T value) {
    put(std::to_underlying(value));
  }
  void put(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned byte = 0; byte < 8; ++byte) put_byte((bits >> (8 * byte)) & 0xFFU);
  }
  void put(const std::string& text) {
    put(text.size());
    bytes_ += text;
  }
  template <class Tag, class Rep>
  void put(Index<Tag, Rep> index) {
    put(index.value);
  }
  template <Listed T>
  void put(const T& value) {
    for_each_member(value, [&](std::string_view, const auto& member) { put(member); });
  }
  void put(const Fact& fact) {
    put_byte(static_cast<unsigned>(fact.index()));
    std::visit([&](const auto& one) { put(one); }, fact);
  }
  template <class T>
  void put(std::span<const T> list) {
    put(list.size());
    for (const T& one : list) put(one);
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put(std::span<const T>(list));
  }
  template <class Key, class Value>
  void put(const std::map<Key, Value>& map) {
    put(map.size());
    for (const auto& [key, value] : map) {
      put(key);
      put(value);
    }
  }
  template <class Key, class Value>
  void put(const std::unordered_map<Key, Value>& map) {
    std::vector<const std::pair<const Key, Value>*> sorted;
    sorted.reserve(map.size());
    for (const auto& entry : map) sorted.push_back(&entry);
    std::ranges::sort(sorted, {}, [](const auto* entry) -> const Key& { return entry->first; });
    put(map.size());
    for (const auto* entry : sorted) {
      put(entry->first);
      put(entry->second);
    }
  }

 private:
  void put_unsigned(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) put_byte((value & 0x7FU) | 0x80U);
    put_byte(static_cast<unsigned>(value));
  }

  std::string bytes_;
};

// Every get() is false, and its value of no meaning, when the bytes are no such thing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  bool get_byte(unsigned& value) {
    if (rest_.empty()) return false;
    value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }
  bool get(bool& value) {
    unsigned byte = 0;
    if (!get_byte(byte) || byte > 1) return false;
    value = byte == 1;
    return true;
  }
  template <Number T>
  bool get(T& value) {
    std::uint64_t bits = 0;
    if (!get_unsigned(bits)) return false;
    if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<std::int64_t>((bits >> 1U) ^ (~(bits & 1U) + 1));
      if (!std::in_range<T>(wide)) return false;
      value = static_cast<T>(wide);
    } else {
      if (!std::in_range<T>(bits)) return false;
      value = static_cast<T>(bits);
    }
    return true;
  }
  template <Enum T>
  bool get(T& value) {
    std::underlying_type_t<T> number{};
    if (!get(number) || number > std::to_underlying(kLast<T>)) return false;
    value = static_cast<T>(number);
    return true;
  }
  bool get(double& value) {
    std::uint64_t bits = 0;
    for (unsigned byte = 0; byte < 8; ++byte) {
      unsigned eight = 0;
      if (!get_byte(eight)) return false;
      bits |= static_cast<std::uint64_t>(eight) << (8 * byte);
    }
    value = std::bit_cast<double>(bits);
    return std::isfinite(value);  // JSON knows no others, and no fact holds one
  }
  bool get(std::string& text) {
    std::size_t size = 0;
    if (!get_count(size)) return false;
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  template <class Tag, class Rep>
  bool get(Index<Tag, Rep>& index) {
    return get(index.value);
  }
  template <Listed T>
  bool get(T& value) {
    bool good = true;
    for_each_member(value, [&](std::string_view, auto& member) { good = good && get(member); });
    return good;
  }
  bool get(Fact& fact) {
    unsigned place = 0;
    return get_byte(place) &&
           get_alternative(fact, place, std::make_index_sequence<std::variant_size_v<Fact>>());
  }
  template <class T>
  bool get(std::vector<T>& list) {
    std::size_t count = 0;
    if (!get_count(count)) return false;
    list.reserve(std::min(count, kMostReserved));
    for (; count > 0; --count) {
      if (!get(list.emplace_back())) return false;
    }
    return true;
  }
  template <class Key, class Value>
  bool get(std::map<Key, Value>& map) {
    std::size_t count = 0;
    if (!get_count(count)) return false;
    for (; count > 0; --count) {
      std::pair<Key, Value> entry;
      if (!get(entry.first) || !get(entry.second)) return false;
      if (!map.empty() && !(map.rbegin()->first < entry.first)) return false;
      map.emplace_hint(map.end(), std::move(entry));
    }
    return true;
  }
  template <class Key, class Value>
  bool get(std::unordered_map<Key, Value>& map) {
    std::size_t count = 0;
    if (!get_count(count)) return false;
    map.reserve(std::min(count, kMostReserved));
    Key before;
    for (std::size_t i = 0; i < count; ++i) {
      std::pair<Key, Value> entry;
      if (!get(entry.first) || !get(entry.second)) return false;
      if (i > 0 && !(before < entry.first)) return false;
      before = entry.first;
      map.insert(std::move(entry));
    }
    return true;
  }

 private:
  static constexpr std::size_t kMostReserved = 1 << 20;

  // One encoding a number: nothing past 64 bits, and no zero at the end.
  bool get_unsigned(std::uint64_t& value) {
    value = 0;
    unsigned byte = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (!get_byte(byte)) return false;
      if (shift == 63 && byte > 1) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return shift == 0 || byte != 0;
    }
    return false;
  }
  // Of things that follow, each of a byte at least.
  bool get_count(std::size_t& count) { return get(count) && count <= rest_.size(); }
  template <std::size_t... I>
  bool get_alternative(Fact& fact, unsigned place, std::index_sequence<I...> /*all*/) {
    return ((place == I && get(fact.emplace<I>())) || ...);
  }

  std::string_view rest_;
};

// `oldest` format whose bytes are read as this one's.
template <class T>
std::optional<T> decode(std::string_view bytes, unsigned oldest) {
  Reader reader(bytes);
  unsigned format = 0;
  std::optional<T> value(std::in_place);
  if (!reader.get_byte(format) || format < oldest || format > kFormat || !reader.get(*value) ||
      !reader.at_end())
    value.reset();
  return value;
}

}  // namespace

std::string encode(std::span<const Fact> facts) {
  Writer writer;
  writer.put_byte(kFormat);
  writer.put(facts);
  return writer.take();
}

std::string encode(const State& state) {
  Writer writer;
  writer.put_byte(kFormat);
  writer.put(state);
  return writer.take();
}

std::optional<std::vector<Fact>> decode_facts(std::string_view bytes) {
  return decode<std::vector<Fact>>(bytes, 1);
}
std::optional<State> decode_state(std::string_view bytes) { return decode<State>(bytes, kFormat); }

bool is_of_later_format(std::string_view bytes) {
  return !bytes.empty() && static_cast<unsigned char>(bytes.front()) > kFormat;
}

bool is_of_older_format(std::string_view bytes) {
  return !bytes.empty() && bytes.front() >= 1 && static_cast<unsigned char>(bytes.front()) < kFormat;
}

}  // namespace hinterland
