"""What an edited sheet says about evidence: which passage of which paper, and what a person says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive import corrections
from archive.corrections import Subject
from archive.viewer import Viewer
from corpus.model import Page, Section, Span, page_at
from indexer import anchors
from indexer.task_base import BaseRow
from indexer.task_compare import FileRow
from indexer.task_rows import ANSWER_KEYS, STATES, Answer, TaskRow, TaskSheet, identity
from indexer.views import Card, TaskState

if TYPE_CHECKING:
    from indexer.wiring import Service

STATUSES = {
    "fulfils": "Đã xong", "partial": "Một phần", "mentions": "Có nhắc tới", "rejected": "Không phải", "later": "Để sau",
}  # fmt: skip
"""What a person may say of a passage as the answer to a task."""
_SAYS = {
    STATES[TaskState.DONE]: "fulfils", STATES[TaskState.DONE_LATE]: "fulfils", STATES[TaskState.PARTIAL]: "partial",
    STATES[TaskState.ONGOING]: "partial", STATES[TaskState.SUSPECT]: "later", STATES[TaskState.OVERDUE]: "rejected",
    STATES[TaskState.NOT_DUE]: "rejected", STATES[TaskState.NO_DUE]: "rejected",
}  # fmt: skip
"""What a changed state says of the passage in the same row."""
LEAST = 12
"""Letters without which a quote says nothing."""
_PASSAGE = ANSWER_KEYS[1:]
NONE_GIVEN = (
    "Chưa có minh chứng: xin ghi số, ký hiệu của văn bản và chép một đoạn của nó vào cột “Kết quả, minh chứng”."
)
_Read = tuple[anchors.Text, tuple[Section, ...], tuple[Page, ...], str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a paper."""

    paper: Card
    span: Span | None
    """None: the whole paper."""
    anchor: Mapping[str, Any] | None
    quote: str
    """As the paper has them, on one line."""
    page: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one row of the file says about evidence."""

    line: int
    row: TaskRow | None
    """The task; None where the file's row is a new one."""
    base: Mapping[str, str] | None
    theirs: Mapping[str, str]
    ours: Mapping[str, str]
    """Cells of the answer's columns: as exported, in the file, and now."""
    conflict: bool
    """The archive's evidence is another one by now, or nothing tells what was exported."""
    status: str | None
    """What the file says of the passage; None: a person has to say it."""
    passage: Passage | None = None
    problem: str = ""
    """Why there is no passage, and what to do."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Keys of the cells that the file changed."""
        before = self.base if self.base is not None else self.ours
        return tuple(key for key in ANSWER_KEYS if self.theirs[key] != before.get(key, ""))


