"""A network of loopback that loses, doubles and reorders datagrams, by a seed: between clients and one server."""
import random

from relay_sockets import RelaySockets


class LossyRelay(RelaySockets):
    """rate: of each of losing, doubling and holding back a datagram until the next one in its direction (or for 50 ms)."""
    WAIT_S = 0.05

    def __init__(self, port, rate, seed=1):
        super().__init__()
        self.lost = self.doubled = self.swapped = 0
        self._server = ('127.0.0.1', port)
        self._rate = rate
        self._random = random.Random(seed)
        self._held = {}  # (socket, to) -> datagram
        self._sockets = {}  # client's address -> socket that stands for it
        self._clients = self.open_socket()
        self.port = self._clients.getsockname()[1]
        self.start()

    def carry(self, ready):
        for from_ in ready:
            datagram, address = from_.recvfrom(65536)
            if from_ is self._clients:
                if address not in self._sockets:
                    self._sockets[address] = self.open_socket()
                self._pass_on(datagram, self._sockets[address], self._server)
            else:
                client = next(client for client, socket_ in self._sockets.items() if socket_ is from_)
                self._pass_on(datagram, self._clients, client)
        if not ready:
            for (socket_, to), datagram in self._held.items():
                socket_.sendto(datagram, to)
            self._held.clear()

    def _pass_on(self, datagram, socket_, to):
        drawn = self._random.random() / self._rate
        if drawn < 1:
            self.lost += 1
            return
        if drawn < 2 and (socket_, to) not in self._held:
            self._held[socket_, to] = datagram
            self.swapped += 1
            return
        copies = 2 if 2 <= drawn < 3 else 1
        self.doubled += copies - 1
        for _ in range(copies):
            socket_.sendto(datagram, to)
        if held := self._held.pop((socket_, to), None):
            socket_.sendto(held, to)
