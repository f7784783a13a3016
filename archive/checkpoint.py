"""Checkpoints (mốc sổ): the root of the hash tree over the ledger, kept as objects beside the originals.

Each holds the records since the one before it, so that the ledger can be read from the store alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from archive import journal, ledger, ocfl, rows, timestamps
from archive.database import now, reader, writer
from archive.errors import Damaged
from archive.merkle import Tree, inclusion
from archive.problem import Problem
from archive.schema import document, event, job, metadata, version
from archive.settings import HANOI
from archive.viewer import SYSTEM

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.ports import Store

MOST = 50_000
"""Records in one checkpoint; more make several."""

STATEMENT = "checkpoint.json"
EVENTS = "events.jsonl"
TABLES = "tables.jsonl"
PAPER = "checkpoint.txt"
STAMP = "timestamp.tsr"

KIND = journal.CHECKPOINT
_PREFIX = "urn:vankho:checkpoint:"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One checkpoint, as its statement says."""

    number: int
    """Counts from 1."""
    first: int
    """The first record that it holds itself."""
    size: int
    """Records below its root, which is also the number of the last."""
    root: str
    """Hex."""
    at: dt.datetime
    statement: bytes
    """The bytes that are hashed, stamped and printed."""

    @property
    def sha256(self) -> str:
        """The hash by which the next one names it."""
        return hashlib.sha256(self.statement).hexdigest()


def identifier(number: int) -> str:
    """The OCFL identifier of a checkpoint's object."""
    return f"{_PREFIX}{number}"


def number_at(path: PurePath) -> int | None:
    """The number of the checkpoint whose object lies in a folder of this name; None when it is none.

    >>> number_at(PurePath("3c0/ff4/240/urn%3avankho%3acheckpoint%3a12"))
    12
    """
    prefix = ocfl.object_path(_PREFIX).name
    tail = path.name.removeprefix(prefix)
    return int(tail) if path.name.startswith(prefix) and tail.isdecimal() and tail.isascii() else None


def read(store: Store, number: int) -> Checkpoint | None:
    """One checkpoint, None when there is none or its statement is not one."""
    data = store.attached(identifier(number), STATEMENT)
    return _parse(data) if data else None


def newest(store: Store) -> Checkpoint | None:
    """The last checkpoint; None when there is none yet."""
    found = None
    for found in every(store):  # noqa: B007
        pass
    return found


def every(store: Store) -> Iterator[Checkpoint]:
    """All checkpoints in order, up to the first that is not there."""
    number = 1
    while one := read(store, number):
        yield one
        number += 1


def daily(archive: Archive, *, tsa: str = "", roots: Sequence[bytes] = ()) -> Checkpoint | None:
    """Make the day's checkpoint if there is none yet, and another when people decided something since.

    None when there was nothing to do. One that lacks its stamp is stamped.
    """
    last = newest(archive.store)
    today = last and last.at.astimezone(HANOI).date() >= now().astimezone(HANOI).date()
    if last and today and not _decided(archive, last):
        if tsa:
            stamp(archive, last, tsa, roots)
        return None
    return make(archive, tsa=tsa, roots=roots)


def _decided(archive: Archive, last: Checkpoint) -> bool:
    """Whether there are records since `last` that no object tells of: without the catalogue they would be lost."""
    query = sa.select(event.c.seq).where(event.c.seq > last.size, event.c.kind.not_in(journal.TOLD)).limit(1)
    with reader(archive.engine) as connection:
        return connection.scalar(query) is not None


def make(archive: Archive, *, tsa: str = "", roots: Sequence[bytes] = ()) -> Checkpoint | None:
    """Make a checkpoint over all records; None when there is no new one. Safe to repeat, and beside others.

    With the address of a time-stamping service it is stamped; NoTimestamp when that fails, and then
    the next call asks again.
    """
    last = made = newest(archive.store)
    before = last.size if last else 0
    if last:
        _note(archive, last)
    while statement := _next(archive, last):
        files, message = statement
        number = last.number + 1 if last else 1
        archive.store.create(identifier(number), files, message)
        # Another process may have been quicker; then its checkpoint is the one that counts.
        last = made = read(archive.store, number)
        if made is None:
            where = archive.store.where(ocfl.object_path(identifier(number)))
            raise Damaged(where=where, reason="mốc sổ không đọc được")
        _note(archive, made)
    if made and made.size > before:
        journal.sweep(archive, after=before)
    if made and tsa:
        stamp(archive, made, tsa, roots)
    return made


