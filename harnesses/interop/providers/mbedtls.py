"""Mbed TLS 2: mbedtls_server, which is built here where its library is installed, and answers whatever comes with one line."""
from testdata import DTLS12, server_pair

from .provider import PEERS_HINT, Server, abilities

HANDSHAKE_FAILED = 'mbedtls_ssl_handshake: -0x7900'
ANSWERED = '^answered, closed, listening again$'


class MbedTls(Server):
    name = 'mbedtls'
    server = abilities('', versions=(DTLS12,), keys=(), tls12_keys=('ecdsa-p256',), services=('answer',))

    @property
    def program(self):
        return self.processes.build / 'harnesses/interop/mbedtls_server/mbedtls_server'

    def missing(self):
        return '' if self.program.is_file() else f'no Mbed TLS 2 when tocsin was built ({PEERS_HINT})'

    def serve(self, service='answer', errors='fatal'):
        """errors: whether a failed handshake is 'fatal' or 'tolerated'."""
        process = self.processes.start(self.program, *server_pair('ecdsa-p256', '', '')[1::2], errors)
        process.port = int(process.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1])
        return process
