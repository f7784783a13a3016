"""A sheet goes out, is edited, and comes back on the plan's page and by the command."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from openpyxl.worksheet.worksheet import Worksheet

from archive import corrections
from archive.corrections import Subject
from archive.viewer import GUEST
from indexer import anchors, task_base, task_import, task_rows, task_upload, worker
from indexer.task_rows import COLUMNS, TaskSheet, task_value
from indexer.wiring import Service
from tests.web.markup import parse
from tests.web.papers import PLAN, REPORT
from web import create_app
from web.cli import cli
from web.task_book import HEAD, TASKS

PLACES = {column.key: at for at, column in enumerate(COLUMNS, 1)}
SECOND = REPORT.replace("12/BC-HKH", "20/BC-HKH").replace("05 tháng 12", "20 tháng 12").replace("68/74", "71/74")
BY = "Lê Thị Thu"


class Clerk:
    """A person before the plan's page with a sheet."""

    def __init__(self, service: Service, plan: str) -> None:
        app = create_app(service)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        self.client: FlaskClient = app.test_client()
        self.service, self.plan = service, plan
        self.book = openpyxl.load_workbook(io.BytesIO(self.client.get(f"/plans/{plan}.xlsx").data))
        tasks = self.book[TASKS]
        assert isinstance(tasks, Worksheet)
        self.tasks = tasks

    def type(self, row: int, **cells: object) -> None:
        """Type into cells of the n-th task's row, from 0."""
        for key, value in cells.items():
            self.tasks.cell(HEAD + 1 + row, PLACES[key]).value = value

    def saved(self) -> bytes:
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def sent(self) -> str:
        data = {"sheet": (io.BytesIO(self.saved()), "bang.xlsx")}
        return self.client.post(f"/plans/{self.plan}/import", data=data).text

    def recorded(self, page: str, **form: object) -> int:
        sealed = parse(page).all("input", name="sheet")[0].attributes["value"]
        data = {"sheet": sealed, "by": BY, **form}
        return self.client.post(f"/plans/{self.plan}/import/apply", data=data).status_code

    @property
    def sheet(self) -> TaskSheet:
        found = task_rows.sheet(self.service, GUEST, self.plan)
        assert found is not None
        return found

    def standing(self) -> list[corrections.Correction]:
        return list(corrections.standing(corrections.of(self.service.archive, GUEST, self.plan)))


@pytest.fixture
def clerk(service: Service, add: Callable[..., str]) -> Clerk:
    plan = add(PLAN)
    add(REPORT)
    return Clerk(service, plan)


def ticked(page: str, name: str) -> list[str]:
    return [e.attributes["value"] for e in parse(page).all("input", name=name) if "checked" in e.attributes]


def boxes(page: str, name: str) -> list[str]:
    return [e.attributes["value"] for e in parse(page).all("input", name=name)]


def test_every_file_of_a_plan_is_given(clerk: Clerk) -> None:
    for form, first in (("xlsx", b"PK"), ("docx", b"PK"), ("ics", b"BEGIN:VCALENDAR")):
        answer = clerk.client.get(f"/plans/{clerk.plan}.{form}")
        assert answer.status_code == 200 and answer.data.startswith(first)
        assert f"05-KH-HU.{form}" in answer.headers["Content-Disposition"]
        assert f'/plans/{clerk.plan}.{form}"' in clerk.client.get(f"/plans/{clerk.plan}").text
    assert clerk.client.get("/plans/khongco.xlsx").status_code == 404


def test_nothing_is_recorded_before_it_is_confirmed(clerk: Clerk) -> None:
    clerk.type(1, due="30/6/2018")
    assert "30/6/2018" in clerk.sent()
    assert clerk.standing() == []


def test_a_changed_term_with_a_note_is_recorded_as_an_extension(clerk: Clerk) -> None:
    clerk.type(1, due="30/6/2018", note="theo Công văn 7")
    page = clerk.sent()
    assert clerk.recorded(page, cell=ticked(page, "cell")) == 303
    (one,) = clerk.standing()
    row = clerk.sheet.rows[1]
    assert one.subject is Subject.TASK and one.anchor == row.anchor and one.by == BY
    assert one.value == {
        "due": {"raw": "30/06/2018", "on": "2018-06-30", "recurs": None}, "extended": "theo Công văn 7"
    }  # fmt: skip
    assert one.read["wording"] == row.task.wording and one.read["due"]["on"] == "2017-12-31"


