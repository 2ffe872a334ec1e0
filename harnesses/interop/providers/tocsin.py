"""The tool under test. What it prints is read here and nowhere else: its lines about a connection, its reports, its problems."""
import re

from process import Process
from testdata import CA, server_pair

TOOL = 'harnesses/tool/tocsin'  # in a build folder
PAGE_END = 'this server: '
PAGE_LINE = re.compile(r'^(?:<.*>)?([A-Za-z][A-Za-z ]*): (.*)$', re.MULTILINE)  # a browser puts elements before the first
# Of the last line that a server says: the words behind a number, and before one.
COUNTED_BEHIND = {'accepted': r'connections? accepted', 'completed': r'handshakes? completed', 'retried': 'with a retry',
                  'resumed': 'resumed', 'failed': r'(?:connections? )?failed'}
COUNTED_BEFORE = {'cookies': 'cookies sent', 'idle': 'idle', 'evicted': 'evicted', 'late': 'late close_notify',
                  'moved': 'changes of address', 'discarded': 'discarded'}


def described(text):
    """What the lines "name: value" say, with underscores for blanks in the names."""
    return {name.replace(' ', '_'): value for name, value in PAGE_LINE.findall(text)}


def page_of(done):
    """What the page of `tocsin serve --www` says about the connection; nothing if none came. done: a client that asked for it."""
    match = re.search(r'^(?:<.*>)?version: [^$]*?^' + PAGE_END, done.out.decode(errors='replace').replace('\r\n', '\n'), re.MULTILINE)
    return described(match[0]) if match else {}


def agreed(done):
    """What `tocsin connect -v` says about the connection."""
    return described(done.err.decode())


def assert_says(said, expected):
    assert {name: said.get(name) for name in expected} == expected


def assert_page(done, **expected):
    assert_says(page_of(done), expected)


def assert_agreed(done, **expected):
    assert_says(agreed(done), expected)


def lines_dropped(line):
    """How many lines of its diagnostics it has dropped, from its page or from what it says once it is read again."""
    return int(re.search(r'\b(\d+) lines? (?:was |were )?dropped\b', line)[1])


class TocsinServer(Process):
    """`tocsin serve` while it runs."""
    page_end = PAGE_END
    CLOSED = r'^\S+:\d+: closed'  # a client's association

    def wait_for_refusal(self, reason, alert, clause=''):
        """It says why it refused a client, and with which alert."""
        self.wait_for(rf'\b{reason}: .*alert sent: {alert}\b.*{re.escape(clause)}')

    def wait_for_alert(self, alert):
        """It says that a client sent this alert."""
        self.wait_for(f'peer_alert: .*{alert}')

    def wait_for_truncation(self):
        """It says that a client has gone without a close_notify."""
        self.wait_for('transport_truncated: ')

    def wait_for_handshake(self, version):
        self.wait_for(f'handshake complete; version: {version}')

    def wait_for_handshakes(self, count, patience_s):
        self.wait_until(lambda: self.said().count('handshake complete; ') >= count, f'that {count} handshakes are complete', patience_s)

    def wait_for_move(self, old_port, new_port):
        self.wait_for(rf'127\.0\.0\.1:{old_port}: is at 127\.0\.0\.1:{new_port} from now on')

    def counts(self):
        """What it has counted when it has ended."""
        line = self.err.decode().splitlines()[-1]
        behind = {name: re.search(rf'(\d+) {words}', line) for name, words in COUNTED_BEHIND.items()}
        before = {name: re.search(rf'{words}: (\d+)', line) for name, words in COUNTED_BEFORE.items()}
        return {name: int(match[1]) for name, match in {**behind, **before}.items() if match}

    def discards(self):
        """How many datagrams it has discarded, by reason."""
        return {reason: int(count) for reason, count in re.findall(r' (\w+)=(\d+)', self.err.decode().splitlines()[-1])}

    def stop(self, **expected):
        """Ends it, and compares what it has counted."""
        self.popen.terminate()
        assert self.end() == 0, 'serve ended with an error'
        self.assert_counts(**expected)

    def assert_counts(self, **expected):
        counts = self.counts()
        assert {name: counts.get(name, 0) for name in expected} == expected


class Somewhere:
    """What is at a port and no server of ours."""
    host = '127.0.0.1'

    def __init__(self, port):
        self.port = port


class Tocsin:
    """`tocsin serve` and `tocsin connect`, and its other commands, for one test."""

    def __init__(self, processes):
        self.processes = processes
        self.program = processes.build / TOOL

    def run(self, *arguments, stdin=b'', environment=None):
        return self.processes.run(self.program, *arguments, stdin=stdin, environment=environment)

    def start(self, *arguments):
        return self.processes.start(self.program, *arguments)

    def targets(self):
        """The fuzz targets that `tocsin replay` knows."""
        return re.search(r'there are (.*)$', problem_of(self.run('replay', 'no-such-target', 'no-such-input')))[1].split(', ')

    def serve(self, *options, way=None, key='ecdsa-p256', host='127.0.0.1', listen=None):
        """way: into a connection, 'direct' or 'acceptor'; None: over datagrams, where there is but one."""
        words = ['serve', '--listen', listen or f'{host}:0', *server_pair(key, '--cert', '--key')]
        words += ['--accept', way] if way else []
        server = self.processes.start(self.program, *words, *options, kind=TocsinServer)
        server.host, server.key = host, key
        server.port = int(server.wait_for(rf'^listening on {re.escape(host)}:(\d+)\n')[1])
        return server

    def serve_dtls(self, *options, **more):
        return self.serve('--dtls', *options, **more)

    def to(self, server, name='localhost', ca=CA):
        """The arguments that lead to a server."""
        words = ['connect', f'{server.host}:{server.port}']
        return words + (['--name', name] if name else []) + (['--ca', ca] if ca else [])

    def connect(self, server, *options, stdin=b'', name='localhost', ca=CA):
        """From start to end, with the standard input closed behind stdin."""
        return self.run(*self.to(server, name, ca), '-v', *options, stdin=stdin)

    def open(self, server, *options):
        """With its standard streams open."""
        return self.start(*self.to(server), *options)

    def open_dtls(self, server, *options, patience_s=120):
        """After the handshake. What is lost costs a second, then two, four, eight."""
        client = self.open(server, '--dtls', '--wait', '-v', '--handshake-timeout-ms', patience_s * 1000, *options)
        client.wait_for('version: DTLSv1.2', patience_s)
        return client


def explained_lines(text):
    """Offset and size of each line of `tocsin explain` that shows bytes."""
    return [(int(offset, 16), int(size_bytes)) for offset, size_bytes in
            re.findall(r'^([0-9a-f]{6}) +(\d+) [0-9a-f]{2}\b', text, re.MULTILINE)]


def problem_of(done):
    """The one line in which a command says why it failed."""
    said = done.err.decode()
    assert said.count('\n') == 1 and said.startswith('tocsin: '), f'not exactly one line: {said}'
    return said


def assert_usage_error(done, *words):
    """What cannot be done is told in one clear line, with exit status 2."""
    assert done.status == 2
    assert not done.out
    problem = problem_of(done)
    for word in words:
        assert str(word) in problem
