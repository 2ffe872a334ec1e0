"""The normative sentences of an RFC: reads the text that the RFC Editor publishes (.txt) or the markdown it was made from (.md)."""
import re

# What makes a sentence normative. RFC 5246 says much about alerts without capitals; RFC 6347 says what to discard by SHOULD.
CAPITALS = r'\b(MUST NOT|MUST|SHALL NOT|SHALL|REQUIRED)\b'
NORMATIVE = {
    '9846': CAPITALS,
    '5246': CAPITALS + r'|\b(must|required to|always fatal|always a warning|fatal error|is ignored|immediate termination'
                       r'|immediately close)\b',
    '6347': CAPITALS + r'|\b(discard|must be|may not span|impermissible|should not exceed|are rejected|only if the MAC)',
}
LEVELS = r'\b(?:MUST NOT|MUST|SHALL NOT|SHALL|REQUIRED|SHOULD NOT|SHOULD|MAY)\b'
# The part that concerns us, and where it ends.
SECTIONS = {'9846': r'', '5246': r'7\.2(\.|$)', '6347': r'4\.[12](\.|$)'}
MARKER = r'(?:[-*o]|\d+\.|:)\s+'


def sentences(block):
    """The block cut at full stops; not at those of abbreviations."""
    return re.sub(r'(?<!e\.g\.)(?<!i\.e\.)(?<!I\.e\.)(?<!etc\.)(?<=[.!?])(["”)]*)\s+(?=["(\[{]?[A-Z0-9*])', r'\1\n', block).splitlines()


class Blocks:
    """Gathers lines to paragraphs, list items and definitions."""

    def __init__(self):
        self.section, self.blocks, self.lines = ('', ''), [], []

    def end(self):
        if self.lines:
            self.blocks.append((self.section, ' '.join(self.lines)))
        self.lines = []

    def start_section(self, number, title):
        self.end()
        self.section = (number, title)

    def add(self, line):
        if re.match(r'\s*' + MARKER, line):
            self.end()
        self.lines.append(re.sub(r'^\s*' + MARKER, '', line).strip())


def text_blocks(text):
    """((section, title), block) of a plain text RFC: without page breaks, table of contents and figures."""
    def join(page_break):
        before, after = page_break.groups()
        return before + ('\n' if before not in '.:' and after[-1].islower() else '\n\n') + after

    # What a page break cuts goes on within a sentence, in lower case.
    text = re.sub(r'(\S)\n+[^\n]*\[Page \d+\]\n+\f?\n*RFC \d+ [^\n]*\n+( +\S)', join, text)
    out, indent = Blocks(), None
    for line in text.splitlines():
        if heading := re.match(r'(\d[\d.]*?)\.? +(\S.*)', line):
            out.start_section(*heading.groups())
        elif not line.strip():
            out.end()
        else:
            now = len(re.match(r' *(?:[-o] +)?', line)[0])
            if indent is not None and now != indent and out.lines:
                out.end()
            indent = now
            out.add(line)
    out.end()
    return out.blocks


def markdown_headings(lines):
    """{line number: (section number, title)}, {anchor: reference}."""
    counts, numbers, anchors, back = [], {}, {}, False
    for at, line in enumerate(lines):
        if line == '--- back':
            back, counts = True, []
        if not (heading := re.match(r'(#+)\s*(.*?)\s*(?:\{#(\S+)\})?$', line)):
            continue
        depth = len(heading[1])
        counts = (counts + [0] * depth)[:depth]
        counts[-1] += 1
        parts = [chr(ord('A') + counts[0] - 1) if back else str(counts[0])] + [str(count) for count in counts[1:]]
        numbers[at] = ('.'.join(parts), heading[2])
        anchor = heading[3] or re.sub(r'[^a-z0-9]+', '-', heading[2].lower()).strip('-')
        # Of two titles alike the first has the anchor.
        anchors.setdefault(anchor, ('Appendix ' if back else 'Section ') + numbers[at][0])
    return numbers, anchors


def markdown_blocks(text):
    """((section, title), block) of a kramdown-rfc document, with references as they are rendered."""
    text = re.sub(r'<!--.*?-->', '', text[text.index('\n--- middle\n'):], flags=re.DOTALL)
    lines = text.splitlines()
    numbers, anchors = markdown_headings(lines)

    def reference(found):
        name = found[1].lstrip('!?')
        if name in anchors:
            return anchors[name]
        if of := re.match(r'Section (\S+) of [!?]?(\w+)$', name.replace('\n', ' ')) or re.match(r'Section (\S+) of (.*)', name):
            return f'Section {of[1]} of [{of[2]}]'
        if of := re.match(r'(\w+), Section (\S+)$', name):
            return f'Section {of[2]} of [{of[1]}]'
        return f'[{name.partition("=")[0]}]'

    out, figure = Blocks(), False
    for at, line in enumerate(lines):
        if line.startswith('~~~'):
            figure = not figure
        if at in numbers:
            out.start_section(*numbers[at])
        elif figure or not line.strip() or re.match(r'~~~|\{:|\||--- ', line):
            out.end()
        else:
            out.add(line)
    out.end()
    for section, block in out.blocks:
        block = re.sub(r'\{\{(.*?)\}\}', reference, block)
        yield section, re.sub(r'\\([<>\[\]*])', r'\1', re.sub(r'<sup>(.*?)</sup>', r'^\1', block))


def clauses(rfc, name, text):
    """[(section, title, level, sentence)] in the RFC's order; a sentence that a section repeats stands once."""
    found = {}
    for (section, title), block in (markdown_blocks if name.endswith('.md') else text_blocks)(text):
        if not re.match(SECTIONS[rfc], section):
            continue
        for sentence in sentences(' '.join(block.split())):
            if re.search(NORMATIVE[rfc], sentence):
                levels = dict.fromkeys(re.findall(LEVELS, sentence)) or ['states']
                found.setdefault((section, title, sentence), ', '.join(levels))
    return [(section, title, level, sentence) for (section, title, sentence), level in found.items()]
