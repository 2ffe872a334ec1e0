"""What the programs here share: their names have no suffix, so that Python does not import them by itself."""
import importlib.machinery
import importlib.util
import pathlib

MAKE = pathlib.Path(__file__).resolve().parent


def module(name):
    """The program of that name beside this file, as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace('-', '_'), str(MAKE / name))
    loaded = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(loaded)
    return loaded
