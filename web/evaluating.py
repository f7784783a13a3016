"""`vankho evaluate search DIR`: the quality of search on a judged set, in a temporary archive."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from web.command import common, print_json, say


@click.group()
def evaluate() -> None:
    """Đo chất lượng trên bộ câu hỏi có đáp án."""


@evaluate.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--without-marks", is_flag=True, help="Hỏi không dấu.")
@click.option("--engine", default="whoosh", show_default=True, type=click.Choice(["whoosh", "tantivy"]))
@click.option("--corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Tập văn bản ở tệp này.")
@common
def search(folder: Path, without_marks: bool, engine: str, corpus: Path | None, as_json: bool) -> None:
    """Đo tìm kiếm trên DIR (corpus.jsonl, queries.jsonl, qrels.tsv)."""
    from indexer import evaluation
    from indexer.engines import choice

    try:
        judged = evaluation.load(folder, corpus=corpus)
    except evaluation.NotJudged as error:
        raise click.UsageError(say(f"Thiếu hoặc hỏng: {error}", f"Missing or broken: {error}")) from error
    with tempfile.TemporaryDirectory(prefix="vankho-") as temporary:
        index = choice.engine(engine, Path(temporary) / "index")
        found = evaluation.evaluate(index, judged, without_marks=without_marks, progress=_progress)
        found["index_mb"] = evaluation.size(Path(temporary))
        index.close()
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(f"{name:12} {figure:g}" for name, figure in found.items()))


def _progress(count: int) -> None:
    click.echo(f"\r{count}", nl=False, file=sys.stderr)
