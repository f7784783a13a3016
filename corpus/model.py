"""The words we use: frozen values that every package shares.

Offsets are code points in `Body.text`, half open. Dates are local Vietnamese dates. Pages count from 1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """Type of document (tên loại văn bản); values are the slugs used in addresses.

    Nghị định 30/2020/NĐ-CP art. 7 (29 types), normative documents, and the Party's types of 399-QĐ/TW.
    The printed name and abbreviations of each are in `data/kinds.toml`.
    """

    CONSTITUTION = "hien-phap"
    CODE = "bo-luat"
    LAW = "luat"
    ORDINANCE = "phap-lenh"
    ORDER = "lenh"
    DECREE = "nghi-dinh"
    CIRCULAR = "thong-tu"
    JOINT_CIRCULAR = "thong-tu-lien-tich"
    CONSOLIDATED = "van-ban-hop-nhat"
    RESOLUTION = "nghi-quyet"
    JOINT_RESOLUTION = "nghi-quyet-lien-tich"
    DECISION = "quyet-dinh"
    DIRECTIVE = "chi-thi"
    CONCLUSION = "ket-luan"
    STATUTE = "dieu-le"
    STRATEGY = "chien-luoc"
    PARTY_CIRCULAR = "thong-tri"
    REGULATION = "quy-che"
    RULES = "quy-dinh"
    GUIDANCE = "huong-dan"
    PROGRAMME = "chuong-trinh"
    PLAN = "ke-hoach"
    JOINT_PLAN = "ke-hoach-lien-tich"
    CONTINGENCY_PLAN = "phuong-an"
    SCHEME = "de-an"
    PROJECT = "du-an"
    MASTER_PLAN = "quy-hoach"
    REPORT = "bao-cao"
    PROPOSAL = "to-trinh"
    NOTICE = "thong-bao"
    COMMUNIQUE = "thong-cao"
    DECLARATION = "tuyen-bo"
    APPEAL = "loi-keu-goi"
    MINUTES = "bien-ban"
    CONTRACT = "hop-dong"
    OFFICIAL_LETTER = "cong-van"
    TELEGRAM = "cong-dien"
    MEMORANDUM = "ban-ghi-nho"
    AGREEMENT = "ban-thoa-thuan"
    AUTHORISATION = "giay-uy-quyen"
    INVITATION = "giay-moi"
    INTRODUCTION = "giay-gioi-thieu"
    LEAVE_PERMIT = "giay-nghi-phep"
    TRANSMITTAL_SLIP = "phieu-gui"
    FORWARDING_SLIP = "phieu-chuyen"
    ADVICE_SLIP = "phieu-bao"
    SUBMISSION_SLIP = "phieu-trinh"
    OPEN_LETTER = "thu-cong"
    COPY = "ban-sao"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of `Body.text`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The text it covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about a document; data, not an exception."""

    code: str
    """Stable identifier in English, e.g. `secret-mark`, `low-text-quality`."""
    detail: str = ""
    """One Vietnamese sentence for the reader of the page."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Fragment:
    """Where a stretch of text stands on its page."""

    span: Span
    page: int
    box: tuple[float, float, float, float]
    """x0, y0, x1, y1 in points (1/72 inch) from the top left corner of the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a body; `span` is its share of the text."""

    number: int
    span: Span
    width: float = 0.0
    """In points; 0 where the format has no pages of its own."""
    height: float = 0.0
    source: str = "text-layer"
    """`text-layer`, `ocr`, `docx`, `doc`, `text` …: how the page was read."""
    confidence: float | None = None
    """Mean confidence of OCR, 0…1; None where nothing was guessed."""

    @property
    def real(self) -> bool:
        """Whether it is a sheet people can turn to, not merely the one stretch of a file without pages."""
        return self.width > 0


@dataclass(frozen=True, slots=True)
class Body:
    """What a reader got out of one file: NFC text and where it stands (nội dung)."""

    text: str
    media_type: str
    source: str
    """As `Page.source`, for the whole file."""
    encoding: str = "unicode"
    """`unicode`, `tcvn3`, `vni` or `mixed`: how the letters were stored."""
    pages: tuple[Page, ...] = ()
    fragments: tuple[Fragment, ...] = ()
    findings: tuple[Finding, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """The page on which a character stands; None where the format has no pages."""
        return page_at(self.pages, offset)

    @property
    def paged(self) -> int | None:
        """How many pages the file has; None where the format has no pages of its own."""
        return sum(page.real for page in self.pages) or None


def page_at(pages: Iterable[Page], offset: int) -> int | None:
    """The page on which a character stands; None where the format has no pages of its own (DOCX, text)."""
    return next((p.number for p in pages if p.real and p.span.start <= offset < p.span.end), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field of the heading was read, and how surely (0…1)."""

    span: Span | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Signatory:
    """One of several who sign a joint document (văn bản liên tịch); each part as printed."""

    signer: str
    office: str | None = None
    capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What the letterhead, title and signature block say (thể thức). None: not printed or not read."""

    kind: Kind | None = None
    kind_printed: str | None = None
    """The type as the document names it, in sentence case: «Kế hoạch»."""
    number: str | None = None
    """Number and symbol without spaces, printed letters kept; None for a draft with blanks."""
    issued_on: dt.date | None = None
    place: str | None = None
    issuer: str | None = None
    """Issuing body in full, with its place when the text gives it."""
    parent_issuer: str | None = None
    title: str | None = None
    """Subject (trích yếu), on one line."""
    addressees: tuple[str, ...] = ()
    signer: str | None = None
    office: str | None = None
    """The signer's office as printed: «PHÓ CHỦ TỊCH»."""
    capacity: str | None = None
    """As printed: «KT. CHỦ TỊCH», «T/M BAN THƯỜNG VỤ»; «Q.» acting."""
    signatories: tuple[Signatory, ...] = ()
    """Everyone who signs, where several bodies issue together; `signer` is the first of them."""
    recipients: tuple[str, ...] = ()
    urgency: str | None = None
    secrecy: str | None = None
    draft: bool = False
    """Number or day left blank."""
    evidence: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))
    """By field name."""
    start: int = 0
    """Where the letterhead begins."""
    end: int = 0
    """Where the running text begins, after the title."""
    close: int | None = None
    """Where the closing block (Nơi nhận, signature) begins; None: to the end of the text."""


