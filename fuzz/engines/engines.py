"""The two engines as ci/fuzz sees them: one object is one run of one target, started at once and read while it goes on."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import threading
import time

from targets import ROOT, corpora, dictionary

INPUT_TIMEOUT_S = 10
MEMORY_MAX_MB = 2048
OVERTIME_MAX_S = 120  # for a large corpus, and for the end
STATS = ('invariant_checks', 'oracle_comparisons', 'known_divergences', 'unknown_divergences')


def scratch(target):
    """Where findings, logs and the growing corpus of a target are kept between runs."""
    return pathlib.Path('findings') / target


class Run:
    """What all runs have in common. Numbers are None as long as they are not known."""

    def __init__(self, target, seconds):
        self.target, self.seconds = target, seconds
        self.started = time.monotonic()
        self.executions = self.per_second = self.coverage = self.new_inputs = None
        self.stats = {}
        self.findings = []  # (what, path of the input or None)
        self.stopped = False

    def start(self, command, environment):
        (ROOT / scratch(self.target) / 'corpus').mkdir(parents=True, exist_ok=True)
        self.command = command
        # In a session of its own, so that Ctrl-C reaches only this script, which then ends the run in an orderly way.
        self.process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        with open(ROOT / scratch(self.target) / 'log.txt', 'wb') as log:
            for raw in self.process.stdout:
                log.write(raw)
                self.on_line(raw.decode(errors='replace').rstrip())

    def elapsed(self):
        return time.monotonic() - self.started

    def is_done(self):
        if self.process.poll() is None:
            if self.elapsed() > self.seconds + OVERTIME_MAX_S and not self.stopped:
                self.stop()
            return False
        self.reader.join(timeout=5)
        self.finish()
        return True

    def progress(self):
        rate, coverage = ('-' if number is None else f'{number:,.0f}' for number in (self.per_second, self.coverage))
        return f'{self.target:<24}  {self.elapsed():4.0f} s  {rate:>9} execs/s  coverage {coverage}'


class LibFuzzer(Run):
    build = 'fuzz'
    package = None
    environment = {'UBSAN_OPTIONS': 'print_stacktrace=1'}

    def __init__(self, target, seconds, corpus_only=False):
        super().__init__(target, seconds)
        self.corpus_only = corpus_only
        self.summary = self.artifact = None
        self.in_finding = False
        place = scratch(target)
        self.stop_file = ROOT / place / 'stop'
        self.stop_file.unlink(missing_ok=True)
        command = [f'./build-fuzz/fuzz/fuzz_{target}', '-print_final_stats=1', '-print_funcs=0', '-reload=0',
                   f'-timeout={INPUT_TIMEOUT_S}', f'-rss_limit_mb={MEMORY_MAX_MB}', f'-artifact_prefix={place}/']
        if corpus_only:
            command += ['-runs=0']
        else:
            command += [f'-max_total_time={seconds}', f'-stop_file={place}/stop']
            if dictionary(target):
                command += [f'-dict={dictionary(target)}']
            command += [f'{place}/corpus']  # the first folder is the one that new inputs are added to
        self.start(command + corpora(target), self.environment)

    def on_line(self, line):
        if status := re.match(r'#(\d+)\s.*cov: (\d+)', line):
            self.executions, self.coverage = int(status[1]), int(status[2])
            self.per_second = self.executions / max(self.elapsed(), 0.1)
        elif stat := re.match(r'stat::(\w+):\s+(\d+)', line):
            value = int(stat[2])
            if stat[1] == 'number_of_executed_units':
                self.executions = value
                self.per_second = value / max(self.elapsed(), 0.1)
            elif stat[1] == 'new_units_added':
                self.new_inputs = value
        elif line.startswith('tocsin-stats:'):
            self.stats = {name: int(value) for name, value in re.findall(r'(\w+)=(\d+)', line)}
        elif line.startswith('FINDING:') or (line.startswith('SUMMARY:') and self.summary is None):
            self.summary = line
        elif line.startswith('  ') and self.in_finding:  # both sides' verdicts, for example
            self.summary += '\n' + line
        elif written := re.search(r'Test unit written to (\S+)', line):
            if 'slow-unit' not in written[1]:
                self.artifact = written[1]
        self.in_finding = line.startswith('FINDING:') or (self.in_finding and line.startswith('  '))

    def stop(self):
        """Asks the run to end by itself, so that it still prints its numbers."""
        if self.stopped:
            self.process.kill()
        self.stopped = True
        self.stop_file.write_text('stop\n')

    def finish(self):
        self.stop_file.unlink(missing_ok=True)
        status = self.process.returncode
        killed_by_us = self.stopped and status == -signal.SIGKILL
        if status != 0 and not killed_by_us:
            self.findings = [(self.summary or f'ended with status {status}; {scratch(self.target)}/log.txt tells more', self.artifact)]
        elif not self.executions and not self.stopped and not self.corpus_only:
            self.findings = [('ran no input at all', None)]

    def reproducer(self, path):
        return f'./build-fuzz/fuzz/fuzz_{self.target} {path}' if path else ' '.join(self.command)


class Afl(Run):
    build = 'afl'
    package = 'afl++'
    environment = {'AFL_NO_UI': '1', 'AFL_SKIP_CPUFREQ': '1', 'AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES': '1',
                   'AFL_NO_AFFINITY': '1', 'AFL_BENCH_UNTIL_CRASH': '1',
                   'ASAN_OPTIONS': 'abort_on_error=1:symbolize=0:detect_leaks=0', 'UBSAN_OPTIONS': 'abort_on_error=1:symbolize=0'}

    def __init__(self, target, seconds):
        super().__init__(target, seconds)
        self.out = ROOT / scratch(target) / 'afl'
        shutil.rmtree(self.out, ignore_errors=True)
        self.message = None
        # AFL++ starts from one flat folder.
        start_folder = ROOT / scratch(target) / 'afl-start'
        shutil.rmtree(start_folder, ignore_errors=True)
        start_folder.mkdir(parents=True)
        (start_folder / 'empty').write_bytes(b'\n')
        for folder in corpora(target) + [f'{scratch(target)}/corpus']:
            for number, path in enumerate(sorted(p for p in (ROOT / folder).rglob('*') if p.is_file())):
                shutil.copyfile(path, start_folder / f'{folder.replace("/", "-")}-{number}')
        command = ['afl-fuzz', '-i', str(start_folder), '-o', str(self.out), '-V', str(seconds), '-t', str(1000 * INPUT_TIMEOUT_S),
                   '-m', 'none']
        if dictionary(target):
            command += ['-x', dictionary(target)]
        self.start(command + ['--', f'./build-afl/fuzz/fuzz_{target}'], self.environment)

    def on_line(self, line):
        if 'PROGRAM ABORT' in line or 'SYSTEM ERROR' in line:
            self.message = re.sub(r'\x1b\[[0-9;]*m|\s*Location :.*', '', line)

    def read_stats(self):
        try:
            text = (self.out / 'default/fuzzer_stats').read_text()
        except OSError:
            return
        stats = dict(re.findall(r'^(\w+)\s*: (\S+)', text, re.MULTILINE))
        self.executions = int(stats.get('execs_done', 0))
        self.per_second = self.executions / max(self.elapsed(), 0.1)
        self.coverage = int(stats.get('edges_found', 0))
        self.new_inputs = int(stats.get('corpus_found', 0))

    def progress(self):
        # AFL++ writes fuzzer_stats only once a minute, plot_data every few seconds.
        try:
            head, *lines = (self.out / 'default/plot_data').read_text().splitlines()
            now = dict(zip(head.lstrip('# ').split(', '), lines[-1].split(', ')))
            self.executions, self.coverage = int(now['total_execs']), int(now['edges_found'])
            self.per_second = self.executions / max(self.elapsed(), 0.1)
        except (OSError, ValueError, KeyError, IndexError):
            pass  # not there yet, or being written
        return super().progress()

    def stop(self):
        if self.stopped:
            self.process.kill()
        self.stopped = True
        self.process.send_signal(signal.SIGINT)

    def finish(self):
        self.read_stats()
        for kind in ('crashes', 'hangs'):
            for number, found in enumerate(sorted((self.out / 'default' / kind).glob('id*'))):
                kept = scratch(self.target) / f'afl-{kind}-{number}'
                shutil.copyfile(found, ROOT / kept)
                self.findings.append((f'AFL++ put it under {kind}', str(kept)))
        if not self.findings and not self.executions and not self.stopped:
            self.findings = [(self.message or f'ran no input at all; {scratch(self.target)}/log.txt tells more', None)]

    def reproducer(self, path):
        return f'./build-afl/fuzz/fuzz_{self.target} {path}' if path else ' '.join(self.command)


ENGINES = {'libfuzzer': LibFuzzer, 'afl': Afl}
