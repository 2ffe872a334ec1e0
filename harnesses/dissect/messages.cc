#include "harnesses/dissect/messages.h"

#include <algorithm>

#include "core/wire/server_hello.h"
#include "harnesses/dissect/read.h"

namespace tocsin::dissect {
namespace {

using enum wire::Carrier;

constexpr Field suite[] = {number(2, "CipherSuite", &cipher_suites)};
constexpr Field compression_method[] = {number(1, "CompressionMethod", &compression_methods)};
constexpr Field client_hello_fields[] = {
    number(2, "legacy_version", &versions),
    opaque(32, "random"),
    vector("legacy_session_id", 1, 0, 32),
    list("cipher_suites", 2, 2, 0xffff, suite),
    list("legacy_compression_methods", 1, 1, 255, compression_method),
    if_any_left(extensions(client_hello)),  // RFC 9846 4.2.2: before TLS 1.3 there need not be any
};
constexpr Field dtls_client_hello_fields[] = {
    number(2, "client_version", &versions),
    opaque(32, "random"),
    vector("session_id", 1, 0, 32),
    vector("cookie", 1, 0, 255),
    list("cipher_suites", 2, 2, 0xffff, suite),
    list("compression_methods", 1, 1, 255, compression_method),
    if_any_left(extensions(client_hello)),
};
constexpr Field hello_start[] = {
    number(2, "legacy_version", &versions),
    opaque(32, "random"),
    vector("legacy_session_id_echo", 1, 0, 32),
    number(2, "cipher_suite", &cipher_suites),
    number(1, "legacy_compression_method", &compression_methods),
};
constexpr Field server_hello_extensions[] = {extensions(server_hello)};
constexpr Field server_hello_of_tls12_extensions[] = {if_any_left(extensions(server_hello_of_tls12))};
constexpr Field hello_retry_request_extensions[] = {extensions(hello_retry_request)};
constexpr Field encrypted_extensions_fields[] = {extensions(encrypted_extensions)};
constexpr Field certificate_request_fields[] = {vector("certificate_request_context", 1, 0, 255),
                                                extensions(certificate_request)};
constexpr Field certificate_entry[] = {vector("cert_data", 3, 1, 0xffffff), extensions(certificate)};
constexpr Field certificate_fields[] = {vector("certificate_request_context", 1, 0, 255),
                                        list("certificate_list", 3, 0, 0xffffff, certificate_entry, "CertificateEntry")};
constexpr Field certificate_verify_fields[] = {number(2, "algorithm", &signature_schemes), vector("signature", 2, 0, 0xffff)};
constexpr Field finished_fields[] = {rest("verify_data")};
constexpr Field new_session_ticket_fields[] = {number(4, "ticket_lifetime"), number(4, "ticket_age_add"),
                                               vector("ticket_nonce", 1, 0, 255), vector("ticket", 2, 1, 0xffff),
                                               extensions(new_session_ticket, 0xffff)};
constexpr Field key_update_fields[] = {between(0, 1, number(1, "request_update", &key_update_requests))};
constexpr Field compressed_certificate_fields[] = {number(2, "algorithm", &compression_algorithms),
                                                   number(3, "uncompressed_length"),
                                                   vector("compressed_certificate_message", 3, 1, 0xffffff)};
constexpr Field unread_fields[] = {rest("body")};

struct Row {
  std::uint8_t type;
  std::string_view name;
  Fields fields;
};
constexpr Row rows[] = {
    {1, "ClientHello", client_hello_fields},
    {4, "NewSessionTicket", new_session_ticket_fields},
    {5, "EndOfEarlyData", {}},
    {8, "EncryptedExtensions", encrypted_extensions_fields},
    {11, "Certificate", certificate_fields},
    {13, "CertificateRequest", certificate_request_fields},
    {15, "CertificateVerify", certificate_verify_fields},
    {20, "Finished", finished_fields},
    {24, "KeyUpdate", key_update_fields},
    {25, "CompressedCertificate", compressed_certificate_fields},
};
constexpr std::uint8_t type_of_client_hello = 1, type_of_server_hello = 2;

bool is_retry(ByteView server_hello_body) {
  constexpr std::size_t random_at = 2;
  const auto& random = wire::hello_retry_request_random;
  return server_hello_body.size() >= random_at + random.size() &&
         std::equal(random.begin(), random.end(), server_hello_body.begin() + random_at);
}

bool selects_a_version(const std::vector<Node>& server_hello) {
  const auto is_selection = [](const Node& extension) {
    return extension.fields[0].number == static_cast<std::uint64_t>(wire::ExtensionType::supported_versions);
  };
  return std::any_of(server_hello.begin(), server_hello.end(), [&](const Node& field) {
    return field.name == "extensions" && std::any_of(field.fields.begin() + 1, field.fields.end(), is_selection);
  });
}

// HelloRetryRequest and the ServerHello of each version share a type (RFC 9846 4.2.3).
std::string_view read_server_hello(Region body, std::vector<Node>& into) {
  const bool is_whole = !body.is_cut;
  const bool retries = is_retry(body.bytes);
  if (!read(hello_start, body, into)) return "ServerHello";
  const std::size_t start = into.size();
  read_whole(retries ? Fields(hello_retry_request_extensions) : server_hello_extensions, body, into);
  if (retries) return "HelloRetryRequest";
  if (!is_whole || selects_a_version(into)) return "ServerHello";
  into.resize(start);
  read_whole(server_hello_of_tls12_extensions, body, into);
  return "ServerHello of TLS 1.2 or older";
}

Message read_message(Region& stream, bool is_tls12) {
  static constexpr Field msg_type = number(1, "msg_type", &handshake_types);
  static constexpr Field length = vector("length", 3, 0, 0xffffff);
  Message message;
  message.node = {"Handshake", stream.offset};
  auto& fields = message.node.fields;
  const Region header = stream;
  read({&msg_type, 1}, stream, fields);
  message.type = header.bytes[0];
  const Region body = read_length(length, stream, fields);
  message.body = body.bytes;
  message.is_whole = !stream.is_cut;
  const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& one) { return one.type == message.type; });
  message.is_read = !is_tls12 && row != std::end(rows);
  if (message.type == type_of_server_hello) {
    message.is_read = true;
    message.node.value = read_server_hello(body, fields);
  } else if (message.is_read || message.type == type_of_client_hello) {
    message.is_read = true;
    message.node.value = row->name;
    read_whole(row->fields, body, fields);
  } else {
    message.node.value = handshake_types.find(message.type);
    if (message.node.value.empty()) message.node.value = "unknown";
    read_whole(unread_fields, body, fields);
  }
  message.node.size_bytes = stream.offset - message.node.offset;
  return message;
}

}  // namespace

