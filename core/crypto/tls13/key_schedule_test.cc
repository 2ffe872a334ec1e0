#include "core/crypto/tls13/key_schedule.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "core/crypto/testing.h"

namespace tocsin::crypto {
namespace {

using test::from_hex;
using test::openssl;
using test::to_hex;

constexpr HashAlgorithm sha256 = HashAlgorithm::sha256, sha384 = HashAlgorithm::sha384;

// RFC 8448 section 3, "Simple 1-RTT Handshake". The transcript hashes are those of its messages.
const Bytes shared_secret = from_hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
const Bytes to_server_hello = from_hex("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
const Bytes to_certificate_verify = from_hex("edb7725fa7a3473b031ec8ef65a2485493900138a2b91291407d7951a06110ed");
const Bytes to_server_finished = from_hex("9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13");

const Bytes client_handshake = from_hex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
const Bytes server_handshake = from_hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
const Bytes master = from_hex("18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919");
const Bytes server_application = from_hex("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");

TEST(KeySchedule, rfc8448_early_secret_and_its_derived_secret) {
  const Secret zeros(std::size_t{32});
  const auto early = hkdf_extract(*openssl(), sha256, zeros, zeros);
  EXPECT_EQ(to_hex(*early), "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
  const Bytes empty_hash = from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(*derive_secret(*openssl(), sha256, *early, "derived", empty_hash)),
            "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");
}

// RFC 8448 has no trace with SHA-384: here the whole chain is computed, without the constants that stand for its begin.
TEST(KeySchedule, handshake_secrets_begin_with_the_early_secret_of_zeros) {
  for (const HashAlgorithm hash : {sha256, sha384}) {
    const Secret zeros(hash_bytes(hash));
    const auto nothing = openssl()->hash(hash);
    const Secret empty_hash = *(*nothing)->current();
    const auto early = hkdf_extract(*openssl(), hash, zeros, zeros);
    const auto early_derived = derive_secret(*openssl(), hash, *early, "derived", empty_hash);
    const auto handshake = hkdf_extract(*openssl(), hash, *early_derived, shared_secret);
    const auto derived = derive_secret(*openssl(), hash, *handshake, "derived", empty_hash);
    const auto secrets = handshake_secrets(*openssl(), hash, shared_secret, to_server_hello);
    EXPECT_EQ(to_hex(secrets->client_traffic),
              to_hex(*derive_secret(*openssl(), hash, *handshake, "c hs traffic", to_server_hello)));
    EXPECT_EQ(to_hex(secrets->master), to_hex(*hkdf_extract(*openssl(), hash, *derived, zeros)));
  }
}

TEST(KeySchedule, rfc8448_handshake_secrets) {
  const auto secrets = handshake_secrets(*openssl(), sha256, shared_secret, to_server_hello);
  ASSERT_TRUE(secrets);
  EXPECT_EQ(to_hex(secrets->client_traffic), to_hex(client_handshake));
  EXPECT_EQ(to_hex(secrets->server_traffic), to_hex(server_handshake));
  EXPECT_EQ(to_hex(secrets->master), to_hex(master));
}

TEST(KeySchedule, rfc8448_application_secrets) {
  const auto secrets = application_secrets(*openssl(), sha256, master, to_server_finished);
  ASSERT_TRUE(secrets);
  EXPECT_EQ(to_hex(secrets->client_traffic), "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");
  EXPECT_EQ(to_hex(secrets->server_traffic), to_hex(server_application));
  EXPECT_EQ(to_hex(secrets->exporter_master), "fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50");
}

TEST(KeySchedule, rfc8448_traffic_keys) {
  const auto expect = [](const Bytes& secret, std::string_view key, std::string_view iv) {
    const auto keys = traffic_keys(*openssl(), CipherSuite::aes_128_gcm_sha256, secret);
    ASSERT_TRUE(keys);
    EXPECT_EQ(to_hex(keys->key), key);
    EXPECT_EQ(to_hex(keys->iv), iv);
  };
  expect(server_handshake, "3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30");
  expect(client_handshake, "dbfaa693d1762c5b666af5d950258d01", "5bd3c71b836e0b76bb73265f");
  expect(server_application, "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984");
}

TEST(KeySchedule, rfc8448_finished) {
  const auto server = finished_verify_data(*openssl(), sha256, server_handshake, to_certificate_verify);
  EXPECT_EQ(to_hex(*server), "9b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718");
  const auto client = finished_verify_data(*openssl(), sha256, client_handshake, to_server_finished);
  EXPECT_EQ(to_hex(*client), "a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");
}

/// HKDF-Expand-Label by libcrypto's own implementation.
Bytes libcrypto_expand_label(std::string_view digest, ByteView secret, std::string_view label, ByteView context,
                             std::size_t size) {
  EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "TLS13-KDF", nullptr);
  EVP_KDF_CTX* const kdf_context = EVP_KDF_CTX_new(kdf);
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  const auto octets = [](const char* name, ByteView bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
  };
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
                                   OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(digest.data()), 0),
                                   octets(OSSL_KDF_PARAM_KEY, secret),
                                   octets(OSSL_KDF_PARAM_PREFIX, bytes_of("tls13 ")),
                                   octets(OSSL_KDF_PARAM_LABEL, bytes_of(label)),
                                   octets(OSSL_KDF_PARAM_DATA, context.empty() ? bytes_of("") : context),
                                   OSSL_PARAM_construct_end()};
  Bytes out(size);
  EXPECT_EQ(EVP_KDF_derive(kdf_context, out.data(), out.size(), parameters), 1);
  EVP_KDF_CTX_free(kdf_context);
  EVP_KDF_free(kdf);
  return out;
}

