"""The two engines as ci/fuzz sees them: one object is one run of one target, started at once and read while it goes on."""
import collections
import hashlib
import math
import os
import re
import shutil
import signal
import subprocess
import threading
import time

from findings import Finding, keep, scratch, signature_of
from targets import ROOT, corpora, dictionary, options, program

INPUT_TIMEOUT_S = 10
MEMORY_MAX_MB = 2048
OVERTIME_MAX_S = 120  # for a large corpus, and for the end
RESTARTS_MAX = 50
LINES_KEPT = 400
STATS = ('invariant_checks', 'oracle_comparisons', 'known_divergences', 'unknown_divergences')


class Run:
    """What all runs have in common. Numbers are None as long as they are not known."""

    def __init__(self, target, seconds):
        self.target, self.seconds = target, seconds
        self.started = time.monotonic()
        self.executions = self.per_second = self.coverage = self.new_inputs = None
        self.stats = {}
        self.findings = {}  # by signature
        self.stopped = False
        (ROOT / scratch(target) / 'corpus').mkdir(parents=True, exist_ok=True)
        self.log = open(ROOT / scratch(target) / 'log.txt', 'wb')

    def start(self, command, environment):
        self.command = command
        # In a session of its own, so that Ctrl-C reaches only this script, which then ends the run in an orderly way.
        self.process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for raw in self.process.stdout:
            self.log.write(raw)
            self.on_line(raw.decode(errors='replace').rstrip())

    def add(self, signature, what, artifact):
        """One more finding; artifact: its input, or None."""
        found = self.findings.setdefault(signature, Finding(self.target, signature, what, self.reproducer(), count=0))
        found.count += 1
        keep(found, artifact)
        return found

    def reproducer(self):
        return f'./build-{self.build}/{program(self.target)}'

    def elapsed(self):
        return time.monotonic() - self.started

    def is_done(self):
        if self.process.poll() is None:
            if self.elapsed() > self.seconds + OVERTIME_MAX_S and not self.stopped:
                self.stop()
            return False
        self.reader.join(timeout=5)
        if self.finish():
            return False
        self.log.close()
        return True

    def progress(self):
        rate, coverage = ('-' if number is None else f'{number:,.0f}' for number in (self.per_second, self.coverage))
        return f'{self.target:<24}  {self.elapsed():4.0f} s  {rate:>9} execs/s  coverage {coverage}'


class LibFuzzer(Run):
    """libFuzzer ends at a failure: the run then goes on with another process, for as long as it was given."""
    build = 'fuzz'
    package = None

    def __init__(self, target, seconds, seed, corpus_only=False):
        super().__init__(target, seconds)
        self.seed, self.corpus_only = seed, corpus_only
        self.restarts = 0
        self.executions_before = self.new_inputs_before = 0
        self.stop_file = ROOT / scratch(target) / 'stop'
        self.start_process(seconds)

    def start_process(self, seconds):
        self.lines = collections.deque(maxlen=LINES_KEPT)  # the last ones, and whatever tells of a finding
        self.summary = self.artifact = None
        self.in_finding = False
        self.process_executions = self.process_new_inputs = 0
        place = scratch(self.target)
        self.stop_file.unlink(missing_ok=True)
        command = [f'./build-fuzz/{program(self.target)}', '-print_final_stats=1', '-print_funcs=0', '-reload=0',
                   f'-timeout={INPUT_TIMEOUT_S}', f'-rss_limit_mb={MEMORY_MAX_MB}', f'-artifact_prefix={place}/']
        if self.corpus_only:
            command += ['-runs=0']
        else:
            command += [f'-max_total_time={seconds}', f'-seed={self.seed + self.restarts}', f'-stop_file={place}/stop']
            command += options(self.target)
            if dictionary(self.target):
                command += [f'-dict={dictionary(self.target)}']
            command += [f'{place}/corpus']  # the first folder is the one that new inputs are added to
        self.start(command + corpora(self.target), {})

    def count(self, executions):
        self.process_executions = executions
        self.executions = self.executions_before + executions
        self.per_second = self.executions / max(self.elapsed(), 0.1)

    def on_line(self, line):
        self.lines.append(line)
        if status := re.match(r'#(\d+)\s.*cov: (\d+)', line):
            self.count(int(status[1]))
            self.coverage = int(status[2])
        elif stat := re.match(r'stat::(\w+):\s+(\d+)', line):
            value = int(stat[2])
            if stat[1] == 'number_of_executed_units':
                self.count(value)
            elif stat[1] == 'new_units_added':
                self.process_new_inputs = value
                self.new_inputs = self.new_inputs_before + value
        elif line.startswith('tocsin-stats:'):
            for name, value in re.findall(r'(\w+)=(\d+)', line):
                self.stats[name] = self.stats.get(name, 0) + int(value)
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
        """What the process that ended has left behind. Whether the run goes on."""
        self.stop_file.unlink(missing_ok=True)
        status = self.process.returncode
        killed_by_us = self.stopped and status == -signal.SIGKILL
        if status == 0 or killed_by_us:
            if not self.executions and not self.stopped and not self.corpus_only:
                self.add('ran no input at all', 'ran no input at all', None)
            return False
        said = re.sub('^FINDING: ', '', self.summary or '') or f'ended with status {status}; {scratch(self.target)}/log.txt tells more'
        is_known = self.add(signature_of(self.lines), said, self.artifact).count > 1
        if not is_known:
            print(f'{self.target:<24}  {said.splitlines()[0]}', flush=True)
        left = self.seconds - self.elapsed()
        if self.corpus_only or self.stopped or self.artifact is None or left < 1 or self.restarts == RESTARTS_MAX:
            return False
        self.restarts += 1
        self.executions_before += self.process_executions
        self.new_inputs_before += self.process_new_inputs
        self.start_process(math.ceil(left))
        return True


