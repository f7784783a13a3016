"""The form of one body of the register: what is shown in it, and what was typed into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.bodies import Register, RegisteredBody, key
from corpus.text import normalise
from indexer import register
from web.correction_forms import Misread, day
from web.filters import date

LONGEST = 200
MOST = 40
FIELDS = ("name", "aliases", "parent", "since", "until", "successors")


@dataclass(frozen=True, slots=True)
class Choice:
    """A body as it is named where another refers to it."""

    id: str
    words: str


def words(bodies: Register, body: RegisteredBody) -> str:
    """Its name, and what tells it from others of that name."""
    others = [one for one in bodies.by_name.get(key(body.name), ()) if one.id != body.id]
    if not others:
        return body.name
    over = bodies.by_id.get(body.parent or "")
    told = [over.name] if over else []
    return ", ".join([body.name, *told, *([period(body)] if period(body) else [])])


def period(body: RegisteredBody) -> str:
    """From when to when it was there; empty when nothing is known."""
    since = f"từ {date(body.since)}" if body.since else ""
    until = f"đến {date(body.until - dt.timedelta(days=1))}" if body.until else ""
    return " ".join(filter(None, (since, until)))


def choices(bodies: Register) -> list[Choice]:
    """Every body, for a field that names another one."""
    return sorted((Choice(body.id, words(bodies, body)) for body in bodies.by_id.values()), key=lambda one: one.words)


def shown(bodies: Register, body: RegisteredBody) -> dict[str, str]:
    """A body as its form shows it."""
    refer = {one.id: one.words for one in choices(bodies)}
    return {
        "name": body.name, "aliases": "\n".join(body.aliases), "parent": refer.get(body.parent or "", ""),
        "since": date(body.since) if body.since else "", "until": date(body.until) if body.until else "",
        "successors": "\n".join(refer[id] for id in body.successors if id in refer),
    }  # fmt: skip


def typed(bodies: Register, id: str, form: Mapping[str, str]) -> RegisteredBody:
    """The body a person typed. Raises `Misread`."""
    name = _line(form.get("name", ""))
    if not name:
        raise Misread("Xin ghi tên đầy đủ của cơ quan.")
    since, until = day(form.get("since", "")), day(form.get("until", ""))
    body = RegisteredBody(
        id=id, name=name, aliases=_lines(form.get("aliases", "")), parent=_referred(bodies, form.get("parent", "")),
        since=dt.date.fromisoformat(since) if since else None, until=dt.date.fromisoformat(until) if until else None,
        successors=tuple(
            found for line in _lines(form.get("successors", "")) if (found := _referred(bodies, line)) is not None
        ),
    )  # fmt: skip
    if problem := register.problem(bodies, body):
        raise Misread(problem)
    return body


def _line(text: str) -> str:
    said = " ".join(normalise(text).split())
    if len(said) > LONGEST:
        raise Misread(f"Tên “{said[:40]}…” dài quá {LONGEST} chữ; xin rút gọn.")
    return said


def _lines(text: str) -> tuple[str, ...]:
    said = tuple(dict.fromkeys(filter(None, map(_line, text.replace("\r\n", "\n").split("\n")))))
    if len(said) > MOST:
        raise Misread(f"Quá {MOST} dòng trong một ô; xin bớt.")
    return said


def _referred(bodies: Register, name: str) -> str | None:
    """The id of the body a line names. Raises `Misread`."""
    said = _line(name)
    if not said:
        return None
    exact = [one.id for one in choices(bodies) if one.words == said]
    found = exact or [body.id for body in bodies.named(said)]
    if not found:
        raise Misread(f"Chưa có “{said}” trong danh mục; xin thêm cơ quan ấy trước.")
    if len(found) > 1:
        raise Misread(f"Có {len(found)} cơ quan mang tên “{said}”; xin chọn một trong danh sách gợi ý.")
    return found[0]