def stamp(archive: Archive, one: Checkpoint, tsa: str, roots: Sequence[bytes] = ()) -> None:
    """Put a timestamp beside a checkpoint's statement, once. Raises NoTimestamp."""
    if not stamped(archive.store, one):
        answer = timestamps.ask(tsa, one.statement, roots=roots)
        archive.store.attach(identifier(one.number), {STAMP: answer}, _message("Dấu thời gian", now()))


def stamped(store: Store, one: Checkpoint) -> bool:
    """Whether a checkpoint has its timestamp."""
    return store.attached(identifier(one.number), STAMP) is not None


def _next(archive: Archive, last: Checkpoint | None) -> tuple[dict[str, bytes], ocfl.Message] | None:
    """The files of the checkpoint after `last`; None when nothing but it was recorded since."""
    after, at = last.size if last else 0, now()
    with reader(archive.engine) as connection:
        kinds = sa.select(event.c.seq).where(event.c.seq > after, event.c.kind != KIND).limit(1)
        if connection.scalar(kinds) is None:
            return None
        lines = list(ledger.records(connection, after=after, upto=after + MOST))
        tables = _tables(connection)
    tree = _tree(last)
    for line in lines:
        tree.add(ledger.leaf_of(line))
    digest = hashlib.sha256(tables).hexdigest()
    known = last and json.loads(last.statement)["tables"] == digest
    statement = {
        "checkpoint": last.number + 1 if last else 1,
        "previous": last.sha256 if last else None,
        "first": after + 1,
        "size": tree.size,
        "root": tree.root().hex(),
        "subtrees": [one.hex() for one in tree.full],
        "tables": digest,
        "at": at.isoformat(timespec="microseconds"),
    }
    data = (json.dumps(statement, indent=1) + "\n").encode()
    files = {STATEMENT: data, EVENTS: "".join(f"{line}\n" for line in lines).encode()}
    size, root = tree.size, tree.root().hex()
    files[PAPER] = paper(Checkpoint(statement["checkpoint"], after + 1, size, root, at, data)).encode()
    return files if known else files | {TABLES: tables}, _message("Mốc sổ sự kiện", at)


def _tables(connection: Connection) -> bytes:
    """What people decided and is not in the receipts: every table of the archive but those made from them."""
    others = [t for t in metadata.sorted_tables if t not in (event, document, version, job)]
    return "".join(f"{line}\n" for line in rows.dump(connection, others)).encode()


def _tree(last: Checkpoint | None) -> Tree:
    if last is None:
        return Tree()
    return Tree.resumed(last.size, [bytes.fromhex(one) for one in json.loads(last.statement)["subtrees"]])


def _note(archive: Archive, one: Checkpoint) -> None:
    """Record a checkpoint in the ledger, once, so that its loss shows."""
    with writer(archive.engine) as connection:
        ledger.lock(connection)
        subject = f"{KIND}:{one.number}"
        if connection.scalar(sa.select(event.c.seq).where(event.c.subject == subject)) is None:
            details = {"size": one.size, "root": one.root, "sha256": one.sha256}
            ledger.append(connection, actor=SYSTEM.name, kind=KIND, subject=subject, details=details)


def _message(what: str, at: dt.datetime) -> ocfl.Message:
    return ocfl.Message(created=at, user=SYSTEM.name, address="urn:vankho:account", message=what)


def _parse(data: bytes) -> Checkpoint | None:
    try:
        said: Mapping[str, Any] = json.loads(data)
        at = dt.datetime.fromisoformat(said["at"])
        return Checkpoint(said["checkpoint"], said["first"], said["size"], said["root"], at, data)
    except (ValueError, KeyError, TypeError):
        return None


