"""TLS 1.2, and which version two ends come to: every client at `tocsin serve`, and `tocsin connect` at every server."""
import pytest

from parameters import each_client, each_server
from providers.tocsin import assert_agreed, assert_page, page_of
from test_client_certificates import subject
from test_connect import refuse
from testdata import CLIENT_CA, CLIENT_KEYS, GET, GROUPS, TLS12, TLS13, pair, tls12_suites

BOTH = ('--tls', '1.2,1.3')
EXPORT = ('EXPERIMENTAL label', 40)
OURS = {'1.2': (TLS12,), '1.3': (TLS13,), '1.2,1.3': (TLS12, TLS13)}
THEIRS = {TLS12: (TLS12,), TLS13: (TLS13,), None: (TLS12, TLS13)}


@each_client(version=TLS12, key='tls12_keys')
def test_key(tocsin, client, key, way):
    server = tocsin.serve('--www', *BOTH, way=way, key=key)
    assert_page(client.get(server, version=TLS12), version=TLS12, server_name='localhost', accepted_by_way_of=way)
    server.stop(completed=1, failed=0)


@pytest.mark.parametrize('key', ('ecdsa-p256', 'rsa2048'))
@each_client('suites', version=TLS12)
def test_every_suite_and_group(tocsin, client, way, key):
    """The server chooses the group: the client's groups also say which curves of certificates it takes (RFC 8422 5.1.1)."""
    for group in GROUPS:
        server = tocsin.serve('--www', *BOTH, '--groups', group, way=way, key=key)
        for suite in tls12_suites(key):
            assert_page(client.get(server, version=TLS12, suites=(suite,)), version=TLS12, cipher_suite=suite, group=group,
                        accepted_by_way_of=way)
        server.stop(completed=3, failed=0)


@pytest.mark.parametrize('ours', OURS)
@each_client('version', 'suites')
def test_every_combination_of_versions(tocsin, client, way, ours):
    server = tocsin.serve('--www', '--tls', ours, way=way)
    for theirs, offered in THEIRS.items():
        common = set(OURS[ours]) & set(offered)
        done = client.get(server, version=theirs)
        if common:
            assert_page(done, version=max(common), accepted_by_way_of=way)
        else:
            assert client.heard_alert(done, 'protocol_version')
            server.wait_for_refusal('version_unsupported', 'protocol_version 70')


@each_client('alpn', version=TLS12)
def test_alpn(tocsin, client, way):
    server = tocsin.serve('--www', *BOTH, '--alpn', 'http/1.1,h2', way=way)
    done = client.get(server, version=TLS12, alpn=('h2',))
    assert_page(done, version=TLS12, ALPN='h2')
    assert client.protocol_said(done) == 'h2'
    assert client.heard_alert(client.get(server, version=TLS12, alpn=('imap',)), 'no_application_protocol')


def test_echo_between_our_own_ends(tocsin, way):
    data = bytes(range(256)) * 400
    done = tocsin.connect(tocsin.serve('--echo', *BOTH, way=way), '--tls', '1.2', stdin=data)
    assert done.status == 0
    assert_agreed(done, version=TLS12)
    assert bytes(done.out) == data


@each_client('exporter', version=TLS12)
def test_exporter(tocsin, client, way):
    label, size_bytes = EXPORT
    server = tocsin.serve('--www', *BOTH, '--export-label', label, '--export-bytes', size_bytes, way=way)
    done = client.get(server, version=TLS12, exporter=EXPORT)
    exported = page_of(done)['exported']
    assert len(exported) == 2 * size_bytes
    assert client.exported(done) == exported


@each_client('terminal', version=TLS12)
def test_renegotiation_is_refused_with_a_warning(tocsin, client, way):
    peer = client.open(tocsin.serve('--echo', *BOTH, way=way), version=TLS12)
    peer.write(b'R\n')
    peer.wait_for('no renegotiation')


