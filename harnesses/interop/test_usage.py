"""The command line: what cannot be done is told in one clear line, with exit status 2."""
import re
import socket

import pytest

from providers.tocsin import assert_usage_error
from testdata import CA, CLIENT_CA, TESTDATA, server_pair

KEY = server_pair('ecdsa-p256', '--cert', '--key')
SERVE = ['serve', '--listen', '127.0.0.1:0', *KEY]
CONNECT = ['connect', '127.0.0.1:1']
REFUSED = {
    'no subcommand': ([], ['subcommand']),
    'unknown subcommand': (['dance'], ['dance']),
    'unknown option': ([*SERVE, '--dance'], ['--dance']),
    'serve without a certificate': (['serve', '--listen', '0'], ['--cert']),
    'a certificate without a key': ([*SERVE, '--cert', TESTDATA / 'server-ed25519.pem'], ['every --cert needs its own --key']),
    'a key of another certificate': (['serve', '--listen', '0', '--cert', TESTDATA / 'server-ed25519.pem', '--key',
                                      TESTDATA / 'server-ecdsa-p256.key.pem'], ['server-ecdsa-p256.key.pem', 'server-ed25519.pem']),
    'unknown --accept': ([*SERVE, '--accept', 'window'], ['--accept', 'window']),
    'page and echo at once': ([*SERVE, '--www', '--echo'], ['--www', '--echo']),
    'unknown group': ([*SERVE, '--groups', 'x25519,x448'], ["group 'x448'"]),
    'repeated group': ([*SERVE, '--groups', 'P-256,secp256r1'], ['twice']),
    'unknown suite': ([*SERVE, '--suites', 'RC4-MD5'], ["cipher suite 'RC4-MD5'"]),
    'a suite of no enabled version': ([*SERVE, '--suites', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'], ['TLS_ECDHE_RSA', '--tls']),
    'a suite that DTLS does not have': ([*SERVE, '--dtls', '--suites', 'TLS_AES_128_GCM_SHA256'], ['TLS_AES_128_GCM_SHA256']),
    'empty ALPN name': ([*SERVE, '--alpn', 'h2,,h3'], ['ALPN']),
    'record size limit': ([*SERVE, '--record-size-limit', '63'], ['--record-size-limit', '63']),
    'negative number': ([*SERVE, '--padding', '-1'], ['--padding']),
    'number with letters': ([*SERVE, '--max-connections', '1o'], ['--max-connections']),
    'listen on no address': (['serve', '--listen', 'localhost:', *KEY], ["'localhost:'"]),
    'listen on an unknown service': (['serve', '--listen', '127.0.0.1:no-such-service', *KEY], ['no-such-service']),
    'listen on an address of others': (['serve', '--listen', '192.0.2.1:0', *KEY], ['192.0.2.1:0', 'Cannot assign']),
    'listen on a port that there is not': (['serve', '--listen', '65536', *KEY], ["no port: '65536'"]),
    'connect to a port that there is not': (['connect', '127.0.0.1:65537'], ["no port: '65537'"]),
    'connect to a port below 0': (['connect', '127.0.0.1:-1'], ["no port: '-1'"]),
    'connect to a port in hexadecimal': (['connect', '127.0.0.1:0x50'], ["no port: '0x50'"]),
    'connect to a port with a blank': (['connect', '127.0.0.1: 80'], ["no port: ' 80'"]),
    'connect to nothing': (['connect'], ['address']),
    'connect without a port': (['connect', 'localhost'], ["'localhost'"]),
    'client authentication without authorities': ([*SERVE, '--client-auth', 'optional'], ['--client-auth', '--client-ca']),
    'unknown client authentication': ([*SERVE, '--client-ca', CLIENT_CA, '--client-auth', 'maybe'], ['--client-auth', 'maybe']),
    'a certificate of a client without a key': ([*CONNECT, '--cert', TESTDATA / 'client-ed25519.pem'],
                                                ['every --cert needs its own --key']),
    'a fragment length that there is not': ([*CONNECT, '--max-fragment-length', '1000'],
                                            ['--max-fragment-length', '1000', '512', '1024', '2048', '4096']),
    'a server that asks for a fragment length': ([*SERVE, '--max-fragment-length', '512'], ['--max-fragment-length']),
    'too many key shares': ([*CONNECT, '--key-shares', '4'], ['--key-shares']),
    'insecure and secure at once': ([*CONNECT, '--ca', CA, '--insecure-accept-any-certificate'],
                                    ['--ca', '--insecure-accept-any-certificate']),
}


@pytest.mark.parametrize('what', REFUSED)
def test_refused(tocsin, what):
    arguments, words = REFUSED[what]
    assert_usage_error(tocsin.run(*arguments), *words)


def test_busy_port(tocsin):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        assert_usage_error(tocsin.run('serve', '--listen', f'127.0.0.1:{port}', *KEY), f'127.0.0.1:{port}', 'Address already in use')


def test_a_chain_that_nobody_verifies(tocsin, tmp_path):
    certificate, key = server_pair('ecdsa-p256', '', '')[1::2]
    chain = tmp_path / 'chain'
    chain.write_bytes(certificate.read_bytes() * 101)
    assert_usage_error(tocsin.run('serve', '--listen', '0', '--cert', chain, '--key', key), chain, '101', 'at most 100')


def test_an_expired_certificate_is_told_at_the_start(tocsin):
    server = tocsin.serve(key='expired')
    server.wait_for('server-expired.pem has expired: ')
    server.stop(accepted=0)


@pytest.fixture(params=('empty', 'noise', 'missing', 'folder'))
def unreadable(request, tmp_path):
    path = tmp_path / request.param
    if request.param == 'folder':
        path.mkdir()
    elif request.param != 'missing':
        path.write_bytes(b'' if request.param == 'empty' else bytes(range(256)))
    return path


def test_unreadable_certificate(tocsin, unreadable):
    good = TESTDATA / 'server-ed25519.key.pem'
    assert_usage_error(tocsin.run('serve', '--listen', '0', '--cert', unreadable, '--key', good), unreadable)


def test_unreadable_key(tocsin, unreadable):
    good = TESTDATA / 'server-ed25519.pem'
    assert_usage_error(tocsin.run('serve', '--listen', '0', '--cert', good, '--key', unreadable), unreadable)


@pytest.mark.parametrize('arguments', ([*CONNECT, '--ca'], [*SERVE, '--client-ca']), ids=('connect', 'serve'))
@pytest.mark.parametrize('unreadable', ('empty', 'noise', 'missing'), indirect=True)  # a folder may hold authorities
def test_unreadable_authorities(tocsin, arguments, unreadable):
    assert_usage_error(tocsin.run(*arguments, unreadable), unreadable)


def test_key_log_that_cannot_be_written(tocsin, tmp_path):
    assert_usage_error(tocsin.run(*SERVE, '--keylog', tmp_path / 'missing/keys'), 'key log', 'No such file or directory')


@pytest.mark.parametrize('command', ([], ['serve'], ['connect'], ['explain'], ['replay']), ids=' '.join)
def test_help(tocsin, command):
    done = tocsin.run(*command, '--help')
    assert done.status == 0
    assert b'Usage: tocsin' in done.out


def options_in(text):
    return set(re.findall(r'--[a-z][a-z0-9-]+', text))


def test_the_manual_and_the_completions_tell_every_option(tocsin):
    manual = tocsin.run('manual').out.decode()
    sections = dict(re.findall(r'^\.SS (\S+)\n(.*?)(?=^\.S)', manual, re.MULTILINE | re.DOTALL))
    bash = dict(re.findall(r"^    (\w+)\) words='(.*)' ;;$", tocsin.run('completions', 'bash').out.decode(), re.MULTILINE))
    zsh = tocsin.run('completions', 'zsh').out.decode()
    assert set(sections) == set(bash) > {'serve', 'connect', 'explain', 'replay', 'report', 'probe'}
    for command, words in bash.items():
        told = options_in(words)
        # Each stands at the beginning of a line of --help.
        assert told == {line.split()[0].rstrip(',').split(',')[-1] for line in help_of(tocsin, command) if line.lstrip().startswith('-')}
        assert told <= options_in(sections[command].replace('\\-', '-'))
        assert all(f"'*{option}[" in zsh for option in told)


def help_of(tocsin, command):
    return tocsin.run(command, '--help').out.decode().splitlines()


def test_bash_completes_commands_options_and_files(tocsin):
    script = tocsin.processes.file('completions')
    script.write_bytes(tocsin.run('completions', 'bash').out)
    (script.parent / 'hello-there').touch()

    def completed(*words):
        ask = f'cd {script.parent}; source ./completions; COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _tocsin; echo "${{COMPREPLY[@]}}"'
        return tocsin.processes.run('bash', '-c', ask).out.decode().split()

    assert completed('tocsin', 're') == ['replay', 'report']
    assert completed('tocsin', 'serve', '--max') == ['--max-connections']
    assert completed('tocsin', 'explain', 'hello') == ['hello-there']


def test_versions(tocsin):
    done = tocsin.run('--version')
    assert done.status == 0
    assert re.fullmatch(r'tocsin \d+\.\d+\.\d+\nlibcrypto \d+\.\d+\.\d+\nstacks: OpenSSL [^\n]*\n', done.out.decode())


def test_port_alone_means_loopback(tocsin):
    """And port 0 a free one; the first line tells which. connect ends its side long before the echo is whole, and must still get
    the rest."""
    data = bytes(range(256)) * 8192
    server = tocsin.serve('--once', '--echo', listen='0')
    client = tocsin.run('connect', f'127.0.0.1:{server.port}', '--ca', CA, stdin=data)
    assert client.status == 0
    assert bytes(client.out) == data
    assert server.end() == 0, 'serve --once ended with an error'


def test_once_tells_of_a_failure(tocsin):
    server = tocsin.serve('--once')
    socket.create_connection(('127.0.0.1', server.port)).close()
    assert server.end() == 1, 'serve --once ended as if all were well'
