"""Stands between DTLS 1.2 clients and a server on loopback, keeps the clients' farewells back, and delivers them when told."""
import selectors
import socket
import threading
import time

from interop_check import TIMEOUT_S, Failed

ALERT, HANDSHAKE, APPLICATION_DATA = 21, 22, 23
CLIENT_HELLO = 1
HEADER_BYTES = 13  # of a record: type, version, epoch, sequence number, length (RFC 6347 4.1)
FORGOTTEN_AFTER = 4  # conversations: then the port that stood for a client is given back
LAST_WORDS_S = 1  # how long what a program that has ended sent before may take


class Record:
    """One record, as far as somebody without keys can read it."""

    def __init__(self, data):
        self.data = data
        self.type = data[0]
        self.epoch = int.from_bytes(data[3:5], 'big')

    def is_encrypted(self, type_):
        """Epoch 1 is the first one with keys, and without a renegotiation the only one."""
        return self.epoch == 1 and self.type == type_

    def is_client_hello(self):
        return self.epoch == 0 and self.type == HANDSHAKE and self.data[HEADER_BYTES:][:1] == bytes([CLIENT_HELLO])


def records(datagram):
    """The records of a datagram. Nobody here sends what does not parse."""
    found = []
    while datagram:
        size = HEADER_BYTES + int.from_bytes(datagram[11:HEADER_BYTES], 'big')
        found.append(Record(datagram[:size]))
        datagram = datagram[size:]
    return found


class Conversation:
    """What has passed between one client and the server."""

    def __init__(self, client, to_server):
        self.client = client  # its address
        self.to_server = to_server  # the socket that stands for it before the server
        self.datagrams = 0  # of the client, passed on
        self.farewell = None  # the client's encrypted close_notify, kept back
        self.has_asked = False  # the client has sent application data
        self.is_answered = False  # and the server
        self.answer = []  # datagrams of the server
        self.stray = None  # (socket, farewell of another one, before which datagram of this client it is to come)


class UdpRelay:
    """conversations: one for each client, in the order of their first datagrams.

    keeps_address   all clients come to the server from one address, as from behind a gateway that uses a port again at once;
                    otherwise each comes from its own.
    late            how many farewells were delivered late; repeated: how many more times one of them was.
    """

    def __init__(self, port, keeps_address):
        self.conversations = []
        self.late = 0
        self.repeated = 0
        self._server = ('127.0.0.1', port)
        self._changed = threading.Condition()
        self._selector = selectors.DefaultSelector()
        self._clients = self._open()
        self.port = self._clients.getsockname()[1]
        self._shared = self._open() if keeps_address else None
        self._next_stray = None
        self._stop, self._stopped = socket.socketpair()
        self._selector.register(self._stopped, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._stop.close()
        self._thread.join(TIMEOUT_S)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def wait_until(self, is_true, what, is_hopeful):
        """Waits for a condition on what has passed. is_hopeful: a function that says whether it may still come true."""
        end = time.monotonic() + TIMEOUT_S
        with self._changed:
            while not is_true():
                if not is_hopeful():
                    end = min(end, time.monotonic() + LAST_WORDS_S)
                if time.monotonic() >= end:
                    raise Failed(f'{what} did not come to the relay')
                self._changed.wait(0.1)  # or until something has passed; a program's end is not seen here

    def release(self, conversation, copies):
        """Delivers the farewell late, and copies of it right behind."""
        with self._changed:
            for _ in range(1 + copies):
                self._deliver(conversation.to_server, conversation.farewell)
            self.late += 1
            self.repeated += copies

    def pass_on(self, conversation):
        """Delivers the farewell while the server waits for it."""
        with self._changed:
            self._deliver(conversation.to_server, conversation.farewell)

    def replay_later(self, conversation, before):
        """One more copy of a farewell comes right before this datagram of the next client; 0 is its first ClientHello."""
        with self._changed:
            self._next_stray = (conversation.to_server, conversation.farewell, before)

    def _open(self):
        # Not connected: a connected one would be told by send() that an earlier datagram was not welcome, and not send.
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind(('127.0.0.1', 0))
        self._selector.register(opened, selectors.EVENT_READ)
        return opened

    def _deliver(self, to_server, datagram):
        to_server.sendto(datagram, self._server)

    def _run(self):
        while True:
            for ready, _ in self._selector.select():
                if ready.fileobj is self._stopped:
                    return
                with self._changed:
                    self._carry(ready.fileobj)
                    self._changed.notify_all()

    def _carry(self, from_):
        if from_.fileno() < 0:
            return  # closed since select() has named it
        datagram, address = from_.recvfrom(65536)
        if from_ is self._clients:
            self._from_client(address, records(datagram))
        else:
            self._from_server(from_, datagram)

    def _from_client(self, client, said):
        conversation = self._conversation_of(client, said)
        if conversation is None:
            return
        if conversation.stray and conversation.stray[2] == conversation.datagrams:
            to_server, farewell, _ = conversation.stray
            conversation.stray = None
            self._deliver(to_server, farewell)
            self.repeated += 1
        passed_on = b''
        for record in said:
            if record.is_encrypted(ALERT) and conversation.farewell is None:
                conversation.farewell = record.data
            else:
                passed_on += record.data
            conversation.has_asked = conversation.has_asked or record.is_encrypted(APPLICATION_DATA)
        if passed_on:
            conversation.datagrams += 1
            self._deliver(conversation.to_server, passed_on)
        if conversation.farewell:
            self._answer(conversation)

    def _conversation_of(self, client, said):
        """A client that has said farewell and says hello is a new one that got the old one's port."""
        for conversation in reversed(self.conversations):
            if conversation.client == client and not (conversation.farewell and said[0].is_client_hello()):
                return conversation
        if not said[0].is_client_hello():
            return None
        conversation = Conversation(client, self._shared or self._open())
        conversation.stray, self._next_stray = self._next_stray, None
        self.conversations.append(conversation)
        if not self._shared and len(self.conversations) > FORGOTTEN_AFTER:
            forgotten = self.conversations[-1 - FORGOTTEN_AFTER].to_server
            self._selector.unregister(forgotten)
            forgotten.close()
        return conversation

    def _from_server(self, from_, datagram):
        """An address that clients share belongs to the last of them."""
        conversation = next((one for one in reversed(self.conversations) if one.to_server is from_), None)
        if conversation is None:
            return
        if any(record.is_encrypted(APPLICATION_DATA) for record in records(datagram)):
            conversation.is_answered = True
        conversation.answer.append(datagram)
        # A client that saw the server close before it read the end of its own input would say no farewell.
        if conversation.farewell or not conversation.has_asked:
            self._answer(conversation)

    def _answer(self, conversation):
        for datagram in conversation.answer:
            self._clients.sendto(datagram, conversation.client)
        conversation.answer.clear()
