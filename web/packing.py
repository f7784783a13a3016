"""Commands that carry the archive elsewhere: packages, backup and restore, evidence, checkpoints.

`web.cli` adds `COMMANDS` to `vankho` and calls `check_bag` and `check_round` for options of `check`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.archive import Archive
from archive.errors import NotFound
from archive.problem import Problem
from archive.viewer import SYSTEM
from web import command as line

if TYPE_CHECKING:
    from archive.dossiers import Dossier
    from archive.package import Exported, Taken
    from indexer.wiring import Service

PATH = click.Path(path_type=Path)
TSA = click.option("--tsa", envvar="VANKHO_TSA", default="", help="Địa chỉ dịch vụ dấu thời gian (VANKHO_TSA).")


@contextmanager
def _archive() -> Iterator[Archive]:
    with Archive.open(line.settings(), create=False) as opened:
        yield opened


@click.command()
@click.argument("target", type=PATH)
@click.argument("docs", nargs=-1)
@click.option("--dossier", "codes", multiple=True, help="Hồ sơ (số hoặc mã) thành gói nộp lưu; dùng nhiều lần được.")
@click.option("--fonds", help="Mọi hồ sơ có văn bản của phông này (tên hoặc mã).")
@line.common
def export(target: Path, docs: tuple[str, ...], codes: tuple[str, ...], fonds: str | None, as_json: bool) -> None:
    """Ghi các văn bản (số hoặc mã; không nêu: cả kho) hay hồ sơ thành gói BagIt TARGET: thư mục, .zip hoặc .tar."""
    from archive import package

    if docs and (codes or fonds):
        raise click.UsageError(line.say("Xin nêu văn bản, hoặc hồ sơ, không cả hai.",
                                        "Name documents or dossiers, not both."))  # fmt: skip
    if codes or fonds:
        with line.service() as opened:
            made = _submission(opened, target, codes, fonds)
    elif docs:
        with line.service() as opened:
            chosen = [line.one(opened, doc) for doc in docs]
            made = package.export(opened.archive, SYSTEM, target, documents=chosen)
    else:
        with _archive() as archive:
            made = package.export(archive, SYSTEM, target)
    if as_json:
        line.print_json({"path": str(made.path), "documents": made.documents, "bytes": made.size})
    else:
        click.echo(line.say(f"Đã ghi {made.documents} văn bản vào {made.path}.",
                            f"{made.documents} documents written to {made.path}."))  # fmt: skip


def _submission(opened: Service, target: Path, codes: tuple[str, ...], fonds: str | None) -> Exported:
    from web import submission

    some = [_dossier(opened, code) for code in codes]
    if fonds:
        some += submission.of_fonds(opened, SYSTEM, fonds)
    return submission.export(opened, SYSTEM, list(dict.fromkeys(some)), target)


def _dossier(opened: Service, wanted: str) -> Dossier:
    """The one dossier meant; asks to be more exact when several years have its code."""
    from archive import dossiers

    found = dossiers.named(opened.archive, SYSTEM, wanted)
    if len(found) > 1:
        several = "\n".join(f"  {one.id}  {one.words}: {one.title}" for one in found)
        raise click.UsageError(
            line.say(f"“{wanted}” có {len(found)} hồ sơ; xin dùng mã:\n{several}",
                     f"“{wanted}” names {len(found)} dossiers; use the id:\n{several}")
        )  # fmt: skip
    for one in found:
        return one
    raise NotFound(what=wanted)


@click.command("import")
@click.argument("bag", type=PATH)
@line.common
def import_(bag: Path, as_json: bool) -> None:
    """Nhận các văn bản và hồ sơ trong một gói BagIt (thư mục, .zip, .tar), của phần mềm này hay phần mềm khác."""
    from archive import package

    with Archive.open(line.settings()) as archive:
        taken = package.take(archive, SYSTEM, bag)
    if as_json:
        line.print_json([
            {"file": one.path, "document": one.document, "dossier": one.dossier, "state": one.state,
             "reason": one.reason}
            for one in taken
        ])  # fmt: skip
    else:
        _tell_taken(taken)
    if any(one.state == "refused" for one in taken):
        sys.exit(1)


def _tell_taken(taken: Sequence[Taken]) -> None:
    for one in taken:
        click.echo(f"{one.path}: {', '.join(filter(None, (one.dossier or one.document, one.reason)))}")
    new = [one for one in taken if one.state == "new"]
    papers, dossiers = sum(one.dossier is None for one in new), sum(one.dossier is not None for one in new)
    files = sum(one.dossier is None for one in taken)
    vi, en = (f", {dossiers} hồ sơ", f", {dossiers} dossiers") if dossiers else ("", "")
    click.echo(line.say(f"Đã nhận {papers} văn bản mới trong {files} tệp{vi}.",
                        f"{papers} new documents in {files} files{en}."))  # fmt: skip


@click.command()
@click.argument("folder", type=PATH)
@line.common
def backup(folder: Path, as_json: bool) -> None:
    """Sao lưu cả kho thành một gói mới trong FOLDER, kiểm tra lại ngay; kho vẫn chạy."""
    from archive import backup as backups
    from archive import checkpoint

    with _archive() as archive:
        checkpoint.make(archive)
        made = backups.backup(archive, folder)
    if as_json:
        line.print_json({
            "path": str(made.path), "at": made.at.isoformat(), "documents": made.documents, "events": made.events,
            "bytes": made.size, "problems": [{"where": p.where, "what": p.what} for p in made.problems],
        })  # fmt: skip
    else:
        for problem in made.problems:
            click.echo(str(problem))
        click.echo(line.say(f"Đã sao lưu {made.documents} văn bản vào {made.path} và kiểm tra lại.",
                            f"{made.documents} documents saved to {made.path} and verified."))  # fmt: skip
    sys.exit(1 if made.problems else 0)


@click.command()
@click.argument("source", type=PATH, required=False)
@click.option("--from-store", is_flag=True, help="Dựng lại danh mục chỉ từ kho OCFL (SOURCE hoặc trong --data).")
@click.option("--wait/--no-wait", default=True, help="Đọc lại và lập chỉ mục ngay.")
@line.common
def restore(source: Path | None, from_store: bool, wait: bool, as_json: bool) -> None:
    """Phục hồi một bản sao lưu vào thư mục kho còn trống."""
    if from_store:
        found = _from_store(source)
    elif source is None:
        raise click.UsageError(line.say("Xin nêu bản sao lưu, hoặc dùng --from-store.",
                                        "Name the backup, or use --from-store."))  # fmt: skip
    else:
        from archive import restore as restoring

        done = restoring.restore(line.settings(), source)
        found = {"documents": done.documents, "events": done.events, "anew": 0, "problems": []}
    if wait:
        from indexer import worker

        with line.service() as opened:
            worker.run(opened, forever=False)
    if as_json:
        line.print_json(found)
    else:
        for problem in found["problems"]:
            click.echo(f"{problem['where']}: {problem['what']}")
        click.echo(line.say(f"Đã phục hồi {found['documents']} văn bản, {found['events']} dòng sổ sự kiện.",
                            f"{found['documents']} documents, {found['events']} ledger records restored."))  # fmt: skip
    sys.exit(1 if found["problems"] else 0)


def _from_store(source: Path | None) -> dict:
    from archive import recovery

    done = recovery.from_store(line.settings(), source)
    problems = [{"where": p.where, "what": p.what} for p in done.problems]
    return {"documents": done.documents, "events": done.events, "anew": done.anew, "problems": problems}


@click.command()
@click.argument("doc")
@click.option("--out", type=PATH, help="Thư mục mới hoặc tệp .zip; mặc định chung-cu-<mã>.zip.")
@TSA
@line.common
def evidence(doc: str, out: Path | None, tsa: str, as_json: bool) -> None:
    """Gói chứng cứ của một văn bản, kiểm tra được bằng sha256sum và openssl."""
    from archive import checkpoint, trust
    from indexer import evidence as packs

    with line.service() as opened:
        document = line.one(opened, doc)
        if tsa:
            roots = trust.load(opened.settings.data / "trust").roots
            checkpoint.make(opened.archive, tsa=tsa, roots=roots)
        target = out or Path(f"chung-cu-{document}.zip")
        packs.write(opened.archive, opened.findings, SYSTEM, document, target)
    if as_json:
        line.print_json({"document": document, "path": str(target)})
    else:
        click.echo(line.say(f"Đã lập gói chứng cứ {target}; xem DOC-TRUOC.txt trong gói.",
                            f"Evidence pack {target} made; see DOC-TRUOC.txt in it."))  # fmt: skip


@click.command()
@TSA
@line.common
def checkpoint(tsa: str, as_json: bool) -> None:
    """Lập mốc sổ sự kiện và in ra để ký, lưu giấy."""
    from archive import checkpoint as checkpoints
    from archive import trust

    with _archive() as archive:
        roots = trust.load(archive.settings.data / "trust").roots
        one = checkpoints.make(archive, tsa=tsa, roots=roots)
    if one is None:
        click.echo("null" if as_json else line.say("Sổ sự kiện chưa có dòng nào.", "The ledger is empty."))
    elif as_json:
        line.print_json({"number": one.number, "size": one.size, "root": one.root, "at": one.at.isoformat()})
    else:
        click.echo(checkpoints.paper(one))


COMMANDS = (export, import_, backup, restore, evidence, checkpoint)


def check_bag(path: Path, *, as_json: bool) -> None:
    """`check --bag PATH`."""
    from archive import bags, packed

    with tempfile.TemporaryDirectory() as scratch, packed.unpacked(path, Path(scratch)) as folder:
        found = bags.check(folder)
    if as_json:
        line.print_json({"valid": found.valid, "errors": list(found.errors), "warnings": list(found.warnings)})
    else:
        click.echo(line.say("Hợp lệ.", "Valid.") if found.valid else line.say("Không hợp lệ:", "Not valid:"))
        for problem in found.problems:
            click.echo(f"  {problem}")
    sys.exit(0 if found.valid else 1)


def _healed(archive: Archive, problems: Sequence[Problem], second: str) -> list[str]:
    from archive import patrol
    from archive.archive import open_copy

    with closing(open_copy(archive.settings, second)) as store:
        return list(patrol.heal(archive, problems, store))


def check_round(*, rate: float, seconds: float, second: str, as_json: bool) -> None:
    """`check --rate MIB --seconds N --heal STORE`: go on with the round, heal what it found."""
    from archive import patrol

    with _archive() as archive:
        found = patrol.patrol(archive, rate=rate, seconds=seconds)
        healed = _healed(archive, found.problems, second) if second else []
    problems = [{"where": p.where, "what": p.what} for p in found.problems]
    if as_json:
        line.print_json({
            "valid": not problems, "complete": found.complete, "objects": found.objects, "bytes": found.size,
            "problems": problems, "healed": healed,
        })  # fmt: skip
    else:
        for told in (*map(str, found.problems), *healed):
            click.echo(told)
        state = line.say("xong vòng", "round complete") if found.complete else line.say("còn tiếp", "to be continued")
        click.echo(line.say(f"Đã đọc {found.objects} hồ sơ, {len(problems)} chỗ sai; {state}.",
                            f"{found.objects} objects read, {len(problems)} problems; {state}."))  # fmt: skip
    sys.exit(1 if problems else 0)
