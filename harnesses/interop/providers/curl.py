"""curl, which is built with OpenSSL."""
from process import PATIENCE_S
from testdata import CA, TLS12, TLS13, pair

from .openssl import cipher_name, group_list
from .provider import Client, abilities, check_told

VERSIONS = {TLS12: ['--tls-max', '1.2'], TLS13: ['--tlsv1.3']}


class Curl(Client):
    name = 'curl'
    needs = ('curl',)
    client = abilities('version suites groups name ca certificate',
                       features=('group list', 'http/1.1', 'no name', 'background', 'any host'))
    alerts = {
        'handshake_failure': 'alert handshake failure',
        'protocol_version': 'alert protocol version',
        'no_application_protocol': 'alert no application protocol',
        'certificate_required': 'alert certificate required',
    }
    untrusted = 'SSL certificate problem: unable to get local issuer certificate'

    def command(self, server, version=None, suites=(), groups=(), name='localhost', ca=CA, certificate=None, options=()):
        words = ['curl', '--silent', '--show-error', '--include', '--max-time', PATIENCE_S, '--cacert', ca]
        words += VERSIONS[version] if version else []
        tls13_suites = [suite for suite in suites if '_WITH_' not in suite]
        tls12_ciphers = [cipher_name(suite) for suite in suites if '_WITH_' in suite]
        words += ['--tls13-ciphers', ':'.join(tls13_suites)] if tls13_suites else []
        words += ['--ciphers', ':'.join(tls12_ciphers)] if tls12_ciphers else []
        words += ['--curves', group_list(groups)] if groups else []
        words += pair(certificate, '--cert', '--key') if certificate else []
        host = name or server.host
        words += ['--resolve', f'{name}:{server.port}:{server.host}'] if name else []
        return [*words, *options, f'https://{host}:{server.port}/']

    def get(self, server, **settings):
        check_told(self, self.client, settings)
        return self.processes.run(*self.command(server, **settings))

    def start(self, server):
        """A request whose answer is not waited for."""
        return self.processes.start(*self.command(server))
