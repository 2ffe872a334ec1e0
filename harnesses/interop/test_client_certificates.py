"""Certificates of clients in TLS 1.3: those that show one to `tocsin serve`, and `tocsin connect` that shows one to servers."""
import pytest

from parameters import each_client, each_server
from providers.tocsin import agreed, assert_page, page_of
from test_connect import fetch
from testdata import CLIENT_CA, CLIENT_KEYS, GET, pair

# What is wrong with a certificate: its file, the Reason for it, the alert.
BAD = {
    'expired': ('client-expired', 'certificate_expired', 'certificate_expired 45'),
    'for servers': ('client-for-servers', 'certificate_key_unsupported', 'unsupported_certificate 43'),
    'of another authority': ('server-ed25519', 'certificate_issuer_unknown', 'unknown_ca 48'),
}


def subject(key):
    return f'CN=tocsin test client {key}'


@pytest.mark.parametrize('key', CLIENT_KEYS)
@each_client('certificate')
def test_shown_to_serve(tocsin, client, way, key):
    server = tocsin.serve('--www', '--client-ca', CLIENT_CA, way=way)
    assert_page(client.get(server, certificate=f'client-{key}'), client_certificate=subject(key), client_signature_scheme=CLIENT_KEYS[key])
    server.stop(completed=1, failed=0)


@each_client('certificate')
def test_missing(tocsin, client, way):
    server = tocsin.serve('--www', '--client-ca', CLIENT_CA, '--client-auth', 'required', way=way)
    done = client.get(server)
    assert not page_of(done)
    server.wait_for_refusal('certificate_required', 'certificate_required 116', 'RFC 9846 4.5.1.3')
    server.stop(completed=0, failed=1)


@each_client('certificate')
def test_missing_where_it_is_optional(tocsin, client, way):
    server = tocsin.serve('--www', '--client-ca', CLIENT_CA, '--client-auth', 'optional', way=way)
    page = page_of(client.get(server))
    assert page and 'client_certificate' not in page
    assert_page(client.get(server, certificate='client-rsa2048'), client_certificate=subject('rsa2048'))
    server.stop(completed=2, failed=0)


@pytest.mark.parametrize('what', BAD)
@each_client('certificate')
def test_bad(tocsin, client, way, what):
    name, reason, alert = BAD[what]
    for wanted in ('optional', 'required'):
        server = tocsin.serve('--www', '--client-ca', CLIENT_CA, '--client-auth', wanted, way=way)
        assert not page_of(client.get(server, certificate=name))
        server.wait_for_refusal(reason, alert)
        server.stop(completed=0, failed=1)


@each_client('certificate', 'terminal')
def test_client_hears_why_it_is_refused(tocsin, client, way):
    server = tocsin.serve('--client-ca', CLIENT_CA, way=way)
    assert client.heard_alert(client.get(server), 'certificate_required')
    assert client.heard_alert(client.get(server, certificate='client-expired'), 'certificate_expired')


def refused(tocsin, server, alert, *options):
    """The alert comes when the client believes to be done, so after what it agreed on."""
    done = tocsin.connect(server, '--wait', *options, stdin=GET)
    assert done.status == 1
    assert not done.out
    last = done.err.decode().splitlines()[-1]
    assert last.startswith('tocsin: peer_alert: ') and alert in last


@pytest.mark.parametrize('key', CLIENT_KEYS)
@each_server('page', 'client_auth', 'verifies clients')
def test_shown_by_connect(tocsin, server, key):
    running = server.serve('page', client_auth='required')
    done = fetch(tocsin, running, *pair(f'client-{key}', '--cert', '--key'), client_signature_scheme=CLIENT_KEYS[key],
                 client_certificate=subject(key))
    assert f'tocsin test client {key}' in done.out.decode()


@each_server('page', 'client_auth', 'client schemes')
def test_the_one_that_suits_is_shown(tocsin, server):
    running = server.serve('page', client_auth='required', options=('-client_sigalgs', 'ed25519:RSA-PSS+SHA384'))
    certificates = [pair(f'client-{key}', '--cert', '--key') for key in CLIENT_KEYS]
    fetch(tocsin, running, *sum(certificates, []), client_certificate=subject('ed25519'))
    fetch(tocsin, running, *sum(reversed(certificates), []), client_signature_scheme='rsa_pss_rsae_sha384')
    refused(tocsin, running, 'certificate_required 116', *certificates[0])


@each_server('page', 'client_auth')
def test_none_is_shown(tocsin, server):
    """A server may take that or not (RFC 9846 4.5.1.3)."""
    done = fetch(tocsin, server.serve('page', client_auth='optional'))
    assert 'client_certificate' not in agreed(done)
    refused(tocsin, server.serve('page', client_auth='required'), 'certificate_required 116')


@each_server('page', 'client_auth', 'verifies clients')
def test_an_expired_one_is_refused(tocsin, server):
    refused(tocsin, server.serve('page', client_auth='required'), server.expired_client_alert,
            *pair('client-expired', '--cert', '--key'))