def test_what_was_recorded_is_exported_and_the_same_file_changes_nothing_more(clerk: Clerk) -> None:
    clerk.type(1, lead="Hội Khuyến học huyện; Phòng Nội vụ", note="xin ý kiến")
    page = clerk.sent()
    clerk.recorded(page, cell=ticked(page, "cell"))
    again = clerk.sent()
    assert "Không có thay đổi nào" in again
    fresh = Clerk(clerk.service, clerk.plan)
    assert fresh.tasks.cell(HEAD + 2, PLACES["lead"]).value == "Hội Khuyến học huyện;\nPhòng Nội vụ"
    assert "Không có thay đổi nào" in fresh.sent()


def test_a_second_correction_keeps_the_first(clerk: Clerk) -> None:
    for cells in ({"lead": "Phòng Nội vụ"}, {"deliverable": "báo cáo"}):
        next_clerk = Clerk(clerk.service, clerk.plan)
        next_clerk.type(1, **cells)
        page = next_clerk.sent()
        next_clerk.recorded(page, cell=ticked(page, "cell"))
    (one,) = clerk.standing()
    assert one.value == {"lead": ["Phòng Nội vụ"], "deliverable": "báo cáo"}


def test_what_both_changed_is_chosen_by_a_person(clerk: Clerk) -> None:
    row = clerk.sheet.rows[1]
    corrections.record(
        clerk.service.archive, GUEST, clerk.plan, subject=Subject.TASK, anchor=row.anchor,
        value={"lead": ["Phòng Văn hóa"]}, read=task_value(row.task), by=BY,
    )  # fmt: skip
    worker.run(clerk.service, forever=False)
    clerk.type(1, lead="Phòng Nội vụ")
    page = clerk.sent()
    name = f"{row.id}:lead"
    assert boxes(page, "cell") == [] and boxes(page, name) == ["ours", "theirs"] and ticked(page, name) == []
    assert clerk.recorded(page) == 400
    assert clerk.recorded(page, **{name: "theirs"}) == 303
    assert clerk.standing()[-1].value == {"lead": ["Phòng Nội vụ"]}


def test_a_plan_changed_since_the_page_was_shown_is_shown_again(clerk: Clerk) -> None:
    clerk.type(1, lead="Phòng Nội vụ")
    page, row = clerk.sent(), clerk.sheet.rows[1]
    corrections.record(
        clerk.service.archive, GUEST, clerk.plan, subject=Subject.TASK, anchor=row.anchor,
        value={"lead": ["Phòng Văn hóa"]}, read=task_value(row.task), by="người khác",
    )  # fmt: skip
    worker.run(clerk.service, forever=False)
    assert clerk.recorded(page, cell=ticked(page, "cell")) == 409
    assert [one.by for one in clerk.standing()] == ["người khác"]


def test_rows_and_emptied_cells_wait_for_a_tick(clerk: Clerk) -> None:
    clerk.type(1, partners=None)
    clerk.tasks.delete_rows(HEAD + 1)
    clerk.type(2, wording="Phòng Nội vụ lập danh sách cán bộ đi học", lead="Phòng Nội vụ", due="quý II/2018")
    page, sheet = clerk.sent(), clerk.sheet
    assert not any(ticked(page, name) for name in ("cell", "new", "deleted"))
    assert clerk.recorded(page) == 400 and clerk.standing() == []
    status = clerk.recorded(
        page, cell=boxes(page, "cell"), new=boxes(page, "new"), deleted=boxes(page, "deleted")
    )
    assert status == 303
    emptied, dropped, added = clerk.standing()
    assert (emptied.anchor, emptied.value) == (sheet.rows[1].anchor, {"partners": []})
    assert (dropped.anchor, dropped.value) == (sheet.rows[0].anchor, {"drop": True})
    assert list(added.anchor) == ["added"] and added.read is None
    assert added.value["wording"] == "Phòng Nội vụ lập danh sách cán bộ đi học"
    assert added.value["lead"] == ["Phòng Nội vụ"] and added.value["due"]["on"] == "2018-06-30"
    assert added.value["section"] == sheet.rows[2].section
    assert [row.cells["wording"] for row in clerk.sheet.rows][-1] == added.value["wording"]


