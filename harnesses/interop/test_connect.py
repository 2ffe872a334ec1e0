"""`tocsin connect` in TLS 1.3: it at every server, and what it says of servers that it must refuse."""
import socket
import threading

import pytest

from parameters import each_server
from providers.tocsin import Somewhere, assert_agreed, problem_of
from testdata import CA, GET, GROUPS, OTHER_CA, SERVER_KEYS, TLS12, TLS13, TLS13_SUITES, lines, others

EXPORT = ('EXPORTER-interop', 80)
PADDED = ('--record-size-limit', '4097', '--padding', '100')


def fetch(tocsin, server, *options, trust=None, **expected):
    """Fetches a page, which the server ends with close_notify; looks at what connect says about the connection."""
    done = tocsin.connect(server, '--wait', *options, stdin=GET, **(trust or {}))
    assert done.status == 0
    assert done.out.startswith(b'HTTP/1.0 200 ')
    assert_agreed(done, version=TLS13, **expected)
    return done


def refuse(tocsin, server, reason, alert, *options, **trust):
    """The handshake must fail, and connect must say why in one line."""
    done = tocsin.connect(server, *options, **trust)
    assert done.status == 1
    assert not done.out
    problem = problem_of(done)
    assert problem.startswith(f'tocsin: {reason}')
    assert alert in problem and 'RFC ' in problem


@each_server('page', key='keys')
def test_key(tocsin, server, key):
    running = server.serve('page', key=key)
    fetch(tocsin, running, signature_scheme=SERVER_KEYS[key], server_name='localhost', retried='no')


@each_server('page', 'suites')
def test_every_suite_and_group(tocsin, server):
    for suite in TLS13_SUITES:
        running = server.serve('page', version=TLS13, suites=(suite,))
        for group in GROUPS:
            fetch(tocsin, running, '--groups', group, cipher_suite=suite, group=group, retried='no')


@each_server('page')
def test_every_suite_offered_alone(tocsin, server):
    running = server.serve('page')
    for suite in TLS13_SUITES:
        fetch(tocsin, running, '--suites', suite, cipher_suite=suite)


@each_server('page', 'groups', group='retry_groups')
def test_hello_retry_request(tocsin, server, group):
    running = server.serve('page', groups=(group,))
    fetch(tocsin, running, '--groups', ','.join(others(group)), '--key-shares', '1', group=group, retried='yes')


@each_server('page', 'groups', group='retry_groups')
def test_hello_retry_request_to_a_client_without_a_key_share(tocsin, server, group):
    running = server.serve('page', groups=(group,))
    fetch(tocsin, running, '--groups', ','.join(others(group)), '--key-shares', '0', group=group, retried='yes')


@each_server('page', 'groups')
def test_key_share_for_every_group(tocsin, server):
    fetch(tocsin, server.serve('page', groups=('secp384r1',)), '--key-shares', '3', group='secp384r1', retried='no')


@each_server('page', 'alpn')
def test_alpn(tocsin, server):
    running = server.serve('page', alpn=('http/1.1',))
    fetch(tocsin, running, '--alpn', 'h2,http/1.1', ALPN='http/1.1')
    fetch(tocsin, running, ALPN='none')


@each_server('page', 'alpn', 'prefers its own protocol')
def test_alpn_that_the_server_prefers(tocsin, server):
    running = server.serve('page', alpn=('h2', 'http/1.1'))
    fetch(tocsin, running, '--alpn', 'http/1.1', ALPN='http/1.1')
    fetch(tocsin, running, '--alpn', 'http/1.1,h2', ALPN='h2')


@each_server('page', 'alpn')
def test_no_application_protocol_in_common(tocsin, server):
    running = server.serve('page', alpn=('http/1.1',))
    if server.refuses_other_protocols():
        refuse(tocsin, running, 'peer_alert: ', 'no_application_protocol 120', '--alpn', 'imap')
    else:
        fetch(tocsin, running, '--alpn', 'imap', ALPN='none')


@each_server('terminal', 'exporter')
def test_exporter(tocsin, server):
    label, size_bytes = EXPORT
    running = server.serve('terminal', exporter=EXPORT)
    done = tocsin.connect(running, '--export-label', label, '--export-bytes', size_bytes)
    running.wait_for(rf'Keying material: [0-9A-F]{{{2 * size_bytes}}}\n')
    assert_agreed(done, exported=server.exported(running))


@each_server('page', 'keylog')
def test_key_log(tocsin, server, tmp_path):
    ours, theirs = tmp_path / 'ours', tmp_path / 'theirs'
    fetch(tocsin, server.serve('page', keylog=theirs), '--keylog', ours)
    theirs_lines = {line for line in theirs.read_text().splitlines() if not line.startswith('#')}
    assert len(theirs_lines) == 5
    assert set(ours.read_text().splitlines()) == theirs_lines


