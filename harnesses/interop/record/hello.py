"""Reads just so much of a first flight as recording needs: its records, its handshake messages, the extensions of a hello."""

HANDSHAKE, CLIENT_HELLO, SERVER_HELLO = 22, 1, 2
ALPN, PRE_SHARED_KEY, EARLY_DATA = 16, 41, 42


def number(data, at, size):
    return int.from_bytes(data[at:at + size], 'big')


def records(flight):
    """Type and fragment of each record; a ValueError if the flight is not made of whole ones."""
    at = 0
    while at < len(flight):
        size = number(flight, at + 3, 2)
        if at + 5 + size > len(flight):
            raise ValueError('the flight ends within a record')
        yield flight[at], flight[at + 5:at + 5 + size]
        at += 5 + size


def messages(flight):
    """Type and body of each whole handshake message in the records before the protected ones."""
    content, at = b''.join(fragment for kind, fragment in records(flight) if kind == HANDSHAKE), 0
    while at + 4 <= len(content):
        size = number(content, at + 1, 3)
        if at + 4 + size <= len(content):
            yield content[at], content[at + 4:at + 4 + size]
        at += 4 + size


def extensions(hello):
    """The codes of a hello's extensions, in order; hello: the body of a ClientHello."""
    at = 2 + 32
    at += 1 + hello[at]
    at += 2 + number(hello, at, 2)
    at += 1 + hello[at]
    at += 2
    found = []
    while at < len(hello):
        found.append(number(hello, at, 2))
        at += 4 + number(hello, at + 2, 2)
    return found


def session_id(hello):
    return hello[35:35 + hello[34]]
