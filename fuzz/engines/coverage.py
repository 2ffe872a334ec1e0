"""ci/coverage, once what it needs is installed."""
import argparse
import json
import os
import shutil
import subprocess
import sys

import targets

BUILD = targets.ROOT / 'build-coverage'
KINDS = ('lines', 'functions', 'branches')


def replay(name, folders):
    """Runs the target on the folders; gives its profile, or None if there was nothing to run or it failed."""
    profile = BUILD / f'profiles/{name}.raw'
    done = subprocess.run([BUILD / f'fuzz/fuzz_{name}'] + folders, cwd=targets.ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, env=dict(os.environ, LLVM_PROFILE_FILE=str(profile)))
    print(f'{name:<24}  {done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""}', flush=True)
    return profile if done.returncode == 0 else None


def summaries(names, profiles):
    """Path -> counts, for the project's own files."""
    merged = BUILD / 'profiles/all.profdata'
    subprocess.run(['llvm-profdata', 'merge', '-sparse', '-o', merged] + profiles, check=True)
    binaries = [str(BUILD / f'fuzz/fuzz_{name}') for name in names]
    objects = binaries[:1] + [argument for binary in binaries[1:] for argument in ('-object', binary)]
    exported = subprocess.run(['llvm-cov', 'export', '-summary-only', f'-instr-profile={merged}'] + objects, check=True,
                              stdout=subprocess.PIPE).stdout
    files = json.loads(exported)['data'][0]['files']
    counts = {os.path.relpath(BUILD / f['filename'], targets.ROOT): f['summary'] for f in files}
    return {path: summary for path, summary in counts.items() if path.startswith('core/')}


def show(rows):
    """rows: name -> list of summaries. A table of what they add up to."""
    print(f'\n{"":<44}' + ''.join(f'{kind:>26}' for kind in KINDS))
    for name, parts in rows.items():
        if not any(part['lines']['count'] for part in parts):
            continue  # declarations only
        cells = []
        for kind in KINDS:
            covered, count = (sum(part[kind][what] for part in parts) for what in ('covered', 'count'))
            cells.append(f'{covered:>10,} of {count:>6,} {100 * covered / count if count else 100:>5.1f}%')
        print(f'{name:<44}' + ''.join(f'{cell:>26}' for cell in cells))


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/coverage', description='What the corpora reach, per floor of the core.')
    parser.add_argument('--files', action='store_true', help='per file as well')
    parser.add_argument('--findings', action='store_true', help='with the inputs that ci/fuzz found and kept under findings/')
    parser.add_argument('--target', nargs='+', metavar='NAME', help='which targets (default: all)')
    options = parser.parse_args(arguments)
    there = targets.all_targets()
    if unknown := [name for name in options.target or [] if name not in there]:
        parser.error(f'no target named {", ".join(unknown)}; there are: {", ".join(there)}')
    names = options.target or there
    if not targets.build('coverage', [targets.program(name) for name in names]):
        return 1

    shutil.rmtree(BUILD / 'profiles', ignore_errors=True)
    folders = {name: targets.corpora(name) for name in names}
    if options.findings:
        for name in names:
            if (targets.ROOT / f'findings/{name}/corpus').is_dir():
                folders[name].append(f'findings/{name}/corpus')
    names = [name for name in names if folders[name]]
    profiles = [replay(name, folders[name]) for name in names]
    if None in profiles or not profiles:
        print('coverage: a replay failed, or there is nothing to replay', file=sys.stderr)
        return 1

    files, floors = summaries(names, profiles), {}
    for path, summary in sorted(files.items()):
        floors.setdefault('/'.join(path.split('/')[:2]), []).append(summary)
    if options.files:
        show({path: [summary] for path, summary in sorted(files.items())})
    show({**floors, 'all of core': list(files.values())})
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
