#include "harnesses/checkers/traffic_opener.h"

#include "core/crypto/tls13/key_schedule.h"
#include "harnesses/trace/finding.h"

namespace tocsin::harness {
namespace {

HashAlgorithm hash_of_secret(const Secret& traffic_secret) {
  return traffic_secret.size() == hash_bytes(HashAlgorithm::sha384) ? HashAlgorithm::sha384 : HashAlgorithm::sha256;
}

}  // namespace

TrafficOpener::TrafficOpener(Provider& provider, const Secret& traffic_secret) : provider_(&provider) { start(traffic_secret); }

void TrafficOpener::start(const Secret& traffic_secret) {
  static constexpr CipherSuite of_sha256[] = {CipherSuite::aes_128_gcm_sha256, CipherSuite::chacha20_poly1305_sha256};
  static constexpr CipherSuite of_sha384[] = {CipherSuite::aes_256_gcm_sha384};
  secret_ = traffic_secret;
  candidates_.clear();
  untried_ = hash_of_secret(secret_) == HashAlgorithm::sha256 ? std::span<const CipherSuite>(of_sha256) : of_sha384;
}

// Whether there was another.
bool TrafficOpener::add_candidate() {
  if (untried_.empty()) return false;
  const CipherSuite suite = untried_.front();
  untried_ = untried_.subspan(1);
  auto keys = crypto::traffic_keys(*provider_, suite, secret_);
  if (!keys) finding("the checker's provider failed to derive keys");
  auto aead = provider_->aead(suite, keys->key);
  if (!aead) finding("the checker's provider failed to make an AEAD");
  candidates_.emplace_back(std::move(*aead), keys->iv);
  return true;
}

std::optional<TrafficOpener::Content> TrafficOpener::open(ByteView record) {
  for (std::size_t i = 0; i < candidates_.size() || add_candidate(); ++i) {
    record_.assign(record.begin(), record.end());
    const auto opened = candidates_[i].open(record_, record::plaintext_bytes_max + 1);
    if (!opened) continue;
    std::swap(candidates_[0], candidates_[i]);
    candidates_.erase(candidates_.begin() + 1, candidates_.end());
    untried_ = {};
    return Content{opened->type, ByteView(record_).subspan(record::header_bytes, opened->content_bytes)};
  }
  return std::nullopt;
}

void TrafficOpener::update() {
  const auto next = crypto::next_traffic_secret(*provider_, hash_of_secret(secret_), secret_);
  if (!next) finding("the checker's provider failed to derive the next secret");
  start(*next);
}

}  // namespace tocsin::harness
