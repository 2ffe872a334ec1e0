#pragma once
// What is wrong with a hello: which rule it breaks, where, and the alert that an RFC names for that.
#include <algorithm>
#include <vector>

#include "core/wire/extensions.h"
#include "harnesses/differential/alerts.h"

namespace tocsin::differential {

constexpr std::uint16_t code(wire::ExtensionType type) { return static_cast<std::uint16_t>(type); }

/// A rule that a hello breaks. What only follows from another fault, as that no group is common where the list of groups
/// cannot be read, is none of its own.
enum class FaultKind : std::uint8_t {
  // of every hello
  hello_form,
  session_id_too_long,
  extension_form,
  extension_twice,
  legacy_version,
  compression_value,
  fragment_length_value,
  record_size_limit_value,
  point_formats_value,
  renegotiation_info_value,
  extension_missing,
  share_invalid,
  more_in_record,
  // of a ClientHello
  cipher_suites_form,
  compression_form,
  keys_not_last,
  binders_mismatch,
  server_name_form,
  server_name_twice,
  server_name_of_unknown_type,
  fallback,
  cookie_unasked,
  second_hello_differs,
  second_hello_share,
  share_not_in_groups,
  share_twice,
  no_common_version,
  no_common_suite,
  no_common_group,
  no_common_curve,
  no_common_scheme,
  no_common_protocol,
  certificate_schemes,
  extension_of_openssl,
  // of a server's hello
  legacy_version_above,
  session_id_echo,
  suite_not_offered,
  suite_changed,
  version_missing,
  version_value,
  version_not_offered,
  extension_misplaced,
  extension_unsolicited,
  share_group,
  second_retry,
  retry_without_change,
  retry_group,
  protocol_not_offered,
  fragment_length_beside_limit,
  downgrade_sentinel,
};

struct Fault {
  FaultKind kind;
  AlertDescription alert;
  std::uint16_t where = 0;  // the extension's type, or the group of a share

  bool is_same_as(const Fault& other) const { return kind == other.kind && where == other.where; }
  bool has_alert(std::uint8_t description) const { return static_cast<std::uint8_t>(alert) == description; }
};

class Faults {
 public:
  void add(FaultKind kind, AlertDescription alert, std::uint16_t where = 0) { faults_.push_back({kind, alert, where}); }
  void add_if(bool is_broken, FaultKind kind, AlertDescription alert, std::uint16_t where = 0) {
    if (is_broken) add(kind, alert, where);
  }
  void add(const Faults& more) { faults_.insert(faults_.end(), more.begin(), more.end()); }

  bool empty() const { return faults_.empty(); }
  bool has(FaultKind kind) const {
    return std::ranges::any_of(faults_, [&](const Fault& fault) { return fault.kind == kind; });
  }
  bool has(FaultKind kind, std::uint16_t where) const {
    return std::ranges::any_of(faults_, [&](const Fault& fault) { return fault.kind == kind && fault.where == where; });
  }
  Alerts alerts() const {
    Alerts all;
    for (const Fault& fault : faults_) all.add(fault.alert);
    return all;
  }
  bool has_alert(std::uint8_t description) const {
    return std::ranges::any_of(faults_, [&](const Fault& fault) { return fault.has_alert(description); });
  }
  std::vector<Fault>::const_iterator begin() const { return faults_.begin(); }
  std::vector<Fault>::const_iterator end() const { return faults_.end(); }

 private:
  std::vector<Fault> faults_;
};

}  // namespace tocsin::differential
