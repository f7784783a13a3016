"""What is due in a week (đến hạn tuần này), by body, over all plans: a page to print, a calendar, and `vankho due`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click
from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from indexer import due_lines
from indexer.due_lines import BodyDue, DueLine
from indexer.one_body import Bodies
from web import calendars, command, labels, wording
from web.context import service, today, viewer
from web.filters import date
from web.task_exchange import attached

blueprint = Blueprint("due", __name__, url_prefix="/plans")


@blueprint.get("/due")
def due() -> str:
    """One week, this one unless `week` names another; `body`: only that body."""
    named = request.args.get("week", "")
    week = due_lines.named_week(named) if named else due_lines.week_of(today())
    if week is None:
        abort(400)
    first, last = week
    plans = service().findings.plans(viewer(), today())
    body = request.args.get("body", "")
    every = sorted({wording.capital(name) for name in Bodies(plans).titles})
    shift = dt.timedelta(days=7)
    return render_template(
        "due.html", first=first, last=last, bodies=due_lines.due_lines(plans, first, last, body=body), body=body,
        every=every, week=_week(first), before=_week(first - shift), after=_week(first + shift), this=_week(today()),
    )  # fmt: skip


def _week(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@blueprint.get("/due.ics")
def calendar() -> Response:
    """The terms of all plans, or of one body's tasks, for a calendar that is asked for again and again."""
    body = request.args.get("body", "")
    link = url_for("plans.plan", document="", _external=True)
    plans = service().findings.plans(viewer(), today())
    made = calendars.calendar(plans, name=body or "Thời hạn nhiệm vụ", body=body, link=link)
    return attached(made, "ics", f"Thoi han {body}".strip())


@click.command("due")
@click.option("--week", help="Tuần, ví dụ 2018-W03, hoặc một ngày trong tuần; mặc định tuần này.")
@click.option("--body", default="", help="Chỉ việc của một cơ quan.")
@click.option("--ics", type=click.Path(path_type=Path), help="Ghi mọi thời hạn thành tệp lịch iCalendar.")
@command.common
def due_command(week: str | None, body: str, ics: Path | None, as_json: bool) -> None:
    """Việc đến hạn trong tuần và việc quá hạn, theo cơ quan."""
    from archive.viewer import SYSTEM

    with command.service() as opened:
        day = opened.settings.day
        days = due_lines.named_week(week) if week else due_lines.week_of(day)
        if days is None:
            raise click.BadParameter(f"không hiểu tuần “{week}”; ví dụ đúng: 2018-W03", param_hint="--week")
        plans = opened.findings.plans(SYSTEM, day)
    if ics is not None:
        ics.write_bytes(calendars.calendar(plans, name=body or "Thời hạn nhiệm vụ", body=body))
    found = due_lines.due_lines(plans, *days, body=body)
    if as_json:
        command.print_json(due_json(days, found))
    else:
        click.echo(in_words(days, found))


def due_json(days: tuple[dt.date, dt.date], bodies: tuple[BodyDue, ...]) -> dict[str, Any]:
    """`due --json`."""
    return {
        "from": days[0].isoformat(), "to": days[1].isoformat(),
        "bodies": [
            {"body": one.body or None, "due": [_line_json(line) for line in one.coming],
             "overdue": [_line_json(line) for line in one.overdue]}
            for one in bodies
        ],
    }  # fmt: skip


def _line_json(line: DueLine) -> dict[str, Any]:
    task = line.task.task
    return {
        "plan": line.plan.document, "number": line.plan.number, "section": task.section, "wording": task.wording,
        "on": line.on.isoformat(), "state": line.state.value, "days": line.days,
    }  # fmt: skip


def in_words(days: tuple[dt.date, dt.date], bodies: tuple[BodyDue, ...]) -> str:
    """The list for a terminal."""
    lines = [f"Tuần {date(days[0])} đến {date(days[1])}"]
    for one in bodies:
        lines += ["", wording.capital(one.body) or "Chưa rõ cơ quan"]
        for line in (*one.coming, *one.overdue):
            label = labels.task(line.state, line.days)
            lines.append(f"  {date(line.on):>10}  {label.words}: {wording.task_title(line.task)}")
            lines.append(f"              {line.plan.number or line.plan.name}, {wording.task_place(line.task)}")
    return "\n".join(lines if bodies else [*lines, "Không có việc nào đến hạn hoặc quá hạn."])