class Level(StrEnum):
    """Rank of a section; Nghị định 30/2020/NĐ-CP, Phụ lục I."""

    PAPER = "paper"
    """A document of its own after the first one of the file."""
    ANNEX = "annex"
    PART = "part"
    CHAPTER = "chapter"
    DIVISION = "division"
    SUBDIVISION = "subdivision"
    ARTICLE = "article"
    ROMAN = "roman"
    CLAUSE = "clause"
    SUBCLAUSE = "subclause"
    POINT = "point"
    DASH = "dash"
    ROW = "row"
    """A row of a table of tasks."""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document; `span` holds its subsections too."""

    id: str
    """Path of labels that survives re-reading: `ii.3.b`, `d5.k2`, `pl1.ii`."""
    label: str
    """As printed: `II`, `3`, `b`, `Điều 5`."""
    level: Level
    title: str
    """The heading's words, or the first sentence of a paragraph that has no heading of its own."""
    span: Span
    parent: str | None = None


class Role(StrEnum):
    """Why a document is cited; DOMAIN §3.1. Arrow from the citing to the cited document."""

    BASIS = "can-cu"
    IMPLEMENTS = "thuc-hien"
    GUIDES = "huong-dan"
    APPROVES = "phe-duyet"
    AMENDS = "sua-doi"
    REPLACES = "thay-the"
    REPEALS = "bai-bo"
    CORRECTS = "dinh-chinh"
    RECALLS = "thu-hoi"
    ANSWERS = "tra-loi"
    REPORTS = "bao-cao"
    REMINDS = "don-doc"
    CONTINUES = "tiep-noi"
    MENTIONS = "vien-dan"


@dataclass(frozen=True, slots=True)
class Citation:
    """A mention of another document (viện dẫn)."""

    span: Span
    text: str
    kind: Kind | None = None
    number: str | None = None
    """Complete symbol, inherited from the first full form for «Chỉ thị 19»; None when unknown."""
    serial: str | None = None
    """The bare serial when that is all there is: «Chỉ thị số 11 của Bộ Chính trị»."""
    issued_on: dt.date | None = None
    year: int | None = None
    issuer: str | None = None
    title: str | None = None
    role: Role = Role.MENTIONS
    section: str | None = None
    """Id of the citing section."""
    place: str | None = None
    """Id of the section cited inside the target, when the text names one: `ii.3`."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline (thời hạn hoàn thành) as written and as understood; DOMAIN §4.3."""

    raw: str
    on: dt.date | None = None
    """Last day on which it is in time; None when recurring, relative, continuous or unclear."""
    recurs: str | None = None
    """`yearly`, `half-yearly`, `quarterly`, `monthly`, `weekly`; several joined by `+`; `continuous`."""
    days: tuple[tuple[int, int], ...] = ()
    """(month, day) of each period's cut-off when the text names them; month 0: every month."""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for a task (gia hạn), given by a person."""

    reason: str
    was: Due | None = None
    """The term before the extension, as the document has it."""
    source: str | None = None
    """Id of the document that gives more time, when one was named."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work one document gives to bodies (nhiệm vụ).

    `span.start` tells a task from every other one of its document. One that a person added has an empty span.
    """

    section: str
    wording: str
    span: Span
    lead: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    report_to: tuple[str, ...] = ()
    deliverable: str | None = None
    due: Due | None = None
    by: str | None = None
    """Who corrected it last; None: as it was read."""
    added: str | None = None
    """Its id when a person added it by hand; None: read from the text."""
    extension: Extension | None = None


class FulfilmentStatus(StrEnum):
    """What a passage says about a task."""

    FULFILS = "fulfils"
    PARTIAL = "partial"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A passage of a document proposed as the answer to a task (kết quả thực hiện)."""

    task: str
    """`Task.section` of the plan."""
    task_start: int
    """`Task.span.start`: two tasks may share a section."""
    section: str | None
    span: Span
    quote: str
    status: FulfilmentStatus
    score: float
    """0…1."""
    reason: str
    """Words a clerk understands: «cùng cơ quan, dẫn Kế hoạch 05, nêu số liệu 2017»."""
    done_on: dt.date | None = None
    """The day the work was done, when the paper is the product or its words give the day; None: by its day of issue."""
    copied: bool = False
    """The paper repeats what the same body reported before: nothing new is proved."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of its own that stands in one file after another (văn bản đóng chung tệp)."""

    section: str
    """Id of the section that holds all of it: `vb2`."""
    span: Span
    heading: Heading
    """Its offsets count from the beginning of the file's text."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything `corpus` works out from one body."""

    heading: Heading
    """Of the first document, which the file goes by."""
    sections: tuple[Section, ...] = ()
    citations: tuple[Citation, ...] = ()
    tasks: tuple[Task, ...] = ()
    findings: tuple[Finding, ...] = ()
    papers: tuple[Paper, ...] = ()
    """The further documents of the file, in text order."""
