"""Checks against Node and Python, whose programs are interop_peer.js and interop_peer.py: at `tocsin serve`, through both ways
in, and as servers of `tocsin connect`."""
import json
import pathlib
import sys

from interop_client import page as fetch
from interop_client import refuse, to
from interop_check import KEYS, pair
from interop_server import CA, GROUPS, SCHEMES, SUITES, page_lines, stop

HERE = pathlib.Path(__file__).resolve().parent
COMMANDS = {'node': ['node', HERE / 'interop_peer.js'], 'python': [sys.executable, HERE / 'interop_peer.py']}
# OpenSSL's alert names, as both runtimes put them.
NO_ALPN = {'node': 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'python': 'alert no application protocol'}
VERSION = {'node': 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'python': 'TLSV1_ALERT_PROTOCOL_VERSION'}
HANDSHAKE = {'node': 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'python': 'SSLV3_ALERT_HANDSHAKE_FAILURE'}
UNKNOWN_CA = {'node': 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'python': 'TLSV1_ALERT_UNKNOWN_CA'}
UNTRUSTED = {'node': 'error: UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'python': 'error: CERTIFICATE_VERIFY_FAILED'}
TLS12 = ['TLSv1.2', 'TLSv1.2']
BULK_BYTES = 16 << 20


def client(check, runtime, port, **options):
    trust = {'ca': str(CA), 'name': 'localhost', **options}
    return check.run(*COMMANDS[runtime], 'client', json.dumps({'port': port, **trust}))


def page(check, way, runtime, server, expected, **options):
    done = client(check, runtime, server.port, get=True, **options)
    check.expect(done.status == 0, f'{runtime} ended with {done.status}')
    check.expect_words(done.said(), *page_lines(way, **expected))
    return done


def refused(check, runtime, server, error, reason, **options):
    """The client must say which alert it got, and serve why it sent it."""
    done = client(check, runtime, server.port, get=True, **options)
    check.expect(done.status == 1, f'{runtime} ended with {done.status}')
    check.expect_words(done.said(), error)
    server.wait_for(reason)


def keys(check, way, runtime):
    for key, scheme in SCHEMES.items():
        server = check.serve(way, '--www', key=key)
        page(check, way, runtime, server, {'signature_scheme': scheme, 'server_name': 'localhost', 'retried': 'no'})
        stop(check, server, '1 handshake completed', '0 connections failed')


def suites(check, way, runtime):
    for suite in SUITES:
        server = check.serve(way, '--www', '--suites', suite)
        page(check, way, runtime, server, {'cipher_suite': suite})


def retry(check, way, runtime, group):
    """Both send a share for the first of OpenSSL's groups, x25519, unless they are told otherwise."""
    server = check.serve(way, '--www', '--groups', group)
    page(check, way, runtime, server, {'group': group, 'retried': 'yes'})
    stop(check, server, '1 handshake completed (1 with a retry)', '0 connections failed')


def alpn(check, way, runtime):
    server = check.serve(way, '--www', '--alpn', 'http/1.1,h2')
    done = page(check, way, runtime, server, {'ALPN': 'http/1.1'}, alpn=['h2', 'http/1.1'])
    check.expect_words(done.said(), 'alpn: http/1.1')
    check.expect_words(page(check, way, runtime, server, {'ALPN': 'none'}).said(), 'alpn: none')
    refused(check, runtime, server, NO_ALPN[runtime], 'alert sent: no_application_protocol 120', alpn=['imap'])


def refusals(check, way, runtime):
    server = check.serve(way, '--www')
    refused(check, runtime, server, VERSION[runtime], 'version_unsupported: .*alert sent: protocol_version 70', versions=TLS12)
    refused(check, runtime, server, HANDSHAKE[runtime], 'no_common_group: .*alert sent: handshake_failure 40',
            groups='secp521r1')
    done = client(check, runtime, server.port, get=True, ca=str(KEYS / 'other-ca.pem'))
    check.expect(done.status == 1, f'{runtime} accepts another authority')
    check.expect_words(done.said(), UNTRUSTED[runtime])
    # Node judges the certificate only when the handshake is over, and then just goes.
    server.wait_for('peer_alert: .*unknown_ca 48' if runtime == 'python' else 'transport_truncated: ')
    stop(check, server, '3 connections failed')


def echo_large(check, way, runtime, *options):
    server = check.serve(way, '--echo', '--once', *options)
    done = client(check, runtime, server.port, echo=BULK_BYTES)
    check.expect(done.status == 0, f'{runtime} ended with {done.status}')
    check.expect_words(done.said(), f'echoed: {BULK_BYTES}\n')
    check.expect(server.end() == 0, 'serve --once ended with an error')


def exporter(check, way):
    server = check.serve(way, '--www', '--export-label', 'EXPORTER-interop', '--export-bytes', '80')
    done = page(check, way, 'node', server, {}, exporter='EXPORTER-interop')
    exported = [line for line in done.said().splitlines() if line.startswith('exported: ')]
    check.expect(len(exported) == 2 and len(set(exported)) == 1, f'the exported keys differ: {exported}')


def key_log(check, way, runtime):
    ours, theirs = check.file('ours'), check.file('theirs')
    server = check.serve(way, '--www', '--keylog', ours)
    page(check, way, runtime, server, {}, keylog=str(theirs))
    theirs_lines = {line for line in theirs.read_text().splitlines() if not line.startswith('#')}
    ours_lines = set(ours.read_text().splitlines())
    check.expect(len(ours_lines) == 5 and ours_lines == theirs_lines, f'the key logs differ:\n{ours_lines}\n{theirs_lines}')


def serve(check, runtime, key='ecdsa-p256', **options):
    files = dict(zip(('cert', 'key'), map(str, pair(key, '', '')[1::2])))
    server = check.start(*COMMANDS[runtime], 'server', json.dumps({**files, **options}))
    server.port = int(server.wait_for(r'listening on: (\d+)\n')[1])
    return server


def server_keys(check, runtime):
    for key, scheme in SCHEMES.items():
        server = serve(check, runtime, key=key)
        fetch(check, server, signature_scheme=scheme, server_name='localhost', retried='no')
        server.wait_for('server name: localhost\n')


def server_retry(check, runtime, group):
    server = serve(check, runtime, groups={'x25519': 'X25519', 'secp256r1': 'prime256v1'}.get(group, group))
    others = [other for other in GROUPS if other != group]
    fetch(check, server, '--groups', ','.join(others + [group]), group=group, retried='yes')


def server_alpn(check, runtime):
    server = serve(check, runtime, alpn=['h2', 'http/1.1'])
    fetch(check, server, '--alpn', 'http/1.1', ALPN='http/1.1')
    fetch(check, server, '--alpn', 'http/1.1,h2', ALPN='h2')
    fetch(check, server, ALPN='none')
    if runtime == 'node' and int(check.run('node', '-p', 'process.versions.node.split(".")[0]').out) >= 20:
        refuse(check, server, 'peer_alert: ', 'no_application_protocol 120', '--alpn', 'imap')
    else:  # Python and older Node go on without a protocol
        fetch(check, server, '--alpn', 'imap', ALPN='none')


def server_echo(check, runtime, *options):
    server = serve(check, runtime, echo=True)
    data = bytes(range(256)) * 16384
    # Python's program answers each portion before it reads the next one, so that both could wait for each other.
    portion_bytes = 65536
    peer = check.start(check.tocsin, 'connect', *to(server), *options)
    for start in range(0, len(data), portion_bytes):
        peer.write(data[start:start + portion_bytes])
        if runtime == 'python':
            peer.wait_until(lambda: len(peer.out) >= start + portion_bytes, 'the whole echo')
    peer.close_input()
    check.expect(peer.end() == 0, 'connect ended with an error')
    check.expect(bytes(peer.out) == data, 'the echo differs from what was sent')


def server_refusals(check, runtime):
    server = serve(check, runtime)
    refuse(check, server, 'certificate_issuer_unknown: ', 'alert sent: unknown_ca', ca=KEYS / 'other-ca.pem')
    server.wait_for(f'error: .*{UNKNOWN_CA[runtime]}')
    refuse(check, serve(check, runtime, versions=TLS12), 'peer_alert: ', 'protocol_version 70')


def checks():
    for runtime in COMMANDS:
        for way in ('direct', 'acceptor'):
            def claim(name, function, *arguments):
                return (f'serve {way}: {name}',
                        lambda check, way=way, runtime=runtime: function(check, way, runtime, *arguments))
            yield claim(f'{runtime} with every key', keys)
            yield claim(f'{runtime} with every suite', suites)
            for group in ('secp256r1', 'secp384r1'):
                yield claim(f'{runtime} after HelloRetryRequest to {group}', retry, group)
            yield claim(f'ALPN with {runtime}', alpn)
            yield claim(f'{runtime} is told why it is refused', refusals)
            yield claim(f'key log as at {runtime}', key_log)
            yield claim(f'16 MiB both ways at once with {runtime}', echo_large)
            yield claim(f'16 MiB in padded records with {runtime}', echo_large, '--padding', '100')
            if runtime == 'node':
                yield f'serve {way}: exporter as at node', lambda check, way=way: exporter(check, way)

        def claim_of_connect(name, function, *arguments):
            return f'connect: {name}', lambda check, runtime=runtime: function(check, runtime, *arguments)
        yield claim_of_connect(f'{runtime} with every key', server_keys)
        for group in GROUPS if runtime == 'node' else ('secp256r1', 'secp384r1'):  # Python 3.11.2 takes no X25519 by name
            yield claim_of_connect(f'{runtime} after HelloRetryRequest to {group}', server_retry, group)
        yield claim_of_connect(f'ALPN with {runtime}', server_alpn)
        yield claim_of_connect(f'4 MiB there and back with {runtime}', server_echo)
        yield claim_of_connect(f'4 MiB there and back with {runtime}, after KeyUpdate both ways', server_echo, '--update-keys')
        yield claim_of_connect(f'{runtime} is refused, or refuses', server_refusals)
