"""The clients whose first flights are recorded: what each is told, and how each is run. They talk to a server through a relay."""
import re

from providers import Chromium, Curl, GnuTls, Node, Nss, OpenSsl, Python
from record.hello import ALPN, CLIENT_HELLO, EARLY_DATA, PRE_SHARED_KEY, extensions, messages
from relays import CLIENT, StreamRelay
from testdata import CA, GET

# harnesses/scenarios/input.h
SERVER_GROUPS, SERVER_ALPN, SERVER_CERTIFICATE = 6, 9, 15
ONLY_P384, EVERY_PROTOCOL, P384_CERTIFICATE = 4, 7, 1

QUIET_S = 0.15
TLS13_PRIORITY = 'NORMAL:-VERS-ALL:+VERS-TLS1.3'


PROVIDERS = {'s_client': OpenSsl, 'gnutls-cli': GnuTls, 'curl': Curl, 'tstclnt': Nss, 'python': Python, 'node': Node,
             'chromium': Chromium}


class Row:
    """words: the program's options; REQUEST and SESSION stand for files.
    before: words of an earlier run, for what it leaves; retry: the server wants another group than the first share's;
    wants: an extension that the recorded hello must have, so that it is not that of an earlier connection;
    page: what the server answers every request with; options: of the targets, where they cannot be told from the hello."""

    def __init__(self, name, words='', before=None, retry=False, wants=None, page=None, options=None):
        self.name, self.words, self.before, self.retry, self.wants, self.page = name, words, before, retry, wants, page
        self.options = options or {}


CLIENTS = {
    's_client': [
        Row(''), Row('tls13-only', '-tls1_3'), Row('tls12', '-tls1_2'), Row('p384', '-groups P-384'),
        Row('retry', '-groups X25519:P-384', retry=True), Row('no-name', '-noservername'), Row('alpn', '-alpn h2,http/1.1'),
        Row('no-middlebox', '-tls1_3 -no_middlebox'), Row('chacha20', '-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256'),
        Row('more-extensions', '-status -serverinfo 18,4660 -maxfraglen 2048 -use_srtp SRTP_AES128_CM_SHA1_80'),
        Row('no-tickets', '-no_ticket -tls1_3'), Row('psk', '-psk 00112233445566778899aabbccddeeff -psk_identity recorded'),
        Row('resumed', '-sess_in SESSION', before='-sess_out SESSION', wants=PRE_SHARED_KEY),
        Row('early-data', '-sess_in SESSION -early_data REQUEST', before='-sess_out SESSION', wants=EARLY_DATA),
        Row('early-data-retry', '-groups X25519:P-384 -sess_in SESSION -early_data REQUEST',
            before='-groups X25519:P-384 -sess_out SESSION', retry=True, wants=EARLY_DATA),
        Row('small-records', '-max_send_frag 512 -alpn ' + ','.join(f'protocol-{n}' for n in range(40)) + ',x'),
    ],
    'gnutls-cli': [
        Row(''), Row('tls13-only', f'--priority={TLS13_PRIORITY}'), Row('tls12', '--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2'),
        Row('secp384r1', f'--priority={TLS13_PRIORITY}:-GROUP-ALL:+GROUP-SECP384R1'), Row('retry', '--single-key-share', retry=True),
        Row('ffdhe2048', f'--priority={TLS13_PRIORITY}:-GROUP-ALL:+GROUP-FFDHE2048'),
        Row('secure256', '--priority=SECURE256', options={SERVER_CERTIFICATE: P384_CERTIFICATE}), Row('no-name', '--disable-sni'),
        Row('alpn', '--alpn=h2 --alpn=http/1.1'), Row('post-handshake-auth', '--post-handshake-auth'),
        Row('psk', '--pskusername=recorded --pskkey=00112233445566778899aabbccddeeff '
                   '--priority=NORMAL:+PSK:+ECDHE-PSK:+DHE-PSK'),
        Row('resumed', '--resume --waitresumption', wants=PRE_SHARED_KEY),
        Row('early-data', '--resume --waitresumption --earlydata=REQUEST', wants=EARLY_DATA),
    ],
    'curl': [
        Row(''), Row('http1.1', '--http1.1'), Row('tls13-only', '--tlsv1.3'), Row('tls12', '--tls-max 1.2'),
        Row('p384', '--curves P-384'), Row('retry', '--curves X25519:P-384', retry=True), Row('no-alpn', '--no-alpn'),
        Row('resumed', '--next --cacert CA --output /dev/null https://localhost:PORT/', wants=PRE_SHARED_KEY),
    ],
    'tstclnt': [
        Row(''), Row('tls13-only', '-V tls1.3:tls1.3'), Row('tls12', '-V tls1.2:tls1.2'), Row('p384', '-I P384'),
        Row('retry', retry=True), Row('grease-ech', '-i 100'), Row('delegated-credentials', '-B -T -U -G'), Row('middlebox', '-e'),
        Row('psk', '-z 0x00112233445566778899aabbccddeeff:recorded'), Row('resumed', '-L 2', wants=PRE_SHARED_KEY),
        Row('early-data', '-L 2 -Z', wants=EARLY_DATA),
    ],
    'python': [
        Row('', {}), Row('alpn', {'alpn': ['h2', 'http/1.1']}), Row('p384', {'groups': 'secp384r1'}),
        Row('retry', {}, retry=True), Row('no-name', {'name': None}), Row('tls12', {'versions': ['TLSv1.2', 'TLSv1.2']}),
        Row('resumed', {'connections': 2}, wants=PRE_SHARED_KEY),
    ],
    'node': [
        Row('', {}), Row('alpn', {'alpn': ['h2', 'http/1.1']}), Row('p384', {'groups': 'P-384'}), Row('retry', {}, retry=True),
        Row('no-name', {'name': ''}), Row('tls12', {'versions': ['TLSv1.2', 'TLSv1.2']}),
        Row('resumed', {'session': 'SESSION'}, before={'session': 'SESSION'}, wants=PRE_SHARED_KEY),
    ],
    'chromium': [
        Row('h2'), Row('http1.1', '--disable-http2'), Row('no-name', 'https://127.0.0.1:PORT/'), Row('retry', retry=True),
        Row('tls12', '--ssl-version-max=tls1.2'),
        Row('resumed', page=''.join(f'<img src=/{n}>' for n in range(4)), wants=PRE_SHARED_KEY),
    ],
}


