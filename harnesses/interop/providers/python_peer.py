"""A TLS client or server of Python's ssl. usage: python3 python_peer.py client|server OPTIONS; node_peer.js, its twin, tells
the options. Here groups is one name, as all that this module can take, there are no suites and no exporter, and a client makes so many
connections, each with the session of the one before. A server also takes page, the answer to every request."""
import json
import os
import selectors
import socket
import ssl
import sys
import threading

PORTION_BYTES = 65536


def say(word, value):
    print(f'{word}: {value}', file=sys.stderr, flush=True)


def name_of(error):
    return getattr(error, 'reason', None) or getattr(error, 'verify_message', None) or str(error)


def pattern(size):
    return bytes((i * 31 + (i >> 8)) & 0xff for i in range(size))


def context_of(options, protocol):
    context = ssl.SSLContext(protocol)
    if 'alpn' in options:
        context.set_alpn_protocols(options['alpn'])
    if 'groups' in options:
        context.set_ecdh_curve(options['groups'])
    if 'versions' in options:
        versions = [ssl.TLSVersion[name.replace('.', '_')] for name in options['versions']]
        context.minimum_version, context.maximum_version = versions
    if 'keylog' in options:
        context.keylog_filename = options['keylog']
    return context


def tell(peer):
    say('version', peer.version())
    say('suite', peer.cipher()[0])
    say('alpn', peer.selected_alpn_protocol() or 'none')


def read_all(peer):
    data = b''
    while more := peer.recv(PORTION_BYTES):
        data += more
    return data


def send_and_receive(peer, data, wanted):
    """Both at once, without threads: an object of this module is for one at a time."""
    peer.setblocking(False)
    got, sent = bytearray(), 0
    selector = selectors.DefaultSelector()
    while len(got) < wanted:
        waits_for = selectors.EVENT_READ
        try:
            if sent < len(data):
                sent += peer.send(data[sent:sent + PORTION_BYTES])
        except ssl.SSLWantWriteError:
            waits_for |= selectors.EVENT_WRITE
        try:
            if not (more := peer.recv(PORTION_BYTES)):
                break
            got += more
        except ssl.SSLWantReadError:
            if sent == len(data) or waits_for & selectors.EVENT_WRITE:
                selector.register(peer, waits_for)
                selector.select()
                selector.unregister(peer)
    peer.setblocking(True)
    return bytes(got)


def connect(options, session):
    """One connection; gives its session, or None."""
    context = options['context']
    name = options.get('name', '127.0.0.1')
    context.check_hostname = 'ca' in options and name is not None
    raw = socket.create_connection(('127.0.0.1', options['port']))
    with context.wrap_socket(raw, server_hostname=name, session=session) as peer:
        tell(peer)
        say('resumed', 'yes' if peer.session_reused else 'no')
        if options.get('get'):
            peer.sendall(b'GET / HTTP/1.0\r\n\r\n')
            os.write(1, read_all(peer))
        if 'echo' in options:
            data = pattern(options['echo'])
            got = send_and_receive(peer, data, len(data))
            say('echoed', len(got) if got == data else f'{len(got)}, which are not those sent')
            peer.unwrap()
        return peer.session


def client(options):
    options['context'] = context = context_of(options, ssl.PROTOCOL_TLS_CLIENT)
    if 'ca' in options:
        context.load_verify_locations(options['ca'])
    else:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    session = None
    for _ in range(options.get('connections', 1)):
        session = connect(options, session)


def serve_one(context, raw, options):
    try:
        answer(context, raw, options)
    except OSError as error:  # ssl.SSLError is one
        say('error', name_of(error))


def answer(context, raw, options):
    with context.wrap_socket(raw, server_side=True) as peer:
        tell(peer)
        if options.get('echo'):
            while data := peer.recv(PORTION_BYTES):
                peer.sendall(data)
        else:
            peer.recv(PORTION_BYTES)
            page = options.get('page', 'from python\n')
            peer.sendall(b'HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n' + page.encode())
        peer.unwrap()


def server(options):
    context = context_of(options, ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options['cert'], options['key'])
    context.sni_callback = lambda peer, name, _: say('server name', name or 'none')
    listener = socket.create_server(('127.0.0.1', 0))
    say('listening on', listener.getsockname()[1])
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=serve_one, args=[context, raw, options], daemon=True).start()


if __name__ == '__main__':
    try:
        {'client': client, 'server': server}[sys.argv[1]](json.loads(sys.argv[2]))
    except OSError as error:
        say('error', name_of(error))
        sys.exit(1)
