"""A relay that holds the close_notify of each client of DTLS 1.2 back, and delivers it when told: late, doubled, and once more."""
import threading
import time

from process import NotSaid
from relays import TIMEOUT_S, DatagramRelay

# Of records (RFC 6347 4.1).
ALERT, HANDSHAKE, APPLICATION_DATA = 21, 22, 23
CLIENT_HELLO = 1
HEADER_BYTES = 13


class Record:
    """A record of DTLS 1.2, as far as somebody without keys can read it."""

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
        self.close_notify = None  # the client's, encrypted, held back
        self.has_asked = False  # the client has sent application data
        self.is_answered = False  # and the server
        self.answer = []  # datagrams of the server
        self.replay = None  # (socket, another one's close_notify, before which datagram of this client it is to come)


class HoldingRelay(DatagramRelay):
    """Holds the close_notify of each client of DTLS 1.2 back, and delivers it when told.

    conversations   one for each client, in the order of their first datagrams.
    one_address     all clients come to the server from one address, as from behind a gateway that uses a port again at once;
                    otherwise each comes from its own.
    late            how many were delivered late; repeated: how many more times one of them was.
    """
    FORGOTTEN_AFTER = 4  # conversations: then the port that stood for a client is given back
    LAST_WORDS_S = 1  # how long what a program that has ended sent before may take

    def __init__(self, server, one_address=False):
        self.conversations = []
        self.late = 0
        self.repeated = 0
        self._one_address = one_address
        self._next_replay = None
        self._changed = threading.Condition()
        super().__init__(server)

    async def open(self):
        await super().open()
        self._shared = self.open_socket(self.from_server) if self._one_address else None

    def wait_until(self, is_true, what, is_hopeful):
        """Waits for a condition on what has passed. is_hopeful: a function that says whether it may still come true."""
        end = time.monotonic() + TIMEOUT_S
        with self._changed:
            while not is_true():
                if not is_hopeful():
                    end = min(end, time.monotonic() + self.LAST_WORDS_S)
                if time.monotonic() >= end:
                    raise NotSaid(f'{what} did not come to the relay')
                self._changed.wait(0.1)  # or until something has passed; a program's end is not seen here

    def release(self, conversation, copies):
        """Delivers the close_notify late, and copies of it right behind."""
        with self._changed:
            for _ in range(1 + copies):
                self._deliver_close_notify(conversation)
            self.late += 1
            self.repeated += copies

    def pass_on(self, conversation):
        """Delivers the close_notify while the server waits for it."""
        with self._changed:
            self._deliver_close_notify(conversation)

    def replay_later(self, conversation, before):
        """One more copy of a close_notify comes right before this datagram of the next client; 0 is its first ClientHello."""
        with self._changed:
            self._next_replay = (conversation.to_server, conversation.close_notify, before)

    def _deliver_close_notify(self, conversation):
        conversation.to_server.send(conversation.close_notify, self.server_address)

    def from_client(self, _, datagram, client):
        with self._changed:
            self._from_client(client, records(datagram))
            self._changed.notify_all()

    def from_server(self, from_, datagram, _):
        """An address that clients share belongs to the last of them."""
        with self._changed:
            conversation = next((one for one in reversed(self.conversations) if one.to_server is from_), None)
            if conversation:
                self._from_server(conversation, datagram)
            self._changed.notify_all()

    def _from_client(self, client, said):
        conversation = self._conversation_of(client, said)
        if conversation is None:
            return
        if conversation.replay and conversation.replay[2] == conversation.datagrams:
            to_server, close_notify, _ = conversation.replay
            conversation.replay = None
            to_server.send(close_notify, self.server_address)
            self.repeated += 1
        passed_on = b''
        for record in said:
            if record.is_encrypted(ALERT) and conversation.close_notify is None:
                conversation.close_notify = record.data
            else:
                passed_on += record.data
            conversation.has_asked = conversation.has_asked or record.is_encrypted(APPLICATION_DATA)
        if passed_on:
            conversation.datagrams += 1
            conversation.to_server.send(passed_on, self.server_address)
        if conversation.close_notify:
            self._answer(conversation)

    def _conversation_of(self, client, said):
        """A client that has closed and says hello is a new one that got the old one's port."""
        for conversation in reversed(self.conversations):
            if conversation.client == client and not (conversation.close_notify and said[0].is_client_hello()):
                return conversation
        if not said[0].is_client_hello():
            return None
        conversation = Conversation(client, self._shared or self.open_socket(self.from_server))
        conversation.replay, self._next_replay = self._next_replay, None
        self.conversations.append(conversation)
        if not self._shared and len(self.conversations) > self.FORGOTTEN_AFTER:
            self.close_socket(self.conversations[-1 - self.FORGOTTEN_AFTER].to_server)
        return conversation

    def _from_server(self, conversation, datagram):
        if any(record.is_encrypted(APPLICATION_DATA) for record in records(datagram)):
            conversation.is_answered = True
        conversation.answer.append(datagram)
        # A client that saw the server close before it read the end of its own input would send no close_notify.
        if conversation.close_notify or not conversation.has_asked:
            self._answer(conversation)

    def _answer(self, conversation):
        for datagram in conversation.answer:
            self._clients.send(datagram, conversation.client)
        conversation.answer.clear()
