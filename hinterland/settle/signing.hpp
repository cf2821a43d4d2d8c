// Keys and signatures: Ed25519 (RFC 8032), by libsodium.
//
//   NAME       hinterland-ed25519-secret HEX    the seed, 32 bytes; for its owner's eyes alone (mode 0600)
//   NAME.pub   hinterland-ed25519-public HEX    32 bytes; for whoever is to check what was signed
//
// The same text under the same key has the same signature.
#pragma once
#include <array>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

inline constexpr std::size_t kKeyBytes = 32;

struct PublicKey {
  std::array<unsigned char, kKeyBytes> bytes{};
  bool operator==(const PublicKey&) const = default;
};
std::string hex_of(const PublicKey& key);

// Gone from memory when it goes.
class SecretKey {
 public:
  explicit SecretKey(const std::array<unsigned char, kKeyBytes>& seed);
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();
  [[nodiscard]] PublicKey public_key() const;
  [[nodiscard]] std::string sign(std::string_view text) const;  // 64 bytes in hex

 private:
  std::array<unsigned char, 64> pair_{};
};

bool is_signed_by(const PublicKey& key, std::string_view text, std::string_view signature_hex);

// Writes NAME and NAME.pub. Fails where one of them is there already: no key is ever written over.
Expected<PublicKey> make_key(const std::string& name);
// Fails for what is no such file, and for a secret that others than its owner may read.
Expected<SecretKey> read_secret_key(const std::string& file);
Expected<PublicKey> read_public_key(const std::string& file);

// BLAKE2b-256, in hex.
std::string digest_of_text(std::string_view text);

}  // namespace hinterland
