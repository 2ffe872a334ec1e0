"""tshark reads sessions of the tool, with our key log: nothing may be malformed, no packet may raise a warning or an error, and every
message, alert and byte of application data must be there, decrypted."""
import shutil

import pytest

import tshark
from providers import OpenSsl
from relays import CLIENT, SERVER, StreamRelay
from testdata import CA, GET, OTHER_CA
from tshark import numbers, sender

FIELDS = ['frame.number', 'tcp.srcport', 'tls.handshake.type', 'tls.alert_message.desc', 'http.request.method', 'http.response.code',
          '_ws.expert.severity', '_ws.malformed', '_ws.expert.message']
HELLO, SERVER_HELLO, EXTENSIONS, CERTIFICATE, REQUEST, VERIFY, FINISHED, KEY_UPDATE = 1, 2, 8, 11, 13, 15, 20, 24
CLIENT_FLIGHTS, SERVER_FLIGHT = [HELLO, FINISHED], [SERVER_HELLO, EXTENSIONS, CERTIFICATE, VERIFY, FINISHED]
CLOSE_NOTIFY, HANDSHAKE_FAILURE, UNKNOWN_CA = 0, 40, 48

pytestmark = pytest.mark.skipif(not all(map(shutil.which, tshark.PROGRAMS)), reason='no tshark here (ci/setup --peers installs it)')


def findings(session, http=True):
    """Of a session: each side's messages and alerts, what there is of HTTP, and what tshark does not like."""
    found = {'client': [], 'server': [], 'client alerts': [], 'server alerts': [], 'http': [], 'complaints': []}
    # The port says HTTP; of other data tshark would complain that they are none.
    options = [] if http else ['--disable-protocol', 'http']
    for number, port, types, alerts, method, code, severities, malformed, told in session.fields(FIELDS, *options):
        who = sender(port)
        found[who] += numbers(types)
        found[f'{who} alerts'] += numbers(alerts)
        found['http'] += [word for word in (method, code) if word]
        if malformed or any(severity >= tshark.WARNING for severity in numbers(severities)):
            found['complaints'].append(f'packet {number}{" is malformed" if malformed else ""}: {told}')
    return found


def expected(client=CLIENT_FLIGHTS, server=SERVER_FLIGHT, client_alerts=(CLOSE_NOTIFY,), server_alerts=(CLOSE_NOTIFY,),
             http=('GET', '200')):
    return {'client': list(client), 'server': list(server), 'client alerts': list(client_alerts), 'server alerts': list(server_alerts),
            'http': list(http), 'complaints': []}


@pytest.fixture
def record(tocsin, tmp_path):
    """What `tocsin connect`, or what talk(relay) starts, says to a server."""
    def run(server, *options, stdin=GET, ca=CA, talk=None):
        relay = StreamRelay(server)
        try:
            if talk:
                talk(relay)
            else:
                tocsin.connect(relay, *options, stdin=stdin, ca=ca)
        finally:
            relay.close()
        return tshark.StreamSession(relay.connections[0], tmp_path / 'keys')
    return run


@pytest.fixture
def record_page(tocsin, tmp_path, record):
    """The session of a client that gets our page. logs: who writes the key log."""
    def run(serve=(), connect=(), way='direct', key='ecdsa-p256', logs=SERVER, ca=CA):
        keylog = ['--keylog', tmp_path / 'keys']
        server = tocsin.serve('--www', *serve, *(keylog if logs == SERVER else []), way=way, key=key)
        return record(server, '--wait', *connect, *(keylog if logs == CLIENT else []), ca=ca)
    return run


def test_full_handshake(record_page):
    assert findings(record_page()) == expected()


def test_full_handshake_through_an_acceptor_logged_by_the_client(record_page):
    assert findings(record_page(way='acceptor', logs=CLIENT)) == expected()


def test_alpn(record_page):
    assert findings(record_page(['--alpn', 'http/1.1'], ['--alpn', 'h2,http/1.1'])) == expected()


def test_aes256_rsa_and_p384(record_page):
    session = record_page(['--suites', 'TLS_AES_256_GCM_SHA384'], ['--groups', 'secp384r1'], key='rsa2048')
    assert findings(session) == expected()


def test_chacha20_ed25519_and_p256(record_page):
    session = record_page(['--suites', 'TLS_CHACHA20_POLY1305_SHA256'], ['--groups', 'secp256r1'], way='acceptor', key='ed25519',
                          logs=CLIENT)
    assert findings(session) == expected()


