"""Checks of the command line: what cannot be done is told in one clear line, with exit status 2."""
import socket

from interop_check import KEYS, pair

KEY = pair('ecdsa-p256', '--cert', '--key')
SERVE = ['serve', '--listen', '127.0.0.1:0', *KEY]
CONNECT = ['connect', '127.0.0.1:1']


def refused(check, arguments, words):
    done = check.run(check.tocsin, *arguments)
    check.expect(done.status == 2, f'tocsin ended with {done.status}')
    check.expect(done.err.count(b'\n') == 1 and not done.out, 'not exactly one line')
    check.expect_words(done.err.decode(), 'tocsin: ', *words)


def busy_port(check):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        refused(check, ['serve', '--listen', f'127.0.0.1:{port}', *KEY], [f'127.0.0.1:{port}', 'Address already in use'])


def unreadable_files(check):
    empty, noise, missing = check.file('empty.pem'), check.file('noise.pem'), check.file('missing.pem')
    empty.write_text('')
    noise.write_bytes(bytes(range(256)))
    good = KEYS / 'server-ed25519.pem'
    for bad in (empty, noise, missing, check.scratch):
        refused(check, ['serve', '--listen', '0', '--cert', bad, '--key', KEYS / 'server-ed25519.key.pem'], [str(bad)])
        refused(check, ['serve', '--listen', '0', '--cert', good, '--key', bad], [str(bad)])
    for bad in (empty, noise, missing):
        refused(check, [*CONNECT, '--ca', bad], [str(bad)])
        refused(check, [*SERVE, '--client-ca', bad], [str(bad)])
    refused(check, [*SERVE, '--keylog', check.file('missing') / 'keys'], ['key log', 'No such file or directory'])


def help_pages(check):
    for arguments in (['--help'], ['serve', '--help'], ['connect', '--help'], ['explain', '--help'], ['replay', '--help']):
        done = check.run(check.tocsin, *arguments)
        check.expect(done.status == 0 and b'Usage: tocsin' in done.out, f'{arguments} ended with {done.status}')


def echo_on_any_port(check):
    """PORT alone means loopback, and port 0 a free one; the first line tells which. connect ends its side long before the
    echo is whole, and must still get the rest."""
    data = bytes(range(256)) * 8192
    server = check.start(check.tocsin, 'serve', '--listen', '0', *KEY, '--once', '--echo')
    port = server.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1]
    client = check.run(check.tocsin, 'connect', f'127.0.0.1:{port}', '--ca', KEYS / 'ca.pem', stdin=data)
    check.expect(client.status == 0 and bytes(client.out) == data,
                 f'connect ended with {client.status} and {len(client.out)} bytes')
    check.expect(server.end() == 0, 'serve --once ended with an error')


def once_tells_of_failure(check):
    server = check.start(check.tocsin, *SERVE, '--once')
    port = int(server.wait_for(r'^listening on 127\.0\.0\.1:(\d+)\n')[1])
    socket.create_connection(('127.0.0.1', port)).close()
    check.expect(server.end() == 1, 'serve --once ended as if all were well')


REFUSED = {
    'no subcommand': ([], ['subcommand']),
    'unknown subcommand': (['dance'], ['dance']),
    'unknown option': ([*SERVE, '--dance'], ['--dance']),
    'serve without a certificate': (['serve', '--listen', '0'], ['--cert']),
    'a certificate without a key': ([*SERVE, '--cert', KEYS / 'server-ed25519.pem'], ['every --cert needs its own --key']),
    'a key of another certificate': (['serve', '--listen', '0', '--cert', KEYS / 'server-ed25519.pem', '--key',
                                      KEYS / 'server-ecdsa-p256.key.pem'], ['server-ecdsa-p256.key.pem', 'server-ed25519.pem']),
    'unknown way in': ([*SERVE, '--accept', 'window'], ['--accept', 'window']),
    'page and echo at once': ([*SERVE, '--www', '--echo'], ['--www', '--echo']),
    'unknown group': ([*SERVE, '--groups', 'x25519,x448'], ["group 'x448'"]),
    'repeated group': ([*SERVE, '--groups', 'P-256,secp256r1'], ['twice']),
    'unknown suite': ([*SERVE, '--suites', 'RC4-MD5'], ["cipher suite 'RC4-MD5'"]),
    'empty ALPN name': ([*SERVE, '--alpn', 'h2,,h3'], ['ALPN']),
    'record size limit': ([*SERVE, '--record-size-limit', '63'], ['--record-size-limit', '63']),
    'negative number': ([*SERVE, '--padding', '-1'], ['--padding']),
    'number with letters': ([*SERVE, '--max-connections', '1o'], ['--max-connections']),
    'listen on no address': (['serve', '--listen', 'localhost:', *KEY], ["'localhost:'"]),
    'listen on an unknown service': (['serve', '--listen', '127.0.0.1:no-such-service', *KEY], ['no-such-service']),
    'listen on an address of others': (['serve', '--listen', '192.0.2.1:0', *KEY], ['192.0.2.1:0', 'Cannot assign']),
    'connect to nothing': (['connect'], ['address']),
    'connect without a port': (['connect', 'localhost'], ["'localhost'"]),
    'client authentication without authorities': ([*SERVE, '--client-auth', 'optional'], ['--client-auth', '--client-ca']),
    'unknown client authentication': ([*SERVE, '--client-ca', KEYS / 'client-ca.pem', '--client-auth', 'maybe'],
                                      ['--client-auth', 'maybe']),
    "a client's certificate without a key": ([*CONNECT, '--cert', KEYS / 'client-ed25519.pem'],
                                             ['every --cert needs its own --key']),
    'too many key shares': ([*CONNECT, '--key-shares', '4'], ['--key-shares']),
    'insecure and secure at once': ([*CONNECT, '--ca', KEYS / 'ca.pem', '--insecure-accept-any-certificate'],
                                    ['--ca', '--insecure-accept-any-certificate']),
}


def checks():
    for name, arguments in REFUSED.items():
        yield f'usage: {name}', lambda check, arguments=arguments: refused(check, *arguments)
    yield 'usage: busy port', busy_port
    yield 'usage: unreadable files', unreadable_files
    yield 'usage: help', help_pages
    yield 'usage: any port', echo_on_any_port
    yield 'usage: --once tells of a failure', once_tells_of_failure
