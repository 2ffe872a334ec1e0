"""One check of ci/interop: a name, the processes that it starts, and a record of what they said. Nothing outlives its check."""
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEYS = ROOT / 'harnesses/testdata'
TIMEOUT_S = 20


class Failed(Exception):
    """The check's claim does not hold."""


class Skipped(Exception):
    """The check needs something that is not there."""


def printable(text):
    """Programs also echo what they were sent: any bytes."""
    return ''.join(c if c.isprintable() or c in '\n\t' else f'\\x{ord(c):02x}' for c in text)


def have(program):
    return shutil.which(str(program)) is not None


class Process:
    """A program in the background, with what it has said so far."""

    def __init__(self, command):
        self.command = [str(word) for word in command]
        self.out = bytearray()
        self.err = bytearray()
        self.heard = threading.Condition()  # something, or the end of something
        self.popen = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      cwd=ROOT, bufsize=0)
        self.readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                        for pair in ((self.popen.stdout, self.out), (self.popen.stderr, self.err))]
        for reader in self.readers:
            reader.start()

    def _read(self, stream, into):
        is_at_end = False
        while not is_at_end:
            data = stream.read(65536)
            is_at_end = not data
            with self.heard:
                into += data
                self.heard.notify_all()

    def said(self):
        return (bytes(self.out) + bytes(self.err)).decode(errors='replace')

    def wait_until(self, is_true, what):
        """Waits for a condition on what the program says; the program may have ended by then."""
        end = time.monotonic() + TIMEOUT_S
        while True:
            has_ended = self.popen.poll() is not None
            if has_ended:
                for reader in self.readers:
                    reader.join(TIMEOUT_S)
            with self.heard:
                if is_true():
                    return
                if has_ended or time.monotonic() > end:
                    raise Failed(f'{what} did not come from {" ".join(self.command[:2])}')
                self.heard.wait(0.1)  # a program may also end without having closed what it said last

    def wait_for(self, pattern):
        """Waits until the program has said something that fits; gives the match."""
        self.wait_until(lambda: re.search(pattern, self.said()), repr(pattern))
        return re.search(pattern, self.said())

    def write(self, data):
        try:
            self.popen.stdin.write(data)
        except BrokenPipeError:
            raise Failed(f'{" ".join(self.command[:2])} reads no more') from None

    def close_input(self):
        self.popen.stdin.close()

    def end(self):
        """Waits for the program's own end; gives the exit status."""
        try:
            status = self.popen.wait(TIMEOUT_S)
        except subprocess.TimeoutExpired:
            raise Failed(f'{" ".join(self.command[:2])} did not end') from None
        for reader in self.readers:
            reader.join(TIMEOUT_S)
        return status

    def kill(self):
        self.popen.kill()
        self.popen.wait()
        for reader in self.readers:
            reader.join()
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            try:
                stream.close()
            except OSError:
                pass


class Check:
    """What a check is given: it starts programs, and remembers them and their words."""

    def __init__(self, name, tocsin, scratch):
        self.name = name
        self.tocsin = tocsin
        self.scratch = scratch  # a folder of this check's own
        self.processes = []
        self.runs = []

    def start(self, *command):
        if not have(command[0]):
            raise Skipped(f'no {command[0]} here')
        process = Process(command)
        self.processes.append(process)
        return process

    def run(self, *command, stdin=b''):
        """A program from start to end. Gives its process, whose exit status is in status."""
        process = self.start(*command)
        try:
            process.popen.stdin.write(stdin)
            process.popen.stdin.close()
        except BrokenPipeError:
            pass
        process.status = process.end()
        return process

    def expect(self, condition, what):
        if not condition:
            raise Failed(what)

    def expect_words(self, text, *words):
        for word in words:
            self.expect(word in text, f'{word!r} is missing')

    def file(self, name):
        return self.scratch / name

    def transcript(self):
        return '\n'.join(f'$ {" ".join(process.command)}\n{printable(process.said()[-2500:].rstrip())}'
                         for process in self.processes)

    def clean_up(self):
        for process in self.processes:
            process.kill()

    # The servers. Each gives a process with its port in port.

    def serve(self, way, *options, key='ecdsa-p256', host='127.0.0.1'):
        process = self.start(self.tocsin, 'serve', '--listen', f'{host}:0', '--accept', way, *pair(key, '--cert', '--key'),
                             *options)
        process.port = int(process.wait_for(rf'^listening on {re.escape(host)}:(\d+)\n')[1])
        return process

    def s_server(self, *options, key='ecdsa-p256'):
        process = self.start('openssl', 's_server', '-accept', '127.0.0.1:0', *pair(key, '-cert', '-key'), *options)
        process.port = int(process.wait_for(r'ACCEPT \S*:(\d+)')[1])
        return process

    def gnutls_serv(self, *options, key='ecdsa-p256'):
        command = ['gnutls-serv', *pair(key, '--x509certfile', '--x509keyfile'), *options]
        if '--require-client-cert' not in options:
            command.append('--disable-client-cert')
        return self.on_free_port(lambda port: [*command, f'--port={port}'],
                                 lambda server: server.wait_for(rf'listening on IPv4 \S+ port {server.port}\.+done'))

    def on_free_port(self, command_on, wait_until_ready):
        """For servers that cannot tell a port of their own choice: another program may take what is found here, so try again."""
        for _ in range(5):
            with socket.socket() as free:
                free.bind(('127.0.0.1', 0))
                port = free.getsockname()[1]
            process = self.start(*command_on(port))
            process.port = port
            try:
                wait_until_ready(process)
                return process
            except Failed:
                process.kill()
        raise Failed(f'{process.command[0]} finds no free port')


def pair(key, certificate_option, key_option):
    return [certificate_option, KEYS / f'server-{key}.pem', key_option, KEYS / f'server-{key}.key.pem']
