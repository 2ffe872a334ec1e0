"""`ci/record-seeds`: records what real clients and servers say first, and writes it as seeds."""
import argparse
import concurrent.futures
import json
import pathlib
import platform
import re
import signal
import ssl
import subprocess
import sys
import tempfile

from process import Processes
from record import clients, servers
from record.hello import SERVER_HELLO, messages
from testdata import ROOT

CORPUS = ROOT / 'corpus'
PAGE = CORPUS / 'RECORDED.md'
HEAD = """# Recorded seeds

What real programs said, recorded over loopback by `ci/record-seeds`, which writes this page and the files named here, and
replaces both when it runs again. What a program says depends on the options beside it; `CA`, `REQUEST`, `SESSION` and `PORT`
stand for files and a port. A seed is a file in each of the folders that stand above its table.
"""
TABLES = {
    'clients': ('Clients', 'All that a client says before it needs an answer, and again after a HelloRetryRequest.',
                ('server_first_flight', 'acceptor_equivalence', 'wire_messages')),
    'servers': ('Servers', 'The answer to the ClientHello of `tocsin connect`, with the target\'s marker for a session id. Those '
                'that refuse have no file in the second folder.', ('client_first_flight', 'wire_messages')),
    'messages': ('Protected messages of servers', 'As `openssl s_client -msg` shows them.', ('wire_messages',)),
}
ROW = re.compile(r'^\| `(recorded-[\w.-]+)` \| (.*) \| (.*) \|$')
# The first byte of an input of wire_messages.
WIRE = {'ClientHello': 0, 'ServerHello': 1, 'EncryptedExtensions': 2, 'Certificate': 3, 'CertificateRequest': 4,
        'CertificateVerify': 5, 'NewSessionTicket': 7}


def output_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True, timeout=60).stdout


def first_words(text, count=2):
    return ' '.join(text.split()[:count])


def version_of(program):
    program = program.removesuffix('-server')
    if program in ('s_client', 's_server'):
        return first_words(output_of('openssl', 'version'))
    if program.startswith('gnutls-'):
        return 'GnuTLS ' + first_words(output_of(program, '--version')).split()[1]
    if program == 'curl':
        text = output_of('curl', '--version').splitlines()[0]
        library = re.search(r'\b(OpenSSL|GnuTLS|NSS)/(\S+)', text)
        return first_words(text) + (f' with {library[1]} {library[2]}' if library else '')
    if program in ('tstclnt', 'selfserv'):
        upstream = re.search(r'(?:\d+:)?([\d.]+)', output_of('dpkg-query', '-W', '-f', '${Version}', 'libnss3'))
        return f'NSS {upstream[1]}'
    if program == 'node':
        own, library = output_of('node', '-p', 'process.version + " " + process.versions.openssl').split()
        return f'Node {own.removeprefix("v")} with OpenSSL {library}'
    if program == 'chromium':
        return first_words(output_of('chromium', '--version'))
    return f'Python {platform.python_version()} with {first_words(ssl.OPENSSL_VERSION)}'


class Seed:
    """What was recorded under one name: its table, what the program was told, and its files by folder."""

    def __init__(self, table, program, name, told, files):
        self.table, self.program, self.name, self.told, self.files = table, program, name, told, files


def named(program, suffix):
    return '-'.join(part for part in ('recorded', program, suffix) if part)


def target_input(options, body):
    return bytes([len(options)]) + bytes(byte for pair in options.items() for byte in pair) + body


def shown(words):
    """A program's options on the page."""
    text = words if isinstance(words, str) else json.dumps(words) if words else ''
    return f'`{text}`' if text else 'none'


def wire_input(message, body):
    return bytes([WIRE[message]]) + body


def client_seeds(processes, program, row):
    flight, options = clients.record(processes, program, row)
    whole = target_input(options, flight)
    files = {'server_first_flight': whole, 'acceptor_equivalence': whole,
             'wire_messages': wire_input('ClientHello', clients.hellos(flight)[-1])}
    told = shown(row.words)
    if row.before is not None:
        told += '; twice' if row.before == row.words else f'; after {shown(row.before)}'
    if row.page:
        told += '; its page has images'
    if row.retry:
        told += '; its server wants P-384'
    return [Seed('clients', program, named(program, row.name), told, files)]


def server_seeds(processes, program, row):
    flight, options = servers.record(processes, program, row)
    files = {'client_first_flight': target_input(options, flight)}
    if not row.refuses:
        hello = next(body for kind, body in messages(flight) if kind == SERVER_HELLO)
        files['wire_messages'] = wire_input('ServerHello', hello)
    told = shown(row.words) + (f'; its client: {shown(" ".join(row.client))}' if row.client else '')
    return [Seed('servers', program, named(program, row.name), told, files)]


