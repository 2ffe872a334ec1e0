"""OpenSSL: s_client and s_server."""
import re

from process import PATIENCE_S
from testdata import CA, CLIENT_CA, DTLS12, GET, TESTDATA, TLS12, TLS13, pair, server_pair

from .provider import (TLS12_SERVER_KEYS, DatagramClient, Server, abilities, check_told, echo_in_portions,
                       page_over_datagrams)

VERSIONS = {TLS12: '-tls1_2', TLS13: '-tls1_3', DTLS12: '-dtls1_2'}
GROUP_NAMES = {'x25519': 'X25519', 'secp256r1': 'P-256', 'secp384r1': 'P-384', 'secp521r1': 'P-521'}
SCHEME_NAMES = {'ecdsa_secp256r1_sha256': 'ECDSA+SHA256', 'rsa_pss_rsae_sha256': 'rsa_pss_rsae_sha256',
                'rsa_pss_rsae_sha384': 'RSA-PSS+SHA384', 'ecdsa_sha1': 'ECDSA+SHA1'}
VERIFIED = 'Verify return code: 0 (ok)'
# The headers of IP and UDP, which OpenSSL counts.
HEADERS_BYTES = 28
# A ClientHello in fragments cannot be answered without keeping them. What OpenSSL offers by itself does not fit into small datagrams.
SHORT_LISTS = ['-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-groups', 'P-256', '-sigalgs', 'ECDSA+SHA256']
PORTION_BYTES = 65536


def cipher_name(suite):
    """OpenSSL's name of a cipher suite of TLS 1.2."""
    match = re.fullmatch(r'TLS_ECDHE_(\w+)_WITH_(AES_(\d+)_GCM|CHACHA20_POLY1305)_(SHA\d+)', suite)
    return f'ECDHE-{match[1]}-AES{match[3]}-GCM-{match[4]}' if match[3] else f'ECDHE-{match[1]}-CHACHA20-POLY1305'


def suite_options(suites):
    tls13_suites = [suite for suite in suites if '_WITH_' not in suite]
    tls12_ciphers = [cipher_name(suite) for suite in suites if '_WITH_' in suite]
    words = ['-ciphersuites', ':'.join(tls13_suites)] if tls13_suites else []
    return words + (['-cipher', ':'.join(tls12_ciphers)] if tls12_ciphers else [])


def group_list(groups):
    return ':'.join(GROUP_NAMES[group] for group in groups)


def common_options(version=None, suites=(), groups=(), alpn=(), keylog=None, exporter=None, mtu=None, options=()):
    """The options that s_client and s_server share."""
    words = [VERSIONS[version]] if version else []
    words += suite_options(suites)
    words += ['-groups', group_list(groups)] if groups else []
    words += ['-alpn', ','.join(alpn)] if alpn else []
    words += ['-keylogfile', keylog] if keylog else []
    words += ['-keymatexport', exporter[0], '-keymatexportlen', exporter[1]] if exporter else []
    words += ['-mtu', mtu + HEADERS_BYTES] if mtu else []
    return [*words, *options]


