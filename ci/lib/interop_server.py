"""Checks of `tocsin serve`: other stacks' clients against it, each through both ways into a server."""
import socket
import ssl
import time

from interop_check import KEYS, TIMEOUT_S

GET = b'GET / HTTP/1.0\r\n\r\n'
CA = KEYS / 'ca.pem'

# Key, what a server signs with it.
SCHEMES = {
    'ecdsa-p256': 'ecdsa_secp256r1_sha256',
    'ecdsa-p384': 'ecdsa_secp384r1_sha384',
    'ecdsa-p521': 'ecdsa_secp521r1_sha512',
    'ed25519': 'ed25519',
    'rsa2048': 'rsa_pss_rsae_sha256',
    'intermediate': 'ecdsa_secp256r1_sha256',
}
# The name here and at OpenSSL and at GnuTLS.
SUITES = {
    'TLS_AES_128_GCM_SHA256': '+AES-128-GCM',
    'TLS_AES_256_GCM_SHA384': '+AES-256-GCM',
    'TLS_CHACHA20_POLY1305_SHA256': '+CHACHA20-POLY1305',
}
GROUPS = {'x25519': '+GROUP-X25519', 'secp256r1': '+GROUP-SECP256R1', 'secp384r1': '+GROUP-SECP384R1'}
OPENSSL_GROUPS = {'x25519': 'X25519', 'secp256r1': 'P-256', 'secp384r1': 'P-384'}
TLS13_ONLY = 'NORMAL:-VERS-ALL:+VERS-TLS1.3'
TLS12_ONLY = 'NORMAL:-VERS-ALL:+VERS-TLS1.2'


def s_client(check, server, *options, stdin=GET, name='localhost'):
    done = check.run('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-servername', name, '-CAfile', CA,
                     '-verify_return_error', '-verify_hostname', name, '-ign_eof', *options, stdin=stdin)
    return done.said()


def curl(check, server, *options):
    done = check.run('curl', '--silent', '--show-error', '--tlsv1.3', '--cacert', CA,
                     '--resolve', f'localhost:{server.port}:127.0.0.1', '--max-time', str(TIMEOUT_S), *options,
                     f'https://localhost:{server.port}/')
    check.expect(done.status == 0, f'curl ended with {done.status}')
    return done.said()


def gnutls_cli(check, server, *options, priority=TLS13_ONLY, stdin=GET):
    done = check.run('gnutls-cli', '--port', server.port, '--x509cafile', CA, '--sni-hostname=localhost',
                     '--verify-hostname=localhost', f'--priority={priority}', *options, '127.0.0.1', stdin=stdin)
    return done.said()


def raw(server, data, half_close=True):
    """What comes back for these bytes, until the server's end."""
    with socket.create_connection(('127.0.0.1', server.port), TIMEOUT_S) as peer:
        peer.sendall(data)
        if half_close:
            peer.shutdown(socket.SHUT_WR)
        answer = b''
        while more := peer.recv(65536):
            answer += more
        return answer


def stop(check, server, *words):
    """Ends a server and looks for words in its last report."""
    server.popen.terminate()
    status = server.end()
    check.expect(status == 0, f'serve ended with {status}')
    check.expect_words(server.err.decode().splitlines()[-1], *words)


def page_lines(way, **parameters):
    lines = [f'{name.replace("_", " ")}: {value}' for name, value in parameters.items()]
    return ['HTTP/1.0 200 OK', 'version: TLSv1.3', f'accepted by way of: {way}'] + lines


def keys(check, way, client, key):
    server = check.serve(way, '--www', key=key)
    text = {'s_client': s_client, 'curl': lambda c, s: curl(c, s, '--include'), 'gnutls-cli': gnutls_cli}[client](check, server)
    check.expect_words(text, *page_lines(way, signature_scheme=SCHEMES[key], server_name='localhost', retried='no'))
    if client == 's_client':
        check.expect_words(text, 'Verify return code: 0 (ok)', 'Verification: OK')
    stop(check, server, '1 handshake completed', '0 connections failed')


def suites_and_groups(check, way, client):
    server = check.serve(way, '--www')
    for suite, gnutls_suite in SUITES.items():
        for group, gnutls_group in GROUPS.items():
            if client == 's_client':
                text = s_client(check, server, '-ciphersuites', suite, '-groups', OPENSSL_GROUPS[group])
            else:
                text = gnutls_cli(check, server, priority=f'{TLS13_ONLY}:-CIPHER-ALL:{gnutls_suite}:-GROUP-ALL:{gnutls_group}')
            check.expect_words(text, *page_lines(way, cipher_suite=suite, group=group, retried='no'))
    stop(check, server, '9 handshakes completed', '0 connections failed')