std::vector<Message> read_messages(ByteView stream) {
  const bool is_tls12 = Tls12Search().finds(stream);
  std::vector<Message> messages;
  for (Region rest{stream}; !rest.empty();) messages.push_back(read_message(rest, is_tls12));
  return messages;
}

Node read_dtls_client_hello(ByteView body) {
  Node node{"ClientHello", 0, body.size()};
  read_whole(dtls_client_hello_fields, Region{body}, node.fields);
  return node;
}

bool Tls12Search::finds(ByteView stream) {
  constexpr std::uint8_t server_key_exchange = 12, server_hello_done = 14, client_key_exchange = 16;
  for (Reader reader(stream.subspan(seen_bytes_)); !is_found_ && !reader.empty();) {
    const std::uint8_t type = reader.u8();
    const ByteView body = reader.vector24();
    if (reader.failed()) break;
    seen_bytes_ = stream.size() - reader.size();
    is_found_ = type == server_key_exchange || type == server_hello_done || type == client_key_exchange;
    if (type != type_of_server_hello) continue;
    const auto hello = wire::decode_server_hello(body);
    if (!hello) continue;
    const auto* answer = std::get_if<wire::ServerHello>(&*hello);
    is_found_ = answer != nullptr && !answer->supported_version;
  }
  return is_found_;
}

}  // namespace tocsin::dissect
