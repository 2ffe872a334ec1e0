#include "harnesses/script/tls12/honest_peer.h"

#include <algorithm>

#include "harnesses/script/encoding.h"
#include "harnesses/script/tls12/proof.h"

namespace tocsin::script::tls12 {
void HonestPeer::take_sent(What what, ByteView message) { handshake_.take_sent(what, message, 0); }

void HonestPeer::take_sent_change_cipher_spec() { is_write_protected_ = is_write_protected_ || handshake_.has_keys(); }

void HonestPeer::take_received(const dissect::RecordView& record) {
  if (!is_read_protected_) {
    tell_of_received(record.type, record.fragment, Keys::plaintext, 0);
    if (record.type == ContentType::handshake) take_messages(record.fragment);
    is_read_protected_ = record.type == ContentType::change_cipher_spec && handshake_.has_keys();
    return;
  }
  const std::uint64_t sequence = read_sequence_++;
  record::tls12::Protection& read = *handshake_.read();
  if (record.fragment.size() <= read.overhead_bytes()) return;
  Bytes content(record.fragment.size() - read.overhead_bytes());
  if (!read.open({sequence, record.type, 0x0303}, record.fragment, content)) return;
  tell_of_received(record.type, content, Keys::application, 0);
  if (record.type == ContentType::handshake) take_messages(content);
}

void HonestPeer::seal(ContentType type, ByteView content, std::size_t, Keys, Bytes& out) {
  append(out, record::make_header(type, 0x0303, content.size() + handshake_.write()->overhead_bytes()));
  (void)handshake_.write()->seal({write_sequence_++, type, 0x0303}, content, out);
}

bool HonestPeer::proves(std::string_view trace) const {
  const Resumed is_resumed = handshake_.is_resumed() ? Resumed::yes : Resumed::no;
  if (config_.role == Role::server) return server_proves(trace, is_resumed);
  const auto hellos = std::min(trace.find_first_not_of("hra"), trace.size());  // a client's retry is a ClientHello
  return without(trace.substr(0, hellos), 'a').size() == 1 &&
         client_proves(trace.substr(hellos), config_.client_authentication, is_resumed);
}

}  // namespace tocsin::script::tls12
