"""Checks of DTLS 1.2: other stacks' clients at `tocsin serve --dtls`, and `tocsin connect --dtls` at their servers; datagrams of every
size, and a network that loses, doubles and reorders."""
import re
import socket

from interop_check import KEYS, Failed, pair
from interop_server import CA, GET
from interop_tls12 import KINDS, SUITES
from lossy_relay import LossyRelay
from nat_relay import NatRelay
from relay import CLIENT

MTUS = (256, 300, 512, 1200, 1400)
GNUTLS = 'NORMAL:-VERS-ALL:+VERS-DTLS1.2'
CID = 25  # the content type tls12_cid
LAST_LINE = 'this server: DTLS'  # of the page
CLIENT_CA = KEYS / 'client-ca.pem'


def serve(check, *options, key='ecdsa-p256'):
    process = check.start(check.tocsin, 'serve', '--dtls', '--listen', '127.0.0.1:0', *pair(key, '--cert', '--key'), *options)
    process.port = int(process.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1])
    return process


def wait_patiently(process, pattern):
    """What is lost costs a second, then two, four, eight: more than once a check's usual patience."""
    for _ in range(2):
        try:
            return process.wait_for(pattern)
        except Failed:
            if process.popen.poll() is not None:
                raise
    return process.wait_for(pattern)


def page_of(client):
    client.write(GET)
    client.wait_for(LAST_LINE)
    return client.said()


def s_client(check, port, *options):
    client = check.start('openssl', 's_client', '-dtls1_2', '-connect', f'127.0.0.1:{port}', '-servername', 'localhost', '-CAfile', CA,
                         '-verify_return_error', '-verify_hostname', 'localhost', *options)
    client.wait_for('Verify return code: 0')
    return page_of(client)


def gnutls_cli(check, port, *options, priority=GNUTLS):
    client = check.start('gnutls-cli', '--udp', '--port', port, '--x509cafile', CA, '--sni-hostname=localhost',
                         '--verify-hostname=localhost', f'--priority={priority}', *options, '127.0.0.1')
    client.wait_for('Handshake was completed')
    return page_of(client)


CLIENTS = {'s_client': s_client, 'gnutls-cli': gnutls_cli}


def stop(check, server, *words):
    server.popen.terminate()
    check.expect(server.end() == 0, 'serve did not end with 0')
    check.expect_words(server.err.decode().splitlines()[-1], *words)


def keys(check, client, key):
    server = serve(check, '--www', key=key)
    check.expect_words(CLIENTS[client](check, server.port), 'HTTP/1.0 200 OK', 'server name: localhost')
    stop(check, server, '1 handshake completed', '0 failed', 'cookies sent: 1')


def suites(check, client, key):
    server = serve(check, '--www', key=key)
    for suite, (openssl_suite, gnutls_suite, _) in SUITES.items():
        name = suite.format(KINDS[key])
        if client == 's_client':
            text = s_client(check, server.port, '-cipher', openssl_suite.format(KINDS[key]))
        else:
            text = gnutls_cli(check, server.port, priority=f'{GNUTLS}:-CIPHER-ALL:{gnutls_suite}')
        check.expect_words(text, f'cipher suite: {name}')
    stop(check, server, '3 handshakes completed', '0 failed')


def mtus(check, client):
    for mtu in MTUS:
        server = serve(check, '--www', '--mtu', str(mtu))
        # OpenSSL counts the headers of IP and UDP. A ClientHello in fragments cannot be answered without keeping them, so its lists are
        # short; what OpenSSL offers by default fits into 300 bytes.
        small = ('-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-groups', 'P-256', '-sigalgs', 'ECDSA+SHA256')
        options = {'s_client': ('-mtu', str(mtu + 28), *small), 'gnutls-cli': (f'--mtu={mtu}',)}[client]
        CLIENTS[client](check, server.port, *options)
        stop(check, server, '1 handshake completed', '0 failed')


def lossy(check, client):
    """The handshake completes; data may be lost for good."""
    for seed in range(4):
        server = serve(check, '--www', '--mtu', '400', '-v')
        relay = LossyRelay(server.port, 0.1, seed)
        command, proof = {'s_client': (('openssl', 's_client', '-dtls1_2', '-connect', f'127.0.0.1:{relay.port}', '-CAfile', CA),
                                       'Verify return code: 0'),
                          'gnutls-cli': (('gnutls-cli', '--udp', '--port', relay.port, '--x509cafile', CA,
                                          '--verify-hostname=localhost', f'--priority={GNUTLS}', '127.0.0.1'),
                                         'Handshake was completed')}[client]
        wait_patiently(check.start(*command), proof)
        server.wait_for('handshake complete; version: DTLSv1.2')
        relay.close()


def client_certificates(check, client):
    server = serve(check, '--www', '--client-ca', CLIENT_CA)
    name = {'s_client': ('-cert', '-key'), 'gnutls-cli': ('--x509certfile', '--x509keyfile')}[client]
    options = [word for option, end in zip(name, ('.pem', '.key.pem')) for word in (option, KEYS / f'client-ecdsa-p256{end}')]
    check.expect_words(CLIENTS[client](check, server.port, *options), 'client certificate: CN=tocsin test client ecdsa-p256')


def connect(check, port, *options):
    """Sends a line, waits for the answer, and ends."""
    client = check.start(check.tocsin, 'connect', '--dtls', f'127.0.0.1:{port}', '--name', 'localhost', '--ca', CA, '--wait', '-v',
                         *options)
    wait_patiently(client, 'version: DTLSv1.2')
    return client


