import hashlib

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_inclusion

from archive import merkle


def _leaves(number: int) -> list[bytes]:
    return [merkle.leaf(b"%d" % n) for n in range(number)]


def test_the_roots_of_the_known_trees() -> None:
    """The test vectors of the Certificate Transparency logs (RFC 6962 and 9162 hash alike)."""
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    entries.append("606162636465666768696a6b6c6d6e6f")
    leaves = [merkle.leaf(bytes.fromhex(entry)) for entry in entries]
    assert merkle.Tree().root() == hashlib.sha256().digest()
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        assert merkle.Tree(leaves[:size]).root().hex() == root


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8, 20, 33])
def test_roots_are_those_of_another_implementation(size: int) -> None:
    other = InmemoryTree(algorithm="sha256")
    for n in range(size):
        other.append_entry(b"%d" % n)
    assert merkle.Tree(_leaves(size)).root() == other.get_root()


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_is_shown_to_be_there_and_nothing_else_is(size: int) -> None:
    leaves = _leaves(size)
    root = merkle.Tree(leaves).root()
    for index, one in enumerate(leaves):
        proof = merkle.inclusion(leaves, index)
        assert merkle.includes(root, size, index, one, proof)
        assert not merkle.includes(root, size, index, merkle.leaf(b"x"), proof)
        assert not merkle.includes(root, size, index, one, (*proof, one))
        if size > 1:
            assert not merkle.includes(root, size, (index + 1) % size, one, proof)
            assert not merkle.includes(merkle.leaf(b"x"), size, index, one, proof)


def test_another_implementation_accepts_our_root_for_its_proof() -> None:
    other = InmemoryTree(algorithm="sha256")
    for n in range(11):
        other.append_entry(b"%d" % n)
    leaves = _leaves(11)
    for index in range(11):
        proof = other.prove_inclusion(index + 1, 11)
        verify_inclusion(leaves[index], merkle.Tree(leaves).root(), proof)
        with pytest.raises(InvalidProof):
            verify_inclusion(leaves[index], merkle.Tree(leaves[:10]).root(), proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(_leaves(size), index)
    assert not merkle.includes(b"", size, index, b"", ())
