"""Stands between one DTLS client and a server on loopback, as a NAT does: it keeps what each of them says, and gives the client another
address when told."""
import selectors
import socket
import threading

from interop_check import TIMEOUT_S
from relay import CLIENT, SERVER


class NatRelay:
    """said: the datagrams, as (who, bytes), in the order in which they came."""

    def __init__(self, port):
        self.said = []
        self._server = ('127.0.0.1', port)
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._inside, self._outside = self._open(), self._open()
        self.port = self._inside.getsockname()[1]
        self._client = None
        self._stop, self._stopped = socket.socketpair()
        self._selector.register(self._stopped, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def rebind(self):
        """From now on the client comes from another port; what is sent to the old one finds nobody. Gives both ports."""
        with self._lock:
            old, self._outside = self._outside, self._open()
            self._selector.unregister(old)
        ports = old.getsockname()[1], self._outside.getsockname()[1]
        old.close()
        return ports

    def replay(self, datagram):
        """Somebody sends this to the server, from an address of his own."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.sendto(datagram, self._server)

    def close(self):
        self._stop.close()
        self._thread.join(TIMEOUT_S)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()

    def _open(self):
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind(('127.0.0.1', 0))
        self._selector.register(opened, selectors.EVENT_READ)
        return opened

    def _run(self):
        while True:
            for key, _ in self._selector.select(0.1):
                if key.fileobj is self._stopped:
                    return
                with self._lock:
                    if key.fileobj.fileno() >= 0:
                        self._carry(key.fileobj)

    def _carry(self, from_):
        datagram, address = from_.recvfrom(65536)
        if from_ is self._inside:
            self._client = address
            self.said.append((CLIENT, datagram))
            self._outside.sendto(datagram, self._server)
        elif self._client:
            self.said.append((SERVER, datagram))
            self._inside.sendto(datagram, self._client)
