"""A network of loopback that loses, doubles and reorders datagrams, by a seed: between clients and one server."""
import random
import selectors
import socket
import threading


class LossyRelay:
    """rate: of each of losing, doubling and holding back a datagram until the next one in its direction (or for 50 ms)."""
    HELD_S = 0.05

    def __init__(self, port, rate, seed=1):
        self.lost = self.doubled = self.swapped = 0
        self._server = ('127.0.0.1', port)
        self._rate = rate
        self._random = random.Random(seed)
        self._held = {}  # (socket, to) -> datagram
        self._sockets = {}  # client's address -> socket that stands for it
        self._selector = selectors.DefaultSelector()
        self._clients = self._open()
        self.port = self._clients.getsockname()[1]
        self._stop, self._stopped = socket.socketpair()
        self._selector.register(self._stopped, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._stop.close()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()

    def _open(self):
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind(('127.0.0.1', 0))
        self._selector.register(opened, selectors.EVENT_READ)
        return opened

    def _run(self):
        while True:
            ready = self._selector.select(self.HELD_S)
            for key, _ in ready:
                if key.fileobj is self._stopped:
                    return
                datagram, address = key.fileobj.recvfrom(65536)
                if key.fileobj is self._clients:
                    if address not in self._sockets:
                        self._sockets[address] = self._open()
                    self._pass_on(datagram, self._sockets[address], self._server)
                else:
                    client = next(client for client, socket_ in self._sockets.items() if socket_ is key.fileobj)
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
