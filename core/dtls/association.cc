#include "core/dtls/association.h"

#include <algorithm>

namespace tocsin {

using namespace handshake;

DiscardSeen seen_of(DiscardReason why, const record::DtlsRecord& record) {
  const record::DtlsHeader& header = record.header;
  return {why, record.size_bytes(), static_cast<std::uint8_t>(header.type), header.epoch, header.sequence};
}

Association::Association(const CommonConfig& config)
    : Funnel(config.limits),
      read_(record::DtlsOpener::plaintext()),
      write_(record::DtlsSealer::plaintext()),
      reassembly_(config.limits),
      timer_(config.retransmission, config.limits, config.handshake_timeout) {}

void Association::forget() {
  timer_.end();
  flight_ = dtls::Flight();
  reassembly_ = dtls::Reassembly(limits_);
  read_ = record::Epochs(record::DtlsOpener::plaintext());
  drop_write_keys();
}

Context Association::context(Now now, const HandshakeMessage& message) const {
  Context context{over, now.date, message, flight_.next_message_seq(), {}};
  if (connection_id_) context.connection_id = *connection_id_;
  return context;
}

Outcome Association::start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name, Now now,
                                  DatagramOutput& out) {
  configure(config);
  timer_.begin(now.instant);
  return run(now, out, [&](Step& step) -> Outcome {
    if (config->connection_id_bytes) {
      connection_id_.emplace(*config->connection_id_bytes);
      TOCSIN_TRY(config->provider->random(*connection_id_));
    }
    TOCSIN_TRY_SET(state_, client::start(std::move(config), name, sends_name, context(now), step.effects));
    return Done{};
  });
}

Outcome Association::start_server(std::shared_ptr<const ServerConfig> config, const record::DtlsHeader& header,
                                  const wire::Fragment& fragment, const wire::ClientHello& hello,
                                  std::optional<Bytes> connection_id, Now now, DatagramOutput& out) {
  configure(config);
  connection_id_ = std::move(connection_id);
  // RFC 6347 4.2.1, 4.2.2: numbers go on where the exchange of cookies, of which nothing was kept, has left them.
  //= RFC 6347 4.2.1 //# In order to avoid sequence number duplication in case of multiple cookie exchanges, the server MUST use the record sequence number in the ClientHello as the record sequence number in its initial ServerHello.
  //= RFC 6347 4.2.1 //# and MUST increment normally.
  write_ = record::Epochs(record::DtlsSealer::plaintext(header.sequence));
  flight_ = dtls::Flight(fragment.header.message_seq);
  reassembly_ = dtls::Reassembly(limits_, fragment.header.message_seq);
  (void)reassembly_.add(fragment, header.epoch);
  hello_seq_ = fragment.header.message_seq;
  hello_random_ = hello.random;
  timer_.begin(now.instant);
  return run(now, out, [&](Step& step) -> Outcome {
    const std::optional<dtls::Reassembled> whole = reassembly_.whole();
    if (!whole) return Fatal{Reason::message_malformed};
    TOCSIN_TRY_SET(auto received, server::on(server::WaitClientHello{}, hello,
                                             context(now, {whole->message, whole->message_seq}), step.effects));
    TOCSIN_TRY_SET(state_, widen(server::choose(std::get<server::RecvdClientHello>(std::move(received)), std::move(config),
                                                context(now), step.effects)));
    reassembly_.take();
    return Done{};
  });
}

}  // namespace tocsin
