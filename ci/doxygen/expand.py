"""Doxygen's view of a public header, on standard output.   usage: expand.py HEADER
The tables of reasons are macros, which Doxygen cannot document: their rows become the documented enumerators that they expand to."""
import pathlib
import re
import sys

STRING = r'"([^"]*)"'
REASON = re.compile(rf'X\((\w+),\s*(\w+),\s*{STRING},\s*{STRING}\)')
DISCARD = re.compile(rf'X\((\w+),\s*{STRING},\s*{STRING}\)')


def rows(text):
    for name, alert, clause, sentence in REASON.findall(text):
        yield f'  {name},  ///< {sentence} {clause}; sends {alert}.\n'
    for name, clause, sentence in DISCARD.findall(text):
        yield f'  {name},  ///< {sentence} {clause}.\n'


def expanded(text):
    members = ''.join(rows(text))
    text = re.sub(r'#define TOCSIN_\w*REASONS\(X\)(?:.*\\\n)+.*\n', '', text)
    text = re.sub(r'#define X\(.*\) name,\n\s*TOCSIN_\w*REASONS\(X\)\n#undef X\n', lambda _: members, text)
    text = re.sub(r'#define X\(.*\) \+1\n(.*\n.* = )0 TOCSIN_\w*REASONS\(X\);\n#undef X\n',
                  lambda found: f'{found[1]}{members.count("///<")};\n', text)
    return re.sub(r'#define X\((?:.*\n)*?#undef X\n', '', text)


text = pathlib.Path(sys.argv[1]).read_text()
sys.stdout.write(expanded(text) if pathlib.Path(sys.argv[1]).name in ('reason.h', 'discard.h') else text)