@pytest.mark.parametrize('options,alert,reason', (
    (('-cipher', 'ECDHE-ECDSA-AES128-SHA'), 'handshake_failure', 'no_common_cipher_suite'),
    (('-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'), 'handshake_failure', 'no_common_signature_scheme'),
    (('-groups', 'P-521'), 'handshake_failure', 'no_common_group'),
    (('-fallback_scsv',), 'inappropriate_fallback', 'fallback_inappropriate'),
    (('-sigalgs', 'ECDSA+SHA1', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=0'), 'handshake_failure',
     'no_common_signature_scheme'),
), ids=('CBC', 'another kind of certificate', 'P-521', 'a fallback', 'SHA-1'))
@each_client('terminal', version=TLS12)
def test_what_is_not_spoken_is_refused(tocsin, client, way, options, alert, reason):
    server = tocsin.serve('--www', *BOTH, way=way)
    assert client.heard_alert(client.get(server, version=TLS12, options=options), alert)
    server.wait_for_refusal(reason, '')


@each_client('no extensions', version=TLS12)
def test_client_without_extensions_gets_no_page(tocsin, client, way):
    server = tocsin.serve('--www', *BOTH, way=way)
    assert not page_of(client.get_without_extensions(server))
    server.stop(completed=0, failed=1)


@pytest.mark.parametrize('key', CLIENT_KEYS)
@each_client('certificate', version=TLS12)
def test_client_certificate(tocsin, client, way, key):
    server = tocsin.serve('--www', *BOTH, '--client-ca', CLIENT_CA, '--client-auth', 'required', way=way)
    done = client.get(server, version=TLS12, certificate=f'client-{key}')
    assert_page(done, version=TLS12, client_certificate=subject(key), accepted_by_way_of=way)


@each_client('certificate', version=TLS12)
def test_client_certificate_is_missing(tocsin, client, way):
    server = tocsin.serve('--www', *BOTH, '--client-ca', CLIENT_CA, '--client-auth', 'required', way=way)
    assert not page_of(client.get(server, version=TLS12))
    server.wait_for_refusal('client_certificate_missing', 'handshake_failure 40', 'RFC 5246 7.4.6')


def fetch(tocsin, server, *options, version=TLS12, **expected):
    """`tocsin connect`, which offers both versions, fetches a page."""
    done = tocsin.connect(server, '--wait', *BOTH, *options, stdin=GET)
    assert done.status == 0
    assert done.out.startswith(b'HTTP/1.0 200 ')
    assert_agreed(done, version=version, **expected)


@each_server('page', version=TLS12, key='tls12_keys')
def test_connect_key(tocsin, server, key):
    fetch(tocsin, server.serve('page', version=TLS12, key=key), server_name='localhost')


@pytest.mark.parametrize('key', ('ecdsa-p256', 'rsa2048'))
@pytest.mark.parametrize('group', GROUPS)
@each_server('page', 'suites', 'any curve', version=TLS12)
def test_connect_every_suite_and_group(tocsin, server, group, key):
    running = server.serve('page', version=TLS12, key=key, groups=(group,))
    for suite in tls12_suites(key):
        fetch(tocsin, running, '--suites', suite, cipher_suite=suite, group=group)


@pytest.mark.parametrize('theirs', THEIRS, ids=str)
@each_server('page', 'version', 'suites')
def test_connect_every_combination_of_versions(tocsin, server, theirs):
    running = server.serve('page', version=theirs)
    for ours, offered in OURS.items():
        common = set(THEIRS[theirs]) & set(offered)
        if common:
            done = tocsin.connect(running, '--wait', '--tls', ours, stdin=GET)
            assert_agreed(done, version=max(common))
            assert done.out.startswith(b'HTTP/1.0 200 ')
        else:
            alert = server.refuses_tls13_with if theirs == TLS12 else server.refuses_tls12_with
            refuse(tocsin, running, 'peer_alert: ', alert, '--tls', ours)


@pytest.mark.parametrize('key', CLIENT_KEYS)
@each_server('page', 'client_auth', 'verifies clients', version=TLS12)
def test_connect_client_certificate(tocsin, server, key):
    running = server.serve('page', version=TLS12, client_auth='required')
    fetch(tocsin, running, *pair(f'client-{key}', '--cert', '--key'), client_certificate=subject(key))


@each_server('terminal', version=TLS12)
def test_server_that_asks_for_renegotiation_is_refused_with_a_warning(tocsin, server):
    running = server.serve('terminal', version=TLS12)
    client = tocsin.open(running, *BOTH, '-v')
    client.wait_for(f'version: {TLS12}')
    running.write(b'r\n')
    running.wait_for('no renegotiation')
