// A program that moves the bytes itself: what a TLS server says to a web browser that speaks no TLS, directly and by Acceptor.
#include <tocsin/acceptor.h>

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
  tocsin::Connection connection = tocsin::Connection::server(std::make_shared<tocsin::ServerConfig>());
  const bool is_taken = take(connection, request, {});

  tocsin::Acceptor acceptor;
  tocsin::Output out;
  const auto accepted = acceptor.receive(request, out);
  return !is_taken && !accepted && sent_bytes == 7 && out.to_peer.size() == 7 ? 0 : 1;
}
