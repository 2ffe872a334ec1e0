#include "fuzz/lib/script_run.h"

#include "fuzz/lib/checked_peer.h"
#include "fuzz/lib/configs.h"
#include "fuzz/lib/deterministic_ends.h"
#include "fuzz/lib/finding.h"
#include "fuzz/lib/story.h"
#include "fuzz/provider/deterministic_provider.h"

namespace tocsin::fuzz {
namespace {

std::unique_ptr<CheckedPeer> checked_end(const Input& input, puppet::Role puppet_role) {
  return std::make_unique<CheckedPeer>(input.option(Tag::seed, 0), [&](Output& out, const peers::KeyLog&) {
    if (puppet_role == puppet::Role::client)
      return std::make_unique<CheckedConnection>(deterministic_server(input), way_in(input), checks_of_any_end());
    return std::make_unique<CheckedConnection>(deterministic_client(input), deterministic_name, peers::peers_now, out,
                                               checks_of_any_end());
  });
}

}  // namespace

void run_script(const Input& input, puppet::Role puppet_role) {
  const puppet::Script script = puppet::parse(input.body());
  const auto end = checked_end(input, puppet_role);
  puppet::PuppetConfig config{puppet_role, make_deterministic_provider(input.option(Tag::seed, 0) + 1000u), nullptr};
  config.on_step = [](const puppet::Step& step) { tell([&] { return Note{"puppet", puppet::to_text({step})}; }); };
  if (puppet_role == puppet::Role::server) {
    static const auto certificate = deterministic_certified_key(deterministic_name);
    config.certificate = certificate;
    config.application_protocols = server_options(input).application_protocols;
  } else {
    const ClientConfig client = deterministic_client(input);
    config.application_protocols = client.application_protocols;
    if (!client.certificates.empty()) config.certificate = client.certificates.front();
    config.client_authentication = server_options(input).client_authentication;
  }
  puppet::Puppet puppet(std::move(config));
  puppet.play(script, *end);
  tell([&] { return Note{"puppet", puppet.has_proved_itself() ? "has proved itself" : "has not proved itself"}; });
  const bool is_proved = !end->end().is_handshake_complete() || puppet.has_proved_itself();
  check(Invariant::completion_needs_proof, is_proved, is_proved ? "" : puppet::to_text(script));
}

}  // namespace tocsin::fuzz
