"""`tocsin probe`: what it finds behind a pipe and at an address, and that no shim can make it hang or crash."""
import json
import re
import shlex
import sys
import time

import pytest

from conftest import installed
from providers.gnutls import GnuTls
from providers.provider import PEERS_HINT
from providers.tocsin import problem_of
from stacks_page import Stack, go_shim, page
from testdata import ROOT

SHIM = ROOT / 'harnesses/stacks/pipe/shim.py'
HOSTILE = ROOT / 'harnesses/interop/hostile_shim.py'
PIPE_FAULTS = {
    'hangs': 'does not answer within 1500 ms',
    'ends': 'ended with status 3',
    'crashes': 'ended by signal 6',
    'floods': '',  # it depends on how much of it was read
    'says how long it is, and no more': 'does not answer within 1500 ms',
    'announces too much': '4294967295 bytes, and 1048576 are the most',
    'has a field that is too long': 'field 37 is longer than its message',
    'answers with another type': 'type 7',
    'closes its output': 'closed its pipe',
}
STEPS = (0, 1, 2, 3, 9)  # hello, make, receive, and later
DEVIATIONS = ROOT / 'harnesses/differential/rules/deviations.h'
def command(*words):
    return 'exec ' + shlex.join([sys.executable, *map(str, words)])


def probed(tocsin, *arguments):
    """The exit status, what was printed, and the JSON document."""
    path = tocsin.processes.file('probe.json')
    done = tocsin.run('probe', '--json', path, *arguments)
    assert path.is_file(), done.said()
    return done.status, done.out.decode(), json.loads(path.read_text())


def deviations_in(document):
    return {(rule['rule'], one['conduct']) for rule in document['rules'] for one in rule['inputs'] if one['verdict'] == 'deviates'}


def verdicts_in(document, name):
    return {rule['verdict'] for rule in document['rules'] if rule['rule'] == name}


def known_deviations(stack, version):
    """Those that a rule's own seeds show."""
    rows = re.findall(rf'X\({stack}, "([^"]*)", "([^"]*)", (\w+), "([^"]*)", "[^"]*/rule/', DEVIATIONS.read_text())
    return {(rule, conduct) for first, last, rule, conduct in rows if version in (first, last)}


def test_the_linked_gnutls_shows_what_is_known_of_it(tocsin):
    if b'without gnutls' in tocsin.run('probe', '--stack', 'gnutls', '--rule', 'cookie_empty').err:
        pytest.skip('this build is without GnuTLS')
    status, _, document = probed(tocsin, '--stack', 'gnutls')
    known = known_deviations('gnutls', document['version'])
    if not known:
        pytest.skip(f'GnuTLS {document["version"]} has not been looked through')
    assert deviations_in(document) == known
    assert status == 1


def test_the_shim_of_python_shows_what_is_known_of_openssl(tocsin):
    status, text, document = probed(tocsin, '--pipe', command(SHIM))
    version = document['version'].split()[1]
    known = known_deviations('openssl', version)
    if not known:
        pytest.skip(f'OpenSSL {version} has not been looked through')
    assert deviations_in(document) == known
    assert status == 1
    assert document['deviates'] == sum(rule['verdict'] == 'deviates' for rule in document['rules']) > 50
    assert document['as_permitted'] > 250
    assert f'{document["as_permitted"]} as permitted, {document["deviates"]} deviate' in text.splitlines()[-1]
    assert re.search(r'^deviates +server_name_empty +it goes on; due was decode_error, .*RFC 6066 3: .*broken$', text, re.MULTILINE)


def test_the_shim_of_go(tocsin):
    shim = go_shim(tocsin.processes)
    if not shim:
        pytest.skip(f'no go here ({PEERS_HINT})')
    status, text, document = probed(tocsin, '--pipe', shim)
    assert document['stack'] == 'Go crypto/tls'
    # What Go cannot decode it calls unexpected.
    assert ('cipher_suites_odd', 'refuses with unexpected_message') in deviations_in(document)
    assert 'as permitted' in verdicts_in(document, 'finished_wrong')
    assert document['as_permitted'] > 130
    assert status == 1, text


def test_a_stack_that_is_linked_is_judged_as_it_is_behind_the_pipe(tocsin):
    linked, behind = (probed(tocsin, *how, '--rule', 'cookie_empty', '--rule', 'finished_wrong')[2]['rules']
                      for how in (('--stack', 'openssl'), ('--pipe', command(SHIM))))
    assert linked == behind


