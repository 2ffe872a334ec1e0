"""Every planted defect fits the tree as it is: one that does not would be noticed only when all of them are planted."""
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
PATCHES = sorted(HERE.rglob('*.patch'))


@pytest.mark.parametrize('patch', PATCHES, ids=lambda patch: patch.stem)
def test_it_applies(patch):
    done = subprocess.run(['git', 'apply', '--check', str(patch)], cwd=HERE.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
