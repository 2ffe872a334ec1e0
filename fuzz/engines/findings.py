"""What a run found, one Finding for each signature, and how it is kept under findings/."""
import dataclasses
import pathlib
import re
import subprocess

from targets import ROOT, build

REPLAY_TIMEOUT_S = 60
INPUTS_KEPT_MAX = 10  # of each finding, the smallest
TEXT_LINES_MAX = 40


def scratch(target):
    """Where findings, logs and the growing corpus of a target are kept between runs, relative to the root."""
    return pathlib.Path('findings') / target


def signature_of(lines):
    """What tells this finding from others, out of what the process said: the assertion, else the finding's first words,
    else the sanitizer's summary. Without numbers and addresses, which differ from input to input."""
    for pattern in (r"Assertion '(.*)' failed\.$", r'^FINDING: ([^:(]*)', r'^SUMMARY: (.*)$'):
        for line in lines:
            if said := re.search(pattern, line):
                return re.sub(r'0x[0-9a-f]+|(?<=[:\s])\d+', 'N', said[1]).strip()
    return 'ended without a word'


@dataclasses.dataclass
class Finding:
    target: str
    signature: str
    what: str  # with both sides' verdicts, for example
    replay: str = ''  # the command without the input's path
    inputs: list = dataclasses.field(default_factory=list)  # paths relative to the root
    count: int = 1

    @property
    def folder(self):
        name = re.sub(r'[^a-z0-9]+', '-', self.signature.lower()).strip('-')[:80].strip('-')
        return scratch(self.target) / name

    def smallest(self):
        return min(self.inputs, key=lambda path: (ROOT / path).stat().st_size, default=None)


def keep(finding, artifact):
    """Moves the input to the finding's folder."""
    if artifact is None or not (ROOT / artifact).is_file():
        return
    kept = finding.folder / pathlib.Path(artifact).name
    (ROOT / finding.folder).mkdir(parents=True, exist_ok=True)
    (ROOT / artifact).rename(ROOT / kept)
    if str(kept) not in finding.inputs:
        finding.inputs.append(str(kept))
    if len(finding.inputs) > INPUTS_KEPT_MAX:
        longest = max(finding.inputs, key=lambda path: (ROOT / path).stat().st_size)
        finding.inputs.remove(longest)
        (ROOT / longest).unlink()


def as_text(finding):
    """The smallest input as `tocsin replay` shows it; nothing if it cannot."""
    program = ROOT / 'build-fuzz/harnesses/tool/tocsin'
    if not program.is_file():
        return ''
    try:
        done = subprocess.run([program, 'replay', finding.target, finding.smallest()], cwd=ROOT, timeout=REPLAY_TIMEOUT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return ''
    return done.stdout.decode(errors='replace')


def report(found):
    """Prints each finding and writes it to its folder, with the trace of its smallest input."""
    if any(finding.inputs for finding in found):
        build('fuzz', ['harnesses/tool/tocsin'])
    for number, finding in enumerate(found, 1):
        path, text = finding.smallest(), ''
        head = [f'finding {number} of {len(found)}: {finding.target}, seen {finding.count} time{"" if finding.count == 1 else "s"}',
                f'  {finding.what}', f'  signature: {finding.signature}']
        if path:
            head += [f'  input:  {path} ({(ROOT / path).stat().st_size} bytes)', f'  replay: {finding.replay} {path}',
                     f'  read:   ./build-fuzz/harnesses/tool/tocsin replay {finding.target} {path}',
                     f'  keep:   ./ci/keep {path} NAME']
            text = as_text(finding)
            (ROOT / finding.folder / 'finding.txt').write_text('\n'.join(head) + '\n\n' + text)
        else:
            head += ['  input:  none was kept', f'  replay: {finding.replay}']
        print('\n' + '\n'.join(head))
        lines = text.splitlines()
        if len(lines) > TEXT_LINES_MAX:
            lines = lines[:TEXT_LINES_MAX] + [f'... {len(lines) - TEXT_LINES_MAX} lines more in {finding.folder}/finding.txt']
        print(''.join(f'    | {line}\n' for line in lines), end='')
