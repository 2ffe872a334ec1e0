"""Checks of TLS 1.2 and of which version two ends come to: other stacks' clients at `tocsin serve`, through both ways in, and
`tocsin connect` at their servers."""
import re

import nss
from interop_check import KEYS, TIMEOUT_S, pair
from interop_client import connect, refuse, to
from interop_nss import tstclnt
from interop_server import CA, GET, GROUPS, OPENSSL_GROUPS, TLS12_ONLY, gnutls_cli, raw, s_client, stop

# The name here; at OpenSSL; at GnuTLS; the code for NSS. {} stands for the kind of key.
SUITES = {
    'TLS_ECDHE_{}_WITH_AES_128_GCM_SHA256': ('ECDHE-{}-AES128-GCM-SHA256', '+AES-128-GCM', {'ECDSA': ':C02B', 'RSA': ':C02F'}),
    'TLS_ECDHE_{}_WITH_AES_256_GCM_SHA384': ('ECDHE-{}-AES256-GCM-SHA384', '+AES-256-GCM', {'ECDSA': ':C02C', 'RSA': ':C030'}),
    'TLS_ECDHE_{}_WITH_CHACHA20_POLY1305_SHA256': ('ECDHE-{}-CHACHA20-POLY1305', '+CHACHA20-POLY1305',
                                                   {'ECDSA': ':CCA9', 'RSA': ':CCA8'}),
}
KINDS = {'ecdsa-p256': 'ECDSA', 'ecdsa-p384': 'ECDSA', 'ecdsa-p521': 'ECDSA', 'ed25519': 'ECDSA', 'rsa2048': 'RSA',
         'intermediate': 'ECDSA'}
CLIENTS = ('s_client', 'gnutls-cli', 'curl', 'tstclnt')
CLIENT_CA = KEYS / 'client-ca.pem'
BOTH = ('--tls', '1.2,1.3')


def fetch(check, server, client, *options):
    """What a client of TLS 1.2 says about its request for a page."""
    if client == 's_client':
        return s_client(check, server, '-tls1_2', *options)
    if client == 'gnutls-cli':
        return gnutls_cli(check, server, *options, priority=TLS12_ONLY)
    if client == 'tstclnt':
        return tstclnt(check, server, '-V', 'tls1.2:tls1.2', '-o', *options).said()
    return check.run('curl', '--silent', '--show-error', '--include', '--tls-max', '1.2', '--cacert', CA, '--resolve',
                     f'localhost:{server.port}:127.0.0.1', '--max-time', str(TIMEOUT_S), *options,
                     f'https://localhost:{server.port}/').said()


def page_lines(way, version='TLSv1.2', **parameters):
    lines = [f'{name.replace("_", " ")}: {value}' for name, value in parameters.items()]
    return ['HTTP/1.0 200 OK', f'version: {version}\n', f'accepted by way of: {way}'] + lines


def said(text):
    return text.replace('\r\n', '\n')


def keys(check, way, client, key):
    server = check.serve(way, '--www', *BOTH, key=key)
    check.expect_words(said(fetch(check, server, client)), *page_lines(way, server_name='localhost'))
    stop(check, server, '1 handshake completed', '0 connections failed')


def suites_and_groups(check, way, client, key):
    """The server chooses the group: the client's groups also say which curves of certificates it takes (RFC 8422 5.1.1)."""
    kind = KINDS[key]
    for group in GROUPS:
        server = check.serve(way, '--www', *BOTH, '--groups', group, key=key)
        for suite, (openssl_suite, gnutls_suite, nss_codes) in SUITES.items():
            if client == 's_client':
                text = fetch(check, server, client, '-cipher', openssl_suite.format(kind))
            elif client == 'gnutls-cli':
                text = gnutls_cli(check, server, priority=f'{TLS12_ONLY}:-CIPHER-ALL:{gnutls_suite}')
            else:
                text = fetch(check, server, client, '-c', nss_codes[kind])
            check.expect_words(said(text), *page_lines(way, cipher_suite=suite.format(kind), group=group))
        stop(check, server, '3 handshakes completed', '0 connections failed')


def versions(check, way):
    """Every combination of both ends' versions, s_client's and ours."""
    ours = {'1.2': (2,), '1.3': (3,), '1.2,1.3': (2, 3)}
    theirs = {('-tls1_2',): (2,), ('-tls1_3',): (3,), (): (2, 3)}
    for list_, have in ours.items():
        server = check.serve(way, '--www', '--tls', list_)
        for options, offered in theirs.items():
            common = set(have) & set(offered)
            text = said(s_client(check, server, *options))
            if common:
                check.expect_words(text, *page_lines(way, version=f'TLSv1.{max(common)}'))
            else:
                check.expect_words(text, 'alert protocol version')
                server.wait_for('version_unsupported: .*alert sent: protocol_version 70')


