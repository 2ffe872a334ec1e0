// Fetches a page over TLS.   usage: client HOST PORT CA.pem
#include <tocsin/openssl_provider.h>
#include <tocsin/stream.h>

#include <array>
#include <cstdio>

#include "sockets.h"

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: client HOST PORT CA.pem\n"), 2;
  const auto provider = tocsin::make_openssl_provider();
  const auto verifier = tocsin::trust_path(argv[3]);
  if (!provider) return std::fprintf(stderr, "client: %s\n", provider.error().message.c_str()), 2;
  if (!verifier) return std::fprintf(stderr, "client: %s\n", verifier.error().message.c_str()), 2;
  const auto config = std::make_shared<tocsin::ClientConfig>();
  config->provider = *provider;
  config->verifier = *verifier;

  const Socket socket(connect_to(argv[1], argv[2]));
  auto stream = tocsin::Stream::client(over(socket.fd()), config, argv[1]);
  tocsin::StreamOutcome done = stream.write(tocsin::bytes_of("GET / HTTP/1.0\r\n\r\n"));
  for (std::array<std::uint8_t, 4096> buffer; done;) {
    const auto bytes = stream.read(buffer);
    if (bytes && *bytes == 0) break;  // the server has closed: this is all of it
    if (!bytes) done = bytes.error();
    if (bytes) std::fwrite(buffer.data(), 1, *bytes, stdout);
  }
  if (done) done = stream.close();
  if (!done) std::fprintf(stderr, "client: %s\n", done.error().describe().c_str());
  return done ? 0 : 1;
}
