"""Checks of `tocsin connect`: it against other stacks' servers, and what it says about servers that it must refuse."""
import socket
import threading

from interop_check import KEYS, Failed
from interop_server import CA, GET, GROUPS, OPENSSL_GROUPS, SCHEMES, SUITES, TLS13_ONLY


def connect(check, port, *options, stdin=b'', name='localhost', ca=CA):
    trust = ['--ca', ca] if ca else []
    return check.run(check.tocsin, 'connect', f'127.0.0.1:{port}', '--name', name, *trust, '-v', *options, stdin=stdin)


def to(server):
    return [f'127.0.0.1:{server.port}', '--name', 'localhost', '--ca', CA]


def page(check, server, *options, trust=None, **expected):
    """Fetches a page, which the server ends with close_notify; looks at what connect says about the connection."""
    done = connect(check, server.port, '--wait', *options, stdin=GET, **(trust or {}))
    check.expect(done.status == 0, f'connect ended with {done.status}')
    check.expect(done.out.startswith(b'HTTP/1.0 200 '), 'no page came')
    lines = [f'{name.replace("_", " ")}: {value}\n' for name, value in expected.items()]
    check.expect_words(done.err.decode(), 'version: TLSv1.3\n', *lines)
    return done


def keys(check, peer, key):
    if peer == 's_server':
        # s_server sends what follows the first certificate only if it is told so.
        chain = ['-cert_chain', KEYS / f'server-{key}.pem'] if key == 'intermediate' else []
        server = check.s_server('-www', *chain, key=key)
    else:
        server = check.gnutls_serv('--http', key=key)
    page(check, server, signature_scheme=SCHEMES[key], server_name='localhost', retried='no')


def suites_and_groups(check, peer):
    for suite, gnutls_suite in SUITES.items():
        if peer == 's_server':
            server = check.s_server('-www', '-ciphersuites', suite)
        else:
            server = check.gnutls_serv('--http', f'--priority={TLS13_ONLY}:-CIPHER-ALL:{gnutls_suite}')
        for group in GROUPS:
            page(check, server, '--groups', group, cipher_suite=suite, group=group, retried='no')


def suites_offered(check):
    server = check.s_server('-www')
    for suite in SUITES:
        page(check, server, '--suites', suite, cipher_suite=suite)


def retry(check, peer, group, key_shares):
    if peer == 's_server':
        server = check.s_server('-www', '-groups', OPENSSL_GROUPS[group])
    else:
        server = check.gnutls_serv('--http', f'--priority={TLS13_ONLY}:-GROUP-ALL:{GROUPS[group]}')
    others = [other for other in GROUPS if other != group]
    page(check, server, '--groups', ','.join(others + [group]), '--key-shares', str(key_shares), group=group, retried='yes')


def several_key_shares(check):
    server = check.s_server('-www', '-groups', 'P-384')
    page(check, server, '--key-shares', '3', group='secp384r1', retried='no')


def alpn(check):
    server = check.s_server('-www', '-alpn', 'h2,http/1.1')
    page(check, server, '--alpn', 'http/1.1', ALPN='http/1.1')
    page(check, server, '--alpn', 'http/1.1,h2', ALPN='h2')
    page(check, server, ALPN='none')
    refuse(check, server, 'peer_alert: ', 'no_application_protocol 120', '--alpn', 'imap')
    strict = check.gnutls_serv('--http', '--alpn=h2', '--alpn-fatal')
    refuse(check, strict, 'peer_alert: ', 'no_application_protocol 120', '--alpn', 'imap')


def exporter(check):
    server = check.s_server('-keymatexport', 'EXPORTER-interop', '-keymatexportlen', '80')
    done = connect(check, server.port, '--export-label', 'EXPORTER-interop', '--export-bytes', '80')
    theirs = server.wait_for(r'Keying material: ([0-9A-F]{160})\n')[1]
    check.expect_words(done.err.decode(), f'exported: {theirs.lower()}\n')


def key_log(check):
    ours, theirs = check.file('ours'), check.file('theirs')
    server = check.s_server('-www', '-keylogfile', theirs)
    page(check, server, '--keylog', ours)
    theirs_lines = {line for line in theirs.read_text().splitlines() if not line.startswith('#')}
    ours_lines = set(ours.read_text().splitlines())
    check.expect(len(ours_lines) == 5 and ours_lines == theirs_lines, f'the key logs differ:\n{ours_lines}\n{theirs_lines}')


