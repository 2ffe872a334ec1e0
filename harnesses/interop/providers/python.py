"""Python's ssl, whose program is python_peer.py."""
import sys

from .provider import TLS12_SERVER_KEYS, abilities
from .runtime import HERE, Runtime

# The module takes one group by name, and in Python 3.11.2 not X25519; by itself a client sends a share for that.
GROUP_NAMES = {'secp256r1': 'prime256v1', 'secp384r1': 'secp384r1', 'secp521r1': 'secp521r1'}


class Python(Runtime):
    name = 'python'
    command = (sys.executable, HERE / 'python_peer.py')
    client = abilities('version groups alpn name ca keylog', retry_groups=('secp256r1', 'secp384r1'), features=('echo', 'no name'))
    server = abilities('version groups alpn keylog', retry_groups=('secp256r1', 'secp384r1'), tls12_keys=TLS12_SERVER_KEYS,
                       services=('page', 'echo'), features=('prefers its own protocol',))
    alerts = {
        'handshake_failure': 'SSLV3_ALERT_HANDSHAKE_FAILURE',
        'protocol_version': 'TLSV1_ALERT_PROTOCOL_VERSION',
        'no_application_protocol': 'alert no application protocol',
    }
    untrusted = 'error: CERTIFICATE_VERIFY_FAILED'
    told_of_unknown_ca = 'error: .*TLSV1_ALERT_UNKNOWN_CA'
    echo_portion_bytes = 65536  # its server answers each portion before it reads the next one, so that both could wait for each other

    @staticmethod
    def group_list(groups):
        (group,) = groups
        return GROUP_NAMES[group]