class Afl(Run):
    build = 'afl'
    package = 'afl++'
    environment = {'AFL_NO_UI': '1', 'AFL_SKIP_CPUFREQ': '1', 'AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES': '1', 'AFL_NO_AFFINITY': '1',
                   'ASAN_OPTIONS': 'abort_on_error=1:symbolize=0:detect_leaks=0', 'UBSAN_OPTIONS': 'abort_on_error=1:symbolize=0'}

    def __init__(self, target, seconds, seed):
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
        command = ['afl-fuzz', '-i', str(start_folder), '-o', str(self.out), '-V', str(seconds), '-s', str(seed),
                   '-t', str(1000 * INPUT_TIMEOUT_S), '-m', 'none']
        if dictionary(target):
            command += ['-x', dictionary(target)]
        self.start(command + ['--', f'./build-afl/{program(target)}'], self.environment)

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
        """Copies what is worth keeping to the corpus that the next run starts from, and tells failures apart by what their inputs do."""
        self.read_stats()
        place = scratch(self.target)
        for path in sorted((self.out / 'default/queue').glob('id*')):
            if ',orig:' not in path.name:
                shutil.copyfile(path, ROOT / place / 'corpus' / hashlib.sha1(path.read_bytes()).hexdigest())
        for kind in ('crashes', 'hangs'):
            for number, found in enumerate(sorted((self.out / 'default' / kind).glob('id*'))):
                artifact = place / f'afl-{kind}-{number}'
                shutil.copyfile(found, ROOT / artifact)
                self.add(*self.replay(kind, artifact), str(artifact))
        if not self.findings and not self.executions and not self.stopped:
            self.add('ran no input at all', self.message or f'ran no input at all; {place}/log.txt tells more', None)
        return False

    def replay(self, kind, artifact):
        """The signature and what was said."""
        if kind == 'hangs':
            return 'hang', f'takes more than {INPUT_TIMEOUT_S} s'
        try:
            done = subprocess.run([f'build-afl/{program(self.target)}', str(artifact)], cwd=ROOT, env=dict(os.environ, **self.environment),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * INPUT_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return 'hang', f'takes more than {INPUT_TIMEOUT_S} s'
        lines = done.stdout.decode(errors='replace').splitlines()
        said = [line for line in lines if line.startswith(('FINDING:', 'SUMMARY:'))]
        return signature_of(lines), re.sub('^FINDING: ', '', said[0]) if said else 'AFL++ put it under crashes'


ENGINES = {'libfuzzer': LibFuzzer, 'afl': Afl}
