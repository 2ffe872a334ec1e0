#include "core/dtls/association.h"

#include <algorithm>

#include "core/crypto/tls12/key_schedule.h"
#include "core/wire/alert.h"

namespace tocsin {

using namespace handshake;

Bytes in_transcript_form(const Reassembled& whole) {
  Bytes raw;
  raw.reserve(whole.message.size() + wire::fragment_header_bytes);
  append(raw, whole.transcript_header());
  append(raw, whole.body());
  return raw;
}

DiscardSeen seen_of(DiscardReason why, const record::DtlsRecord& record) {
  const record::DtlsHeader& header = record.header;
  return {why, record.size_bytes(), static_cast<std::uint8_t>(header.type), header.epoch, header.sequence};
}

Association::Association(const CommonConfig& config)
    : limits_(config.limits),
      read_(record::DtlsOpener::plaintext()),
      write_(record::DtlsSealer::plaintext()),
      reassembly_(config.limits),
      timer_(config.retransmission, config.limits.retransmissions_max) {}

Outcome Association::end(Error error, DatagramOutput& out) {
  if (const Fatal* fatal = error.fatal()) {
    if (fatal->broken && config_ && config_->on_broken_invariant) config_->on_broken_invariant(*fatal->broken);
    const auto alert = wire::encode({AlertLevel::fatal, alert_for(fatal->why)});
    if (!seal(ContentType::alert, alert, out)) {  // the cipher itself has failed: better a plaintext alert than none
      write_ = record::Epochs(record::DtlsSealer::plaintext());
      (void)seal(ContentType::alert, alert, out);
    }
  }
  failure_ = error;
  session_.end(config_.get(), error);
  timer_.stop();
  state_ = server::WaitClientHello{};
  flight_ = Flight();
  reassembly_ = Reassembly(limits_);
  return error;
}

Outcome Association::start_client(std::shared_ptr<const ClientConfig> config, std::string_view name, bool sends_name,
                                  UnixSeconds date, Instant now, DatagramOutput& out) {
  config_ = config;
  return run(out, now, [&](Effects& effects) -> Outcome {
    if (config->connection_id_bytes) {
      connection_id_.emplace(*config->connection_id_bytes);
      TOCSIN_TRY(config->provider->random(*connection_id_));
      effects.connection_id = *connection_id_;
    }
    TOCSIN_TRY_SET(state_, client::start(std::move(config), name, sends_name, date, effects));
    return Done{};
  });
}

Outcome Association::start_server(std::shared_ptr<const ServerConfig> config, UnixSeconds date,
                                  const record::DtlsHeader& header, const wire::Fragment& hello,
                                  std::optional<Bytes> connection_id, Instant now, DatagramOutput& out) {
  config_ = config;
  connection_id_ = std::move(connection_id);
  // RFC 6347 4.2.1, 4.2.2: numbers go on where the exchange of cookies, of which nothing was kept, has left them.
  write_ = record::Epochs(record::DtlsSealer::plaintext(header.sequence));
  flight_ = Flight(hello.header.message_seq);
  reassembly_ = Reassembly(limits_, hello.header.message_seq);
  (void)reassembly_.add(hello, header.epoch);
  hello_seq_ = hello.header.message_seq;
  std::ranges::copy(hello.body.subspan(2, hello_random_.size()), hello_random_.begin());
  return run(out, now, [&](Effects& effects) -> Outcome {
    const std::optional<Reassembled> whole = reassembly_.whole();
    if (!whole) return Fatal{Reason::message_malformed};
    const Bytes raw = in_transcript_form(*whole);
    reassembly_.take();
    TOCSIN_TRY_SET(State received, dispatch(server::WaitClientHello{}, raw, effects));
    TOCSIN_TRY_SET(state_, widen(server::choose(std::move(std::get<server::RecvdClientHello>(received)), std::move(config),
                                                date, effects)));
    return Done{};
  });
}

Outcome Association::close(DatagramOutput& out) {
  const bool gives_up = established() == nullptr;
  const Outcome ran = run(out, {}, [&](Effects&) -> Outcome {
    if (gives_up || std::exchange(established_of(state_)->closed_for_writing, true)) return Done{};
    TOCSIN_TRY(seal(ContentType::alert, wire::encode({AlertLevel::warning, AlertDescription::close_notify}), out));
    return Done{};
  });
  if (ran && gives_up) (void)end(Misuse::closed_by_caller, out);
  return ran;
}

Outcome Association::export_keying_material(std::string_view label, ByteView context, MutableBytes out_key,
                                            DatagramOutput& out) {
  return run(out, {}, [&](Effects&) -> Outcome {
    const Established* open = established();
    if (open == nullptr) return Misuse::handshake_not_complete;
    const HashAlgorithm hash = hash_of(open->negotiated.cipher_suite);
    if (label.size() > 249 || out_key.size() > 255 * hash_bytes(hash)) return Misuse::label_or_length_invalid;
    const auto& secrets = std::get<Secrets12>(open->secrets);
    TOCSIN_TRY(crypto::tls12::export_keying_material(*config_->provider, hash, secrets.master, secrets.randoms.client,
                                                     secrets.randoms.server, label, context, out_key));
    return Done{};
  });
}

const Established* Association::established() const { return established_of(const_cast<State&>(state_)); }

}  // namespace tocsin