def test_chain_of_two_certificates(record_page):
    assert findings(record_page(key='intermediate')) == expected()


def test_hello_retry_request(record_page):
    session = record_page(['--groups', 'secp384r1'])
    assert findings(session) == expected(client=[HELLO, *CLIENT_FLIGHTS], server=[SERVER_HELLO, *SERVER_FLIGHT])


def test_key_update(record_page):
    session = record_page(connect=['--update-keys'])
    assert findings(session) == expected(client=[*CLIENT_FLIGHTS, KEY_UPDATE], server=[*SERVER_FLIGHT, KEY_UPDATE])


def test_key_updates_that_openssl_asks_for(tocsin, processes, tmp_path, record):
    server = tocsin.serve('--echo', '--keylog', tmp_path / 'keys', way='acceptor')
    lines = [b'line %d\n' % number for number in range(4)]

    def talk(relay):
        peer = OpenSsl(processes).open(relay)
        for number, command in enumerate((b'', b'k\n', b'K\n', b'K\n')):  # k: updates its own keys; K: asks us to do the same
            if command:
                peer.write(command)
                peer.wait_until(lambda: peer.err.count(b'KEYUPDATE') == number, 'KEYUPDATE')
            peer.write(lines[number])
            peer.wait_for(lines[number].decode())
        peer.write(b'Q\n')
        peer.end()
    session = record(server, talk=talk)
    updates = [KEY_UPDATE, KEY_UPDATE, KEY_UPDATE]
    assert findings(session, http=False) == expected(CLIENT_FLIGHTS + updates, SERVER_FLIGHT + updates[:2], http=())
    assert session.application_data() == {CLIENT: b''.join(lines), SERVER: b''.join(lines)}


def test_small_and_padded_records(tocsin, tmp_path, record):
    data = bytes(range(256)) * 400
    server = tocsin.serve('--echo', '--padding', '300', '--record-size-limit', '1000', '--keylog', tmp_path / 'keys', way='direct')
    session = record(server, '--record-size-limit', '2000', '--padding', '64', stdin=data)
    assert findings(session, http=False) == expected(http=())
    assert session.application_data() == {CLIENT: data, SERVER: data}


def test_certificate_that_is_asked_for(processes, tmp_path, record):
    server = OpenSsl(processes).serve('page', options=('-verify', '1', '-num_tickets', '0'))
    session = record(server, '--wait', '--keylog', tmp_path / 'keys')
    flight = [SERVER_HELLO, EXTENSIONS, REQUEST, CERTIFICATE, VERIFY, FINISHED]
    # s_server's page has no length, and so no end for tshark.
    assert findings(session) == expected([HELLO, CERTIFICATE, FINISHED], flight, http=['GET'])


def test_refusal_before_there_are_keys(record_page):
    session = record_page(['--groups', 'x25519'], ['--groups', 'secp384r1'], way='acceptor')
    assert findings(session, http=False) == expected([HELLO], [], [], [HANDSHAKE_FAILURE], http=())


def test_refusal_under_handshake_keys(record_page):
    session = record_page(ca=OTHER_CA)
    assert findings(session, http=False) == expected([HELLO], SERVER_FLIGHT, [UNKNOWN_CA], [], http=())


# Sessions that are spoilt: tshark must not find them in order.

def test_wrong_key_log_is_noticed(record_page):
    session = record_page()
    flipped = [line[:-1] + ('0' if line[-1] != '0' else '1') for line in session.keylog.read_text().splitlines()]
    session.keylog.write_text('\n'.join(flipped) + '\n')
    assert findings(session)['server'] == [SERVER_HELLO]


def test_changed_protected_record_is_noticed(record_page):
    """A bit of the server's last protected record of its first flight."""
    session = record_page()
    session.said[1][1][-1:] = bytes([session.said[1][1][-1] ^ 1])
    assert findings(session)['server'] != SERVER_FLIGHT


def test_malformed_server_hello_is_noticed(record_page):
    """The length of its extensions is one more than there are."""
    session = record_page()
    flight = session.said[1][1]
    at = 5 + 4 + 2 + 32
    at += 1 + flight[at] + 2 + 1
    flight[at + 1] += 1
    assert any('malformed' in complaint for complaint in findings(session)['complaints'])
