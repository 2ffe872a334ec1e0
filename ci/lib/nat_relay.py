"""Stands between one DTLS client and a server on loopback, as a NAT does: it keeps what each of them says, and gives the client another
address when told."""
import socket
import threading

from relay import CLIENT, SERVER
from relay_sockets import RelaySockets


class NatRelay(RelaySockets):
    """said: the datagrams, as (who, bytes), in the order in which they came."""
    WAIT_S = 0.1

    def __init__(self, port):
        super().__init__()
        self.said = []
        self._server = ('127.0.0.1', port)
        self._lock = threading.Lock()
        self._inside, self._outside = self.open_socket(), self.open_socket()
        self.port = self._inside.getsockname()[1]
        self._client = None
        self.start()

    def rebind(self):
        """From now on the client comes from another port; what is sent to the old one finds nobody. Gives both ports."""
        with self._lock:
            old, self._outside = self._outside, self.open_socket()
            self.selector.unregister(old)
        ports = old.getsockname()[1], self._outside.getsockname()[1]
        old.close()
        return ports

    def replay(self, datagram):
        """Somebody sends this to the server, from an address of his own."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.sendto(datagram, self._server)

    def carry(self, ready):
        for from_ in ready:
            with self._lock:
                if from_.fileno() >= 0:
                    self._carry(from_)

    def _carry(self, from_):
        datagram, address = from_.recvfrom(65536)
        if from_ is self._inside:
            self._client = address
            self.said.append((CLIENT, datagram))
            self._outside.sendto(datagram, self._server)
        elif self._client:
            self.said.append((SERVER, datagram))
            self._inside.sendto(datagram, self._client)
