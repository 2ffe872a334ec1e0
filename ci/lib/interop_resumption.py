"""Checks of resumption in TLS 1.2 and DTLS 1.2, by both ends' words: other stacks' clients come back to `tocsin serve`, and `tocsin
connect` to their servers; by tickets and by session ids."""
import interop_dtls
from interop_client import connect
from interop_dtls import LAST_LINE
from interop_server import GET, TLS12_ONLY, gnutls_cli, s_client, stop

RESUMED = 'resumed: yes'
IN_FULL = 'resumed: no'
BOTH = ('--tls', '1.2,1.3')
# What a server of ours is given, and what makes other stacks go by it.
WAYS = {
    'tickets': {'serve': ('--tickets',), 's_client': (), 'gnutls-cli': '', 's_server': ('-no_cache',), 'gnutls-serv': ()},
    'session ids': {'serve': ('--session-cache', '10'), 's_client': ('-no_ticket',), 'gnutls-cli': ':%NO_TICKETS',
                    's_server': ('-no_ticket',), 'gnutls-serv': ('--noticket',)},
}


def s_client_twice(check, server, file, *options):
    """What s_client says the first and the second time."""
    first = s_client(check, server, '-tls1_2', '-sess_out', file, *options)
    return first, s_client(check, server, '-tls1_2', '-sess_in', file, *options)


def s_client_comes_back(check, way, by):
    server = check.serve(way, '--www', *BOTH, *WAYS[by]['serve'])
    first, second = s_client_twice(check, server, check.file('session'), *WAYS[by]['s_client'])
    check.expect_words(first, 'New, TLSv1.2', IN_FULL, 'group: x25519')
    check.expect_words(second, 'Reused, TLSv1.2', RESUMED, 'group: none', 'server name: localhost')
    stop(check, server, '2 handshakes completed', '1 resumed', '0 connections failed')


def s_client_comes_back_often(check, way, by):
    """-reconnect: five times, each without a word."""
    server = check.serve(way, '--www', *BOTH, *WAYS[by]['serve'])
    text = s_client(check, server, '-tls1_2', '-reconnect', *WAYS[by]['s_client'])
    check.expect(text.count('Reused, TLSv1.2') == 5, 'not reused five times')
    stop(check, server, '6 handshakes completed', '5 resumed')


def gnutls_cli_comes_back(check, way, by):
    server = check.serve(way, '--www', *BOTH, *WAYS[by]['serve'])
    text = gnutls_cli(check, server, '--resume', priority=TLS12_ONLY + WAYS[by]['gnutls-cli'])
    check.expect_words(text, 'This is a resumed session', RESUMED)
    stop(check, server, '1 resumed')


def not_resumed(check, way):
    """Another server name, another suite, tickets of a server that has gone: a full handshake each time, and no error."""
    server = check.serve(way, '--www', *BOTH, '--tickets')
    file = check.file('session')
    s_client(check, server, '-tls1_2', '-sess_out', file)
    check.expect_words(s_client(check, server, '-tls1_2', '-sess_in', file, '-servername', 'example.test'), 'New, TLSv1.2', IN_FULL)
    plain = check.serve(way, '--www', *BOTH)
    check.expect_words(s_client(check, plain, '-tls1_2', '-sess_in', file), 'New, TLSv1.2', IN_FULL)
    other = check.serve(way, '--www', *BOTH, '--tickets')
    check.expect_words(s_client(check, other, '-tls1_2', '-sess_in', file), 'New, TLSv1.2', IN_FULL)
    brief = check.serve(way, '--www', *BOTH, '--tickets', '--session-lifetime-s', '1')
    s_client(check, brief, '-tls1_2', '-sess_out', file)
    check.run('sleep', '2.1')
    check.expect_words(s_client(check, brief, '-tls1_2', '-sess_in', file), 'New, TLSv1.2', IN_FULL)
    for each in (server, plain, other, brief):
        stop(check, each, '0 connections failed')


def one_secret(check, way):
    """Two servers with one secret take each other's tickets."""
    secret, file = check.file('secret'), check.file('session')
    secret.write_bytes(bytes(range(48)))
    servers = [check.serve(way, '--www', *BOTH, '--ticket-secret', secret) for _ in range(2)]
    s_client(check, servers[0], '-tls1_2', '-sess_out', file)
    check.expect_words(s_client(check, servers[1], '-tls1_2', '-sess_in', file), 'Reused, TLSv1.2', RESUMED)


def client_certificate_remembered(check, way, by):
    ca = interop_dtls.CLIENT_CA
    shown = ('-cert', ca.parent / 'client-ecdsa-p256.pem', '-key', ca.parent / 'client-ecdsa-p256.key.pem')
    server = check.serve(way, '--www', *BOTH, *WAYS[by]['serve'], '--client-ca', ca)
    _, second = s_client_twice(check, server, check.file('session'), *WAYS[by]['s_client'], *shown)
    check.expect_words(second, 'Reused, TLSv1.2', RESUMED, 'client certificate: CN=tocsin test client ecdsa-p256')


def connect_twice(check, server, *options):
    """What `tocsin connect` says the first and the second time, and the pages that it gets."""
    done = [connect(check, server.port, '--wait', *BOTH, '--session', check.file('session'), *options, stdin=GET) for _ in range(2)]
    for one in done:
        check.expect(one.status == 0, f'connect ended with {one.status}')
    return [one.said() for one in done]


