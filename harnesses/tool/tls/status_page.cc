#include "harnesses/tool/tls/status_page.h"

#include "tocsin/openssl_provider.h"

namespace tocsin::tool {
namespace {

std::string plural(std::uint64_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string response(std::string_view status, std::string_view body, std::string_view more_headers = "") {
  std::string text = "HTTP/1.0 ";
  text.append(status).append("\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n").append(more_headers).append("\r\n");
  return text.append(body);
}

bool is_complete(std::string_view request) {
  return request.find("\r\n\r\n") != request.npos || request.find("\n\n") != request.npos;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '\\') {
      shown += c;
    } else {
      shown.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
  }
  return shown;
}

std::string hex_of(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) text.append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  return text;
}

std::vector<std::string> describe(const Negotiated& negotiated, std::string_view exported) {
  const auto line = [](std::string_view name, std::string_view value) {
    return std::string(name) + ": " + (value.empty() ? "none" : printable(value));
  };
  std::vector<std::string> lines{
      line("version", name_of(negotiated.version)),
      line("cipher suite", name_of(negotiated.cipher_suite)),
      line("group", negotiated.resumed ? "" : name_of(negotiated.group)),
      line("signature scheme", negotiated.resumed ? "" : name_of(negotiated.signature_scheme)),
      line("ALPN", negotiated.application_protocol),
      line("server name", negotiated.server_name),
      line("retried", negotiated.retried ? "yes" : "no"),
  };
  if (negotiated.version != ProtocolVersion::tls13) lines.push_back(line("resumed", negotiated.resumed ? "yes" : "no"));
  if (!negotiated.connection_id.empty() || !negotiated.peer_connection_id.empty()) {
    lines.push_back(line("connection id received", hex_of(negotiated.connection_id)));
    lines.push_back(line("connection id sent", hex_of(negotiated.peer_connection_id)));
  }
  if (!negotiated.client_certificate.empty()) {
    lines.push_back(line("client certificate", subject_of(negotiated.client_certificate)));
    if (!negotiated.resumed) lines.push_back(line("client signature scheme", name_of(negotiated.client_signature_scheme)));
  }
  if (!exported.empty()) lines.push_back(line("exported", exported));
  return lines;
}

std::string describe(const DiscardSeen& seen) {
  return "discarded " + std::to_string(seen.size_bytes) + " bytes (type " + std::to_string(seen.content_type) + ", epoch " +
         std::to_string(seen.epoch) + ", number " + std::to_string(seen.sequence) + "): " + std::string(name_of(seen.why));
}

std::string describe(const Counters& counters) {
  const std::string resumed = counters.resumed == 0 ? "" : ", " + std::to_string(counters.resumed) + " resumed";
  return plural(counters.accepted, "connection") + " accepted, " + plural(counters.completed, "handshake") + " completed (" +
         std::to_string(counters.retried) + " with a retry" + resumed + "), " + plural(counters.failed, "connection") +
         " failed";
}

std::string describe_dropped(std::uint64_t lines) { return lines == 0 ? "" : ", " + plural(lines, "line") + " dropped"; }

std::string respond(std::string_view request, const std::vector<std::string>& page) {
  if (request.size() > request_bytes_max) return response("400 Bad Request", "The request is too long.\n");
  if (!is_complete(request)) return "";
  const bool is_head = request.starts_with("HEAD ");
  if (!is_head && !request.starts_with("GET ")) {
    return response("405 Method Not Allowed", "Only GET and HEAD are answered here.\n", "Allow: GET, HEAD\r\n");
  }
  std::string body;
  for (const std::string& line : page) body.append(line).append("\n");
  std::string whole = response("200 OK", body);
  if (is_head) whole.resize(whole.size() - body.size());
  return whole;
}

}  // namespace tocsin::tool
