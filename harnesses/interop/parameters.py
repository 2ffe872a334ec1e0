"""Decorators that give a test each provider that can what the test needs, as its fixture `client` or `server`."""
import pytest

from providers import PROVIDERS
from testdata import TLS13


def each(role, needs, version, columns):
    """Parameters: each provider that can what is needed in this role, with each value of the columns, which name abilities."""
    able = [provider for provider in PROVIDERS if getattr(provider, role) and getattr(provider, role).can(needs, version)]
    assert able, f'no {role} can {needs}'
    rows = [pytest.param(provider, id=provider.name) for provider in able]
    for column, ability in columns.items():
        rows = [pytest.param(*row.values, value, id=f'{row.id}-{value}') for row in rows
                for value in getattr(getattr(row.values[0], role), ability)]
    return pytest.mark.parametrize(','.join([role, *columns]), rows, indirect=[role])


def each_client(*needs, version=TLS13, **columns):
    return each('client', needs, version, columns)


def each_server(*needs, version=TLS13, **columns):
    return each('server', needs, version, columns)
