"""ci/defects, once what it needs is installed. The copy is kept, so that only what a defect touches is built again."""
import argparse
import contextlib
import re
import shutil
import subprocess
import sys
import time

import targets

COPY = targets.ROOT / 'build-defects/tree'
SOUND = targets.ROOT / 'build-defects/sound'  # the targets as they are without a defect
INPUT_TIMEOUT_S = 10


def sync_copy():
    """Makes the copy equal to the working tree; files that are equal already keep their times, for ninja."""
    listed = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], cwd=targets.ROOT, check=True,
                            capture_output=True, text=True).stdout.split('\0')
    wanted = {name for name in listed if name and (targets.ROOT / name).is_file()}
    for name in wanted:
        source, target = targets.ROOT / name, COPY / name
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        target.chmod(source.stat().st_mode)
    for path in [p for p in COPY.rglob('*') if p.is_file()]:
        name = str(path.relative_to(COPY))
        if name not in wanted and not name.startswith(('build-', 'findings/')):
            path.unlink()


def header(patch, field):
    """The words after `field:` in the lines before the diff."""
    found = re.search(rf'^{field}:\s*(.*)$', patch.read_text().split('\n--- ')[0], re.MULTILINE)
    return re.split(r'[,\s]+', found[1].strip()) if found else []


def run(command, timeout_s):
    """Exit status and output; a status of None means that it had to be ended."""
    try:
        done = subprocess.run(command, cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout_s)
        return done.returncode, done.stdout.decode(errors='replace')
    except subprocess.TimeoutExpired:
        return None, ''


@contextlib.contextmanager
def planted(patch, build_them, names):
    """The copy with the defect in it, and these targets built so; why that is not so, or None."""
    status, output = run(['git', 'apply', '--verbose', str(patch)], 60)
    if status != 0:
        yield 'does not apply: ' + output.strip().replace('\n', '; ')
        return
    try:
        status, output = build_them(names)
        yield None if status == 0 else 'does not build:\n' + output[-2000:]
    finally:
        run(['git', 'apply', '--reverse', str(patch)], 60)


def build(names):
    return run(['ci/build', 'fuzz'] + [targets.program(name) for name in names], None)


def build_quickly(names):
    return run(['ci/build', 'quick'] + [targets.program(name) for name in names], None)


def fuzz(name, flags, timeout_s):
    """How the target failed and on which input; None if it did not."""
    scratch = COPY / 'findings' / name
    scratch.mkdir(parents=True, exist_ok=True)
    command = [f'build-fuzz/{targets.program(name)}', '-seed=1', '-print_funcs=0', f'-timeout={INPUT_TIMEOUT_S}', '-rss_limit_mb=2048',
               f'-artifact_prefix=findings/{name}/'] + flags
    if targets.dictionary(name):
        command += [f'-dict={targets.dictionary(name)}']
    status, output = run(command + targets.corpora(name), timeout_s)
    if status == 0:
        return None
    said = re.search(r'^(FINDING: .*|SUMMARY: .*)$', output, re.MULTILINE)
    written = re.search(r'Test unit written to (\S+)', output)
    return said[1] if said else f'status {status}', written[1] if written else None


def is_sound(name, artifact):
    """Whether the target takes this input without a defect."""
    return artifact is not None and run([SOUND / f'fuzz_{name}', artifact], 60)[0] == 0


def check(patch, seconds):
    """Whether the defect is found, and a line that says how or why not."""
    names = header(patch, 'Target')
    unknown = [name for name in names if name not in targets.all_targets()]
    if not names or unknown:
        return False, f'no such target: {", ".join(unknown)}' if unknown else 'has no line "Target: NAME"'
    with planted(patch, build, names) as problem:
        if problem:
            return False, problem
        for name in names:
            if failure := fuzz(name, ['-runs=0'], 300):
                return True, f'{name}, corpus: {failure[0]}'
        for name in names:
            started = time.monotonic()
            if failure := fuzz(name, [f'-max_total_time={seconds}'], seconds + 120):
                how = f'{name}, after {time.monotonic() - started:.0f} s: {failure[0]}'
                return (True, how) if is_sound(name, failure[1]) else (False, 'fails without the defect too: ' + how)
        return False, f'NOT FOUND by {", ".join(names)} in {seconds} s'


