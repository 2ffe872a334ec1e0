"""`tocsin serve` as a process: bytes that are no TLS, clients that are many, slow or stuck, signals."""
import signal
import socket
import ssl
import time

import pytest

from process import PATIENCE_S
from parameters import each_client
from providers.tocsin import TocsinServer, assert_page
from testdata import CA, TLS13, server_pair

CLIENT_HELLO_BYTES_MISSING = bytes.fromhex('16030100050100000100')
NO_TLS = {
    'HTTP': b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'noise': bytes(range(7, 256)) * 40,
    'zeros': bytes(65536),
    'nothing': b'',
    'half a record header': b'\x16\x03',
    'half a message': CLIENT_HELLO_BYTES_MISSING,
    'a record that is too long': b'\x16\x03\x01\xff\xff' + bytes(100),
    'a ClientHello with nothing in it': bytes.fromhex('160301000401000000'),
    'application data first': bytes.fromhex('170303000568656c6c6f'),
    'a ServerHello': bytes.fromhex('160303000402000000'),
}


def send(server, data, host='127.0.0.1'):
    """host: where it comes from."""
    peer = socket.create_connection(('127.0.0.1', server.port), PATIENCE_S, source_address=(host, 0))
    peer.sendall(data)
    return peer


def answer_to(peer):
    """What comes until the server's end."""
    with peer:
        answer = b''
        while more := peer.recv(65536):
            answer += more
        return answer


def answer_to_all_of(server, data):
    peer = send(server, data)
    peer.shutdown(socket.SHUT_WR)
    return answer_to(peer)


@each_client('background')
def test_bytes_that_are_not_tls_are_answered_with_an_alert(tocsin, client):
    """The same one through both ways, and the server goes on."""
    answers = {}
    for way in ('direct', 'acceptor'):
        server = tocsin.serve('--www', way=way)
        answers[way] = {name: answer_to_all_of(server, data) for name, data in NO_TLS.items()}
        for name, answer in answers[way].items():
            assert len(answer) == 7 and answer[0] == 21 and answer[5] == 2, f'the answer to {name} is {answer.hex()}'
        assert_page(client.get(server), version=TLS13)
        server.stop(accepted=len(NO_TLS) + 1, completed=1, failed=len(NO_TLS))
    assert answers['direct'] == answers['acceptor']


def test_alert_does_not_wait_for_the_end_of_the_peer(tocsin):
    server = tocsin.serve('--once', way='direct')
    assert len(answer_to(send(server, NO_TLS['HTTP']))) == 7


def test_garbage_after_a_hello_of_tls12(tocsin, way):
    server = tocsin.serve('--www', '--tls', '1.2,1.3', way=way)
    answer = answer_to_all_of(server, bytes.fromhex('160303000401000000') + b'GET / HTTP/1.0\r\n\r\n')
    assert answer == bytes.fromhex('15030300020232')


@each_client('background')
def test_many_connections_at_once(tocsin, client, way):
    server = tocsin.serve('--www', '--max-connections', '60', '--handshake-timeout-ms', '60000', way=way)
    idle = [send(server, b'') for _ in range(58)]
    assert_page(client.get(server), version=TLS13)
    idle += [send(server, b'') for _ in range(2)]
    late = client.start(server)
    assert late.end() == 0, 'connections that say nothing keep a client out'
    for peer in idle:
        peer.close()
    server.stop(accepted=62, completed=2)


@each_client('background')
def test_who_fills_the_server_gives_way_to_others(tocsin, client, way):
    """Not who came first, but who holds the most: its oldest handshake, with an alert."""
    server = tocsin.serve('--www', '--max-connections', '8', '--handshake-timeout-ms', '60000', way=way)
    slow = send(server, b'\x16\x03', '127.0.0.2')
    crowd = [send(server, b'\x16\x03', '127.0.0.3') for _ in range(10)]
    gave_way = [answer_to(peer) for peer in crowd[:3]]
    assert [answer.hex() for answer in gave_way] == ['1503030002015a' + '15030300020100'] * 3
    server.wait_for('gave way: there are too many connections')
    assert_page(client.get(server), version=TLS13)
    slow.setblocking(False)
    with pytest.raises(BlockingIOError):
        slow.recv(1)
    for peer in [slow] + crowd:
        peer.close()
    server.stop(completed=1, accepted=12)


