// What an object is called: the BLAKE2b-256 of its bytes in hex, worked out as they pass.
#pragma once
#include <sodium.h>

#include <array>
#include <cstddef>
#include <string>

namespace hinterland {

class ObjectHash {
 public:
  ObjectHash() { crypto_generichash_init(&state_, nullptr, 0, crypto_generichash_BYTES); }
  void add(const char* bytes, std::size_t size) {
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes), size);
  }
  // Of all that was added; nothing more may be.
  std::string name() {
    std::array<unsigned char, crypto_generichash_BYTES> hash{};
    crypto_generichash_final(&state_, hash.data(), hash.size());
    std::string out;
    for (const unsigned char byte : hash) {
      constexpr const char* digits = "0123456789abcdef";
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
    }
    return out;
  }

 private:
  crypto_generichash_state state_{};
};

}  // namespace hinterland
