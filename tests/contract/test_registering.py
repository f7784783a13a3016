"""What a clerk is shown, on both databases: papers to be entered, doubts, metadata worked out and said."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

from archive import accept, corrections, office, registers, settings
from archive.corrections import Subject
from archive.errors import LineChanged
from archive.office import OwnBody
from archive.registers import Entry, Handling, Line, Paper, Register
from archive.viewer import GUEST
from corpus import metadata
from corpus.metadata import BadValue
from corpus.numbering import Code
from indexer import describing, registering, worker
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT

BY = "Lê Thị Thu"
OWN = OwnBody("Huyện uỷ Yên Hà", "Tỉnh ủy Lam Giang", "000.00.00.H41")
ALWAYS = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
INSIDE = (
    PLAN.replace("05-KH/HU", "07-KH/HU").replace("30 tháng 9", "15 tháng 10")
    .replace("- Thường trực Tỉnh ủy (để b/c),", "- Văn phòng Huyện ủy Yên Hà,")
)  # fmt: skip


@pytest.fixture
def service(loaded: settings.Settings) -> Iterator[Service]:
    """An archive of the district committee on each database."""
    with Service.open(replace(loaded, today="2018-01-15")) as opened:
        own = [OWN, OwnBody("Văn phòng Huyện ủy Yên Hà")]
        office.name(opened.archive, own, by=BY)
        yield opened


def _add(service: Service, *texts: str) -> list[str]:
    ids = [
        accept.accept(service.archive, GUEST, io.BytesIO(text.encode()), name=f"{n}.txt", how="test").document
        for n, text in enumerate(texts)
    ]
    worker.run(service, forever=False)
    return ids


def _waiting(service: Service, register: Register) -> list[str]:
    own = office.bodies(service.archive)
    queue = registering.waiting(service.archive, GUEST, register, own, *ALWAYS)
    assert queue.total == len(queue.shown)
    return [one.card.document for one in queue.shown]


def _enter(service: Service, document: str, day: dt.date, register: Register = Register.IN) -> Line:
    found = service.findings.analysed(GUEST, document)
    assert found is not None
    entry = Entry(day, registering.paper_of(found[0]), document)
    (line,) = registers.enter(service.archive, GUEST, register, [entry], by=BY)
    return line


def _doubts(service: Service, *lines: Line, extra: tuple[str, ...] = ()) -> list[registering.Doubtful]:
    return list(registering.doubts(service.archive, GUEST, lines, office.bodies(service.archive), extra))


def test_what_others_issued_came_and_what_the_office_issued_went(service: Service) -> None:
    plan, directive, report = _add(service, PLAN, DIRECTIVE, REPORT)
    assert _waiting(service, Register.OUT) == [plan]
    assert _waiting(service, Register.IN) == [directive, report]
    line = _enter(service, directive, dt.date(2018, 1, 12))
    assert (line.paper.number, line.paper.kind, line.paper.issuer) == ("19-CT/TU", "Chỉ thị", "Tỉnh ủy Lam Giang")
    assert _waiting(service, Register.IN) == [report]
    registers.strike(service.archive, line, why="nhầm", by=BY)
    assert _waiting(service, Register.IN) == [directive, report]


def test_a_person_puts_a_paper_into_the_other_register_or_into_none(service: Service) -> None:
    plan, directive, report = _add(service, PLAN, DIRECTIVE, REPORT)
    for document, into in ((report, "none"), (directive, "out")):
        corrections.record(
            service.archive, GUEST, document, subject=Subject.REGISTER, anchor={}, value={"register": into}, read=None,
            by=BY,
        )  # fmt: skip
    assert _waiting(service, Register.IN) == []
    assert _waiting(service, Register.OUT) == [directive, plan]  # by their own days


def test_a_paper_for_the_office_s_own_bodies_alone_is_internal(service: Service) -> None:
    _add(service, PLAN, INSIDE)
    queue = registering.waiting(service.archive, GUEST, Register.OUT, office.bodies(service.archive), *ALWAYS)
    assert [(one.card.number, one.internal) for one in queue.shown] == [("05-KH/HU", False), ("07-KH/HU", True)]


def test_old_papers_are_not_taken_for_the_day_s_post(service: Service) -> None:
    _add(service, DIRECTIVE)
    (one,) = registering.waiting(service.archive, GUEST, Register.IN, (OWN,), *ALWAYS).shown
    assert not one.likely and replace(one, day=dt.date(2016, 9, 1)).likely


def test_doubts_are_seen_and_settled_by_a_person(service: Service) -> None:
    first, second, report = _add(service, DIRECTIVE, DIRECTIVE.replace("công tác khuyến học", "việc học"), REPORT)
    lines = [_enter(service, one, dt.date(2017, 11, day)) for one, day in ((first, 20), (second, 20), (report, 10))]
    found = _doubts(service, *lines)
    assert [(one.doubt.code, one.doubt.name) for one in found] == [
        (Code.TWICE, second), (Code.LATE, report), (Code.ARRIVAL, report),
    ]  # fmt: skip
    twice = found[0]
    assert twice.doubt.others == (first,) and set(twice.cards) == {first, second}
    corrections.record(
        service.archive, GUEST, first, subject=Subject.DOUBT, anchor=registering.anchor(twice.doubt),
        value={"note": "hai bản"}, read=None, by=BY,
    )  # fmt: skip
    settled = [one.settled.by if one.settled else None for one in _doubts(service, *lines)]
    assert settled == [BY, None, None]
    # also where the other paper of the two is looked at; and only for this doubt
    assert [bool(one.settled) for one in _doubts(service, extra=(first,))] == [True]


def test_gaps_in_the_office_s_own_numbers_are_told_where_they_end(service: Service) -> None:
    _, inside = _add(service, PLAN, INSIDE)
    (gap,) = _doubts(service, _enter(service, inside, dt.date(2016, 10, 15), Register.OUT))
    assert (gap.doubt.code, gap.doubt.missing) == (Code.GAP, ((6, 6),))
    paper = Paper("Huyện ủy Yên Hà", "06-KH/HU", dt.date(2016, 10, 3), "Kế hoạch", "trên giấy")
    (unheld,) = registers.enter(service.archive, GUEST, Register.OUT, [Entry(dt.date(2016, 10, 3), paper)], by=BY)
    line = registers.get(service.archive, GUEST, Register.OUT, 2016, 1)
    assert _doubts(service, line, unheld) == []  # registered, though not held


def test_versions_of_one_paper_are_no_doubt(service: Service) -> None:
    first, second = _add(service, DIRECTIVE, DIRECTIVE.replace("công tác khuyến học", "việc học"))
    made = corrections.record(
        service.archive, GUEST, second, subject=Subject.VERSION, anchor={"other": first}, value={"same": True},
        read=None, by=BY,
    )  # fmt: skip
    assert worker.correct(service, made.id, seconds=0)
    assert _doubts(service, extra=(first, second)) == []
    assert _waiting(service, Register.IN) == [first]


# Metadata


def _described(service: Service, document: str) -> describing.Description:
    own = office.bodies(service.archive)
    return describing.describe(service.archive, GUEST, [document, "khongco"], own)[document]


def test_metadata_are_worked_out_of_the_paper_and_its_line(service: Service) -> None:
    plan, report = _add(service, PLAN, REPORT)
    _enter(service, report, dt.date(2017, 12, 6))
    went, came = _described(service, plan), _described(service, report)
    assert [field.name for field in metadata.asked("out")] == list(went.values)
    assert [field.name for field in metadata.asked("in")] == list(came.values)
    assert {name: one.text for name, one in came.values.items() if one.text} == {
        "FileCode.OrganId": "000.00.00.H41", "FileCode.FileCatalog": "2017", "TypeName": "Báo cáo", "CodeNumber": "12",
        "CodeNotation": "BC-HKH", "IssuedDate": "2017-12-05", "OrganName": "Hội Khuyến học huyện Yên Hà",
        "Subject": "Kết quả công tác khuyến học, khuyến tài năm 2017", "Language": "Tiếng Việt",
        "ArrivalDate": "2017-12-06", "ArrivalNumber": "1", "SignerInfo.Position": "CHỦ TỊCH",
        "SignerInfo.FullName": "Nguyễn Thị Hoa", "Priority": "0",
    }  # fmt: skip
    assert went.values["DocCode"].text == "000.00.00.H41,2016/09/30,05-KH/HU"
    assert went.values["To"].text.split("\n")[0] == "Thường trực Tỉnh ủy (để b/c)"


def test_each_change_goes_where_its_value_lives(service: Service) -> None:
    (report,) = _add(service, REPORT)
    _enter(service, report, dt.date(2017, 12, 6))
    description = _described(service, report)
    given = {
        "CodeNumber": "13", "Subject": "Kết quả năm", "Priority": "2", "ToPlaces": "Ban Tuyên giáo",
        "DueDate": "20/12/2017", "ArrivalDate": "7/12/2017", "Keyword": " khuyến  học ", "Language": "",
    }  # fmt: skip
    changed = describing.changes(description, given)
    last = describing.apply(service.archive, GUEST, description, changed, by=BY)
    assert last and worker.correct(service, last, seconds=0)
    after = _described(service, report)
    assert {name: after.values[name].text for name in given} == {
        **given, "DueDate": "2017-12-20", "ArrivalDate": "2017-12-07", "Keyword": "khuyến học",
    }  # fmt: skip
    assert after.heading.number == "13/BC-HKH" and after.heading.urgency == "THƯỢNG KHẨN"
    assert after.line and after.line.handling == Handling("Ban Tuyên giáo", due=dt.date(2017, 12, 20))
    assert (after.values["Language"].said_by, after.values["Language"].worked) == (BY, "Tiếng Việt")
    assert describing.changes(after, {name: one.text for name, one in after.values.items()}) == {}
    with pytest.raises(LineChanged):
        describing.apply(service.archive, GUEST, description, {"ToPlaces": "ai khác", "Keyword": "x"}, by=BY)
    assert _described(service, report).values["Keyword"].text == "khuyến học"


REFUSED = (
    ("IssuedDate", "hôm qua", "chưa hiểu ngày"), ("PageAmount", "nhiều", "chữ số"),
    ("PageAmount", "12345", "chữ số"), ("Priority", "7", "từ 0 đến 4"),
    ("TypeName", "Bài thơ", "không có tên loại"),
    ("ArrivalNumber", "5", "do sổ cấp"), ("ArrivalDate", "2018-01-02", "sổ năm 2017"),
    ("IssuedAmount", "5", "không có trường"), ("Hoạ", "5", "không có trường"),
    ("Keyword", "x" * 3000, "dài quá"),
)  # fmt: skip


def test_what_a_field_cannot_hold_is_refused(service: Service) -> None:
    (report,) = _add(service, REPORT)
    _enter(service, report, dt.date(2017, 12, 6))
    for name, value, told in REFUSED:
        with pytest.raises(BadValue, match=told):
            describing.changes(_described(service, report), {name: value})


def test_what_a_register_holds_waits_for_the_register(service: Service) -> None:
    (report,) = _add(service, REPORT)
    with pytest.raises(BadValue, match="chưa vào sổ"):
        describing.changes(_described(service, report), {"DueDate": "20/12/2017"})
