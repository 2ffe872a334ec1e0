#pragma once
// OpenSSL's DTLS 1.2: one association.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harnesses/stacks/deterministic_rand.h"
#include "harnesses/stacks/endpoint.h"
#include "harnesses/stacks/openssl/bio.h"
#include "harnesses/stacks/openssl/context.h"

namespace tocsin::stacks {

/// How a server waits for its peer: SSL_accept with cookies if its configuration wants them, or DTLSv1_listen before it.
enum class Listening : std::uint8_t { by_accept, by_dtlsv1_listen };

/// Its functions are Endpoint's, for the one peer that it has.
class OpenSslDtls {
 public:
  /// seed: all randomness of this end comes from it. A client's ClientHello is in the output at once.
  OpenSslDtls(Role role, const PeerConfig& config, std::uint64_t seed, Address peer, Time now,
              Listening listening = Listening::by_accept);
  OpenSslDtls(const OpenSslDtls&) = delete;
  OpenSslDtls& operator=(const OpenSslDtls&) = delete;

  void receive(ByteView datagram, Time now);
  std::optional<Time> deadline() const { return deadline_; }
  void on_timeout(Time now);
  std::vector<Bytes> take_output() { return std::exchange(wire_.written, {}); }
  bool send(ByteView application_data, Time now);
  bool close(Time now);
  std::vector<Bytes> take_application_data() { return std::exchange(application_data_, {}); }

  Status status() const { return status_; }
  bool is_closed_by_peer() const;
  std::optional<Bytes> export_keying_material(std::string_view label, std::optional<ByteView> context, std::size_t size_bytes);
  Negotiated negotiated() const;
  std::string failure() const;
  /// How often libssl called an error what it goes on from.
  std::uint64_t complaints() const { return complaints_; }

 private:
  class Call;  // what libssl sees of the world while it runs

  static int make_cookie(SSL* ssl, unsigned char* cookie, unsigned* cookie_bytes);
  static int verify_cookie(SSL* ssl, const unsigned char* cookie, unsigned cookie_bytes);
  bool is_listening();
  void advance();
  bool fail();
  bool fails_after(int result);
  void note_deadline(Time now);

  PeerConfig config_;
  RandomStream random_;
  Address peer_;
  DatagramWire wire_;
  SslPtr ssl_;
  std::optional<Time> deadline_;
  std::vector<Bytes> application_data_;
  Status status_ = Status::handshaking;
  bool listens_;
  std::uint64_t complaints_ = 0;
  unsigned long error_code_ = 0;
};

}  // namespace tocsin::stacks
