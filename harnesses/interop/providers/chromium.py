"""Chromium without a window, in a home of its own. It trusts what stands in a database of NSS's."""
import base64
import json

from testdata import CA, TLS12, TLS13

from . import nss
from .provider import Client, abilities

# No traffic but to this machine, no sandbox (it does not work for root), nothing kept outside its home.
OPTIONS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-breakpad', '--disable-crash-reporter',
           '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
           '--no-default-browser-check', '--disable-extensions',
           '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1']


class Chromium(Client):
    name = 'chromium'
    needs = ('chromium', 'certutil')
    # Both of its key shares are for X25519, one of them with ML-KEM. It takes no P-521 and no Ed25519 from a server.
    client = abilities('version ca', versions=(TLS12, TLS13), keys=('ecdsa-p256', 'ecdsa-p384', 'rsa2048', 'intermediate'),
                       tls12_keys=(), retry_groups=('secp256r1', 'secp384r1'),
                       features=('http/1.1', 'expired', 'no name', 'no Ed25519', 'several connections'))
    # Alert: its number, and the error that Chromium makes of it.
    alerts = {
        'handshake_failure': (40, 'SSL_VERSION_OR_CIPHER_MISMATCH'),
        'protocol_version': (70, 'SSL_VERSION_OR_CIPHER_MISMATCH'),
        'no_application_protocol': (120, 'SSL_PROTOCOL_ERROR'),
    }
    untrusting_alert = 'certificate_unknown 46'
    expired_alert = 'certificate_unknown 46'

    def dump(self, url, *options, authority=CA):
        """Loads a page and writes it, as it is after loading, to standard output. Trusts this authority and no other."""
        home = self.processes.file('home')
        if not home.is_dir():
            nss.trust(home / '.pki/nssdb', authority)
        return self.processes.run('env', f'HOME={home}', f'XDG_CONFIG_HOME={home}', f'XDG_CACHE_HOME={home}', 'chromium', *OPTIONS,
                                  f'--user-data-dir={home}/profile', f'--log-net-log={home}/net.json',
                                  '--net-log-capture-mode=Everything', *options, '--dump-dom', url)

    def get(self, server, version=None, name='localhost', ca=CA, options=()):
        words = ['--ssl-version-max=tls1.2'] if version == TLS12 else []
        return self.dump(f'https://{name or "127.0.0.1"}:{server.port}/', *words, *options, authority=ca)

    def net_log(self):
        """Its network log of the last run."""
        return json.loads(self.processes.file('home').joinpath('net.json').read_text())

    def heard_alert(self, done, alert):
        number, error = self.alerts[alert]
        return self.received_alerts() == {(2, number)} and error in self.errors()

    def distrusts(self, done):
        return 'CERT_AUTHORITY_INVALID' in self.errors()

    def finds_expired(self, done):
        return 'CERT_DATE_INVALID' in self.errors()

    def received_alerts(self):
        """Level and description of each."""
        log = self.net_log()
        received = log['constants']['logEventTypes']['SSL_ALERT_RECEIVED']
        return {tuple(base64.b64decode(event['params']['bytes'])) for event in log['events'] if event['type'] == received}

    def errors(self):
        """The names of the errors that it met, without ERR_ before them."""
        log = self.net_log()
        names = {number: name.removeprefix('ERR_') for name, number in log['constants']['netError'].items()}
        return {names[event['params']['net_error']] for event in log['events'] if 'net_error' in event.get('params', {})}
