"""Where a text quotes another over several lines: the new wording an amending document gives."""

from __future__ import annotations

import re

from corpus.pieces import lines

_QUOTE_OPENS = re.compile(r"[\s*_]*[“\"]")
# What takes up the amending text after a quotation whose closing mark is missing.
_AMENDS = re.compile(
    r"\s*(?:\d{1,3}\.|[a-zđ]\)|Điều \d{1,3}\.)\s*(?:Sửa đổi|Bổ sung|Thay thế|Thay cụm|Bãi bỏ|Hiệu lực|Điều khoản)"
)
_ARTICLE = re.compile(r"(?m)^[ \t]*Điều[ ]?(\d{1,3})\.")
_QUOTE_AFTER = re.compile(r":\s{0,3}[“\"]")
_QUOTE_ENDS = re.compile(r"[”\"][\s.;,:*_]*$")
_QUOTE = 60_000  # characters after which a quotation mark counts as never closed


def quoted(text: str) -> list[tuple[int, int]]:
    """Stretches over several lines that quote another text: the new wording in an amending document."""
    found: list[tuple[int, int]] = []
    opened, depth, resumed = -1, 0, -1
    for line in lines(text, 0, len(text)):
        low, high = line.start, line.end
        if opened >= 0 and resumed < 0 and _AMENDS.match(text, low, high):
            resumed = low
        balance = text.count("“", low, high) - text.count("”", low, high)
        odd = text.count('"', low, high) % 2 == 1
        if balance == 0 and not odd:
            continue
        words = text[low:high]
        head = _QUOTE_OPENS.match(words) or (opened < 0 and _QUOTE_AFTER.search(words))
        if head and (balance > 0 or odd):
            if opened >= 0 and resumed > opened:
                found.append((opened, _never_closed(text, opened, resumed)))
            opened, depth, resumed = low + head.end() - 1, balance, -1
        elif opened >= 0:
            depth += balance
            ends = bool(_QUOTE_ENDS.search(words[-12:])) and (balance < 0 or odd)
            if ends or (depth <= 0 and balance < 0):
                if low - opened < _QUOTE:
                    found.append((opened, high))
                opened, resumed = -1, -1
    if opened >= 0 and resumed > opened:
        found.append((opened, _never_closed(text, opened, resumed)))
    return found


def _never_closed(text: str, opened: int, resumed: int) -> int:
    """Where an unclosed quotation ends: at the article after the one it stands in, or where the text resumes."""
    line = text.rfind("\nĐiều ", max(0, opened - _QUOTE), opened) + 1
    before = _ARTICLE.match(text, line, opened)
    after = int(before[1]) + 1 if before else 0
    return next((m.start() for m in _ARTICLE.finditer(text, opened, resumed) if int(m[1]) == after), resumed)
