"""Doxygen's view of a public header, on standard output.   usage: expand.py HEADER
The table of Reasons is a macro, which Doxygen cannot document: its rows become the documented enumerators that they expand to."""
import pathlib
import re
import sys

ROW = re.compile(r'X\((\w+),\s*(\w+),\s*"([^"]*)",\s*"([^"]*)"\)')


def expanded(text):
    rows = ''.join(f'  {name},  ///< {sentence} {clause}; sends {alert}.\n' for name, alert, clause, sentence in ROW.findall(text))
    text = re.sub(r'#define TOCSIN_REASONS\(X\)(?:.*\\\n)+.*\n', '', text)
    text = re.sub(r'#define X\(.*\) name,\n\s*TOCSIN_REASONS\(X\)\n#undef X\n', lambda _: rows, text)
    return re.sub(r'#define X\((?:.*\n)*?#undef X\n', '', text)


text = pathlib.Path(sys.argv[1]).read_text()
sys.stdout.write(expanded(text) if pathlib.Path(sys.argv[1]).name == 'reason.h' else text)
