// A program that moves the bytes itself: what a TLS client and a TLS server say to a web server and a browser that speak no
// TLS.
#include <tocsin/acceptor.h>
#include <tocsin/openssl_provider.h>

#include <cstdio>

static std::size_t sent_bytes = 0;
static void send_all(tocsin::ByteView bytes) { sent_bytes += bytes.size(); }
static void deliver(tocsin::ByteView) {}
static void log(const std::string& text) { std::printf("%s\n", text.c_str()); }

bool take(tocsin::Connection& connection, tocsin::ByteView from_socket, tocsin::Now now) {
  tocsin::Output out;
  const tocsin::Outcome outcome = connection.receive(from_socket, now, out);
  send_all(out.to_peer);  // first of all: after a failure the alert is in there
  deliver(out.application_data);
  if (!outcome) log(outcome.error().describe());
  return bool{outcome};
}

int main() {
  const tocsin::ByteView request = tocsin::bytes_of("GET / HTTP/1.0\r\n\r\n");
  tocsin::Output out;
  const auto provider = tocsin::make_openssl_provider();
  const auto config = std::make_shared<tocsin::ClientConfig>();
  config->verifier = tocsin::insecure_trust_anyone();
  if (provider) config->provider = *provider;
  auto client = tocsin::Connection::client(config, "example.org", {}, out);
  if (!client) return std::printf("%s\n", client.error().describe().c_str()), 1;
  const bool is_taken = take(*client, tocsin::bytes_of("HTTP/1.0 400 Bad Request\r\n\r\n"), {});

  tocsin::Acceptor acceptor;
  out = {};
  const auto accepted = acceptor.receive(request, out);
  return !is_taken && !accepted && sent_bytes == 7 && out.to_peer.size() == 7 ? 0 : 1;
}
