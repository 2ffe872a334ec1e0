"""Resumption in TLS 1.2 and DTLS 1.2, by both ends' words: clients come back to `tocsin serve`, and `tocsin connect` to servers; by
tickets and by session ids."""
import time

import pytest

from parameters import each_client, each_server
from providers.tocsin import assert_agreed, assert_page
from relays import LossyRelay
from test_client_certificates import subject
from testdata import CLIENT_CA, DTLS12, GET, TLS12, TLS13

BOTH = ('--tls', '1.2,1.3')
# What makes `tocsin serve` go by it.
SERVE = {'tickets': ('--tickets',), 'session ids': ('--session-cache', '10')}

each_way_to_resume = pytest.mark.parametrize('by', SERVE)


def serve(tocsin, way, *options):
    return tocsin.serve('--www', *BOTH, *options, way=way)


@each_way_to_resume
@each_client('resume_by', version=TLS12)
def test_client_comes_back(tocsin, client, way, by):
    server = serve(tocsin, way, *SERVE[by])
    *first, last = client.get_twice(server, version=TLS12, resume_by=by)
    for done in first:
        assert_page(done, version=TLS12, resumed='no', group='x25519')
        assert client.not_resumed in done.said()
    assert_page(last, version=TLS12, resumed='yes', group='none', server_name='localhost')
    assert client.resumed in last.said()
    server.stop(completed=2, resumed=1, failed=0)


@each_way_to_resume
@each_client('reconnect', version=TLS12)
def test_client_comes_back_often(tocsin, client, way, by):
    """Five times, each without a word."""
    server = serve(tocsin, way, *SERVE[by])
    done = client.get(server, version=TLS12, resume_by=by, options=('-reconnect',))
    assert done.said().count('Reused, TLSv1.2') == 5
    server.stop(completed=6, resumed=5)


def come_back(client, *servers, **second):
    """What the page says when a client comes to the last server with a session of the first."""
    session = client.processes.file('session')
    client.get(servers[0], version=TLS12, options=('-sess_out', session))
    done = client.get(servers[-1], version=TLS12, options=('-sess_in', session), **second)
    return done


def assert_in_full(client, done):
    assert_page(done, version=TLS12, resumed='no')
    assert client.not_resumed in done.said()


@each_client('session files', version=TLS12)
def test_another_server_name_is_not_resumed(tocsin, client, way):
    server = serve(tocsin, way, '--tickets')
    assert_in_full(client, come_back(client, server, name='example.test'))
    server.stop(failed=0)


@pytest.mark.parametrize('options', ((), ('--tickets',)), ids=('without tickets', 'with another secret'))
@each_client('session files', version=TLS12)
def test_another_server_does_not_resume(tocsin, client, way, options):
    first, second = serve(tocsin, way, '--tickets'), serve(tocsin, way, *options)
    assert_in_full(client, come_back(client, first, second))
    first.stop(failed=0)
    second.stop(failed=0)


@each_client('session files', version=TLS12)
def test_session_that_is_too_old_is_not_resumed(tocsin, client, way):
    server = serve(tocsin, way, '--tickets', '--session-lifetime-s', '1')
    session = client.processes.file('session')
    client.get(server, version=TLS12, options=('-sess_out', session))
    time.sleep(2.1)
    assert_in_full(client, client.get(server, version=TLS12, options=('-sess_in', session)))
    server.stop(failed=0)


@each_client('session files', version=TLS12)
def test_servers_with_one_secret_take_each_others_tickets(tocsin, client, way, tmp_path):
    secret = tmp_path / 'secret'
    secret.write_bytes(bytes(range(48)))
    servers = [serve(tocsin, way, '--ticket-secret', secret) for _ in range(2)]
    done = come_back(client, *servers)
    assert_page(done, version=TLS12, resumed='yes')
    assert client.resumed in done.said()


