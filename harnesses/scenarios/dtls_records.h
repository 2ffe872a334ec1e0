#pragma once
// Records of one epoch of DTLS, from a sealer to an opener, with a record of what was sealed and what was opened.
#include <map>

#include "core/record/dtls/datagrams.h"
#include "harnesses/models/replay_window.h"
#include "harnesses/scenarios/input.h"

namespace tocsin::harness {

class DtlsRecords {
 public:
  static constexpr std::size_t datagram_bytes_max = 300;

  /// Of the options: suite, seed, sequence, content_type, server_connection_id (what the records carry), server_padding.
  explicit DtlsRecords(const Input& input);

  /// Seals a record into the datagram that is being written, or into the next one.
  void seal(ByteView content);
  /// Seals a record that holds this in the place of content, type and zeros, if records carry a connection id. It goes into a
  /// datagram of its own.
  void seal_inner(ByteView inner);
  /// So many numbers are not used.
  void skip(std::uint64_t sequences);
  /// What is sealed from now on goes into a datagram of its own.
  void end_datagram() { writer_.begin_next(); }

  std::size_t datagrams() const { return out_.sizes_bytes.size(); }
  Bytes datagram(std::size_t index) const;
  /// Gives a datagram to the opener. Each record in it must open if it was sealed so and the model takes it for new, and else
  /// be discarded for the reason that the model gives. is_edited: it may be cut or changed; if not, it is walked to its end.
  void deliver(ByteView datagram, bool is_edited);

 private:
  /// What was sealed, and what it must come to.
  struct Sealed {
    Bytes record, content;
    ContentType type{};
    std::optional<DiscardReason> refusal{};
  };
  std::unique_ptr<Aead> aead() const;
  record::tls12::Protection protection() const;
  record::DtlsSealer sealer() const;
  void check_by_the_book(ByteView record, ByteView content) const;
  Sealed unwrapped(Bytes record, ByteView inner) const;
  std::optional<DiscardReason> expected(const record::DtlsRecord& record, const Sealed* sealed) const;
  const Sealed* find(const record::DtlsRecord& record) const;

  std::uint8_t suite_choice_, seed_;
  ContentType type_;
  Bytes connection_id_;
  std::size_t padding_block_bytes_;
  std::uint64_t next_sequence_;
  std::unique_ptr<Aead> by_the_book_;  // apart from those of the sealer and the opener
  record::DtlsSealer sealer_;
  record::DtlsOpener opener_;
  Datagrams out_;
  record::DatagramWriter writer_{out_, datagram_bytes_max};
  std::map<std::uint64_t, Sealed> sealed_;  // by number
  ModelReplayWindow window_;
  std::uint64_t opened_ = 0;
};

}  // namespace tocsin::harness
