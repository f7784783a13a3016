"""An archive of any size made of real sections, and how long its site takes to answer over HTTP.

The rows are those the worker would write; the papers themselves are not there, and nothing asks for them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import http.client
import io
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from docx import Document

from archive import ledger, schema, settings
from archive.database import now, writer
from corpus import number
from corpus.model import Body, Heading, Kind, Page, Span
from indexer import rebuilding, records
from indexer import schema as derived
from indexer.ports import Passage
from indexer.wiring import Service

EACH = 20  # sections of a document
_BATCH = 500  # documents written at once
_ISSUERS = tuple(f"Ủy ban nhân dân huyện Yên Hà {n}" for n in range(1, 41))
_SIGNERS = tuple(f"Nguyễn Văn {chr(65 + n)}" for n in range(26))
_KINDS = tuple(Kind)


def make(folder: Path, sections: Iterator[Passage], *, engine: str) -> None:
    """Fill an empty archive; twenty sections are one document."""
    environ = {"VANKHO_ENGINE": engine}
    rng = random.Random(4)
    with Service.open(settings.load(folder, environ=environ)) as service:
        with writer(service.archive.engine) as connection:
            event = ledger.append(connection, actor="đo", kind="received", subject="", details={})
        documents = iter(lambda: list(islice(sections, EACH)), [])
        numbered = enumerate(documents)
        while batch := list(islice(numbered, _BATCH)):
            passages = [_write(service, rng, n, held, event=event) for n, held in batch]
            flat = [passage for held in passages for passage in held]
            service.engine.put(flat, documents={passage.document for passage in flat})
        service.findings.note(rebuilding.ENGINE, engine)


def _write(service: Service, rng: random.Random, n: int, held: Sequence[Passage], *, event: int) -> list[Passage]:
    document = f"d{n:07d}"
    text, placed = "", []
    for i, passage in enumerate(held):
        place = f"d{i + 1}"
        start, text = len(text), text + passage.text + "\n\n"
        placed.append(
            replace(
                passage, id=f"{document}#{place}", document=document, section=place, start=start,
                end=start + len(passage.text), number=f"{n + 1}/QĐ-UBND",
            )
        )  # fmt: skip
    kind, issued = rng.choice(_KINDS), dt.date(2000, 1, 1) + dt.timedelta(days=rng.randrange(9000))
    heading = Heading(
        kind=kind, number=f"{n + 1}/QĐ-UBND", issued_on=issued, issuer=rng.choice(_ISSUERS),
        signer=rng.choice(_SIGNERS), title=(held[0].heading or held[0].text)[:150],
    )  # fmt: skip
    body = Body(text, "application/pdf", "text-layer", pages=(Page(1, Span(0, len(text)), 595.0, 842.0),))
    _rows(service, document, heading, body, placed, event=event)
    return placed


def _rows(
    service: Service, document: str, heading: Heading, body: Body, placed: Sequence[Passage], *, event: int
) -> None:  # fmt: skip
    at, name = now(), f"{document}.pdf"
    digest = hashlib.sha512(document.encode()).hexdigest()
    assert heading.issued_on and heading.kind
    with writer(service.archive.engine) as connection:
        connection.execute(schema.document.insert(), {"id": document, "received_at": at, "received_by": "đo"})
        connection.execute(schema.version.insert(), {
            "id": f"{document}.1", "document": document, "number": 1, "name": name, "how": "cli", "size": 1,
            "sha512": digest, "sha256": digest[:64], "received_at": at, "received_by": "đo", "event": event,
        })  # fmt: skip
        connection.execute(schema.job.insert(), {
            "version": f"{document}.1", "document": document, "state": "done", "attempts": 1, "queued_at": at,
            "finished_at": at,
        })  # fmt: skip
        connection.execute(derived.reading.insert(), {
            "document": document, "version": f"{document}.1", "text": body.text, "media_type": body.media_type,
            "layout": records.layout_to_bytes(body), "source": body.source, "encoding": "unicode",
            "heading": records.heading_to_json(heading), "findings": "[]", "kind": heading.kind.value,
            "number": heading.number, "number_key": number.key(heading.number or ""), "issued_on": heading.issued_on,
            "year": heading.issued_on.year, "issuer": heading.issuer, "title": heading.title,
            "signer": heading.signer, "pages": 1, "tasks": 0, "verdict": "unsigned", "signatures": "{}",
        })  # fmt: skip
        connection.execute(derived.section.insert(), [
            {
                "document": document, "position": i, "id": p.section, "label": str(i + 1), "level": "article",
                "title": p.heading, "start": p.start, "stop": p.end, "parent": None,
            }
            for i, p in enumerate(placed)
        ])  # fmt: skip


@contextmanager
def served(folder: Path, *, engine: str) -> Iterator[int]:
    """The site as `vankho serve` runs it; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "web", "--data", str(folder), "serve", "--port", str(port)]
    site = subprocess.Popen(command, env={**os.environ, "VANKHO_ENGINE": engine}, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        site.terminate()
        site.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            if json.loads(got(port, "/healthz"))["ok"]:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the site did not come up")


def got(port: int, address: str) -> bytes:
    """What the site answers; anything but a page is an error."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise OSError(f"{address}: {answer.status}")
    return content


def timed(port: int, queries: Sequence[str], *, page: str = "/") -> list[float]:
    """Milliseconds of each answer of a page, whole."""
    times: list[float] = []
    for query in queries:
        begun = time.perf_counter()
        got(port, f"{page}?q={quote(query)}")
        times.append((time.perf_counter() - begun) * 1000)
    return times


def until_found(port: int, number: int) -> float:
    """Seconds from sending a paper of ten pages until a word that only it has is found."""
    word = f"thoidiem{number}"
    paper = _paper([f"Trang {page}: {word}. " + "Khuyến học, khuyến tài ở xã Hòa Xuân. " * 60 for page in range(10)])
    begun = time.perf_counter()
    _send(port, paper, name=f"{word}.docx")
    while time.perf_counter() - begun < 60:
        if b'class="hit"' in got(port, f"/?q={quote(word)}"):
            return time.perf_counter() - begun
        time.sleep(0.05)
    raise TimeoutError(f"{word} is not found")


def _paper(pages: Sequence[str]) -> bytes:
    made = Document()
    for text in pages:
        made.add_paragraph(text)
        made.add_page_break()
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _send(port: int, content: bytes, *, name: str) -> None:
    """As the form of the upload page sends it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    site, edge = f"http://127.0.0.1:{port}", "vankhobench"
    form = browser.open(f"{site}/upload", timeout=60).read()
    token = re.search(rb'name="csrf_token" value="([^"]+)"', form)
    assert token
    field = f"\r\n--{edge}\r\nContent-Disposition: form-data; name="
    head = f'{field}"csrf_token"\r\n\r\n{token[1].decode()}{field}"files"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    browser.open(urllib.request.Request(f"{site}/documents", body, kind), timeout=60).read()


def typed(held: Sequence[Passage], questions: Sequence[str], count: int = 100) -> list[str]:
    """What people type: words, phrases, filters, numbers, questions, as many of each."""
    rng = random.Random(1)
    made: list[str] = []
    while len(made) < count:
        words = re.findall(r"[^\W\d_]+", rng.choice(held).text)
        if len(words) < 8:
            continue
        at = rng.randrange(len(words) - 4)
        some = " ".join(words[at : at + rng.randint(2, 4)]).lower()
        made += [
            words[at].lower(), some, f'"{some}"', f"loại:{rng.choice(('kế hoạch', 'nghị định', 'báo cáo'))} {some}",
            f"từ:2010 đến:2015 {words[at].lower()}", rng.choice(questions), f"{rng.randint(1, 500)}/QĐ-UBND",
        ]  # fmt: skip
    return made[:count]
