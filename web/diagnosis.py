"""`vankho doctor`: what this machine lacks, and what is lost by it."""

from __future__ import annotations

import sys

import click

from web.command import common, print_json, service


@click.command()
@common
def doctor(as_json: bool) -> None:
    """Xem máy này thiếu gì, cài đặt nào chưa đúng; mã 1 khi có điều cần sửa."""
    from indexer import doctor as examination

    with service() as opened:
        remarks = list(examination.examine(opened))
    if as_json:
        print_json([{"what": one.what, "good": one.good, "detail": one.detail} for one in remarks])
    else:
        for one in remarks:
            click.echo(f"{'●' if one.good else '▲'} {one.what}: {one.detail}")
    sys.exit(0 if all(one.good for one in remarks) else 1)