def replay(target, folders):
    """How the target failed on its seeds, in the quick build; None if it did not."""
    status, output = run([f'build-quick/{targets.program(target)}', *folders], 300)
    if status == 1:  # an input that fails ends the process by a signal
        sys.exit(f'cannot replay {", ".join(folders)}:\n{output}')
    said = re.search(r'^FINDING: .*$', output, re.MULTILINE)
    return None if status == 0 else said[0] if said else f'status {status}'


def seeds_of(patch):
    """{target: folders of seeds} by which the defect is to be found: those of the rule that it breaks, or those of its targets."""
    if rules := header(patch, 'Rule'):
        folders = [str(path.relative_to(targets.ROOT)) for rule in rules for path in sorted(targets.ROOT.glob(f'corpus/*/rule/{rule}'))]
        return {folder.split('/')[1]: [folder] for folder in folders}
    return {name: targets.corpora(name) for name in header(patch, 'Target') if name in targets.all_targets() and targets.corpora(name)}


def check_quickly(patch):
    """As check, but by replay of seeds alone and without sanitizers, which takes seconds."""
    seeds = seeds_of(patch)
    if not seeds:
        return False, 'names no rule and no target with seeds'
    with planted(patch, build_quickly, seeds) as problem:
        if problem:
            return False, problem
        for name, folders in seeds.items():
            if failure := replay(name, folders):
                return True, f'{name}, corpus: {failure}'
        return False, f'NOT FOUND by the seeds of {", ".join(seeds)}'


def prepare(patches):
    """Builds what these patches need without a defect, and keeps it. Whether it takes its corpus."""
    names = sorted({name for patch in patches for name in header(patch, 'Target') if name in targets.all_targets()})
    print(f'building {", ".join(names)} without a defect', flush=True)
    status, output = build(names) if names else (0, '')
    if status != 0:
        print(output[-4000:])
        return False
    sound = True
    for name in names:
        if failure := fuzz(name, ['-runs=0'], 300):
            sound = False
            print(f'{name} fails without a defect: {failure[0]}')
        SOUND.mkdir(exist_ok=True)
        shutil.copy2(COPY / f'build-fuzz/{targets.program(name)}', SOUND)
    return sound


def prepare_quickly(patches):
    """The same for the quick build."""
    names = sorted({name for patch in patches for name in seeds_of(patch)})
    print(f'building {", ".join(names)} without a defect and without sanitizers', flush=True)
    status, output = build_quickly(names)
    if status != 0:
        print(output[-4000:])
        return False
    failures = {name: failure for name in names if (failure := replay(name, targets.corpora(name)))}
    for name, failure in failures.items():
        print(f'{name} fails without a defect: {failure}')
    return not failures


def say(patch, found, how):
    print(f'{"ok     " if found else "FAILED "} {patch.stem:<36}  {how}', flush=True)


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/defects', description='Checks that every planted defect is found: by replay of the seeds in a '
                                     'quick build, else by the targets with sanitizers, by their corpora or by fuzzing.')
    parser.add_argument('--seconds', type=int, default=60, metavar='N', help='how long to fuzz for one defect (default: 60)')
    parser.add_argument('--rules', action='store_true', help='those of fuzz/defects/rules, by the seeds of the rule that each breaks alone')
    parser.add_argument('names', nargs='*', metavar='NAME', help='which patches, without .patch (default: all)')
    options = parser.parse_args(arguments)
    folder = targets.ROOT / ('fuzz/defects/rules' if options.rules else 'fuzz/defects')
    there = {path.stem: path for path in sorted(folder.glob('*.patch'))}
    if unknown := [name for name in options.names if name not in there]:
        parser.error(f'no defect named {", ".join(unknown)}; there are: {", ".join(there) or "none"}')

    COPY.mkdir(parents=True, exist_ok=True)
    sync_copy()
    patches = [there[name] for name in options.names or there]
    if not prepare_quickly(patches):
        print(f'0 passed, {len(patches)} failed')
        return 1
    left = []
    for patch in patches:
        found, how = check_quickly(patch)
        if found or options.rules:
            say(patch, found, how)
        if not found:
            left.append(patch)
    missed = left
    if left and not options.rules:
        missed = []
        if not prepare(left):
            print(f'{len(patches) - len(left)} passed, {len(left)} failed')
            return 1
        for patch in left:
            found, how = check(patch, options.seconds)
            say(patch, found, how)
            if not found:
                missed.append(patch)
    print(f'{len(patches) - len(missed)} passed, {len(missed)} failed')
    return 1 if missed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
