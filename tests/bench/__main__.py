"""`make bench`: every module of this folder that has `run`, or those named on the command line."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time

import tests.bench


def main(wanted: list[str]) -> None:
    """Print one table a module; a module measures what it can and says what it left out."""
    names = [module.name for module in pkgutil.iter_modules(tests.bench.__path__)]
    for name in wanted or [name for name in sorted(names) if not name.startswith("_")]:
        module = importlib.import_module(f"tests.bench.{name}")
        if not hasattr(module, "run"):
            continue
        start = time.perf_counter()
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        for what, figure, target in module.run():
            print(f"  {what:58} {figure!s:>24}   {target}", flush=True)
        print(f"  ({time.perf_counter() - start:.0f} s)", flush=True)


main(sys.argv[1:])
