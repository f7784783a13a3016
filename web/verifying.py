"""`vankho verify`: the signatures of a file, or of a document in the archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web import command

if TYPE_CHECKING:
    from archive.trust import Trust
    from archive.verdicts import Report


@click.command()
@click.argument("what", metavar="FILE|DOC")
@click.option("--trust", "folder", type=click.Path(path_type=Path), help="Thư mục chứng thư gốc, mặc định trust/.")
@command.common
def verify(what: str, folder: Path | None, as_json: bool) -> None:
    """Kiểm tra chữ ký số của một tệp hoặc văn bản; mã 1 khi chưa chứng minh được là hợp lệ."""
    from archive import trust
    from archive.verdicts import Verdict
    from web import signature_words

    roots = trust.load(folder or command.settings().trust)
    name, report = _of_file(what, roots) if Path(what).is_file() else _of_document(what, roots)
    if as_json:
        command.print_json(report.public(name))
    else:
        click.echo(signature_words.in_words(name, report))
    sys.exit(0 if report.verdict in (Verdict.VALID, Verdict.UNSIGNED) else 1)


def _of_file(what: str, roots: Trust) -> tuple[str, Report]:
    from archive.errors import Unreadable
    from indexer import signing

    path = Path(what)
    try:
        path.open("rb").close()
    except OSError as problem:
        raise Unreadable(path=path, reason=problem.strerror) from problem
    return what, signing.check(path, roots)


def _of_document(what: str, roots: Trust) -> tuple[str, Report]:
    """Of the newest version; that the archive has held it since its receipt counts as proof."""
    from archive import catalogue
    from archive.viewer import SYSTEM
    from indexer import signing

    with command.service() as opened:
        original = catalogue.original(opened.archive, SYSTEM, command.one(opened, what))
        return original.name, signing.check(original.path, roots, known_since=original.received_at)