def alpn_and_data(check, way):
    server = check.serve(way, '--www', *BOTH, '--alpn', 'http/1.1,h2')
    check.expect_words(fetch(check, server, 's_client', '-alpn', 'h2'), 'ALPN protocol: h2', 'ALPN: h2')
    check.expect_words(fetch(check, server, 's_client', '-alpn', 'imap'), 'alert no application protocol')
    echo = check.serve(way, '--echo', *BOTH)
    data = bytes(range(256)) * 400
    done = connect(check, echo.port, '--tls', '1.2', stdin=data)
    check.expect(done.status == 0 and done.out == data, 'the data did not come back')


def exporter(check, way):
    label = 'EXPERIMENTAL label'
    server = check.serve(way, '--www', *BOTH, '--export-label', label, '--export-bytes', '40')
    text = fetch(check, server, 's_client', '-keymatexport', label, '-keymatexportlen', '40')
    theirs = re.search(r'Keying material: ([0-9A-F]{80})', text)
    check.expect(theirs, 's_client exports nothing')
    check.expect_words(text, f'exported: {theirs[1].lower()}')


def renegotiation_refused(check, way):
    server = check.serve(way, '--echo', *BOTH)
    client = check.start('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-CAfile', CA, '-tls1_2')
    client.wait_for('Verify return code: 0')
    client.write(b'R\n')
    client.wait_for('no renegotiation')


