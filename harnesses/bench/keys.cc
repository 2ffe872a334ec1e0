#include "harnesses/bench/keys.h"

#include <openssl/pem.h>

#include "harnesses/testdata/testdata.h"

namespace tocsin::bench {
namespace {

using Bio = Owned<BIO, BIO_free_all>;

Bio bio_of(std::string_view name) {
  const std::string_view pem = testdata::pem(name);
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate certificate(std::string_view name) {
  Certificate read(PEM_read_bio_X509(bio_of(name).get(), nullptr, nullptr, nullptr));
  must(read != nullptr);
  return read;
}

}  // namespace

Certificate server_certificate() { return certificate("server-ecdsa-p256"); }
Certificate authority_certificate() { return certificate("ca"); }

Key server_key() {
  Key key(PEM_read_bio_PrivateKey(bio_of("server-ecdsa-p256.key").get(), nullptr, nullptr, nullptr));
  must(key != nullptr);
  return key;
}

}  // namespace tocsin::bench