class OpenSsl(DatagramClient, Server):
    name = 'openssl'
    needs = ('openssl',)
    client = abilities('version suites groups schemes alpn name ca certificate mtu keylog exporter resume_by',
                       versions=(TLS12, TLS13, DTLS12),
                       features=('group list', 'echo', 'expired', 'no name', 'any host', 'terminal', 'KeyUpdate', 'older versions',
                                 'session files', 'reconnect', 'asks and closes', 'small fragments'))
    server = abilities('version suites groups alpn client_auth mtu keylog exporter resume_by', versions=(TLS12, TLS13, DTLS12),
                       services=('page', 'terminal'), tls12_keys=TLS12_SERVER_KEYS,
                       keys_in_dtls=('ecdsa-p256', 'ecdsa-p384', 'rsa2048', 'intermediate'),  # no Ed25519
                       features=('prefers its own protocol', 'refuses other protocols', 'any certificate', 'any curve', 'lines',
                                 'verifies clients', 'client schemes', 'resumes nothing',
                                 'grants small fragments'))
    alerts = {
        'handshake_failure': 'alert handshake failure.*alert number 40',
        'protocol_version': 'alert protocol version',
        'no_application_protocol': 'alert no application protocol.*alert number 120',
        'certificate_required': 'alert certificate required.*alert number 116',
        'certificate_expired': 'alert certificate expired.*alert number 45',
        'inappropriate_fallback': 'alert inappropriate fallback',
    }
    untrusted = 'verify error:num=(20|21)'
    expired = 'verify error:num=10:certificate has expired'
    expired_alert = 'certificate_expired 45'
    told_of_unknown_ca = 'alert unknown ca'
    resumed = 'Reused, '
    not_resumed = 'New, '
    verified = re.escape(VERIFIED)
    alpn_said = r'ALPN protocol: (\S+)'
    echo_record_bytes_min = 4097

    def command(self, server, version=None, name='localhost', ca=CA, certificate=None, schemes=(), resume_by=None, mtu=None,
                 **settings):
        told = {'version': version, 'schemes': schemes, 'resume_by': resume_by, 'mtu': mtu, **settings}
        check_told(self, self.client, {key: value for key, value in told.items() if value})
        words = ['openssl', 's_client', '-connect', f'{server.host}:{server.port}', '-CAfile', ca, '-verify_return_error']
        words += ['-servername', name, '-verify_hostname', name] if name else ['-noservername']
        words += pair(certificate, '-cert', '-key') if certificate else []
        words += ['-sigalgs', ':'.join(SCHEME_NAMES.get(scheme, scheme) for scheme in schemes)] if schemes else []
        words += SHORT_LISTS if mtu else []
        words += ['-no_ticket'] if resume_by == 'session ids' else []
        return words + common_options(version=version, mtu=mtu, **settings)

    def get(self, server, version=None, **settings):
        if version == DTLS12:
            return page_over_datagrams(self.open(server, version=version, **settings), server)
        return self.processes.run(*self.command(server, version=version, **settings), '-ign_eof', stdin=GET)

    def open(self, server, patience_s=PATIENCE_S, **settings):
        process = self.processes.start(*self.command(server, **settings))
        process.wait_for(re.escape(VERIFIED), patience_s)
        return process

    def get_twice(self, server, **settings):
        """The second time it resumes the session of the first, if it may."""
        file = self.processes.file('session')
        return [self.get(server, options=(option, file), **settings) for option in ('-sess_out', '-sess_in')]

    def start_of_dtls10(self, server):
        return self.processes.start('openssl', 's_client', '-dtls1', '-connect', f'{server.host}:{server.port}', '-cipher',
                                    'DEFAULT@SECLEVEL=0')

    def echo(self, server, mebibytes, make_data):
        process = self.processes.start(*self.command(server), '-quiet', '-no_ign_eof', '-nocommands', '-record_padding', '64')
        echo_in_portions(process, make_data(mebibytes), PORTION_BYTES)
        process.close_input()
        assert process.end() == 0, 's_client ended with an error'

    @staticmethod
    def exported(done):
        """The keying material that it shows, in hex."""
        return re.search(r'Keying material: ([0-9A-F]+)', done.said())[1].lower()

    def serve(self, service='page', key='ecdsa-p256', client_auth=None, resume_by=None, **settings):
        told = {'client_auth': client_auth, 'resume_by': resume_by, **settings}
        check_told(self, self.server, {name: value for name, value in told.items() if value})
        words = ['openssl', 's_server', '-accept', '127.0.0.1:0', *server_pair(key, '-cert', '-key')]
        words += ['-www'] if service == 'page' else []
        # It sends what follows the first certificate only if it is told so.
        words += ['-cert_chain', TESTDATA / f'server-{key}.pem'] if key == 'intermediate' else []
        if client_auth:
            words += ['-Verify' if client_auth == 'required' else '-verify', '1', '-CAfile', CLIENT_CA, '-verify_return_error']
        words += {'tickets': ['-no_cache'], 'session ids': ['-no_ticket'], None: []}[resume_by]
        process = self.processes.start(*words, *common_options(**settings))
        process.port = int(process.wait_for(r'ACCEPT \S*:(\d+)')[1])
        process.key = key
        return process

    def serve_leaf(self, key):
        """Also keys that OpenSSL itself finds too small; of a chain, the first certificate alone."""
        process = self.processes.start('openssl', 's_server', '-accept', '127.0.0.1:0', '-www', '-cipher', 'DEFAULT@SECLEVEL=0',
                                       *server_pair(key, '-cert', '-key'))
        process.port = int(process.wait_for(r'ACCEPT \S*:(\d+)')[1])
        return process

    def assert_resumed(self, running, first, second):
        """Its page says whether a connection is resumed."""
        assert self.not_resumed in first.said()
        assert self.resumed in second.said()

    def serve_lines(self, **settings):
        return self.serve('terminal', **settings)

    def exchange_lines(self, server, client, text):
        client.write(f'{text} up\n'.encode())
        server.wait_for(f'{text} up')
        server.write(f'{text} down\n'.encode())
        client.wait_for(f'{text} down')
