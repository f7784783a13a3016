"""Makes the sample papers from their sources: `.venv/bin/python -m tests.samples.make [--all]`.

Papers whose way of making is not repeatable byte by byte (Word 97, signatures, scans) are kept while their source has
not changed; `sources.lock` holds the hashes. `--all` makes those anew too.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from tests.samples import docx_paper, office, pdf_paper, scan, signing, source, text_paper

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
SOURCES, PAPERS, LOCK = SAMPLES / "sources", SAMPLES / "papers", SAMPLES / "sources.lock"


def main(arguments: list[str]) -> None:
    """Bring `papers/` up to date with `sources/` and write the lock."""
    held = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else {}
    lock, made = {}, 0
    for path in sorted(SOURCES.glob("*.txt")):
        paper = source.load(path)
        target = PAPERS / paper.name
        current = digest(path.read_bytes())
        known = held.get(paper.name, {})
        kept = target.exists() and known == {"source": current, "paper": digest(target.read_bytes())}
        if not kept or repeatable(paper) or "--all" in arguments:
            data = build(paper)
            made += not target.exists() or target.read_bytes() != data
            target.write_bytes(data)
        lock[paper.name] = {"source": current, "paper": digest(target.read_bytes())}
    for stale in PAPERS.iterdir():
        if stale.name not in lock:
            stale.unlink()
    LOCK.write_text(json.dumps(lock, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(lock)} papers, {made} changed")


def build(paper: source.Paper) -> bytes:
    """The bytes of one paper."""
    suffix = Path(paper.name).suffix
    if suffix == ".txt":
        return text_paper.build(paper)
    if suffix in (".docx", ".doc"):
        docx = docx_paper.build(paper)
        return office.to_doc(docx) if suffix == ".doc" else docx
    pdf = pdf_paper.build(paper)
    if paper.way == "scan":
        return scan.build(pdf)
    return signing.sign(pdf, paper.detail) if paper.way == "signed" else pdf


def repeatable(paper: source.Paper) -> bool:
    """Whether making it twice gives the same bytes on every machine with the same fonts."""
    return not paper.name.endswith(".doc") and paper.way not in ("scan", "signed")


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