def retry(check, way, client, group):
    server = check.serve(way, '--www', '--groups', group)
    other = 'x25519' if group != 'x25519' else 'secp384r1'
    if client == 's_client':
        text = s_client(check, server, '-groups', f'{OPENSSL_GROUPS[other]}:{OPENSSL_GROUPS[group]}')
    elif client == 'curl':
        text = curl(check, server, '--include', '--curves', f'{OPENSSL_GROUPS[other]}:{OPENSSL_GROUPS[group]}')
    else:
        priority = f'{TLS13_ONLY}:-GROUP-ALL:{GROUPS[other]}:{GROUPS[group]}'
        text = gnutls_cli(check, server, '--single-key-share', priority=priority)
    check.expect_words(text, *page_lines(way, group=group, retried='yes'))
    stop(check, server, '1 handshake completed (1 with a retry)', '0 connections failed')


def alpn(check, way):
    server = check.serve(way, '--www', '--alpn', 'http/1.1,h2')
    check.expect_words(s_client(check, server, '-alpn', 'h2'), 'ALPN protocol: h2', 'ALPN: h2')
    check.expect_words(s_client(check, server, '-alpn', 'h2,http/1.1'), 'ALPN: http/1.1')
    check.expect_words(gnutls_cli(check, server, '--alpn=h2'), 'ALPN: h2')
    check.expect_words(curl(check, server, '--http1.1'), 'ALPN: http/1.1')
    check.expect_words(s_client(check, server), 'ALPN: none')
    check.expect_words(s_client(check, server, '-alpn', 'imap'), 'alert no application protocol', 'alert number 120')
    server.wait_for('no_common_application_protocol: .*alert sent: no_application_protocol 120; RFC 7301')


def server_name(check, way):
    server = check.serve(way, '--www', '--cert', KEYS / 'server-wildcard.pem', '--key', KEYS / 'server-wildcard.key.pem')
    check.expect_words(s_client(check, server, name='localhost'), 'Verify return code: 0 (ok)', 'server name: localhost')
    check.expect_words(s_client(check, server, name='a.wild.example.test'), 'Verify return code: 0 (ok)',
                       'server name: a.wild.example.test')
    check.expect_words(gnutls_cli(check, server, '--disable-sni'), 'server name: none')


def nothing_in_common(check, way):
    server = check.serve(way, '--groups', 'x25519', '--suites', 'TLS_AES_128_GCM_SHA256')
    for option, value in (('-groups', 'P-521'), ('-ciphersuites', 'TLS_AES_256_GCM_SHA384'), ('-sigalgs', 'ed448')):
        check.expect_words(s_client(check, server, option, value), 'alert handshake failure', 'alert number 40')
    for reason in ('no_common_group', 'no_common_cipher_suite', 'no_common_signature_scheme'):
        server.wait_for(f'{reason}: .*alert sent: handshake_failure 40; RFC 8446')


def echo(check, server, client, data):
    """Sends data in portions and waits for their return, as these clients write and read in turn and not at once."""
    if client == 's_client':
        peer = check.start('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-CAfile', CA, '-quiet',
                           '-no_ign_eof', '-nocommands', '-verify_return_error', '-record_padding', '64')
    else:
        peer = check.start('gnutls-cli', '--port', server.port, '--x509cafile', CA, '--verify-hostname=localhost',
                           '--logfile', check.file('gnutls-cli.log'), f'--priority={TLS13_ONLY}', '--recordsize=4096',
                           '127.0.0.1')
    portion_bytes = 65536
    for start in range(0, len(data), portion_bytes):
        peer.write(data[start:start + portion_bytes])
        peer.wait_until(lambda: len(peer.out) >= min(start + portion_bytes, len(data)), 'the whole echo')
    peer.close_input()
    check.expect(peer.end() == 0, f'{client} ended with an error')
    check.expect(bytes(peer.out) == data, 'the echo differs from what was sent')


def echo_large(check, way, client, *options):
    server = check.serve(way, '--echo', '--once', *options)
    echo(check, server, client, b''.join(b'%063d\n' % i for i in range(16384)))
    check.expect(server.end() == 0, 'serve --once ended with an error')
    check.expect_words(server.said(), '1 handshake completed', '0 connections failed')