def test_of_sources_that_hold_as_much_the_oldest_gives_way(tocsin, way):
    server = tocsin.serve('--www', '--max-connections', '2', '--handshake-timeout-ms', '60000', way=way)
    older, younger, newcomer = (send(server, b'\x16\x03', host) for host in ('127.0.0.9', '127.0.0.2', '127.0.0.5'))
    assert len(answer_to(older)) == 14
    for peer in (younger, newcomer):
        peer.setblocking(False)
        with pytest.raises(BlockingIOError):
            peer.recv(1)
        peer.close()


def test_who_has_completed_a_handshake_gives_way_to_nobody(tocsin, way):
    server = tocsin.serve('--echo', '--max-connections', '2', way=way)
    context = ssl.create_default_context(cafile=CA)
    held = [context.wrap_socket(send(server, b''), server_hostname='localhost') for _ in range(2)]
    for peer in held:
        peer.sendall(b'hello')
        assert peer.recv(5) == b'hello'
    late = send(server, b'GET / HTTP/1.0\r\n\r\n')
    late.settimeout(0.5)
    with pytest.raises(TimeoutError):
        late.recv(1)
    held[0].close()
    late.settimeout(PATIENCE_S)
    assert len(answer_to(late)) == 7, 'nobody is answered once there is room'
    held[1].sendall(b'still here')
    assert held[1].recv(10) == b'still here'
    held[1].close()


def test_slow_client(tocsin, way):
    server = tocsin.serve('--handshake-timeout-ms', '200', way=way)
    user_canceled, close_notify = '1503030002015a', '15030300020100'
    assert answer_to(send(server, b'\x16\x03\x01')).hex() == user_canceled + close_notify
    server.wait_for('timeout: the handshake took too long')


@pytest.mark.parametrize('number', (signal.SIGTERM, signal.SIGINT, signal.SIGHUP), ids=lambda number: number.name)
@each_client('terminal')
def test_signal_ends_it_in_order(tocsin, client, way, number):
    server = tocsin.serve('--echo', way=way)
    peer = client.open(server)
    peer.write(b'hello\n')
    peer.wait_for('\nhello\n')
    server.popen.send_signal(number)
    assert peer.end() == 0, f'{client.name} was not told of the end'
    assert '\nclosed\n' in peer.said()
    assert server.end() == 0, 'serve ended with an error'
    server.assert_counts(completed=1, failed=0)


def test_nohup_keeps_it_running(tocsin):
    server = tocsin.processes.start('sh', '-c', 'trap "" HUP; exec "$0" "$@"', tocsin.program, 'serve', '--listen', '0', '--echo',
                                    *server_pair('ecdsa-p256', '--cert', '--key'), kind=TocsinServer)
    server.port = int(server.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1])
    server.popen.send_signal(signal.SIGHUP)
    assert bytes(tocsin.connect(server, stdin=b'hello\n').out) == b'hello\n'
    server.stop(completed=1)


@each_client('terminal')
def test_client_that_reads_nothing(tocsin, client, way):
    """It does not keep the server from ending, nor from serving others before."""
    server = tocsin.serve('--echo', way=way)
    connected = socket.create_connection(('127.0.0.1', server.port), PATIENCE_S)
    with ssl.create_default_context(cafile=CA).wrap_socket(connected, server_hostname='localhost') as peer:
        peer.setblocking(False)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            try:
                peer.send(bytes(16384))
            except ssl.SSLWantWriteError:
                time.sleep(0.01)
        another = client.open(server)
        another.write(b'another line\n')
        another.wait_for('\nanother line\n')
        another.write(b'Q\n')
        another.end()
        started = time.monotonic()
        server.stop(completed=2)
        assert time.monotonic() - started < 10, 'serve waits for a client that is stuck'
