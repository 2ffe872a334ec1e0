"""GnuTLS: gnutls-cli and gnutls-serv."""
import re

from process import PATIENCE_S
from testdata import CA, CLIENT_CA, DTLS12, GET, TLS12, TLS13, pair, server_pair

from .provider import (TLS12_SERVER_KEYS, DatagramClient, Server, abilities, check_told, echo_in_portions,
                       page_over_datagrams)

VERSIONS = {TLS12: '+VERS-TLS1.2', TLS13: '+VERS-TLS1.3', DTLS12: '+VERS-DTLS1.2'}
GROUP_NAMES = {'x25519': '+GROUP-X25519', 'secp256r1': '+GROUP-SECP256R1', 'secp384r1': '+GROUP-SECP384R1',
               'secp521r1': '+GROUP-SECP521R1'}
# What a client writes at a time, or drops what does not fit into one record.
PORTION_BYTES = 65536
RECORD_BYTES = 4096


def cipher_name(suite):
    """GnuTLS calls the ciphers of TLS 1.2 and 1.3 alike."""
    return '+' + re.search(r'(AES_\d+_GCM|CHACHA20_POLY1305)', suite)[1].replace('_', '-')


def priority(version=None, suites=(), groups=(), resume_by=None):
    words = ['NORMAL']
    words += ['-VERS-ALL', VERSIONS[version]] if version else []
    words += ['-CIPHER-ALL', *dict.fromkeys(map(cipher_name, suites))] if suites else []
    words += ['-GROUP-ALL', *(GROUP_NAMES[group] for group in groups)] if groups else []
    words += ['%NO_TICKETS'] if resume_by == 'session ids' else []
    return '--priority=' + ':'.join(words)


def priority_unless(options, *settings):
    """Nothing where the options name a priority of their own."""
    return [] if any(str(option).startswith('--priority=') for option in options) else [priority(*settings)]


class GnuTls(DatagramClient, Server):
    name = 'gnutls'
    needs = ('gnutls-cli', 'gnutls-serv')
    client = abilities('version suites groups alpn name ca certificate record_bytes mtu resume_by', versions=(TLS12, TLS13, DTLS12),
                       features=('group list', 'echo', 'no name', 'no extensions', 'asks and closes', 'any host'))
    server = abilities('version suites groups alpn client_auth record_bytes mtu resume_by', versions=(TLS12, TLS13, DTLS12),
                       services=('page', 'echo'), tls12_keys=TLS12_SERVER_KEYS, keys_in_dtls=TLS12_SERVER_KEYS,
                       features=('refuses other protocols', 'any curve', 'lines', 'verifies clients'))
    alerts = {
        'handshake_failure': r'Received alert \[40\]',
        'protocol_version': r'Received alert \[70\]: Error in protocol version',
        'no_application_protocol': r'Received alert \[120\]',
        'certificate_required': r'Received alert \[116\]',
    }
    untrusted = 'The certificate is NOT trusted'
    untrusting_alert = 'bad_certificate 42'
    told_of_unknown_ca = 'A TLS fatal alert has been received'
    expired_client_alert = 'access_denied 49'
    refuses_tls12_with = refuses_tls13_with = 'handshake_failure 40'  # that is how GnuTLS puts it
    resumed = 'This is a resumed session'
    verified = 'The certificate is trusted'
    alpn_said = r'Application protocol: (\S+)'
    echo_record_bytes_min = RECORD_BYTES + 1
    echo_portion_bytes = RECORD_BYTES  # of what a client sends to its echo

    def command(self, server, version=None, suites=(), groups=(), alpn=(), name='localhost', ca=CA, certificate=None,
                   record_bytes=None, mtu=None, resume_by=None, options=()):
        words = ['gnutls-cli', '--port', server.port, '--x509cafile', ca]
        words += ['--udp'] if version == DTLS12 else []
        words += [f'--sni-hostname={name}', f'--verify-hostname={name}'] if name else ['--disable-sni', '--verify-hostname=localhost']
        words += priority_unless(options, version, suites, groups, resume_by)
        words += ['--single-key-share'] if groups else []
        words += [f'--alpn={protocol}' for protocol in alpn]
        words += pair(certificate, '--x509certfile', '--x509keyfile') if certificate else []
        words += [f'--recordsize={record_bytes}'] if record_bytes else []
        words += [f'--mtu={mtu}'] if mtu else []
        return [*words, *options, server.host.strip('[]')]

    def get(self, server, version=None, **settings):
        check_told(self, self.client, settings)
        if version == DTLS12:
            return page_over_datagrams(self.open(server, version=version, **settings), server)
        return self.processes.run(*self.command(server, version=version, **settings), stdin=GET)

    def open(self, server, patience_s=PATIENCE_S, **settings):
        check_told(self, self.client, settings)
        process = self.processes.start(*self.command(server, **settings))
        process.wait_for('Handshake was completed', patience_s)
        return process

    def get_twice(self, server, version=None, **settings):
        """It connects twice in one run, and asks for the page the second time, when it resumes the session of the first if it may."""
        if version == DTLS12:
            client = self.open(server, version=version, options=('--resume',), **settings)
            client.wait_for(self.resumed)
            return [page_over_datagrams(client, server)]
        return [self.get(server, version=version, options=('--resume',), **settings)]

    def get_without_extensions(self, server):
        return self.get(server, options=(priority(TLS12) + ':%NO_EXTENSIONS',))

    def echo(self, server, mebibytes, make_data):
        log = ('--logfile', self.processes.file('gnutls-cli.log'))
        process = self.processes.start(*self.command(server, record_bytes=RECORD_BYTES, options=log))
        echo_in_portions(process, make_data(mebibytes), PORTION_BYTES)
        process.close_input()
        assert process.end() == 0, 'gnutls-cli ended with an error'

    def serve(self, service='page', key='ecdsa-p256', version=None, suites=(), groups=(), alpn=(), client_auth=None, record_bytes=None,
              mtu=None, resume_by=None, options=()):
        words = ['gnutls-serv', '--http' if service == 'page' else '--echo', *server_pair(key, '--x509certfile', '--x509keyfile')]
        words += ['--udp'] if version == DTLS12 else []
        words += priority_unless(options, version, suites, groups)
        words += [*(f'--alpn={protocol}' for protocol in alpn), '--alpn-fatal'] if alpn else []
        words += ['--x509cafile', CLIENT_CA, '--verify-client-cert'] if client_auth else []
        words += [] if client_auth or '--require-client-cert' in options else ['--disable-client-cert']
        words += ['--require-client-cert'] if client_auth == 'required' else []
        if service == 'echo' and version != DTLS12:
            record_bytes = record_bytes or RECORD_BYTES
        words += [f'--recordsize={record_bytes}'] if record_bytes else []
        words += [f'--mtu={mtu}'] if mtu else []
        words += ['--noticket'] if resume_by == 'session ids' else []
        ready = r'UDP|listening|ready' if version == DTLS12 else r'listening on IPv4 \S+ port \d+\.+done'
        process = self.on_free_port(lambda port: [*words, *options, f'--port={port}'], ready)
        process.key = key
        return process

    def assert_resumed(self, running, first, second):
        running.wait_for(self.resumed)
