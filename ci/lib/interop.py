"""ci/interop: runs every check and tells what became of it."""
import argparse
import concurrent.futures
import pathlib
import signal
import sys
import tempfile

import interop_chromium
import interop_client
import interop_client_certificates
import interop_dtls
import interop_ipv6
import interop_nss
import interop_readers
import interop_runtimes
import interop_server
import interop_tls12
import interop_usage
from interop_check import ROOT, Check, Failed, Skipped


MODULES = (interop_server, interop_client, interop_client_certificates, interop_tls12, interop_dtls, interop_ipv6, interop_nss, interop_runtimes,
           interop_chromium, interop_usage, interop_readers)


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


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/interop', description='The tool against other TLS stacks, over loopback.')
    parser.add_argument('build', nargs='?', default='build', help='a build folder (default: build)')
    parser.add_argument('--only', default='', metavar='WORDS', help='only checks with these words in their names')
    parser.add_argument('--jobs', type=int, default=4, metavar='N', help='so many checks at a time')
    options = parser.parse_args(arguments)
    tocsin = (ROOT / options.build / 'harnesses/tools/tocsin').resolve()
    if not tocsin.is_file():
        parser.error(f'no {tocsin}: build it first, or name the build folder')
    checks = [(name, function) for module in MODULES for name, function in module.checks() if options.only in name]
    if not checks:
        parser.error(f'no check has {options.only!r} in its name')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    counts = {'ok': 0, 'FAIL': 0, 'skip': 0}
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
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
    print(f'interop: {counts["ok"]} passed, {counts["FAIL"]} failed, {counts["skip"]} skipped')
    return 1 if counts['FAIL'] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
