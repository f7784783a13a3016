"""OCR by Tesseract of the pages that other readers left unread, one page and one child at a time."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from corpus import encodings
from corpus.model import Body, Finding
from indexer import sandbox
from indexer.layout import Sheet, compose, sheets_of, without_running_heads
from indexer.ports import ReadFailure
from indexer.readers.mending import mend

log = logging.getLogger(__name__)

_PROGRAM = "tesseract"
UNREAD = "unread"
"""`Page.source` of a page without usable text."""
DAMAGED = "damaged"
"""`Page.source` of a page whose text lost letters: recognition fills the gaps."""
DOUBTED = "doubted"
"""`Page.source` of a page whose text reads badly: recognition is believed where it reads well."""
_MEMORY = 1536  # MiB: a page in colours, and the model that reads handwriting
_LOW = 0.75
"""Mean confidence of a page's words below which a person should look."""

_MANY_SYLLABLES = 0.4
"""Share of plausible syllables that a text in another language does not reach."""


def complete(body: Body, path: Path, *, seconds: float, progress: Callable[[int, int], None] | None = None) -> Body:
    """The body with its unread pages recognised; a page that fails stays empty and is told in a finding."""
    unread = [page.number for page in body.pages if page.source in (UNREAD, DAMAGED, DOUBTED)]
    if not unread:
        return body
    if shutil.which(_PROGRAM) is None:
        return _without_tool(body, unread)
    from indexer.readers import respelling, tesseract

    respelling.load()
    sheets = {sheet.number: sheet for sheet in sheets_of(body)}
    findings = list(body.findings)
    failures: list[ReadFailure] = []
    for done, number in enumerate(unread):
        if progress:
            progress(done, len(unread))
        try:
            found = sandbox.run(
                tesseract.recognise, path, body.media_type, number,
                seconds=seconds, memory_mib=_MEMORY, programs_mib=sandbox.PROGRAM_MEMORY,
            )  # fmt: skip
        except ReadFailure as failure:
            log.info("page %d not recognised: %s", number, failure.code)
            failures.append(failure)
            findings.append(Finding("ocr-failed", f"Không nhận dạng được trang {number}: {failure.detail}."))
            sheets[number] = replace(sheets[number], source="ocr")
        else:
            sheets[number] = _joined(sheets[number], found, findings)
    ordered = without_running_heads([sheets[number] for number in sorted(sheets)])
    result = compose(ordered, body.media_type, encoding=body.encoding, findings=findings)
    if not result.text.strip():
        raise failures[0] if failures else ReadFailure("no-text", "không nhận ra chữ nào trên bản quét")
    return result


def _without_tool(body: Body, unread: list[int]) -> Body:
    if not body.text.strip():
        raise ReadFailure("tool-missing", "chờ công cụ: tesseract (nhận dạng chữ)")
    detail = f"Trang {', '.join(map(str, unread[:20]))} là ảnh, chờ công cụ tesseract để nhận dạng chữ."
    return replace(body, findings=(*body.findings, Finding("ocr-missing", detail)))


def _joined(sheet: Sheet, found: Sheet, findings: list[Finding]) -> Sheet:
    """What recognition found, with what the page's own text had."""
    findings.extend(Finding("handwritten", f"Trang {sheet.number}: {doubt}.") for doubt in found.doubts)
    if sheet.source == DOUBTED:
        return _better(sheet, found, findings)
    if sheet.source == DAMAGED:
        return replace(found, lines=tuple(mend(sheet.lines, found.lines)), width=sheet.width, height=sheet.height)
    _doubt(found, findings)
    return found


def _better(sheet: Sheet, found: Sheet, findings: list[Finding]) -> Sheet:
    """What recognition found where it is clearly better Vietnamese, or far more of it, than the page's own text."""
    texts = ["\n".join(line.text for line in one.lines) for one in (sheet, found)]
    own, seen = map(encodings.quality, texts)
    fuller = len(texts[1].split()) > 3 * len(texts[0].split())
    if seen < _LOW or not (fuller or seen > own + encodings.MARGIN):
        if own >= _MANY_SYLLABLES:
            detail = f"Chữ trang {sheet.number} lưu trong tệp đã hỏng, nhiều chỗ đọc không thành tiếng."
            findings.append(Finding("low-text-quality", detail))
        return replace(sheet, source="text-layer")
    detail = f"Trang {sheet.number}: chữ lưu trong tệp hỏng, đã đọc lại từ hình trang."
    findings.append(Finding("text-replaced", detail))
    _doubt(found, findings)
    return found


def _doubt(found: Sheet, findings: list[Finding]) -> None:
    if found.lines and (found.confidence or 0) < _LOW:
        share = round(100 * (found.confidence or 0))
        findings.append(Finding("low-text-quality", f"Chữ trang {found.number} nhận dạng chỉ chắc {share} %."))
