"""Node, whose program is node_peer.js."""
import functools
import subprocess

from .openssl import cipher_name, group_list
from .provider import TLS12_SERVER_KEYS, abilities
from .runtime import HERE, Runtime


@functools.cache
def major_version():
    return int(subprocess.run(['node', '-p', 'process.versions.node.split(".")[0]'], capture_output=True, check=True).stdout)


class Node(Runtime):
    name = 'node'
    needs = ('node',)
    command = ('node', HERE / 'node_peer.js')
    client = abilities('version suites groups alpn name ca keylog exporter', features=('group list', 'echo', 'no name'))
    server = abilities('version suites groups alpn', tls12_keys=TLS12_SERVER_KEYS, services=('page', 'echo'),
                       features=('prefers its own protocol', 'any curve'))
    alerts = {
        'handshake_failure': 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
        'protocol_version': 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
        'no_application_protocol': 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    }
    untrusted = 'error: UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    untrusting_alert = None  # it judges the certificate only when the handshake is over, and then just goes
    told_of_unknown_ca = 'error: .*ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'

    group_list = staticmethod(group_list)

    @staticmethod
    def suite_list(suites):
        return ':'.join(cipher_name(suite) if '_WITH_' in suite else suite for suite in suites)

    def refuses_other_protocols(self):
        return major_version() >= 20
