"""The `vankho` command. Answers go to stdout, progress and errors to stderr; exit codes as in INTERFACES."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.errors import ArchiveError
from web import diagnosis, due, evaluating, packing, tracing, verifying, watching
from web.command import DATE, common, one, print_json, say, service, settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), help="Thư mục kho (VANKHO_DATA).")
@click.option("--debug", is_flag=True, help="In cả vết lỗi.")
@click.version_option(package_name="vankho")
@click.pass_context
def cli(ctx: click.Context, data: Path | None, debug: bool) -> None:
    """Vankho (văn khố): lưu trữ, tìm kiếm và theo dõi văn bản."""
    ctx.obj = {"data": data, "debug": debug}
    level = logging.DEBUG if debug else logging.WARNING
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--wait/--no-wait", default=True, help="Chờ đến khi tìm được.")
@common
def ingest(paths: tuple[Path, ...], wait: bool, as_json: bool) -> None:
    """Nhận tệp hoặc thư mục vào kho."""
    from web import intake

    with service() as opened:
        taken = intake.take(opened, paths, progress=sys.stderr)
        if wait:
            intake.finish(opened, taken, progress=sys.stderr)
        lines = intake.outcome(opened, taken)
    if as_json:
        print_json([line.shown() for line in lines])
    else:
        for line in lines:
            click.echo(line.sentence())
    if any(line.failed for line in lines):
        sys.exit(1)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@common
def read(files: tuple[Path, ...], as_json: bool) -> None:
    """Đọc tệp mà không lưu, in những gì hiểu được."""
    from web import intake, printing

    results = [intake.read_only(path, settings()) for path in files]
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
    else:
        click.echo("\n\n".join(printing.reading(result) for result in results))
    if any(result["text"] is None for result in results):
        sys.exit(1)


@cli.command()
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--kind", multiple=True, help="Loại văn bản, ví dụ: ke-hoach hoặc “kế hoạch”.")
@click.option("--issuer", multiple=True, help="Cơ quan ban hành.")
@click.option("--from", "since", type=DATE, help="Từ ngày.")
@click.option("--to", "until", type=DATE, help="Đến ngày.")
@click.option("--sort", default="best", show_default=True, type=click.Choice(["best", "newest", "oldest"]))
@common
def search(query: str, limit: int, sort: str, as_json: bool, **narrowed: Any) -> None:
    """Tìm văn bản theo chữ, số, cơ quan, ngày."""
    from archive.viewer import SYSTEM
    from web import printing

    with service() as opened:
        results = opened.search(SYSTEM, query, filters=_filters(**narrowed), limit=limit, offset=0, sort=sort)
    if as_json:
        print_json(printing.search_json(results))
    else:
        click.echo(printing.results(results, query))


def _filters(
    kind: tuple[str, ...], issuer: tuple[str, ...], since: datetime | None, until: datetime | None
) -> Any:
    from corpus import lexicon
    from corpus.model import Kind
    from indexer.views import Filters

    kinds = []
    for name in kind:
        known = name if name in set(Kind) else lexicon.kind_named(name)
        if known is None:
            raise click.BadParameter(f"không có loại văn bản “{name}”", param_hint="--kind")
        kinds.append(str(known))
    return Filters(
        kinds=tuple(kinds), issuers=issuer, since=since.date() if since else None,
        until=until.date() if until else None,
    )  # fmt: skip


@cli.command()
@click.argument("doc")
@common
def show(doc: str, as_json: bool) -> None:
    """Một văn bản theo số hoặc mã: đầu đề, mục, liên kết."""
    from archive.viewer import SYSTEM
    from web import printing

    with service() as opened:
        view = opened.findings.document(SYSTEM, one(opened, doc))
    if as_json:
        print_json(printing.document_json(view))
    else:
        click.echo(printing.document(view))


@cli.command()
@click.option("--ocfl", type=click.Path(path_type=Path), help="Kiểm tra một kho hoặc đối tượng OCFL bất kỳ.")
@click.option("--bag", type=click.Path(path_type=Path), help="Kiểm tra một gói BagIt bất kỳ.")
@click.option("--rate", type=float, default=0.0, help="Đọc chậm lại: MiB mỗi giây; lần sau đọc tiếp từ chỗ dừng.")
@click.option("--seconds", type=float, default=0.0, help="Dừng sau chừng ấy giây; lần sau đọc tiếp từ chỗ dừng.")
@click.option("--heal", default="", help="Lấy lại bản đúng từ một kho OCFL thứ hai (thư mục hoặc s3://…).")
@common
def check(
    ocfl: Path | None, bag: Path | None, rate: float, seconds: float, heal: str, as_json: bool
) -> None:
    """Kiểm tra bản gốc, sổ sự kiện, danh mục và chỉ mục; mã 1 khi có sai."""
    if ocfl is not None:
        return _check_ocfl(ocfl, as_json=as_json)
    if bag is not None:
        return packing.check_bag(bag, as_json=as_json)
    if rate or seconds or heal:
        return packing.check_round(rate=rate, seconds=seconds, second=heal, as_json=as_json)
    from indexer import checking

    with service() as opened:
        problems = tuple(checking.check(opened))
    if as_json:
        print_json({"valid": not problems, "problems": [{"where": p.where, "what": p.what} for p in problems]})
    else:
        for problem in problems:
            click.echo(f"{problem.where}: {problem.what}")
        click.echo(
            say(f"Kho có {len(problems)} chỗ sai.", f"{len(problems)} problems.")
            if problems
            else say("Kho nguyên vẹn.", "The archive is sound.")
        )
    sys.exit(1 if problems else 0)


def _check_ocfl(path: Path, *, as_json: bool) -> None:
    from archive import ocfl
    from archive.errors import Unreadable

    if not path.exists():
        raise Unreadable(path=path, reason=say("không có", "it does not exist"))
    found = ocfl.validate(path)
    if as_json:
        print_json({"valid": found.valid, "errors": list(found.errors), "warnings": list(found.warnings)})
    else:
        click.echo(say("Hợp lệ.", "Valid.") if found.valid else say("Không hợp lệ:", "Not valid:"))
        for code in (*found.errors, *found.warnings):
            click.echo(f"  {code}")
    sys.exit(0 if found.valid else 1)


@cli.command()
@click.option("--once", is_flag=True, help="Làm hết việc đang chờ rồi thôi.")
@common
def work(once: bool, as_json: bool) -> None:
    """Đọc và lập chỉ mục các văn bản đang chờ."""
    from indexer import worker

    with service() as opened:
        done = worker.run(opened, forever=not once)
    if as_json:
        print_json({"done": done})


@cli.command()
@click.option("--host", help="Địa chỉ (VANKHO_HOST).")
@click.option("--port", type=int, help="Cổng (VANKHO_PORT).")
@common
def serve(host: str | None, port: int | None, as_json: bool) -> None:
    """Mở trang web, kèm một tiến trình đọc văn bản."""
    from dataclasses import replace

    from web import serving

    chosen = settings()
    serving.serve(replace(chosen, host=host or chosen.host, port=port or chosen.port))


@cli.command()
@click.option("--engine", type=click.Choice(["whoosh", "tantivy"]), help="Đổi bộ tìm kiếm.")
@common
def reindex(engine: str | None, as_json: bool) -> None:
    """Làm lại mọi thứ suy ra được từ bản gốc."""
    from indexer import worker

    with service() as opened:
        done = worker.rebuild(opened, progress=sys.stderr, engine=engine)
    if as_json:
        print_json({"documents": done})
    else:
        click.echo(say(f"Đã làm lại {done} văn bản.", f"{done} documents done again."))


@cli.command()
@common
def status(as_json: bool) -> None:
    """Số văn bản, việc đang chờ, thời gian từng bước."""
    from archive.viewer import SYSTEM
    from web import printing

    with service() as opened:
        counted = opened.status(SYSTEM)
    if as_json:
        print_json(counted)
    else:
        click.echo(printing.status(counted))


for command in (
    *packing.COMMANDS, diagnosis.doctor, due.due_command, evaluating.evaluate, tracing.trace, verifying.verify,
    watching.watch,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Entry point: every error becomes one line and an exit code."""
    try:
        cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ArchiveError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        _fail(f"{error.filename or ''}: {error.strerror}".lstrip(": "), 1)
    except Exception as error:  # the edge: whatever it is, the person gets one line
        wording = say("Lỗi chưa lường trước: {}. Chạy lại với --debug để xem vết.",
                      "Unforeseen error: {}. Run again with --debug for the trace.")  # fmt: skip
        _fail(wording.format(f"{type(error).__name__} {error}"), 1)


def _fail(message: str, code: int) -> None:
    if "--debug" in sys.argv:
        traceback.print_exc()
    click.echo(message, err=True)
    sys.exit(code)
