#include "core/wire/extensions.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>

namespace tocsin::wire {
namespace {

struct Row {
  ExtensionType type;
  std::string_view name;
  std::uint8_t carriers;
};

template <class... Carriers>
constexpr std::uint8_t in(Carriers... carriers) {
  return static_cast<std::uint8_t>((static_cast<unsigned>(carriers) | ...));
}

constexpr Carrier CH = Carrier::client_hello, SH = Carrier::server_hello, HRR = Carrier::hello_retry_request,
                  EE = Carrier::encrypted_extensions, CR = Carrier::certificate_request, NST = Carrier::new_session_ticket,
                  SH12 = Carrier::server_hello12;

// RFC 8446 4.2; padding: RFC 7685; record_size_limit: RFC 8449 4; of TLS 1.2: RFC 8422 5.1, RFC 7627 5.1, RFC 5746 3.2,
// RFC 5077 3.2; of DTLS 1.2: RFC 9146 3.
// clang-format off
constexpr Row rows[] = {
    {ExtensionType::server_name,                            "server_name",                            in(CH, EE, CR, SH12)},
    {ExtensionType::supported_groups,                       "supported_groups",                       in(CH, EE)},
    {ExtensionType::ec_point_formats,                       "ec_point_formats",                       in(CH, SH12)},
    {ExtensionType::signature_algorithms,                   "signature_algorithms",                   in(CH, CR)},
    {ExtensionType::application_layer_protocol_negotiation, "application_layer_protocol_negotiation", in(CH, EE, SH12)},
    {ExtensionType::padding,                                "padding",                                in(CH)},
    {ExtensionType::extended_master_secret,                 "extended_master_secret",                 in(CH, SH12)},
    {ExtensionType::record_size_limit,                      "record_size_limit",                      in(CH, EE, SH12)},
    {ExtensionType::session_ticket,                         "session_ticket",                         in(CH, SH12)},
    {ExtensionType::pre_shared_key,                         "pre_shared_key",                         in(CH, SH)},
    {ExtensionType::early_data,                             "early_data",                             in(CH, EE, NST)},
    {ExtensionType::supported_versions,                     "supported_versions",                     in(CH, SH, HRR)},
    {ExtensionType::cookie,                                 "cookie",                                 in(CH, HRR)},
    {ExtensionType::psk_key_exchange_modes,                 "psk_key_exchange_modes",                 in(CH)},
    {ExtensionType::signature_algorithms_cert,              "signature_algorithms_cert",              in(CH, CR)},
    {ExtensionType::key_share,                              "key_share",                              in(CH, SH, HRR)},
    {ExtensionType::connection_id,                          "connection_id",                          in(CH, SH12)},
    {ExtensionType::renegotiation_info,                     "renegotiation_info",                     in(CH, SH12)},
};
// clang-format on

const Row* find(ExtensionType type) {
  for (const Row& row : rows)
    if (row.type == type) return &row;
  return nullptr;
}

/// The messages whose extensions answer those of another message (RFC 8446 4.2).
bool answers(Carrier carrier) {
  return (in(SH, HRR, EE, SH12, Carrier::certificate) & static_cast<std::uint8_t>(carrier)) != 0;
}

/// The types that stood before. A block may hold 16384 extensions, too many to compare each with each, and has a dozen: the
/// table for many is made only for them.
class SeenTypes {
 public:
  /// False if it was there before.
  bool add(ExtensionType type) {
    const auto code = static_cast<std::uint16_t>(type);
    if (count_ < few_.size()) {
      const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
      if (std::find(few_.begin(), end, code) != end) return false;
      few_[count_++] = code;
      return true;
    }
    if (!many_) {
      many_.emplace();
      for (const std::uint16_t seen : few_) many_->set(seen);
    }
    if (many_->test(code)) return false;
    many_->set(code);
    return true;
  }

 private:
  std::array<std::uint16_t, 32> few_;
  std::size_t count_ = 0;
  std::optional<std::bitset<0x10000>> many_;
};

}  // namespace

Standing standing_of(ExtensionType type, Carrier carrier) {
  const Row* row = find(type);
  if (row == nullptr) return Standing::unknown;
  return (row->carriers & static_cast<std::uint8_t>(carrier)) != 0 ? Standing::allowed : Standing::misplaced;
}

std::string_view name_of(ExtensionType type) {
  const Row* row = find(type);
  return row == nullptr ? "unknown" : row->name;
}

Result<Done> check_extensions(ByteView block, Carrier carrier) {
  if (!ExtensionList::is_valid(block)) return Fatal{Reason::extension_malformed};
  if (block.empty()) return Done{};
  SeenTypes seen;
  for (const Extension& extension : ExtensionList(block)) {
    if (!seen.add(extension.type)) return Fatal{Reason::extension_duplicate};
    switch (standing_of(extension.type, carrier)) {
      case Standing::allowed:
        break;
      case Standing::misplaced:
        return Fatal{Reason::extension_misplaced};
      case Standing::unknown:
        if (answers(carrier)) return Fatal{Reason::extension_unsolicited};
        break;
    }
    // RFC 8446 4.2.11: it MUST be the last, since its binders cover all that stands before them.
    if (carrier == Carrier::client_hello && extension.type == ExtensionType::pre_shared_key && !extension.is_last)
      return Fatal{Reason::pre_shared_key_not_last};
  }
  return Done{};
}

}  // namespace tocsin::wire
