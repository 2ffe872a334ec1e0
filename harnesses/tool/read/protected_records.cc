#include "harnesses/tool/read/protected_records.h"

#include <algorithm>
#include <optional>

#include "harnesses/checkers/tls12_opener.h"
#include "harnesses/checkers/traffic_opener.h"
#include "harnesses/dissect/records.h"
#include "tocsin/openssl_provider.h"

namespace tocsin::tool {
namespace {

using harness::ServerHelloSeen;
using harness::TrafficOpener;
using stacks::Role;

class RecordsOpener {
 public:
  RecordsOpener(Role sender, const stacks::KeyLogSecrets& secrets)
      : sender_(sender), secrets_(secrets), provider_(*make_openssl_provider()) {}

  Opened open(ByteView records) {
    if (sender_ == Role::server) server_hello_.take(records);
    ByteView rest = records;
    while (opened_.stopped.empty()) {
      const std::size_t offset = records.size() - rest.size();
      const auto record = dissect::take_record(rest);
      if (!record) break;
      take(*record, offset);
    }
    return std::move(opened_);
  }

 private:
  void take(const dissect::RecordView& record, std::size_t offset) {
    if (tls12_) return open_of_tls12(record, offset);
    const bool is_of_tls12 = !secrets_.find("CLIENT_RANDOM").empty();
    if (is_of_tls12 && record.type == ContentType::change_cipher_spec) return start_tls12();
    if (record.type == ContentType::application_data) open_of_tls13(record, offset);
  }

  void stop(std::size_t offset, const std::string& why) {
    opened_.stopped = "the record at " + std::to_string(offset) + " " + why;
  }

  // RFC 5246 6.3: of the keys of TLS 1.2 the server's random is a part.
  void start_tls12() {
    const Secret master = secrets_.find("CLIENT_RANDOM");
    const std::vector<CipherSuite> known = CommonConfig{}.cipher_suites;
    const auto is_known = [&](CipherSuite suite) {
      return version_of(suite) == ProtocolVersion::tls12 && std::ranges::find(known, suite) != known.end();
    };
    if (!server_hello_.choice())
      opened_.stopped = sender_ == Role::client ? "keys of TLS 1.2 depend on the ServerHello, which a client does not send"
                                                : "there is no ServerHello, on which keys of TLS 1.2 depend";
    else if (!is_known(server_hello_.choice()->suite))
      opened_.stopped = "the ServerHello selects a cipher suite that is not known here";
    else if (master.size() != crypto::tls12::master_secret_bytes)
      opened_.stopped = "CLIENT_RANDOM's secret does not have 48 bytes, as a master secret has";
    else
      tls12_.emplace(
          harness::tls12_protection_of(*provider_, sender_, master, secrets_.client_random(), *server_hello_.choice()));
  }

  void open_of_tls12(const dissect::RecordView& record, std::size_t offset) {
    const std::size_t overhead_bytes = tls12_->overhead_bytes();
    Bytes content(record.fragment.size() - std::min(record.fragment.size(), overhead_bytes));
    const bool is_opened = record.fragment.size() >= overhead_bytes &&
                           tls12_->open({tls12_sequence_++, record.type, record.version}, record.fragment, content);
    if (!is_opened) return stop(offset, "does not open with CLIENT_RANDOM's secret as the next one");
    opened_.records.push_back({offset, record.type, "CLIENT_RANDOM", std::move(content)});
  }

  void open_of_tls13(const dissect::RecordView& record, std::size_t offset) {
    if (!tls13_ && !start(offset)) return;
    const auto content = tls13_->open(record.bytes);
    if (!content) return stop(offset, "does not open with " + key_ + " as the next one");
    opened_.records.push_back({offset, content->type, key_, Bytes(content->bytes.begin(), content->bytes.end())});
    if (content->type != ContentType::handshake) return;
    append(messages_, opened_.records.back().content);
    ByteView rest = messages_;
    while (const auto message = dissect::take_message(rest)) follow(message->type);
    messages_.erase(messages_.begin(), messages_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }

  /// The keys that are next behind a message (RFC 9846 7.3, 7.2).
  void follow(HandshakeType type) {
    if (type == HandshakeType::finished) {
      tls13_.reset();
      kind_ = "TRAFFIC_SECRET_0";
    }
    if (type != HandshakeType::key_update || !tls13_) return;
    tls13_->update();
    key_ = label_ + ", update " + std::to_string(++updates_);
  }

  bool start(std::size_t offset) {
    label_ = key_ = (sender_ == Role::client ? "CLIENT_" : "SERVER_") + std::string(kind_);
    const Secret secret = secrets_.find(label_);
    const bool is_of_a_hash =
        secret.size() == hash_bytes(HashAlgorithm::sha256) || secret.size() == hash_bytes(HashAlgorithm::sha384);
    if (is_of_a_hash)
      tls13_.emplace(*provider_, secret);
    else
      stop(offset, secret.empty() ? "needs " + label_ + ", which the key log does not have"
                                  : "needs " + label_ + ", which is as long as the output of no hash of TLS 1.3");
    return is_of_a_hash;
  }

  Role sender_;
  const stacks::KeyLogSecrets& secrets_;
  std::shared_ptr<Provider> provider_;
  ServerHelloSeen server_hello_;
  std::optional<TrafficOpener> tls13_;
  std::string_view kind_ = "HANDSHAKE_TRAFFIC_SECRET";  // of the secret that is next
  std::optional<record::tls12::Protection> tls12_;
  std::uint64_t tls12_sequence_ = 0;
  std::string label_, key_;
  std::size_t updates_ = 0;
  Bytes messages_;  // the last may be cut off
  Opened opened_;
};

}  // namespace

Opened open_records(ByteView records, Role sender, const stacks::KeyLogSecrets& secrets) {
  return RecordsOpener(sender, secrets).open(records);
}

}  // namespace tocsin::tool
