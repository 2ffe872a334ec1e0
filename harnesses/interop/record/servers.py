"""The servers whose first flights and protected messages are recorded: what each is told, and how each is run."""
import re

from providers import GnuTls, Node, Nss, OpenSsl, Python
from providers.tocsin import Tocsin
from record.hello import SERVER_HELLO, messages, session_id
from relays import CLIENT, SERVER, StreamRelay
from testdata import CA, GET

# harnesses/scenarios/input.h
CLIENT_GROUPS, CLIENT_ALPN = 7, 10
ONLY_P384, EVERY_PROTOCOL = 4, 7
# harnesses/scenarios/first_flight.h
SESSION_ID_MARKER = b'<the session id of this client!>'

QUIET_S = 0.15
# How s_client -msg shows a message that it receives.
DUMPED = re.compile(r'^<<< TLS 1\.3, Handshake \[length \w+\], (\w+)\n((?:    [0-9a-f ]+\n)+)', re.MULTILINE)
TLS12 = ['TLSv1.2', 'TLSv1.2']
TLS13_PRIORITY = 'NORMAL:-VERS-ALL:+VERS-TLS1.3'


PROVIDERS = {'s_server': OpenSsl, 'gnutls-serv': GnuTls, 'selfserv': Nss, 'python-server': Python, 'node-server': Node}


class Row:
    """words: the server's options; client: those of `tocsin connect`, and options: the same for the target; retry: it asks for
    another hello; refuses: it answers with an alert."""

    def __init__(self, name, words='', client=(), options=None, retry=False, refuses=False):
        self.name, self.words, self.client, self.options = name, words, client, options or {}
        self.retry, self.refuses = retry, refuses


P384 = {'client': ('--groups', 'secp384r1'), 'options': {CLIENT_GROUPS: ONLY_P384}}
H2 = {'client': ('--alpn', 'h2,http/1.1,x'), 'options': {CLIENT_ALPN: EVERY_PROTOCOL}}
SERVERS = {
    's_server': [
        Row(''), Row('p384', **P384), Row('retry-p256', '-groups P-256', retry=True),
        Row('retry-p384', '-groups P-384', retry=True), Row('asks-for-cookie', '-stateless'),
        Row('chacha20', '-ciphersuites TLS_CHACHA20_POLY1305_SHA256'),
        Row('aes256', '-ciphersuites TLS_AES_256_GCM_SHA384'), Row('no-middlebox', '-no_middlebox'),
        Row('small-records', '-max_send_frag 512'), Row('padded', '-record_padding 512'),
        Row('refuses-tls13', '-tls1_2', refuses=True),
        Row('refuses-suites', '-ciphersuites TLS_AES_128_CCM_SHA256', refuses=True),
        Row('refuses-alpn', '-alpn imap', refuses=True, **H2), Row('refuses-groups', '-groups P-521', refuses=True),
    ],
    'gnutls-serv': [
        Row(''), Row('p384', **P384), Row('retry-secp256r1', f'--priority={TLS13_PRIORITY}:-GROUP-ALL:+GROUP-SECP256R1', retry=True),
        Row('retry-secp384r1', f'--priority={TLS13_PRIORITY}:-GROUP-ALL:+GROUP-SECP384R1', retry=True),
        Row('aes256', f'--priority={TLS13_PRIORITY}:-CIPHER-ALL:+AES-256-GCM'), Row('asks-for-certificate', '--require-client-cert'),
        Row('refuses-tls13', '--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2', refuses=True),
        Row('refuses-alpn', '--alpn=imap --alpn-fatal', refuses=True, **H2),
    ],
    'selfserv': [
        Row(''), Row('p384', **P384), Row('retry-p256', '-I P256', retry=True), Row('retry-p384', '-I P384', retry=True),
        Row('chacha20', '-c :1303'), Row('refuses-tls13', '-V tls1.2:tls1.2', refuses=True),
        Row('refuses-alpn', '-Q', client=('--alpn', 'x'), options={CLIENT_ALPN: 4}, refuses=True),
    ],
    'python-server': [
        Row('', {}), Row('retry-p384', {'groups': 'secp384r1'}, retry=True),
        Row('refuses-tls13', {'versions': TLS12}, refuses=True)
    ],
    'node-server': [
        Row('', {}), Row('retry-p384', {'groups': 'secp384r1'}, retry=True),
        Row('refuses-tls13', {'versions': TLS12}, refuses=True),
    ],
}