def test_a_changed_state_is_a_decision_about_the_passage(clerk: Clerk) -> None:
    row = clerk.sheet.rows[1]
    assert row.answer is not None
    clerk.type(1, state="Hoàn thành đúng hạn")
    page = clerk.sent()
    (select,) = parse(page).all("select")
    name = select.attributes["name"]
    assert clerk.recorded(page, **{name: "fulfils"}) == 303
    (one,) = clerk.standing()
    assert one.subject is Subject.FULFILMENT
    assert one.anchor["task"] == row.anchor and one.anchor["paper"] == row.answer.paper
    read = clerk.service.findings.passage_text(GUEST, row.answer.paper)
    assert read is not None
    span = anchors.find_words(one.anchor["passage"], anchors.Text.of(read[0]), read[1])
    assert span is not None and "68/74 thôn" in span.of(read[0])
    assert one.value["status"] == "fulfils" and one.value["quote"] == span.of(read[0])
    assert one.read["status"] == row.answer.status
    assert "Không có thay đổi nào" in clerk.sent()


def test_a_typed_report_is_found_by_its_number_and_words(clerk: Clerk, add: Callable[..., str]) -> None:
    second = add(SECOND)
    clerk.type(0, number="20/BC-HKH", quote="“Quỹ khuyến học đạt 412 triệu đồng.”", state="Đang thực hiện")
    page = clerk.sent()
    assert clerk.recorded(page, **{f"evidence-{HEAD + 1}": "partial"}) == 303
    (one,) = clerk.standing()
    assert one.anchor["paper"] == second and one.value["status"] == "partial"
    assert one.read is None
    assert "Không có thay đổi nào" in clerk.sent()


def test_what_was_recorded_is_told_in_words_and_taken_back(clerk: Clerk) -> None:
    clerk.type(1, due="30/6/2018", state="Hoàn thành đúng hạn")
    page = clerk.sent()
    clerk.recorded(page, cell=ticked(page, "cell"), **{f"evidence-{HEAD + 2}": "fulfils"})
    told = unescape(re.sub(r"<[^>]+>", "", clerk.client.get(f"/documents/{clerk.plan}/corrections").text))
    assert re.search(r"thành “hạn: .*30/6/2018", told)
    assert "thành “đã xong”, máy đọc: một phần." in told
    for one in clerk.standing():
        corrections.undo(clerk.service.archive, GUEST, one.id, by=BY)
    worker.run(clerk.service, forever=False)
    assert "30/6/2018" in clerk.sent()  # the file says it still


def test_a_sheet_from_before_the_plan_was_read_anew_is_understood(clerk: Clerk) -> None:
    before = clerk.sheet
    clerk.type(1, lead="Phòng Nội vụ")
    page = clerk.sent()
    clerk.recorded(page, cell=ticked(page, "cell"))
    section = next(one for one in before.sections if one.id == before.rows[0].section)
    made = corrections.record(
        clerk.service.archive, GUEST, clerk.plan, subject=Subject.SECTION, anchor=anchors.of_section(section),
        value={"id": "ii.9", "title": section.title}, read=None, by=BY,
    )  # fmt: skip
    assert worker.correct(clerk.service, made.id, seconds=5)
    assert clerk.sheet.rows[0].id != before.rows[0].id and clerk.sheet.rows[1].cells["lead"] == "Phòng Nội vụ"
    assert "Không có thay đổi nào" in clerk.sent()
    clerk.type(0, lead="Phòng Văn hóa")
    page = clerk.sent()
    assert [name.partition(":")[0] for name in ticked(page, "cell")] == [clerk.sheet.rows[0].id]


def test_the_form_proposes_what_the_file_did(clerk: Clerk) -> None:
    clerk.type(0, number="99/BC-XX", days=4)
    clerk.type(1, due="30/6/2018", partners=None, state="Hoàn thành đúng hạn")
    clerk.tasks.delete_rows(HEAD + 3)
    clerk.type(3, wording="Việc mới", lead="Phòng Nội vụ")
    path = clerk.service.settings.data / "bang.xlsx"
    path.write_bytes(clerk.saved())
    upload = task_upload.read(path, seconds=30, memory_mib=512)
    first = task_import.propose(clerk.service, GUEST, clerk.sheet, upload)
    sent = json.loads(json.dumps(task_import.pending(first)))
    second = task_import.propose(clerk.service, GUEST, clerk.sheet, task_import.resumed(sent))
    for part in ("cells", "decisions", "new", "deleted", "stale", "unclear", "ignored"):
        assert getattr(first, part) == getattr(second, part), part
    assert first.cells and first.decisions and first.new and first.deleted and first.ignored


