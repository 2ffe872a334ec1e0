"""The fixtures of all tests. `client` and `server` are what each_client and each_server choose."""
import signal

import pytest

pytest.register_assert_rewrite('process', 'providers', 'tshark')

from process import Processes  # noqa: E402
from providers.tocsin import TOOL, Tocsin  # noqa: E402
from testdata import ROOT  # noqa: E402


def pytest_addoption(parser):
    group = parser.getgroup('tocsin')
    group.addoption('--build', default='build', metavar='FOLDER', help='a build folder of meson (default: build)')
    group.addoption('--consumer', metavar='FOLDER', help='where the programs of ci/consumer are already compiled')
    group.addoption('--rounds', type=int, metavar='N', help='rounds of each test in test_late_close_notify.py')


def build_folder(config):
    return (ROOT / config.getoption('build')).resolve()


def pytest_configure(config):
    # A shell starts what runs in the background with SIGINT ignored, nohup with SIGHUP, and programs that are started here would
    # ignore it, too.
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)
    if not (build_folder(config) / TOOL).is_file() and not config.getoption('consumer'):
        raise pytest.UsageError(f'no {TOOL} in {build_folder(config)}: build it first, or name the folder')


def pytest_collection_modifyitems(items):
    """Those that take longest, and so have a time limit of their own, come first: none is left running alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker('timeout') is None)


@pytest.fixture(scope='session')
def build(pytestconfig):
    return build_folder(pytestconfig)


@pytest.fixture
def processes(build, tmp_path, tmp_path_factory):
    """Starts programs in a folder of the test's own. What they said is shown when the test fails."""
    started = Processes(tmp_path, build, tmp_path_factory.getbasetemp())
    yield started
    started.clean_up()
    print(started.transcript())


@pytest.fixture
def tocsin(processes):
    return Tocsin(processes)


@pytest.fixture
def client(request, processes):
    return installed(request.param, processes)


@pytest.fixture
def server(request, processes):
    return installed(request.param, processes)


def installed(provider, processes):
    provider = provider(processes)
    if missing := provider.missing():
        pytest.skip(missing)
    return provider


@pytest.fixture(params=('direct', 'acceptor'))
def way(request):
    """How `tocsin serve` accepts: its option --accept."""
    return request.param
