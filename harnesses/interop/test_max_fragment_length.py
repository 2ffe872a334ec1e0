"""max_fragment_length (RFC 6066 4): what goes over the wire keeps to it, in both directions, and a session is resumed with it alone."""
import struct

import pytest

from parameters import each_client, each_server
from providers.tocsin import assert_agreed, assert_page
from relays import CLIENT, SERVER, StreamRelay
from testdata import GET, TLS12, TLS13

TLS = {TLS12: '1.2', TLS13: '1.3'}
PROTECTION_BYTES = 24  # at most: of a record of TLS 1.2 with AES-GCM
LENGTHS = (512, 1024)
# A request that does not fit into one record.
LONG_GET = GET.replace(b'\r\n\r\n', b'\r\nX-Long: ' + 3000 * b'x' + b'\r\n\r\n')


def longest_record(said):
    """The most that a record's header says, in bytes."""
    longest = at = 0
    while at < len(said):
        _, _, length = struct.unpack_from('!BHH', said, at)
        longest, at = max(longest, length), at + 5 + length
    return longest


@pytest.fixture
def longest_of():
    """What talk(relay) says to a server: the longest record of each side, over all connections."""
    def run(server, talk):
        relay = StreamRelay(server)
        try:
            talk(relay)
        finally:
            relay.close()
        said = {who: [bytes(data) for connection in relay.connections for speaker, data in connection if speaker == who]
                for who in (CLIENT, SERVER)}
        return {who: max(map(longest_record, all_of_it)) for who, all_of_it in said.items()}
    return run


def assert_kept(longest, length):
    for who in (CLIENT, SERVER):
        assert length < longest[who] <= length + PROTECTION_BYTES, who


@pytest.mark.parametrize('length', LENGTHS)
@pytest.mark.parametrize('version', TLS)
@each_server('page', 'grants small fragments')
def test_connect_asks_for_it(tocsin, server, longest_of, version, length):
    def talk(relay):
        done = tocsin.connect(relay, '--wait', '--tls', TLS[version], '--max-fragment-length', str(length), stdin=LONG_GET)
        assert done.status == 0
        assert done.out.startswith(b'HTTP/1.0 200 ')
        assert_agreed(done, version=version)
    assert_kept(longest_of(server.serve('page'), talk), length)


@each_server('page', 'grants small fragments', 'resume_by', version=TLS12)
def test_connect_resumes_with_the_same_length_alone(tocsin, server, longest_of):
    session = tocsin.processes.file('session')

    def talk_with(length):
        def talk(relay):
            talk.done = tocsin.connect(relay, '--wait', '--tls', '1.2', '--session', session, '--max-fragment-length', str(length),
                                       stdin=LONG_GET)
        return talk
    running = server.serve('page', version=TLS12)
    for length, resumed in ((512, 'no'), (512, 'yes'), (1024, 'no'), (1024, 'yes')):
        talk = talk_with(length)
        longest = longest_of(running, talk)
        assert talk.done.status == 0
        assert_agreed(talk.done, resumed=resumed)
        assert_kept(longest, length)


@each_client('small fragments', 'session files', version=TLS12)
def test_client_comes_back_with_the_same_length_or_gets_a_full_handshake(tocsin, client, way, longest_of):
    server = tocsin.serve('--www', '--tls', '1.2', '--tickets', way=way, key='rsa2048')
    session = client.processes.file('session')
    # s_client offers the session whatever it asks for. It holds the first records of a full handshake to the length of the session that
    # it has offered, so the second length is the shorter one.
    for length, option, resumed in ((1024, '-sess_out', 'no'), (1024, '-sess_in', 'yes'), (512, '-sess_in', 'no')):
        longest = longest_of(server, lambda relay: assert_page(
            client.get(relay, version=TLS12, options=('-maxfraglen', str(length), option, session)), resumed=resumed))
        assert longest[SERVER] <= length + PROTECTION_BYTES
    server.stop(completed=3, resumed=1, failed=0)
