"""Sample papers as plain text, the columns of the letterhead side by side as a copy from Word gives them."""

from __future__ import annotations

from itertools import zip_longest

from tests.samples.source import Block, Paper


def build(paper: Paper) -> bytes:
    """UTF-8 with Windows line ends, as Notepad saves it."""
    return ("\r\n".join(line for block in paper.blocks for line in _lines(block)) + "\r\n").encode()


def _lines(block: Block) -> list[str]:
    left, right = [line.text for line in block.left], [line.text for line in block.right]
    if block.kind == "table":
        return ["\t".join(row) for row in block.rows]
    if block.kind == "letterhead":
        return [f"{one}\t{two}".rstrip() for one, two in zip_longest(left, right, fillvalue="")] + [""]
    return [*left, *right, ""]
