#include "fuzz/lib/honest_pair.h"

#include <algorithm>

#include "fuzz/lib/checked_peer.h"
#include "fuzz/lib/configs.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/hiding.h"
#include "fuzz/lib/story.h"
#include "fuzz/lib/told_peer.h"

namespace tocsin::fuzz {
namespace {

using differential::Expectation;
using peers::Peer;
using peers::PeerConfig;
using peers::Status;

/// The two, and the way between them.
class Conversation {
 public:
  Conversation(std::unique_ptr<Peer> client, std::unique_ptr<Peer> server, Bytes piece_sizes)
      : client_(std::move(client)), server_(std::move(server)), piece_sizes_(std::move(piece_sizes)) {}

  /// Carries what is under way, until nothing is.
  void exchange() {
    for (bool is_carried = true; is_carried;) {
      is_carried = carry(*client_, *server_);
      is_carried = carry(*server_, *client_) || is_carried;
    }
  }
  /// Carries the ClientHello, before anything else, without this extension.
  void carry_without(wire::ExtensionType type) {
    Bytes hello = client_->take_output();
    hide(type, hello);
    deliver(hello, *server_);
  }
  Peer& client() { return *client_; }
  Peer& server() { return *server_; }

 private:
  bool carry(Peer& from, Peer& to) {
    const Bytes sent = from.take_output();
    deliver(sent, to);
    return !sent.empty();
  }
  void deliver(ByteView rest, Peer& to) {
    while (!rest.empty()) {
      const std::size_t size_bytes = piece_sizes_[next_piece_++ % piece_sizes_.size()];
      const ByteView piece = rest.first(size_bytes == 0 ? rest.size() : std::min(size_bytes, rest.size()));
      to.receive(piece);
      rest = rest.subspan(piece.size());
    }
  }

