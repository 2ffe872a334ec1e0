"""What the relays of datagrams on loopback have in common: sockets, and a thread that calls carry(ready) with those that have something to
read, or with none after WAIT_S, until it is told to stop."""
import selectors
import socket
import threading

TIMEOUT_S = 10


class RelaySockets:
    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self._stop, self._stopped = socket.socketpair()
        self.selector.register(self._stopped, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def close(self):
        self._stop.close()
        self._thread.join(TIMEOUT_S)
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()

    def open_socket(self):
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind(('127.0.0.1', 0))
        self.selector.register(opened, selectors.EVENT_READ)
        return opened

    def _run(self):
        while True:
            ready = [key.fileobj for key, _ in self.selector.select(self.WAIT_S)]
            if self._stopped in ready:
                return
            self.carry(ready)
