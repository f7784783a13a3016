"""`vankho watch`: a folder whose files are taken in; done ones go to `xong/`, failed ones to `loi/` with the reason."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.command import common, print_json, service

if TYPE_CHECKING:
    from indexer.wiring import Service
    from web.intake import Line

POLL = 2.0  # seconds between looks at the folder
STILL = 2.0  # seconds a file must not have changed: scanners write slowly
DONE, FAILED = "xong", "loi"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--once", is_flag=True, help="Nhận hết tệp đang có rồi thôi.")
@common
def watch(folder: Path, once: bool, as_json: bool) -> None:
    """Nhận mọi tệp được đặt vào FOLDER; xong thì chuyển sang xong/, hỏng thì sang loi/ kèm lý do."""
    with service() as opened:
        while True:
            lines = take(opened, folder, still=0.0 if once else STILL)
            for line in lines:
                click.echo(line.sentence(), err=as_json)
            if once:
                break
            time.sleep(POLL)
    if as_json:
        print_json([line.shown() for line in lines])
    if any(line.failed for line in lines):
        sys.exit(1)


def take(opened: Service, folder: Path, *, still: float) -> list[Line]:
    """Take in what lies in the folder and has come to rest; gives what became of each file."""
    from web import intake

    paths = [path for path in sorted(folder.iterdir()) if _ready(path, still)]
    if not paths:
        return []
    taken = intake.take(opened, paths, progress=sys.stderr)
    intake.finish(opened, taken, progress=sys.stderr)
    lines = intake.outcome(opened, taken)
    for path, line in zip(paths, lines, strict=True):
        _put_away(folder, path, None if not line.failed else line.reason or line.sentence())
    return lines


def _ready(path: Path, still: float) -> bool:
    return path.is_file() and not path.name.startswith(".") and time.time() - path.stat().st_mtime >= still


def _put_away(folder: Path, path: Path, reason: str | None) -> None:
    """Move a file out of the way; one of the same name that is there already stays."""
    target = folder / (FAILED if reason else DONE)
    target.mkdir(exist_ok=True)
    name, number = path.name, 1
    while (target / name).exists():
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    path.rename(target / name)
    if reason:
        (target / f"{name}.txt").write_text(f"{reason}\n", encoding="utf-8")