# Protected messages, as s_client shows them: a suffix, what the server is told, its key, what s_client is told, which to keep.
MOST = ('EncryptedExtensions', 'Certificate', 'CertificateVerify', 'NewSessionTicket')
SIGNED = ('Certificate', 'CertificateVerify')
MESSAGES = {
    's_server': [
        ('', '-alpn h2 -max_early_data 16384', 'ecdsa-p256', ('-alpn', 'h2'), MOST), ('rsa2048', '', 'rsa2048', (), SIGNED),
        ('p521', '', 'ecdsa-p521', (), SIGNED), ('ed25519', '', 'ed25519', (), SIGNED),
        ('', '-verify 1', 'ecdsa-p256', (), ('CertificateRequest',)),
    ],
    'gnutls-serv': [
        ('', '', 'ecdsa-p256', (), MOST), ('chain', '', 'intermediate', (), SIGNED),
        ('', '--require-client-cert', 'ecdsa-p256', (), ('CertificateRequest',)),
    ],
    'selfserv': [
        ('', '-u', 'ecdsa-p256', (), MOST), ('rsa2048', '', 'rsa2048', (), SIGNED),
        ('', '-r', 'ecdsa-p256', (), ('CertificateRequest',)),
    ],
    'python-server': [('', {}, 'ecdsa-p256', (), MOST)],
    'node-server': [('', {'alpn': ['h2']}, 'ecdsa-p256', ('-alpn', 'h2'), MOST)],
}


def serve(processes, program, words, key='ecdsa-p256'):
    service = 'terminal' if '-stateless' in words else 'page'  # s_server's page knows nothing of it
    return PROVIDERS[program](processes).serve(service, key=key, options=words.split() if isinstance(words, str) else words)


class Disguise:
    """Puts the marker in the place of a client's session id, and the session id back into what the server answers."""

    def __init__(self):
        self.session_id = None

    def __call__(self, who, data):
        if who == CLIENT and self.session_id is None:
            self.session_id = session_id(next(body for _, body in messages(data)))
            if len(self.session_id) != len(SESSION_ID_MARKER):
                raise AssertionError(f'the client has a session id of {len(self.session_id)} bytes')
        pair = (self.session_id, SESSION_ID_MARKER)
        return data.replace(*pair) if who == CLIENT else data.replace(*reversed(pair))


def record(processes, program, row):
    """What the server says, up to where the client must show that it knows the keys; and the target's options. The handshake
    itself fails, since the two see different session ids."""
    relay = StreamRelay(serve(processes, program, row.words), QUIET_S, Disguise())
    Tocsin(processes).connect(relay, '--handshake-timeout-ms', '5000', *row.client, stdin=GET)
    relay.close()
    answers = [data for who, data in relay.connections[0] if who == SERVER]
    flights = 2 if row.retry else 1
    hellos = [body for answer in answers[:flights] for kind, body in messages(answer) if kind == SERVER_HELLO]
    if len(hellos) != (0 if row.refuses else flights):
        raise AssertionError(f'the server sent {len(hellos)} ServerHello, not {flights}')
    return b''.join(answers[:flights]), row.options


def record_messages(processes, program, words, key, client_words, wanted):
    """Name -> body of each wanted message, of the first of its kind."""
    server = serve(processes, program, words, key)
    done = processes.run('openssl', 's_client', '-connect', f'127.0.0.1:{server.port}', '-CAfile', CA, '-servername', 'localhost',
                     '-msg', '-ign_eof', *client_words, stdin=GET)
    found = {}
    for name, dump in DUMPED.findall(done.said()):
        found.setdefault(name, bytes.fromhex(dump)[4:])
    for name in wanted:
        if name not in found:
            raise AssertionError(f'{program} sent no {name}')
    return {name: found[name] for name in wanted}

