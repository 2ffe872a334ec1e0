"""The programs of ci/consumer, compiled against an installed build as somebody who embeds the library would: alone, against each other,
and against OpenSSL. With --consumer, those that are compiled already."""
import os
import socket
import subprocess
import threading

import pytest

from providers import OpenSsl
from testdata import CA, OTHER_CA, ROOT, TLS12, TLS13, server_pair

PAGE = 'It works.'
WARNINGS = ('-Wall', '-Wextra', '-Wconversion', '-Werror')

pytestmark = pytest.mark.xdist_group('embedding')  # one compilation


@pytest.fixture(scope='session')
def installed(build, tmp_path_factory):
    """The folder that a build is installed into."""
    if not (build / 'build.ninja').is_file():
        pytest.fail(f'no build in {build}')
    folder = tmp_path_factory.mktemp('installed')
    subprocess.run(['meson', 'install', '-C', build, '--no-rebuild', '--quiet'], env=os.environ | {'DESTDIR': str(folder)}, check=True)
    return folder


@pytest.fixture(scope='session')
def consumer(pytestconfig, request, tmp_path_factory):
    """The folder with the programs."""
    if given := pytestconfig.getoption('consumer'):
        return ROOT / given
    installed = request.getfixturevalue('installed')
    (description,) = installed.rglob('tocsin.pc')
    paths = {'PKG_CONFIG_PATH': str(description.parent), 'PKG_CONFIG_SYSROOT_DIR': str(installed)}
    flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'tocsin'], env=os.environ | paths, check=True, capture_output=True,
                           text=True).stdout.split()
    folder = tmp_path_factory.mktemp('consumer')
    for name in ('consumer', 'client', 'server'):
        source = ROOT / f'ci/consumer/{name}.cc'
        compiler = os.environ.get('CXX', 'g++').split()
        subprocess.run([*compiler, '-std=c++20', '-O2', *WARNINGS, source, *flags, '-o', folder / name], check=True)
    return folder


@pytest.fixture
def serve(processes, consumer):
    def run():
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        server = processes.start(consumer / 'server', port, *server_pair('ecdsa-p256', '', '')[1::2])
        server.port = port
        wait_until_it_listens(server)
        return server
    return run


def wait_until_it_listens(server):
    def listens():
        try:
            socket.create_connection(('127.0.0.1', server.port), timeout=1).close()
            return True
        except OSError:
            return False
    server.wait_until(listens, 'that it listens')


@pytest.fixture
def get(processes, consumer):
    """Runs the client."""
    return lambda port, ca=CA, host='localhost': processes.run(consumer / 'client', host, port, ca)


@pytest.fixture
def openssl(processes):
    return OpenSsl(processes)


def test_tool_is_installed(pytestconfig, request):
    if pytestconfig.getoption('consumer'):
        pytest.skip('nothing is installed with --consumer')
    assert [path for path in request.getfixturevalue('installed').rglob('tocsin') if path.is_file() and os.access(path, os.X_OK)]


def test_without_a_transport(processes, consumer):
    assert processes.run(consumer / 'consumer').status == 0


def test_client_and_server(serve, get):
    server = serve()
    for _ in range(2):
        done = get(server.port)
        assert done.status == 0
        assert PAGE in done.said()


def test_server_and_openssl(serve, openssl):
    done = openssl.get(serve())
    assert openssl.verifies(done)
    assert PAGE in done.said()


def test_client_and_openssl(get, openssl):
    done = get(openssl.serve('page', version=TLS13).port)
    assert done.status == 0
    assert TLS13 in done.said()


def test_refused_clients_are_told(serve, get, openssl):
    server = serve()
    assert openssl.heard_alert(openssl.get(server, version=TLS12), 'protocol_version')
    assert get(server.port).status == 0, 'the server does not go on after a refusal'
    server.wait_for('version_unsupported')


def test_refused_servers_are_told(serve, get):
    server = serve()
    for more, reason, alert in (({'ca': OTHER_CA}, 'certificate_issuer_unknown', 'unknown_ca'),
                                ({'host': '127.0.0.2'}, 'certificate_name_mismatch', 'bad_certificate')):
        done = get(server.port, **more)
        assert done.status == 1
        assert reason in done.said()
        server.wait_for(alert)


def test_truncation_is_reported(get):
    with socket.create_server(('127.0.0.1', 0)) as listener:
        def hang_up():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
        thread = threading.Thread(target=hang_up)
        thread.start()
        done = get(listener.getsockname()[1], host='127.0.0.1')
        thread.join()
    assert done.status == 1
    assert 'transport_truncated' in done.said()


def test_wrong_files_are_named(get):
    done = get(1, ca='/no/such/file')
    assert done.status == 2
    assert '/no/such/file' in done.said()