@pytest.mark.parametrize('options', ((), ('-no_middlebox',)), ids=('default', 'no middlebox compatibility'))
@each_server('terminal')
def test_data_both_ways_at_once(tocsin, server, options):
    """1 MiB each way, through s_server's standard streams; it takes letters for commands."""
    running = server.serve('terminal', options=('-naccept', '1', *options))
    up = b''.join(b'1%062d\n' % i for i in range(16384))
    down = b''.join(b'2%062d\n' % i for i in range(16384))
    client = tocsin.open(running, '--padding', '64')
    feeder = threading.Thread(target=client.write, args=[up], daemon=True)
    feeder.start()
    running.write(down)
    client.wait_for_bytes(len(down))
    running.wait_until(lambda: up in bytes(running.out), 'all of the data')
    feeder.join()
    client.close_input()
    assert client.end() == 0, 'connect ended with an error'
    assert bytes(client.out) == down
    assert running.end() == 0, 's_server ended with an error'


@pytest.mark.parametrize('options', ((), PADDED, ('--update-keys',)), ids=('plain', 'padded', 'KeyUpdate'))
@each_server('echo')
def test_echo(tocsin, server, options):
    """In portions, where the server does not send and receive at once."""
    running = server.serve('echo')
    data = lines(server.echo_mebibytes << 14)
    client = tocsin.open(running, *options)
    portion_bytes = server.echo_portion_bytes or len(data)
    for start in range(0, len(data), portion_bytes):
        client.write(data[start:start + portion_bytes])
        if server.echo_portion_bytes:
            client.wait_for_bytes(start + portion_bytes)
    client.close_input()
    assert client.end() == 0, 'connect ended with an error'
    assert bytes(client.out) == data


@each_server('terminal')
def test_key_update(tocsin, server):
    """First connect asks for new keys in both directions, then s_server does, twice."""
    running = server.serve('terminal')
    client = tocsin.open(running, '--update-keys')
    for number, command in enumerate((b'', b'k\n', b'K\n', b'K\n')):
        if command:
            running.write(command)
        client.write(b'from connect %d\n' % number)
        running.wait_for(f'from connect {number}\n')
        running.write(b'from s_server %d\n' % number)
        client.wait_for(f'from s_server {number}\n')
    client.close_input()
    assert client.end() == 0, 'connect ended with an error'


@each_server('blocks')
def test_key_update_and_a_page(tocsin, server, tmp_path):
    """We update our keys, and NSS, when asked, its own: what comes after must be under the new ones."""
    client = tocsin.open(server.serve('page'), '--update-keys', '--keylog', tmp_path / 'keys')
    client.write(GET)
    client.wait_for('\nEOF\r?\n')
    client.close_input()
    assert client.end() == 0, 'connect ended with an error'


@pytest.mark.parametrize('options', ((), ('--record-size-limit', '512', '--padding', '100')), ids=('plain', 'small records'))
@each_server('blocks')
def test_blocks(tocsin, server, options):
    done = tocsin.connect(server.serve('blocks'), '--wait', *options, stdin=GET)
    assert done.status == 0
    assert 64 * 16384 <= len(done.out) < 66 * 16384


@each_server('terminal')
def test_end_without_close_notify_is_an_error(tocsin, server):
    """s_server closes the socket at Q, and sends nothing before."""
    running = server.serve('terminal')
    client = tocsin.open(running)
    client.write(b'the first words\n')
    running.wait_for('the first words\n')  # only then does it look at its input again
    running.write(b'the last words\n')
    client.wait_for('the last words\n')
    running.write(b'Q\n')
    assert client.end() == 1, 'connect ended without an error'
    assert 'transport_truncated: ' in problem_of(client)


REFUSED = {
    # what: key, Reason, alert, the alert's name at OpenSSL, what connect is told
    'another authority': ('ecdsa-p256', 'certificate_issuer_unknown', 'unknown_ca 48', 'unknown ca', {'ca': OTHER_CA}),
    'the system store': ('ecdsa-p256', 'certificate_issuer_unknown', 'unknown_ca 48', 'unknown ca', {'ca': None}),
    'another name': ('ecdsa-p256', 'certificate_name_mismatch', 'bad_certificate 42', 'bad certificate', {'name': 'other.test'}),
    'another address': ('ecdsa-p256', 'certificate_name_mismatch', 'bad_certificate 42', 'bad certificate', {'name': '127.0.0.2'}),
    'an expired certificate': ('expired', 'certificate_expired', 'certificate_expired 45', 'certificate expired', {}),
    'a key that may not sign': ('not-signing', 'certificate_key_unsupported', 'unsupported_certificate 43', 'unsupported certificate',
                                {}),
    'a small RSA key': ('rsa1024', 'certificate_key_unsupported', 'unsupported_certificate 43', 'unsupported certificate', {}),
    'a missing intermediate': ('intermediate', 'certificate_issuer_unknown', 'unknown_ca 48', 'unknown ca', {}),
}


