"""Checks of `tocsin serve` against Chromium, through both ways in."""
import chromium
from interop_check import KEYS
from interop_server import SCHEMES, SUITES

# Chromium takes no P-521 and no Ed25519 from a server.
SERVER_KEYS = ('ecdsa-p256', 'ecdsa-p384', 'rsa2048', 'intermediate')


def page(check, server, way, *options, host='localhost', **expected):
    done = chromium.dump(check, f'https://{host}:{server.port}/', *options)
    lines = [f'{name.replace("_", " ")}: {value}\n' for name, value in expected.items()]
    check.expect_words(done.out.decode(), 'version: TLSv1.3\n', f'accepted by way of: {way}\n', *lines)
    return done


def refused(check, server, error, *options, **more):
    done = chromium.dump(check, f'https://localhost:{server.port}/', *options, **more)
    check.expect(b'version: ' not in done.out, 'a page came')
    errors = chromium.errors(check)
    check.expect(error in errors, f'Chromium met the errors {errors}, not {error}')


def expect_alert(check, description):
    alerts = chromium.alerts(check)
    check.expect(alerts == {(2, description)}, f'Chromium received the alerts {alerts}, not {description}')


def keys_and_suites(check, way):
    for key, suite in zip(SERVER_KEYS, [*SUITES, *SUITES]):
        server = check.serve(way, '--www', '--suites', suite, key=key)
        page(check, server, way, signature_scheme=SCHEMES[key], cipher_suite=suite, group='x25519', server_name='localhost',
             ALPN='none', retried='no')


def retry(check, way):
    """Chromium sends a share for X25519, and one for its hybrid with ML-KEM."""
    for group in ('secp256r1', 'secp384r1'):
        server = check.serve(way, '--www', '--groups', group)
        page(check, server, way, group=group, retried='yes')


def alpn(check, way):
    server = check.serve(way, '--www', '--alpn', 'http/1.1')
    page(check, server, way, ALPN='http/1.1')
    server = check.serve(way, '--www', '--alpn', 'imap')
    refused(check, server, 'SSL_PROTOCOL_ERROR')
    expect_alert(check, 120)
    server.wait_for('no_common_application_protocol: .*alert sent: no_application_protocol 120')


def address(check, way):
    page(check, check.serve(way, '--www'), way, host='127.0.0.1', server_name='none')


def refusals(check, way):
    server = check.serve(way, '--www', key='ed25519')
    refused(check, server, 'SSL_VERSION_OR_CIPHER_MISMATCH')
    expect_alert(check, 40)
    server.wait_for('no_common_signature_scheme: .*alert sent: handshake_failure 40')
    server = check.serve(way, '--www')
    refused(check, server, 'SSL_VERSION_OR_CIPHER_MISMATCH', '--ssl-version-max=tls1.2')
    expect_alert(check, 70)
    server.wait_for('version_unsupported: .*alert sent: protocol_version 70')


def bad_certificates(check, way):
    server = check.serve(way, '--www', key='expired')
    refused(check, server, 'CERT_DATE_INVALID')
    server.wait_for('peer_alert: .*certificate_unknown 46')


def untrusting_client(check, way):
    server = check.serve(way, '--www')
    refused(check, server, 'CERT_AUTHORITY_INVALID', authority=KEYS / 'other-ca.pem')
    server.wait_for('peer_alert: .*certificate_unknown 46')


def checks():
    for way in ('direct', 'acceptor'):
        def claim(name, function):
            return f'serve {way}: {name}', lambda check, way=way: function(check, way)
        yield claim('Chromium with every key and suite', keys_and_suites)
        yield claim('Chromium after HelloRetryRequest', retry)
        yield claim('ALPN with Chromium', alpn)
        yield claim('Chromium asks for an address', address)
        yield claim('Chromium is told why it is refused', refusals)
        yield claim('Chromium and a certificate that expired', bad_certificates)
        yield claim('Chromium that does not trust us', untrusting_client)