def peer_server(check, peer, key, *options):
    if peer == 's_server':
        server = check.s_server('-dtls1_2', *options, key=key)
    else:
        command = ['gnutls-serv', '--udp', '--echo', '--disable-client-cert', *pair(key, '--x509certfile', '--x509keyfile'),
                   f'--priority={GNUTLS}', *options]
        server = check.on_free_port(lambda port: [*command, f'--port={port}'],
                                    lambda process: process.wait_for(r'UDP|listening|ready'))
    return server


def talk(check, server, client, peer):
    client.write(b'hello from tocsin\n')
    if peer == 's_server':
        server.wait_for('hello from tocsin')
        server.write(b'hello from s_server\n')
        client.wait_for('hello from s_server')
    else:
        client.wait_for('hello from tocsin')


def at(check, peer, key):
    server = peer_server(check, peer, key)
    talk(check, server, connect(check, server.port), peer)


def at_with_mtu(check, peer):
    for mtu in MTUS:
        server = peer_server(check, peer, 'ecdsa-p256', *(['-mtu', str(mtu)] if peer == 's_server' else [f'--mtu={mtu}']))
        talk(check, server, connect(check, server.port, '--mtu', str(mtu)), peer)


def at_lossy(check, peer):
    for seed in range(4):
        server = peer_server(check, peer, 'ecdsa-p256')
        relay = LossyRelay(server.port, 0.1, seed)
        connect(check, relay.port, '--mtu', '400')
        relay.close()


def refused(check):
    server = serve(check, '--www')
    done = check.start('openssl', 's_client', '-dtls1', '-connect', f'127.0.0.1:{server.port}', '-cipher', 'DEFAULT@SECLEVEL=0')
    done.wait_for('alert protocol version')
    server.wait_for('version_unsupported: .*alert sent: protocol_version 70')
    wrong = check.run(check.tocsin, 'connect', '--dtls', f'127.0.0.1:{server.port}', '--name', 'other.test', '--ca', CA)
    check.expect(wrong.status == 1, f'connect ended with {wrong.status}')
    check.expect_words(wrong.err.decode(), 'certificate_name_mismatch: ')


def strays_counted(check):
    server = serve(check, '--www')
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stray:
        for datagram in (b'', b'\xff' * 40, bytes.fromhex('15fefd00010000000000050018') + bytes(24),
                         bytes.fromhex('15fefd000000000000000500020100')):
            stray.sendto(datagram, ('127.0.0.1', server.port))
    s_client(check, server.port)
    server.popen.terminate()
    server.end()
    said = server.err.decode()
    for reason in ('datagram_empty', 'record_type_unknown', 'listening_for_plaintext', 'listening_not_for_alert'):
        check.expect(re.search(rf'\b{reason}=1\b', said), f'{reason} was not counted')


def echoed(client, line):
    client.write(line + b'\n')
    client.wait_for(line.decode())


def moved(check, *options):
    """A client behind a NAT that gives it another port, with its server knowing it by a connection id (RFC 9146)."""
    server = serve(check, '--echo', '--cid', '8', '-v')
    relay = NatRelay(server.port)
    client = connect(check, relay.port, '--cid', *options)
    echoed(client, b'before')
    old, new = relay.rebind()
    echoed(client, b'after')
    server.wait_for(rf'127\.0\.0\.1:{old}: is at 127\.0\.0\.1:{new} from now on')
    for who, datagram in list(relay.said):
        if who == CLIENT and datagram[0] == CID:
            relay.replay(datagram)
    server.wait_for('record_replayed')
    echoed(client, b'still there')
    relay.close()
    stop(check, server, '1 handshake completed', '0 failed', 'changes of address: 1')


def moved_without(check):
    """Without one it is a stranger at its new port."""
    server = serve(check, '--echo', '-v')
    relay = NatRelay(server.port)
    client = connect(check, relay.port)
    echoed(client, b'before')
    relay.rebind()
    client.write(b'after\n')
    server.wait_for('listening_for_plaintext')
    relay.close()


def checks():
    for client in CLIENTS:
        def claim(name, function, *arguments):
            return f'DTLS: serve: {client}: {name}', lambda check, client=client: function(check, client, *arguments)
        for key in KINDS:
            yield claim(key, keys, key)
        for key in ('ecdsa-p256', 'rsa2048'):
            yield claim(f'every suite with {key}', suites, key)
        yield claim('datagrams of every size', mtus)
        yield claim('a network that loses, doubles and reorders', lossy)
        yield claim('a certificate', client_certificates)
    for peer in ('s_server', 'gnutls-serv'):
        for key in KINDS:
            # A curve that is not offered; a chain that s_server would have to be told of; OpenSSL 3.0 has no Ed25519 in DTLS.
            if key not in ('ecdsa-p521', 'intermediate') and (peer, key) != ('s_server', 'ed25519'):
                yield f'DTLS: connect: {peer}, {key}', lambda check, peer=peer, key=key: at(check, peer, key)
        yield f'DTLS: connect: {peer}: datagrams of every size', lambda check, peer=peer: at_with_mtu(check, peer)
        yield (f'DTLS: connect: {peer}: a network that loses, doubles and reorders', lambda check, peer=peer: at_lossy(check, peer))
    yield 'DTLS: a client that changes its address is known by its connection id', lambda check: moved(check, '0')
    yield 'DTLS: a client that changes its address, and both ends have a connection id', lambda check: moved(check, '5', '--padding', '64')
    yield 'DTLS: a client that changes its address without a connection id is a stranger', moved_without
    yield 'DTLS: what is not spoken is refused', refused
    yield 'DTLS: strays are counted by their reasons', strays_counted
