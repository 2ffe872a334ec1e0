"""The programs of ci/story: servers, each with its own way to say that it has closed and listens again, and clients that send a
request and close at once."""
import re

from interop_check import KEYS, Failed, Skipped, pair
from interop_server import CA, GET

# tocsin's lines. When a client's association has closed, and what was discarded, when the server ends.
TOCSIN_CLOSED = r'^\S+:\d+: closed'
TOCSIN_COUNTERS = {'discarded': r'\bdiscarded: (\d+)', 'late close_notify': r'\blate close_notify: (\d+)'}
TOCSIN_OPTIONS = ['--www']  # it answers a request and closes


class Lines:
    """How many lines of a program's output fit, each read once."""

    def __init__(self, output, pattern):
        self._output = output
        self._pattern = re.compile(pattern)
        self._read_bytes = 0
        self._count = 0

    def count(self):
        end = self._output.rfind(b'\n') + 1
        lines = bytes(self._output[self._read_bytes:end]).decode(errors='replace').splitlines()
        self._read_bytes = end
        self._count += sum(self._pattern.search(line) is not None for line in lines)
        return self._count


class Server:
    """A server that answers a request and closes without waiting for the client's farewell."""
    waits_for_farewell = False

    def __init__(self, process, port, closed):
        self.process = process
        self.port = port
        self._closed = closed  # Lines: one for each client that was served to the end; after it the server listens

    def is_running(self):
        return self.process.popen.poll() is None

    def answer(self, number, conversation, relay):
        """Waits until the request of client number, from 1 on, is answered."""
        relay.wait_until(lambda: conversation.is_answered, f'an answer to client {number}', self.is_running)

    def listen_again(self, number):
        self.process.wait_until(lambda: self._closed.count() >= number, f'the line that it has closed on client {number}')


class SServer(Server):
    """s_server closes when the client does, and answers what is typed."""
    waits_for_farewell = True

    def __init__(self, process, port, closed):
        super().__init__(process, port, closed)
        self._requests = Lines(process.out, '^GET ')

    def answer(self, number, conversation, relay):
        self.process.wait_until(lambda: self._requests.count() >= number, f'the request of client {number}')
        self.process.write(b'answer\n')
        super().answer(number, conversation, relay)


def s_server(check, *options):
    process = check.s_server('-dtls1_2', *options)
    return SServer(process, process.port, Lines(process.out, '^DONE$'))


def mbedtls_server(check, errors):
    program = check.tocsin.parents[1] / 'mbedtls_server/mbedtls_server'
    if not program.is_file():
        raise Skipped('no Mbed TLS 2 when this was built (ci/setup --peers installs it)')
    process = check.start(program, KEYS / 'server-ecdsa-p256.pem', KEYS / 'server-ecdsa-p256.key.pem', errors)
    return Server(process, listening_port(process), Lines(process.out, '^answered, closed, listening again$'))


def tocsin_server(check):
    if '--dtls' not in check.run(check.tocsin, 'serve', '--help').said():
        raise Skipped('tocsin serve knows no --dtls')
    process = check.start(check.tocsin, 'serve', '--dtls', '--listen', '127.0.0.1:0', *pair('ecdsa-p256', '--cert', '--key'),
                          *TOCSIN_OPTIONS)
    return Server(process, listening_port(process), Lines(process.err, TOCSIN_CLOSED))


def listening_port(process):
    return int(process.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1])


def counters_of_tocsin(server):
    """What it has counted, told when it is asked to end."""
    server.process.popen.terminate()
    server.process.end()
    said = server.process.said()
    found = {name: re.search(pattern, said) for name, pattern in TOCSIN_COUNTERS.items()}
    if missing := [name for name in found if not found[name]]:
        raise Failed(f'tocsin tells no number of {", ".join(missing)}')
    return {name: int(match[1]) for name, match in found.items()}


class Client:
    """A client that sends a request and closes at once. It may still listen for a while, and the next one is served by then."""
    command = []
    proof = ''  # that it has verified the server and finished the handshake

    def __init__(self, check, port):
        self.process = check.start(*self.command, *self.where(port))
        self.process.write(GET)
        self.process.close_input()

    def is_running(self):
        return self.process.popen.poll() is None

    def end(self):
        """Waits for its end, and then judges it."""
        status = self.process.end()
        if status != 0:
            raise Failed(f'{self.command[0]} ended with {status}')
        if self.proof not in self.process.said():
            raise Failed(f'{self.command[0]} does not say {self.proof!r}')


class SClient(Client):
    name = 's_client'
    command = ['openssl', 's_client', '-dtls1_2', '-CAfile', CA, '-servername', 'localhost', '-verify_hostname', 'localhost',
               '-verify_return_error']
    proof = 'Verify return code: 0 (ok)'

    @staticmethod
    def where(port):
        return ['-connect', f'127.0.0.1:{port}']


class GnuTlsCli(Client):
    name = 'gnutls-cli'
    command = ['gnutls-cli', '--udp', '--x509cafile', CA, '--sni-hostname=localhost', '--verify-hostname=localhost']
    proof = 'Handshake was completed'

    @staticmethod
    def where(port):
        return ['--port', port, '127.0.0.1']


CLIENTS = (SClient, GnuTlsCli)
