"""Programs that a test starts: what they say, how they end. None outlives its test."""
import re
import subprocess
import threading
import time

from testdata import ROOT

PATIENCE_S = 60  # many times what anything takes on a machine that is not busy


class NotSaid(AssertionError):
    """A program did not say in time what it was expected to say."""


class Process:
    """A program in the background, with what it has said so far."""
    host = '127.0.0.1'
    port = None  # of a server
    key = None  # of a server: which certificate of harnesses/testdata it shows
    page_end = None  # of a server: how the last line of its page begins

    def __init__(self, command, environment=None):
        self.command = [str(word) for word in command]
        self.out = bytearray()
        self.err = bytearray()
        self.status = None
        self._changed = threading.Condition()  # output has come, or its end
        self.popen = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      cwd=ROOT, bufsize=0, env=environment)
        self._readers = [threading.Thread(target=self._read, args=pair, daemon=True)
                         for pair in ((self.popen.stdout, self.out), (self.popen.stderr, self.err))]
        for reader in self._readers:
            reader.start()

    def __str__(self):
        return ' '.join(self.command[:2])

    def _read(self, stream, into):
        is_at_end = False
        while not is_at_end:
            data = stream.read(65536)
            is_at_end = not data
            with self._changed:
                into += data
                self._changed.notify_all()

    def said(self):
        """Both outputs as text, with the line ends of Unix."""
        return (bytes(self.out) + bytes(self.err)).decode(errors='replace').replace('\r\n', '\n')

    def is_running(self):
        return self.popen.poll() is None

    def wait_until(self, is_true, what, patience_s=PATIENCE_S):
        """Waits for a condition on what the program says. The program may have ended by then."""
        end = time.monotonic() + patience_s
        while True:
            has_ended = not self.is_running()
            if has_ended:
                self._finish_reading()
            with self._changed:
                if is_true():
                    return
                if has_ended or time.monotonic() > end:
                    raise NotSaid(f'{self} did not say {what}')
                self._changed.wait(0.1)  # a program may also end without having closed its outputs

    def wait_for(self, pattern, patience_s=PATIENCE_S):
        """Waits for output that matches; gives the match."""
        self.wait_until(lambda: re.search(pattern, self.said(), re.MULTILINE), repr(pattern), patience_s)
        return re.search(pattern, self.said(), re.MULTILINE)

    def wait_for_bytes(self, count):
        """Waits until its standard output holds so many bytes."""
        self.wait_until(lambda: len(self.out) >= count, f'{count} bytes')

    def write(self, data):
        self.popen.stdin.write(data)

    def close_input(self):
        self.popen.stdin.close()

    def end(self):
        """Waits for the program's own end; gives the exit status."""
        try:
            self.status = self.popen.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise NotSaid(f'{self} did not end') from None
        self._finish_reading()
        return self.status

    def kill(self):
        self.popen.kill()
        self.popen.wait()
        self._finish_reading()
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            try:
                stream.close()
            except OSError:
                pass

    def _finish_reading(self):
        for reader in self._readers:
            reader.join(PATIENCE_S)

    def transcript(self):
        """The command and the end of what it said. Programs also echo what they were sent: any bytes."""
        end = self.said()[-2500:].rstrip()
        printable = ''.join(c if c.isprintable() or c in '\n\t' else f'\\x{ord(c):02x}' for c in end)
        return f'$ {" ".join(self.command)}\n{printable}'


class Processes:
    """The programs of one test, and a folder of the test's own."""

    def __init__(self, folder, build, shared_folder):
        self.folder = folder
        self.build = build  # the folder that tocsin was built in
        self.shared_folder = shared_folder  # for what tests of this run have in common
        self._started = []

    def start(self, *command, kind=Process, environment=None):
        process = kind(command, environment)
        self._started.append(process)
        return process

    def run(self, *command, stdin=b'', environment=None):
        """A program from start to end."""
        process = self.start(*command, environment=environment)
        try:
            process.write(stdin)
            process.close_input()
        except BrokenPipeError:
            pass  # it reads no more, and says why
        process.end()
        return process

    def give_up(self, process):
        process.kill()
        self._started.remove(process)

    def file(self, name):
        return self.folder / name

    def transcript(self):
        return '\n'.join(process.transcript() for process in self._started)

    def clean_up(self):
        for process in self._started:
            process.kill()
