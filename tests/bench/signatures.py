"""How long a verdict on the signatures of a PDF takes, as the worker asks for it: in the sandbox, pictures included."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from archive import trust
from archive.verdicts import Verdict
from indexer import signing

SIGNED = Path(__file__).parents[3] / "shared" / "data" / "signed"
ROUNDS = 3


def run() -> list[tuple[str, float, float]]:
    """Rows of name, figure, target; none where the measurement files are absent."""
    if not SIGNED.is_dir():
        return []
    roots = trust.load(SIGNED / "roots")
    files = sorted(SIGNED.glob("*.pdf"))
    signing.check(files[0], roots)  # loads the libraries
    taken = {path: min(_milliseconds(path, roots) for _ in range(ROUNDS)) for path in files}
    return [
        ("verification, median ms a PDF", round(statistics.median(taken.values()), 1), 40.0),
        ("verification, slowest ms a PDF", round(max(taken.values()), 1), 1000.0),
    ]


def _milliseconds(path: Path, roots: trust.Trust) -> float:
    start = time.perf_counter()
    report = signing.check(path, roots)
    assert report.verdict in set(Verdict)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    for row in run():
        print(*row, sep="\t")
