#pragma once
// A decorator whose operations fail from some point on, as those of a crypto library that runs out of memory or loses its
// hardware do.
#include <memory>

#include "tocsin/provider.h"

namespace tocsin::harness {

/// When operations fail, with crypto_failed.
class FailurePlan {
 public:
  enum class Lasts : std::uint8_t { once, for_ever };
  /// nth: of all operations, from 0.
  FailurePlan(unsigned nth, Lasts lasts) : nth_(nth), lasts_(lasts) {}

  /// To be asked before every operation.
  bool is_due();
  bool fired() const { return seen_ > nth_; }
  /// Called when the operation that failed was to seal a record.
  void note_sealing() { has_sealing_failed_ = true; }
  bool has_sealing_failed() const { return has_sealing_failed_; }

 private:
  unsigned nth_, seen_ = 0;
  Lasts lasts_;
  bool has_sealing_failed_ = false;
};

std::shared_ptr<Provider> make_failing_provider(std::shared_ptr<Provider> inner, std::shared_ptr<FailurePlan> plan);

/// The same key, whose signing is among the operations that fail.
std::shared_ptr<const CertifiedKey> failing_certified_key(std::shared_ptr<const CertifiedKey> inner,
                                                          std::shared_ptr<FailurePlan> plan);

}  // namespace tocsin::harness
