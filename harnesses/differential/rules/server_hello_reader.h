#pragma once
// What readers of a server's hellos of each version have in common, and those readers.
#include "harnesses/differential/rules/client_offer.h"
#include "harnesses/differential/rules/hello_reader.h"

namespace tocsin::rules {

/// What a HelloRetryRequest settled.
struct Retried {
  std::optional<std::uint64_t> suite, group;
};

/// Whether the ServerHello is a HelloRetryRequest. messages: those that it stands among.
bool is_retry(const dissect::Message& hello, ByteView messages);
/// hello: not a HelloRetryRequest. retried: what came before, or null.
Reading read_tls13_server_hello(const dissect::Message& hello, const ClientOffer& offer, const Retried* retried);
Reading read_retry(const dissect::Message& hello, const ClientOffer& offer);
Retried settled_by(const dissect::Message& retry);
Reading read_tls12_server_hello(const dissect::Message& hello, const ClientOffer& offer);
/// Of a hello of TLS 1.2 or older, to a client that can only go on with TLS 1.3.
Reading read_server_hello_of_no_version(const dissect::Message& hello, const ClientOffer& offer, const Retried* retried);

/// Which rule a field of an extension breaks that does not fit its layout.
struct AnswerSyntax {
  std::uint64_t extension;
  Rule rule;               // in general
  std::string_view place;  // a length of 0, or what is left over, at which breaks...
  Rule rule_at_place{};    // ... this rule instead
};

/// Of what kind a server's hello is.
struct HelloKind {
  std::string_view name;
  bool (*may_hold)(std::uint64_t extension_type);
  Rule unsolicited, misplaced;
  std::span<const AnswerSyntax> syntaxes;
};

class ServerHelloReader : public HelloReader {
 public:
  ServerHelloReader(const dissect::Message& hello, const ClientOffer& offer, const HelloKind& kind)
      : HelloReader(hello, kind.name), offer_(offer), kind_(kind) {}

 protected:
  void judge_syntax();
  void judge_extension_list();
  /// Of a field of the hello; nothing if it cannot be read.
  std::optional<std::uint64_t> number(std::string_view name) const;
  ByteView session_id() const { return content_of(&hello_, "legacy_session_id_echo"); }

  const ClientOffer& offer_;
  const HelloKind& kind_;
  bool is_framed_ = true;  // nothing is cut off; else of extensions no more is judged than which there are

 private:
  /// Whether what stands behind it may be cut off. extension: the one whose length it is, or null.
  bool note_frame(const dissect::Fault& fault, const Node* extension);
  Rule rule_of_body(const dissect::Fault& fault, const Node& extension) const;
  bool is_asked_for(std::uint64_t extension_type) const;
};

}  // namespace tocsin::rules
