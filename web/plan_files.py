"""A plan's tasks as files: the workbook, the draft of a report, the calendar of terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.errors import NotFound
from archive.viewer import SYSTEM, Viewer
from indexer import task_rows
from indexer.wiring import Service
from web import calendars, plan_report, report_docx, task_book


def workbook(service: Service, document: str, viewer: Viewer = SYSTEM) -> bytes:
    """The sheet of tasks. Raises NotFound."""
    sheet = task_rows.sheet(service, viewer, document, service.settings.day)
    if sheet is None:
        raise NotFound(what=document)
    return task_book.task_book(sheet)


def report(service: Service, document: str, viewer: Viewer = SYSTEM) -> bytes:
    """The draft of a report. Raises NotFound."""
    plan = service.findings.plan(viewer, document, service.settings.day)
    read = service.findings.analysed(viewer, document)
    if plan is None or read is None:
        raise NotFound(what=document)
    heading, sections, *_ = read
    return report_docx.report_docx(plan_report.plan_report(plan, heading, sections))


def calendar(service: Service, document: str, viewer: Viewer = SYSTEM, link: str = "") -> bytes:
    """The terms. Raises NotFound."""
    plan = service.findings.plan(viewer, document, service.settings.day)
    if plan is None:
        raise NotFound(what=document)
    return calendars.calendar([plan], name=f"Thời hạn {plan_report.name(plan.card)}", link=link)


FORMS: Mapping[str, Callable[..., bytes]] = {"xlsx": workbook, "docx": report, "ics": calendar}
