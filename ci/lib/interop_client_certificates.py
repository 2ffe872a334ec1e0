"""Checks of client certificates: other stacks' clients that show one to `tocsin serve`, and `tocsin connect` that shows one to
their servers."""
from interop_check import KEYS
from interop_client import connect, page
from interop_server import CA, TIMEOUT_S, TLS13_ONLY, gnutls_cli, s_client, stop

CLIENT_CA = KEYS / 'client-ca.pem'
# Key, what a client signs with it.
SCHEMES = {'ecdsa-p256': 'ecdsa_secp256r1_sha256', 'ed25519': 'ed25519', 'rsa2048': 'rsa_pss_rsae_sha256'}
# What is wrong with a certificate: its file, the Reason for it, the alert.
BAD = {
    'expired': ('client-expired', 'certificate_expired', 'certificate_expired 45'),
    'for servers': ('client-for-servers', 'certificate_key_unsupported', 'unsupported_certificate 43'),
    'of another authority': ('server-ed25519', 'certificate_issuer_unknown', 'unknown_ca 48'),
}
CLIENTS = ('s_client', 'gnutls-cli', 'curl')


def pair(name, certificate_option, key_option):
    return [certificate_option, KEYS / f'{name}.pem', key_option, KEYS / f'{name}.key.pem'] if name else []


def fetch(check, server, client, name=None):
    """What the client says about its request for a page, with this certificate or none."""
    if client == 's_client':
        return s_client(check, server, *pair(name, '-cert', '-key'))
    if client == 'gnutls-cli':
        return gnutls_cli(check, server, *pair(name, '--x509certfile', '--x509keyfile'))
    done = check.run('curl', '--silent', '--show-error', '--include', '--tlsv1.3', '--cacert', CA, '--resolve',
                     f'localhost:{server.port}:127.0.0.1', '--max-time', str(TIMEOUT_S), *pair(name, '--cert', '--key'),
                     f'https://localhost:{server.port}/')
    return done.said()


def shown(check, way, client, key):
    server = check.serve(way, '--www', '--client-ca', CLIENT_CA)
    check.expect_words(fetch(check, server, client, f'client-{key}'), 'HTTP/1.0 200 OK',
                       f'client certificate: CN=tocsin test client {key}', f'client signature scheme: {SCHEMES[key]}')
    stop(check, server, '1 handshake completed', '0 connections failed')


def missing(check, way, client):
    server = check.serve(way, '--www', '--client-ca', CLIENT_CA, '--client-auth', 'required')
    check.expect('200 OK' not in fetch(check, server, client), 'a page came')
    server.wait_for('certificate_required: .*alert sent: certificate_required 116; RFC 8446 4.4.2.4')
    stop(check, server, '0 handshakes completed', '1 connection failed')


def missing_where_optional(check, way, client):
    server = check.serve(way, '--www', '--client-ca', CLIENT_CA, '--client-auth', 'optional')
    text = fetch(check, server, client)
    check.expect_words(text, 'HTTP/1.0 200 OK')
    check.expect('client certificate:' not in text, 'a client certificate from nowhere')
    check.expect_words(fetch(check, server, client, 'client-rsa2048'), 'client certificate: CN=tocsin test client rsa2048')
    stop(check, server, '2 handshakes completed', '0 connections failed')


def bad(check, way, client, what):
    name, reason, alert = BAD[what]
    for wanted in ('optional', 'required'):
        server = check.serve(way, '--www', '--client-ca', CLIENT_CA, '--client-auth', wanted)
        check.expect('200 OK' not in fetch(check, server, client, name), 'a page came')
        server.wait_for(f'{reason}: .*alert sent: {alert}')
        stop(check, server, '0 handshakes completed', '1 connection failed')


def alert_heard(check, way):
    server = check.serve(way, '--client-ca', CLIENT_CA)
    check.expect_words(s_client(check, server), 'alert certificate required', 'SSL alert number 116')
    check.expect_words(s_client(check, server, *pair('client-expired', '-cert', '-key')), 'SSL alert number 45')


def ask(check, peer, *options, wanted='required'):
    """A server of another stack that asks for a certificate."""
    if peer == 's_server':
        return check.s_server('-www', '-Verify' if wanted == 'required' else '-verify', '1', '-CAfile', CLIENT_CA,
                              '-verify_return_error', *options)
    required = ['--require-client-cert'] if wanted == 'required' else []
    server = ['gnutls-serv', '--http', '--x509cafile', CLIENT_CA, '--verify-client-cert', *required, *options,
              '--x509certfile', KEYS / 'server-ecdsa-p256.pem', '--x509keyfile', KEYS / 'server-ecdsa-p256.key.pem',
              f'--priority={TLS13_ONLY}']
    return check.on_free_port(lambda port: [*server, f'--port={port}'],
                              lambda process: process.wait_for(rf'listening on IPv4 \S+ port {process.port}\.+done'))


def refused(check, server, alert, *options):
    """The alert comes when the client believes to be done, so after what it agreed on."""
    done = connect(check, server.port, *options)
    check.expect(done.status == 1, f'connect ended with {done.status}')
    check.expect(not done.out, 'a page came')
    check.expect_words(done.err.decode().splitlines()[-1], 'tocsin: peer_alert: ', alert)


def show(check, peer, key):
    server = ask(check, peer)
    done = page(check, server, *pair(f'client-{key}', '--cert', '--key'), client_signature_scheme=SCHEMES[key],
                client_certificate=f'CN=tocsin test client {key}')
    check.expect_words(done.out.decode(), f'tocsin test client {key}')


def show_what_suits(check):
    server = ask(check, 's_server', '-client_sigalgs', 'ed25519:RSA-PSS+SHA384')
    certificates = [word for key in SCHEMES for word in pair(f'client-{key}', '--cert', '--key')]
    page(check, server, *certificates, client_certificate='CN=tocsin test client ed25519')
    page(check, server, *reversed_pairs(certificates), client_signature_scheme='rsa_pss_rsae_sha384')
    refused(check, server, 'certificate_required 116', *pair('client-ecdsa-p256', '--cert', '--key'))


def reversed_pairs(words):
    pairs = [words[i:i + 4] for i in range(0, len(words), 4)]
    return [word for four in reversed(pairs) for word in four]


def show_none(check, peer):
    server = ask(check, peer, wanted='optional')
    done = page(check, server)
    check.expect(b'client certificate' not in done.err, 'a client certificate from nowhere')
    refused(check, ask(check, peer), 'certificate_required 116')


def show_expired(check):
    refused(check, ask(check, 's_server'), 'certificate_expired 45', *pair('client-expired', '--cert', '--key'))


def checks():
    for way in ('direct', 'acceptor'):
        def claim(name, function, *arguments):
            return f'client certificates: serve {way}: {name}', lambda check, way=way: function(check, way, *arguments)
        for client in CLIENTS:
            for key in SCHEMES:
                yield claim(f'{client} with {key}', shown, client, key)
            yield claim(f'{client} with none', missing, client)
            yield claim(f'{client} with none or one where it is optional', missing_where_optional, client)
            for what in BAD:
                yield claim(f'{client} with one that is {what}', bad, client, what)
        yield claim('s_client hears why it is refused', alert_heard)
    for peer in ('s_server', 'gnutls-serv'):
        for key in SCHEMES:
            yield (f'client certificates: connect: {key} to {peer}',
                   lambda check, peer=peer, key=key: show(check, peer, key))
        yield f'client certificates: connect: none to {peer}', lambda check, peer=peer: show_none(check, peer)
    yield 'client certificates: connect: the one that suits', show_what_suits
    yield 'client certificates: connect: an expired one', show_expired
