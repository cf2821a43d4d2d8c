#include "hinterland/serve/certificate_end.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace hinterland {

namespace {

struct Free {
  void operator()(BIO* file) const { BIO_free(file); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

std::optional<Instant> certificate_end(const std::string& file) {
  const std::unique_ptr<BIO, Free> in(BIO_new_file(file.c_str(), "r"));
  if (!in) return std::nullopt;
  const std::unique_ptr<X509, Free> shown(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  std::tm utc{};
  if (!shown || ASN1_TIME_to_tm(X509_get0_notAfter(shown.get()), &utc) != 1) return std::nullopt;
  constexpr std::int64_t ms_per_s = 1000;
  return Instant{ms_per_s * static_cast<std::int64_t>(::timegm(&utc))};
}

}  // namespace hinterland
