"""Files that hold other files: the parts of a ZIP, a message or an exchange envelope become documents of their own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import jobs
from archive.errors import Destroyed, EmptyFile, SecretMark
from archive.viewer import SYSTEM
from corpus.model import Body, Finding
from indexer import reading
from indexer.ports import ReadFailure, Secret
from indexer.readers import media

if TYPE_CHECKING:
    from indexer.wiring import Service


@dataclass(frozen=True, slots=True)
class Held:
    """A document that came inside another."""

    name: str
    """As its sender called it."""
    document: str


def is_container(body: Body) -> bool:
    """Whether the file is only what other documents came in."""
    return body.media_type in media.CONTAINERS


def unpack(service: Service, job: jobs.Job, body: Body) -> tuple[tuple[Held, ...], tuple[Finding, ...]]:
    """Hand the parts of a container in, and what a person should know of it. Safe to repeat.

    Raises `Secret` when a part bears a mark of secrecy: then the whole may not be kept.
    """
    if not is_container(body):
        return (), ()
    held: list[Held] = []
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="vankho-") as folder:
        try:
            parts = reading.parts(service.original(job), Path(folder))
        except ReadFailure as failure:
            return (), (Finding("not-unpacked", f"Chưa lấy được các tệp bên trong: {failure.detail}."),)
        for part in parts:
            try:
                with part.path.open("rb") as stream:
                    receipt = service.accept(SYSTEM, stream, name=part.name, how="part")
            except SecretMark as error:
                raise Secret(str(error.values["mark"])) from error
            except EmptyFile:
                findings.append(Finding("empty-part", f"Tệp bên trong rỗng: {part.name}."))
            except Destroyed:
                findings.append(Finding("destroyed-part", f"Tệp bên trong đã được tiêu hủy riêng: {part.name}."))
            else:
                held.append(Held(part.name, receipt.document))
    return tuple(held), tuple(findings)
