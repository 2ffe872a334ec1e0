"""ci/reasons."""
import argparse
import functools
import pathlib
import re
import subprocess
import sys

import targets

TABLE = targets.ROOT / 'corpus/reasons.tsv'
HEAD = 'reason\treached by'


def all_reasons():
    return re.findall(r'^\s*X\((\w+),', (targets.ROOT / 'core/include/tocsin/reason.h').read_text(), re.MULTILINE)


def shown_by(build, target, inputs):
    """(input, Reasons) for each input."""
    done = subprocess.run([build / f'fuzz/fuzz_{target}', '--reasons', *inputs], cwd=targets.ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f'reasons: fuzz_{target} ended with status {done.returncode}\n{done.stderr}')
    lines = (line.split('\t') for line in done.stdout.splitlines()[:-1])
    return [(name, set(reasons)) for name, *reasons in lines]


@functools.cache
def unit_tests():
    """Path -> text."""
    return {str(path.relative_to(targets.ROOT)): path.read_text() for path in sorted(targets.ROOT.glob('*/**/*_test.cc'))
            if not path.parts[len(targets.ROOT.parts)].startswith('build')}


def tests_that_name(reason):
    """The unit tests that expect the Reason."""
    return [path for path, text in unit_tests().items() if re.search(rf'\bReason::{reason}\b', text)]


def make(build):
    """Reason -> a seed, the one with the fewest other Reasons and then the shortest name, or tests."""
    seeds = {}
    for target in targets.all_targets():
        if target == 'canary' or not targets.corpora(target):
            continue
        for name, reasons in shown_by(build, target, targets.corpora(target)):
            for reason in reasons:
                seeds.setdefault(reason, []).append((len(reasons), len(name), name))
    return {reason: [min(seeds[reason])[2]] if reason in seeds else tests_that_name(reason) for reason in all_reasons()}


def check(build):
    """What is wrong with the table as it is."""
    rows = dict(line.split('\t') for line in TABLE.read_text().splitlines()[1:])
    problems = [f'{reason}: not in {TABLE.name}; run ci/reasons' for reason in all_reasons() if not rows.get(reason)]
    problems += [f'{reason}: no unit test expects it' for reason in all_reasons() if not tests_that_name(reason)]
    problems += [f'{reason}: there is no such Reason; run ci/reasons' for reason in rows if reason not in all_reasons()]
    for reason, what in rows.items():
        for name in filter(None, what.split(' ')):
            if not (targets.ROOT / name).is_file():
                problems.append(f'{reason}: there is no {name}')
            elif name.startswith('corpus/'):
                folders = pathlib.PurePath(name).parts[1:]
                target = folders[1] if folders[0] == 'regressions' else folders[0]
                if reason not in shown_by(build, target, [name])[0][1]:
                    problems.append(f'{reason}: {name} does not show it any more')
            elif name not in tests_that_name(reason):
                problems.append(f'{reason}: {name} does not name it any more')
    return len(rows), problems


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/reasons', description='By what every Reason is reached.')
    parser.add_argument('--check', action='store_true', help='write nothing; fail if the table is not true')
    parser.add_argument('build', nargs='?', default='build-gcc', metavar='BUILD', help='default: build-gcc')
    options = parser.parse_args(arguments)
    build = targets.ROOT / options.build
    if not options.check:
        found = make(build)
        TABLE.write_text('\n'.join([HEAD] + [f'{reason}\t{" ".join(what)}' for reason, what in found.items()]) + '\n')
    count, problems = check(build)
    for problem in problems:
        print(problem)
    print(f'{count - len(problems)} passed, {len(problems)} failed')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
