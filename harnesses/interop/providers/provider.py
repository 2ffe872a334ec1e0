"""What the providers have in common. A provider knows one foreign program: what it can, and how it is told.

A client's get() and open() and a server's serve() take settings by name; each program is told only what stands in its Abilities:
  version       TLSv1.2, TLSv1.3 or DTLSv1.2, and no other; without it, what the program offers by itself
  suites        cipher suites, in IANA's names
  groups        in IANA's names; a client with the feature 'group list' sends a key share for the first one only, others take one
  schemes       signature schemes, in IANA's names
  alpn          application protocols
  name          a client's: the server's name, to ask for and to check; None: none
  ca            a client's: the file of the authorities that it trusts
  certificate   a client's: its certificate in harnesses/testdata
  client_auth   a server's: 'optional' or 'required', a certificate of the client by CLIENT_CA
  record_bytes  the largest record to receive (RFC 8449)
  mtu           the largest datagram, without the headers of IP and UDP
  keylog        the file that it writes its secrets to
  exporter      a label and how many bytes are exported with it
  resume_by     'tickets' or 'session ids' (TLS 1.2)
  options       further words of the program's own command line, for tests of what one program alone can
"""
import abc
import dataclasses
import re
import shutil
import socket

from process import NotSaid
from testdata import DTLS12, GET, GROUPS, SERVER_KEYS, TLS12, TLS13

# The groups of tocsin do not hold P-521, and so no server of TLS 1.2 shows a certificate of that curve.
TLS12_SERVER_KEYS = tuple(key for key in SERVER_KEYS if key != 'ecdsa-p521')
# What only some programs can, and is no setting.
FEATURES = {
    # clients
    'group list': 'it can be told several groups, in order',
    'echo': 'echo() sends data and compares what comes back',
    'expired': 'it says of a certificate that it has expired',
    'no name': 'it can ask for no server name',
    'any host': 'it connects to other addresses than 127.0.0.1',
    'http/1.1': 'it offers this protocol by itself, and can be told no other',
    'several connections': 'it may connect more often than it is asked to',
    'no Ed25519': 'it takes no certificates with such keys',
    'no extensions': 'it can leave its extensions out',
    'unusual offers': 'it can offer much that tocsin does not know',
    'terminal': 'its standard streams are the connection, and some letters are commands',
    'background': 'start() asks for a page and does not wait',
    'KeyUpdate': 'it updates keys when told',
    'older versions': 'it speaks DTLS 1.0',
    'session files': 'it keeps a session in a file that it is told, and resumes one from there',
    'reconnect': 'it resumes five times in one run',
    'small fragments': 'it asks for them by -maxfraglen',
    'asks and closes': 'over datagrams, it sends its input and closes at once',
    # servers
    'prefers its own protocol': 'of those in common it chooses the first on its own list',
    'refuses other protocols': 'without one in common it sends an alert',
    'any certificate': 'serve_leaf() shows what is wrong, too',
    'any curve': 'in TLS 1.2 its groups do not bind the curve of its certificate',
    'lines': 'serve_lines() and exchange_lines()',
    'verifies clients': 'its clients\' certificates, by CLIENT_CA',
    'client schemes': 'it can be told what clients may sign with',
    'resumes nothing': 'it can be told to',
    'grants small fragments': 'to who asks for them',
}
PEERS_HINT = 'ci/setup --peers installs it'


@dataclasses.dataclass(frozen=True)
class Abilities:
    """What a program can in one role."""
    settings: frozenset  # what it can be told
    versions: tuple = (TLS12, TLS13)
    keys: tuple = tuple(SERVER_KEYS)  # the certificates that a client takes, or that a server can show, in TLS 1.3
    tls12_keys: tuple = tuple(SERVER_KEYS)  # and in TLS 1.2 and DTLS 1.2
    retry_groups: tuple = GROUPS  # that a HelloRetryRequest to or from it can name
    keys_in_dtls: tuple = ()  # that a server can show in DTLS
    services: tuple = ()  # of a server: 'page', 'echo', 'terminal' (its standard streams), 'answer' (a line to whatever comes)
    features: frozenset = frozenset()  # of FEATURES

    def can(self, needs, version):
        return version in self.versions and set(needs) <= self.settings | self.features | set(self.services)


def abilities(settings, **more):
    """settings: their names in one string."""
    features = frozenset(more.pop('features', ()))
    assert features <= FEATURES.keys(), f'unknown features: {features - FEATURES.keys()}'
    return Abilities(frozenset(settings.split()) | {'options'}, features=features, **more)


class Provider:
    """One program. What it can is in its roles: a Client, a DatagramClient, a Server, or more than one."""
    name = ''
    needs = ()  # the programs that must be there
    client = None  # Abilities, or None: it is none
    server = None

    def __init__(self, processes):
        self.processes = processes

    def missing(self):
        """What is not installed, as a reason to skip a test; '': nothing."""
        absent = [program for program in self.needs if shutil.which(program) is None]
        return f'no {absent[0]} here ({PEERS_HINT})' if absent else ''


