"""`tocsin explain` and `tocsin replay`: what they say of files in corpus/, as text and as JSON, and what they refuse."""
import json
import re
import subprocess
import time

import pytest

from providers.tocsin import assert_usage_error, explained_lines, problem_of
from testdata import ROOT

CORPUS = ROOT / 'corpus'
NO_TARGETS = ('dictionaries', 'expected', 'make', 'regressions')
# Whose inputs a target reads that has no folder of its own: corpus_of in fuzz/targets/meson.build.
CORPUS_OF = dict(re.findall(r"^  '(\w+)': '(\w+)',$", (ROOT / 'fuzz/targets/meson.build').read_text(), re.MULTILINE))
TARGETS = sorted(CORPUS_OF | {folder.name: folder.name for folder in CORPUS.iterdir()
                              if folder.is_dir() and folder.name not in NO_TARGETS})
FLIGHTS = {
    'server_first_flight/13-ok': ['takes this', 'CipherSuite: TLS_AES_128_GCM_SHA256 (0x1301)', 'opaque: "localhost"'],
    'server_first_flight/13-sni-empty-name': ['extension_malformed', 'decode_error 50', 'RFC 9846 6.2', 'HostName.length: at least 1'],
    'server_first_flight/http-request': ['record_type_unknown', 'not TLS: "GET / HTTP/1.1'],
    'client_first_flight/accept': ['takes this', 'selected_version: TLS 1.3 (0x0304)'],
    'client_first_flight/alert-handshake-failure': ['description: handshake_failure (40)', 'is told to end here'],
    'client_first_flight/extension-unknown': ['extension_unsolicited', 'unsupported_extension 110'],
}


def corpus(name):
    return str((CORPUS / name).relative_to(ROOT))


def body_of(name):
    """A seed without the options before it."""
    content = (CORPUS / name).read_bytes()
    return content[1 + 2 * (content[0] & 31):]


def said(tocsin, *arguments, stdin=b'', status=0):
    done = tocsin.run(*arguments, stdin=stdin)
    assert done.status == status
    assert not done.err
    return done.out.decode()


def assert_words(text, words):
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize('name', FLIGHTS)
def test_explain(tocsin, name):
    """Every byte stands in exactly one line: those with bytes follow one another without a gap."""
    text = said(tocsin, 'explain', '--corpus', corpus(name))
    assert_words(text, FLIGHTS[name])
    at = 0
    for offset, size_bytes in explained_lines(text):
        assert offset == at
        at += size_bytes
    assert at == len(body_of(name))


@pytest.mark.parametrize('name', FLIGHTS)
def test_explain_as_json(tocsin, name):
    assert json.loads(said(tocsin, 'explain', '--corpus', '--json', corpus(name)))


def test_explain_hex_on_standard_input(tocsin):
    name = 'server_first_flight/accept'
    of_file = said(tocsin, 'explain', '--corpus', corpus(name)).splitlines()
    hex_text = ' '.join(f'{byte:02x}' for byte in body_of(name)).encode()
    assert said(tocsin, 'explain', stdin=hex_text).splitlines()[1:] == of_file[1:]
    assert said(tocsin, 'explain', '-', stdin=body_of(name)).splitlines() == of_file


def test_explain_messages_without_records(tocsin):
    text = said(tocsin, 'explain', '--messages', corpus('explain/rfc8448-3-certificate'))
    assert_words(text, ['Handshake: Certificate', 'cert_data', 'refuses nothing'])


@pytest.mark.parametrize('target', TARGETS)
def test_replay(tocsin, target):
    """The first input of each folder: twice the same, without a finding; and the same as JSON."""
    own = (CORPUS / CORPUS_OF.get(target, target), CORPUS / 'regressions' / target)
    folders = [folder for folder in own if folder.is_dir()]
    for folder in folders:
        path = str(min(folder.iterdir()).relative_to(ROOT))
        text = said(tocsin, 'replay', target, path)
        assert_words(text, [f'target {target}, {path}', 'checks: ', 'no finding'])
        assert said(tocsin, 'replay', target, path) == text
        assert json.loads(said(tocsin, 'replay', target, path, '--json'))


def test_every_target_has_a_corpus(tocsin):
    """Its own, or that of the target whose inputs it reads in its own way."""
    assert tocsin.targets() == TARGETS


def test_replay_both_sides(tocsin):
    text = said(tocsin, 'replay', 'server_first_flight', corpus('server_first_flight/13-sni-empty-name'))
    assert_words(text, ['tocsin server: receive', 'OpenSSL server: receive', 'gets  handshake: ClientHello', 'error extension_malformed',
                        'compared: known', 'ledger: empty_server_name (peer_deviates, RFC 6066 3)', 'wrote protected handshake',
                        'errors_are_sticky'])


STRICT_CONFIGURATION = '''openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = strict
[strict]
CipherString = DEFAULT@SECLEVEL=3
'''


