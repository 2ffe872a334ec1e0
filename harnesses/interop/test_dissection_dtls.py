"""tshark reads sessions of DTLS 1.2 with connection ids (RFC 9146), with our key log."""
import re
import shutil

import pytest

import tshark
from providers.tocsin import PAGE_END, agreed
from relays import CLIENT, SERVER, NatRelay
from testdata import GET
from tshark import DTLS_PORT, numbers, sender

FIELDS = ['udp.srcport', 'dtls.handshake.type', 'dtls.alert_message.desc', 'dtls.record.connection_id', 'data.data', '_ws.malformed',
          '_ws.expert.message']
HELLO, SERVER_HELLO, VERIFY_REQUEST, CERTIFICATE, SERVER_KEY_EXCHANGE, DONE, KEY_EXCHANGE, FINISHED = 1, 2, 3, 11, 12, 14, 16, 20
MESSAGES = {CLIENT: [HELLO, HELLO, KEY_EXCHANGE, FINISHED],
            SERVER: [VERIFY_REQUEST, SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, DONE, FINISHED]}
CLOSE_NOTIFY = 0
TLS12_CID = 25  # a content type

pytestmark = pytest.mark.skipif(not all(map(shutil.which, tshark.PROGRAMS)), reason='no tshark here (ci/setup --peers installs it)')


@pytest.fixture
def record_page(tocsin, tmp_path):
    """What was said while a client got the page, and the ids in each side's records, as the client knows them."""
    def run(server_bytes, client_bytes, *options):
        server = tocsin.serve_dtls('--www', '--cid', server_bytes, '--keylog', tmp_path / 'keys', *options)
        relay = NatRelay(server)
        try:
            client = tocsin.open_dtls(relay, '--cid', client_bytes, *options)
            client.write(GET)
            client.wait_for(PAGE_END)
            client.close_input()
            server.wait_for('closed')
            client.end()
        finally:
            relay.close()
        ids = {CLIENT: agreed(client)['connection_id_sent'], SERVER: agreed(client)['connection_id_received']}
        return tshark.DatagramSession(relay.said, tmp_path / 'keys'), {who: id_.replace('none', '') for who, id_ in ids.items()}
    return run


def findings(session):
    """Each side's messages, alerts, ids and application data, and what tshark does not like."""
    found = {who: {'messages': [], 'alerts': [], 'ids': set(), 'data': b''} for who in (CLIENT, SERVER)}
    malformed_packets = []
    options = ['-d', f'udp.port=={DTLS_PORT},dtls', '-d', f'dtls.port=={DTLS_PORT},data']
    for port, types, alerts, ids, data, malformed, told in session.fields(FIELDS, *options):
        of = found[sender(port)]
        of['messages'] += numbers(types)
        of['alerts'] += numbers(alerts)
        of['ids'] |= {id_ for id_ in ids.split(',') if id_}
        of['data'] += bytes.fromhex(data.replace(',', ''))
        malformed_packets += [told] if malformed else []
    return found, malformed_packets


def assert_in_order(session, ids):
    found, malformed_packets = findings(session)
    assert malformed_packets == []
    for who in (CLIENT, SERVER):
        assert found[who]['messages'] == MESSAGES[who]
        assert found[who]['alerts'] == [CLOSE_NOTIFY]
        assert found[who]['ids'] == ({ids[who]} if ids[who] else set())
    assert found[CLIENT]['data'] == GET
    assert re.match(rb'HTTP/1.0 200 OK\r\n.*' + PAGE_END.encode(), found[SERVER]['data'], re.DOTALL)


def test_connection_ids_of_both_ends(record_page):
    session, ids = record_page(8, 5)
    assert [len(id_) for id_ in ids.values()] == [16, 10]
    assert_in_order(session, ids)


def test_connection_id_of_the_server_and_padded_records(record_page):
    assert_in_order(*record_page(8, 0, '--padding', '48'))


def test_connection_id_of_the_client_and_aes256(record_page):
    """tshark 4.0 does not decrypt ChaCha20 in DTLS, with ids or without."""
    assert_in_order(*record_page(0, 20, '--suites', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'))


def test_changed_connection_id_is_noticed(record_page):
    """A bit of the id in the client's last record: the id is authenticated with it."""
    session, _ = record_page(8, 5)
    last = max(at for at, (who, datagram) in enumerate(session.said) if who == CLIENT and datagram[0] == TLS12_CID)
    changed = bytearray(session.said[last][1])
    changed[11] ^= 1
    session.said[last][1] = bytes(changed)
    found, _ = findings(session)
    assert found[CLIENT]['alerts'] == []