class Client(Provider, abc.ABC):
    """What differs between programs and has no default here is an attribute of each that is asked for it, as a pattern:
    untrusted, expired  what it says of a certificate by an authority that it does not trust, and of one that has expired
    alpn_said           what it says of the application protocol, which is the first group
    resumed             what it says of a resumed session; not_resumed: of another
    """
    alerts = {}  # alert: what it says when it received that
    verified = ''  # what it says when it has verified the server's certificate; none: it ends with status 0
    closes = True  # after an echo: it says close_notify
    echo_mebibytes = 1  # what its echo is sent
    echo_portion_bytes = None  # what its echo can take before it is read; None: anything
    untrusting_alert = 'unknown_ca 48'  # what it sends to a server that it does not trust; None: it just goes

    @abc.abstractmethod
    def get(self, server, **settings):
        """Asks for a page; gives the process, which has ended."""

    def heard_alert(self, done, alert):
        """Whether a client that has ended says that it received this alert."""
        return re.search(self.alerts[alert], done.said()) is not None

    def distrusts(self, done):
        """Whether a client that has ended says that it does not trust the server's authority."""
        return re.search(self.untrusted, done.said()) is not None

    def verifies(self, done):
        """Whether a client that has ended says that it verified the server's certificate."""
        return re.search(self.verified, done.said()) is not None if self.verified else done.status == 0

    def finds_expired(self, done):
        return re.search(self.expired, done.said()) is not None

    def protocol_said(self, done):
        """The application protocol that a client says was agreed on, or 'none'."""
        match = re.search(self.alpn_said, done.said())
        return match[1] if match else 'none'

    def offering(self, *groups):
        """The settings that make it offer these groups, with a share for the first, if it can be told; else it has shares for others
        than those in retry_groups by itself."""
        return {'groups': groups} if 'group list' in self.client.features else {}


class DatagramClient(Client):
    """A client that also speaks DTLS."""

    @abc.abstractmethod
    def command(self, server, **settings):
        """The command line."""

    @abc.abstractmethod
    def open(self, server, **settings):
        """Connects; gives the process after the handshake, with its standard streams open."""

    def ask_and_close(self, server):
        """Over datagrams: sends a request and closes at once; gives the process, which may still listen for a while."""
        process = self.processes.start(*self.command(server, version=DTLS12))
        process.write(GET)
        process.close_input()
        return process


class Server(Provider, abc.ABC):
    """What differs between programs and has no default here is an attribute of each that is asked for it, as a pattern:
    resumed             what it says of a resumed session; not_resumed: of another
    told_of_unknown_ca  what it says when it received this alert
    """
    refuses_tls12_with = refuses_tls13_with = 'protocol_version 70'  # if it has only the other version
    expired_client_alert = 'certificate_expired 45'  # what it answers a client's certificate with that has expired

    def refuses_other_protocols(self):
        """Or it goes on without one."""
        return 'refuses other protocols' in self.server.features

    @abc.abstractmethod
    def serve(self, service, **settings):
        """Gives the process, which listens on port."""

    def serve_lines(self, **settings):
        """A server for exchange_lines()."""
        return self.serve('echo', **settings)

    def exchange_lines(self, server, client, text):
        """A line goes from a client's standard input to the server and one comes back."""
        client.write(f'{text}\n'.encode())
        client.wait_for(text)

    def on_free_port(self, command_on, ready):
        """For servers that cannot tell a port of their own choice: another program may take what is found here, so try again."""
        for _ in range(5):
            with socket.socket() as free:
                free.bind(('127.0.0.1', 0))
                port = free.getsockname()[1]
            process = self.processes.start(*command_on(port))
            process.port = port
            try:
                process.wait_for(ready)
                return process
            except NotSaid:
                process.kill()
        raise NotSaid(f'{process} finds no free port')


def check_told(provider, role, settings):
    """A program that is told what it does not know would pass a test that asks for something else."""
    unknown = set(settings) - role.settings
    assert not unknown, f'{provider.name} cannot be told {", ".join(sorted(unknown))}'


def page_over_datagrams(client, server):
    """Asks for a page through an open client, which does not end by itself."""
    client.write(GET)
    client.wait_for(server.page_end)
    return client


def echo_in_portions(process, data, portion_bytes):
    """Sends data and waits for each portion's return, for programs that write and read in turn and not at once."""
    for start in range(0, len(data), portion_bytes):
        portion = data[start:start + portion_bytes]
        process.write(portion)
        process.wait_for_bytes(start + len(portion))
    assert bytes(process.out) == data, 'the echo differs from what was sent'
