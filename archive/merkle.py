"""The hash tree of RFC 9162, section 2.1, over sha256: roots, and proofs that a leaf is under a root."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree while leaves are added to it one by one; remembers no more than one hash for each level."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self.full: list[bytes] = []
        """Roots of the full subtrees, the largest first, as the bits of `size` say."""
        for one in leaves:
            self.add(one)

    @classmethod
    def resumed(cls, size: int, full: Iterable[bytes]) -> Tree:
        """A tree that goes on where another of this size, with these full subtrees, stopped."""
        tree = cls()
        tree.size, tree.full = size, list(full)
        return tree

    def add(self, leaf_hash: bytes) -> None:
        """Add the next leaf."""
        held, size = leaf_hash, self.size
        while size & 1:
            held = node(self.full.pop(), held)
            size >>= 1
        self.full.append(held)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.full:
            return hashlib.sha256().digest()
        held = self.full[-1]
        for left in reversed(self.full[:-1]):
            held = node(left, held)
        return held


def inclusion(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The proof that the leaf at `index` (from 0) is in the tree of all `leaves`: nearest hash first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    proof: list[bytes] = []
    start, stop = 0, len(leaves)
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            proof.append(Tree(leaves[middle:stop]).root())
            stop = middle
        else:
            proof.append(Tree(leaves[start:middle]).root())
            start = middle
    return tuple(reversed(proof))


def sides(index: int, size: int) -> tuple[bool, ...]:
    """For each hash of an inclusion proof, whether it stands to the left."""
    found: list[bool] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        found.append(index >= middle)
        start, stop = (start, middle) if index < middle else (middle, stop)
    return tuple(reversed(found))


def includes(root: bytes, size: int, index: int, leaf_hash: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the leaf is at `index` in the tree of this root and size."""
    if not 0 <= index < size:
        return False
    places = sides(index, size)
    if len(places) != len(proof):
        return False
    held = leaf_hash
    for other, left in zip(proof, places, strict=True):
        held = node(other, held) if left else node(held, other)
    return held == root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)