def test_a_hidden_sheet_that_somebody_changed_is_not_believed(clerk: Clerk) -> None:
    hidden = clerk.book["_vankho"]
    hidden.cell(3, 3).value = str(hidden.cell(3, 3).value)[:-8]
    clerk.type(1, lead="Phòng Nội vụ")
    page = clerk.sent()
    assert boxes(page, f"{clerk.sheet.rows[1].id}:lead") == ["ours", "theirs"]
    assert "Phần ẩn của bảng hỏng ở 1 hàng" in page


@pytest.mark.parametrize(
    "value",
    [
        {"anchor": {"words": "x"}, "cells": {}, "answer": None},
        {"anchor": [], "cells": {}, "answer": None},
        {"anchor": {"added": "x"}, "cells": [], "answer": None},
        {"anchor": {"added": "x"}, "cells": {}, "answer": {"paper": 1}},
        [],
    ],
)
def test_a_forged_hidden_row_is_damaged(value: object) -> None:
    said = json.dumps(value)
    packed = "z" + base64.urlsafe_b64encode(zlib.compress(said.encode())).decode()
    fingerprint = hashlib.sha256(f"doc\nid\n{said}".encode()).hexdigest()
    base = task_base.read([[task_base.MARK, "doc", "2018-01-15"], ["id", fingerprint, packed]])
    assert base is not None and base.rows == {} and base.damaged == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"state": "Hoàn thành đúng hạn"}, "Chưa có minh chứng"),
        ({"number": "99/BC-XX", "quote": "Quỹ khuyến học đạt 412 triệu đồng"}, "Kho chưa có văn bản số 99/BC-XX"),
        ({"number": "12/BC-HKH", "quote": "Quỹ khuyến học đạt 999 triệu đồng"}, "Không thấy đoạn trích này"),
        ({"number": "12/BC-HKH", "quote": "Quỹ"}, "Đoạn trích quá ngắn"),
        ({"number": "12/BC-HKH"}, "Chưa có minh chứng"),
        ({"due": "31/2/2018"}, "chưa hiểu ngày “31/2/2018”"),
        ({"due": "12/31/2018"}, "chưa hiểu ngày “12/31/2018”"),
        ({"days": 3}, "do Vankho tính, không nhập"),
        ({"wording": None}, "nội dung nhiệm vụ bị xóa trắng"),
    ],
)
def test_what_cannot_be_taken_in_is_told(clerk: Clerk, cells: dict, said: str) -> None:
    clerk.type(0, **cells)
    page = unescape(re.sub(r"<[^>]+>", "", clerk.sent()))
    assert said in page and "Không nhập được (1)" in page
    assert clerk.standing() == []


def test_an_unknown_column_and_a_missing_one_are_told(clerk: Clerk) -> None:
    clerk.tasks.cell(HEAD, 20).value = "Đồng chí phụ trách"
    clerk.tasks.cell(HEAD + 1, 20).value = "Đ/c An"
    clerk.tasks.delete_cols(PLACES["deliverable"])
    page = clerk.sent()
    assert "Đồng chí phụ trách" in page and "Cột đã bị bỏ khỏi bảng, không so: Sản phẩm" in page


def test_a_file_that_is_no_sheet_and_a_forged_form_change_nothing(clerk: Clerk) -> None:
    sent = clerk.client.post(f"/plans/{clerk.plan}/import", data={"sheet": (io.BytesIO(b"%PDF-1.4"), "x.xlsx")})
    assert sent.status_code == 400 and "Không nhập được bảng" in sent.text
    none = clerk.client.post(f"/plans/{clerk.plan}/import", data={})
    assert none.status_code == 400 and "Chưa có tệp nào" in none.text
    forged = clerk.client.post(f"/plans/{clerk.plan}/import/apply", data={"sheet": "abc.def", "by": BY})
    assert forged.status_code == 400 and clerk.standing() == []


def test_the_form_of_one_plan_is_not_taken_by_another(clerk: Clerk, add: Callable[..., str]) -> None:
    other = add(PLAN.replace("05-KH/HU", "06-KH/HU"))
    clerk.type(1, lead="Phòng Nội vụ")
    page = clerk.sent()
    sealed = parse(page).all("input", name="sheet")[0].attributes["value"]
    data = {"sheet": sealed, "by": BY, "cell": ticked(page, "cell")}
    assert clerk.client.post(f"/plans/{other}/import/apply", data=data).status_code == 400


