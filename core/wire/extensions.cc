#include "core/wire/extensions.h"

#include <array>

#include "core/base/code_set.h"

namespace tocsin::wire {
namespace {

struct Row {
  ExtensionType type;
  std::string_view name;
  std::uint8_t carriers;
};
constexpr auto rows = std::apply(
    [](const auto&... row) {
      return std::array{Row{row.type, row.name, row.carriers}...};
    },
    table::rows);

const Row* find(ExtensionType type) {
  for (const Row& row : rows)
    if (row.type == type) return &row;
  return nullptr;
}

/// The messages whose extensions answer those of another message (RFC 9846 4.3).
bool answers(Carrier carrier) {
  using enum Carrier;
  return (any_of(server_hello, hello_retry_request, encrypted_extensions, tls12_server_hello, certificate) & any_of(carrier)) !=
         0;
}

}  // namespace

std::optional<ByteView> ClientHelloExtensions::host_name() const {
  if (server_names)
    for (const ServerName& name : *server_names)
      if (name.type == ServerName::host_name) return name.bytes;
  return std::nullopt;
}

Standing standing_of(ExtensionType type, Carrier carrier) {
  const Row* row = find(type);
  if (row == nullptr) return Standing::unknown;
  return (row->carriers & any_of(carrier)) != 0 ? Standing::allowed : Standing::misplaced;
}

std::string_view name_of(ExtensionType type) {
  const Row* row = find(type);
  return row == nullptr ? "unknown" : row->name;
}

Result<Done> check_extensions(ByteView block, Carrier carrier) {
  if (!ExtensionList::is_valid(block)) return Fatal{Reason::extension_malformed};
  if (block.empty()) return Done{};
  CodeSet seen;
  for (const Extension& extension : ExtensionList(block)) {
    //= RFC 9846 4.3 //# There MUST NOT be more than one extension of the same type in a given extension block.
    if (!seen.add(static_cast<std::uint16_t>(extension.type))) return Fatal{Reason::extension_duplicate};
    switch (standing_of(extension.type, carrier)) {
      case Standing::allowed:
        break;
      case Standing::misplaced:
        //= RFC 9846 4.4.1 //# The client MUST check EncryptedExtensions for the presence of any forbidden extensions
        return Fatal{Reason::extension_misplaced};
      case Standing::unknown:
        //= RFC 9846 4.2.2 //# Servers MUST ignore unrecognized extensions.
        //= RFC 9846 4.3 //# Upon receiving such an extension, an endpoint MUST abort the handshake with an
        //= RFC 9846 4.4.2 //# Clients MUST ignore unrecognized extensions.
        //= RFC 9846 4.5.1 //# Extensions in the Certificate message from the client MUST correspond to extensions in
        //= RFC 9846 4.7.1 //# Clients MUST ignore unrecognized extensions.
        //= RFC 9846 9.3 //# A server receiving a ClientHello MUST correctly ignore all unrecognized cipher suites,
        //= RFC 9846 9.3 //# In TLS 1.3, a client receiving a CertificateRequest or NewSessionTicket MUST also ignore all unrecognized extensions.
        if (answers(carrier)) return Fatal{Reason::extension_unsolicited};
        break;
    }
    // RFC 9846 4.3.11: it MUST be the last, since its binders cover all that stands before them.
    //= RFC 9846 4.3 //# Section 4.3.11) which MUST be the last extension in the ClientHello (but can appear
    //= RFC 9846 4.3.11 //# The "pre_shared_key" extension MUST be the last extension in the ClientHello (this
    //= RFC 9846 4.3.11 //# Servers MUST check that it is the last extension and otherwise fail the handshake with
    if (carrier == Carrier::client_hello && extension.type == ExtensionType::pre_shared_key && !extension.is_last)
      return Fatal{Reason::pre_shared_key_not_last};
  }
  return Done{};
}

}  // namespace tocsin::wire