def connect_comes_back(check, peer, by):
    if peer == 's_server':
        server = check.s_server('-www', '-tls1_2', *WAYS[by][peer])
    elif peer == 'serve':
        server = check.serve('direct', '--www', *BOTH[:1], '1.2', *WAYS[by]['serve'])
    else:
        server = check.gnutls_serv('--http', f'--priority={TLS12_ONLY}', *WAYS[by][peer])
    first, second = connect_twice(check, server)
    check.expect_words(first, IN_FULL, 'HTTP/1.0 200 ')
    check.expect_words(second, RESUMED, 'HTTP/1.0 200 ')
    if peer == 's_server':
        check.expect_words(first, 'New, TLSv1.2')
        check.expect_words(second, 'Reused, TLSv1.2')
    elif peer == 'gnutls-serv':
        server.wait_for('This is a resumed session')


def connect_without(check, peer):
    """A server that resumes nothing."""
    server = check.s_server('-www', '-tls1_2', '-no_ticket', '-no_cache')
    for text in connect_twice(check, server):
        check.expect_words(text, IN_FULL, 'New, TLSv1.2')


def tls13_after_tls12(check):
    """A session of TLS 1.2 does not hold a client of both versions back."""
    old = check.s_server('-www', '-tls1_2')
    connect_twice(check, old)
    new = check.s_server('-www')
    check.expect_words(connect_twice(check, new)[0], 'version: TLSv1.3\n')


def dtls_clients_come_back(check, client, by):
    server = interop_dtls.serve(check, '--www', *WAYS[by]['serve'])
    file = check.file('session')
    if client == 's_client':
        interop_dtls.s_client(check, server.port, '-sess_out', file, *WAYS[by][client])
        text = interop_dtls.s_client(check, server.port, '-sess_in', file, *WAYS[by][client])
        check.expect_words(text, 'Reused, ', RESUMED)
    else:
        process = check.start('gnutls-cli', '--udp', '--resume', '--port', server.port, '--x509cafile', interop_dtls.CA,
                              '--sni-hostname=localhost', '--verify-hostname=localhost',
                              f'--priority={interop_dtls.GNUTLS}{WAYS[by][client]}', '127.0.0.1')
        process.wait_for('This is a resumed session')
        process.write(GET)
        process.wait_for(LAST_LINE)
        check.expect_words(process.said(), RESUMED)


def dtls_connect_comes_back(check, peer, by):
    """These servers have one peer at a time, and so the first has to say farewell."""
    server = interop_dtls.peer_server(check, peer, 'ecdsa-p256', *WAYS[by][peer])
    for word, expected in (('one', IN_FULL), ('two', RESUMED)):
        client = check.start(check.tocsin, 'connect', '--dtls', f'127.0.0.1:{server.port}', '--name', 'localhost', '--ca',
                             interop_dtls.CA, '-v', '--session', check.file('session'))
        client.wait_for(expected)
        client.write(f'{word} of tocsin\n'.encode())
        (server if peer == 's_server' else client).wait_for(f'{word} of tocsin')
        client.close_input()
        check.expect(client.end() == 0, 'connect did not end with 0')
    if peer == 's_server':
        server.wait_for('Reused session-id')


def dtls_lossy(check):
    """Over a network that loses and swaps datagrams."""
    server = interop_dtls.serve(check, '--www', '-v', '--tickets')
    file = check.file('session')
    for seed in range(4):
        relay = interop_dtls.LossyRelay(server.port, 0.1, seed)
        client = check.start(check.tocsin, 'connect', '--dtls', f'127.0.0.1:{relay.port}', '--name', 'localhost', '--ca',
                             interop_dtls.CA, '--wait', '-v', '--session', file)
        interop_dtls.wait_patiently(client, RESUMED if seed else IN_FULL)
        interop_dtls.wait_patiently(server, f'(handshake complete; version: DTLSv1.2[^\\n]*\n[^$]*){{{seed + 1}}}')
        client.kill()
        relay.close()


def checks():
    for by in WAYS:
        for way in ('direct', 'acceptor'):
            def claim(name, function, *arguments):
                return f'resumption: serve {way}, {by}: {name}', lambda check, way=way: function(check, way, *arguments)
            yield claim('s_client', s_client_comes_back, by)
            yield claim('s_client -reconnect', s_client_comes_back_often, by)
            yield claim('gnutls-cli --resume', gnutls_cli_comes_back, by)
            yield claim('a client certificate is remembered', client_certificate_remembered, by)
        for peer in ('s_server', 'gnutls-serv', 'serve'):
            yield f'resumption: connect, {by}: {peer}', lambda check, peer=peer, by=by: connect_comes_back(check, peer, by)
        for client in ('s_client', 'gnutls-cli'):
            yield (f'resumption: serve --dtls, {by}: {client}',
                   lambda check, client=client, by=by: dtls_clients_come_back(check, client, by))
        for peer in ('s_server', 'gnutls-serv'):
            yield (f'resumption: connect --dtls, {by}: {peer}',
                   lambda check, peer=peer, by=by: dtls_connect_comes_back(check, peer, by))
    for way in ('direct', 'acceptor'):
        yield f'resumption: serve {way}: what is not resumed', lambda check, way=way: not_resumed(check, way)
        yield f'resumption: serve {way}: two servers with one secret', lambda check, way=way: one_secret(check, way)
    yield 'resumption: connect: a server that resumes nothing', lambda check: connect_without(check, 's_server')
    yield 'resumption: connect: TLS 1.3 after TLS 1.2', tls13_after_tls12
    yield 'resumption: connect --dtls: a network that loses datagrams', dtls_lossy
