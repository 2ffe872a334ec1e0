"""The certificates of harnesses/testdata, and the names that tests and providers share: those of the RFCs and of IANA."""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTDATA = ROOT / 'harnesses/testdata'
CA, OTHER_CA, CLIENT_CA = TESTDATA / 'ca.pem', TESTDATA / 'other-ca.pem', TESTDATA / 'client-ca.pem'
GET = b'GET / HTTP/1.0\r\n\r\n'

TLS12, TLS13, DTLS12 = 'TLSv1.2', 'TLSv1.3', 'DTLSv1.2'
GROUPS = ('x25519', 'secp256r1', 'secp384r1')
TLS13_SUITES = ('TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256')
TLS12_CIPHERS = ('AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256')
# Key of a server: what it signs with in TLS 1.3.
SERVER_KEYS = {
    'ecdsa-p256': 'ecdsa_secp256r1_sha256',
    'ecdsa-p384': 'ecdsa_secp384r1_sha384',
    'ecdsa-p521': 'ecdsa_secp521r1_sha512',
    'ed25519': 'ed25519',
    'rsa2048': 'rsa_pss_rsae_sha256',
    'intermediate': 'ecdsa_secp256r1_sha256',
}
# Key of a client: what it signs with in TLS 1.3.
CLIENT_KEYS = {'ecdsa-p256': 'ecdsa_secp256r1_sha256', 'ed25519': 'ed25519', 'rsa2048': 'rsa_pss_rsae_sha256'}


def tls12_suites(key):
    """The cipher suites of TLS 1.2 for a server with this key."""
    authentication = 'RSA' if key.startswith('rsa') else 'ECDSA'
    return tuple(f'TLS_ECDHE_{authentication}_WITH_{cipher}' for cipher in TLS12_CIPHERS)


def pair(name, certificate_option, key_option):
    """The options that give a program this certificate and its key."""
    return [certificate_option, TESTDATA / f'{name}.pem', key_option, TESTDATA / f'{name}.key.pem']


def server_pair(key, certificate_option, key_option):
    return pair(f'server-{key}', certificate_option, key_option)


def others(group):
    """The other groups, and then this one."""
    return tuple(other for other in GROUPS if other != group) + (group,)


def lines(count, bytes_each=64):
    """Numbered lines, so that none is like another."""
    return b''.join(b'%0*d\n' % (bytes_each - 1, number) for number in range(count))
