"""IPv6: `tocsin serve --listen [::1]:0`, and `tocsin connect [::1]:PORT`."""
import socket

import pytest

from process import PATIENCE_S
from parameters import each_client
from providers.tocsin import assert_page
from testdata import GET, TLS13, server_pair

HOST = '[::1]'


@pytest.fixture(autouse=True)
def ipv6():
    try:
        socket.create_server(('::1', 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f'no ::1 here: {error.strerror}')


@each_client('any host')
def test_client(tocsin, client, way):
    server = tocsin.serve('--www', '-v', way=way, host=HOST)
    assert_page(client.get(server), version=TLS13, server_name='localhost', accepted_by_way_of=way)
    server.stop(accepted=1, completed=1, failed=0)


def test_connect(tocsin, way):
    server = tocsin.serve('--www', '-v', way=way, host=HOST)
    done = tocsin.connect(server, '--wait', stdin=GET)
    assert done.status == 0
    assert_page(done, version=TLS13, server_name='localhost', accepted_by_way_of=way)
    server.wait_for(rf'\[::1\]:\d+: handshake complete; version: {TLS13}')


def test_log_tells_what_a_client_did_wrong(tocsin, way):
    """It calls each client by its address, as with IPv4."""
    server = tocsin.serve('--www', '-v', way=way, host=HOST)
    with socket.create_connection(('::1', server.port), PATIENCE_S) as peer:
        peer.sendall(b'GET / HTTP/1.0\r\n\r\n')
        answer = peer.recv(100)
    assert len(answer) == 7 and answer[0] == 21
    server.wait_for(r'\[::1\]:\d+: record_type_unknown: ')
    server.stop(accepted=1, completed=0, failed=1)


def test_address_as_name(tocsin):
    """Without --name the address itself is checked: the test certificate is not for it, and it is never sent (RFC 6066 3)."""
    server = tocsin.serve('-v', way='direct', host=HOST)
    done = tocsin.connect(server, name=None)
    assert done.status == 1
    assert 'certificate_name_mismatch: ' in done.err.decode() and 'alert sent: bad_certificate 42' in done.err.decode()
    server.wait_for_alert('bad_certificate 42')


def test_busy_port(tocsin):
    server = tocsin.serve(way='direct', host=HOST)
    done = tocsin.run('serve', '--listen', f'{HOST}:{server.port}', *server_pair('ecdsa-p256', '--cert', '--key'))
    assert done.status == 2
    assert f'::1:{server.port}' in done.err.decode() and 'Address already in use' in done.err.decode()
