"""ci/bench, once what it needs is installed."""
import argparse
import json
import re
import subprocess
import sys
import tempfile

import targets

SECTIONS = ('speed', 'memory', 'fuzzing')
# Executions per second that a target is to reach from its own corpus; the others are measured to be compared.
RATES = {'client_script': 12000, 'server_script': 12000, 'stream': 4000, 'dtls_listen': 3000, 'acceptor_equivalence': 5000,
         'record_dtls': 8000, 'handshake_pair': 700, 'server_first_flight': 5000, 'dtls_link': 2000}
WITHOUT_RATE = ('wire_messages', 'record_protection', 'crypto_faults', 'client_first_flight')


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
    return {b['run_name']: b for b in json.loads(out)['benchmarks'] if b.get('aggregate_name') == 'median'}


def speed(options):
    build('bench', 'harnesses/bench/bench_speed')
    measured = medians(options.repetitions)

    def time(name):
        return measured[name]['cpu_time'] / 1000

    def row(what, of, target, ours='tocsin', libssl='libssl'):
        floor = time(f'{of}/libcrypto')
        ratios = (f'{time(f"{of}/{who}") / floor:.2f}' if who else '' for who in (ours, libssl))
        return (what, f'{floor:.2f} µs', *ratios, target)

    known = 'tocsin, known certificate'
    rows = []
    for version, of, target in (('TLS 1.3', 'tls13', '≤ 1.45'), ('TLS 1.2', 'tls12', '≤ 1.40'),
                                ('DTLS 1.2, with a cookie', 'dtls12', '≤ 1.40')):
        rows += [row(f'full handshake of {version}', f'handshake/{of}', target),
                 row('the same, certificate known', f'handshake/{of}', '', known)]
    for what, of, target in (('16 KiB, TLS 1.3', 'tls13/16384', '≤ 1.05'), ('64 bytes, TLS 1.3', 'tls13/64', '≤ 1.30'),
                             ('64 bytes, TLS 1.2', 'tls12/64', ''), ('64 bytes, DTLS 1.2', 'dtls12/64', ''),
                             ('1,200 bytes, DTLS 1.2', 'dtls12/1200', '≤ 1.15')):
        rows.append(row(f'record of {what}, seal and open', f'record/{of}', target))
    rows.append(row('the same, without association and Listener', 'record/dtls12/1200', '', 'record layer', ''))
    table(('CPU time, both sides', 'bare libcrypto', 'tocsin', 'libssl', 'target'), rows)

    def rate(what, of, target):
        ours, libssl = (measured[f'stranger/{of}/{who}']['items_per_second'] for who in ('tocsin', 'libssl'))
        return what, f'{ours:,.0f}', f'{libssl:,.0f}', f'{ours / libssl:.1f}', target

    table(("strangers' datagrams per second of CPU time", 'Listener', 'DTLSv1_listen', 'times as many', 'target'), [
        rate('ClientHello, answered with a cookie', 'hello', '≥ 5'),
        rate('stray protected record, discarded', 'stray', '≥ 5'),
        rate('garbage, discarded', 'garbage', '≥ 5'),
    ])


def memory(_):
    build('bench', 'harnesses/bench/bench_memory')
    out, _ = run(['build-bench/harnesses/bench/bench_memory'])
    counted = {entry['name']: entry['value'] for entry in map(json.loads, out.splitlines())}

    def held(what, version, of, target):
        ours, libssl = (counted[f'{version}/{who}/{of}'] for who in ('tocsin', 'libssl'))
        return what, f'{ours / 1024:.1f} KiB' if ours else '0', f'{libssl / 1024:.1f} KiB', target

    rows = [held('established server connection, TLS 1.3', 'tls13', 'established', '≤ 4 KiB'),
            held('the same, TLS 1.2', 'tls12', 'established', ''),
            held('half-open server connection, TLS 1.3', 'tls13', 'half open', '≤ 8 KiB'),
            held('the same, TLS 1.2', 'tls12', 'half open', ''),
            held('established association of a Listener, DTLS 1.2', 'dtls12', 'established', '≤ 5 KiB'),
            held('the same, half open, its cookie verified', 'dtls12', 'half open', ''),
            held('peer of a Listener that was sent a cookie', 'dtls12', 'with cookie', '0')]
    for version, of, target in ('TLS 1.3', 'tls13', '≤ 40'), ('TLS 1.2', 'tls12', ''), ('DTLS 1.2', 'dtls12', ''):
        rows.append((f"allocations of a handshake of {version}, libcrypto's left out", counted[f'{of}/tocsin/allocations'], '', target))
        rows.append(("the same, with libcrypto's", *(f'{counted[f"{of}/{who}/all allocations"]:,}' for who in ('tocsin', 'libssl')), ''))
    table(('heap', 'tocsin', 'libssl', 'target'), rows)


def per_second(target, binary, seconds, corpus):
    with tempfile.TemporaryDirectory() as kept:  # what it finds goes to the first folder, which is not the committed corpus
        _, log = run([binary, f'-max_total_time={seconds}', '-print_final_stats=1', '-print_funcs=0', '-close_fd_mask=1',
                      '-seed=1', f'-artifact_prefix={kept}/', *targets.options(target), kept, *corpus])
    return int(re.search(r'stat::average_exec_per_sec:\s+(\d+)', log)[1])


def fuzzing(options):
    names = [*RATES, *WITHOUT_RATE]
    build('fuzz', *(f'fuzz/fuzz_{name}' for name in names))
    empty = targets.ROOT / 'build-fuzz/fuzz_empty'
    run(['clang++', '-O2', '-fsanitize=fuzzer,address,undefined', 'harnesses/bench/empty.cc', '-o', empty])
    rows = [('(an empty target)', f'{per_second("empty", empty, options.seconds, []):,}', '', '')]
    for name in names:
        rates = (per_second(name, f'build-fuzz/{targets.program(name)}', options.seconds, corpus)
                 for corpus in ([], targets.corpora(name)))
        rows.append((name, *(f'{rate:,}' for rate in rates), f'≥ {RATES[name]:,}' if name in RATES else ''))
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
