#include "core/dtls/flight.h"

#include <algorithm>

#include "core/base/invariants.h"
#include "core/base/release.h"

namespace tocsin::dtls {
namespace {

using wire::fragment_header_bytes;

/// The end of a datagram is left empty rather than filled with less of a message than this.
constexpr std::size_t sliver_bytes_max = 15;

}  // namespace

// The room goes, too: a last flight is short, and lasts as long as the association.
void Flight::begin() {
  release(bytes_);
  release(items_);
}

void Flight::add_message(ByteView message, std::uint16_t epoch) {
  items_.push_back({epoch, Message{next_message_seq_++, bytes_.size(), message.size()}});
  append(bytes_, message);
}

//= RFC 6347 4.2.5 //# As with TLS, the ChangeCipherSpec message is not technically a handshake message but MUST be treated as part of the same flight as the associated Finished message for the purposes of timeout and retransmission.
void Flight::add_change_cipher_spec(std::uint16_t epoch) { items_.push_back({epoch, ChangeCipherSpec{}}); }

Result<Done> Flight::write(record::Epochs<record::DtlsSealer>& epochs, const Path& path, Datagrams& out) const {
  const std::size_t bytes_before = out.bytes.size(), datagrams_before = out.sizes_bytes.size();
  const Result<Done> written = append_to(out, epochs, path);
  if (!written) {
    out.bytes.resize(bytes_before);
    out.sizes_bytes.resize(datagrams_before);
  }
  return written;
}

Result<Done> Flight::append_to(Datagrams& out, record::Epochs<record::DtlsSealer>& epochs, const Path& path) const {
  record::DatagramWriter writer(out, path.datagram_bytes_max);
  for (const Item& item : items_) {
    record::DtlsSealer* sealer = epochs.of(item.epoch);
    INVARIANT(records_are_well_formed, sealer != nullptr);
    if (const auto* message = std::get_if<Message>(&item.what)) {
      TOCSIN_TRY(write_message(*message, *sealer, path, writer));
    } else {
      TOCSIN_TRY(writer.seal(*sealer, ContentType::change_cipher_spec, std::array<std::uint8_t, 1>{1}, path.version));
    }
  }
  return Done{};
}

//= RFC 6347 4.2.3 //# As noted in Section 4.1.1, each DTLS message MUST fit within a single transport layer
//= RFC 6347 4.2.3 //# These ranges MUST NOT be larger than the maximum handshake fragment size and MUST
Result<Done> Flight::write_message(const Message& message, record::DtlsSealer& sealer, const Path& path,
                                   record::DatagramWriter& writer) const {
  const ByteView whole = ByteView(bytes_).subspan(message.offset_bytes, message.size_bytes);
  const ByteView body = whole.subspan(wire::message_header_bytes);
  wire::FragmentHeader header{static_cast<HandshakeType>(whole[0]), static_cast<std::uint32_t>(body.size()),
                              message.message_seq};
  Bytes content;
  content.reserve(fragment_header_bytes + std::min(body.size(), path.datagram_bytes_max));
  ByteView rest = body;
  do {
    const std::size_t wanted_bytes = std::min(fragment_header_bytes + rest.size(), path.content_bytes_max);
    std::size_t room_bytes = writer.room_bytes(sealer);
    if (room_bytes < wanted_bytes && room_bytes <= fragment_header_bytes + sliver_bytes_max) writer.begin_next();
    room_bytes = writer.room_bytes(sealer);
    const ByteView part = rest.first(std::min(wanted_bytes, room_bytes) - fragment_header_bytes);
    header.fragment_offset_bytes = static_cast<std::uint32_t>(body.size() - rest.size());
    header.fragment_length_bytes = static_cast<std::uint32_t>(part.size());
    content.clear();
    append(content, wire::make_fragment_header(header));
    append(content, part);
    TOCSIN_TRY(writer.seal(sealer, ContentType::handshake, content, path.version));
    rest = rest.subspan(part.size());
  } while (!rest.empty());
  return Done{};
}

}  // namespace tocsin::dtls
