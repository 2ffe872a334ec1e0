"""Stands between a client and a server on loopback, and keeps what each of them says and in which order."""
import selectors
import socket
import threading

CLIENT, SERVER = 'client', 'server'
TIMEOUT_S = 20


class Relay:
    """connections: of each connection what was said, as [who, bytes] in turn; nobody speaks twice in a row.

    quiet_s   what is said is passed on when its speaker has been quiet for this long: so all that a client sends before it
              needs an answer stands together. 0: passed on at once.
    edit      a function (who, bytes) -> bytes: what is passed on in place of what was said. What is kept is what it was given
              for a server, and what it gave for a client: both as the server knows them.
    """

    def __init__(self, port, quiet_s=0, edit=None):
        self.connections = []
        self._to = ('127.0.0.1', port)
        self._quiet_s = quiet_s
        self._edit = edit or (lambda who, data: data)
        self._listener = socket.create_server(('127.0.0.1', 0), backlog=16)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self):
        """Waits until every connection has ended."""
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(TIMEOUT_S)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            said = []
            self.connections.append(said)
            thread = threading.Thread(target=self._carry, args=[client, said], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, client, said):
        try:
            with client, socket.create_connection(self._to) as server, selectors.DefaultSelector() as selector:
                for socket_, who in ((client, CLIENT), (server, SERVER)):
                    socket_.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(socket_, selectors.EVENT_READ, who)
                other = {CLIENT: server, SERVER: client}
                while selector.get_map():
                    for ready, _ in selector.select():
                        data, is_at_end = self._read(ready.fileobj)
                        self._pass_on(ready.data, data, said, other[ready.data])
                        if is_at_end:
                            selector.unregister(ready.fileobj)
                            other[ready.data].shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of them is gone, and both sockets are closed: that is all that the other one needs to know

    def _read(self, peer):
        """What there is to read until the peer is quiet, and whether it is at its end."""
        data = b''
        peer.settimeout(self._quiet_s)
        try:
            while more := peer.recv(65536):
                data += more
            return data, True
        except (TimeoutError, BlockingIOError):
            return data, False
        except ConnectionResetError:
            return data, True
        finally:
            peer.settimeout(TIMEOUT_S)

    def _pass_on(self, who, data, said, to):
        if not data:
            return
        edited = self._edit(who, data)
        kept = edited if who == CLIENT else data
        if said and said[-1][0] == who:
            said[-1][1] += kept
        else:
            said.append([who, kept])
        to.sendall(edited)
