"""What the scripts in ci/ know about the tree: its folders, and the fuzz targets with their corpora."""
import configparser
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def all_targets():
    """Every fuzz target, as listed in fuzz/targets/meson.build."""
    return re.findall(r"^\s*'(\w+)',", (ROOT / 'fuzz/targets/meson.build').read_text(), re.MULTILINE)


def corpora(target):
    """The folders with committed inputs of a target, relative to the root."""
    shared = dict(re.findall(r"^\s*'(\w+)': '(\w+)',", (ROOT / 'fuzz/targets/meson.build').read_text(), re.MULTILINE))
    folders = [f'corpus/{target}', f'corpus/regressions/{target}'] + ([f'corpus/{shared[target]}'] if target in shared else [])
    return [folder for folder in folders if (ROOT / folder).is_dir()]


def dictionary(target):
    """The target's own dictionary or the common one, relative to the root; None if there is neither."""
    for name in (target, 'tls'):
        path = f'corpus/dictionaries/{name}.dict'
        if (ROOT / path).is_file():
            return path
    return None


def program(target):
    """Below a build's folder."""
    return f'fuzz/fuzz_{target}'


def options(target):
    """The target's own options for libFuzzer, as ClusterFuzz reads them: fuzz/targets/<target>.options."""
    path = ROOT / f'fuzz/targets/{target}.options'
    if not path.is_file():
        return []
    there = configparser.ConfigParser()
    there.read(path)
    return [f'-{name}={value}' for name, value in there['libfuzzer'].items() if name != 'timeout']


def build(name, programs):
    """Builds these programs in build-<name>; the output is shown if it fails. Whether it succeeded."""
    done = subprocess.run(['ci/build', name] + programs, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(done.stdout)
    return done.returncode == 0
