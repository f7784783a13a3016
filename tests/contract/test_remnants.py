"""Where a withdrawn paper's number or title stands in words that people typed of more than it; on both databases."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from archive import accept, dossiers, filing, fixity, ledger, registers, remnants, saved, schema, withdrawal
from archive.archive import Archive
from archive.database import reader
from archive.filing import Planned
from archive.registers import Entry, Paper, Register
from archive.remnants import Remnants
from archive.viewer import GUEST, SYSTEM
from tests.contract.dossier_acts import BY, DAY

NUMBER, TITLE = "77-TB/HU", "Phương án bảo vệ kho vật tư dự phòng của huyện Yên Hà năm 2017"


def opened(archive: Archive, code: str, title: str, note: str = "") -> str:
    return filing.start(archive, GUEST, Planned(code, title, note=note), year=2017, on=DAY, by=BY)


def kept(archive: Archive, name: str, **asked: str) -> int:
    given = {key: (value,) for key, value in asked.items()}
    return saved.record(archive, GUEST, name=name, asked=given, answering=(), by=BY).id


@pytest.fixture
def secret(archive: Archive) -> str:
    """A paper that a person registered."""
    stream = io.BytesIO(b"noi dung")
    document = accept.accept(archive, GUEST, stream, name="quét 0001.pdf", how="test").document
    registers.enter(archive, GUEST, Register.IN, [Entry(DAY, Paper(number=NUMBER, title=TITLE), document)], by=BY)
    return document


def test_words_of_others_are_left_alone_and_shown(archive: Archive, secret: str) -> None:
    named = opened(archive, "01", "Thực hiện Thông báo số 77-TB/HU và các báo cáo")
    noted = opened(archive, "02", "Kho tàng", note="phương án bảo vệ KHO VẬT TƯ dự phòng của huyện yên hà")
    other = opened(archive, "03", "Thông báo số 177-TB/HU; phương án bảo vệ kho vật tư; năm 2017")
    by_name, by_query = kept(archive, TITLE, q="kho"), kept(archive, "kho", q='"77-tb/hu"')
    kept(archive, "khác", q="phương án bảo vệ")
    withdrawal.withdraw(archive, SYSTEM, secret)
    found = remnants.of(archive, GUEST, secret)
    assert [one for one, _ in found.dossiers] == [named, noted]
    assert [one for one, _ in found.searches] == [by_name, by_query]
    assert dossiers.get(archive, GUEST, other).title.startswith("Thông báo số 177")
    assert dossiers.get(archive, GUEST, named).title.endswith("77-TB/HU và các báo cáo"), "no machine changes it"
    with reader(archive.engine) as connection:
        query = sa.select(schema.event.c.details).where(schema.event.c.kind == remnants.LEFT)
        (details,) = connection.scalars(query)
    assert ledger.said(details) == {"dossiers": [named, noted], "searches": [by_name, by_query]}, "no word of the paper"
    assert list(fixity.check(archive)) == []


def test_what_a_person_changed_or_dropped_is_shown_no_more(archive: Archive, secret: str) -> None:
    dossier, search = opened(archive, "01", f"Hồ sơ {NUMBER}"), kept(archive, NUMBER, q="x")
    withdrawal.withdraw(archive, SYSTEM, secret)
    withdrawal.withdraw(archive, SYSTEM, secret)  # as after a crash
    assert remnants.of(archive, GUEST, secret) == Remnants(((dossier, f"Hồ sơ {NUMBER}"),), ((search, NUMBER),))
    filing.change(archive, GUEST, dossier, {"title": "Hồ sơ kho"}, by=BY)
    saved.drop(archive, GUEST, search, by=BY)
    assert not remnants.of(archive, GUEST, secret)


def test_words_that_were_read_count_and_short_ones_do_not(archive: Archive) -> None:
    document = accept.accept(archive, GUEST, io.BytesIO(b"x"), name="kho.pdf", how="test").document
    opened(archive, "01", "Kho vật tư")
    read = opened(archive, "02", "Công văn 12-CV/VP năm 2017")
    withdrawal.withdraw(archive, SYSTEM, document, words=["12-CV/VP", "vật tư"])
    assert [one for one, _ in remnants.of(archive, GUEST, document).dossiers] == [read]
    assert not remnants.of(archive, GUEST, "sha512:none")
