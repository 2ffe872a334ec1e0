"""DTLS 1.2: every client at `tocsin serve --dtls`, and `tocsin connect --dtls` at every server; datagrams of every size, a network that
loses, doubles and reorders, and clients that change their addresses."""
import socket
import subprocess
import sys
import time

import pytest

from parameters import each_client, each_server
from providers.tocsin import Somewhere, assert_page, problem_of
from relays import CLIENT, LossyRelay, NatRelay
from test_client_certificates import subject
from testdata import CLIENT_CA, DTLS12, tls12_suites

TLS12_CID = 25  # a content type (RFC 9146)
MTUS = (256, 300, 512, 1200, 1400)
SEEDS = range(4)
LOSS_RATE = 0.1
PATIENCE_S = 120  # what is lost costs a second, then two, four, eight
FLOOD = '''import socket, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flood:
    flood.connect(('127.0.0.1', int(sys.argv[1])))
    while True:
        try:
            flood.send(bytes.fromhex('15fefd000000000000000500020100') * 80)  # alerts
        except ConnectionRefusedError:
            pass  # its end
'''


@each_client(version=DTLS12, key='tls12_keys')
def test_serve_key(tocsin, client, key):
    server = tocsin.serve_dtls('--www', key=key)
    done = client.get(server, version=DTLS12)
    assert_page(done, version=DTLS12, server_name='localhost')
    assert client.verifies(done)
    server.stop(completed=1, failed=0, cookies=1)


@pytest.mark.parametrize('key', ('ecdsa-p256', 'rsa2048'))
@each_client('suites', version=DTLS12)
def test_serve_every_suite(tocsin, client, key):
    server = tocsin.serve_dtls('--www', key=key)
    for suite in tls12_suites(key):
        assert_page(client.get(server, version=DTLS12, suites=(suite,)), cipher_suite=suite)
    server.stop(completed=3, failed=0)


@pytest.mark.parametrize('mtu', MTUS)
@each_client('mtu', version=DTLS12)
def test_serve_datagrams_of_every_size(tocsin, client, mtu):
    server = tocsin.serve_dtls('--www', '--mtu', mtu)
    assert_page(client.get(server, version=DTLS12, mtu=mtu), version=DTLS12)
    server.stop(completed=1, failed=0)


@pytest.fixture
def lossy(request):
    """Makes relays, and closes them."""
    opened = []

    def relay(server, seed):
        opened.append(LossyRelay(server, LOSS_RATE, seed))
        return opened[-1]
    yield relay
    for each in opened:
        each.close()
    assert sum(each.lost + each.doubled + each.swapped for each in opened), 'the network did nothing to the datagrams'


@each_client(version=DTLS12)
def test_serve_over_a_network_that_loses_datagrams(tocsin, client, lossy):
    """The handshake completes; data may be lost for good."""
    for seed in SEEDS:
        server = tocsin.serve_dtls('--www', '--mtu', '400', '-v')
        client.open(lossy(server, seed), version=DTLS12, patience_s=PATIENCE_S)
        server.wait_for_handshake(DTLS12)


@each_client('certificate', version=DTLS12)
def test_serve_client_certificate(tocsin, client):
    server = tocsin.serve_dtls('--www', '--client-ca', CLIENT_CA)
    assert_page(client.get(server, version=DTLS12, certificate='client-ecdsa-p256'), client_certificate=subject('ecdsa-p256'))


@each_server('lines', version=DTLS12, key='keys_in_dtls')
def test_connect_key(tocsin, server, key):
    running = server.serve_lines(version=DTLS12, key=key)
    server.exchange_lines(running, tocsin.open_dtls(running), 'hello')


@pytest.mark.parametrize('mtu', MTUS)
@each_server('lines', 'mtu', version=DTLS12)
def test_connect_datagrams_of_every_size(tocsin, server, mtu):
    running = server.serve_lines(version=DTLS12, mtu=mtu)
    server.exchange_lines(running, tocsin.open_dtls(running, '--mtu', mtu), 'hello')


@each_server('lines', version=DTLS12)
def test_connect_over_a_network_that_loses_datagrams(tocsin, server, lossy):
    for seed in SEEDS:
        tocsin.open_dtls(lossy(server.serve_lines(version=DTLS12), seed), '--mtu', '400')


def echoed(client, line):
    client.write(f'{line}\n'.encode())
    client.wait_for(line)


@pytest.fixture
def behind_a_nat(request):
    opened = []

    def relay(server):
        opened.append(NatRelay(server))
        return opened[-1]
    yield relay
    for each in opened:
        each.close()


@pytest.mark.parametrize('options', (('0',), ('5', '--padding', '64')), ids=('of the server', 'of both ends'))
def test_client_that_changes_its_address_is_known_by_its_connection_id(tocsin, behind_a_nat, options):
    """RFC 9146."""
    server = tocsin.serve_dtls('--echo', '--cid', '8', '-v')
    relay = behind_a_nat(server)
    client = tocsin.open_dtls(relay, '--cid', *options)
    echoed(client, 'before')
    old, new = relay.rebind()
    echoed(client, 'after')
    server.wait_for_move(old, new)
    for who, datagram in list(relay.said):
        if who == CLIENT and datagram[0] == TLS12_CID:
            relay.replay(datagram)
    server.wait_for('record_replayed')
    echoed(client, 'still there')
    server.stop(completed=1, failed=0, moved=1)


