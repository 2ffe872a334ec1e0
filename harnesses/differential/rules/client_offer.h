#pragma once
// What a client offers, read from the ClientHello that it sent.
#include <optional>
#include <string>

#include "harnesses/differential/rules/fields.h"
#include "tocsin/bytes.h"

namespace tocsin::rules {

struct ClientOffer {
  Numbers versions, suites, groups, schemes, extensions;
  Numbers share_groups;         // of its key shares
  Numbers max_fragment_length;  // one, or none
  Bytes session_id;
  std::string server_name;  // or none
  std::vector<std::string> protocols;
  bool has_session = false;  // its session_id, or ticket, is of an earlier connection: nobody sees that here
};

/// messages: with the ClientHello first. Nothing if there is none, or none that is whole.
std::optional<ClientOffer> read_client_offer(ByteView messages);

}  // namespace tocsin::rules
