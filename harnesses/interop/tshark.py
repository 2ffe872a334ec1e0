"""tshark as a reader of sessions of ours, with our key log. text2pcap, which comes with it, makes captures of what was said."""
import abc
import dataclasses
import pathlib
import re
import subprocess

from relays import CLIENT, SERVER

PROGRAMS = ('tshark', 'text2pcap')
ADDRESSES = {CLIENT: '192.0.2.1', SERVER: '192.0.2.2'}
CLIENT_PORT, TLS_PORT, DTLS_PORT = 50000, 443, 4433
DIRECTIONS = {CLIENT: '<', SERVER: '>'}
SEGMENT_BYTES = 1400
# tshark's severities: a chat is 0x200000, a note 0x400000.
WARNING = 0x600000


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f'{command[0]} ended with {done.returncode}: {done.stderr.strip()}'
    return done.stdout


def write_capture(path, packets, *headers):
    """A capture file of packets, as (who, bytes), each below these dummy headers."""
    text = path.with_suffix('.txt')
    text.write_text(''.join(f'{DIRECTIONS[who]} {packet.hex()}\n' for who, packet in packets))
    addresses = f'{ADDRESSES[CLIENT]},{ADDRESSES[SERVER]}'
    run('text2pcap', '-q', '-r', '^(?<dir>[<>]) (?<data>[0-9a-f]+)$', '-4', addresses, *headers, text, path)


@dataclasses.dataclass
class Session(abc.ABC):
    """What a client and a server said, as [who, bytes] in turn, and the log of their keys."""
    said: list
    keylog: pathlib.Path

    def fields(self, names, *options):
        """A row of these fields for each packet; several values of one field are joined by commas."""
        words = [word for name in names for word in ('-e', name)]
        rows = self.tshark('-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=,', *options, *words)
        return [row.split('\t') for row in rows.splitlines()]

    def tshark(self, *options):
        return run('tshark', '-n', '-r', self.capture(), '-o', f'tls.keylog_file:{self.keylog}', '-o', 'tcp.check_checksum:TRUE', '-o',
                   'ip.check_checksum:TRUE', *options)

    def capture(self):
        if not self.keylog.exists():
            self.keylog.write_text('')
        path = self.keylog.with_suffix('.pcap')
        self.write(path)
        return path

    @abc.abstractmethod
    def write(self, path):
        """Writes what was said into a capture file."""


class StreamSession(Session):
    """said: one connection of a StreamRelay."""

    def write(self, path):
        segments = [(who, data[at:at + SEGMENT_BYTES]) for who, data in self.said for at in range(0, len(data), SEGMENT_BYTES)]
        write_capture(path, segments, '-T', f'{CLIENT_PORT},{TLS_PORT}')

    def application_data(self):
        """Each side's, decrypted, as tshark follows the stream."""
        data = {CLIENT: '', SERVER: ''}
        for line in self.tshark('-q', '-z', 'follow,tls,raw,0').splitlines():
            if re.fullmatch(r'\t?[0-9a-f]+', line):
                data[SERVER if line.startswith('\t') else CLIENT] += line.strip()
        return {who: bytes.fromhex(text) for who, text in data.items()}


class DatagramSession(Session):
    """said: the datagrams of a NatRelay."""

    def write(self, path):
        write_capture(path, self.said, '-u', f'{CLIENT_PORT},{DTLS_PORT}')


def sender(port):
    return CLIENT if int(port) == CLIENT_PORT else SERVER


def numbers(text):
    """Of a field with several values."""
    return [int(number) for number in text.split(',') if number]
