#include "tocsin/acceptor.h"

#include "core/base/apart.h"
#include "core/connection/engine.h"
#include "core/handshake/config_check.h"
#include "core/handshake/negotiation.h"
#include "core/wire/client_hello.h"

namespace tocsin {
namespace {

template <class List>
auto to_vector(const std::optional<List>& list) {
  std::vector<typename List::Element> elements;
  if (list) elements.assign(list->begin(), list->end());
  return elements;
}

Offer offer_of(const wire::ClientHello& hello) {
  Offer offer;
  offer.server_name = handshake::server_name_of(hello);
  if (hello.application_protocols)
    for (const ByteView name : *hello.application_protocols) offer.application_protocols.emplace_back(text_of(name));
  offer.versions = to_vector(hello.supported_versions);
  offer.cipher_suites.assign(hello.cipher_suites.begin(), hello.cipher_suites.end());
  offer.signature_schemes = to_vector(hello.signature_algorithms);
  offer.groups = to_vector(hello.supported_groups);
  return offer;
}

}  // namespace

Accepted::Accepted(std::shared_ptr<Engine> engine, Offer offer) : engine_(std::move(engine)), offer_(std::move(offer)) {}
Accepted::Accepted(Accepted&&) noexcept = default;
Accepted& Accepted::operator=(Accepted&&) noexcept = default;
Accepted::~Accepted() = default;

Result<Connection, Error> Accepted::into_connection(std::shared_ptr<const ServerConfig> config, Now now, Output& out) && {
  if (!engine_) return Misuse::already_consumed;
  if (const auto mistake = mistake_in(config.get())) return *mistake;
  std::shared_ptr<Engine> engine = std::move(engine_);
  TOCSIN_TRY(enter(engine, out, [&](Engine& entered, Output& lent) { return entered.answer(std::move(config), now, lent); }));
  return Connection(std::move(engine));
}

void Accepted::reject(Reason why, Output& out) && {
  const std::shared_ptr<Engine> engine = std::move(engine_);
  if (engine) (void)engine->reject(why, out);
}

Acceptor::Acceptor(const Limits& limits) : engine_(std::make_shared<Engine>(limits)) {}
Acceptor::Acceptor(Acceptor&&) noexcept = default;
Acceptor& Acceptor::operator=(Acceptor&&) noexcept = default;
Acceptor::~Acceptor() = default;

Result<std::optional<Accepted>, Error> Acceptor::receive(ByteView from_peer, Output& out) {
  if (!engine_) return Misuse::already_consumed;
  const Apart arriving(from_peer, {&out.to_peer, &out.application_data});
  TOCSIN_TRY(engine_->receive(arriving, Now{}, out));  // a ClientHello is read alike at all times
  const wire::ClientHello* hello = engine_->waiting_client_hello();
  if (hello == nullptr) return std::optional<Accepted>{};
  Offer offer = offer_of(*hello);
  return std::optional<Accepted>{Accepted(std::move(engine_), std::move(offer))};
}

Outcome Acceptor::receive_end_of_stream(Output& out) {
  return engine_ ? engine_->receive_end_of_stream(out) : Misuse::already_consumed;
}

Outcome Acceptor::close(Output& out) { return engine_ ? engine_->close(out) : Misuse::already_consumed; }

}  // namespace tocsin
