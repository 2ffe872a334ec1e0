"""Checks of explain and replay: what they say of files in corpus/, as text and as JSON, and what they refuse."""
import subprocess
import sys

from interop_check import ROOT
from targets import all_targets, corpora

FLIGHTS = {
    'server_first_flight/13-ok': ['takes this', 'CipherSuite: TLS_AES_128_GCM_SHA256 (0x1301)', 'opaque: "localhost"'],
    'server_first_flight/13-sni-empty-name': ['extension_malformed', 'decode_error 50', 'RFC 8446 6.2', 'HostName.length: at least 1'],
    'server_first_flight/http-request': ['record_type_unknown', 'not TLS: "GET / HTTP/1.1'],
    'client_first_flight/accept': ['takes this', 'selected_version: TLS 1.3 (0x0304)'],
    'client_first_flight/alert-handshake-failure': ['description: handshake_failure (40)', 'is told to end here'],
    'client_first_flight/extension-unknown': ['extension_unsolicited', 'unsupported_extension 110'],
}


def corpus(name):
    return str((ROOT / 'corpus' / name).relative_to(ROOT))


def body_of(name):
    content = (ROOT / 'corpus' / name).read_bytes()
    return content[1 + 2 * (content[0] & 31):]


def said(check, *arguments, stdin=b'', status=0):
    done = check.run(check.tocsin, *arguments, stdin=stdin)
    check.expect(done.status == status, f'tocsin ended with {done.status}')
    check.expect(done.err == b'' or status == 2, 'it wrote to standard error')
    return done.out.decode()


def check_json(check, text):
    """As a user would: with another program."""
    parsed = subprocess.run([sys.executable, '-m', 'json.tool'], input=text, capture_output=True, text=True)
    check.expect(parsed.returncode == 0, f'not JSON: {parsed.stderr.strip()}')


def explained(check, name, words):
    text = said(check, 'explain', '--corpus', corpus(name))
    check.expect_words(text, *words)
    # Every byte stands in exactly one line: those with bytes follow one another without a gap.
    at = 0
    for line in text.splitlines():
        columns = line.split()
        if line[:6].strip() and len(columns) > 2 and len(columns[0]) == 6 and columns[2][:1] in '0123456789abcdef' and len(columns[2]) == 2:
            check.expect(int(columns[0], 16) == at, f'{line!r} does not begin at byte {at}')
            at += int(columns[1])
    check.expect(at == len(body_of(name)), f'{at} of {len(body_of(name))} bytes are shown')
    check_json(check, said(check, 'explain', '--corpus', '--json', corpus(name)))


def explained_from_hex(check):
    name = 'server_first_flight/accept'
    of_file = said(check, 'explain', '--corpus', corpus(name))
    hex_text = ' '.join(f'{byte:02x}' for byte in body_of(name)).encode()
    by_hex = said(check, 'explain', stdin=hex_text)
    check.expect(by_hex.splitlines()[1:] == of_file.splitlines()[1:], 'hex and raw bytes are read differently')
    by_raw = said(check, 'explain', '-', stdin=body_of(name))
    check.expect(by_raw.splitlines() == of_file.splitlines(), 'a file and standard input are read differently')


def explained_messages(check):
    text = said(check, 'explain', '--messages', corpus('explain/rfc8448-3-certificate'))
    check.expect_words(text, 'Handshake: Certificate', 'cert_data', 'refuses nothing')


def replayed(check, target):
    """The first input of each folder: twice the same story, without a finding; and the same as JSON."""
    files = [str(sorted((ROOT / folder).iterdir())[0].relative_to(ROOT)) for folder in corpora(target)]
    for path in files:
        story = said(check, 'replay', target, path)
        check.expect_words(story, f'target {target}, {path}', 'checks: ', 'no finding')
        check.expect(said(check, 'replay', target, path) == story, 'two runs are not the same')
        check_json(check, said(check, 'replay', target, path, '--json'))


def replayed_both_sides(check):
    story = said(check, 'replay', 'server_first_flight', corpus('server_first_flight/13-sni-empty-name'))
    check.expect_words(story, 'tocsin server: receive', 'OpenSSL server: receive', 'gets  handshake: ClientHello',
                       'error extension_malformed', 'compared: known', 'ledger: empty_server_name (peer_deviates, RFC 6066 3)',
                       'wrote protected handshake', 'errors_are_sticky')


def finding_is_told(check):
    text = said(check, 'replay', 'canary', '-', stdin=b'toc!', status=1)
    check.expect_words(text, 'target canary', 'checks: ', 'FINDING: the canary')
    check_json(check, said(check, 'replay', 'canary', '--json', stdin=b'toc!', status=1))


def refused(check, arguments, words):
    said(check, *arguments, status=2)
    err = check.processes[-1].err.decode()
    check.expect(err.count('\n') == 1, 'not exactly one line')
    check.expect_words(err, 'tocsin: ', *words)


REFUSED = {
    'unknown target': (['replay', 'dance', corpus('canary/nearly')], ["'dance'", 'server_first_flight', 'canary']),
    'unreadable input': (['replay', 'canary', 'no-such-file'], ['no-such-file', 'No such file or directory']),
    'a folder as input': (['replay', 'canary', 'corpus/canary'], ['corpus/canary', 'folder']),
    'replay without a target': (['replay'], ['target']),
    'unreadable flight': (['explain', 'no-such-file'], ['no-such-file', 'No such file or directory']),
    'hex that is none': (['explain', '--hex', corpus('server_first_flight/13-ok')], ['not hex', 'offset 0']),
    'unknown role': (['explain', '--role', 'waiter', corpus('canary/nearly')], ['--role', 'waiter']),
    'hex and raw at once': (['explain', '--hex', '--raw'], ['--hex', '--raw']),
}


def checks():
    for name, words in FLIGHTS.items():
        yield f'explain: {name}', lambda check, name=name, words=words: explained(check, name, words)
    yield 'explain: hex on standard input', explained_from_hex
    yield 'explain: messages without records', explained_messages
    for target in all_targets():
        if corpora(target):
            yield f'replay: {target}', lambda check, target=target: replayed(check, target)
    yield 'replay: both sides', replayed_both_sides
    yield 'replay: a finding', finding_is_told
    for name, (arguments, words) in REFUSED.items():
        yield f'readers: {name}', lambda check, arguments=arguments, words=words: refused(check, arguments, words)
