// Input:      the options of both configurations, peer (who is OpenSSL), seed, way_in, chunk_bytes, data_bytes, key_update, closing; no body.
// Property:   a handshake completes exactly if the configurations have something in common; then both ends agree, and data arrives.
// Invariants: both_ends_agree, and those of every call.
#include "fuzz/lib/configs.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/stacks.h"

using namespace tocsin;
using fuzz::Tag;

namespace {

void agree(bool condition, const char* what, const fuzz::Stacks& stacks) {
  fuzz::check(Invariant::both_ends_agree, condition, what + std::string("; ") + stacks.describe());
}

void exchange_data(fuzz::Stacks& stacks, const fuzz::Input& input) {
  const std::size_t chunk_bytes = input.option(Tag::chunk_bytes, 0);
  const Bytes of_client = fuzz::application_data(input, 'c'), of_server = fuzz::application_data(input, 's');
  agree(stacks.client->send(of_client) && stacks.server->send(of_server), "an end would not send", stacks);
  stacks.exchange(chunk_bytes < 16 ? 0 : chunk_bytes);
  agree(stacks.server->take_application_data() == of_client, "the client's data did not arrive", stacks);
  agree(stacks.client->take_application_data() == of_server, "the server's data did not arrive", stacks);
}

void update_keys(fuzz::Stacks& stacks, unsigned which) {
  const auto request = (which & 4) != 0 ? KeyUpdateRequest::update_requested : KeyUpdateRequest::update_not_requested;
  if ((which & 1) != 0) agree(stacks.client->update_keys(request), "the client would not update its keys", stacks);
  if ((which & 2) != 0) agree(stacks.server->update_keys(request), "the server would not update its keys", stacks);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input({data, size});
  fuzz::Stacks stacks(input);
  stacks.exchange(input.option(Tag::chunk_bytes, 0));
  ++fuzz::stats().oracle_comparisons;
  agree(stacks.are_complete() == stacks.have_something_in_common(), "completion is not what the configurations say", stacks);
  if (!stacks.are_complete()) return 0;

  const Negotiated a = stacks.client->negotiated(), b = stacks.server->negotiated();
  agree(a.version == b.version && a.cipher_suite == b.cipher_suite && a.group == b.group &&
            a.application_protocol == b.application_protocol,
        "the ends negotiated different parameters", stacks);
  agree(stacks.client->export_keying_material("EXPORTER-tocsin", bytes_of("context"), 40) ==
            stacks.server->export_keying_material("EXPORTER-tocsin", bytes_of("context"), 40),
        "the exported keys differ", stacks);
  exchange_data(stacks, input);
  update_keys(stacks, input.option(Tag::key_update, 0));
  exchange_data(stacks, input);
  const unsigned closing = input.option(Tag::closing, 3);
  if ((closing & 1) != 0) agree(stacks.client->close(), "the client would not close", stacks);
  if ((closing & 2) != 0) agree(stacks.server->close(), "the server would not close", stacks);
  stacks.exchange(0);
  agree(stacks.server->is_closed_by_other_end() == ((closing & 1) != 0), "the client's close_notify did not arrive", stacks);
  agree(stacks.client->is_closed_by_other_end() == ((closing & 2) != 0), "the server's close_notify did not arrive", stacks);
  return 0;
}