def test_the_system_s_openssl_cnf_does_not_matter(tocsin, tmp_path):
    (tmp_path / 'openssl.cnf').write_text(STRICT_CONFIGURATION)
    replay = ('replay', 'handshake_pair', corpus('handshake_pair/openssl-tocsin-chacha-p256-rsa'))
    strict = tocsin.run(*replay, environment={'OPENSSL_CONF': str(tmp_path / 'openssl.cnf')})
    assert strict.status == 0
    assert strict.out == tocsin.run(*replay).out


def test_replay_finding(tocsin):
    text = said(tocsin, 'replay', 'canary', '-', stdin=b'toc!', status=1)
    assert_words(text, ['target canary', 'checks: ', 'FINDING: the canary'])
    assert json.loads(said(tocsin, 'replay', 'canary', '--json', stdin=b'toc!', status=1))


@pytest.mark.parametrize('arguments,words', (
    (['replay', 'dance', corpus('canary/nearly')], ["'dance'", 'server_first_flight', 'canary']),
    (['replay', 'canary', 'no-such-file'], ['no-such-file', 'No such file or directory']),
    (['replay', 'canary', 'corpus/canary'], ['corpus/canary', 'folder']),
    (['replay'], ['target']),
    (['explain', 'no-such-file'], ['no-such-file', 'No such file or directory']),
    (['explain', '--hex', corpus('server_first_flight/13-ok')], ['not hex', 'offset 0']),
    (['explain', '--role', 'waiter', corpus('canary/nearly')], ['--role', 'waiter']),
    (['explain', '--hex', '--raw'], ['--hex', '--raw']),
), ids=('unknown target', 'unreadable input', 'a folder as input', 'replay without a target', 'unreadable flight', 'hex that is none',
        'unknown role', 'hex and raw at once'))
def test_refused(tocsin, arguments, words):
    assert_usage_error(tocsin.run(*arguments), *words)


@pytest.mark.parametrize('command', (['explain'], ['replay', 'canary']), ids=' '.join)
@pytest.mark.parametrize('redirection, words', (
    ('</dev/zero', ['standard input', 'longer than 1048576 bytes']),
    ('<corpus', ['standard input', 'folder']),
    ('<&-', ['standard input', 'Bad file descriptor']),
), ids=('endless', 'a folder', 'closed'))
def test_input_that_cannot_be_read_to_its_end(tocsin, command, redirection, words):
    assert_usage_error(tocsin.processes.run('sh', '-c', f'exec "$0" "$@" {redirection}', tocsin.program, *command), *words)


def test_explain_of_many_records_takes_no_more_than_its_time(tocsin):
    """Records are many, small and all of a kind; with each looked for among all of the others this took a minute and more."""
    started = time.monotonic()
    said(tocsin, 'explain', '--raw', stdin=bytes.fromhex('16030300050b00000100') * 64_000)
    assert time.monotonic() - started < 30


def test_memory_that_runs_out_is_told_in_one_line(tocsin):
    many = tocsin.processes.file('many')
    many.write_bytes(bytes.fromhex('140303000101') * 100_000)
    done = tocsin.processes.run('sh', '-c', 'ulimit -v 100000; exec "$0" "$@"', tocsin.program, 'explain', '--raw', many)
    assert done.status == 1
    assert problem_of(done) == 'tocsin: out of memory\n'


def compiled(report, folder):
    """What the commands in a report say when they are followed: the first block is shell, the second the program."""
    blocks = re.findall(r'^```\w*\n(.*?)^```$', report, re.MULTILINE | re.DOTALL)
    (folder / 'first_flight.c').write_text(blocks[1])
    done = subprocess.run(['sh', '-e'], input=blocks[0], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# A server that goes on, one that refuses, and a client.
@pytest.mark.parametrize('row, conduct, shown', [
    ('extension_repeated', 'goes on', 'waits for more'),
    ('no_null_compression', 'refuses with decode_error', 'alert sent: decode error'),
    ('server_alpn_not_offered', 'refuses with decode_error', 'alert sent: decode error')])
def test_a_report_shows_the_bug_without_tocsin(tocsin, tmp_path, row, conduct, shown):
    text = said(tocsin, 'report', row)
    if f' {conduct} |' not in text:
        pytest.skip(f'another OpenSSL, which does something else: {text.splitlines()[0]}')
    assert shown in compiled(text, tmp_path)


def test_report_of_a_script_tells_how_to_replay_it(tocsin):
    assert_words(said(tocsin, 'report', 'extension_unsolicited'),
                 ['replay client_script_openssl corpus/client_script/rule/extension_unsolicited/broken', 'encrypted_extensions'])


def test_report_refuses_what_is_no_bug(tocsin):
    assert_usage_error(tocsin.run('report', 'no_such_rule'), "no rule and no row of the ledger is named 'no_such_rule'")
    assert_usage_error(tocsin.run('report', 'extension_repeated', '--corpus', 'nowhere'), 'nowhere')
    done = tocsin.run('report', 'client_hello_syntax')
    assert done.status == 1 and b'there is nothing to report' in done.err