def message_seeds(processes, program, row):
    suffix, words, key, client_words, wanted = row
    told = f'{shown(words)}; key {key}' + (f'; s_client: {shown(" ".join(client_words))}' if client_words else '')
    for message, body in servers.record_messages(processes, program, words, key, client_words, wanted).items():
        kebab = re.sub(r'(?<!^)(?=[A-Z])', '-', message).lower()
        name = named(program, f'{kebab}-{suffix}' if suffix else kebab)
        yield Seed('messages', program, name, told, {'wire_messages': wire_input(message, body)})


def tasks():
    """(what, function, program, row)."""
    for function, table in ((client_seeds, clients.CLIENTS), (server_seeds, servers.SERVERS)):
        for program, rows in table.items():
            for row in rows:
                yield named(program, row.name), function, program, row
    for program, rows in servers.MESSAGES.items():
        for row in rows:
            yield named(program, row[0]) + ', messages', message_seeds, program, row


def record(task, build):
    """(seeds, problem, is_skipped)."""
    _, function, program, row = task
    # A browser's helpers may still write while its folder goes.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        processes = Processes(pathlib.Path(folder), build, pathlib.Path(folder))
        if missing := (clients.PROVIDERS | servers.PROVIDERS)[program](processes).missing():
            return [], missing, True
        try:
            return list(function(processes, program, row)), '', False
        except (AssertionError, OSError, ValueError, StopIteration, subprocess.SubprocessError) as failed:
            return [], f'{type(failed).__name__}: {failed}\n{processes.transcript()}', False
        finally:
            processes.clean_up()


def listed():
    """The rows of the page: name -> (table, version, options)."""
    rows, table = {}, ''
    for line in PAGE.read_text().splitlines() if PAGE.exists() else []:
        table = next((name for name, (title, _, _) in TABLES.items() if line == f'## {title}'), table)
        if match := ROW.match(line):
            rows[match[1]] = (table, match[2], match[3])
    return rows


def write_page(rows):
    text = HEAD
    for table, (title, about, folders) in TABLES.items():
        text += f'\n## {title}\n{about}\n\nFolders: `' + '`, `'.join(folders) + '`\n\n'
        text += '| seed | recorded from | options |\n| --- | --- | --- |\n'
        for name, (of, version, words) in sorted(rows.items()):
            text += f'| `{name}` | {version} | {words} |\n' if of == table else ''
    PAGE.write_text(text)


def recorded_files():
    return {path for path in CORPUS.glob('*/recorded-*')}


def check_page():
    """Whether the page names the files that are there, and only those."""
    expected = {CORPUS / folder / name for name, (table, _, _) in listed().items() for folder in TABLES[table][2]
                if not (table == 'servers' and folder == 'wire_messages' and '-refuses-' in name)}
    there = recorded_files()
    for path in sorted(expected ^ there):
        print(f'{path.relative_to(ROOT)}: {"not there, though" if path in expected else "not"} named in corpus/RECORDED.md')
    if expected != there:
        print('record them again: ci/record-seeds')
    print(f'recorded seeds: {len(expected & there)} files, {len(expected ^ there)} problems')
    return 0 if expected == there and there else 1


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/record-seeds', description='Records first flights of real programs as seeds.')
    parser.add_argument('build', nargs='?', default='build', help='a build folder (default: build)')
    parser.add_argument('--check', action='store_true', help='record nothing: look if corpus/RECORDED.md and the files agree')
    parser.add_argument('--only', default='', metavar='WORDS', help='only seeds with these words in their names')
    options = parser.parse_args(arguments)
    if options.check:
        return check_page()
    build = (ROOT / options.build).resolve()
    if not (build / 'build.ninja').is_file():
        parser.error(f'no build in {build}: build it first, or name the folder')
    wanted = [task for task in tasks() if options.only in task[0]]
    if not wanted:
        parser.error(f'no seed has {options.only!r} in its name')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    rows, versions, written, failed, skipped = listed(), {}, set(), 0, 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for task, (seeds, problem, is_skipped) in zip(wanted, pool.map(lambda task: record(task, build), wanted)):
            verdict = 'skip' if is_skipped else 'FAIL' if problem else 'ok'
            print(f'{verdict} {task[0]}' + (f': {problem}' if problem else ''), flush=True)
            failed += verdict == 'FAIL'
            skipped += verdict == 'skip'
            for seed in seeds:
                if seed.program not in versions:
                    versions[seed.program] = version_of(seed.program)
                rows[seed.name] = (seed.table, versions[seed.program], seed.told)
                for folder, content in seed.files.items():
                    path = CORPUS / folder / seed.name
                    path.write_bytes(content)
                    written.add(path)
    # What nothing records any more goes; what could not be recorded now stays as it was.
    if not (options.only or failed or skipped):
        names = {path.name for path in written}
        rows = {name: row for name, row in rows.items() if name in names}
        for path in recorded_files() - written:
            path.unlink()
    write_page(rows)
    print(f'record-seeds: {len(wanted) - failed - skipped} passed, {failed} failed, {skipped} skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
