"""`tocsin serve` in TLS 1.3: every client against it, with `--accept direct` and `--accept acceptor`."""
import pytest

from parameters import each_client
from providers.tocsin import assert_page, page_of
from testdata import GROUPS, OTHER_CA, SERVER_KEYS, TLS12, TLS13, TLS13_SUITES, lines, pair

EXPORT = ('EXPORTER-interop', 80)
HANDSHAKE_FAILURE = 'handshake_failure 40'


def stop(server, client, **counts):
    """Ends the server, which must have counted this. A browser connects more often than it is asked to."""
    server.stop(**({} if 'several connections' in client.client.features else counts))


@each_client(key='keys')
def test_key(tocsin, client, key, way):
    server = tocsin.serve('--www', way=way, key=key)
    done = client.get(server)
    assert_page(done, version=TLS13, signature_scheme=SERVER_KEYS[key], server_name='localhost', group='x25519', ALPN='none', retried='no',
                accepted_by_way_of=way)
    assert client.verifies(done)
    stop(server, client, completed=1, failed=0)


@each_client('suites', 'groups')
def test_every_suite_and_group(tocsin, client, way):
    server = tocsin.serve('--www', way=way)
    for suite in TLS13_SUITES:
        for group in GROUPS:
            done = client.get(server, suites=(suite,), groups=(group,))
            assert_page(done, version=TLS13, cipher_suite=suite, group=group, retried='no', accepted_by_way_of=way)
    server.stop(completed=9, failed=0)


@pytest.mark.parametrize('suite', TLS13_SUITES)
@each_client()
def test_the_only_suite_of_the_server(tocsin, client, way, suite):
    server = tocsin.serve('--www', '--suites', suite, way=way)
    assert_page(client.get(server), version=TLS13, cipher_suite=suite, accepted_by_way_of=way)


@each_client(group='retry_groups')
def test_hello_retry_request(tocsin, client, group, way):
    server = tocsin.serve('--www', '--groups', group, way=way)
    other = 'x25519' if group != 'x25519' else 'secp384r1'
    done = client.get(server, **client.offering(other, group))
    assert_page(done, version=TLS13, group=group, retried='yes', accepted_by_way_of=way)
    stop(server, client, completed=1, retried=1, failed=0)


@each_client('echo')
def test_echo(tocsin, client, way):
    echo(tocsin, client, way)


@each_client('echo')
def test_echo_in_padded_records(tocsin, client, way):
    """Of the smallest size that the program can do with."""
    echo(tocsin, client, way, '--record-size-limit', client.echo_record_bytes_min, '--padding', '100')


def echo(tocsin, client, way, *options):
    server = tocsin.serve('--echo', '--once', *options, way=way)
    client.echo(server, 1, lambda mebibytes: lines(mebibytes << 14))
    failed = 0 if client.closes else 1
    assert server.end() == failed, 'serve --once ended with an error'
    server.assert_counts(completed=1, failed=failed)


@each_client('record_bytes')
def test_small_records(tocsin, client, way):
    server = tocsin.serve('--www', '--record-size-limit', '512', way=way)  # GnuTLS refuses less, which RFC 8449 allows
    assert_page(client.get(server, record_bytes=512), version=TLS13, server_name='localhost', accepted_by_way_of=way)
    server.stop(completed=1, failed=0)


@each_client('alpn')
def test_alpn(tocsin, client, way):
    server = tocsin.serve('--www', '--alpn', 'http/1.1,h2', way=way)
    for offered, expected in ((('h2',), 'h2'), (('h2', 'http/1.1'), 'http/1.1'), ((), 'none')):
        done = client.get(server, alpn=offered)
        assert_page(done, ALPN=expected)
        assert client.protocol_said(done) == expected
    refused = client.get(server, alpn=('imap',))
    assert client.heard_alert(refused, 'no_application_protocol')
    server.wait_for_refusal('no_common_application_protocol', 'no_application_protocol 120', 'RFC 7301')


@each_client('http/1.1')
def test_alpn_of_a_client_of_http(tocsin, client, way):
    assert_page(client.get(tocsin.serve('--www', '--alpn', 'http/1.1', way=way)), ALPN='http/1.1')
    server = tocsin.serve('--www', '--alpn', 'imap', way=way)
    refused = client.get(server)
    assert not page_of(refused)
    assert client.heard_alert(refused, 'no_application_protocol')
    server.wait_for_refusal('no_common_application_protocol', 'no_application_protocol 120')


@each_client('name')
def test_certificate_by_server_name(tocsin, client, way):
    server = tocsin.serve('--www', *pair('server-wildcard', '--cert', '--key'), way=way)
    for name in ('localhost', 'a.wild.example.test'):
        done = client.get(server, name=name)
        assert_page(done, server_name=name)
        assert client.verifies(done)


