"""The clauses of the RFCs: which code obeys each, which test shows it, or why there is none. Pages of it for ci/generate.

core/clauses/rfcNNNN.tsv holds the clauses. A comment names one where the code obeys it or a test (*_test.cc) shows it: its section,
and as much of its sentence as tells it from the others there.

    //= RFC 9846 4.2.2 //# A server which receives a legacy_version value not equal to 0x0303 MUST abort

core/clauses/exceptions.txt names those that no code obeys in the same form, behind a line //= reason=... that holds until the
next one. Behind //= but=... stand those that code obeys except in the case it tells. The marks are those of duvet (https://github.com/awslabs/duvet).

A statement that alone gives a Reason is shown, too, by what corpus/reasons.tsv says reaches that Reason; ci/reasons tries it."""
import dataclasses
import pathlib
import re

FOLDER = 'core/clauses'
EXCEPTIONS = f'{FOLDER}/exceptions.txt'
RULES = 'harnesses/differential/rules'
SECTION = re.compile(r'RFC (\d+) ([A-Z0-9][0-9.]*)')
RFCS = {'9846': 'The Transport Layer Security (TLS) Protocol Version 1.3',
        '5246': 'The Transport Layer Security (TLS) Protocol Version 1.2, section 7.2: alerts',
        '6347': 'Datagram Transport Layer Security Version 1.2, sections 4.1 and 4.2'}
CITATION = '''# The normative sentences of RFC {rfc}, quoted as citations, white space folded, references as they are rendered.
# Copyright (c) IETF Trust and the persons identified as the document authors (BCP 78). Made by: ci/clauses --import {rfc} FILE
'''
HEAD = 'id\ttitle\tlevel\tsentence'


@dataclasses.dataclass
class Clause:
    id: str
    section: str
    title: str
    level: str
    sentence: str
    code: list = dataclasses.field(default_factory=list)
    tests: list = dataclasses.field(default_factory=list)
    reason: str = ''
    but: str = ''  # where the code does not obey it


@dataclasses.dataclass
class Quotation:
    place: str  # file:line, for complaints
    rfc: str
    section: str
    excerpt: str
    shown: str  # for the page
    kind: str  # code, test, reason or but
    reason: str = ''
    gives: str = ''  # the Reason in the statement behind it


def read_clauses(text):
    rows = [line.split('\t') for line in text.splitlines() if line and not line.startswith('#')]
    return [Clause(row[0], row[0].rpartition('-')[0], *row[1:]) for row in rows[1:]]


def write_clauses(rfc, found):
    """The text of rfcNNNN.tsv. found: [(section, title, level, sentence)]."""
    counts, lines = {}, [CITATION.format(rfc=rfc) + HEAD]
    for section, title, level, sentence in found:
        counts[section] = counts.get(section, 0) + 1
        lines.append('\t'.join([f'{section}-{counts[section]}', title, level, sentence]))
    return '\n'.join(lines) + '\n'


QUOTED = re.compile(r'RFC (\d+) (\w[\w.]*) //# (.+)')
DECLARED = re.compile(r'(?:struct|class|enum(?: class)?|#define) (\w+)|([\w:~]+)\(|(\w+)(?:\[\])? *[={;]')
HANDLER = re.compile(r'\bon\((\w+)[^,]*, const (?:\w+::)*(\w+)&')
TEST = re.compile(r'TEST(?:_[FP])?\((\w+),\s*(\w+)\)')


def name_around(lines, at):
    """What the comment in line `at` stands in, or else before: a test, a function, a type."""
    inside = range(at, -1, -1) if lines[at].startswith(' ') else range(at, len(lines))
    for line in (lines[i] for i in inside):
        if not line or line[0] in ' }/)' or line.startswith(('namespace', 'template', '#include', 'static_assert')):
            continue
        if test := TEST.match(line):
            return f'{test[1]}.{test[2]}'
        if handler := HANDLER.search(line):
            return f'on({handler[1]}, {handler[2]})'
        if declared := DECLARED.search(line):
            return next(name for name in declared.groups() if name).lstrip(':')  # of a template: Name<...>::function
    return ''