def refused(check, way):
    server = check.serve(way, '--www', *BOTH)
    for options, words, reason in (
            (('-cipher', 'ECDHE-ECDSA-AES128-SHA'), 'alert handshake failure', 'no_common_cipher_suite'),
            (('-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'), 'alert handshake failure', 'no_common_signature_scheme'),
            (('-groups', 'P-521'), 'alert handshake failure', 'no_common_group'),
            (('-fallback_scsv',), 'alert inappropriate fallback', 'fallback_inappropriate'),
            (('-sigalgs', 'ECDSA+SHA1', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=0'), 'alert handshake failure',
             'no_common_signature_scheme')):
        check.expect_words(fetch(check, server, 's_client', *options), words)
        server.wait_for(f'{reason}: .*alert sent: ')
    priority = TLS12_ONLY + ':%NO_EXTENSIONS'
    check.expect('200 OK' not in gnutls_cli(check, server, priority=priority), 'a page came')


def client_certificates(check, way, client):
    server = check.serve(way, '--www', *BOTH, '--client-ca', CLIENT_CA, '--client-auth', 'required')
    for key in ('ecdsa-p256', 'ed25519', 'rsa2048'):
        files = {'s_client': ('-cert', '-key'), 'gnutls-cli': ('--x509certfile', '--x509keyfile'), 'curl': ('--cert', '--key')}[client]
        options = [word for option, end in zip(files, ('.pem', '.key.pem')) for word in (option, KEYS / f'client-{key}{end}')]
        check.expect_words(said(fetch(check, server, client, *options)),
                           *page_lines(way, client_certificate=f'CN=tocsin test client {key}'))
    check.expect('200 OK' not in fetch(check, server, client), 'a page came')
    server.wait_for('client_certificate_missing: .*alert sent: handshake_failure 40; RFC 5246 7.4.6')


def page(check, server, *options, version='TLSv1.2', **expected):
    """`tocsin connect` fetches a page."""
    done = connect(check, server.port, '--wait', *BOTH, *options, stdin=GET)
    check.expect(done.status == 0, f'connect ended with {done.status}')
    check.expect(done.out.startswith(b'HTTP/1.0 200 '), 'no page came')
    lines = [f'{name.replace("_", " ")}: {value}\n' for name, value in expected.items()]
    check.expect_words(done.err.decode(), f'version: {version}\n', *lines)
    return done


def serve(check, peer, key, *options):
    if peer == 's_server':
        chain = ['-cert_chain', KEYS / f'server-{key}.pem'] if key == 'intermediate' else []
        return check.s_server('-www', '-tls1_2', *chain, *options, key=key)
    if peer == 'selfserv':
        return nss.selfserv(check, '-V', 'tls1.2:tls1.2', key=key)
    return check.gnutls_serv('--http', f'--priority={TLS12_ONLY}', *options, key=key)


def fetch_keys(check, peer, key):
    page(check, serve(check, peer, key), server_name='localhost')


def fetch_suites_and_groups(check, peer, key):
    """The groups that a client offers also say which curves of certificates it takes (RFC 8422 5.1.1)."""
    for group, openssl_group in OPENSSL_GROUPS.items():
        chosen = ('-groups', openssl_group) if peer == 's_server' else ()
        server = serve(check, peer, key, *chosen)
        for suite in SUITES:
            name = suite.format(KINDS[key])
            if peer == 's_server':
                page(check, server, '--suites', name, cipher_suite=name, group=group)
            else:
                page(check, server, '--suites', name, '--groups', ','.join({group: 0, 'secp256r1': 0}), cipher_suite=name)


def fetch_versions(check):
    for options, have in ((('-tls1_2',), (2,)), (('-tls1_3',), (3,)), ((), (2, 3))):
        server = check.s_server('-www', *options)
        for list_, offered in (('1.2', (2,)), ('1.3', (3,)), ('1.2,1.3', (2, 3))):
            common = set(have) & set(offered)
            if common:
                done = connect(check, server.port, '--wait', '--tls', list_, stdin=GET)
                check.expect_words(done.err.decode(), f'version: TLSv1.{max(common)}\n')
                check.expect(done.out.startswith(b'HTTP/1.0 200 '), 'no page came')
            else:
                refuse(check, server, 'peer_alert: ', 'protocol_version 70', '--tls', list_)


def show_certificate(check, peer):
    for key in ('ecdsa-p256', 'ed25519', 'rsa2048'):
        if peer == 's_server':
            server = check.s_server('-www', '-tls1_2', '-Verify', '1', '-CAfile', CLIENT_CA, '-verify_return_error')
        else:
            server = check.on_free_port(
                lambda port: ['gnutls-serv', '--http', '--x509cafile', CLIENT_CA, '--verify-client-cert', '--require-client-cert',
                              *pair('ecdsa-p256', '--x509certfile', '--x509keyfile'), f'--priority={TLS12_ONLY}', f'--port={port}'],
                lambda process: process.wait_for(rf'listening on IPv4 \S+ port {process.port}\.+done'))
        page(check, server, '--cert', KEYS / f'client-{key}.pem', '--key', KEYS / f'client-{key}.key.pem',
             client_certificate=f'CN=tocsin test client {key}')


def peer_asks_for_renegotiation(check):
    server = check.s_server('-tls1_2')
    client = check.start(check.tocsin, 'connect', *to(server), *BOTH, '-v')
    client.wait_for('version: TLSv1.2')
    server.write(b'r\n')
    server.wait_for('no renegotiation')


def garbage_after_the_hello(check, way):
    """Bytes that are no TLS in the middle of a handshake: an alert, then the end."""
    server = check.serve(way, '--www', *BOTH)
    answer = raw(server, bytes.fromhex('160303000401000000') + b'GET / HTTP/1.0\r\n\r\n')
    check.expect(answer == bytes.fromhex('15030300020232'), f'the answer is {answer.hex()}')


def checks():
    for way in ('direct', 'acceptor'):
        def claim(name, function, *arguments):
            return f'TLS 1.2: serve {way}: {name}', lambda check, way=way: function(check, way, *arguments)
        for client in CLIENTS:
            for key in KINDS:
                if (client, key) not in (('tstclnt', 'ed25519'),):
                    yield claim(f'{client}, {key}', keys, client, key)
        for key in ('ecdsa-p256', 'rsa2048'):
            for client in ('s_client', 'gnutls-cli', 'tstclnt'):
                yield claim(f'{client}, every suite and group with {key}', suites_and_groups, client, key)
        yield claim('every combination of versions', versions)
        yield claim('ALPN and data', alpn_and_data)
        yield claim('exported keys are the same', exporter)
        yield claim('renegotiation is refused with a warning', renegotiation_refused)
        yield claim('what is not spoken is refused', refused)
        yield claim('no ClientHello at all', garbage_after_the_hello)
        for client in ('s_client', 'gnutls-cli', 'curl'):
            yield claim(f'{client} with certificates and without', client_certificates, client)
    for peer in ('s_server', 'gnutls-serv', 'selfserv'):
        for key in KINDS:
            # The groups here do not hold P-521, and so no server of TLS 1.2 shows a certificate of that curve.
            if key != 'ecdsa-p521' and (peer != 'selfserv' or key in nss.SERVER_KEYS):
                yield f'TLS 1.2: connect: {peer}, {key}', lambda check, peer=peer, key=key: fetch_keys(check, peer, key)
        for key in ('ecdsa-p256', 'rsa2048'):
            if peer != 'selfserv':
                yield (f'TLS 1.2: connect: {peer}, every suite and group with {key}',
                       lambda check, peer=peer, key=key: fetch_suites_and_groups(check, peer, key))
    for peer in ('s_server', 'gnutls-serv'):
        yield f'TLS 1.2: connect: certificates to {peer}', lambda check, peer=peer: show_certificate(check, peer)
    yield 'TLS 1.2: connect: every combination of versions', fetch_versions
    yield 'TLS 1.2: connect: a server that asks for renegotiation is refused with a warning', peer_asks_for_renegotiation