def test_what_is_typed_is_text_on_the_page(clerk: Clerk) -> None:
    clerk.type(1, note="<script>alert(1)</script>")
    assert "<script>alert" not in clerk.sent()


def run(clerk: Clerk, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--data", str(clerk.service.settings.data), *words])
    return done.exit_code, done.stdout


def test_the_command_writes_the_files_and_takes_the_sheet_back(
    clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANKHO_TODAY", "2018-01-15")
    files = {form: tmp_path / f"a.{form}" for form in ("xlsx", "docx", "ics")}
    options = [word for form, path in files.items() for word in (f"--{form}", str(path))]
    code, out = run(clerk, "trace", "05-KH/HU", "--json", *options)
    assert code == 0 and json.loads(out)["summary"]["tasks"] == len(clerk.sheet.rows)
    assert all(path.stat().st_size for path in files.values())
    assert run(clerk, "trace", "05-KH/HU", "--import", str(files["xlsx"]))[0] == 0
    clerk.type(1, due="30/6/2018", partners=None)
    files["xlsx"].write_bytes(clerk.saved())
    shown = ["trace", "05-KH/HU", "--import", str(files["xlsx"]), "--json"]
    code, out = run(clerk, *shown)
    assert code == 1 and json.loads(out)["recorded"] == 0 and clerk.standing() == []
    code, out = run(clerk, *shown, "--apply", "changed", "--by", BY)
    assert code == 1 and json.loads(out)["recorded"] == 1  # the emptied cell is left
    assert [one.value["due"]["on"] for one in clerk.standing()] == ["2018-06-30"]
    assert run(clerk, *shown, "--apply", "emptied", "--by", BY)[0] == 0
    (one,) = clerk.standing()
    assert one.value["partners"] == [] and one.value["due"]["on"] == "2018-06-30"


def test_a_whole_import_is_undone_from_its_page(clerk: Clerk) -> None:
    clerk.type(1, lead="Phòng Nội vụ", note="xin ý kiến")
    clerk.type(2, deliverable="quyết định kiện toàn")
    page = clerk.sent()
    clerk.recorded(page, cell=ticked(page, "cell"))
    address = f"/plans/{clerk.plan}/import"
    shown = parse(clerk.client.get(address).text)
    (button,) = shown.all("button", name="number")
    assert "Hoàn tác cả lần nhập" in button.text and "2 bản sửa" in shown.all("li", class_="sheet-import")[0].text
    number = button.attributes["value"]
    answer = clerk.client.post(f"{address}/undo", data={"number": number, "by": BY}, follow_redirects=True)
    assert "Đã hoàn tác cả lần nhập" in answer.text and not clerk.standing()
    again = parse(answer.text)
    assert not again.all("button", name="number") and f"{BY} đã hoàn tác" in answer.text


def test_an_import_of_which_something_was_changed_names_it(clerk: Clerk) -> None:
    for lead in ("Phòng Nội vụ", "Phòng Văn hóa và Thông tin"):
        next_clerk = Clerk(clerk.service, clerk.plan)
        next_clerk.type(1, lead=lead)
        page = next_clerk.sent()
        next_clerk.recorded(page, cell=ticked(page, "cell"))
    before, address = clerk.standing(), f"/plans/{clerk.plan}/import"
    latest, first = (e.attributes["value"] for e in parse(clerk.client.get(address).text).all("button", name="number"))
    answer = clerk.client.post(f"{address}/undo", data={"number": first, "by": BY})
    assert answer.status_code == 409 and clerk.standing() == before
    told = parse(answer.text).all("div", role="alert")[0].text
    assert "1 chỗ của nó đã được sửa tiếp" in told and "Phòng Văn hóa và Thông tin" in told and BY in told
    for number in (latest, first):
        assert clerk.client.post(f"{address}/undo", data={"number": number, "by": BY}).status_code == 303
    assert not clerk.standing()


def test_who_undoes_an_import_gives_a_name(clerk: Clerk) -> None:
    clerk.type(1, note="xin ý kiến")
    page = clerk.sent()
    clerk.recorded(page, cell=ticked(page, "cell"))
    other, address = create_app(clerk.service).test_client(), f"/plans/{clerk.plan}/import"
    other.application.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    number = parse(other.get(address).text).all("button", name="number")[0].attributes["value"]
    answer = other.post(f"{address}/undo", data={"number": number, "by": " "})
    assert answer.status_code == 400 and len(clerk.standing()) == 1
    assert other.post(f"{address}/undo", data={"number": "1", "by": BY}).status_code == 404