@each_client('no name')
def test_no_server_name(tocsin, client, way):
    server = tocsin.serve('--www', way=way)
    assert_page(client.get(server, name=None), version=TLS13, server_name='none')


@each_client('exporter')
def test_exporter(tocsin, client, way):
    label, size_bytes = EXPORT
    server = tocsin.serve('--www', '--export-label', label, '--export-bytes', size_bytes, way=way)
    done = client.get(server, exporter=EXPORT)
    exported = page_of(done)['exported']
    assert len(exported) == 2 * size_bytes
    assert client.exported(done) == exported


@each_client('keylog')
def test_key_log(tocsin, client, way, tmp_path):
    ours, theirs = tmp_path / 'ours', tmp_path / 'theirs'
    client.get(tocsin.serve('--www', '--keylog', ours, way=way), keylog=theirs)
    theirs_lines = {line for line in theirs.read_text().splitlines() if not line.startswith('#')}
    assert len(theirs_lines) == 5
    assert set(ours.read_text().splitlines()) == theirs_lines


@each_client()
def test_client_that_does_not_trust_us(tocsin, client, way):
    server = tocsin.serve('--www', way=way)
    done = client.get(server, ca=OTHER_CA)
    assert not page_of(done)
    assert client.distrusts(done)
    if client.untrusting_alert:
        server.wait_for_alert(client.untrusting_alert)
    else:
        server.wait_for_truncation()


@each_client('expired')
def test_certificate_that_has_expired(tocsin, client, way):
    server = tocsin.serve('--www', way=way, key='expired')
    done = client.get(server)
    assert not page_of(done)
    assert client.finds_expired(done)
    server.wait_for_alert(client.expired_alert)


@each_client('suites', 'groups')
def test_nothing_in_common(tocsin, client, way):
    server = tocsin.serve('--www', '--groups', 'x25519', '--suites', 'TLS_AES_128_GCM_SHA256', way=way)
    refused(server, client, 'no_common_group', groups=('secp521r1',))
    refused(server, client, 'no_common_cipher_suite', suites=('TLS_AES_256_GCM_SHA384',))
    server.stop(completed=0, failed=2)


@each_client('groups')
def test_no_group_in_common(tocsin, client, way):
    server = tocsin.serve('--www', way=way)
    refused(server, client, 'no_common_group', groups=('secp521r1',))
    server.stop(completed=0, failed=1)


@each_client('schemes')
def test_no_signature_scheme_in_common(tocsin, client, way):
    server = tocsin.serve('--www', way=way)
    refused(server, client, 'no_common_signature_scheme', schemes=('rsa_pss_rsae_sha256',))
    server.stop(completed=0, failed=1)


@each_client('no Ed25519')
def test_certificate_of_a_key_that_the_client_does_not_take(tocsin, client, way):
    refused(tocsin.serve('--www', key='ed25519', way=way), client, 'no_common_signature_scheme')


@each_client('version')
def test_client_of_tls12_alone(tocsin, client, way):
    server = tocsin.serve('--www', way=way)
    done = client.get(server, version=TLS12)
    assert not page_of(done)
    assert client.heard_alert(done, 'protocol_version')
    server.wait_for_refusal('version_unsupported', 'protocol_version 70', 'RFC 9846 4.3.1')
    stop(server, client, completed=0, failed=1)


def refused(server, client, reason, **settings):
    """The client says which alert it got, and serve why it sent it."""
    done = client.get(server, **settings)
    assert not page_of(done)
    assert client.heard_alert(done, 'handshake_failure')
    server.wait_for_refusal(reason, HANDSHAKE_FAILURE, 'RFC 9846')


@each_client('KeyUpdate')
def test_key_update(tocsin, client, way):
    server = tocsin.serve('--echo', '--once', way=way)
    peer = client.open(server)
    for number, command in enumerate((b'', b'k\n', b'K\n', b'K\n')):  # k: updates its own keys; K: asks us to do the same
        if command:
            peer.write(command)
            peer.wait_until(lambda: peer.err.count(b'KEYUPDATE') == number, 'KEYUPDATE')
        peer.write(b'line %d\n' % number)
        peer.wait_for(f'line {number}\n')
    peer.write(b'Q\n')
    assert peer.end() == 0, 's_client ended with an error'
    assert server.end() == 0, 'serve --once ended with an error'


@each_client('unusual offers')
def test_offers_that_tocsin_does_not_know_do_not_disturb(tocsin, client, way):
    """GREASE for encrypted hellos, delegated credentials, OCSP, signed timestamps, a pre-shared key, early data, tickets."""
    server = tocsin.serve('--www', way=way)
    for options in (('-i', '100', '-B', '-T', '-U', '-G', '-e', '-u', '-Z'), ('-z', '0xAAAABBBBCCCCDDDD:interop')):
        assert_page(client.get(server, options=options), version=TLS13, accepted_by_way_of=way)
    server.stop(completed=2, failed=0)
