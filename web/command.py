"""What every `vankho` command shares: its options, the opened archive, the reader's language, JSON on stdout."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive import settings as configuration
from archive.errors import NotFound, language
from archive.viewer import SYSTEM

if TYPE_CHECKING:
    from indexer.wiring import Service

DATE = click.DateTime(["%Y-%m-%d", "%d/%m/%Y", "%Y"])


def say(vi: str, en: str) -> str:
    """The wording in the reader's language (LANG=en for English)."""
    return en if language() == "en" else vi


def print_json(value: object) -> None:
    """One JSON value on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, default=str)
    sys.stdout.write("\n")


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data`, `--json` and `--debug` for a command; `--data` also stands before it."""

    @click.option("--data", type=click.Path(path_type=Path), help="Thư mục kho (VANKHO_DATA).")
    @click.option("--json", "as_json", is_flag=True, help="In một giá trị JSON.")
    @click.option("--debug", is_flag=True, help="In cả vết lỗi.")
    @click.pass_context
    @functools.wraps(command)
    def wrapped(ctx: click.Context, data: Path | None, debug: bool, **options: Any) -> Any:
        ctx.obj["debug"] = ctx.obj["debug"] or debug
        ctx.obj["data"] = data or ctx.obj["data"]
        return command(**options)

    return wrapped


def settings() -> configuration.Settings:
    """Settings of this call."""
    try:
        return configuration.load(click.get_current_context().obj["data"])
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@contextmanager
def service() -> Iterator[Service]:
    """The opened archive with its index; closed at the end."""
    from indexer import wiring

    with wiring.Service.open(settings()) as opened:
        yield opened


def one(opened: Service, wanted: str) -> str:
    """The id of the one document meant; asks to be more exact when there are several."""
    from web import printing

    cards = opened.findings.identify(SYSTEM, wanted)
    if not cards:
        raise NotFound(what=wanted)
    if len(cards) > 1:
        several = "\n".join(f"  {card.document}  {printing.line(card)}" for card in cards)
        raise click.UsageError(
            say(f"“{wanted}” có {len(cards)} văn bản; xin dùng mã:\n{several}",
                f"“{wanted}” names {len(cards)} documents; use the id:\n{several}")
        )  # fmt: skip
    return next(iter(cards)).document
