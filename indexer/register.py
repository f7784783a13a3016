"""The register of bodies as it stands: what it begins with (`corpus.bodies`) and what the office said of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from archive import bodies as archived
from corpus.bodies import Register, RegisteredBody, key, provinces
from corpus.model import Heading, Task


def of(connection: Connection) -> Register:
    """The register in force; one query."""
    return _register(archived.standing(connection))


@lru_cache(maxsize=4)
def _register(standing: tuple[tuple[str, str], ...]) -> Register:
    return laid((body, json.loads(value)) for body, value in standing)


def laid(said: Any) -> Register:
    """What the register begins with, under what the office said: pairs of an id and a value, the last one stands."""
    found = {body.id: body for body in provinces()}
    for body, value in said:
        if value is None:
            found.pop(body, None)
        else:
            found[body] = from_value(body, value)
    return Register(found.values())


def from_value(id: str, value: Mapping[str, Any]) -> RegisteredBody:
    """The body that `to_value` wrote."""
    return RegisteredBody(
        id=id, name=value["name"], aliases=tuple(value["aliases"]), parent=value["parent"],
        since=_day(value["since"]), until=_day(value["until"]), successors=tuple(value["successors"]),
    )  # fmt: skip


def to_value(body: RegisteredBody) -> dict[str, Any]:
    """A body as plain JSON, without its id."""
    return {
        "name": body.name, "aliases": list(body.aliases), "parent": body.parent,
        "since": body.since.isoformat() if body.since else None,
        "until": body.until.isoformat() if body.until else None, "successors": list(body.successors),
    }  # fmt: skip


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def problem(register: Register, body: RegisteredBody) -> str | None:
    """Why a body cannot be kept so, in one sentence that says what to do; None when it can."""
    if body.since and body.until and body.until <= body.since:
        return "Ngày kết thúc phải sau ngày bắt đầu; xin xem lại hai ngày ấy."
    if body.id in body.successors:
        return "Một cơ quan không kế tục chính nó; xin bỏ tên ấy khỏi ô Cơ quan kế tục."
    if body.parent and body.id in register.above(body.parent):
        over = register.by_id[body.parent].name
        return f"“{over}” đang đứng dưới cơ quan này; xin chọn cơ quan cấp trên khác."
    for name in (body.name, *body.aliases):
        other = next((one for one in register.by_name.get(key(name), ()) if _same(one, body)), None)
        if other is not None:
            return f"Đã có “{other.name}” mang tên “{name}” trong cùng thời gian, dưới cùng cấp trên; xin sửa mục ấy."
    return None


def _same(one: RegisteredBody, body: RegisteredBody) -> bool:
    """Whether two entries of one name could not be told apart."""
    apart = (one.until and body.since and one.until <= body.since) or (
        body.until and one.since and body.until <= one.since
    )
    return one.id != body.id and one.parent == body.parent and not apart


def named_heading(register: Register, heading: Heading) -> Heading:
    """The heading with its bodies called as the register calls them."""
    issuer, parent = heading.issuer, heading.parent_issuer
    return replace(
        heading, issuer=register.called(issuer) if issuer else None,
        parent_issuer=register.called(parent) if parent else None,
    )  # fmt: skip


def named_task(register: Register, task: Task) -> Task:
    """The task with the bodies it names called as the register calls them."""
    return replace(task, **{name: _called(register, getattr(task, name)) for name in ("lead", "partners", "report_to")})


def _called(register: Register, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(register.called, names)))
