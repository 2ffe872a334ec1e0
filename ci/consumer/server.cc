// Serves a page over TLS, to one client after another.   usage: server PORT CERTIFICATE.pem KEY.pem
#include <tocsin/openssl_provider.h>
#include <tocsin/stream.h>

#include <array>
#include <cstdio>
#include <string>

#include "sockets.h"

tocsin::StreamOutcome answer(tocsin::Stream& stream) {
  std::array<std::uint8_t, 4096> buffer;
  std::string request;
  while (request.find("\r\n\r\n") == request.npos && request.size() < 65536) {
    const auto bytes = stream.read(buffer);
    if (!bytes) return bytes.error();
    if (*bytes == 0) return stream.close();
    request.append(tocsin::text_of(buffer).substr(0, *bytes));
  }
  if (const auto written = stream.write(tocsin::bytes_of("HTTP/1.0 200 OK\r\n\r\nIt works.\n")); !written) return written;
  return stream.close();
}

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: server PORT CERTIFICATE.pem KEY.pem\n"), 2;
  const auto provider = tocsin::make_openssl_provider();
  const auto certificate = tocsin::certified_key_from_files(argv[2], argv[3]);
  if (!provider) return std::fprintf(stderr, "server: %s\n", provider.error().message.c_str()), 2;
  if (!certificate) return std::fprintf(stderr, "server: %s\n", certificate.error().message.c_str()), 2;
  const auto config = std::make_shared<tocsin::ServerConfig>();
  config->provider = *provider;
  config->certificates = {*certificate};

  for (const int listener = listen_on(argv[1]);;) {
    const Socket socket(must(accept(listener, nullptr, nullptr), "accept"));
    auto stream = tocsin::Stream::server(over(socket.fd()), config);
    const tocsin::StreamOutcome answered = answer(stream);
    if (!answered) std::fprintf(stderr, "server: %s\n", answered.error().describe().c_str());
  }
}
