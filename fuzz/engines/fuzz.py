"""ci/fuzz, once what it needs is installed."""
import argparse
import math
import os
import random
import signal
import subprocess
import sys
import time

import engines
import findings
import minimize
import targets

PROGRESS_S = 3
ALL_TARGETS_S = 180  # by default
STOP_MAX_S = 15


def parse(arguments):
    parser = argparse.ArgumentParser(prog='ci/fuzz', description='Builds the fuzz targets, replays their corpora, and fuzzes.')
    parser.add_argument('--seconds', type=int, metavar='N', help='how long to fuzz each target (default: three minutes in all)')
    parser.add_argument('--jobs', type=int, metavar='N', default=2, help='how many targets to fuzz at a time (default: 2)')
    parser.add_argument('--target', nargs='+', metavar='NAME', action='extend', help='which targets (default: all but the canary)')
    parser.add_argument('--engine', choices=sorted(engines.ENGINES), default='libfuzzer')
    parser.add_argument('--seed', type=int, metavar='N', help='of the engine\'s own randomness (default: another one each time)')
    options = parser.parse_args(arguments)

    there = targets.all_targets()
    unknown = [name for name in options.target or [] if name not in there]
    if unknown:
        parser.error(f'no target named {", ".join(unknown)}; there are: {", ".join(there)}')
    options.target = list(dict.fromkeys(options.target or [name for name in there if name != 'canary']))
    if options.jobs < 1 or (options.seconds is not None and options.seconds < 1):
        parser.error('--seconds and --jobs must be at least 1')
    if options.seed is None:
        options.seed = random.randrange(1, 1_000_000)
    if options.seconds is None:
        options.seconds = max(5, ALL_TARGETS_S // max(1, math.ceil(len(options.target) / options.jobs)))
    return options


def count(number, what):
    return f'{number} {what}' + ('' if number == 1 else 's')


def run_all(make_run, names, jobs, show_progress):
    """Starts make_run(name) for each name, at most `jobs` at a time. Gives the runs and whether Ctrl-C cut them short."""
    waiting, running, done = list(names), [], []
    interrupted, progress_due = False, time.monotonic() + PROGRESS_S
    stop_due = math.inf
    while running or (waiting and not interrupted):
        try:
            while waiting and len(running) < jobs and not interrupted:
                running.append(make_run(waiting.pop(0)))
            time.sleep(0.1)
            for run in [run for run in running if run.is_done()]:
                running.remove(run)
                done.append(run)
            if show_progress and time.monotonic() >= progress_due:
                progress_due = time.monotonic() + PROGRESS_S
                for run in running:
                    print(run.progress(), flush=True)
            if time.monotonic() >= stop_due:
                for run in running:
                    run.stop()
        except KeyboardInterrupt:
            print('stopping; once more to stop at once' if not interrupted else 'stopping at once', flush=True)
            interrupted, stop_due = True, time.monotonic() + STOP_MAX_S
            for run in running:
                run.stop()
    return sorted(done, key=lambda run: names.index(run.target)), interrupted


def print_table(runs):
    head = ['target', 'executions', 'execs/s', 'coverage', 'new inputs', 'invariant checks', 'oracle comparisons',
            'known divergences', 'unknown divergences', 'findings']
    rows = []
    for run in runs:
        numbers = [run.executions, run.per_second, run.coverage, run.new_inputs]
        numbers += [run.stats.get(name) for name in engines.STATS] + [len(run.findings)]
        rows.append([run.target] + ['-' if number is None else f'{number:,.0f}' for number in numbers])
    # Two lines of headings, so that the table stays narrow.
    heads = [cell.rpartition(' ')[::2] for cell in head]
    widths = [max(len(text) for text in [row[i] for row in rows] + list(heads[i])) for i in range(len(head))]
    lines = [[part[0] for part in heads], [part[1] for part in heads]] + rows
    for line in lines:
        print('  '.join(cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(line, widths))))


def main(arguments):
    options = parse(arguments)
    engine = engines.ENGINES[options.engine]
    os.chdir(targets.ROOT)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if engine.package:
        subprocess.run(['ci/setup', engine.package], check=True)

    print(f'building {count(len(options.target), "target")}', flush=True)
    if not targets.build(engine.build, [targets.program(name) for name in options.target]):
        return 1

    failed, interrupted = [], False
    if engine is engines.LibFuzzer:
        with_corpus = [name for name in options.target if targets.corpora(name)]
        print(f'replaying the corpora of {count(len(with_corpus), "target")}', flush=True)
        replays, interrupted = run_all(lambda name: engine(name, 0, options.seed, corpus_only=True), with_corpus, options.jobs, False)
        failed = [run for run in replays if run.findings]
    runs = []
    if not interrupted:
        names = [name for name in options.target if name not in [run.target for run in failed]]
        print(f'fuzzing {count(len(names), "target")}, {options.seconds} s each, {options.jobs} at a time, --seed {options.seed}', flush=True)
        runs, interrupted = run_all(lambda name: engine(name, options.seconds, options.seed), names, options.jobs, True)

    runs = sorted(failed + runs, key=lambda run: options.target.index(run.target))
    print()
    print_table(runs)
    found = [finding for run in runs for finding in run.findings.values()]
    minimize.minimize_all(found)
    findings.report(found)
    print(f'\n{count(len(found), "finding")}' + (', interrupted' if interrupted else ''))
    return 1 if found else 130 if interrupted else 0


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
