#pragma once
// The transition table as rows, read off the overloads of on(): for its page and its test.
#include <string_view>
#include <utility>
#include <vector>

#include "core/handshake/machine/transitions.h"

namespace tocsin::handshake {

struct Row {
  const Traits* from;
  std::string_view message;
  std::vector<const Traits*> next;  // the legal ones
};

namespace table {

template <class To>
struct Successors;
template <class... Next>
struct Successors<Result<std::variant<Next...>>> {
  static std::vector<const Traits*> list() { return {&Next::traits...}; }
};

template <class S, class M>
void add(std::string_view message, std::vector<Row>& rows) {
  if constexpr (Expects<S, M>) {
    using Next =
        decltype(on(std::declval<S>(), std::declval<const M&>(), std::declval<const Context&>(), std::declval<Effects&>()));
    rows.push_back({&S::traits, message, Successors<Next>::list()});
  }
}

template <class S>
void add_all(std::vector<Row>& rows) {
  add<S, wire::tls12::HelloRequest>("HelloRequest", rows);
  add<S, wire::ClientHello>("ClientHello", rows);
  if constexpr (std::is_same_v<S, server::RecvdClientHello>)
    rows.push_back({&S::traits, "(a configuration is chosen)",
                    Successors<decltype(choose(S{}, {}, {}, std::declval<Effects&>()))>::list()});
  add<S, wire::HelloVerifyRequest>("HelloVerifyRequest", rows);
  add<S, wire::HelloRetryRequest>("HelloRetryRequest", rows);
  add<S, wire::ServerHello>("ServerHello", rows);
  add<S, wire::EncryptedExtensions>("EncryptedExtensions", rows);
  add<S, wire::CertificateRequest>("CertificateRequest", rows);
  add<S, wire::Certificate>("Certificate", rows);
  add<S, wire::tls12::Certificate>("Certificate", rows);
  add<S, wire::CertificateVerify>("CertificateVerify", rows);
  add<S, wire::tls12::ServerKeyExchange>("ServerKeyExchange", rows);
  add<S, wire::tls12::CertificateRequest>("CertificateRequest", rows);
  add<S, wire::tls12::ServerHelloDone>("ServerHelloDone", rows);
  add<S, wire::tls12::ClientKeyExchange>("ClientKeyExchange", rows);
  add<S, wire::NewSessionTicket>("NewSessionTicket", rows);
  add<S, wire::tls12::NewSessionTicket>("NewSessionTicket", rows);
  add<S, wire::ChangeCipherSpec>("change_cipher_spec", rows);
  add<S, wire::Finished>("Finished", rows);
  add<S, wire::KeyUpdate>("KeyUpdate", rows);
}

template <std::size_t... I>
std::vector<Row> rows(std::index_sequence<I...>) {
  std::vector<Row> all;
  (add_all<std::variant_alternative_t<I, State>>(all), ...);
  return all;
}

}  // namespace table

inline std::vector<Row> transition_table() { return table::rows(std::make_index_sequence<std::variant_size_v<State>>()); }

}  // namespace tocsin::handshake
