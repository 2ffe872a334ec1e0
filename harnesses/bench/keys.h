#pragma once
// The identities that all contenders use: the test certificate server-ecdsa-p256, and the authority that issued it.
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace tocsin::bench {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Free<free>>;
using Certificate = Owned<X509, X509_free>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;

/// A contender that fails measures nothing: the run ends.
inline void must(bool succeeded) {
  if (!succeeded) std::abort();
}

inline constexpr std::string_view server_name = "localhost";
inline constexpr std::size_t datagram_bytes_max = 1400;

Certificate server_certificate();
Certificate authority_certificate();
Key server_key();

}  // namespace tocsin::bench
