"""ci/minimize: makes an input smaller that shows a finding, by leaving out what inputs are made of: options, steps of a script, records,
extensions, and then bytes. What is left shows the same finding and still has its form."""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time
import typing

import findings
import targets

SCRIPTS = ('client_script', 'server_script')
DATAGRAM_SCRIPTS = ('dtls_client_script', 'dtls_server_script')
STREAMS = ('server_first_flight', 'client_first_flight', 'meta_client_hello', 'meta_server_flight', 'acceptor_equivalence',
           'stream')  # whose bodies are records of TLS
INPUT_TIMEOUT_S = 20
EACH_MAX_S, ALL_MAX_S = 20, 180  # of the findings of ci/fuzz
OPTION_COUNT_MASK = 31
HANDSHAKE, CLIENT_HELLO, SERVER_HELLO = 22, 1, 2


class Probe:
    """Runs inputs until its time is over: whether one shows the finding that has this signature."""

    def __init__(self, command, signature, seconds):
        self.command, self.signature, self.deadline = command, signature, time.monotonic() + seconds
        self.folder = tempfile.TemporaryDirectory(prefix='minimize-')

    def is_over(self):
        return time.monotonic() >= self.deadline

    def __call__(self, content):
        if self.is_over():
            return False
        path = pathlib.Path(self.folder.name) / 'input'
        path.write_bytes(content)
        return said_by(self.command, path) == self.signature


