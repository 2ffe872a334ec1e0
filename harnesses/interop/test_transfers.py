"""Transfers that are large, or end before all is through: nothing stands still, and what is not whole is not taken for whole."""
import socket
import ssl
import threading
import time

from providers.tocsin import problem_of
from testdata import CA, lines, server_pair

LARGE_BYTES = 50_000_000
TRANSFER = lines(100_000, bytes_each=128)  # more than all buffers between a client and a server hold


def test_a_large_transfer_both_ways_at_once(tocsin, way):
    """The server reads no more until its echo is taken: a client that waits for it to read first waits for ever."""
    server = tocsin.serve('--echo', '--idle-timeout-ms', '3000', way=way)
    done = tocsin.processes.start('sh', '-c', f'head -c {LARGE_BYTES} /dev/zero | exec "$0" "$@"', tocsin.program,
                                  *tocsin.to(server))
    assert done.end() == 0
    assert len(done.out) == LARGE_BYTES


class Closing(threading.Thread):
    """A server of Python's that sends close_notify to its client when it has read a little, and reads nothing more."""
    host = '127.0.0.1'

    def __init__(self):
        super().__init__(daemon=True)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*server_pair('ecdsa-p256', '', '')[1::2])
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self.start()

    def run(self):
        peer, _ = self._listener.accept()
        with self._context.wrap_socket(peer, server_side=True) as peer:
            peer.recv(1)
            peer.settimeout(1)
            try:
                peer.unwrap()
            except OSError:
                time.sleep(10)  # closed at once, the reset for what nobody read would overtake the close_notify


def test_input_that_the_server_does_not_take_is_an_error(tocsin):
    done = tocsin.connect(Closing(), '--wait', stdin=TRANSFER)
    assert done.status == 1
    assert 'before it took all of the input' in done.err.decode()


def test_a_server_that_closes_when_all_is_sent_is_no_error(tocsin):
    client = tocsin.open(Closing(), '--wait')
    client.write(b'all that there is')
    assert client.end() == 0


def test_a_client_that_takes_nothing_is_cut_off_without_close_notify(tocsin, way):
    """It must not take what it has for the whole answer when it reads at last."""
    server = tocsin.serve('--echo', '--idle-timeout-ms', '500', way=way)
    context = ssl.create_default_context(cafile=CA)
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # Python sets it
    with socket.create_connection((server.host, server.port)) as peer:
        with context.wrap_socket(peer, server_hostname='localhost', suppress_ragged_eofs=False) as client:
            client.settimeout(0.1)
            try:
                for _ in range(10_000):
                    client.sendall(bytes(16384))
            except OSError:
                pass  # the server reads no more
            server.wait_for('timeout: the peer took no data for too long')
            client.settimeout(60)
            try:
                while client.recv(65536):
                    continue
            except OSError:  # ssl.SSLEOFError, or the reset of a connection with unread bytes
                return
    raise AssertionError('the client was told that this was all')


def test_input_that_cannot_be_read_is_an_error(tocsin, tmp_path):
    server = tocsin.serve('--echo', way='direct')
    done = tocsin.processes.start('sh', '-c', f'exec "$0" "$@" <{tmp_path}', tocsin.program, *tocsin.to(server))
    assert done.end() == 1
    assert problem_of(done) == 'tocsin: cannot read standard input: Is a directory\n'
    server.wait_for_truncation()
