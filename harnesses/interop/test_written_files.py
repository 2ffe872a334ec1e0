"""Files with secrets that the tool writes, --keylog and --session: regular files, their owner's alone; nothing else is opened or replaced."""
import os
import stat

import pytest

from providers.tocsin import assert_usage_error
from testdata import TLS12

WRITTEN = {'--keylog': 'key log', '--session': 'session file'}


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def connect(tocsin, option, path, *more):
    server = tocsin.serve('--echo', '--tls', '1.2', '--tickets', way='direct')
    return tocsin.connect(server, '--tls', '1.2', option, path, *more, stdin=b'hello\n')


@pytest.mark.parametrize('option', WRITTEN)
def test_a_new_file_is_its_owner_s_alone(tocsin, tmp_path, option):
    path = tmp_path / 'file'
    assert connect(tocsin, option, path).status == 0
    assert mode_of(path) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ['file']


@pytest.mark.parametrize('option', WRITTEN)
def test_others_lose_their_access_to_a_file(tocsin, tmp_path, option):
    path = tmp_path / 'file'
    path.touch()
    path.chmod(0o644)
    done = connect(tocsin, option, path)
    assert done.status == 0
    assert f'others had access to the {WRITTEN[option]} {path}' in done.err.decode()
    assert mode_of(path) == 0o600


@pytest.mark.parametrize('option', WRITTEN)
@pytest.mark.parametrize('kind, why', (('link', 'it is a link'), ('dangling link', 'it is a link'), ('pipe', 'it is no regular file'),
                                       ('folder', '')))
def test_what_is_no_regular_file_is_refused_and_left_alone(tocsin, tmp_path, option, kind, why):
    path, target = tmp_path / 'path', tmp_path / 'target'
    if kind == 'pipe':
        os.mkfifo(path)
    elif kind == 'folder':
        path.mkdir()
    else:
        path.symlink_to(target)
        if kind == 'link':
            target.write_bytes(b'kept')
    before = path.lstat()
    assert_usage_error(connect(tocsin, option, path), WRITTEN[option], path, why)
    assert (path.lstat().st_ino, path.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert target.exists() == (kind == 'link')
    assert kind != 'link' or target.read_bytes() == b'kept'


@pytest.mark.parametrize('option', WRITTEN)
def test_a_device_stays_a_device(tocsin, tmp_path, option):
    """One like the null device, which a tool that is run by root can replace."""
    path = tmp_path / 'null'
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except PermissionError:
        pytest.skip('only root makes devices')
    assert_usage_error(connect(tocsin, option, path), WRITTEN[option], path, 'it is no regular file')
    assert stat.S_ISCHR(path.stat().st_mode)


def test_a_file_beside_the_session_file_is_left_alone(tocsin, tmp_path):
    beside = tmp_path / 'session.new'
    beside.write_bytes(b'kept')
    done = connect(tocsin, '--session', tmp_path / 'session', '-v')
    assert done.status == 0 and f'version: {TLS12}' in done.err.decode()
    assert beside.read_bytes() == b'kept'