def paper(one: Checkpoint) -> str:
    """A checkpoint as a page to print, sign and put away: whoever has it can prove what the ledger was."""
    groups = [one.root[i : i + 4] for i in range(0, 64, 4)]
    at = one.at.astimezone(HANOI)
    return "\n".join(
        (
            f"MỐC SỔ SỰ KIỆN SỐ {one.number}",
            "",
            f"Lập lúc {at:%H:%M:%S} ngày {at:%d/%m/%Y} (giờ Việt Nam)",
            f"Gồm các dòng từ 1 đến {one.size} của sổ sự kiện",
            "",
            "Gốc cây băm (RFC 9162, SHA-256):",
            f"    {' '.join(groups[:8])}",
            f"    {' '.join(groups[8:])}",
            "",
            f"SHA-256 của {STATEMENT}:",
            f"    {one.sha256}",
            "",
            "Người lập (ký, ghi rõ họ tên):",
            "",
        )
    )


def check(archive: Archive) -> Iterator[Problem]:
    """Whether the ledger is what its checkpoints say, and no checkpoint is missing or changed."""
    held = list(every(archive.store))
    yield from _chain(archive, held)
    tree, sizes = Tree(), {one.size: one for one in held}
    with reader(archive.engine) as connection:
        for line in ledger.records(connection):
            tree.add(ledger.leaf_of(line))
            one = sizes.pop(tree.size, None)
            if one and tree.root().hex() != one.root:
                yield _first_changed(archive, connection, held[: one.number])
                return
    if sizes:
        where = f"sổ sự kiện, dòng {tree.size + 1}"
        yield Problem(where, f"dòng này đã mất: mốc số {sizes[min(sizes)].number} có đến dòng {min(sizes)}")


def _chain(archive: Archive, held: Sequence[Checkpoint]) -> Iterator[Problem]:
    previous, size = None, 0
    for one in held:
        said = json.loads(one.statement)
        where = archive.store.where(ocfl.object_path(identifier(one.number)))
        if (said["previous"], said["first"]) != (previous, size + 1):
            yield Problem(where, f"mốc số {one.number} không nối với mốc trước")
        previous, size = one.sha256, one.size
    with reader(archive.engine) as connection:
        query = sa.select(event.c.subject, event.c.details).where(event.c.kind == KIND).order_by(event.c.seq)
        noted = {row.subject: json.loads(row.details)["sha256"] for row in connection.execute(query)}
    found = {f"{KIND}:{one.number}": one.sha256 for one in held}
    for subject, sha256 in noted.items():
        number = int(subject.partition(":")[2])
        where = archive.store.where(ocfl.object_path(identifier(number)))
        if subject not in found:
            yield Problem(where, f"mất mốc số {number} của sổ sự kiện")
        elif found[subject] != sha256:
            yield Problem(where, f"mốc số {number} khác với dòng ghi trong sổ sự kiện")


def _first_changed(archive: Archive, connection: Connection, held: Sequence[Checkpoint]) -> Problem:
    """The first record that differs from what the checkpoints hold; the last of them has another root."""
    for one in held:
        kept = ledger.lines(archive.store.attached(identifier(one.number), EVENTS) or b"")
        there = ledger.records(connection, after=one.first - 1, upto=one.size)
        for seq, (then, line) in enumerate(zip(kept, there, strict=False), start=one.first):
            if then != line:
                return Problem(f"sổ sự kiện, dòng {seq}", f"khác với dòng đã chốt ở mốc số {one.number}")
    last = held[-1]
    where = f"sổ sự kiện, dòng {last.first} đến {last.size}"
    return Problem(where, f"không khớp gốc cây băm của mốc số {last.number}")


def proofs(archive: Archive, one: Checkpoint, seqs: Sequence[int]) -> dict[int, tuple[str, tuple[bytes, ...]]]:
    """Each of these records as it is hashed, with the proof that it is below the checkpoint's root.

    Damaged when the ledger is no longer what the checkpoint says.
    """
    leaves, wanted = [], {}
    with reader(archive.engine) as connection:
        for seq, line in enumerate(ledger.records(connection, upto=one.size), start=1):
            leaves.append(ledger.leaf_of(line))
            if seq in seqs:
                wanted[seq] = line
    if Tree(leaves).root().hex() != one.root:
        raise Damaged(where="sổ sự kiện", reason=f"không khớp mốc số {one.number}")
    return {seq: (line, inclusion(leaves, seq - 1)) for seq, line in wanted.items()}
