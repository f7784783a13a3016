"""The command as a person or a script uses it: one JSON value, one clear line, the exit codes of INTERFACES."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.web.papers import DIRECTIVE, PLAN, REPORT


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "giấy tờ"
    folder.mkdir()
    for name, text in (("chỉ thị", DIRECTIVE), ("kế hoạch", PLAN), ("báo cáo", REPORT)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


class Command:
    """Runs `vankho` in a process of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: object, code: int = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "web", "--data", str(self.data), *map(str, words)],
            capture_output=True, text=True, check=False,
            env={**os.environ, "LANG": "vi_VN.UTF-8", "VANKHO_TODAY": "2018-01-15", **environ},
        )  # fmt: skip
        assert done.returncode == code, done.stderr + done.stdout
        return done

    def json(self, *words: object, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code).stdout)


@pytest.fixture
def vankho(tmp_path: Path) -> Command:
    return Command(tmp_path / "kho")


def test_papers_go_in_and_are_found_traced_and_checked(vankho: Command, papers: Path) -> None:
    taken = vankho.json("ingest", papers)
    assert {line["state"] for line in taken} == {"searchable"}
    assert {line["number"] for line in taken} == {"19-CT/TU", "05-KH/HU", "12/BC-HKH"}

    again = vankho.json("ingest", papers)
    assert [line["state"] for line in again] == ["duplicate"] * 3
    assert {line["document"] for line in again} == {line["document"] for line in taken}

    for query in ("khuyến học", "khuyen hoc"):
        found = vankho.json("search", query)
        assert found["total"] == 3
        assert "<mark>" in found["hits"][0]["snippet"]
    assert vankho.json("search", "12/BC-HKH")["hits"][0]["number"] == "12/BC-HKH"
    narrowed = ("--kind", "kế hoạch", "--from", "2016", "--to", "2016-12-31")
    assert vankho.json("search", "khuyến học", *narrowed)["total"] == 1

    shown = vankho.json("show", "05-KH/HU")
    assert [s["id"] for s in shown["sections"]] == ["i", "i.1", "ii", "ii.1", "ii.2", "iii", "iii.1"]

    traced = vankho.json("trace", "05-KH/HU")
    assert traced["summary"]["tasks"] == len(traced["tasks"]) >= 2
    given = next(task for task in traced["tasks"] if task["section"] == "ii.2")
    assert given["lead"] == ["Hội Khuyến học huyện"]
    assert given["due"]["on"] == "2017-12-31"
    assert given["reports"][0]["number"] == "12/BC-HKH"

    assert vankho.json("check")["valid"] is True
    assert vankho.json("status")["documents"]["searchable"] == 3
    assert vankho.json("reindex")["documents"] == 3
    assert vankho.json("search", "khuyến học")["total"] == 3


def test_reading_a_file_keeps_nothing(vankho: Command, papers: Path) -> None:
    result = vankho.json("read", papers / "kế hoạch.txt")
    assert result["heading"]["number"] == "05-KH/HU"
    assert result["heading"]["kind"] == "Kế hoạch"
    assert {c["number"] for c in result["citations"]} == {"19-CT/TU", "11-CT/TW"}
    assert not vankho.data.exists()


def test_queued_papers_wait_for_a_worker(vankho: Command, papers: Path) -> None:
    assert {line["state"] for line in vankho.json("ingest", "--no-wait", papers)} == {"waiting"}
    assert vankho.json("search", "khuyến học")["not_yet_searchable"] == 3
    assert vankho.json("work", "--once") == {"done": 3}
    assert vankho.json("search", "khuyến học")["not_yet_searchable"] == 0


BAD = (
    ("rỗng.pdf", b"", "Tệp rỗng"),
    ("cụt.pdf", b"%PDF-1.7\n1 0 obj\n<<", "hỏng"),
    ("lạ.bin", bytes(range(256)) * 8, "không rõ định dạng"),
)


@pytest.mark.parametrize(("name", "content", "reason"), BAD)
def test_a_bad_file_gets_one_clear_line_and_the_others_go_in(
    name: str, content: bytes, reason: str, vankho: Command, papers: Path
) -> None:
    (papers / name).write_bytes(content)
    lines = vankho("ingest", papers, code=1).stdout.splitlines()
    assert len(lines) == 4
    assert reason.lower() in next(line for line in lines if name in line).lower()
    assert vankho.json("status")["documents"]["searchable"] == 3
    assert vankho.json("check")["valid"] is True


def test_a_watched_folder_is_emptied_into_the_archive(vankho: Command, papers: Path) -> None:
    (papers / "rỗng.pdf").write_bytes(b"")
    vankho("watch", papers, "--once", code=1)
    assert {path.name for path in (papers / "xong").iterdir()} == {"chỉ thị.txt", "kế hoạch.txt", "báo cáo.txt"}
    assert {path.name for path in (papers / "loi").iterdir()} == {"rỗng.pdf", "rỗng.pdf.txt"}
    assert "Tệp rỗng" in (papers / "loi" / "rỗng.pdf.txt").read_text(encoding="utf-8")
    (papers / "chỉ thị.txt").write_text(DIRECTIVE, encoding="utf-8")
    vankho("watch", papers, "--once")
    assert (papers / "xong" / "chỉ thị (2).txt").exists()
    assert vankho.json("status")["documents"]["searchable"] == 3


def test_what_is_not_there_is_said_in_the_readers_language(vankho: Command, tmp_path: Path) -> None:
    missing = tmp_path / "không có.pdf"
    assert "Không mở được" in vankho("ingest", missing, code=1).stdout
    assert "Không tìm thấy trong kho" in vankho("show", "99-KH/HU", code=1).stderr
    assert "Not found in the archive" in vankho("show", "99-KH/HU", code=1, LANG="en_US.UTF-8").stderr
    assert "Chưa hiểu câu tìm" in vankho("search", "từ:20x6", code=2).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_named(vankho: Command, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "Không có quyền ghi" in vankho("status", code=1).stderr
    finally:
        tmp_path.chmod(0o700)


def test_a_file_where_the_archive_should_be_is_named(vankho: Command) -> None:
    vankho.data.write_text("đây là tệp", encoding="utf-8")
    assert "không phải là thư mục" in vankho("status", code=1).stderr


def test_wrong_usage_ends_with_code_two(vankho: Command) -> None:
    assert "QUERY" in vankho("search", code=2).stderr
    wrong = vankho("search", "a", "--kind", "không có loại này", code=2)
    assert "không có loại văn bản “không có loại này”" in wrong.stderr
