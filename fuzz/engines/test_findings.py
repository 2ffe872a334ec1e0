"""How findings are told apart, and how they are kept: with made-up output of the engines."""
import subprocess

import pytest

import findings
import targets


@pytest.mark.parametrize('lines, signature', [
    (['harnesses/trace/finding.cc:12: Assertion \'no alert after decode_error\' failed.', 'FINDING: other words'], 'no alert after decode_error'),
    (['==12==ERROR: AddressSanitizer: heap-buffer-overflow', 'SUMMARY: AddressSanitizer: heap-buffer-overflow ../core/wire/a.cc:19:27 in f'],
     'AddressSanitizer: heap-buffer-overflow ../core/wire/a.cc:N:N in f'),
    (['FINDING: client and server disagree: 12 bytes against 13', 'SUMMARY: libFuzzer: deadly signal'], 'client and server disagree'),
    ([], 'ended without a word')])
def test_a_signature_has_neither_numbers_nor_addresses(lines, signature):
    assert findings.signature_of(lines) == signature


def test_two_inputs_of_one_finding_are_kept_in_one_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(findings, 'ROOT', tmp_path)
    (tmp_path / 'findings/canary').mkdir(parents=True)
    found = findings.Finding('canary', 'It rings: for nothing!', 'it rings')
    for name, size in [('crash-a', 9), ('crash-b', 3)]:
        (tmp_path / 'findings/canary' / name).write_bytes(bytes(size))
        findings.keep(found, f'findings/canary/{name}')
    assert found.smallest() == 'findings/canary/it-rings-for-nothing/crash-b'
    assert {path.name for path in (tmp_path / found.folder).iterdir()} == {'crash-a', 'crash-b'}


def test_the_smallest_inputs_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(findings, 'ROOT', tmp_path)
    (tmp_path / 'findings/canary').mkdir(parents=True)
    found = findings.Finding('canary', 'it rings', 'it rings')
    for size in range(findings.INPUTS_KEPT_MAX + 3, 0, -1):
        (tmp_path / f'findings/canary/crash-{size}').write_bytes(bytes(size))
        findings.keep(found, f'findings/canary/crash-{size}')
    sizes = sorted(path.stat().st_size for path in (tmp_path / found.folder).iterdir())
    assert sizes == list(range(1, findings.INPUTS_KEPT_MAX + 1))


def ci_keep(tree, *arguments):
    return subprocess.run(['python3', tree / 'fuzz/engines/keep.py', *arguments], cwd=tree, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture
def tree(tmp_path):
    """As much of the tree as ci/keep looks at, with a finding."""
    for name in ['fuzz/engines/keep.py', 'fuzz/engines/targets.py', 'fuzz/targets/meson.build']:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((targets.ROOT / name).read_bytes())
    for target in ['canary', 'server_first_flight']:
        (tmp_path / f'findings/{target}/it-rings').mkdir(parents=True)
        (tmp_path / f'findings/{target}/it-rings/crash-a').write_bytes(b'toc!')
    return tmp_path


@pytest.mark.parametrize('target, kind, kept', [('canary', 'regression', 'corpus/regressions/canary/begins-with-toc'),
                                                ('server_first_flight', 'row', 'corpus/server_first_flight/begins-with-toc')])
def test_a_finding_is_kept_under_its_name(tree, target, kind, kept):
    done = ci_keep(tree, f'findings/{target}/it-rings/crash-a', 'begins-with-toc', '--as', kind)
    assert done.returncode == 0 and kept in done.stdout
    assert (tree / kept).read_bytes() == b'toc!'
    again = ci_keep(tree, f'findings/{target}/it-rings/crash-a', 'begins-with-toc', '--as', kind)
    assert again.returncode == 2 and 'is there already' in again.stdout


@pytest.mark.parametrize('arguments, said', [
    (['corpus/canary/x', 'name', '--as', 'regression'], 'is not under'),
    (['findings/canary/it-rings/crash-b', 'name', '--as', 'regression'], 'no such file'),
    (['findings/canary/it-rings/crash-a', 'Two Words', '--as', 'regression'], 'small letters'),
    (['findings/canary/it-rings/crash-a', '../../name', '--as', 'regression'], 'small letters'),
    (['findings/canary/it-rings/crash-a', 'name', '--as', 'row'], 'compares nothing'),
    (['findings/canary/it-rings/crash-a', 'name'], '--as')])
def test_what_cannot_be_kept_is_refused_by_name(tree, arguments, said):
    done = ci_keep(tree, *arguments)
    assert done.returncode == 2 and said in done.stdout
    assert not (tree / 'corpus').exists()
