"""`vankho trace`: the tasks of a plan on the terminal, as files, and an edited workbook back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web import command

if TYPE_CHECKING:
    from indexer.task_import import Proposal
    from indexer.task_records import Chosen
    from indexer.wiring import Service

FILE = click.Path(path_type=Path, dir_okay=False)
GROUPS = ("changed", "evidence", "emptied", "new", "deleted")


@click.command()
@click.argument("plan")
@click.option("--xlsx", type=FILE, help="Ghi bảng theo dõi Excel vào tệp này.")
@click.option("--docx", type=FILE, help="Ghi dự thảo báo cáo kết quả vào tệp này.")
@click.option("--ics", type=FILE, help="Ghi lịch các thời hạn (iCalendar) vào tệp này.")
@click.option("--import", "sheet", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="So một bảng theo dõi đã sửa với kho và in các thay đổi; chưa ghi gì.")  # fmt: skip
@click.option("--apply", "groups", multiple=True, type=click.Choice(GROUPS),
              help="Với --import: ghi các thay đổi loại này.")  # fmt: skip
@click.option("--by", default="", help="Với --apply: tên người sửa.")
@command.common
def trace(
    plan: str, xlsx: Path | None, docx: Path | None, ics: Path | None, sheet: Path | None, groups: tuple[str, ...],
    by: str, as_json: bool,
) -> None:  # fmt: skip
    """Nhiệm vụ của một kế hoạch và văn bản trả lời từng nhiệm vụ; mã 1 khi bảng nhập vào còn chỗ chưa ghi."""
    from archive.viewer import SYSTEM
    from web import printing

    if groups and sheet is None:
        raise click.UsageError("--apply chỉ dùng cùng --import.")
    with command.service() as opened:
        document = command.one(opened, plan)
        if sheet is not None:
            left = _take_in(opened, document, sheet, groups, by=by, as_json=as_json)
            sys.exit(1 if left else 0)
        view = opened.findings.plan(SYSTEM, document, opened.settings.day)
        _write(opened, document, xlsx=xlsx, docx=docx, ics=ics)
    if as_json:
        command.print_json(printing.plan_json(view))
    else:
        click.echo(printing.plan(view))


def _write(opened: Service, document: str, **files: Path | None) -> None:
    from web import plan_files

    for form, path in files.items():
        if path is not None:
            path.write_bytes(plan_files.FORMS[form](opened, document))
            click.echo(command.say(f"Đã ghi {path}.", f"Wrote {path}."), err=True)


def _take_in(
    opened: Service, document: str, path: Path, groups: tuple[str, ...], *, by: str, as_json: bool
) -> bool:
    """Show what a sheet changes and record the groups asked for; whether something is still to be decided."""
    from archive.viewer import SYSTEM
    from indexer import task_import, task_records, task_rows, task_upload, worker
    from web import sheet_words

    settings = opened.settings
    sheet = task_rows.sheet(opened, SYSTEM, document, settings.day)
    if sheet is None:
        raise click.UsageError("Văn bản này chưa đọc được.")
    upload = task_upload.read(path, seconds=settings.read_seconds, memory_mib=settings.read_memory)
    proposal = task_import.propose(opened, SYSTEM, sheet, upload)
    made = 0
    if chosen := _chosen(proposal, groups):
        records = task_records.record(opened.archive, SYSTEM, proposal, chosen, by=_name(by))
        worker.correct(opened, max(one.id for one in records), seconds=settings.read_seconds)
        made = len(records)
    told = sheet_words.groups(proposal)
    command.print_json(sheet_words.as_json(told, made)) if as_json else click.echo(sheet_words.in_words(told, made))
    return _open(proposal, groups)


def _name(by: str) -> str:
    from web import correction_forms

    try:
        return correction_forms.name(by)
    except correction_forms.Misread as misread:
        raise click.BadParameter(str(misread), param_hint="--by") from misread


def _chosen(proposal: Proposal, groups: tuple[str, ...]) -> Chosen:
    """What the named groups hold; conflicts, and evidence of which the file says nothing sure, are for the page."""
    from indexer.task_records import Chosen

    evidence = {one.line: one.status for one in proposal.decisions if one.status and not one.conflict and one.passage}
    return Chosen(
        cells={(one.id, one.key) for one in proposal.cells if one.kind.value in groups},
        decisions=evidence if "evidence" in groups else {},
        new={row.line for row in (*proposal.new, *proposal.stale)} if "new" in groups else set(),
        deleted={row.id for row in proposal.deleted} if "deleted" in groups else set(),
    )  # fmt: skip


def _open(proposal: Proposal, groups: tuple[str, ...]) -> bool:
    """Whether something of the file is still to be decided."""
    left: list[Any] = [one for one in proposal.cells if one.kind.value not in groups]
    left += [one for one in proposal.decisions if "evidence" not in groups or one.conflict or not one.status]
    left += [] if "new" in groups else [*proposal.new, *proposal.stale]
    return bool(left or proposal.unclear or (proposal.deleted and "deleted" not in groups))