def small_records(check, way):
    server = check.serve(way, '--www', '--record-size-limit', '512')  # GnuTLS refuses less, which RFC 8449 allows
    check.expect_words(gnutls_cli(check, server, '--recordsize=512'), *page_lines(way, server_name='localhost'))
    stop(check, server, '1 handshake completed', '0 connections failed')


def key_update(check, way):
    server = check.serve(way, '--echo', '--once')
    peer = check.start('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-CAfile', CA, '-verify_return_error')
    peer.wait_for('Verify return code: 0')
    for number, command in enumerate((b'', b'k\n', b'K\n', b'K\n')):  # k: updates its own keys; K: asks us to do the same
        if command:
            peer.write(command)
            peer.wait_until(lambda: peer.err.count(b'KEYUPDATE') == number, 'KEYUPDATE')
        peer.write(b'line %d\n' % number)
        peer.wait_for(f'line {number}\n')
    peer.write(b'Q\n')
    check.expect(peer.end() == 0, 's_client ended with an error')
    check.expect(server.end() == 0, 'serve --once ended with an error')


def exporter(check, way):
    server = check.serve(way, '--www', '--export-label', 'EXPORTER-interop', '--export-bytes', '80')
    text = s_client(check, server, '-keymatexport', 'EXPORTER-interop', '-keymatexportlen', '80')
    theirs = [line.split(': ')[1].lower() for line in text.splitlines() if 'Keying material: ' in line]
    check.expect(theirs and len(theirs[0]) == 160, 's_client shows no keying material')
    check.expect_words(text, f'exported: {theirs[0]}')


def key_log(check, way):
    ours, theirs = check.file('ours'), check.file('theirs')
    server = check.serve(way, '--www', '--keylog', ours)
    s_client(check, server, '-keylogfile', theirs)
    theirs_lines = {line for line in theirs.read_text().splitlines() if not line.startswith('#')}
    ours_lines = set(ours.read_text().splitlines())
    check.expect(len(ours_lines) == 5 and ours_lines == theirs_lines, f'the key logs differ:\n{ours_lines}\n{theirs_lines}')


def tls12_only(check, way):
    server = check.serve(way, '--www')
    check.expect_words(s_client(check, server, '-tls1_2'), 'alert protocol version', 'alert number 70')
    server.wait_for('version_unsupported: .*alert sent: protocol_version 70; RFC 8446 4.2.1')
    check.expect_words(gnutls_cli(check, server, priority=TLS12_ONLY), 'Received alert [70]: Error in protocol version')
    refused = check.run('curl', '--silent', '--show-error', '--tls-max', '1.2', '--insecure',
                        f'https://127.0.0.1:{server.port}/')
    check.expect(refused.status == 35, f'curl ended with {refused.status}')
    check.expect_words(refused.said(), 'alert protocol version')
    stop(check, server, '0 handshakes completed', '3 connections failed')


def untrusting_client(check, way):
    server = check.serve(way, '--www')
    done = check.run('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-CAfile', KEYS / 'other-ca.pem',
                     '-verify_return_error', stdin=GET)
    check.expect(done.status != 0, 's_client accepts another authority')
    server.wait_for('peer_alert: .*unknown_ca 48')


def bad_bytes(check):
    """Bytes that are not TLS, or not all of it: an alert comes back, the same through both ways, and the server goes on."""
    hello = bytes.fromhex('16030100050100000100')
    inputs = {
        'HTTP': b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
        'noise': bytes(range(7, 256)) * 40,
        'zeros': bytes(65536),
        'nothing': b'',
        'half a record header': b'\x16\x03',
        'half a message': hello,
        'a record that is too long': b'\x16\x03\x01\xff\xff' + bytes(100),
        'a ClientHello with nothing in it': bytes.fromhex('160301000401000000'),
        'application data first': bytes.fromhex('170303000568656c6c6f'),
        'a ServerHello': bytes.fromhex('160303000402000000'),
    }
    answers = {}
    for way in ('direct', 'acceptor'):
        server = check.serve(way, '--www')
        answers[way] = {name: raw(server, data) for name, data in inputs.items()}
        for name, answer in answers[way].items():
            is_fatal_alert = len(answer) == 7 and answer[0] == 21 and answer[5] == 2
            check.expect(is_fatal_alert, f'{way}: the answer to {name} is {answer.hex()}')
        check.expect_words(curl(check, server), 'version: TLSv1.3')
        stop(check, server, f'{len(inputs) + 1} connections accepted, 1 handshake completed',
             f'{len(inputs)} connections failed')
    check.expect(answers['direct'] == answers['acceptor'], f'the two ways answer differently: {answers}')
    alert = raw(check.serve('direct', '--once'), inputs['HTTP'], half_close=False)
    check.expect(len(alert) == 7, 'the alert waits for the end of the peer')


