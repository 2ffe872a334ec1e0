"""Checks against NSS: tstclnt at `tocsin serve`, through both ways in, and selfserv for `tocsin connect`."""
import re

import nss
from interop_client import page as fetch
from interop_client import connect, refuse, to
from interop_check import KEYS
from interop_server import CA, GET, SCHEMES, page_lines, stop

SUITES = {'TLS_AES_128_GCM_SHA256': ':1301', 'TLS_AES_256_GCM_SHA384': ':1302', 'TLS_CHACHA20_POLY1305_SHA256': ':1303'}
GROUPS = {'x25519': 'x25519', 'secp256r1': 'P256', 'secp384r1': 'P384'}


def tstclnt(check, server, *options, database=None):
    """Sends a request and reads the answer. The request comes from a file: at the end of a pipe tstclnt waits for ever."""
    request = check.file('request')
    request.write_bytes(GET)
    return check.run('tstclnt', '-h', '127.0.0.1', '-a', 'localhost', '-p', server.port, '-d',
                     database or nss.database(check), '-A', request, *options)


def page(check, server, way, *options, **expected):
    done = tstclnt(check, server, *options)
    check.expect(done.status == 0, f'tstclnt ended with {done.status}')
    check.expect_words(done.said(), *page_lines(way, **expected))
    return done


def refused(check, server, *options, error, reason):
    """tstclnt must say which alert it got, and serve why it sent it."""
    done = tstclnt(check, server, *options)
    check.expect(done.status != 0, 'tstclnt ended without an error')
    check.expect_words(done.said(), error)
    server.wait_for(reason)


def keys(check, way, key):
    server = check.serve(way, '--www', key=key)
    # An RSA certificate without keyEncipherment is good for TLS 1.3, but tstclnt's verifier thinks of TLS 1.2: -o overrides it.
    options = ['-o'] if key == 'rsa2048' else []
    page(check, server, way, *options, signature_scheme=SCHEMES[key], server_name='localhost', retried='no')
    stop(check, server, '1 handshake completed', '0 connections failed')


def suites_and_groups(check, way):
    server = check.serve(way, '--www')
    for suite, code in SUITES.items():
        for group, name in GROUPS.items():
            page(check, server, way, '-c', code, '-I', name, cipher_suite=suite, group=group, retried='no')
    stop(check, server, '9 handshakes completed', '0 connections failed')


def retry(check, way, group):
    server = check.serve(way, '--www', '--groups', group)
    first = 'x25519' if group != 'x25519' else 'P256'
    page(check, server, way, '-I', f'{first},{GROUPS[group]}', group=group, retried='yes')
    stop(check, server, '1 handshake completed (1 with a retry)', '0 connections failed')


def offers(check, way):
    """What NSS can offer and tocsin does not have must not disturb: GREASE for encrypted hellos, delegated credentials, OCSP,
    signed timestamps, a pre-shared key, early data, tickets."""
    server = check.serve(way, '--www')
    page(check, server, way, '-i', '100', '-B', '-T', '-U', '-G', '-e', '-u', '-Z', retried='no')
    page(check, server, way, '-z', '0xAAAABBBBCCCCDDDD:interop', retried='no')
    stop(check, server, '2 handshakes completed', '0 connections failed')


def exporter(check, way):
    server = check.serve(way, '--www', '--export-label', 'EXPORTER-interop', '--export-bytes', '80')
    text = page(check, server, way, '-x', 'EXPORTER-interop:80').said()
    ours = next(line.split(': ')[1] for line in text.splitlines() if line.startswith('exported: '))
    theirs = re.search(r'Keying Material:\s+((?:[0-9a-f:]+\s+)+)', text)
    check.expect(theirs and re.sub(r'[:\s]', '', theirs[1]) == ours, 'the exported keys differ')


def echo_large(check, way, *options):
    data = b''.join(b'%063d\n' % i for i in range(16384))
    server = check.serve(way, '--echo', *options)
    peer = check.start('tstclnt', '-h', '127.0.0.1', '-a', 'localhost', '-p', server.port, '-d', nss.database(check))
    portion_bytes = 65536
    for start in range(0, len(data), portion_bytes):
        peer.write(data[start:start + portion_bytes])
        peer.wait_until(lambda: len(peer.out) >= min(start + portion_bytes, len(data)), 'the whole echo')
    check.expect(bytes(peer.out) == data, 'the echo differs from what was sent')
    peer.kill()  # it does not end by itself
    stop(check, server, '1 handshake completed')


def refusals(check, way):
    server = check.serve(way, '--groups', 'x25519', '--suites', 'TLS_AES_128_GCM_SHA256')
    nothing_in_common = 'SSL_ERROR_NO_CYPHER_OVERLAP'  # so NSS calls the alert handshake_failure in answer to a ClientHello
    refused(check, server, '-I', 'P521', error=nothing_in_common, reason='no_common_group: .*alert sent: handshake_failure 40')
    refused(check, server, '-c', ':1302', error=nothing_in_common,
            reason='no_common_cipher_suite: .*alert sent: handshake_failure 40')
    refused(check, server, '-J', 'rsa_pss_rsae_sha256', error=nothing_in_common,
            reason='no_common_signature_scheme: .*alert sent: handshake_failure 40')
    refused(check, server, '-V', 'tls1.2:tls1.2', error='SSL_ERROR_PROTOCOL_VERSION_ALERT',
            reason='version_unsupported: .*alert sent: protocol_version 70')
    stop(check, server, '0 handshakes completed', '4 connections failed')