TEST(KeySchedule, expand_label_agrees_with_libcrypto) {
  for (const std::size_t size : {1u, 12u, 32u, 47u, 48u, 49u, 64u, 1000u, 48u * 255u}) {
    Bytes out(size);
    const Bytes context(48, 7);
    ASSERT_TRUE(hkdf_expand_label(*openssl(), sha384, Bytes(48, 3), "some label", context, out));
    EXPECT_EQ(to_hex(out), to_hex(libcrypto_expand_label("SHA384", Bytes(48, 3), "some label", context, size))) << size;
  }
}

TEST(KeySchedule, sha384_secrets_agree_with_libcrypto) {
  const Bytes secret(48, 1), transcript(48, 2);
  EXPECT_EQ(to_hex(*next_traffic_secret(*openssl(), sha384, secret)),
            to_hex(libcrypto_expand_label("SHA384", secret, "traffic upd", {}, 48)));
  EXPECT_EQ(to_hex(application_secrets(*openssl(), sha384, secret, transcript)->client_traffic),
            to_hex(libcrypto_expand_label("SHA384", secret, "c ap traffic", transcript, 48)));
  const auto keys = traffic_keys(*openssl(), CipherSuite::aes_256_gcm_sha384, secret);
  EXPECT_EQ(to_hex(keys->key), to_hex(libcrypto_expand_label("SHA384", secret, "key", {}, 32)));
  EXPECT_EQ(to_hex(keys->iv), to_hex(libcrypto_expand_label("SHA384", secret, "iv", {}, 12)));
}

TEST(KeySchedule, exporter_agrees_with_libcrypto) {
  const Bytes secret(32, 1);
  const auto digest = [](std::string_view text) {
    const auto hash = openssl()->hash(sha256);
    EXPECT_TRUE((*hash)->update(bytes_of(text)));
    return *(*hash)->current();
  };
  Bytes out(80);
  ASSERT_TRUE(export_keying_material(*openssl(), sha256, secret, "EXPORTER-test", bytes_of("context"), out));
  const Bytes derived = libcrypto_expand_label("SHA256", secret, "EXPORTER-test", digest(""), 32);
  EXPECT_EQ(to_hex(out), to_hex(libcrypto_expand_label("SHA256", derived, "exporter", digest("context"), 80)));
}

TEST(KeySchedule, refuses_what_a_label_cannot_express) {
  Bytes out(32);
  EXPECT_TRUE(hkdf_expand_label(*openssl(), sha256, out, std::string(249, 'x'), {}, out));
  EXPECT_FALSE(hkdf_expand_label(*openssl(), sha256, out, std::string(250, 'x'), {}, out));
  EXPECT_TRUE(hkdf_expand_label(*openssl(), sha256, out, "x", Bytes(255), out));
  EXPECT_FALSE(hkdf_expand_label(*openssl(), sha256, out, "x", Bytes(256), out));
  Bytes longest(255 * 32), too_long(255 * 32 + 1);
  EXPECT_TRUE(hkdf_expand_label(*openssl(), sha256, out, "x", {}, longest));
  EXPECT_FALSE(hkdf_expand_label(*openssl(), sha256, out, "x", {}, too_long));
}

TEST(KeySchedule, equal_constant_time_compares_every_byte_and_the_length) {
  const Bytes a = from_hex("010203");
  EXPECT_TRUE(equal_constant_time(a, from_hex("010203")));
  EXPECT_TRUE(equal_constant_time({}, {}));
  for (const char* other : {"000203", "010103", "010202", "0102", "01020300", ""}) {
    EXPECT_FALSE(equal_constant_time(a, from_hex(other))) << other;
  }
}

}  // namespace
}  // namespace tocsin::crypto