def many_at_once(check, way):
    server = check.serve(way, '--www', '--max-connections', '60', '--handshake-timeout-ms', '60000')
    idle = [socket.create_connection(('127.0.0.1', server.port), TIMEOUT_S) for _ in range(58)]
    check.expect_words(curl(check, server), 'version: TLSv1.3')
    waiting = [socket.create_connection(('127.0.0.1', server.port), TIMEOUT_S) for _ in range(2)]
    late = check.start('curl', '--silent', '--cacert', CA, '--resolve', f'localhost:{server.port}:127.0.0.1',
                       f'https://localhost:{server.port}/')
    for peer in idle + waiting:
        peer.close()
    check.expect(late.end() == 0, 'a connection beyond --max-connections is not served when its turn comes')
    stop(check, server, '62 connections accepted, 2 handshakes completed')


def slow_client(check, way):
    server = check.serve(way, '--handshake-timeout-ms', '200')
    answer = raw(server, b'\x16\x03\x01', half_close=False)
    user_canceled, close_notify = '1503030002015a', '15030300020100'
    check.expect(answer.hex() == user_canceled + close_notify, f'the answer is {answer.hex()}')
    server.wait_for('timeout: the handshake took too long')


def stop_signals(check, way):
    for signal in ('terminate', 'interrupt'):
        server = check.serve(way, '--echo')
        peer = check.start('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-CAfile', CA)
        peer.write(b'hello\n')
        peer.wait_for('\nhello\n')
        server.popen.send_signal({'terminate': 15, 'interrupt': 2}[signal])
        check.expect(peer.end() == 0, 's_client was not told of the end')
        check.expect_words(peer.said(), '\nclosed\n')
        check.expect(server.end() == 0, f'serve ended with an error after {signal}')
        check.expect_words(server.err.decode().splitlines()[-1], '1 handshake completed', '0 connections failed')


def stop_signal_and_stuck_client(check, way):
    """A client that reads nothing does not keep the server from ending, nor from serving others before."""
    server = check.serve(way, '--echo')
    connected = socket.create_connection(('127.0.0.1', server.port), TIMEOUT_S)
    with ssl.create_default_context(cafile=CA).wrap_socket(connected, server_hostname='localhost') as peer:
        peer.setblocking(False)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            try:
                peer.send(bytes(16384))
            except ssl.SSLWantWriteError:
                time.sleep(0.01)
        echo(check, server, 's_client', b'another line\n')
        started = time.monotonic()
        stop(check, server, '2 handshakes completed')
        check.expect(time.monotonic() - started < 10, 'serve waits for a client that is stuck')


def checks():
    yield 'bytes that are not TLS', bad_bytes
    for way in ('direct', 'acceptor'):
        def claim(name, function, *arguments):
            return f'serve {way}: {name}', lambda check, way=way: function(check, way, *arguments)
        for client in ('s_client', 'curl', 'gnutls-cli'):
            for key in SCHEMES:
                yield claim(f'{client} with {key}', keys, client, key)
        for client in ('s_client', 'gnutls-cli'):
            yield claim(f'{client} with every suite and group', suites_and_groups, client)
        for client in ('s_client', 'curl', 'gnutls-cli'):
            for group in GROUPS:
                yield claim(f'{client} after HelloRetryRequest to {group}', retry, client, group)
        for client in ('s_client', 'gnutls-cli'):
            yield claim(f'1 MiB there and back with {client}', echo_large, client)
            # gnutls-cli writes 4096 bytes at a time, and drops what does not fit into one record.
            yield claim(f'1 MiB in padded records with {client}', echo_large, client, '--record-size-limit', '4097',
                        '--padding', '100')
        yield claim('small records with gnutls-cli', small_records)
        yield claim('ALPN', alpn)
        yield claim('certificate by server name', server_name)
        yield claim('nothing in common', nothing_in_common)
        yield claim('KeyUpdate from s_client', key_update)
        yield claim('exporter as at s_client', exporter)
        yield claim('key log as at s_client', key_log)
        yield claim('TLS 1.2-only client is told protocol version', tls12_only)
        yield claim('client that does not trust us', untrusting_client)
        yield claim('many connections at once', many_at_once)
        yield claim('slow client', slow_client)
        yield claim('SIGTERM and SIGINT', stop_signals)
        yield claim('SIGTERM while a client reads nothing', stop_signal_and_stuck_client)
