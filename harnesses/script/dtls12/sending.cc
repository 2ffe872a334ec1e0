// The peer's messages in fragments, records and datagrams.
#include <algorithm>

#include "core/record/dtls/header.h"
#include "core/wire/dtls/fragment.h"
#include "harnesses/script/dtls12/scripted_peer.h"

namespace tocsin::script::dtls12 {
namespace {

struct Piece {
  wire::FragmentHeader header;
  Bytes bytes;
};

std::vector<Piece> pieces_of(ByteView message, std::uint16_t message_seq, const Step& step) {
  constexpr std::size_t pieces_max = 32;
  const ByteView body = message.subspan(wire::message_header_bytes);
  // As the header says, which may lie.
  const std::uint32_t length_bytes = std::uint32_t{message[1]} << 16 | std::uint32_t{message[2]} << 8 | message[3];
  const std::size_t each_bytes =
      step.fragments == Fragments::whole ? body.size() : std::max(step.fragment_bytes, body.size() / pieces_max + 1);
  const std::size_t overlap_bytes = step.fragments == Fragments::overlapping ? each_bytes / 2 + 1 : 0;
  std::vector<Piece> pieces;
  std::size_t at = 0;
  do {
    const ByteView part = body.subspan(at, std::min(each_bytes + overlap_bytes, body.size() - at));
    const auto part_bytes = static_cast<std::uint32_t>(part.size());
    pieces.push_back(
        {{static_cast<HandshakeType>(message[0]), length_bytes, message_seq, static_cast<std::uint32_t>(at), part_bytes},
         Bytes(part.begin(), part.end())});
    at += each_bytes;
  } while (at < body.size());
  return pieces;
}

void rearrange(Fragments how, std::vector<Piece>& pieces) {
  Piece& first = pieces.front();
  switch (how) {
    case Fragments::whole:
    case Fragments::in_order:
    case Fragments::overlapping:
      break;
    case Fragments::reversed:
      std::ranges::reverse(pieces);
      break;
    case Fragments::one_missing:
      pieces.erase(pieces.begin() + (pieces.size() > 1 ? 1 : 0));
      break;
    case Fragments::with_other_bytes: {
      Piece other = first;
      for (std::uint8_t& byte : other.bytes) byte ^= 0x55;
      pieces.insert(pieces.begin() + 1, std::move(other));
      break;
    }
    case Fragments::of_lying_length:
      ++first.header.fragment_length_bytes;
      break;
    case Fragments::beyond_message:
      first.header.fragment_offset_bytes = first.header.length_bytes - first.header.fragment_length_bytes + 1;
      break;
  }
}

constexpr bool is_protected(Under under) {
  return under == Under::keys || under == Under::keys_in_epoch_0 || under == Under::keys_in_next_epoch ||
         under == Under::keys_with_broken_mac;
}

constexpr std::uint16_t epoch_of(Under under) {
  if (under == Under::keys_in_next_epoch) return 2;
  return under == Under::keys || under == Under::plaintext_in_epoch_1 || under == Under::keys_with_broken_mac ? 1 : 0;
}

}  // namespace

/// What is due is in plaintext, or under keys; what needs keys that there are not yet is in plaintext.
Under ScriptedPeer::under_due(Under asked) const {
  if (asked == Under::as_due) return is_write_protected_ ? Under::keys : Under::plaintext;
  return is_protected(asked) && !handshake_.has_keys() ? Under::plaintext : asked;
}

void ScriptedPeer::send_fragments(ByteView message, std::uint16_t message_seq, const Step& step, stacks::Endpoint& end) {
  std::vector<Piece> pieces = pieces_of(message, message_seq, step);
  rearrange(step.fragments, pieces);
  for (const Piece& piece : pieces) {
    const auto header = wire::make_fragment_header(piece.header);
    Bytes content(header.begin(), header.end());
    append(content, piece.bytes);
    send_record(ContentType::handshake, content, step, end);
  }
}

void ScriptedPeer::send_change_cipher_spec(const Step& step, stacks::Endpoint& end) {
  const std::array<std::uint8_t, 1> one{1};
  send_record(ContentType::change_cipher_spec, one, step, end);
  if (is_write_protected_ || !handshake_.has_keys()) return;
  if (std::exchange(is_flight_answered_, false)) flight_.clear();
  flight_.push_back({ContentType::change_cipher_spec, {}, 0, Under::plaintext});
  is_write_protected_ = true;
}

void ScriptedPeer::send_flight_again(const Step& step, stacks::Endpoint& end) {
  for (const Again& again : std::vector<Again>(flight_)) {
    Step as = step;
    if (step.under == Under::as_due) as.under = again.under;
    const std::array<std::uint8_t, 1> one{1};
    if (again.type == ContentType::handshake)
      send_fragments(again.message, again.message_seq, as, end);
    else
      send_record(again.type, one, as, end);
  }
}

/// Into the datagram that is being written if the step shares it, else in one of its own.
void ScriptedPeer::send_record(ContentType type, ByteView content, const Step& step, stacks::Endpoint& end) {
  constexpr std::uint16_t version_of_tls = 0x0303;
  const Under under = under_due(step.under);
  const bool is_of_dtls = under != Under::other_version;
  record::DtlsHeader header{type};
  header.epoch = under == Under::other_version ? epoch_of(under_due(Under::as_due)) : epoch_of(under);
  header.sequence = numbers_[header.epoch].take(step.number);
  if (!is_of_dtls) header.version = static_cast<record::DtlsVersion>(version_of_tls);
  Bytes fragment(content.begin(), content.end());
  if (is_protected(under)) {
    fragment.clear();
    const std::uint64_t number = record::full_sequence(header.epoch, header.sequence);
    (void)handshake_.write()->seal({number, type, static_cast<std::uint16_t>(header.version)}, content, fragment);
    if (under == Under::keys_with_broken_mac) fragment.back() ^= 1;
  }
  header.length_bytes = fragment.size();
  append_dtls_header(header, datagram_.bytes);
  append(datagram_.bytes, fragment);
  const bool is_authentic = is_of_dtls && (header.epoch == 0 || under == Under::keys);
  Bytes seen = header.epoch != 0 && is_authentic ? Bytes(content.begin(), content.end()) : std::move(fragment);
  datagram_.records.push_back({type, header.epoch, header.sequence, std::move(seen), is_of_dtls, is_authentic, handshakes_});
  if (!step.shares_datagram) end_datagram(step, end);
}

void ScriptedPeer::end_datagram(const Step& step, stacks::Endpoint& end) {
  if (datagram_.bytes.empty()) return;
  datagrams_.push_back(std::exchange(datagram_, {}));
  const SentDatagram sent = datagrams_.back();
  for (int times = step.twice ? 2 : 1; times > 0; --times) deliver(sent, end);
}

void ScriptedPeer::deliver(const SentDatagram& datagram, stacks::Endpoint& end) {
  proof_.add(datagram);
  if (watcher_ != nullptr) watcher_->on_datagram(datagram, address_);
  end.receive(datagram.bytes, address_, now_);
  listen(end);
}

}  // namespace tocsin::script::dtls12
