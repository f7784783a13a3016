"""Acts on dossiers in words, for the history of a dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archive import filed
from archive.ledger import Event
from archive.retention import Term
from web.filters import date

_FIELDS = {
    "code": "số, ký hiệu", "title": "tiêu đề", "heading": "đề mục", "keeper": "người lập", "note": "ghi chú",
    "unit": "cách đếm tờ",
}  # fmt: skip

@dataclass(frozen=True, slots=True)
class Told:
    """One act."""

    what: str
    at: dt.datetime
    by: str


def told(history: Iterable[Event], numbers: Mapping[str, str | None]) -> tuple[Told, ...]:
    """What was done with a dossier, the latest first; `numbers` of its documents, by id."""
    found = []
    for one in history:
        if one.kind in _WORDS:
            document = one.details.get("document", "")
            said = {**one.details, "document": numbers.get(document) or document}
            found.append(Told(_WORDS[one.kind](said), one.at, one.actor))
    return tuple(reversed(found))


def _day(said: str) -> str:
    return date(dt.date.fromisoformat(said))


def _changed(said: Mapping[str, Any]) -> str:
    return f"sửa {', '.join(_FIELDS[name] for name in said['fields'])}"


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    filed.PLANNED: lambda said: f"đưa vào danh mục hồ sơ năm {said['year']}",
    filed.OPENED: lambda said: f"mở hồ sơ ngày {_day(said['on'])}",
    filed.CHANGED: _changed,
    filed.FILED: lambda said: f"đưa {len(said['documents'])} văn bản vào hồ sơ",
    filed.TAKEN_OUT: lambda said: f"ghi văn bản {said['document']} không thuộc hồ sơ này",
    filed.NOTED: lambda said: f"ghi số tờ, ghi chú của văn bản {said['document']}",
    filed.ARRANGED: lambda said: "xếp lại thứ tự văn bản",
    filed.CLOSED: lambda said: f"kết thúc hồ sơ ngày {_day(said['ended_on'])}, {len(said['lines'])} văn bản",
    filed.REOPENED: lambda said: f"mở lại hồ sơ: {said['reason']}",
    filed.TERMED: lambda said: f"định thời hạn {Term(said['term']).words}: {said['reason']}",
    filed.CARRIED: lambda said: f"nhận từ gói của {said['office']}, {len(said['entries'])} văn bản; "
    f"ở đó đã có {len(said['history'])} việc được ghi",
    filed.HELD: lambda said: f"giữ lại: {said['reason']}",
    filed.LIFTED: lambda said: f"thôi giữ: {said['reason']}",
}