def said_by(command, path):
    """The signature of what the target says of the input; nothing if it is content, or does not come to an end."""
    try:
        done = subprocess.run([*command, str(path)], cwd=targets.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=INPUT_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return None
    return findings.signature_of(done.stdout.decode(errors='replace').splitlines()) if done.returncode else None


def options_and_body(content):
    """The pairs of tag and value in front, and what stands behind them."""
    end = min(len(content), 1 + 2 * (content[0] & OPTION_COUNT_MASK)) if content else 0
    return [content[at:at + 2] for at in range(1, end, 2)], content[end:]


def joined(options, body):
    return bytes([len(options)]) + b''.join(options) + body


class StepForm(typing.NamedTuple):
    """How a script lays out its steps: some bytes, a byte more in fragments, a body (bit 7 of the flags), and edits, three bytes each."""
    head_bytes: int
    flags_at: int
    edits_shift: int  # in byte 1, of two bits: how many edits
    fragments: int    # bits of the flags that say that there is a byte more; 0: there never is
    special: tuple    # (byte, bits): what is plainer without

    def edits(self, step):
        return step[1] >> self.edits_shift & 3


OF_STREAMS = StepForm(3, 1, 4, 0, ((1, 0x03), (1, 0x04), (1, 0x08), (1, 0x40)))  # harnesses/script/script.h
OF_DATAGRAMS = StepForm(4, 3, 6, 0x1c, ((1, 0x07), (1, 0x38), (3, 0x03), (3, 0x20), (3, 0x40)))  # harnesses/script/dtls12/script.h


def steps_of(body, form=OF_STREAMS):
    steps, at = [], 0
    while at + form.head_bytes <= len(body):
        flags = body[at + form.flags_at]
        end = at + form.head_bytes + (1 if flags & form.fragments else 0)
        if flags & 0x80 and end < len(body):
            end += 1 + body[end]
        end = min(len(body), end + 3 * form.edits(body[at:]))
        steps.append(body[at:end])
        at = end
    return steps + ([body[at:]] if at < len(body) else [])


def plainer(step, shows, form=OF_STREAMS):
    """The step with as little of the special as still shows it: under the keys that are due, in a record or datagram of its own, once,
    whole, without its edits."""
    def with_byte(at, value):
        return step[:at] + bytes([value & 0xff]) + step[at + 1:]
    if len(step) < form.head_bytes:
        return step
    for at, bits in form.special:
        if step[at] & bits and shows(other := with_byte(at, step[at] & ~bits)):
            step = other
    if step[form.flags_at] & form.fragments and len(step) > form.head_bytes:
        other = with_byte(form.flags_at, step[form.flags_at] & ~form.fragments)
        other = other[:form.head_bytes] + other[form.head_bytes + 1:]
        step = other if shows(other) else step
    edits_bytes = 3 * form.edits(step)
    if 0 < edits_bytes <= len(step) - form.head_bytes:
        other = with_byte(1, step[1] & ~(3 << form.edits_shift))[:len(step) - edits_bytes]
        step = other if shows(other) else step
    return step


def records_of(body):
    records, at = [], 0
    while at + 5 <= len(body):
        end = min(len(body), at + 5 + int.from_bytes(body[at + 3:at + 5], 'big'))
        records.append(body[at:end])
        at = end
    return records + ([body[at:]] if at < len(body) else [])


def hello_of(record):
    """(what stands before the extensions, the extensions) of a record that holds a ClientHello or a ServerHello and nothing else."""
    is_alone = (len(record) > 9 and record[0] == HANDSHAKE and record[5] in (CLIENT_HELLO, SERVER_HELLO) and
                int.from_bytes(record[6:9], 'big') == len(record) - 9)
    if not is_alone:
        return None
    at = 9 + 2 + 32
    at += 1 + (record[at] if at < len(record) else 0)
    if record[5] == CLIENT_HELLO:
        at += 2 + int.from_bytes(record[at:at + 2], 'big')
        at += 1 + (record[at] if at < len(record) else 0)
    else:
        at += 3
    if at + 2 > len(record) or at + 2 + int.from_bytes(record[at:at + 2], 'big') != len(record):
        return None
    extensions, head = [], record[:at]
    at += 2
    while at + 4 <= len(record):
        end = min(len(record), at + 4 + int.from_bytes(record[at + 2:at + 4], 'big'))
        extensions.append(record[at:end])
        at = end
    return None if at < len(record) else (head, extensions)


def record_of(head, extensions):
    """The reverse, with lengths that fit."""
    block = b''.join(extensions)
    message = head[9:] + len(block).to_bytes(2, 'big') + block
    return head[:3] + (len(message) + 4).to_bytes(2, 'big') + head[5:6] + len(message).to_bytes(3, 'big') + message


def reduced(pieces, shows):
    """As few of the pieces as still show it: first without halves, then without ever smaller runs of them."""
    size = max(1, len(pieces) // 2)
    while pieces:
        at = 0
        while at < len(pieces):
            fewer = pieces[:at] + pieces[at + size:]
            if shows(fewer):
                pieces = fewer
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return pieces


def fewer_bytes(content, shows):
    return b''.join(reduced([content[at:at + 1] for at in range(len(content))], lambda fewer: shows(b''.join(fewer))))


FORMS = {**dict.fromkeys(SCRIPTS, OF_STREAMS), **dict.fromkeys(DATAGRAM_SCRIPTS, OF_DATAGRAMS)}


def once_through(target, content, shows):
    options, body = options_and_body(content)
    if joined(options, body) != content and not shows(joined(options, body)):
        return fewer_bytes(content, shows)  # of another form
    options = reduced(options, lambda fewer: shows(joined(fewer, body)))
    form = FORMS.get(target.removesuffix('_openssl'))
    if form or target in STREAMS:
        pieces = reduced(steps_of(body, form) if form else records_of(body), lambda fewer: shows(joined(options, b''.join(fewer))))
        for at, piece in enumerate(pieces):
            def shows_with(other):
                return shows(joined(options, b''.join(pieces[:at] + [other] + pieces[at + 1:])))
            if form:
                pieces[at] = plainer(piece, shows_with, form)
            elif hello := hello_of(piece):
                head, extensions = hello
                pieces[at] = record_of(head, reduced(extensions, lambda fewer: shows_with(record_of(head, fewer))))
        body = b''.join(pieces)
    return joined(options, fewer_bytes(body, lambda fewer: shows(joined(options, fewer))))


def minimized(target, content, shows, is_over=lambda: False):
    """The smallest that was found before the time was over."""
    while not is_over():
        smaller = once_through(target, content, shows)
        if len(smaller) >= len(content):
            break
        content = smaller
    return content


def minimize(target, command, path, signature, seconds):
    """Writes what is left beside the input, as smaller-NAME, and gives its path relative to the root; or the input's, if nothing could
    be left out."""
    before = (targets.ROOT / path).read_bytes()
    probe = Probe(command, signature, seconds)
    after = minimized(target, before, probe, probe.is_over)
    if len(after) >= len(before):
        return path
    smaller = path.with_name('smaller-' + path.name.removeprefix('smaller-'))
    (targets.ROOT / smaller).write_bytes(after)
    return smaller


def minimize_all(found):
    """Adds a smaller input to each Finding that has one, within a time for all of them together. Not of those that take too long or
    too much memory: to see that takes too long as well."""
    told = [finding for finding in found if finding.inputs and not pathlib.Path(finding.smallest()).name.startswith(('timeout-', 'oom-'))]
    for finding in told:
        smaller = minimize(finding.target, finding.replay.split(), pathlib.Path(finding.smallest()), finding.signature,
                           min(EACH_MAX_S, ALL_MAX_S / len(told)))
        if str(smaller) not in finding.inputs:
            finding.inputs.append(str(smaller))


def main(arguments):
    parser = argparse.ArgumentParser(prog='ci/minimize', description='Makes the input of a finding smaller: what is left shows the same '
                                                                     'finding and still has its form.')
    parser.add_argument('finding', metavar='FINDING', type=pathlib.Path, help='a file under findings/, as ci/fuzz prints it')
    parser.add_argument('--seconds', type=int, default=120, metavar='N', help='at most (default: 120)')
    options = parser.parse_args(arguments)
    try:
        path = options.finding.resolve().relative_to(targets.ROOT)
        target = path.relative_to('findings').parts[0]
    except ValueError:
        parser.error(f'{options.finding} is not under {targets.ROOT / "findings"}; ci/fuzz prints the names of its inputs')
    if target not in targets.all_targets():
        parser.error(f'there is no target {target}')
    if not (targets.ROOT / path).is_file():
        parser.error(f'{options.finding}: no such file')
    if options.seconds < 1:
        parser.error('--seconds must be at least 1')
    if not targets.build('fuzz', [targets.program(target)]):
        return 1
    command = [f'./build-fuzz/{targets.program(target)}']
    signature = said_by(command, path)
    if signature is None:
        print(f'{path} shows nothing: {target} takes it without a finding, or does not end within {INPUT_TIMEOUT_S} s')
        return 1
    smaller = minimize(target, command, path, signature, options.seconds)
    print(f'{smaller}: {(targets.ROOT / smaller).stat().st_size} bytes of {(targets.ROOT / path).stat().st_size}, the same finding: {signature}')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