def run(provider, program, port, words):
    """Lets the program make its connections, with no more options than these; whether it likes what it gets does not matter here."""
    processes = provider.processes
    request = processes.file('request')
    request.write_bytes(GET)
    meant = {'REQUEST': request, 'SESSION': processes.file('session'), 'CA': CA, 'PORT': port}
    if isinstance(words, str):
        given = [re.sub(r'\b(REQUEST|SESSION|CA|PORT)\b', lambda match: str(meant[match[1]]), word) for word in words.split()]
    if program == 's_client':
        processes.run('openssl', 's_client', '-connect', f'localhost:{port}', '-CAfile', CA, '-ign_eof', *given, stdin=GET)
    elif program == 'gnutls-cli':
        processes.run('gnutls-cli', '--port', port, '--x509cafile', CA, *given, 'localhost', stdin=GET)
    elif program == 'curl':
        processes.run('curl', '--silent', '--cacert', CA, '--output', '/dev/null', f'https://localhost:{port}/', *given)
    elif program == 'tstclnt':
        processes.run('tstclnt', '-h', 'localhost', '-4', '-p', port, '-d', provider.database(), '-A', request, *given)
    elif program == 'chromium':
        url = given.pop() if given and given[-1].startswith('https') else f'https://localhost:{port}/'
        provider.dump(url, *given)
    else:
        options = {'ca': str(CA), 'name': 'localhost', 'get': True, **words}
        if 'session' in options:
            options['session'] = str(meant[options['session']])
        provider.run(port, **options)


def flight_of(said, flights):
    """What the client said before it had more than flights - 1 answers."""
    parts = [data for who, data in said if who == CLIENT]
    return b''.join(parts[:flights]) if len(parts) >= flights else b''


def hellos(flight):
    return [body for kind, body in messages(flight) if kind == CLIENT_HELLO]


def record(processes, program, row):
    """The first flight, and the options that the targets need to see the same hellos as the server here did."""
    if row.page:
        server = Python(processes).serve('page', options={'page': row.page})
    else:
        server = OpenSsl(processes).serve('page', groups=('secp384r1',) if row.retry else (), options=('-max_early_data', '16384'))
    relay = StreamRelay(server, QUIET_S)
    provider = PROVIDERS[program](processes)
    for words in ([] if row.before is None else [row.before]) + [row.words]:
        run(provider, program, relay.port, words)
    relay.close()
    flights = 2 if row.retry else 1
    for said in reversed(relay.connections):
        flight = flight_of(said, flights)
        found = hellos(flight)
        if len(found) == flights and (row.wants is None or row.wants in extensions(found[0])):
            options = dict(row.options)
            if row.retry:
                options[SERVER_GROUPS] = ONLY_P384
            if ALPN in extensions(found[0]):
                options[SERVER_ALPN] = EVERY_PROTOCOL
            return flight, options
    wanted = f' with extension {row.wants}' if row.wants else ''
    raise AssertionError(f'{len(relay.connections)} connections came, but none began with {flights} ClientHello{wanted}')
