"""ci/dissect: records sessions of the tool, and lets tshark read them with our key log."""
import argparse
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import dissect_dtls
from interop_check import KEYS, ROOT, Check, Failed, have
from interop_server import CA, GET
from pcap import PORTS, pcap
from relay import CLIENT, SERVER, Relay

# tshark's severities: a chat is 0x200000, a note 0x400000.
WARNING = 0x600000
FIELDS = ['frame.number', 'tcp.srcport', 'tls.handshake.type', 'tls.alert_message.desc', 'http.request.method',
          'http.response.code', '_ws.expert.severity', '_ws.malformed', '_ws.expert.message']
HELLO, SERVER_HELLO, EXTENSIONS, CERTIFICATE, REQUEST, VERIFY, FINISHED, KEY_UPDATE = 1, 2, 8, 11, 13, 15, 20, 24
SERVER_FLIGHT = [SERVER_HELLO, EXTENSIONS, CERTIFICATE, VERIFY, FINISHED]
CLOSE_NOTIFY, HANDSHAKE_FAILURE, UNKNOWN_CA = 0, 40, 48


class Expected:
    """What must be in a session: the handshake messages and alerts of each side, in order, and the application data."""

    def __init__(self, client=(HELLO, FINISHED), server=tuple(SERVER_FLIGHT), alerts=((CLOSE_NOTIFY,), (CLOSE_NOTIFY,)),
                 http=('GET', '200'), data=None):
        self.messages = {CLIENT: list(client), SERVER: list(server)}
        self.alerts = dict(zip((CLIENT, SERVER), map(list, alerts)))
        self.http = list(http)
        self.data = data  # each side's, in bytes; None: not looked at