def reason_given(lines, at):
    """The Reason in the statement that follows the comment in line `at`."""
    for line in lines[at + 1:]:
        if found := re.search(r'Reason::(\w+)', line):
            return found[1]
        if not re.match(r'\s*//', line) and re.search(r'[;{}]$', line):
            break
    return ''


def read_quotations(path, text):
    """([Quotation], [problem]) of a source file or of the exceptions."""
    kind = 'reason' if path == EXCEPTIONS else 'test' if path.endswith('_test.cc') else 'code'
    lines, out, problems, reason = text.splitlines(), [], [], ''
    for at, line in enumerate(lines):
        place = f'{path}:{at + 1}'
        if not (mark := re.match(r'\s*//[=#]\s*(.*)', line)):
            continue
        if path == EXCEPTIONS and (found := re.fullmatch(r'(reason|but)=(.+)', mark[1])):
            kind, reason = found.groups()
        elif not (quoted := QUOTED.fullmatch(mark[1])):
            problems.append(f'{place}: not of the form //= RFC NUMBER SECTION //# TEXT: {mark[1]}')
        elif path == EXCEPTIONS and not reason:
            problems.append(f'{place}: an exception without a reason')
        else:
            around = name_around(lines, at) if path != EXCEPTIONS else ''
            shown = f'`{path}` {around}'.strip() if kind == 'code' else f'`{around or path}`'
            gives = reason_given(lines, at) if kind == 'code' else ''
            out.append(Quotation(place, quoted[1], quoted[2], ' '.join(quoted[3].split()), shown, kind, reason, gives))
    return out, problems


def assign(clauses, quotations, reached=None):
    """Gives each clause what obeys, shows or excuses it. clauses: {RFC: [Clause]}; reached: {Reason: what shows it}. Returns
    {RFC: [problem]}."""
    problems = {rfc: [] for rfc in clauses}
    first = next(iter(clauses))
    for quotation in quotations:
        complain = problems[quotation.rfc if quotation.rfc in clauses else first].append
        in_section = [clause for clause in clauses.get(quotation.rfc, []) if clause.section == quotation.section]
        if not in_section:
            complain(f'{quotation.place}: no clause in RFC {quotation.rfc} {quotation.section}')
            continue
        meant = [clause for clause in in_section if quotation.excerpt in clause.sentence]
        if len(meant) != 1:
            complain(f'{quotation.place}: stands in {len(meant)} clauses of {quotation.section}: {quotation.excerpt}')
            continue
        if quotation.kind in ('reason', 'but'):
            setattr(meant[0], quotation.kind, quotation.reason)
        else:
            shown = meant[0].code if quotation.kind == 'code' else meant[0].tests
            if quotation.shown not in shown:
                shown.append(quotation.shown)
            if shows := (reached or {}).get(quotation.gives):
                meant[0].tests.append(f'`{shows}`')
    for rfc, of_rfc in clauses.items():
        for clause in of_rfc:
            if not clause.code and not clause.reason:
                problems[rfc].append(f'{rfc} {clause.id}: neither obeyed nor excused: {clause.sentence}')
            if clause.code and clause.reason:
                problems[rfc].append(f'{rfc} {clause.id}: excused, though {clause.code[0]} obeys it')
            if clause.but and not clause.code:
                problems[rfc].append(f'{rfc} {clause.id}: excused in part, though no code obeys the rest')
            if clause.tests and not clause.code:
                problems[rfc].append(f'{rfc} {clause.id}: {clause.tests[0]} shows what no code obeys')
    return problems


def untested(of_rfc):
    return [clause for clause in of_rfc if clause.code and not clause.tests]


def summary(of_rfc):
    obeyed = [clause for clause in of_rfc if clause.code]
    shown = sum(bool(clause.tests) for clause in obeyed)
    in_part = sum(bool(clause.but) for clause in obeyed)
    return (f'{len(of_rfc)} clauses: {len(obeyed)} obeyed ({in_part} in part), {shown} of them shown by a test; '
            f'{sum(bool(clause.reason) for clause in of_rfc)} excused')


