"""The close_notify that comes late (Mbed TLS #9652), over real sockets and in a loop: DTLS clients that close at once, and a relay that
holds their encrypted close_notify back until the server listens again, delivers it then, twice, and once more during the next handshake.
tocsin must serve everybody and count each of them. OpenSSL's server passes, too: it closes when the client does, so that only copies are
late. Mbed TLS must fail, or the loop could not."""
import re

import pytest

from holding_relay import HoldingRelay
from process import NotSaid
from parameters import each_client, each_server
from providers.mbedtls import ANSWERED, HANDSHAKE_FAILED
from testdata import DTLS12

ROUNDS_TOCSIN, ROUNDS_CONTROL, ROUNDS_UNTIL_FAILURE = 500, 50, 3
CLIENTS_AT_ONCE = 24
# Where in the next client's handshake the old close_notify comes once more, in turn: before its ClientHello with the cookie, before
# its answer to the server's flight, before its request.
REPLAYED_BEFORE = (1, 2, 3)

pytestmark = pytest.mark.timeout(600)
each_kind_of_address = pytest.mark.parametrize('one_address', (False, True), ids=('own addresses', 'one address'))


class Lines:
    """How many lines of a program's output match, each read once."""

    def __init__(self, output, pattern):
        self._output = output
        self._pattern = re.compile(pattern)
        self._read_bytes = 0
        self._count = 0

    def count(self):
        end = self._output.rfind(b'\n') + 1
        lines = bytes(self._output[self._read_bytes:end]).decode(errors='replace').splitlines()
        self._read_bytes = end
        self._count += sum(self._pattern.search(line) is not None for line in lines)
        return self._count


class Listener:
    """A server that answers a request, closes without waiting for the client's close_notify, and listens again."""
    waits_for_close_notify = False

    def __init__(self, process, closed):
        self.process = process
        self._closed = closed  # Lines: one for each client that was served to the end; after it the server listens

    def answer(self, number, conversation, relay):
        """Waits until the request of client number, from 1 on, is answered."""
        relay.wait_until(lambda: conversation.is_answered, f'an answer to client {number}', self.process.is_running)

    def listen_again(self, number):
        self.process.wait_until(lambda: self._closed.count() >= number, f'that it has closed on client {number}')


class TypedListener(Listener):
    """s_server closes when the client does, and answers what is typed."""
    waits_for_close_notify = True

    def __init__(self, process):
        super().__init__(process, Lines(process.out, '^DONE$'))
        self._requests = Lines(process.out, '^GET ')

    def answer(self, number, conversation, relay):
        self.process.wait_until(lambda: self._requests.count() >= number, f'the request of client {number}')
        self.process.write(b'answer\n')
        super().answer(number, conversation, relay)


class Loop:
    """One server, one client after the other, and a relay between them."""

    def __init__(self, listener, client, one_address):
        self.listener = listener
        self.relay = HoldingRelay(listener.process, one_address)
        self.served = 0
        self._client = client
        self._running = []  # clients that have not ended yet

    def run(self, rounds):
        """So many rounds, and one client more, who finds that the server is still there."""
        try:
            for _ in range(rounds):
                conversation = self._serve_one()
                self.relay.release(conversation, copies=1)
                self.relay.replay_later(conversation, REPLAYED_BEFORE[self.served % len(REPLAYED_BEFORE)])
            self._serve_one()
            self._let_clients_end(0)
        finally:
            self.relay.close()
        assert (self.relay.late, self.relay.repeated) == (rounds, 2 * rounds)

    def _serve_one(self):
        """A client sends its request and closes, the server answers and closes, and now it should have the close_notify."""
        number = self.served + 1
        client = self._client.ask_and_close(self.relay)
        self._running.append(client)
        conversations = self.relay.conversations
        self.relay.wait_until(lambda: len(conversations) == number and conversations[-1].close_notify,
                              f'the close_notify of client {number}', lambda: client.is_running() and self.listener.process.is_running())
        conversation = conversations[-1]
        self.listener.answer(number, conversation, self.relay)
        if self.listener.waits_for_close_notify:
            self.relay.pass_on(conversation)
        self.listener.listen_again(number)
        self.served = number
        self._let_clients_end(CLIENTS_AT_ONCE)
        return conversation

    def _let_clients_end(self, left):
        """Some clients still listen for a while after their close_notify. That need not be waited for."""
        while len(self._running) > left or (self._running and not self._running[0].is_running()):
            client = self._running.pop(0)
            assert client.end() == 0
            assert self._client.verifies(client)
            self._client.processes.give_up(client)  # and its pipes


@pytest.fixture
def rounds(pytestconfig):
    return lambda default: pytestconfig.getoption('rounds') or default


@each_kind_of_address
@each_client('asks and closes', version=DTLS12)
def test_tocsin_tells_late_close_notify_from_handshakes(tocsin, client, one_address, rounds):
    server = tocsin.serve_dtls('--www')
    loop = Loop(Listener(server, Lines(server.err, server.CLOSED)), client, one_address)
    loop.run(rounds(ROUNDS_TOCSIN))
    server.stop(late=loop.relay.late)
    # At least: a client that has to wait repeats its flights.
    assert server.counts()['discarded'] >= loop.relay.late + loop.relay.repeated


@each_kind_of_address
@each_client('asks and closes', version=DTLS12)
@each_server('terminal', version=DTLS12)
def test_server_that_closes_with_its_client_discards_late_close_notify(server, client, one_address, rounds):
    Loop(TypedListener(server.serve('terminal', version=DTLS12)), client, one_address).run(rounds(ROUNDS_CONTROL))


@each_client('asks and closes', version=DTLS12)
@each_server('terminal', version=DTLS12)
def test_server_in_a_listen_state_discards_late_close_notify(server, client, rounds):
    """After its first client it hears that address only."""
    running = server.serve('terminal', version=DTLS12, options=('-listen',))
    Loop(TypedListener(running), client, one_address=True).run(rounds(ROUNDS_CONTROL))


def mbedtls(server, errors):
    process = server.serve('answer', errors=errors)
    return Listener(process, Lines(process.out, ANSWERED))


@each_kind_of_address
@each_client('asks and closes', version=DTLS12)
@each_server('answer', version=DTLS12)
def test_mbedtls_fails_on_late_close_notify(server, client, one_address):
    loop = Loop(mbedtls(server, 'fatal'), client, one_address)
    with pytest.raises(NotSaid):
        loop.run(ROUNDS_UNTIL_FAILURE)
    assert loop.listener.process.end() == 1
    assert HANDSHAKE_FAILED in loop.listener.process.said()
    # What comes first while it listens is the first late close_notify; the later copies would be too much for it, too.
    assert (loop.served, loop.relay.late) == (1, 1)


@each_kind_of_address
@each_client('asks and closes', version=DTLS12)
@each_server('answer', version=DTLS12)
def test_mbedtls_goes_on_when_handshakes_may_fail(server, client, one_address, rounds):
    loop = Loop(mbedtls(server, 'tolerated'), client, one_address)
    loop.run(rounds(ROUNDS_CONTROL))
    assert loop.listener.process.said().count(HANDSHAKE_FAILED) >= loop.relay.late
