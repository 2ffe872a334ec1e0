"""ci/story: the farewell that comes late, in a loop."""
import argparse
import sys

import check_runner
import story_programs as programs
from interop_check import ROOT, Failed
from udp_relay import UdpRelay

TIMES_TOCSIN, TIMES_CONTROL = 500, 50
TIMES_UNTIL_FAILURE = 3
CLIENTS_AT_ONCE = 24
# Where in the next client's handshake the old farewell comes once more, in turn: before its ClientHello with the cookie, before
# its answer to the server's flight, before its request.
REPLAYED_BEFORE = (1, 2, 3)
OWN_ADDRESSES, ONE_ADDRESS = 'own addresses', 'one address'
HANDSHAKE_FAILED = 'mbedtls_ssl_handshake: -0x7900'


class Loop:
    """One server, one client after the other, and a relay between them."""

    def __init__(self, check, server, client, addresses):
        self.server = server
        self.relay = UdpRelay(server.port, keeps_address=addresses == ONE_ADDRESS)
        self.served = 0
        self._check = check
        self._client = client
        self._clients = []  # those that have not ended yet

    def run(self, times):
        """The story so many times, and one client more, who finds that the server is still there."""
        try:
            for _ in range(times):
                conversation = self._serve_one()
                self.relay.release(conversation, copies=1)
                self.relay.replay_later(conversation, REPLAYED_BEFORE[self.served % len(REPLAYED_BEFORE)])
            self._serve_one()
            self._let_clients_end(0)
            if (self.relay.late, self.relay.repeated) != (times, 2 * times):
                raise Failed(f'the relay delivered {self.relay.late} farewells late and {self.relay.repeated} once more')
        except Failed as failed:
            raise Failed(f'round {self.served + 1}: {failed}') from None
        finally:
            self.relay.close()

    def _serve_one(self):
        """A client sends its request and closes, the server answers and closes, and now it should have its farewell."""
        number = self.served + 1
        client = self._client(self._check, self.relay.port)
        self._clients.append(client)
        conversations = self.relay.conversations
        self.relay.wait_until(lambda: len(conversations) == number and conversations[-1].farewell,
                              f'the farewell of client {number}', lambda: client.is_running() and self.server.is_running())
        conversation = conversations[-1]
        self.server.answer(number, conversation, self.relay)
        if self.server.waits_for_farewell:
            self.relay.pass_on(conversation)
        self.server.listen_again(number)
        self.served = number
        self._let_clients_end(CLIENTS_AT_ONCE)
        return conversation

    def _let_clients_end(self, left):
        """Some clients still listen for a while after their farewell. That need not be waited for."""
        while len(self._clients) > left or (self._clients and not self._clients[0].is_running()):
            client = self._clients[0]
            client.end()
            client.process.kill()  # gives its pipes back
            self._check.processes.remove(client.process)
            del self._clients[0]


# The checks. Each is given a Check, a client, the kind of addresses, and how often.

def tocsin(check, client, addresses, times):
    loop = Loop(check, programs.tocsin_server(check), client, addresses)
    loop.run(times)
    counted = programs.counters_of_tocsin(loop.server)
    late, delivered = loop.relay.late, loop.relay.late + loop.relay.repeated
    check.expect(counted['late close_notify'] == late,
                 f'tocsin counts {counted["late close_notify"]} late close_notify, but {late} came late for the first time')
    # At least: a client that has to wait repeats its flights.
    check.expect(counted['discarded'] >= delivered,
                 f'tocsin counts {counted["discarded"]} datagrams discarded, but {delivered} were delivered to be')


def s_server(check, client, addresses, times):
    Loop(check, programs.s_server(check), client, addresses).run(times)


def s_server_listen(check, client, addresses, times):
    Loop(check, programs.s_server(check, '-listen'), client, addresses).run(times)


def mbedtls_fails(check, client, addresses, _):
    loop = Loop(check, programs.mbedtls_server(check, 'fatal'), client, addresses)
    try:
        loop.run(TIMES_UNTIL_FAILURE)
    except Failed as failed:
        check.expect(loop.server.process.end() == 1 and HANDSHAKE_FAILED in loop.server.process.said(),
                     f'the loop fails, but not with {HANDSHAKE_FAILED}: {failed}')
        # What comes first while it listens is the first late farewell; the later copies would be too much for it, too.
        check.expect((loop.served, loop.relay.late) == (1, 1), f'the loop fails, but not on the first late farewell: {failed}')
        return
    raise Failed(f'the loop has not failed {TIMES_UNTIL_FAILURE} times')


def mbedtls_goes_on(check, client, addresses, times):
    loop = Loop(check, programs.mbedtls_server(check, 'tolerated'), client, addresses)
    loop.run(times)
    errors = loop.server.process.said().count(HANDSHAKE_FAILED)
    check.expect(errors >= loop.relay.late, f'{errors} handshakes failed, but {loop.relay.late} farewells came late')


# (claim, function, addresses, times)
CHECKS = [
    ('tocsin tells late farewells of {client} from handshakes', tocsin, (OWN_ADDRESSES, ONE_ADDRESS), TIMES_TOCSIN),
    ('s_server discards late farewells of {client}', s_server, (OWN_ADDRESSES, ONE_ADDRESS), TIMES_CONTROL),
    # After its first client it hears that address only.
    ('s_server -listen discards late farewells of {client}', s_server_listen, (ONE_ADDRESS,), TIMES_CONTROL),
    ('Mbed TLS fails on a late farewell of {client}', mbedtls_fails, (OWN_ADDRESSES, ONE_ADDRESS), TIMES_CONTROL),
    ('Mbed TLS goes on when each late farewell of {client} may fail', mbedtls_goes_on, (OWN_ADDRESSES, ONE_ADDRESS),
     TIMES_CONTROL),
]


def checks(times):
    for claim, function, kinds, default in CHECKS:
        for client in programs.CLIENTS:
            for addresses in kinds:
                yield (f'{claim.format(client=client.name)}, {addresses}',
                       lambda check, function=function, client=client, addresses=addresses, default=default:
                       function(check, client, addresses, times or default))


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/story', description='DTLS servers and the close_notify that comes late.')
    parser.add_argument('build', nargs='?', default='build', help='a build folder (default: build)')
    parser.add_argument('--only', default='', metavar='WORDS', help='only checks with these words in their names')
    parser.add_argument('--times', type=int, metavar='N',
                        help=f'rounds of each check (default: {TIMES_TOCSIN} for tocsin, {TIMES_CONTROL} for the others)')
    parser.add_argument('--jobs', type=int, default=4, metavar='N', help='so many checks at a time')
    options = parser.parse_args(arguments)
    tool = (ROOT / options.build / 'harnesses/tool/tocsin').resolve()
    if not tool.is_file():
        parser.error(f'no {tool}: build it first, or name the build folder')
    chosen = [(name, function) for name, function in checks(options.times) if options.only in name]
    if not chosen:
        parser.error(f'no check has {options.only!r} in its name')
    return check_runner.run('story', chosen, tool, options.jobs)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