def by_section(rules):
    """{RFC: {section: [rule]}}. rules: [(rule, the clause that it rests on, such as "RFC 6066 4, RFC 8449 5")]."""
    found = {}
    for rule, clause in rules:
        for rfc, section in SECTION.findall(clause):
            found.setdefault(rfc, {}).setdefault(section, []).append(rule)
    return found


def linked(clause, titles, to_core):
    """The clause with links to the pages of RFCs that have those sections. titles: {(RFC, section): title}; to_core: the way there."""
    def link(found):
        if found.groups() not in titles:
            return found[0]
        anchor = re.sub(r'[^\w -]', '', f'{found[2]} {titles[found.groups()]}').lower().replace(' ', '-')
        return f'[{found[0]}]({to_core}/RFC{found[1]}.md#{anchor})'
    return SECTION.sub(link, clause)


def titles_of(root):
    """Of all sections that have clauses here."""
    return {(rfc, clause.section): clause.title for rfc in RFCS
            for clause in read_clauses((pathlib.Path(root) / FOLDER / f'rfc{rfc}.tsv').read_text())}


def render(rfc, of_rfc, rules=None):
    """The page of one RFC. rules: {section: [rule]}."""
    lines = [f'<!-- Generated from {FOLDER} and the comments beside the code by ci/generate; do not edit. -->', f'# RFC {rfc}', '',
             f'{RFCS[rfc]}. {summary(of_rfc)}.', '',
             'Each clause is quoted with the code that obeys it and the tests that show it, or with the reason why no code does. A section',
             f'begins with the rules that rest on it: [RULES.md](../{RULES}/RULES.md) tells which seeds break each, and what the stacks',
             'under test do then. The sentences are citations: copyright IETF Trust and the persons identified as the document authors (BCP 78).']
    section = None
    for clause in of_rfc:
        if clause.section != section:
            section = clause.section
            of_section = (rules or {}).get(section, [])
            lines += ['', f'## {section} {clause.title}', '']
            if of_section:
                lines += ['Rules: ' + ', '.join(f'`{rule}`' for rule in of_section) + '.', '']
            lines += ['| | Clause | Obeyed by | Shown by |', '| --- | --- | --- | --- |']
        code = clause.code + ([f'*But: {clause.but}*'] if clause.but else [])
        cells = [clause.id.rpartition('-')[2], clause.sentence, '<br>'.join(code) or f'*{clause.reason or "nothing"}*',
                 '<br>'.join(clause.tests)]
        lines.append('| ' + ' | '.join(cell.replace('|', '\\|') for cell in cells) + ' |')
    return '\n'.join(lines) + '\n'


def reached_alone(root, sources):
    """{Reason: what reaches it} of those that one statement alone gives. sources: {path: text}."""
    given = [name for path, text in sources.items() if path.startswith('core/') and not path.endswith('_test.cc')
             for name in re.findall(r'\bReason::(\w+)', text)]
    rows = [line.split('\t') for line in (root / 'corpus/reasons.tsv').read_text().splitlines()[1:]]
    return {reason: shows.split()[0] for reason, shows in rows if given.count(reason) == 1}


def load(root):
    """({RFC: [Clause]}, {RFC: [problem]}) of the tree."""
    root = pathlib.Path(root)
    clauses = {rfc: read_clauses((root / FOLDER / f'rfc{rfc}.tsv').read_text()) for rfc in RFCS}
    paths = [path for top in ('core', 'harnesses') for path in sorted((root / top).rglob('*')) if path.suffix in ('.h', '.cc')]
    texts = {str(path.relative_to(root)): path.read_text() for path in [root / EXCEPTIONS, *paths]}
    quotations, unread = [], []
    for path, text in texts.items():
        found, wrong = read_quotations(path, text)
        quotations += found
        unread += wrong
    problems = assign(clauses, quotations, reached_alone(root, texts))
    problems[next(iter(clauses))] += unread
    return clauses, problems


def pages(root, rules):
    """{path: (text, [problem])} for ci/generate. rules: as by_section takes them."""
    clauses, problems = load(root)
    rules = by_section(rules)
    return {f'core/RFC{rfc}.md': (render(rfc, of_rfc, rules.get(rfc)), problems[rfc]) for rfc, of_rfc in clauses.items()}
