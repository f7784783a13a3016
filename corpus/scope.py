"""Which mentions of a text count: where they stand, what they are not, and what «Nghị định này» means there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from corpus import number, quotations
from corpus.mentions import Mention, Page
from corpus.model import Heading, Kind, Span

# Lines that open what is attached after the signature.
_ATTACHED = re.compile(
    r"^[ \t*]*(?:PHỤ LỤC|Phụ lục|QUY CHẾ|QUY ĐỊNH|KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN|DANH MỤC|ĐIỀU LỆ"
    r"|HƯỚNG DẪN|BÁO CÁO|BẢNG|BIỂU|MẪU|QCVN|QUY CHUẨN|\(?(?:Ban hành kèm|Kèm) theo)(?!\w)",
    re.MULTILINE,
)
# A second letterhead: what follows is a document of its own in the same file.
_LETTERHEAD = re.compile(
    r"Độc\s{1,2}lập\s{0,2}[-–—]\s{0,2}Tự\s{1,2}do|^[^\n]{0,60}ĐẢNG CỘNG SẢN VIỆT NAM", re.MULTILINE
)
_ATTACHED_BELOW = re.compile(r"\([ ]?(?:[Bb]an hành )?[Kk]èm theo")
# A footnote opens with its mark, or, where that was lost, with the document it names.
_FOOTNOTE = re.compile(
    r"^[ \t]{0,4}(?:\(?[1-9]\d?\)?\.?[ \t]{1,3}(?=[A-ZĐỦỨỪÁÀÂ“\"][^\W\d_])"
    r"|(?=(?:Công văn|Kế hoạch|Quyết định|Thông báo|Báo cáo|Tờ trình|Nghị quyết|Chỉ thị|Văn bản) số \d))",
    re.MULTILINE,
)
FOOTNOTE = 500
"""Characters of a footnote under the signature that are read."""


def title_span(heading: Heading) -> Span | None:
    evidence = heading.evidence.get("title")
    return evidence.span if evidence else None


def in_scope(found: Sequence[Mention], text: str, heading: Heading) -> list[Mention]:
    """Without those of the letterhead and the closing block."""
    title = title_span(heading)
    close = heading.close if heading.close is not None and heading.close >= heading.end else len(text)
    attached, other = _ATTACHED.search(text, close), _other_letterhead(text, close)
    begin = attached.start() if attached else len(text)
    stop = other.start() if other and other.start() < begin else len(text)
    notes = _FOOTNOTE.finditer(text, close, min(begin, stop))
    zones = [Span(heading.end, close), Span(begin, stop), *(Span(n.start(), n.end() + FOOTNOTE) for n in notes)]
    zones += [title] if title else []
    return [m for m in found if any(zone.start <= m.span.start < zone.end for zone in zones)]


def _other_letterhead(text: str, close: int) -> re.Match[str] | None:
    """The first letterhead below that heads no attachment of this document."""
    for match in _LETTERHEAD.finditer(text, close):
        if not _ATTACHED_BELOW.search(text, match.end(), match.end() + 500):
            return match
    return None


def counts(page: Page, heading: Heading, mention: Mention) -> bool:
    """Not a repeated letterhead: a bare «Số: 12/QĐ-UBND» at the head of a line, or the document's own number."""
    if mention.named or mention.how != "complete" or mention.printed is None:
        return True
    line = page.lower[page.lower.rfind("\n", 0, mention.span.start) + 1 : mention.span.start].strip(" \t|*")
    opens = page.lower.startswith("số", mention.span.start) and not line
    own = heading.number is not None and number.key(mention.printed) == number.key(heading.number)
    return not (own or opens)


# «các biểu số liệu 01/TCD, 02/XLD»: symbols of tables and forms.
_FORM = re.compile(r"\b(?:biểu|mẫu)(?:\s{1,2}[^\W\d_]+){0,3}[\s:(]{0,4}\Z")
_FORM_NAMED = re.compile(r"\b(?:biểu|mẫu)\s{1,2}số\b")
_NEXT_FORM = re.compile(r"\s{0,3}(?:[,;]|và)\s{0,3}(?:số\s{1,2})?")


def not_forms(page: Page, found: Sequence[Mention]) -> list[Mention]:
    """Without the symbols that the text gives to tables and forms, wherever they stand."""
    forms: set[str] = set()
    last: Mention | None = None
    for mention in filter(lambda one: _may_be_form(page, one), found):
        start = mention.span.start
        listed = last and _NEXT_FORM.fullmatch(page.lower, last.span.end, start)
        if mention.named or listed or _FORM.search(page.lower, max(0, start - 40), start):
            forms.add(identity(mention))
            last = mention
    return [m for m in found if not (_may_be_form(page, m) and identity(m) in forms)]


def _may_be_form(page: Page, mention: Mention) -> bool:
    """A symbol without a year, before which no type stands, or the words «biểu số»."""
    if mention.how != "complete" or mention.number is None or mention.number.year:
        return False
    return not mention.named or _FORM_NAMED.search(page.lower, mention.span.start, mention.span.end) is not None


def _in_marks(text: str, at: int) -> bool:
    """Inside quotation marks that open on the same line."""
    near = max(0, at - 2_000)
    line = max(text.rfind("\n", near, at) + 1, near)
    return text.rfind("“", line, at) > text.rfind("”", line, at)


# «… sửa đổi một số điều của», but not «được sửa đổi, bổ sung theo».
_AMENDING = re.compile(
    r"(?<!được )(?<!đổi, )\b(?:sửa đổi|bổ sung|thay thế)(?:(?!\b(?:được|theo|bởi)\b)[^.;\n]){0,90}\Z"
)


def of_the_amended(page: Page, found: Sequence[Mention]) -> list[Mention]:
    """«Nghị định này» in new wording means the document that it is put into; nothing where that is not sure."""
    if not any(m.how == "self" for m in found):
        return list(found)
    stretches = quotations.quoted(page.text)
    begins = [start for start, _ in stretches]
    done: list[Mention] = []
    target: dict[Kind | None, Mention] = {}
    for mention in found:
        at = bisect_right(begins, mention.span.start) - 1
        start = mention.span.start
        inside = (at >= 0 and start < stretches[at][1]) or _in_marks(page.text, start)
        if not inside and mention.how == "complete" and _AMENDING.search(page.lower, max(0, start - 110), start):
            target[mention.kind] = mention
        if mention.how == "self" and inside:
            amended = target.get(mention.kind)
            if amended is None:
                continue
            mention = replace(amended, span=mention.span, how="self")
        done.append(mention)
    return done


def identity(mention: Mention) -> str:
    """What two mentions of one number share."""
    return number.key(mention.number or mention.printed or "")
