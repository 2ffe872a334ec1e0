#!/usr/bin/env python3
"""Turns the PEM files given into one C++ source that holds their text: embed.py OUTPUT FILE.pem..."""
import pathlib
import sys

output, *files = map(pathlib.Path, sys.argv[1:])
rows = ""
for file in sorted(files, key=lambda path: path.name):
    lines = "".join(f'\n     "{line}\\n"' for line in file.read_text(encoding="ascii").splitlines())
    rows += f'    {{"{file.name.removesuffix(".pem")}",{lines}}},\n'
output.write_text(f"""// Made by harnesses/testdata/embed.py. Do not edit.
#include "harnesses/testdata/testdata.h"

namespace tocsin::testdata {{
namespace {{
struct File {{
  std::string_view name, text;
}};
constexpr File files[] = {{
{rows}}};
}}  // namespace

std::string_view pem(std::string_view name) {{
  for (const File& file : files)
    if (file.name == name) return file.text;
  return {{}};
}}

}}  // namespace tocsin::testdata
""", encoding="ascii")
