#pragma once
// A decorator that flips one bit in the result of one operation. It makes a peer that sends a wrong Finished, CertificateVerify
// or key share under real keys: tests past the encryption without a second implementation of the protocol.
#include <cstdint>
#include <memory>
#include <optional>

#include "tocsin/provider.h"

namespace tocsin::harness {

struct Fault {
  enum class Kind : std::uint8_t {
    hash,             // of the transcript, mostly
    hmac,             // secrets, keys, and the Finished message
    public_key,       // what is sent; the private key stays
    derive,           // the shared secret
    aead_key,         // of one direction
    seal_plaintext,   // the record is valid, its content is not what was meant
    seal_ciphertext,  // the tag included
    sign,             // the CertificateVerify message
  };
  static constexpr unsigned kinds = 8;

  Kind kind{};
  unsigned nth = 0;  // of the operations of this kind, from 0; those without a result, such as sealing nothing, do not count
  unsigned bit = 0;  // in the result, modulo its size. Bits that nobody reads are not flipped: the highest of an x25519 key
                     // (RFC 7748 5), and those of an HMAC behind the end of a shorter secret, key or IV.
};

/// Where one fault strikes, once.
class FaultInjector {
 public:
  explicit FaultInjector(const Fault& fault) : fault_(fault) {}

  /// Whether the next operation of this kind is the one.
  bool is_due(Fault::Kind kind) const { return kind == fault_.kind && seen_ == fault_.nth; }
  /// To be called with the result of every operation. bits: how many of its bits may be flipped.
  void strike(Fault::Kind kind, MutableBytes result, std::size_t bits);
  void strike(Fault::Kind kind, MutableBytes result) { strike(kind, result, result.size() * 8); }
  /// The same for a piece of TLS 1.2's key block, which begins at this byte of it.
  void strike_key_block(MutableBytes piece, std::size_t begin);

  /// Whether the fault was reached.
  bool fired() const { return fired_; }
  /// Which byte of TLS 1.2's key block was changed, if one was. How many of them are read depends on the suite (RFC 5246 6.3).
  std::optional<std::size_t> key_block_byte() const { return key_block_byte_; }

 private:
  Fault fault_;
  unsigned seen_ = 0;
  bool fired_ = false;
  std::optional<std::size_t> key_block_byte_;
};

std::shared_ptr<Provider> make_faulty_provider(std::shared_ptr<Provider> inner, std::shared_ptr<FaultInjector> injector);

/// The same key, but for the fault in its signatures. For Fault::Kind::sign.
std::shared_ptr<const CertifiedKey> faulty_certified_key(std::shared_ptr<const CertifiedKey> inner,
                                                         std::shared_ptr<FaultInjector> injector);

}  // namespace tocsin::harness