  std::unique_ptr<Peer> client_, server_;
  Bytes piece_sizes_;  // at least one
  std::size_t next_piece_ = 0;
};

Who who_of(const Input& input) { return static_cast<Who>(input.option(Tag::peer, 0) % 3); }

Conversation make_conversation(const Input& input, const PeerConfig& client, const PeerConfig& server) {
  const std::uint64_t seed = input.option(Tag::seed, 0);
  // RFC 8449 4: a limit holds once both have named one, which OpenSSL 3.0 does not.
  const bool has_limits = who_of(input) == Who::tocsin_alone && client.record_size_limit != 0 && server.record_size_limit != 0;
  std::unique_ptr<Peer> client_peer, server_peer;
  if (who_of(input) == Who::openssl_connects)
    client_peer = openssl_peer(peers::Role::client, client, seed);
  else
    client_peer = checked_client(client, seed, has_limits ? server.record_size_limit : std::uint16_t{0});
  if (who_of(input) == Who::openssl_serves)
    server_peer = openssl_peer(peers::Role::server, server, seed + 256);
  else
    server_peer = checked_server(server, seed + 256, way_in(input), has_limits ? client.record_size_limit : std::uint16_t{0});
  Bytes piece_sizes(input.body().begin(), input.body().end());
  if (piece_sizes.empty()) piece_sizes = Bytes(1, input.option(Tag::chunk_bytes, 0));
  return {std::move(client_peer), std::move(server_peer), std::move(piece_sizes)};
}

std::string outcome_of(const Expectation& expected) {
  if (expected.completes)
    return "completes, with " + std::string(name_of(expected.version)) + ", " + std::string(name_of(expected.cipher_suite)) +
           ", " + std::string(name_of(expected.group)) + (expected.retried ? ", after a HelloRetryRequest" : "") +
           (expected.client_authenticates ? ", with a client's certificate" : "");
  std::string text = "ends with";
  for (unsigned description = 0; description < 256; ++description)
    if (expected.alerts.has(static_cast<AlertDescription>(description)))
      text += " " + std::string(alert_name(static_cast<AlertDescription>(description)));
  return text;
}

void require(bool holds, std::string_view what, Peer& client, Peer& server) {
  check(Invariant::both_ends_agree, holds,
        std::string(what) + "\n  client: " + client.failure() + "\n  server: " + server.failure());
}

void check_failure(const Expectation& expected, Peer& client, Peer& server) {
  const bool is_client = client.alert_sent().has_value();
  Peer &failed = is_client ? client : server, &told = is_client ? server : client;
  require(failed.status() == Status::failed && told.status() == Status::failed, "one end failed and the other does not know",
          client, server);
  require(failed.alert_sent() && told.alert_received() && !told.alert_sent() &&
              failed.alert_sent()->description == told.alert_received()->description,
          "the alert did not arrive as it was sent", client, server);
  require(expected.alerts.has(failed.alert_sent()->description), "the handshake failed for another reason than expected",
          client, server);
}

void check_agreement(const Expectation& expected, Peer& client, Peer& server) {
  require(client.status() == Status::complete && server.status() == Status::complete, "an honest handshake does not complete",
          client, server);
  for (const Peer* peer : {&client, &server}) {
    const Negotiated agreed = peer->negotiated();
    const bool is_group_told = agreed.version == ProtocolVersion::tls13 || agreed.group != NamedGroup{};  // by OpenSSL
    require(agreed.version == expected.version && agreed.cipher_suite == expected.cipher_suite &&
                (agreed.group == expected.group || !is_group_told) &&
                agreed.application_protocol == expected.application_protocol && agreed.retried == expected.retried,
            "not what the two configurations lead to", client, server);
  }
  const auto exported = client.export_keying_material("EXPORTER-tocsin", bytes_of("context"), 40);
  require(exported && exported == server.export_keying_material("EXPORTER-tocsin", bytes_of("context"), 40), "exporter", client,
          server);
}

void check_client_certificate(const Input& input, const Expectation& expected, Peer& client, Peer& server) {
  const auto key = peers::certified_key_of(client_options(input).client_certificate);
  const auto tells = [&](const Peer& peer) {
    const Negotiated agreed = peer.negotiated();
    return expected.client_authenticates ? agreed.client_certificate == key->chain.front() : agreed.client_certificate.empty();
  };
  require(tells(server), "the server does not know the client", client, server);
  if (who_of(input) == Who::openssl_connects) return;  // it does not tell
  require(tells(client), "the client does not know that it is known", client, server);
}

void check_data(const Input& input, Conversation& conversation, std::uint8_t mark) {
  Peer &client = conversation.client(), &server = conversation.server();
  Bytes up = application_data(input, mark), down = application_data(input, static_cast<std::uint8_t>(mark + 1));
  up.push_back(mark);
  require(client.send(up) && server.send(down), "a complete connection does not send", client, server);
  conversation.exchange();
  require(server.take_application_data() == up && client.take_application_data() == down, "data", client, server);
}

// TLS 1.2 has none, and tocsin says so.
void check_no_key_update(Peer& client, Peer& server, Who who) {
  if (who != Who::openssl_connects)
    require(!client.update_keys(KeyUpdateRequest::update_requested), "keys are updated in TLS 1.2", client, server);
  if (who != Who::openssl_serves)
    require(!server.update_keys(KeyUpdateRequest::update_requested), "keys are updated in TLS 1.2", client, server);
}

void update_keys(const Input& input, Conversation& conversation) {
  const std::uint8_t choice = input.option(Tag::key_update, 0);
  const auto request = (choice & 4) != 0 ? KeyUpdateRequest::update_requested : KeyUpdateRequest::update_not_requested;
  Peer &client = conversation.client(), &server = conversation.server();
  if ((choice & 1) != 0) require(client.update_keys(request), "the client does not update its keys", client, server);
  if ((choice & 2) != 0) require(server.update_keys(request), "the server does not update its keys", client, server);
}

// One closes; the other hears it, may still send, and closes too, or the transport ends on it.
void check_closing(Conversation& conversation, Peer& first, Peer& second, bool is_truncated) {
  Peer &client = conversation.client(), &server = conversation.server();
  require(first.close(), "close", client, server);
  conversation.exchange();
  require(second.is_closed_by_other_end() && !first.is_closed_by_other_end(), "close_notify is not heard", client, server);
  require(!first.send(bytes_of("late")), "data after close", client, server);
  require(second.send(bytes_of("still")), "the other direction is closed too", client, server);
  if (!is_truncated) require(second.close(), "close in answer", client, server);
  conversation.exchange();
  require(text_of(first.take_application_data()) == "still", "data after half-close", client, server);
  second.receive_end_of_stream();
  first.receive_end_of_stream();
  require(second.status() == Status::complete, "an end after close_notify is an error", client, server);
  require((first.status() == Status::failed) == is_truncated, "truncation", client, server);
}

}  // namespace

void converse(const Input& input) {
  PeerConfig client_config = client_options(input);
  if (who_of(input) == Who::openssl_connects) client_config.key_shares = 1;
  PeerConfig server_config = server_options(input);
  const auto server_stack = who_of(input) == Who::openssl_serves ? differential::Stack::openssl : differential::Stack::tocsin;
  const auto hidden = hiding(input, client_config, server_config, server_stack);
  const Expectation expected = hidden ? hidden->expected : expect(client_config, server_config, server_stack);

  tell([&] { return Note{"target", "expects that the handshake " + outcome_of(expected)}; });

  Conversation conversation = make_conversation(input, client_config, server_config);
  Peer &client = conversation.client(), &server = conversation.server();
  if (hidden) conversation.carry_without(hidden->type);
  conversation.exchange();
  if (who_of(input) != Who::tocsin_alone) ++stats().oracle_comparisons;
  if (!expected.completes) return check_failure(expected, client, server);
  check_agreement(expected, client, server);
  check_client_certificate(input, expected, client, server);
  check_data(input, conversation, 'a');
  if (expected.version == ProtocolVersion::tls13)
    update_keys(input, conversation);
  else
    check_no_key_update(client, server, who_of(input));
  check_data(input, conversation, 'b');
  const std::uint8_t closing = input.option(Tag::closing, 3);
  const bool is_truncated = (closing & 4) != 0;
  if ((closing & 1) != 0)
    check_closing(conversation, client, server, is_truncated);
  else if ((closing & 2) != 0)
    check_closing(conversation, server, client, is_truncated);
}

}  // namespace tocsin::fuzz
