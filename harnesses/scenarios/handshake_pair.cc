// Two honest peers of any stacks, from the ClientHello to the end of the transport.
#include "harnesses/scenarios/configs.h"
#include "harnesses/scenarios/conversation.h"
#include "harnesses/scenarios/mitm.h"
#include "harnesses/scenarios/resumption.h"
#include "harnesses/scenarios/scenarios.h"
#include "harnesses/trace/finding.h"
#include "harnesses/trace/stats.h"
#include "harnesses/trace/trace.h"

namespace tocsin::harness {
namespace {

using differential::Expectation;
using stacks::Peer;
using stacks::PeerConfig;
using stacks::Status;

void check_client_certificate(const Input& input, const Expectation& expected, Peer& client, Peer& server) {
  const auto key = stacks::certified_key_of(client_options(input).client_certificate);
  const auto knows_client = [&](const Peer& peer) {
    const Negotiated agreed = peer.negotiated();
    return expected.client_authenticates ? agreed.client_certificate == key->chain.front() : agreed.client_certificate.empty();
  };
  require(knows_client(server), "the server does not know the client", client, server);
  if (who_of(input) == Who::openssl_connects) return;  // it does not say
  require(knows_client(client), "the client does not know that it is known", client, server);
}

// TLS 1.2 has none, and tocsin says so.
void check_no_key_update(Peer& client, Peer& server, Who who) {
  if (who != Who::openssl_connects)
    require(!client.update_keys(KeyUpdateRequest::update_requested), "keys are updated in TLS 1.2", client, server);
  if (who != Who::openssl_serves)
    require(!server.update_keys(KeyUpdateRequest::update_requested), "keys are updated in TLS 1.2", client, server);
}

void update_keys(std::uint8_t choice, Conversation& conversation) {
  const auto request = (choice & 4) != 0 ? KeyUpdateRequest::update_requested : KeyUpdateRequest::update_not_requested;
  Peer &client = conversation.client(), &server = conversation.server();
  for (int times = (choice & 8) != 0 ? 2 : 1; times > 0; --times) {
    if ((choice & 1) != 0) require(client.update_keys(request), "the client does not update its keys", client, server);
    if ((choice & 2) != 0) require(server.update_keys(request), "the server does not update its keys", client, server);
  }
}

// One end closes. The other may still send, and then closes too, or the transport ends without its close_notify.
void check_closing(Conversation& conversation, Peer& first, Peer& second, bool is_truncated) {
  Peer &client = conversation.client(), &server = conversation.server();
  require(first.close(), "close", client, server);
  conversation.exchange();
  require(second.is_closed_by_other_end() && !first.is_closed_by_other_end(), "close_notify does not arrive", client, server);
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

// The whole conversation that the input asks for. The body holds the sizes of the pieces in which bytes arrive, used in turn; 0
// is a whole flight. Without a body chunk_bytes holds for all.
void converse(const Input& input) {
  PeerConfig client_config = client_options(input);
  if (who_of(input) == Who::openssl_connects) client_config.key_shares = 1;
  PeerConfig server_config = server_options(input);
  const auto server_stack = who_of(input) == Who::openssl_serves ? differential::Stack::openssl : differential::Stack::tocsin;
  const auto attack = generate_attack(input, client_config, server_config, server_stack);
  const Expectation expected = attack ? attack->expected : expect(client_config, server_config, server_stack);

  emit([&] { return NoteEvent{"target", "expects that the handshake " + outcome_of(expected)}; });

  Conversation conversation =
      make_conversation(input, client_config, server_config, Bytes(input.body().begin(), input.body().end()));
  Peer &client = conversation.client(), &server = conversation.server();
  if (attack) conversation.carry_without(attack->type);
  conversation.exchange();
  if (who_of(input) != Who::tocsin_alone) ++stats().oracle_comparisons;
  if (!expected.completes) return check_failure(expected, client, server);
  check_agreement(expected, client, server);
  check_client_certificate(input, expected, client, server);
  check_data(input, conversation, 'a');
  const std::uint8_t key_update = input.option(Tag::key_update, 0);
  if (expected.version == ProtocolVersion::tls13)
    update_keys(key_update, conversation);
  else
    check_no_key_update(client, server, who_of(input));
  check_data(input, conversation, 'b');
  if (expected.version == ProtocolVersion::tls13 && (key_update & 16) != 0) {
    update_keys(key_update, conversation);
    check_data(input, conversation, 'd');
  }
  const std::uint8_t closing = input.option(Tag::closing, 3);
  const bool is_truncated = (closing & 4) != 0;
  if ((closing & 1) != 0)
    check_closing(conversation, client, server, is_truncated);
  else if ((closing & 2) != 0)
    check_closing(conversation, server, client, is_truncated);
}

}  // namespace

void scenarios::handshake_pair(ByteView bytes) {
  const Input input(bytes);
  if (resumes(input))
    converse_twice(input);
  else
    converse(input);
}

}  // namespace tocsin::harness
