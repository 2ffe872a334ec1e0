"""Checks over IPv6: `tocsin serve --listen [::1]:0`, and `tocsin connect [::1]:PORT`."""
import socket

from interop_check import TIMEOUT_S, Skipped
from interop_server import CA, GET, page_lines, stop

HOST = '[::1]'


def serve(check, way, *options):
    try:
        socket.create_server(('::1', 0), family=socket.AF_INET6).close()
    except OSError as error:
        raise Skipped(f'no ::1 here: {error.strerror}') from None
    return check.serve(way, *options, host=HOST)


def clients(check, way):
    server = serve(check, way, '--www', '-v')
    where = f'{HOST}:{server.port}'
    lines = page_lines(way, server_name='localhost')
    done = check.run('openssl', 's_client', '-connect', where, '-servername', 'localhost', '-CAfile', CA,
                     '-verify_return_error', '-ign_eof', stdin=GET)
    check.expect_words(done.said(), *lines)
    done = check.run('curl', '--silent', '--show-error', '--include', '--cacert', CA, '--max-time', str(TIMEOUT_S), '--resolve',
                     f'localhost:{server.port}:{HOST}', f'https://localhost:{server.port}/')
    check.expect_words(done.said(), *lines)
    done = check.run(check.tocsin, 'connect', where, '--name', 'localhost', '--ca', CA, '--wait', stdin=GET)
    check.expect(done.status == 0, f'connect ended with {done.status}')
    check.expect_words(done.said(), *lines)
    # The log calls each client by its address, and tells what it did wrong, as with IPv4.
    server.wait_for(r'\[::1\]:\d+: handshake complete; version: TLSv1\.3')
    with socket.create_connection(('::1', server.port), TIMEOUT_S) as peer:
        peer.sendall(b'GET / HTTP/1.0\r\n\r\n')
        answer = peer.recv(100)
        check.expect(len(answer) == 7 and answer[0] == 21, f'the answer to HTTP is {answer.hex()}')
    server.wait_for(r'\[::1\]:\d+: record_type_unknown: ')
    stop(check, server, '4 connections accepted, 3 handshakes completed', '1 connection failed')


def address_as_name(check):
    """Without --name the address itself is checked: the test certificate is not for it, and it is never sent (RFC 6066 3)."""
    server = serve(check, 'direct', '-v')
    done = check.run(check.tocsin, 'connect', f'{HOST}:{server.port}', '--ca', CA)
    check.expect(done.status == 1, f'connect ended with {done.status}')
    check.expect_words(done.err.decode(), 'certificate_name_mismatch: ', 'alert sent: bad_certificate 42')
    server.wait_for('peer_alert: .*bad_certificate 42')


def busy_port(check):
    server = serve(check, 'direct')
    done = check.run(check.tocsin, 'serve', '--listen', f'{HOST}:{server.port}', *server.command[6:])
    check.expect(done.status == 2, f'serve ended with {done.status}')
    check.expect_words(done.err.decode(), f'::1:{server.port}', 'Address already in use')


def checks():
    for way in ('direct', 'acceptor'):
        yield f'IPv6: serve {way}', lambda check, way=way: clients(check, way)
    yield 'IPv6: an address as the name', address_as_name
    yield 'IPv6: busy port', busy_port
