"""Relays on loopback, between clients and a server: they keep what is said, and lose, repeat and reorder
datagrams, or send them from another address.

Each runs on an event loop in a thread of its own, so that tests can wait for programs meanwhile."""
import abc
import asyncio
import random
import socket
import threading

CLIENT, SERVER = 'client', 'server'
TIMEOUT_S = 20

class Relay(abc.ABC):
    """An event loop in a thread. Subclasses open their sockets in open(), which runs there, and set port."""
    host = '127.0.0.1'
    port = None  # for clients

    def __init__(self, server):
        self.key = server.key  # of the server: clients may ask, as they ask a server
        self.page_end = server.page_end
        self.server_address = ('127.0.0.1', server.port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.do(self.open())

    def do(self, coroutine):
        """Runs a coroutine on the loop; gives its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(TIMEOUT_S)

    def close(self):
        self.do(self.finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_S)
        self._loop.close()

    @abc.abstractmethod
    async def open(self):
        """Listens on port."""

    async def finish(self):
        """Ends what is open."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class StreamRelay(Relay):
    """connections: of each connection what was said, as [who, bytes] in turn; nobody speaks twice in a row.

    quiet_s   what is said is passed on when its speaker has been quiet for this long: so all that a client sends before it
              needs an answer stands together. 0: passed on at once.
    edit      a function (who, bytes) -> bytes: what is passed on in place of what was said. What is kept is what it was given
              for a server, and what it gave for a client: both as the server knows them.
    """

    def __init__(self, server, quiet_s=0, edit=lambda who, data: data):
        self.connections = []
        self._quiet_s = quiet_s
        self._edit = edit
        self._carrying = set()
        super().__init__(server)

    async def open(self):
        self._listener = await asyncio.start_server(self._carry, '127.0.0.1', 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def finish(self):
        """Waits until every connection has ended."""
        self._listener.close()
        if self._carrying:
            await asyncio.wait(self._carrying, timeout=TIMEOUT_S)
        await super().finish()

    async def _carry(self, from_client, to_client):
        self._carrying.add(asyncio.current_task())
        said = []
        self.connections.append(said)
        to_server = None
        try:
            from_server, to_server = await asyncio.open_connection(*self.server_address)
            await asyncio.gather(self._pass_on(CLIENT, from_client, to_server, said), self._pass_on(SERVER, from_server, to_client, said))
        except OSError:
            pass  # one of them is gone, and both sockets are closed: that is all that the other one needs to know
        finally:
            for writer in (to_client, to_server):
                if writer:
                    writer.close()

    async def _pass_on(self, who, reader, writer, said):
        is_at_end = False
        while not is_at_end:
            data, is_at_end = await self._read(reader)
            if data:
                edited = self._edit(who, data)
                kept = edited if who == CLIENT else data
                if said and said[-1][0] == who:
                    said[-1][1] += kept
                else:
                    said.append([who, bytearray(kept)])
                writer.write(edited)
                await writer.drain()
        writer.write_eof()

    async def _read(self, reader):
        """What there is to read until the peer is quiet, and whether it is at its end."""
        data = await reader.read(65536)
        is_at_end = not data
        while self._quiet_s and not is_at_end:
            try:
                more = await asyncio.wait_for(reader.read(65536), self._quiet_s)
            except TimeoutError:
                break
            data += more
            is_at_end = not more
        return data, is_at_end


class Socket:
    """A datagram socket of a relay; received(socket, datagram, address) is called with what it gets."""

    def __init__(self, loop, received):
        # Not connected: a connected one would be told by send() that an earlier datagram was not welcome, and not send.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(('127.0.0.1', 0))
        self.port = self._socket.getsockname()[1]
        self._loop = loop
        self._received = received
        loop.add_reader(self._socket, self._read)

    def _read(self):
        self._received(self, *self._socket.recvfrom(65536))

    def send(self, datagram, address):
        self._socket.sendto(datagram, address)

    def close(self):
        self._loop.remove_reader(self._socket)
        self._socket.close()


class DatagramRelay(Relay):
    """Opens sockets. Subclasses decide what becomes of a datagram."""

    async def open(self):
        self._sockets = []
        self._clients = self.open_socket(self.from_client)
        self.port = self._clients.port

    async def finish(self):
        await super().finish()
        for opened in self._sockets:
            opened.close()

    def open_socket(self, received):
        opened = Socket(self._loop, received)
        self._sockets.append(opened)
        return opened

    def close_socket(self, opened):
        self._sockets.remove(opened)
        opened.close()

    @abc.abstractmethod
    def from_client(self, socket_, datagram, client):
        """A datagram came from the client with this address."""

    @abc.abstractmethod
    def from_server(self, socket_, datagram, server):
        """A datagram came to this socket from the server."""


class TranslatingRelay(DatagramRelay):
    """Gives every client a socket that stands for it before the server."""

    async def open(self):
        self._standing_for = {}  # client's address -> socket
        await super().open()

    def from_client(self, _, datagram, client):
        if client not in self._standing_for:
            self._standing_for[client] = self.open_socket(self.from_server)
        self.deliver(CLIENT, datagram, self._standing_for[client], self.server_address)

    def from_server(self, from_, datagram, _):
        client = next(client for client, standing in self._standing_for.items() if standing is from_)
        self.deliver(SERVER, datagram, self._clients, client)

    @abc.abstractmethod
    def deliver(self, who, datagram, socket_, to):
        """Sends a datagram that came from who on by this socket to that address, or does something else with it."""


class LossyRelay(TranslatingRelay):
    """Loses, doubles and reorders, by a seed. rate: of each of losing, doubling, and holding back a datagram until the next one in its
    direction, or for a while."""
    HELD_S = 0.05

    def __init__(self, server, rate, seed):
        self.lost = self.doubled = self.swapped = 0
        self._rate = rate
        self._random = random.Random(seed)
        self._held = {}  # (socket, to) -> datagram
        super().__init__(server)

    def deliver(self, who, datagram, socket_, to):
        drawn = self._random.random() / self._rate
        if drawn < 1:
            self.lost += 1
        elif drawn < 2 and (socket_, to) not in self._held:
            self.swapped += 1
            self._held[socket_, to] = datagram
            self._loop.call_later(self.HELD_S, self._let_go, socket_, to)
        else:
            copies = 2 if 2 <= drawn < 3 else 1
            self.doubled += copies - 1
            for _ in range(copies):
                socket_.send(datagram, to)
            self._let_go(socket_, to)

    def _let_go(self, socket_, to):
        if held := self._held.pop((socket_, to), None):
            socket_.send(held, to)


class NatRelay(TranslatingRelay):
    """A NAT with one client behind it: it keeps what is said, and gives the client another address when told.
    said: the datagrams, as [who, bytes], in the order in which they came."""

    def __init__(self, server):
        self.said = []
        super().__init__(server)

    def deliver(self, who, datagram, socket_, to):
        self.said.append([who, datagram])
        socket_.send(datagram, to)

    def rebind(self):
        """From now on the client comes from another port; what is sent to the old one finds nobody. Gives both ports."""
        return self.do(self._rebind())

    async def _rebind(self):
        (client, old), = self._standing_for.items()
        new = self._standing_for[client] = self.open_socket(self.from_server)
        self.close_socket(old)
        return old.port, new.port

    def replay(self, datagram):
        """Somebody sends this to the server, from an address of his own."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.sendto(datagram, self.server_address)