def data_both_ways(check, *options):
    """1 MiB each way at once, through s_server's standard streams; it takes letters for commands."""
    server = check.s_server('-naccept', '1', *options)
    up = b''.join(b'1%062d\n' % i for i in range(16384))
    down = b''.join(b'2%062d\n' % i for i in range(16384))
    client = check.start(check.tocsin, 'connect', *to(server), '--padding', '64')
    feeder = threading.Thread(target=client.write, args=[up], daemon=True)
    feeder.start()
    server.write(down)
    client.wait_until(lambda: len(client.out) >= len(down), 'all of the data')
    server.wait_until(lambda: up in bytes(server.out), 'all of the data')
    feeder.join()
    client.close_input()
    check.expect(client.end() == 0, 'connect ended with an error')
    check.expect(bytes(client.out) == down, 'what connect received differs from what was sent')
    check.expect(server.end() == 0, 's_server ended with an error')


def echo_of_gnutls(check, *options):
    server = check.gnutls_serv('--echo', '--recordsize=4096')
    data = b''.join(b'%063d\n' % i for i in range(16384))
    client = check.start(check.tocsin, 'connect', *to(server), *options)
    for start in range(0, len(data), 4096):
        client.write(data[start:start + 4096])
        client.wait_until(lambda: len(client.out) >= start + 4096, 'the whole echo')
    client.close_input()
    check.expect(client.end() == 0, 'connect ended with an error')
    check.expect(bytes(client.out) == data, 'the echo differs from what was sent')


def key_update(check):
    """First connect asks for new keys in both directions, then s_server does, twice."""
    server = check.s_server()
    client = check.start(check.tocsin, 'connect', *to(server), '--update-keys')
    for number, command in enumerate((b'', b'k\n', b'K\n', b'K\n')):
        if command:
            server.write(command)
        client.write(b'from connect %d\n' % number)
        server.wait_for(f'from connect {number}\n')
        server.write(b'from s_server %d\n' % number)
        client.wait_for(f'from s_server {number}\n')
    client.close_input()
    check.expect(client.end() == 0, 'connect ended with an error')


def end_without_close_notify(check):
    """s_server closes the socket at Q, and sends nothing before."""
    server = check.s_server()
    client = check.start(check.tocsin, 'connect', *to(server))
    client.write(b'the first words\n')
    server.wait_for('the first words\n')  # only then does it look at its input again
    server.write(b'the last words\n')
    client.wait_for('the last words\n')
    server.write(b'Q\n')
    check.expect(client.end() == 1, 'connect ended without an error')
    check.expect_words(client.err.decode(), 'transport_truncated: ')


def refuse(check, server, reason, alert, *options, **more):
    """The handshake must fail, and connect must say why in one line."""
    done = connect(check, server.port, *options, **more)
    check.expect(done.status == 1, f'connect ended with {done.status}')
    check.expect(done.err.count(b'\n') == 1 and not done.out, 'more than one line')
    check.expect_words(done.err.decode(), f'tocsin: {reason}', alert, 'RFC ')


def refusals(check, key, reason, alert, theirs, told):
    """theirs: how s_server calls the alert, so that it is known to have arrived."""
    server = check.s_server('-www', '-cipher', 'DEFAULT@SECLEVEL=0', key=key)
    refuse(check, server, f'{reason}: ', f'alert sent: {alert}', **told)
    server.wait_for(f'alert {theirs}')


def accepted_insecurely(check):
    server = check.s_server('-www', key='expired')
    page(check, server, '--insecure-accept-any-certificate', trust={'ca': None, 'name': 'other.test'}, server_name='other.test')


def trust_in_a_directory(check):
    folder = check.file('authorities')
    folder.mkdir()
    (folder / 'ca.pem').write_bytes(CA.read_bytes())
    check.expect(check.run('openssl', 'rehash', folder).status == 0, 'openssl rehash failed')
    page(check, check.s_server('-www'), trust={'ca': folder})


def certificate_for_an_address(check):
    """An address is checked against the certificate, and never sent as a server name (RFC 6066 3)."""
    page(check, check.s_server('-www'), trust={'name': '127.0.0.1'}, server_name='none')


def tls12_only(check):
    server = check.s_server('-www', '-tls1_2')
    refuse(check, server, 'peer_alert: ', 'protocol_version 70')
    server = check.gnutls_serv('--http', '--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2')
    refuse(check, server, 'peer_alert: ', 'handshake_failure 40')  # that is how GnuTLS puts it


class Answer:
    """A server that sends the same bytes to everyone, and keeps what it gets until the client's end."""

    def __init__(self, data):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.got = b''
        self.thread = threading.Thread(target=self._serve, args=[data], daemon=True)
        self.thread.start()

    def _serve(self, data):
        peer, _ = self.listener.accept()
        with peer:
            peer.sendall(data)
            while more := peer.recv(65536):
                self.got += more

    def all_it_got(self):
        self.thread.join(20)
        self.listener.close()
        if self.thread.is_alive():
            raise Failed('connect does not end the connection')
        return self.got


