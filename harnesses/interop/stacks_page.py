"""ci/stacks: probes every stack that is here by the rules, and writes harnesses/stacks/STACKS.md, which shows side by side what each does.
usage: ci/stacks [BUILD]    BUILD: a folder of meson with the tool, default: build"""
import dataclasses
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from process import Processes
from providers.gnutls import GnuTls
from providers.nss import Nss
from providers.provider import PEERS_HINT
from providers.tocsin import TOOL, Tocsin, problem_of
from testdata import ROOT

PAGE = ROOT / 'harnesses/stacks/STACKS.md'
SHIMS = ROOT / 'harnesses/stacks/pipe'
QUICKLY = ['--quiet-ms', '100', '--rate', '1000']
ROLES = {'server_first_flight': 'server', 'server_script': 'server', 'client_first_flight': 'client', 'client_script': 'client'}


@dataclasses.dataclass(eq=False)
class Stack:
    how: str
    document: dict  # as `tocsin probe --json` writes it

    @property
    def title(self):
        return f'{self.document["stack"]} {self.document["version"]}'.strip()


def probe(tocsin, how, arguments):
    path = tocsin.processes.file(how.replace(' ', '-') + '.json')
    done = tocsin.run('probe', '--json', path, *arguments)
    if not path.is_file() or not path.stat().st_size:
        print(f'stacks: {how}: {problem_of(done)}', file=sys.stderr)
        return None
    document = json.loads(path.read_text())
    print(f'{how}: {document["as_permitted"]} as permitted, {document["deviates"]} deviate, {document["not_applicable"]} not applicable', flush=True)
    return Stack(how, document)


def linked(processes):
    for name in ('openssl', 'gnutls'):
        yield probe(Tocsin(processes), f'{name}, linked', ['--stack', name])


def go_shim(processes):
    """The command that starts the shim over crypto/tls; None: there is no go here."""
    go = shutil.which('go')
    if not go:
        return None
    shim = processes.file('go_shim')
    assert processes.run(go, 'build', '-o', shim, SHIMS / 'shim.go').status == 0
    return f'exec {shlex.quote(str(shim))}'


def behind_the_pipe(processes):
    if shim := go_shim(processes):
        yield probe(Tocsin(processes), 'Go, behind the pipe', ['--pipe', shim])
    else:
        print(f'stacks: no go here ({PEERS_HINT})', file=sys.stderr)


def version_of(package):
    """As the distribution counts it; empty where it is another one's."""
    done = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', package], capture_output=True, text=True, check=False) if shutil.which('dpkg-query') else None
    return re.sub(r'^\d+:|[-+].*', '', done.stdout) if done and done.returncode == 0 else ''


def at_an_address(processes, linked_names):
    """Programs that only answer at an address: one role, and no configuration but their own."""
    for provider, name, package in ((GnuTls, 'GnuTLS', 'libgnutls30'), (Nss, 'NSS', 'libnss3')):
        program = provider(processes)
        if name in linked_names:
            continue
        if missing := program.missing():
            print(f'stacks: {missing}', file=sys.stderr)
            continue
        stack = probe(Tocsin(processes), f'{name}, a server', [f'127.0.0.1:{program.serve().port}', *QUICKLY])
        if stack:
            stack.document.update(stack=name, version=version_of(package))
        yield stack


def conducts_of(rule):
    """What a stack did, as it stands in its column."""
    if rule is None or rule['verdict'] == 'not applicable':
        return ''
    seen = {}
    for one in rule['inputs']:
        if one['conduct'] and one['verdict'] != 'not applicable':
            mark = '**' if one['verdict'] == 'deviates' else ''
            seen[mark + one['conduct'].removeprefix('refuses with ').removeprefix('refuses ') + mark] = True
    return '<br>'.join(seen)


def page(stacks):
    rules = {}
    for stack in stacks:
        for rule in stack.document['rules']:
            rules.setdefault((rule['rule'], rule['target']), {})[stack] = rule
    lines = ['# What stacks do against the rules', '',
             'Written by `ci/stacks` with what was there; a stack that is linked or behind the pipe is tried in both roles, a server at an address in',
             'one. Each cell: what the stack does where that [rule](../differential/rules/RULES.md) alone is broken, **bold** where no clause permits it; empty:',
             'the rule cannot be tried there.', '',
             '| stack | how | rules as permitted | deviate | not applicable |', '| --- | --- | --- | --- | --- |']
    for stack in stacks:
        document = stack.document
        lines.append(f'| {stack.title} | {stack.how} | {document["as_permitted"]} | {document["deviates"]} | {document["not_applicable"]} |')
    lines += ['', '| rule | tried | clause | ' + ' | '.join(stack.title for stack in stacks) + ' |', '| --- ' * (3 + len(stacks)) + '|']
    for (name, target), by_stack in rules.items():
        any_rule = next(iter(by_stack.values()))
        lines.append(f'| `{name}` | {ROLES[target]} | {any_rule["clause"]} | ' + ' | '.join(conducts_of(by_stack.get(stack)) for stack in stacks) + ' |')
    return '\n'.join(lines) + '\n'


def main(arguments):
    build = (ROOT / (arguments[0] if arguments else 'build')).resolve()
    if not (build / TOOL).is_file():
        sys.exit(f'stacks: no {TOOL} in {build}: build it first, or name the folder')
    with tempfile.TemporaryDirectory() as folder:
        processes = Processes(pathlib.Path(folder), build, pathlib.Path(folder))
        try:
            stacks = [stack for stack in (*linked(processes), *behind_the_pipe(processes)) if stack]
            names = {stack.document['stack'] for stack in stacks}
            stacks += [stack for stack in at_an_address(processes, names) if stack]
        finally:
            processes.clean_up()
    PAGE.write_text(page(stacks))
    print(f'{len(stacks)} stacks in {PAGE.relative_to(ROOT)}')


if __name__ == '__main__':
    main(sys.argv[1:])