def tshark(capture, keys, *options):
    command = ['tshark', '-n', '-r', capture, '-o', f'tls.keylog_file:{keys}', '-o', 'tcp.check_checksum:TRUE', '-o',
               'ip.check_checksum:TRUE', *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    if done.returncode != 0:
        raise Failed(f'tshark ended with {done.returncode}: {done.stderr.strip()}')
    return done.stdout


def numbers(text):
    return [int(number) for number in text.split(',') if number]


def decrypted(capture, keys):
    """Each side's application data, as tshark follows the stream."""
    lines = tshark(capture, keys, '-q', '-z', 'follow,tls,raw,0').splitlines()
    data = {CLIENT: '', SERVER: ''}
    for line in lines:
        if re.fullmatch(r'\t?[0-9a-f]+', line):
            data[SERVER if line.startswith('\t') else CLIENT] += line.strip()
    return {who: bytes.fromhex(text) for who, text in data.items()}


def problems(capture, keys, expected):
    """What tshark does not like about a capture, and what it does not find there."""
    found = []
    messages, alerts, http = {CLIENT: [], SERVER: []}, {CLIENT: [], SERVER: []}, []
    fields = [word for field in FIELDS for word in ('-e', field)]
    # The port says HTTP; of other data tshark would complain that they are none.
    no_http = [] if expected.http else ['--disable-protocol', 'http']
    rows = tshark(capture, keys, *no_http, '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=,', *fields)
    for row in rows.splitlines():
        number, port, types, descriptions, method, code, severities, malformed, told = row.split('\t')
        who = CLIENT if int(port) == PORTS[CLIENT] else SERVER
        messages[who] += numbers(types)
        alerts[who] += numbers(descriptions)
        http += [word for word in (method, code) if word]
        if malformed:
            found.append(f'packet {number} is malformed: {told}')
        if any(severity >= WARNING for severity in numbers(severities)):
            found.append(f'packet {number}: {told}')
    for what, was, wanted in (('messages', messages, expected.messages), ('alerts', alerts, expected.alerts)):
        found += [f'the {what} of the {who} are {was[who]}, not {wanted[who]}' for who in was if was[who] != wanted[who]]
    if http != expected.http:
        found.append(f'of HTTP there is {http}, not {expected.http}')
    if expected.data is not None and decrypted(capture, keys) != expected.data:
        found.append('the application data are others')
    return found


# The sessions. Each gives what was said, the key log, and what must be in it.

def session(check, server, *options, stdin=GET, ca=CA):
    relay = Relay(server.port)
    check.run(check.tocsin, 'connect', f'127.0.0.1:{relay.port}', '--name', 'localhost', '--ca', ca, *options, stdin=stdin)
    relay.close()
    return relay.connections[0]


def page(check, way, serve=(), connect=(), expected=None, key='ecdsa-p256', who_logs=SERVER, ca=CA):
    keys = check.file('keys')
    logs = {who: ['--keylog', keys] if who == who_logs else [] for who in (CLIENT, SERVER)}
    server = check.serve(way, '--www', *serve, *logs[SERVER], key=key)
    return session(check, server, '--wait', *connect, *logs[CLIENT], ca=ca), keys, expected or Expected()


def echo(check):
    data = bytes(range(256)) * 400
    server = check.serve('direct', '--echo', '--padding', '300', '--record-size-limit', '1000', '--keylog', check.file('keys'))
    said = session(check, server, '--record-size-limit', '2000', '--padding', '64', stdin=data)
    return said, check.file('keys'), Expected(http=(), data={CLIENT: data, SERVER: data})


def key_updates_of_openssl(check):
    server = check.serve('acceptor', '--echo', '--keylog', check.file('keys'))
    relay = Relay(server.port)
    peer = check.start('openssl', 's_client', '-connect', f'127.0.0.1:{relay.port}', '-CAfile', CA)
    peer.wait_for('Verify return code: 0')
    words = {CLIENT: b'', SERVER: b''}
    for number, command in enumerate((b'', b'k\n', b'K\n', b'K\n')):  # k: updates its own keys; K: asks us to do the same
        if command:
            peer.write(command)
            peer.wait_until(lambda: peer.err.count(b'KEYUPDATE') == number, 'KEYUPDATE')
        line = b'line %d\n' % number
        peer.write(line)
        peer.wait_for(line.decode())
        words = {who: said + line for who, said in words.items()}
    peer.write(b'Q\n')
    peer.end()
    relay.close()
    expected = Expected((HELLO, FINISHED) + 3 * (KEY_UPDATE,), SERVER_FLIGHT + 2 * [KEY_UPDATE], http=(), data=words)
    return relay.connections[0], check.file('keys'), expected


def certificate_asked_for(check):
    server = check.s_server('-www', '-verify', '1', '-num_tickets', '0')
    said = session(check, server, '--wait', '--keylog', check.file('keys'))
    flight = [SERVER_HELLO, EXTENSIONS, REQUEST, CERTIFICATE, VERIFY, FINISHED]
    # s_server's page has no length, and so no end for tshark.
    return said, check.file('keys'), Expected((HELLO, CERTIFICATE, FINISHED), flight, http=['GET'])


def refused_before_keys(check):
    expected = Expected([HELLO], [], ([], [HANDSHAKE_FAILURE]), http=())
    said, keys, _ = page(check, 'acceptor', ['--groups', 'x25519'], ['--groups', 'secp384r1'])
    return said, keys, expected


SESSIONS = {
    'a full handshake': lambda check: page(check, 'direct'),
    'a full handshake by way of an acceptor, logged by the client': lambda check: page(check, 'acceptor', who_logs=CLIENT),
    'ALPN': lambda check: page(check, 'direct', ['--alpn', 'http/1.1'], ['--alpn', 'h2,http/1.1']),
    'AES-256, RSA and P-384': lambda check: page(
        check, 'direct', ['--suites', 'TLS_AES_256_GCM_SHA384'], ['--groups', 'secp384r1'], key='rsa2048'),
    'ChaCha20, Ed25519 and P-256': lambda check: page(
        check, 'acceptor', ['--suites', 'TLS_CHACHA20_POLY1305_SHA256'], ['--groups', 'secp256r1'], key='ed25519',
        who_logs=CLIENT),
    'a chain of two certificates': lambda check: page(check, 'direct', key='intermediate'),
    'HelloRetryRequest': lambda check: page(check, 'direct', ['--groups', 'secp384r1'], expected=Expected(
        (HELLO, HELLO, FINISHED), [SERVER_HELLO] + SERVER_FLIGHT)),
    'KeyUpdate': lambda check: page(check, 'direct', connect=['--update-keys'], expected=Expected(
        (HELLO, FINISHED, KEY_UPDATE), SERVER_FLIGHT + [KEY_UPDATE])),
    'KeyUpdates that OpenSSL asks for': key_updates_of_openssl,
    'small and padded records': echo,
    'a request for a certificate': certificate_asked_for,
    'a refusal before there are keys': refused_before_keys,
    'a refusal under handshake keys': lambda check: page(check, 'direct', ca=KEYS / 'other-ca.pem', expected=Expected(
        [HELLO], alerts=([UNKNOWN_CA], []), http=())),
}


# Sessions that were spoilt: what tshark must then not find in order.

def spoilt_key_log(said, keys):
    keys.write_text('\n'.join(line[:-1] + ('0' if line[-1] != '0' else '1') for line in keys.read_text().splitlines()) + '\n')


def spoilt_protected_record(said, keys):
    """A bit of the server's last protected record of its first flight."""
    flight = bytearray(said[1][1])
    flight[-1] ^= 1
    said[1][1] = bytes(flight)


def spoilt_server_hello(said, keys):
    """The length of its extensions is one more than there are."""
    flight = bytearray(said[1][1])
    at = 5 + 4 + 2 + 32
    at += 1 + flight[at] + 2 + 1
    flight[at + 1] += 1
    said[1][1] = bytes(flight)


SPOILT = {
    'a wrong key log': (spoilt_key_log, 'the messages of the server are [2], not'),
    'a changed protected record': (spoilt_protected_record, 'the messages of the server are [2'),
    'a malformed ServerHello': (spoilt_server_hello, 'malformed'),
}


def outcome(function, tocsin):
    """(problem or '', transcript)."""
    with tempfile.TemporaryDirectory() as folder:
        check = Check('', tocsin, pathlib.Path(folder))
        try:
            function(check)
            return '', ''
        except (Failed, OSError) as failed:
            return f'{failed}' or type(failed).__name__, check.transcript()
        finally:
            check.clean_up()


def dissect(check, record, spoil=None, complaint=None):
    said, keys, expected = record(check)
    if not keys.exists():
        keys.write_text('')
    if spoil:
        spoil(said, keys)
    capture = check.file('session.pcap')
    capture.write_bytes(pcap(said))
    found = problems(capture, keys, expected)
    if complaint is None:
        check.expect(not found, '; '.join(found))
    else:
        check.expect(any(complaint in problem for problem in found), f'tshark was to say {complaint!r}, but says {found}')


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/dissect', description='tshark reads sessions of the tool, with its key log.')
    parser.add_argument('build', nargs='?', default='build', help='a build folder (default: build)')
    parser.add_argument('--only', default='', metavar='WORDS', help='only sessions with these words in their names')
    options = parser.parse_args(arguments)
    tocsin = (ROOT / options.build / 'harnesses/tool/tocsin').resolve()
    if not tocsin.is_file():
        parser.error(f'no {tocsin}: build it first, or name the build folder')
    checks = {name: lambda check, record=record: dissect(check, record) for name, record in SESSIONS.items()}
    for name, (spoil, complaint) in SPOILT.items():
        checks[f'{name} is noticed'] = (lambda check, spoil=spoil, complaint=complaint:
                                        dissect(check, SESSIONS['a full handshake'], spoil, complaint))
    checks.update(dissect_dtls.checks(tshark))
    checks = {name: function for name, function in checks.items() if options.only in name}
    if not checks:
        parser.error(f'no session has {options.only!r} in its name')
    if not have('tshark'):
        print(f'skip: no tshark here (ci/setup --peers installs it)\ndissect: 0 passed, 0 failed, {len(checks)} skipped')
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = 0
    for name, function in checks.items():
        problem, transcript = outcome(function, tocsin)
        print(f'FAIL {name}: {problem}' if problem else f'ok {name}', flush=True)
        print(''.join(f'    | {line}\n' for line in transcript.splitlines()), end='', flush=True)
        failed += bool(problem)
    print(f'dissect: {len(checks) - failed} passed, {failed} failed, 0 skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
