"""ci/bench, once what it needs is installed."""
import argparse
import json
import re
import subprocess
import sys
import tempfile

import targets

SECTIONS = ('speed', 'memory', 'fuzzing')
# What is fuzzed without OpenSSL in the loop, and with it.
CORE_ONLY = ('wire_messages', 'record_protection', 'acceptor_equivalence', 'client_script', 'server_script', 'crypto_faults')
WITH_OPENSSL = ('server_first_flight', 'client_first_flight', 'handshake_pair')


def run(command, **more):
    done = subprocess.run(command, cwd=targets.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        sys.exit(f'bench: {" ".join(map(str, command))} ended with status {done.returncode}\n{done.stdout}{done.stderr}')
    return done.stdout, done.stderr


def build(name, *what):
    run(['ci/build', name, *what])


def table(head, rows):
    rows = [head] + rows
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(head))]
    for number, row in enumerate(rows):
        cells = [str(cell).ljust(width) if column == 0 else str(cell).rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths))]
        print('| ' + ' | '.join(cells) + ' |')
        if number == 0:
            print('| ' + ' | '.join('-' * width if column == 0 else '-' * (width - 1) + ':'
                                    for column, width in enumerate(widths)) + ' |')
    print(flush=True)


def medians(repetitions):
    """Name -> CPU time in microseconds: of benchmarks whose repetitions are run in turns, in random order."""
    out, _ = run(['build-bench/harnesses/bench/bench_speed', f'--benchmark_repetitions={repetitions}',
                  '--benchmark_enable_random_interleaving=true', '--benchmark_min_time=0.05', '--benchmark_format=json'])
    return {b['run_name']: b['cpu_time'] / 1000 for b in json.loads(out)['benchmarks'] if b.get('aggregate_name') == 'median'}


def speed(options):
    build('bench', 'harnesses/bench/bench_speed')
    times = medians(options.repetitions)

    def row(what, ours, libssl, floor, target):
        return what, f'{times[floor]:.2f} µs', f'{times[ours] / times[floor]:.2f}', f'{times[libssl] / times[floor]:.2f}', target

    handshake = 'handshake/libssl', 'handshake/libcrypto'
    table(('CPU time, both sides', 'bare libcrypto', 'tocsin', 'libssl', 'target'), [
        row('full handshake', 'handshake/tocsin', *handshake, '≤ 1.45'),
        row('the same, certificate known', 'handshake/tocsin, known certificate', *handshake, ''),
        row('record of 16 KiB, seal and open', 'record/tocsin/16384', 'record/libssl/16384', 'record/libcrypto/16384', '≤ 1.05'),
        row('record of 64 bytes, seal and open', 'record/tocsin/64', 'record/libssl/64', 'record/libcrypto/64', '≤ 1.30'),
    ])


def memory(_):
    build('bench', 'harnesses/bench/bench_memory')
    out, _ = run(['build-bench/harnesses/bench/bench_memory'])
    ours, libssl = (json.loads(line) for line in out.splitlines())
    table(('heap', 'tocsin', 'libssl', 'target'), [
        ('established server connection', *(f'{who["established_bytes"] / 1024:.1f} KiB' for who in (ours, libssl)), '≤ 4 KiB'),
        ('half-open server connection', *(f'{who["half_open_bytes"] / 1024:.1f} KiB' for who in (ours, libssl)), '≤ 8 KiB'),
        ("a handshake's allocations, both sides, libcrypto's left out", ours['allocations'], '', '≤ 40'),
        ("a handshake's allocations, both sides, with libcrypto's", f'{ours["all_allocations"]:,}', f'{libssl["all_allocations"]:,}',
         ''),
    ])


def per_second(binary, seconds, corpus):
    with tempfile.TemporaryDirectory() as kept:  # what it finds goes to the first folder, which is not the committed corpus
        _, log = run([binary, f'-max_total_time={seconds}', '-print_final_stats=1', '-close_fd_mask=1', '-seed=1',
                      f'-artifact_prefix={kept}/', kept, *corpus])
    rate = re.search(r'stat::average_exec_per_sec:\s+(\d+)', log)[1]
    return f'{int(rate):,}'


def fuzzing(options):
    names = CORE_ONLY + WITH_OPENSSL
    build('fuzz', *(f'fuzz/fuzz_{name}' for name in names))
    empty = targets.ROOT / 'build-fuzz/fuzz_empty'
    run(['clang++', '-O2', '-fsanitize=fuzzer,address,undefined', 'harnesses/bench/empty.cc', '-o', empty])
    rows = [('(an empty target)', per_second(empty, options.seconds, []), '', '')]
    for name in names:
        target = {'server_first_flight': '≥ 10,000 and 1,000'}.get(name, '≥ 50,000' if name in CORE_ONLY else '')
        binary = f'build-fuzz/fuzz/fuzz_{name}'
        rows.append((name, per_second(binary, options.seconds, []), per_second(binary, options.seconds, targets.corpora(name)),
                     target))
    table(('executions per second, ASan and UBSan, one core', 'from nothing', 'from its corpus', 'target'), rows)


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/bench', description='Measures the core beside libssl and libcrypto. The tables '
                                     'are Markdown; the README quotes them.')
    parser.add_argument('--repetitions', type=int, default=25, metavar='N', help='of each timing (default: 25)')
    parser.add_argument('--seconds', type=int, default=10, metavar='N', help='of fuzzing for each figure (default: 10)')
    parser.add_argument('--only', nargs='+', choices=SECTIONS, metavar='SECTION', help=f'of {", ".join(SECTIONS)} (default: all)')
    options = parser.parse_args(arguments)
    if options.repetitions < 3 or options.seconds < 1:
        parser.error('a median takes 3 repetitions at least, and a rate 1 second')
    for section in options.only or SECTIONS:
        {'speed': speed, 'memory': memory, 'fuzzing': fuzzing}[section](options)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
