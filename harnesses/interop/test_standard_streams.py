"""Standard streams that are closed, unreadable or full: nothing that is meant for them goes elsewhere, what fails is told, and nobody
waits for who does not read."""
import fcntl
import os
import socket

import pytest

from process import NotSaid
from providers.tocsin import Somewhere, TocsinServer, lines_dropped, problem_of
from test_server_process import NO_TLS, answer_to_all_of
from testdata import server_pair

SECRET = b'what only the terminal may show\n'
GET = b'GET / HTTP/1.0\r\n\r\n'
PIPE_BYTES = 4096
FAILING_CLIENTS = 100  # each is worth a line of a hundred bytes: more than the pipe takes


def with_streams(tocsin, redirections, *arguments):
    """Starts tocsin from a shell that redirects its standard streams."""
    return tocsin.processes.start('sh', '-c', f'exec "$0" "$@" {redirections}', tocsin.program, *arguments)


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as taken:
        return taken.getsockname()[1]


def test_closed_output_does_not_make_the_socket_the_output(tocsin):
    """The server echoes what it got; a client that wrote that to the socket would break the connection."""
    server = tocsin.serve('--echo', '-v', way='direct')
    client = with_streams(tocsin, '>&-', *tocsin.to(server), '--wait')
    client.write(SECRET)
    assert client.end() == 1
    assert problem_of(client) == 'tocsin: cannot write to standard output: Bad file descriptor\n'
    server.stop(completed=1, failed=0)


def test_closed_input_is_not_the_socket(tocsin):
    server = tocsin.serve('--echo', way='direct')
    client = with_streams(tocsin, '<&-', *tocsin.to(server), '--wait')
    client.end()
    assert not client.out
    assert 'standard input: Bad file descriptor' in problem_of(client)
    server.stop(completed=1)


def test_lines_of_a_server_without_streams_go_to_no_client_and_no_file(tocsin, tmp_path):
    """Without the null device the key log and the first client get the lowest descriptors, and then what the server says."""
    keys = tmp_path / 'keys'
    port = free_port()
    server = with_streams(tocsin, '<&- >&- 2>&-', 'serve', '--listen', port, *server_pair('ecdsa-p256', '--cert', '--key'),
                          '--keylog', keys, '-v', '--echo')
    clients = [first_answered(tocsin, port), tocsin.connect(Somewhere(port), stdin=SECRET)]
    server.popen.terminate()
    assert server.end() == 0
    assert [(client.status, bytes(client.out)) for client in clients] == [(0, SECRET)] * 2
    assert all(len(line.split(' ')) == 3 for line in keys.read_text().splitlines())


def first_answered(tocsin, port):
    """The first client of a server that cannot say that it listens."""
    for _ in range(100):
        done = tocsin.connect(Somewhere(port), stdin=SECRET)
        if b'Connection refused' not in done.err:
            return done
    raise NotSaid('no server listens')


class UnreadPipe:
    """A pipe with a name, from which nothing is read before the test asks for it."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = path
        self.reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        fcntl.fcntl(self.reading, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    def fill(self):
        writing = os.open(self.path, os.O_WRONLY)
        assert os.write(writing, b'.' * PIPE_BYTES) == PIPE_BYTES
        os.close(writing)

    def read(self):
        """The lines that are in it."""
        return os.read(self.reading, PIPE_BYTES).decode().splitlines()


@pytest.fixture
def unread(tmp_path):
    pipe = UnreadPipe(tmp_path / 'stderr')
    yield pipe
    os.close(pipe.reading)


def serve_unheard(tocsin, unread, *options):
    server = tocsin.processes.start('sh', '-c', f'exec "$0" "$@" 2>{unread.path}', tocsin.program, 'serve', '--listen', '127.0.0.1:0',
                                    *server_pair('ecdsa-p256', '--cert', '--key'), *options, kind=TocsinServer)
    server.port = int(server.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1])
    return server


def fail_over_tcp(server):
    for _ in range(FAILING_CLIENTS):
        answer_to_all_of(server, NO_TLS['HTTP'])


def fail_over_udp(server):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for _ in range(FAILING_CLIENTS):
            stranger.sendto(b'\xff' * 40, ('127.0.0.1', server.port))


@pytest.mark.parametrize('options, fail, lines', (
    ((), fail_over_tcp, FAILING_CLIENTS),
    (('--dtls', '-v'), fail_over_udp, FAILING_CLIENTS + 4),  # the honest client's handshake, its end, and two of its late close_notify
), ids=('tls', 'dtls'))
def test_reader_of_standard_error_that_stops_does_not_stop_the_server(tocsin, unread, options, fail, lines):
    """It serves on, and drops lines; once somebody reads again it tells how many."""
    server = serve_unheard(tocsin, unread, '--www', *options)
    fail(server)
    done = tocsin.connect(server, *options[:1], '--wait', '--handshake-timeout-ms', '10000', stdin=GET)
    assert done.status == 0, 'an honest client is not served'
    assert lines_dropped(done.out.decode()) > FAILING_CLIENTS / 2
    heard = unread.read()
    server.popen.terminate()
    assert server.end() == 0
    told, *heard_behind, last = unread.read()
    assert lines_dropped(told) == lines - len(heard) - len(heard_behind)
    assert 'completed' in last


@pytest.mark.parametrize('options', ((), ('--dtls',)), ids=('tls', 'dtls'))
def test_reader_of_standard_error_that_stops_does_not_stop_the_client(tocsin, unread, options):
    server = tocsin.serve('--echo', *options)
    unread.fill()
    client = with_streams(tocsin, f'2>{unread.path}', *tocsin.to(server), *options, '-v')
    client.write(SECRET)
    client.wait_for_bytes(len(SECRET))
    client.close_input()
    assert client.end() == 0
    assert bytes(client.out) == SECRET
