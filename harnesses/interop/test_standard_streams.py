"""Standard streams that are closed, unreadable or full: nothing that is meant for them goes elsewhere, and what fails is told."""
import socket

from process import NotSaid
from providers.tocsin import Somewhere, problem_of
from testdata import server_pair

SECRET = b'what only the terminal may show\n'


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
