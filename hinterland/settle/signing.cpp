#include "hinterland/settle/signing.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "hinterland/base/file.hpp"

namespace hinterland {

namespace {

constexpr std::string_view kSecret = "hinterland-ed25519-secret ";
constexpr std::string_view kPublic = "hinterland-ed25519-public ";
constexpr mode_t kForOwner = 0600, kForAll = 0644, kOthers = 077;

static_assert(crypto_sign_ed25519_SEEDBYTES == kKeyBytes && crypto_sign_ed25519_PUBLICKEYBYTES == kKeyBytes &&
              crypto_sign_ed25519_SECRETKEYBYTES == 2 * kKeyBytes);

void begin_sodium() {
  if (sodium_init() < 0) throw std::logic_error("libsodium does not begin");
}

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text(2 * size + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes, size);
  text.pop_back();
  return text;
}

// Lower case, and of that very length: one way to write a thing down.
template <std::size_t Size>
std::optional<std::array<unsigned char, Size>> from_hex(std::string_view text) {
  std::array<unsigned char, Size> bytes{};
  if (text.size() != 2 * Size || text.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  if (sodium_hex2bin(bytes.data(), Size, text.data(), text.size(), nullptr, nullptr, nullptr) != 0)
    return std::nullopt;
  return bytes;
}

std::unexpected<Errors> outside(const std::string& file) {
  return failure({.what = std::strerror(errno),
                  .where = {.file = file},
                  .mend = "Look at its folder.",
                  .outside = true});
}

// A new file, durable when it returns.
Expected<void> write_new(const std::string& file, std::string_view text, mode_t mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0 && errno == EEXIST)
    return failure({.what = "is there already, and a key is never written over",
                    .where = {.file = file},
                    .mend = "Name another."});
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return failure({.what = "its folder is not there", .where = {.file = file}, .mend = "Make it first."});
  if (fd < 0) return outside(file);
  const bool good =
      ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  const int why = errno;
  ::close(fd);
  if (good) return {};
  ::unlink(file.c_str());
  errno = why;
  return outside(file);
}

Expected<std::array<unsigned char, kKeyBytes>> read_key(const std::string& file, std::string_view kind) {
  auto text = read_text(file);
  if (!text) return std::unexpected(std::move(text.error()));
  std::string_view rest = *text;
  while (rest.ends_with('\n')) rest.remove_suffix(1);
  std::optional<std::array<unsigned char, kKeyBytes>> key;
  if (rest.starts_with(kind)) key = from_hex<kKeyBytes>(rest.substr(kind.size()));
  if (kind == kSecret) sodium_memzero(text->data(), text->size());
  if (key) return *key;
  return failure(
      {.what = fmt::format("is no {}key of `hinterland key new`", kind == kSecret ? "secret " : "public "),
       .where = {.file = file},
       .mend = kind == kSecret ? "Name the file without .pub." : "Name the file that ends with .pub."});
}

}  // namespace

std::string hex_of(const PublicKey& key) { return hex(key.bytes.data(), key.bytes.size()); }

SecretKey::SecretKey(const std::array<unsigned char, kKeyBytes>& seed) {
  begin_sodium();
  PublicKey unused;
  crypto_sign_ed25519_seed_keypair(unused.bytes.data(), pair_.data(), seed.data());
}

SecretKey::~SecretKey() { sodium_memzero(pair_.data(), pair_.size()); }

PublicKey SecretKey::public_key() const {
  PublicKey key;
  crypto_sign_ed25519_sk_to_pk(key.bytes.data(), pair_.data());
  return key;
}

std::string SecretKey::sign(std::string_view text) const {
  std::array<unsigned char, crypto_sign_ed25519_BYTES> signature{};
  crypto_sign_ed25519_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size(), pair_.data());
  return hex(signature.data(), signature.size());
}

bool is_signed_by(const PublicKey& key, std::string_view text, std::string_view signature_hex) {
  begin_sodium();
  const auto signature = from_hex<crypto_sign_ed25519_BYTES>(signature_hex);
  return signature && crypto_sign_ed25519_verify_detached(signature->data(),
                                                          reinterpret_cast<const unsigned char*>(text.data()),
                                                          text.size(), key.bytes.data()) == 0;
}

Expected<PublicKey> make_key(const std::string& name) {
  begin_sodium();
  std::array<unsigned char, kKeyBytes> seed{};
  randombytes_buf(seed.data(), seed.size());
  const PublicKey key = SecretKey(seed).public_key();
  std::string secret = std::string(kSecret) + hex(seed.data(), seed.size()) + "\n";
  sodium_memzero(seed.data(), seed.size());
  // The public half first: a secret that nobody can check against is of no use, and cannot be made again under its name.
  const std::string public_file = name + ".pub";
  auto written = write_new(public_file, std::string(kPublic) + hex_of(key) + "\n", kForAll);
  if (written) {
    written = write_new(name, secret, kForOwner);
    if (!written) ::unlink(public_file.c_str());
  }
  sodium_memzero(secret.data(), secret.size());
  if (!written) return std::unexpected(std::move(written.error()));
  return key;
}

Expected<SecretKey> read_secret_key(const std::string& file) {
  auto seed = read_key(file, kSecret);
  if (!seed) return std::unexpected(std::move(seed.error()));
  SecretKey key(*seed);
  sodium_memzero(seed->data(), seed->size());
  struct stat about{};
  if (::stat(file.c_str(), &about) == 0 && (about.st_mode & kOthers) != 0)
    return failure({.what = "others than its owner may read or write this secret key",
                    .where = {.file = file},
                    .mend = "`chmod 600` it, and ask yourself who has."});
  return key;
}

Expected<PublicKey> read_public_key(const std::string& file) {
  const auto bytes = read_key(file, kPublic);
  if (!bytes) return std::unexpected(bytes.error());
  return PublicKey{*bytes};
}

std::string digest_of_text(std::string_view text) {
  begin_sodium();
  std::array<unsigned char, kKeyBytes> digest{};
  crypto_generichash_blake2b(digest.data(), digest.size(),
                             reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return hex(digest.data(), digest.size());
}

}  // namespace hinterland