def bad_bytes(check):
    inputs = {
        'HTTP/1.0 400 Bad Request\r\n\r\n': ('record_type_unknown', 10),
        '\x15\x03\x03\x00\x02\x02\x28': ('peer_alert', None),
        '\x16\x03\x03\x00\x04\x02\x00\x00\x00': ('message_malformed', 50),
        '\x16\x03\x03\x00\x04\x01\x00\x00\x00': ('message_unexpected', 10),
        '\x17\x03\x03\x00\x05hello': ('record_', 10),
    }
    for data, (reason, alert) in inputs.items():
        server = Answer(data.encode('latin-1'))
        refuse(check, server, reason, '')
        got = server.all_it_got()
        hello_bytes = 5 + int.from_bytes(got[3:5], 'big')
        expected = bytes([21, 3, 3, 0, 2, 2, alert]) if alert else b''
        check.expect(got[hello_bytes:] == expected, f'after its hello connect answers {data!r} with {got[hello_bytes:].hex()}')


def no_tls_at_all(check):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
    done = connect(check, port)
    check.expect(done.status == 1 and done.err.count(b'\n') == 1, f'connect to a closed port ended with {done.status}')
    check.expect_words(done.err.decode(), f'cannot connect to 127.0.0.1:{port}: Connection refused')
    with socket.create_server(('127.0.0.1', 0)) as silent:
        done = connect(check, silent.getsockname()[1], '--handshake-timeout-ms', '200')
        check.expect(done.status == 1, f'connect to a silent server ended with {done.status}')
        check.expect_words(done.err.decode(), 'timeout: the handshake took too long')


REFUSALS = (
    # what, key, Reason, alert, the alert's name at OpenSSL, what connect is told
    ('another authority', 'ecdsa-p256', 'certificate_issuer_unknown', 'unknown_ca 48', 'unknown ca',
     {'ca': KEYS / 'other-ca.pem'}),
    ('the system store', 'ecdsa-p256', 'certificate_issuer_unknown', 'unknown_ca 48', 'unknown ca', {'ca': None}),
    ('another name', 'ecdsa-p256', 'certificate_name_mismatch', 'bad_certificate 42', 'bad certificate',
     {'name': 'other.test'}),
    ('another address', 'ecdsa-p256', 'certificate_name_mismatch', 'bad_certificate 42', 'bad certificate',
     {'name': '127.0.0.2'}),
    ('an expired certificate', 'expired', 'certificate_expired', 'certificate_expired 45', 'certificate expired', {}),
    ('a key that may not sign', 'not-signing', 'certificate_key_unsupported', 'unsupported_certificate 43',
     'unsupported certificate', {}),
    ('a small RSA key', 'rsa1024', 'certificate_key_unsupported', 'unsupported_certificate 43', 'unsupported certificate', {}),
    ('a missing intermediate', 'intermediate', 'certificate_issuer_unknown', 'unknown_ca 48', 'unknown ca', {}),
)


def checks():
    def claim(name, function, *arguments):
        return f'connect: {name}', lambda check: function(check, *arguments)
    for peer in ('s_server', 'gnutls-serv'):
        for key in SCHEMES:
            yield claim(f'{peer} with {key}', keys, peer, key)
        yield claim(f'{peer} with every suite and group', suites_and_groups, peer)
        for group in GROUPS:
            yield claim(f'{peer} after HelloRetryRequest to {group}', retry, peer, group, 1)
        yield claim(f'{peer} after HelloRetryRequest to a client without a key share', retry, peer, 'x25519', 0)
    yield claim('every suite offered alone', suites_offered)
    yield claim('a key share for every group', several_key_shares)
    yield claim('ALPN', alpn)
    yield claim('exporter as at s_server', exporter)
    yield claim('key log as at s_server', key_log)
    yield claim('1 MiB both ways at once with s_server', data_both_ways)
    yield claim('1 MiB both ways at once with s_server, without middlebox compatibility', data_both_ways, '-no_middlebox')
    yield claim('1 MiB there and back with gnutls-serv', echo_of_gnutls)
    yield claim('1 MiB in padded records with gnutls-serv', echo_of_gnutls, '--record-size-limit', '4097', '--padding', '100')
    yield claim('KeyUpdate both ways', key_update)
    yield claim('an end without close_notify is an error', end_without_close_notify)
    for what, *arguments in REFUSALS:
        yield claim(f'refuses {what}', refusals, *arguments)
    yield claim('accepts any certificate if told to', accepted_insecurely)
    yield claim('trusts the authorities in a directory', trust_in_a_directory)
    yield claim('certificate for an address', certificate_for_an_address)
    yield claim('TLS 1.2-only server', tls12_only)
    yield claim('bytes that are not what was asked for', bad_bytes)
    yield claim('a closed port and a silent server', no_tls_at_all)
