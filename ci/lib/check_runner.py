"""Runs checks, several at a time, and tells what became of each: for ci/interop and ci/story."""
import concurrent.futures
import pathlib
import signal
import sys
import tempfile

from interop_check import Check, Failed, Skipped


def outcome(name, function, tocsin, scratch):
    """('ok' | 'FAIL' | 'skip', why, transcript)."""
    # A browser's helpers may still write while its folder goes.
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
        check = Check(name, tocsin, pathlib.Path(folder))
        try:
            function(check)
            return 'ok', '', ''
        except Skipped as skipped:
            return 'skip', str(skipped), ''
        except Failed as failed:
            return 'FAIL', str(failed), check.transcript()
        except OSError as error:
            return 'FAIL', f'{type(error).__name__}: {error}', check.transcript()
        finally:
            check.clean_up()


def run(prog, checks, tocsin, jobs):
    """checks: pairs of a name and a function of a Check. Ends with "PROG: N passed, N failed, N skipped"; gives the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    counts = {'ok': 0, 'FAIL': 0, 'skip': 0}
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = [(name, pool.submit(outcome, name, function, tocsin, scratch)) for name, function in checks]
        try:
            for name, future in running:
                verdict, why, transcript = future.result()
                counts[verdict] += 1
                print(f'{verdict} {name}' + (f': {why}' if why else ''), flush=True)
                if transcript:
                    print(''.join(f'    | {line}\n' for line in transcript.splitlines()), end='', flush=True)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    print(f'{prog}: {counts["ok"]} passed, {counts["FAIL"]} failed, {counts["skip"]} skipped')
    return 1 if counts['FAIL'] else 0
