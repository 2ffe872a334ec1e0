"""ci/keep."""
import argparse
import pathlib
import re
import shutil
import sys

import targets

LEDGERS = {'server_first_flight': 'ledger.h', 'client_first_flight': 'ledger.h', 'handshake_pair': 'ledger.h',
           'dtls_listen_openssl': 'listen_ledger.h'}


def ask(target):
    print('Keep it as\n  1  a regression seed: tocsin or the harness was wrong, and is being mended')
    if target in LEDGERS:
        print('  2  the seed of a row of the ledger: the other stack deviates, and a clause of an RFC says so')
    while (answer := input('1' + (' or 2' if target in LEDGERS else '') + '? ').strip()) not in ('1', '2')[:1 + (target in LEDGERS)]:
        pass
    return {'1': 'regression', '2': 'row'}[answer]


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/keep', description='Keeps the input of a finding in the corpus, with a name that says '
                                                                 'what it shows.')
    parser.add_argument('finding', metavar='FINDING', type=pathlib.Path, help='a file under findings/, as ci/fuzz prints it')
    parser.add_argument('name', metavar='NAME', help='what it shows: small letters, digits and hyphens')
    parser.add_argument('--as', dest='kind', choices=['regression', 'row'], help='does not ask')
    options = parser.parse_args(arguments)

    path = options.finding.resolve()
    try:
        target = path.relative_to(targets.ROOT / 'findings').parts[0]
    except ValueError:
        parser.error(f'{options.finding} is not under {targets.ROOT / "findings"}; ci/fuzz prints which file to keep')
    if target not in targets.all_targets():
        parser.error(f'there is no target {target}')
    if not path.is_file():
        parser.error(f'{options.finding}: no such file')
    if not re.fullmatch(r'[a-z0-9]+(-[a-z0-9]+)*', options.name):
        parser.error(f'{options.name}: a name has small letters, digits and hyphens')
    if options.kind == 'row' and target not in LEDGERS:
        parser.error(f'{target} compares nothing with another stack; rows are for {", ".join(LEDGERS)}')
    if not options.kind and not sys.stdin.isatty():
        parser.error('say --as regression or --as row')
    kind = options.kind or ask(target)

    place = f'corpus/regressions/{target}/{options.name}' if kind == 'regression' else f'corpus/{target}/{options.name}'
    if (targets.ROOT / place).exists():
        parser.error(f'{place} is there already; choose another name')
    (targets.ROOT / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, targets.ROOT / place)
    print(f'{place} is written. ci/test replays it; until what it shows is ' +
          ('mended, that fails. Then add a line to CHANGELOG.md.' if kind == 'regression' else
           f'a row of harnesses/differential/{LEDGERS[target]}, that fails.'))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