@pytest.mark.parametrize('what', REFUSED)
@each_server('any certificate')
def test_refuses_a_certificate(tocsin, server, what):
    """The server says which alert it got."""
    key, reason, alert, theirs, trust = REFUSED[what]
    running = server.serve_leaf(key)
    refuse(tocsin, running, f'{reason}: ', f'alert sent: {alert}', **trust)
    running.wait_for(f'alert {theirs}')


@each_server('page')
def test_refuses_another_authority(tocsin, server):
    running = server.serve('page')
    refuse(tocsin, running, 'certificate_issuer_unknown: ', 'alert sent: unknown_ca', ca=OTHER_CA)
    running.wait_for(server.told_of_unknown_ca)


@each_server('any certificate')
def test_accepts_any_certificate_if_told_to(tocsin, server):
    fetch(tocsin, server.serve_leaf('expired'), '--insecure-accept-any-certificate', trust={'ca': None, 'name': 'other.test'},
          server_name='other.test')


@each_server('any certificate')
def test_trusts_the_authorities_in_a_directory(tocsin, server, tmp_path, processes):
    (tmp_path / 'authorities').mkdir()
    (tmp_path / 'authorities/ca.pem').write_bytes(CA.read_bytes())
    assert processes.run('openssl', 'rehash', tmp_path / 'authorities').status == 0
    fetch(tocsin, server.serve('page'), trust={'ca': tmp_path / 'authorities'})


@each_server('page')
def test_certificate_for_an_address(tocsin, server):
    """An address is checked against the certificate, and never sent as a server name (RFC 6066 3)."""
    fetch(tocsin, server.serve('page'), trust={'name': '127.0.0.1'}, server_name='none')


@pytest.mark.parametrize('options', ((), ('--dtls',)), ids=('TLS', 'DTLS'))
def test_name_with_a_dot_at_its_end(tocsin, options):
    """It is the same name, and goes without the dot (RFC 6066 3)."""
    done = tocsin.connect(tocsin.serve('--echo', *options), *options, name='localhost.')
    assert done.status == 0
    assert_agreed(done, server_name='localhost')


@each_server('page', 'version')
def test_server_of_tls12_alone(tocsin, server):
    refuse(tocsin, server.serve('page', version=TLS12), 'peer_alert: ', server.refuses_tls13_with)


class Answer:
    """A server that sends the same bytes to its first client, and keeps what it gets until the client's end."""
    host = '127.0.0.1'

    def __init__(self, data):
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.port = self._listener.getsockname()[1]
        self._got = b''
        self._thread = threading.Thread(target=self._serve, args=[data], daemon=True)
        self._thread.start()

    def _serve(self, data):
        peer, _ = self._listener.accept()
        with peer:
            peer.sendall(data)
            while more := peer.recv(65536):
                self._got += more

    def all_it_got(self):
        self._thread.join(20)
        self._listener.close()
        assert not self._thread.is_alive(), 'connect does not end the connection'
        return self._got


@pytest.mark.parametrize('data,reason,alert', (
    (b'HTTP/1.0 400 Bad Request\r\n\r\n', 'record_type_unknown', 10),
    (bytes.fromhex('15030300020228'), 'peer_alert', None),
    (bytes.fromhex('160303000402000000'), 'message_malformed', 50),
    (bytes.fromhex('160303000401000000'), 'message_unexpected', 10),
    (b'\x17\x03\x03\x00\x05hello', 'record_', 10),
), ids=('HTTP', 'an alert', 'an empty ServerHello', 'a ClientHello', 'application data'))
def test_bytes_that_are_not_what_was_asked_for(tocsin, data, reason, alert):
    server = Answer(data)
    refuse(tocsin, server, reason, '')
    got = server.all_it_got()
    hello_bytes = 5 + int.from_bytes(got[3:5], 'big')
    assert got[hello_bytes:] == (bytes([21, 3, 3, 0, 2, 2, alert]) if alert else b'')


def test_closed_port(tocsin):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
    done = tocsin.connect(Somewhere(port))
    assert done.status == 1
    assert f'cannot connect to 127.0.0.1:{port}: Connection refused' in problem_of(done)


def test_silent_server(tocsin):
    with socket.create_server(('127.0.0.1', 0)) as silent:
        done = tocsin.connect(Somewhere(silent.getsockname()[1]), '--handshake-timeout-ms', '200')
    assert done.status == 1
    assert 'timeout: the handshake took too long' in done.err.decode()
