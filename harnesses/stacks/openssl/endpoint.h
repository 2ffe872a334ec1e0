#pragma once
// OpenSSL's DTLS 1.2 as an endpoint: a client, or a server with an object for each address that anything came from.
#include <map>

#include "harnesses/stacks/openssl/association.h"

namespace tocsin::stacks {

class OpenSslEndpoint final : public Endpoint {
 public:
  /// A client of the server at that address. seed: all randomness of this end comes from it.
  static std::unique_ptr<OpenSslEndpoint> client(const PeerConfig& config, std::uint64_t seed, Address server, Time now = {});
  /// With SSL_accept, and cookies if config says so. A failed association stays failed: there is no listen state.
  static std::unique_ptr<OpenSslEndpoint> server(const PeerConfig& config, std::uint64_t seed);

  void receive(ByteView datagram, Address from, Time now) override;
  std::optional<Time> deadline() const override;
  void on_timeout(Time now) override;
  std::vector<Datagram> take_output() override;
  bool send(Address peer, ByteView application_data, Time now) override;
  bool close(Address peer, Time now) override;
  std::vector<Bytes> take_application_data(Address peer) override;

  Status status(Address peer) const override;
  bool is_closed_by(Address peer) const override;
  std::optional<Bytes> export_keying_material(Address peer, std::string_view label, std::optional<ByteView> context,
                                              std::size_t size_bytes) override;
  Negotiated negotiated(Address peer) const override;
  std::string failure(Address peer) const override;

 private:
  OpenSslEndpoint(Role role, const PeerConfig& config, std::uint64_t seed) : role_(role), config_(config), seed_(seed) {}
  OpenSslDtls& add(Address peer, Time now);
  OpenSslDtls* find(Address peer) const;

  Role role_;
  PeerConfig config_;
  std::uint64_t seed_;
  std::map<Address, std::unique_ptr<OpenSslDtls>> associations_;
};

}  // namespace tocsin::stacks
