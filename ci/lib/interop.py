"""ci/interop: runs every check and tells what became of it."""
import argparse
import sys

import check_runner
import interop_chromium
import interop_client
import interop_client_certificates
import interop_dtls
import interop_ipv6
import interop_nss
import interop_readers
import interop_resumption
import interop_runtimes
import interop_server
import interop_tls12
import interop_usage
from interop_check import ROOT


MODULES = (interop_server, interop_client, interop_client_certificates, interop_tls12, interop_dtls, interop_ipv6, interop_nss,
           interop_resumption, interop_runtimes, interop_chromium, interop_usage, interop_readers)


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/interop', description='The tool against other TLS stacks, over loopback.')
    parser.add_argument('build', nargs='?', default='build', help='a build folder (default: build)')
    parser.add_argument('--only', default='', metavar='WORDS', help='only checks with these words in their names')
    parser.add_argument('--jobs', type=int, default=4, metavar='N', help='so many checks at a time')
    options = parser.parse_args(arguments)
    tocsin = (ROOT / options.build / 'harnesses/tool/tocsin').resolve()
    if not tocsin.is_file():
        parser.error(f'no {tocsin}: build it first, or name the build folder')
    checks = [(name, function) for module in MODULES for name, function in module.checks() if options.only in name]
    if not checks:
        parser.error(f'no check has {options.only!r} in its name')
    return check_runner.run('interop', checks, tocsin, options.jobs)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