def test_one_rule_that_is_kept_ends_with_status_0(tocsin):
    status, text, _ = probed(tocsin, '--pipe', command(SHIM), '--rule', 'finished_wrong')
    assert status == 0
    assert 'refuses with decrypt_error' in text


def test_what_a_stack_cannot_be_told_is_not_applicable(tocsin):
    status, text, _ = probed(tocsin, '--pipe', command(SHIM), '--rule', 'fragment_length_answer_differs')
    assert status == 0
    assert 'not applicable' in text
    assert 'the ssl module cannot ask for max_fragment_length' in text


@pytest.mark.parametrize('rule', ['cipher_suites_odd', 'finished_wrong', 'tls12_finished_wrong', 'tls12_certificate_verify_wrong'])
@pytest.mark.parametrize('fault', ['hides alerts', 'goes on'])
def test_a_stack_that_hides_its_alerts_or_goes_on_deviates(tocsin, fault, rule):
    honest = probed(tocsin, '--pipe', command(SHIM), '--rule', rule)
    assert honest[0] == 0
    assert 'as permitted' in verdicts_in(honest[2], rule)
    status, text, document = probed(tocsin, '--pipe', command(HOSTILE, fault), '--rule', rule)
    assert status == 1
    assert verdicts_in(document, rule) == {'deviates'}
    assert ('refuses without an alert' if fault == 'hides alerts' else 'it goes on' if 'goes on' in text else 'waits for more') in text


@pytest.mark.parametrize('fault', PIPE_FAULTS)
@pytest.mark.parametrize('step', STEPS)
def test_a_hostile_shim_ends_the_probe_with_one_line(tocsin, fault, step):
    began = time.monotonic()
    done = tocsin.run('probe', '--timeout-ms', '1500', '--pipe', command(HOSTILE, fault, step))
    assert done.status == 2
    problem = problem_of(done)
    assert 'the shim does not keep to the protocol' in problem
    assert PIPE_FAULTS[fault] in problem
    assert time.monotonic() - began < 30


@pytest.mark.parametrize('arguments, words', [
    ([], 'one stack is needed'),
    (['--pipe', 'x', '--stack', 'openssl'], 'one stack is needed'),
    (['--stack', 'openssl', '--rule', 'dance'], "no rule is named 'dance'"),
    (['--stack', 'openssl', '--corpus', 'there/is/none'], 'there/is/none'),
    (['192.0.2.1:443'], '--i-am-allowed-to-test-this-host'),
    (['--pipe', 'there-is-no-such-program 2> /dev/null'], 'ended with status 127'),
])
def test_what_cannot_be_probed_is_told_in_one_line(tocsin, arguments, words):
    done = tocsin.run('probe', *arguments)
    assert done.status == 2
    assert words in problem_of(done)


def test_nobody_at_the_address(tocsin):
    done = tocsin.run('probe', '127.0.0.1:1')
    assert done.status == 1
    assert 'cannot connect to 127.0.0.1:1' in problem_of(done)


def test_tocsin_serve_deviates_nowhere(tocsin, way):
    server = tocsin.serve('--tls', '1.2,1.3', way=way)
    status, text, document = probed(tocsin, f'127.0.0.1:{server.port}', '--quiet-ms', '250')
    assert status == 0, text
    assert document['deviates'] == 0
    assert document['as_permitted'] > 80


@pytest.mark.parametrize('client_auth, verdict', [(None, 'as permitted'), ('optional', 'not applicable')])
def test_a_server_that_asks_for_a_certificate_may_get_one(processes, tocsin, client_auth, verdict):
    server = installed(GnuTls, processes).serve(client_auth=client_auth)
    _, _, document = probed(tocsin, f'127.0.0.1:{server.port}', '--rule', 'certificate_unasked')
    assert verdicts_in(document, 'certificate_unasked') == {verdict}


def test_the_page_of_stacks_tells_what_each_does(tocsin):
    _, _, document = probed(tocsin, '--stack', 'openssl', '--rule', 'cookie_empty', '--rule', 'finished_wrong')
    _, _, other = probed(tocsin, '--pipe', command(SHIM), '--rule', 'finished_wrong')
    lines = page([Stack('linked', document), Stack('by a shim', other)]).splitlines()
    assert f'| {document["stack"]} {document["version"]} | linked | {document["as_permitted"]} | 1 | 0 |' in lines
    assert '| `finished_wrong` | client | RFC 9846 4.5.3 | decrypt_error | decrypt_error |' in lines
    assert '| `cookie_empty` | server | RFC 9846 4.3.2 | **goes on** |  |' in lines
