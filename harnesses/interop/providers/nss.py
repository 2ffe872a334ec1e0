"""NSS: tstclnt and selfserv. They read certificates and keys from a database of NSS's own."""
import functools
import re
import subprocess

from testdata import CA, GET, SERVER_KEYS, TESTDATA, TLS12, TLS13, server_pair, tls12_suites

from .provider import Client, Server, abilities, check_told, echo_in_portions

VERSIONS = {TLS12: 'tls1.2:tls1.2', TLS13: 'tls1.3:tls1.3'}
SUITE_CODES = {
    'TLS_AES_128_GCM_SHA256': ':1301', 'TLS_AES_256_GCM_SHA384': ':1302', 'TLS_CHACHA20_POLY1305_SHA256': ':1303',
    **dict(zip(tls12_suites('ecdsa-p256'), (':C02B', ':C02C', ':CCA9'))),
    **dict(zip(tls12_suites('rsa2048'), (':C02F', ':C030', ':CCA8'))),
}
GROUP_NAMES = {'x25519': 'x25519', 'secp256r1': 'P256', 'secp384r1': 'P384', 'secp521r1': 'P521'}
KEYS = tuple(key for key in SERVER_KEYS if key != 'ed25519')  # NSS of Debian 12 does not read Ed25519 keys
PORTION_BYTES = 65536
# NSS's name for the alert handshake_failure in answer to a ClientHello.
NOTHING_IN_COMMON = 'SSL_ERROR_NO_CYPHER_OVERLAP'


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True, timeout=60)


def trust(folder, authority=CA):
    """A database in this folder that holds nothing but a trusted authority."""
    folder.mkdir(parents=True, exist_ok=True)
    run('certutil', '-N', '-d', f'sql:{folder}', '--empty-password')
    run('certutil', '-A', '-d', f'sql:{folder}', '-n', 'authority', '-t', 'C,,', '-i', authority)


@functools.cache
def database(folder):
    """One for all tests of a run, in this folder: it trusts the test authority, and holds every key of KEYS under its name."""
    trust(folder)
    for key in KEYS:
        bundle = folder / f'{key}.p12'
        run('openssl', 'pkcs12', '-export', *server_pair(key, '-in', '-inkey'), '-certfile', TESTDATA / f'server-{key}.pem', '-name',
            key, '-passout', 'pass:', '-out', bundle)
        run('pk12util', '-i', bundle, '-d', f'sql:{folder}', '-W', '', '-K', '')
    return f'sql:{folder}'


class Nss(Client, Server):
    name = 'nss'
    needs = ('tstclnt', 'selfserv', 'certutil', 'pk12util')
    client = abilities('version suites groups schemes name ca exporter', keys=KEYS, tls12_keys=KEYS,
                       features=('group list', 'echo', 'no Ed25519', 'unusual offers'))
    server = abilities('version suites groups alpn client_auth', keys=KEYS,
                       tls12_keys=tuple(key for key in KEYS if key != 'ecdsa-p521'),
                       services=('page', 'blocks'), features=('refuses other protocols',))
    alerts = {
        'handshake_failure': NOTHING_IN_COMMON,
        'protocol_version': 'SSL_ERROR_PROTOCOL_VERSION_ALERT',
    }
    untrusted = 'SEC_ERROR_UNKNOWN_ISSUER'
    told_of_unknown_ca = 'does not recognize and trust the CA'
    echo_record_bytes_min = 512
    closes = False  # tstclnt does not end by itself

    def database(self):
        return database(self.processes.shared_folder / 'nss')

    def command(self, server, version=None, suites=(), groups=(), schemes=(), name='localhost', ca=CA, exporter=None, options=()):
        data = self.database()
        if ca != CA:
            trust(self.processes.file('others'), ca)
            data = f'sql:{self.processes.file("others")}'
        words = ['tstclnt', '-h', '127.0.0.1', '-a', name, '-p', server.port, '-d', data]
        words += ['-V', VERSIONS[version]] if version else []
        words += ['-c', ''.join(SUITE_CODES[suite] for suite in suites)] if suites else []
        words += ['-I', ','.join(GROUP_NAMES[group] for group in groups)] if groups else []
        words += ['-J', ','.join(schemes)] if schemes else []
        words += ['-x', f'{exporter[0]}:{exporter[1]}'] if exporter else []
        # An RSA certificate without keyEncipherment is good for TLS 1.3, but tstclnt's verifier thinks of TLS 1.2: -o overrides it.
        words += ['-o'] if server.key == 'rsa2048' or version == TLS12 else []
        return [*words, *options]

    def get(self, server, **settings):
        """The request comes from a file: at the end of a pipe tstclnt waits for ever."""
        check_told(self, self.client, settings)
        request = self.processes.file('request')
        request.write_bytes(GET)
        return self.processes.run(*self.command(server, **settings), '-A', request)

    def echo(self, server, mebibytes, make_data):
        process = self.processes.start(*self.command(server))
        echo_in_portions(process, make_data(mebibytes), PORTION_BYTES)
        process.kill()

    @staticmethod
    def exported(done):
        match = re.search(r'Keying Material:\s+((?:[0-9a-f:]+\s+)+)', done.said())
        return re.sub(r'[:\s]', '', match[1])

    def serve(self, service='page', key='ecdsa-p256', version=None, suites=(), groups=(), alpn=(), client_auth=None, options=()):
        words = ['selfserv', '-d', self.database(), '-v', '-n' if key == 'rsa2048' else '-e', key]
        words += ['-V', VERSIONS[version]] if version else []
        words += ['-c', ''.join(SUITE_CODES[suite] for suite in suites)] if suites else []
        words += ['-I', ','.join(GROUP_NAMES[group] for group in groups)] if groups else []
        words += {'optional': ['-r'], 'required': ['-r', '-r'], None: []}[client_auth]
        words += ['-g', '64'] if service == 'blocks' else []  # so many of 16 KiB answer each request
        if alpn:
            assert alpn == ('http/1.1',), 'selfserv speaks no other protocol'
            words += ['-Q']
        process = self.on_free_port(lambda port: [*words, '-p', port, *options], 'About to call accept')
        process.key = key
        return process