def untrusting_client(check, way):
    nss.database(check)  # or the check is skipped
    server = check.serve(way, '--www')
    nss.trust(check.file('others'), KEYS / 'other-ca.pem')
    done = tstclnt(check, server, database=f'sql:{check.file("others")}')
    check.expect(done.status != 0, 'tstclnt accepts another authority')
    check.expect_words(done.said(), 'SEC_ERROR_UNKNOWN_ISSUER')
    server.wait_for('peer_alert: .*unknown_ca 48')


def server_keys(check, key):
    server = nss.selfserv(check, key=key)
    fetch(check, server, signature_scheme=SCHEMES[key], server_name='localhost', retried='no')


def server_suites_and_groups(check):
    for suite, code in SUITES.items():
        server = nss.selfserv(check, '-c', code)
        for group in GROUPS:
            fetch(check, server, '--groups', group, cipher_suite=suite, group=group, retried='no')


def server_retry(check, group):
    server = nss.selfserv(check, '-I', GROUPS[group])
    others = [other for other in GROUPS if other != group]
    fetch(check, server, '--groups', ','.join(others + [group]), group=group, retried='yes')


def server_alpn(check):
    server = nss.selfserv(check, '-Q')
    fetch(check, server, '--alpn', 'h2,http/1.1', ALPN='http/1.1')
    fetch(check, server, ALPN='none')
    refuse(check, server, 'peer_alert: ', 'no_application_protocol 120', '--alpn', 'imap')


def server_blocks(check, *options):
    """64 blocks of 16 KiB from selfserv."""
    done = connect(check, nss.selfserv(check, '-g', '64').port, '--wait', *options, stdin=GET)
    check.expect(done.status == 0, f'connect ended with {done.status}')
    check.expect(64 * 16384 <= len(done.out) < 66 * 16384, f'{len(done.out)} bytes came')


def key_update(check):
    """We update our keys, and NSS, when asked, its own: what comes after must be under the new ones."""
    server = nss.selfserv(check)
    client = check.start(check.tocsin, 'connect', *to(server), '--update-keys', '--keylog', check.file('keys'))
    client.write(GET)
    client.wait_for('\nEOF\r?\n')
    client.close_input()
    check.expect(client.end() == 0, 'connect ended with an error')


def client_certificate(check):
    """A request for a certificate is answered with none, which a server may take or not (RFC 8446 4.4.2.4)."""
    fetch(check, nss.selfserv(check, '-r'), retried='no')
    done = connect(check, nss.selfserv(check, '-r', '-r').port, '--wait', stdin=GET)
    check.expect(done.status == 1, f'connect ended with {done.status}')
    check.expect_words(done.err.decode(), 'peer_alert: ', 'certificate_required 116')


def server_refusals(check):
    server = nss.selfserv(check)
    refuse(check, server, 'certificate_issuer_unknown: ', 'alert sent: unknown_ca', ca=KEYS / 'other-ca.pem')
    server.wait_for('does not recognize and trust the CA')  # so NSS calls the alert unknown_ca
    refuse(check, nss.selfserv(check, '-V', 'tls1.2:tls1.2'), 'peer_alert: ', 'protocol_version 70')


def checks():
    for way in ('direct', 'acceptor'):
        def serve(name, function, *arguments):
            return f'serve {way}: {name}', lambda check, way=way: function(check, way, *arguments)
        for key in nss.SERVER_KEYS:
            yield serve(f'tstclnt with {key}', keys, key)
        yield serve('tstclnt with every suite and group', suites_and_groups)
        for group in GROUPS:
            yield serve(f'tstclnt after HelloRetryRequest to {group}', retry, group)
        yield serve('tstclnt with all that it can offer', offers)
        yield serve('exporter as at tstclnt', exporter)
        yield serve('1 MiB there and back with tstclnt', echo_large)
        yield serve('1 MiB in small padded records with tstclnt', echo_large, '--record-size-limit', '512', '--padding', '100')
        yield serve('tstclnt is told why it is refused', refusals)
        yield serve('tstclnt that does not trust us', untrusting_client)

    def claim(name, function, *arguments):
        return f'connect: {name}', lambda check: function(check, *arguments)
    for key in nss.SERVER_KEYS:
        yield claim(f'selfserv with {key}', server_keys, key)
    yield claim('selfserv with every suite and group', server_suites_and_groups)
    for group in GROUPS:
        yield claim(f'selfserv after HelloRetryRequest to {group}', server_retry, group)
    yield claim('ALPN with selfserv', server_alpn)
    yield claim('1 MiB from selfserv', server_blocks)
    yield claim('1 MiB in small records from selfserv', server_blocks, '--record-size-limit', '512', '--padding', '100')
    yield claim('KeyUpdate with selfserv', key_update)
    yield claim('selfserv asks for a certificate', client_certificate)
    yield claim('selfserv is refused, or refuses', server_refusals)