@each_way_to_resume
@each_client('resume_by', 'session files', version=TLS12)
def test_client_certificate_is_remembered(tocsin, client, way, by):
    server = serve(tocsin, way, *SERVE[by], '--client-ca', CLIENT_CA)
    _, done = client.get_twice(server, version=TLS12, resume_by=by, certificate='client-ecdsa-p256')
    assert_page(done, version=TLS12, resumed='yes', client_certificate=subject('ecdsa-p256'))
    assert client.resumed in done.said()


def connect_twice(tocsin, server, *options):
    """`tocsin connect` for a page, and again with the session of the first."""
    session = tocsin.processes.file('session')
    twice = [tocsin.connect(server, '--wait', *BOTH, '--session', session, *options, stdin=GET) for _ in range(2)]
    for done in twice:
        assert done.status == 0
        assert done.out.startswith(b'HTTP/1.0 200 ')
    return twice


@each_way_to_resume
@each_server('page', 'resume_by', version=TLS12)
def test_connect_comes_back(tocsin, server, by):
    running = server.serve('page', version=TLS12, resume_by=by)
    first, second = connect_twice(tocsin, running)
    assert_agreed(first, version=TLS12, resumed='no')
    assert_agreed(second, version=TLS12, resumed='yes')
    server.assert_resumed(running, first, second)


@each_way_to_resume
def test_connect_comes_back_to_serve(tocsin, by):
    first, second = connect_twice(tocsin, tocsin.serve('--www', '--tls', '1.2', *SERVE[by], way='direct'))
    assert_agreed(first, version=TLS12, resumed='no')
    assert_agreed(second, version=TLS12, resumed='yes')


@each_server('page', 'resumes nothing', version=TLS12)
def test_connect_at_a_server_that_resumes_nothing(tocsin, server):
    running = server.serve('page', version=TLS12, options=('-no_ticket', '-no_cache'))
    for done in connect_twice(tocsin, running):
        assert_agreed(done, version=TLS12, resumed='no')
        assert server.not_resumed in done.said()


@each_server('page', 'version')
def test_session_of_tls12_does_not_hold_connect_back(tocsin, server):
    connect_twice(tocsin, server.serve('page', version=TLS12))
    assert_agreed(connect_twice(tocsin, server.serve('page'))[0], version=TLS13)


@each_way_to_resume
@each_client('resume_by', version=DTLS12)
def test_dtls_client_comes_back(tocsin, client, by):
    server = tocsin.serve_dtls('--www', *SERVE[by])
    done = client.get_twice(server, version=DTLS12, resume_by=by)[-1]
    assert_page(done, version=DTLS12, resumed='yes')
    assert client.resumed in done.said()


@each_way_to_resume
@each_server('lines', 'resume_by', version=DTLS12)
def test_dtls_connect_comes_back(tocsin, server, by, tmp_path):
    """These servers have one peer at a time, and so the first has to close."""
    running = server.serve_lines(version=DTLS12, resume_by=by)
    for number, resumed in enumerate(('no', 'yes')):
        client = tocsin.open(running, '--dtls', '-v', '--session', tmp_path / 'session')
        client.wait_for(f'resumed: {resumed}')
        server.exchange_lines(running, client, f'line {number}')
        client.close_input()
        assert client.end() == 0
    if 'terminal' in server.server.services:
        running.wait_for('Reused session-id')


def test_dtls_over_a_network_that_loses_datagrams(tocsin, tmp_path):
    server = tocsin.serve_dtls('--www', '-v', '--tickets')
    relays = [LossyRelay(server, 0.1, seed) for seed in range(4)]
    try:
        for number, relay in enumerate(relays):
            client = tocsin.open_dtls(relay, '--session', tmp_path / 'session')
            client.wait_for('resumed: yes' if number else 'resumed: no')
            server.wait_for_handshakes(number + 1, patience_s=120)
            client.kill()
    finally:
        for relay in relays:
            relay.close()
    assert sum(relay.lost + relay.doubled + relay.swapped for relay in relays), 'the network did nothing to the datagrams'
