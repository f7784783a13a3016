"""The commands that carry the archive elsewhere, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.web.papers import DIRECTIVE, PLAN

_RUN = """
import sys
from web import cli, packing
for command in packing.COMMANDS:
    cli.cli.add_command(command)
cli.main()
"""


def _vankho(data: Path, *words: object, fails: int = 0) -> Any:
    env = {k: v for k, v in os.environ.items() if not k.startswith("VANKHO_")} | {"LANG": "vi_VN.UTF-8"}
    command = [sys.executable, "-c", _RUN, "--data", str(data), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == fails, done.stderr
    assert "Traceback" not in done.stderr and (not fails or len(done.stderr.splitlines()) <= 4)
    return json.loads(done.stdout) if "--json" in words else done.stdout + done.stderr


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """An archive with two papers."""
    folder = tmp_path / "giấy tờ"
    folder.mkdir()
    for name, text in (("chỉ thị", DIRECTIVE), ("kế hoạch", PLAN)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    _vankho(tmp_path / "kho", "ingest", folder)
    return tmp_path / "kho"


def test_saved_and_restored_on_an_empty_machine_the_same_is_found(filled: Path, tmp_path: Path) -> None:
    made = _vankho(filled, "backup", tmp_path / "sao lưu", "--json")
    assert made["documents"] == 2 and made["problems"] == []
    other = tmp_path / "máy khác" / "kho"
    assert _vankho(other, "restore", made["path"], "--json")["documents"] == 2
    hits = [_vankho(data, "search", "khuyến học", "--json")["hits"] for data in (filled, other)]
    assert hits[0] and hits[0] == hits[1]
    assert _vankho(other, "check", "--json") == {"valid": True, "problems": []}
    assert "đã có dữ liệu" in _vankho(other, "restore", made["path"], fails=2)


def test_the_catalogue_is_made_again_from_the_store(filled: Path) -> None:
    _vankho(filled, "checkpoint")
    before = _vankho(filled, "search", "khuyến học", "--json")["hits"]
    for path in filled.glob("catalogue.sqlite*"):
        path.unlink()
    done = _vankho(filled, "restore", "--from-store", "--json")
    assert (done["documents"], done["anew"], done["problems"]) == (2, 0, [])
    assert _vankho(filled, "search", "khuyến học", "--json")["hits"] == before
    assert _vankho(filled, "check", "--json")["valid"]


def test_a_package_goes_out_and_comes_in(filled: Path, tmp_path: Path) -> None:
    made = _vankho(filled, "export", tmp_path / "gói", "--json")
    assert made["documents"] == 2
    taken = _vankho(tmp_path / "kho2", "import", tmp_path / "gói", "--json")
    assert [one["state"] for one in taken] == ["new", "new"]
    one = _vankho(filled, "export", tmp_path / "một", taken[0]["document"], "--json")
    assert one["documents"] == 1
    victim = next((tmp_path / "gói" / "data").rglob("*.txt"))
    victim.chmod(0o644)
    victim.write_text("x")
    assert "không hợp lệ" in _vankho(tmp_path / "kho2", "import", tmp_path / "gói", fails=1)


def test_an_evidence_pack_of_a_document(filled: Path, tmp_path: Path) -> None:
    (document,) = {hit["document"] for hit in _vankho(filled, "search", "khuyến học", "--limit", 1, "--json")["hits"]}
    out = tmp_path / "chứng cứ.zip"
    _vankho(filled, "evidence", document, "--out", out)
    with zipfile.ZipFile(out) as file:
        file.extractall(tmp_path / "ra")
    done = subprocess.run(["sh", tmp_path / "ra" / "kiem-tra.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "nguyên vẹn" in done.stdout
    assert "Không tìm thấy" in _vankho(filled, "evidence", "99/XX-YY", fails=1)


def test_where_there_is_no_archive_none_is_made(tmp_path: Path) -> None:
    assert "Chưa có kho" in _vankho(tmp_path / "none", "backup", tmp_path / "b", fails=1)
    assert not (tmp_path / "none").exists()
    assert "Chưa có kho" in _vankho(tmp_path / "none", "restore", "--from-store", fails=1)
    assert "--from-store" in _vankho(tmp_path / "none", "restore", fails=2)