def test_client_that_changes_its_address_without_a_connection_id_is_a_stranger(tocsin, behind_a_nat):
    server = tocsin.serve_dtls('--echo', '-v')
    relay = behind_a_nat(server)
    client = tocsin.open_dtls(relay)
    echoed(client, 'before')
    relay.rebind()
    client.write(b'after\n')
    server.wait_for('listening_for_plaintext')


@each_client('older versions', version=DTLS12)
def test_older_version_is_refused(tocsin, client):
    server = tocsin.serve_dtls('--www')
    client.start_of_dtls10(server).wait_for(client.alerts['protocol_version'])
    server.wait_for_refusal('version_unsupported', 'protocol_version 70')


def test_connect_refuses_another_name(tocsin):
    server = tocsin.serve_dtls('--www')
    done = tocsin.connect(server, '--dtls', name='other.test')
    assert done.status == 1
    assert 'certificate_name_mismatch: ' in problem_of(done)


def test_connect_tells_of_a_refusal_that_anybody_could_have_forged(tocsin):
    """It ends nothing (RFC 6347 4.1.2.7), but shortens the wait: of four minutes, seven seconds are left."""
    server = tocsin.serve_dtls('--www', '--suites', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384')
    done = tocsin.connect(server, '--dtls', '--suites', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')
    assert done.status == 1
    *discarded, problem = done.err.decode().splitlines()
    assert problem.startswith('tocsin: handshake_timed_out: ')
    assert 'The peer, unauthenticated, said handshake_failure 40.' in problem
    assert len(discarded) == 3 and all(line.endswith(': alert_unauthenticated') for line in discarded)
    server.wait_for_refusal('no_common_cipher_suite', 'handshake_failure 40')


@each_client(version=DTLS12)
def test_unsolicited_datagrams_are_counted_by_reason(tocsin, client):
    server = tocsin.serve_dtls('--www')
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for datagram in (b'', b'\xff' * 40, bytes.fromhex('15fefd00010000000000050018') + bytes(24),
                         bytes.fromhex('15fefd000000000000000500020100')):
            stranger.sendto(datagram, ('127.0.0.1', server.port))
    assert_page(client.get(server, version=DTLS12), version=DTLS12)
    server.stop()
    discards = server.discards()
    for reason in ('datagram_empty', 'record_type_unknown', 'listening_for_plaintext', 'listening_not_for_alert'):
        assert discards.get(reason) == 1


def test_signal_ends_it_amid_a_flood(tocsin):
    """Its socket is never empty: with -v each record of a datagram costs it a line."""
    server = tocsin.serve_dtls('-v')
    flood = subprocess.Popen([sys.executable, '-c', FLOOD, str(server.port)])
    try:
        server.wait_until(lambda: server.err.count(b'\n') > 10000, 'that 10000 records were discarded')
        server.popen.terminate()
        server.popen.wait(5)  # seconds
        assert server.end() == 0
    finally:
        flood.kill()
        flood.wait()
    assert server.counts()['discarded'] > 10000


def test_connect_gives_up_on_a_server_that_does_not_answer(tocsin):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(('127.0.0.1', 0))
        started = time.monotonic()
        done = tocsin.connect(Somewhere(silent.getsockname()[1]), '--dtls', '--handshake-timeout-ms', '200')
    assert done.status == 1
    assert problem_of(done) == 'tocsin: timeout: the handshake took too long\n'
    assert time.monotonic() - started < 20


def test_connect_is_refused_where_nobody_listens(tocsin):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(('127.0.0.1', 0))
        port = taken.getsockname()[1]
    done = tocsin.connect(Somewhere(port), '--dtls', '--handshake-timeout-ms', '0')
    assert done.status == 1
    assert problem_of(done) == f'tocsin: cannot connect to 127.0.0.1:{port}: Connection refused\n'


def test_connect_ends_an_idle_association(tocsin):
    client = tocsin.open_dtls(tocsin.serve_dtls(), '--idle-timeout-ms', '200')
    assert client.end() == 1
    assert 'timeout: nothing was sent or received for too long' in client.err.decode()


def test_serve_closes_an_idle_association(tocsin):
    server = tocsin.serve_dtls('--idle-timeout-ms', '300')
    client = tocsin.open_dtls(server, '--wait')
    assert client.end() == 0  # told so by a close_notify
    server.wait_for(r'^\S+:\d+: closed: nothing was received for too long')
    server.stop()
    assert server.counts()['idle'] == 1


def test_serve_gives_a_handshake_no_longer_than_it_may_take(tocsin):
    """Of a client that has refused the certificate. What it says then anybody could have forged."""
    server = tocsin.serve_dtls('--handshake-timeout-ms', '400')
    assert tocsin.connect(server, '--dtls', name='other.test').status == 1
    started = time.monotonic()
    server.wait_for('handshake_timed_out')
    assert time.monotonic() - started < 3  # seconds; without a limit it would be seven


@pytest.mark.parametrize('redirection, problem', (
    ('<.', 'cannot read standard input: Is a directory'),
    ('>&-', 'cannot write to standard output'),
), ids=('input', 'output'))
def test_connect_without_a_standard_stream(tocsin, redirection, problem):
    server = tocsin.serve_dtls('--echo')
    client = tocsin.processes.run('sh', '-c', f'exec "$0" "$@" {redirection}', tocsin.program, *tocsin.to(server), '--dtls', '--wait',
                                  stdin=b'hello\n')
    assert client.status == 1
    assert problem_of(client) == f'tocsin: {problem}\n'
