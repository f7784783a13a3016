"""Which dossier a paper may belong to: by the chain of one matter, by titles; never filed by itself."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest

from archive import accept, dossiers, filing
from archive.filing import Planned
from archive.settings import Settings
from archive.viewer import GUEST
from indexer import gathering, worker
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT

OTHER = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG NÔNG NGHIỆP\tĐộc lập - Tự do - Hạnh phúc
Số: 7/BC-PNN\tYên Hà, ngày 05 tháng 6 năm 2017

BÁO CÁO
Kết quả phòng, chống dịch tả lợn trên địa bàn huyện

Phòng Nông nghiệp báo cáo như sau: đã tiêm phòng 4.100 con.
"""
BY = "Lê Thị Thu"
DAY = dt.date(2017, 1, 3)


@pytest.fixture
def service(loaded: Settings) -> Iterator[Service]:
    """A service on either database."""
    with Service.open(loaded) as opened:
        yield opened


def _papers(service: Service) -> tuple[str, ...]:
    made = tuple(
        accept.accept(service.archive, GUEST, io.BytesIO(text.encode()), name="a.txt", how="test").document
        for text in (DIRECTIVE, PLAN, REPORT, OTHER)
    )
    worker.run(service, forever=False)
    return made


def _opened(service: Service, code: str, title: str, *papers: str) -> str:
    made = filing.start(service.archive, GUEST, Planned(code, title), year=2017, on=DAY, by=BY)
    filing.put(service.archive, GUEST, made, papers, by=BY)
    return made


def test_a_report_is_proposed_for_the_dossier_of_the_plan_it_answers(service: Service) -> None:
    directive, plan, report, other = _papers(service)
    learning = _opened(service, "03.TG", "Xây dựng xã hội học tập", plan)
    _opened(service, "04.NN", "Phòng, chống dịch bệnh gia súc")
    found = gathering.propose(service.archive, GUEST, [directive, plan, report, other])
    assert {document: some[0].dossier.id for document, some in found.items()} == {directive: learning, report: learning}
    reasons = " ".join(found[report][0].reasons)
    assert "05-KH/HU" in reasons and "cùng năm 2017" in reasons
    assert "cùng nói về “Xây dựng xã hội học tập”" in found[directive][0].reasons
    assert dossiers.memberships(service.archive, GUEST, learning) == (plan,)  # proposed, not filed


def test_a_title_alone_is_enough_for_a_planned_dossier(service: Service) -> None:
    *_, other = _papers(service)
    (planned,) = filing.plan(
        service.archive, GUEST, [Planned("04.NN", "Phòng, chống dịch tả lợn")], year=2017, by=BY
    )
    (one,) = gathering.propose(service.archive, GUEST, [other])[other]
    assert one.dossier.id == planned and any("dịch tả lợn" in reason for reason in one.reasons)


def test_what_a_person_said_does_not_belong_is_not_proposed_again(service: Service) -> None:
    directive, plan, report, _ = _papers(service)
    learning = _opened(service, "03.TG", "Xây dựng xã hội học tập", plan)
    assert {p.document for p in gathering.missing_from(service.archive, GUEST, learning)} == {directive, report}
    filing.take_out(service.archive, GUEST, learning, report, by=BY)
    assert {p.document for p in gathering.missing_from(service.archive, GUEST, learning)} == {directive}
    assert report not in gathering.propose(service.archive, GUEST, [report])


def test_a_closed_dossier_is_not_proposed(service: Service) -> None:
    directive, plan, _, _ = _papers(service)
    learning = _opened(service, "03.TG", "Xây dựng xã hội học tập", plan)
    from archive import appraisal
    from archive.retention import Term

    appraisal.decide(service.archive, GUEST, learning, Term("5"), basis="", reason="x", by=BY)
    lines = {plan: dossiers.Described()}
    filing.close(service.archive, GUEST, learning, ended_on=dt.date(2017, 12, 29), lines=lines, by=BY)
    assert gathering.propose(service.archive, GUEST, [directive]) == {}
