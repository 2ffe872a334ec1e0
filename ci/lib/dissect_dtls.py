"""ci/dissect, over datagrams: sessions of DTLS 1.2 with connection ids (RFC 9146), which tshark reads with our key log."""
import re
import struct

from interop_dtls import CID, LAST_LINE, connect, serve
from interop_server import GET
from nat_relay import NatRelay
from pcap import ADDRESSES, OTHER, RAW_IP, checksum
from relay import CLIENT, SERVER

PORTS = {CLIENT: 50000, SERVER: 4433}
FIELDS = ['frame.number', 'udp.srcport', 'dtls.handshake.type', 'dtls.alert_message.desc', 'dtls.record.content_type',
          'dtls.record.connection_id', 'data.data', '_ws.malformed', '_ws.expert.message']
HELLO, SERVER_HELLO, VERIFY_REQUEST, CERTIFICATE, SERVER_KEY_EXCHANGE, DONE, KEY_EXCHANGE, FINISHED = 1, 2, 3, 11, 12, 14, 16, 20
MESSAGES = {CLIENT: [HELLO, HELLO, KEY_EXCHANGE, FINISHED],
            SERVER: [VERIFY_REQUEST, SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, DONE, FINISHED]}


def pcap(said):
    """The bytes of a capture file; said: the datagrams of a NatRelay."""
    out = struct.pack('!IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, RAW_IP)
    for number, (who, datagram) in enumerate(said):
        udp = struct.pack('!HHHH', PORTS[who], PORTS[OTHER[who]], 8 + len(datagram), 0) + datagram
        ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0) + ADDRESSES[who] + ADDRESSES[OTHER[who]]
        ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
        out += struct.pack('!IIII', 0, number, len(ip) + len(udp), len(ip) + len(udp)) + ip + udp
    return out


def page(check, server_bytes, client_bytes, *options):
    """What was said while a client got the page, the key log, and both ids, as the client knows them."""
    keys = check.file('keys')
    server = serve(check, '--www', '--cid', str(server_bytes), '--keylog', keys, *options)
    relay = NatRelay(server.port)
    client = connect(check, relay.port, '--cid', str(client_bytes), *options)
    client.write(GET)
    client.wait_for(LAST_LINE)
    client.close_input()
    server.wait_for('closed')
    client.end()
    relay.close()
    told = client.err.decode()  # what is on standard output is the page
    ids = {who: re.search(rf'connection id {way}: (\w+)', told)[1].replace('none', '') for who, way in
           ((CLIENT, 'sent'), (SERVER, 'received'))}
    return relay.said, keys, ids


def problems(tshark, capture, keys, ids):
    """What tshark does not like about a capture, and what it does not find there. ids: of each side's records."""
    found = []
    messages, alerts = {CLIENT: [], SERVER: []}, {CLIENT: [], SERVER: []}
    data = {CLIENT: b'', SERVER: b''}
    fields = [word for field in FIELDS for word in ('-e', field)]
    rows = tshark(capture, keys, '-d', f'udp.port=={PORTS[SERVER]},dtls', '-d', f'dtls.port=={PORTS[SERVER]},data', '-T', 'fields',
                  '-E', 'occurrence=a', '-E', 'aggregator=,', *fields)
    for row in rows.splitlines():
        number, port, types, descriptions, _, seen_ids, text, malformed, told = row.split('\t')
        who = CLIENT if int(port) == PORTS[CLIENT] else SERVER
        messages[who] += [int(one) for one in types.split(',') if one]
        alerts[who] += [int(one) for one in descriptions.split(',') if one]
        data[who] += bytes.fromhex(text.replace(',', ''))
        found += [f'packet {number} carries the id {one}' for one in seen_ids.split(',') if one and one != ids[who]]
        if malformed:
            found.append(f'packet {number} is malformed: {told}')
    for who in (CLIENT, SERVER):
        if messages[who] != MESSAGES[who]:
            found.append(f'the messages of the {who} are {messages[who]}, not {MESSAGES[who]}')
        if alerts[who] != [0]:
            found.append(f'the alerts of the {who} are {alerts[who]}')
    if data[CLIENT] != GET or not re.match(rb'HTTP/1.0 200 OK\r\n.*' + LAST_LINE.encode(), data[SERVER], re.DOTALL):
        found.append('the application data are others')
    return found


def changed_id(said):
    """A bit of the id in the client's last record: the id is authenticated with it."""
    at = max(i for i, (who, datagram) in enumerate(said) if who == CLIENT and datagram[0] == CID)
    who, datagram = said[at]
    said[at] = who, datagram[:11] + bytes([datagram[11] ^ 1]) + datagram[12:]


def checks(tshark):
    """(name, function of a check)"""
    def dissect(check, *options, spoil=None, complaint=None):
        said, keys, ids = page(check, *options)
        if spoil:
            spoil(said)
        capture = check.file('session.pcap')
        capture.write_bytes(pcap(said))
        found = problems(tshark, capture, keys, ids)
        if complaint is None:
            check.expect(not found, '; '.join(found))
        else:
            check.expect(any(complaint in problem for problem in found), f'tshark was to say {complaint!r}, but says {found}')
    yield 'DTLS, connection ids of both ends', lambda check: dissect(check, 8, 5)
    yield 'DTLS, a connection id of the server, padded records', lambda check: dissect(check, 8, 0, '--padding', '48')
    # tshark 4.0 does not decrypt ChaCha20 in DTLS, with ids or without.
    yield 'DTLS, a connection id of the client, AES-256', lambda check: dissect(
        check, 0, 20, '--suites', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384')
    yield 'DTLS, a changed connection id is noticed', lambda check: dissect(
        check, 8, 5, spoil=changed_id, complaint='the alerts of the client are []')
