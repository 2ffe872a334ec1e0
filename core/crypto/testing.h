#pragma once
// For unit tests: the provider over libcrypto, and the test certificates.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/base/testing.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::test {

inline std::shared_ptr<Provider> openssl() {
  static const auto provider = make_openssl_provider();
  return *provider;
}

inline std::string testdata(const std::string& name) { return "harnesses/testdata/" + name; }

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The test certificate "server-<name>" with its key.
inline std::shared_ptr<const CertifiedKey> server_key(const std::string& name) {
  auto key = certified_key_from_files(testdata("server-" + name + ".pem"), testdata("server-" + name + ".key.pem"));
  if (!key) ADD_FAILURE() << key.error().message;
  return key ? *key : nullptr;
}

constexpr UnixSeconds year_2026{1767225600};

}  // namespace tocsin::test
