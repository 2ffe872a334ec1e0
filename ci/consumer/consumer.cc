// A program outside the tree: what a TLS server says to a web browser that speaks no TLS.
#include <tocsin/acceptor.h>

#include <cstdio>

int main() {
  tocsin::Acceptor acceptor;
  tocsin::Output out;
  const auto accepted = acceptor.receive(tocsin::bytes_of("GET / HTTP/1.0\r\n\r\n"), out);
  std::printf("%s; %zu bytes to the peer\n", accepted ? "accepted" : accepted.error().describe().c_str(), out.to_peer.size());
  return !accepted && out.to_peer.size() == 7 ? 0 : 1;
}