@dataclass(slots=True)
class Papers:
    """Papers that a sheet names, each looked up once."""

    service: Service
    viewer: Viewer
    sheet: TaskSheet
    _numbered: dict[str, tuple[Card, ...]] = field(default_factory=dict)
    _texts: dict[str, _Read | None] = field(default_factory=dict)
    _decided: list[corrections.Correction] | None = None

    def decision(self, row: TaskRow, file: FileRow, base: BaseRow | None) -> Decision | None:
        """What a row says of the evidence of its task; None: nothing new."""
        ours = {key: row.cells.get(key, "") for key in ANSWER_KEYS}
        before = {key: base.cells.get(key, "") for key in ANSWER_KEYS} if base else None
        theirs = {key: file.cells.get(key, (before or ours)[key]) for key in ANSWER_KEYS}
        if theirs in (before, ours):
            return None
        known = before or ours
        status = self._status(theirs, known)
        found = self._passage(theirs, known, file.cells.get("page", ""), base.answer if base else row.answer)
        conflict = base is None or base.answer != row.answer
        if isinstance(found, str):
            return Decision(file.line, row, before, theirs, ours, conflict, status, problem=found)
        earlier = self._earlier(row, found)
        if earlier is not None and status in (None, earlier.value.get("status")):
            return None  # a person has judged these words already
        return Decision(file.line, row, before, theirs, ours, conflict, status, found)

    def of_new(self, file: FileRow) -> Decision:
        """What a row of no known task says of evidence."""
        nothing = dict.fromkeys(ANSWER_KEYS, "")
        theirs = {key: file.cells.get(key, "") for key in ANSWER_KEYS}
        found = self._passage(theirs, nothing, file.cells.get("page", ""), None)
        status = _SAYS.get(theirs["state"])
        if isinstance(found, str):
            return Decision(file.line, None, nothing, theirs, nothing, False, status, problem=found)
        return Decision(file.line, None, nothing, theirs, nothing, False, status, found)

    def _status(self, theirs: Mapping[str, str], before: Mapping[str, str]) -> str | None:
        if _emptied(theirs, before):
            return "rejected"
        return _SAYS.get(theirs["state"]) if theirs["state"] != before["state"] else None

    def _passage(
        self, theirs: Mapping[str, str], before: Mapping[str, str], page: str, answer: Answer | None
    ) -> Passage | str:
        """The words meant, or why they cannot be found."""
        same = all(theirs[key] == before[key] for key in _PASSAGE) or _emptied(theirs, before)
        if same and answer is None:
            return NONE_GIVEN
        if answer is not None and (same or theirs["number"] == before["number"]):
            card = self.service.findings.cards(self.viewer, [answer.paper]).get(answer.paper)
            if card is None:
                return "Văn bản làm minh chứng khi xuất bảng không còn xem được trong kho."
            if answer.whole and theirs["quote"] in (before["quote"], ""):
                return Passage(card, None, None, answer.quote, None)
            return self._words(card, answer.quote if same else theirs["quote"], page, first=same)
        if not theirs["number"] or not theirs["quote"]:
            return NONE_GIVEN
        cards = self._cards(theirs["number"], theirs["issued_on"])
        if len(cards) != 1:
            return _which(theirs["number"], len(cards))
        return self._words(cards[0], theirs["quote"], page, first=False)

    def _cards(self, number: str, issued_on: str) -> tuple[Card, ...]:
        if number not in self._numbered:
            self._numbered[number] = self.service.findings.identify(self.viewer, number)
        cards = self._numbered[number]
        dated = tuple(card for card in cards if card.issued_on and card.issued_on.isoformat() == issued_on)
        return dated if issued_on and cards else cards

    def _words(self, card: Card, quote: str, page: str, *, first: bool) -> Passage | str:
        words, read = anchors.letters(quote), self._text(card.document)
        named = card.number or card.name
        if read is None:
            return f"{named} chưa đọc được."
        if len(words) < LEAST:
            return f"Đoạn trích quá ngắn; xin chép ít nhất một câu của {named}."
        text, sections, pages, whole = read
        spans = _occurrences(text, words)
        on_page = [span for span in spans if str(page_at(pages, span.start)) == page]
        chosen = on_page if on_page else spans
        if not chosen:
            return f"Không thấy đoạn trích này trong {named}; xin chép đúng chữ của văn bản."
        if len(chosen) > 1 and not first:
            return f"Đoạn trích có {len(chosen)} lần trong {named}; xin chép dài hơn hoặc ghi đúng trang."
        span = chosen[0]
        said = " ".join(span.of(whole).split())
        return Passage(card, span, anchors.of_words(text, sections, span), said, page_at(pages, span.start))

    def _text(self, document: str) -> _Read | None:
        if document not in self._texts:
            read = self.service.findings.passage_text(self.viewer, document)
            self._texts[document] = (anchors.Text.of(read[0]), read[1], read[2], read[0]) if read else None
        return self._texts[document]

    def _earlier(self, row: TaskRow, passage: Passage) -> corrections.Correction | None:
        """What a person has said of this passage already, wherever it stood when they did."""
        if self._decided is None:
            records = corrections.of(self.service.archive, self.viewer, self.sheet.card.document)
            self._decided = [one for one in corrections.standing(records) if one.subject is Subject.FULFILMENT]
        same = [
            one for one in reversed(self._decided)
            if one.anchor["paper"] == passage.paper.document and identity(one.anchor["task"]) == row.id
        ]  # fmt: skip
        if passage.anchor is None:
            return next((one for one in same if one.value["at"]["passage"] is None), None)
        read = self._text(passage.paper.document)
        assert read is not None  # the passage was found in it
        text, sections, _, _ = read
        here = anchors.find_words(passage.anchor, text, sections)
        for one in same:
            words = one.value["at"]["passage"]
            place = anchors.find_words(words, text, sections) if words else None
            if place and here and place.start < here.end and here.start < place.end:
                return one
        return None


def _emptied(theirs: Mapping[str, str], before: Mapping[str, str]) -> bool:
    gone = not theirs["quote"] and not theirs["number"]
    return gone and bool(before["quote"] or before["number"])


def _which(number: str, count: int) -> str:
    if count:
        return f"Kho có {count} văn bản số {number}; xin ghi đúng ngày văn bản."
    return f"Kho chưa có văn bản số {number} của ngày đã ghi; xin tải văn bản lên rồi nhập lại bảng."


def _occurrences(text: anchors.Text, words: str) -> Sequence[Span]:
    found: list[Span] = []
    at = text.letters.find(words)
    while at >= 0:
        found.append(text.span(at, len(words)))
        at = text.letters.find(words, at + 1)
    return found
