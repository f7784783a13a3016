"""Secret papers never stay, wherever they come in; what came inside a file becomes papers of its own."""

from __future__ import annotations

import email.message
import io
import zipfile
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from archive import accept
from archive.database import reader
from archive.errors import SecretMark
from archive.viewer import GUEST, SYSTEM
from indexer import checking, withdrawing, worker
from indexer.views import Filters, State
from indexer.wiring import Service
from tests.web.papers import DIRECTIVE, PLAN, REPORT

SECRET = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
BAN CHỈ HUY QUÂN SỰ\tĐộc lập - Tự do - Hạnh phúc
Số: 02/PA-BCH\tYên Hà, ngày 05 tháng 3 năm 2017
{mark}

PHƯƠNG ÁN
Bảo vệ công trình phòng thủ
Căn cứ nhiệm vụ năm 2017, Ban Chỉ huy lập phương án như sau.
"""
SPEAKS = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 44/UBND-NC\tYên Hà, ngày 05 tháng 3 năm 2017
V/v bảo vệ bí mật nhà nước

Kính gửi: Các phòng, ban
Ủy ban nhân dân huyện yêu cầu xác định đúng độ mật của từng văn bản (Mật, Tối mật, Tuyệt mật).
"""


def _zip(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.txt", text)
    return written.getvalue()


def _message(text: str) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@x", "b@x", "Gửi kế hoạch"
    message.set_content("Kính gửi kế hoạch kèm theo.")
    message.add_attachment(text.encode(), maintype="text", subtype="plain", filename="Kế hoạch 05.txt")
    return message.as_bytes()


def _held(service: Service) -> dict[str, int]:
    return service.findings.counts(GUEST)


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@pytest.mark.parametrize("wrap", [str.encode, lambda text: _zip(x=PLAN, y=text), _message])
def test_a_stamped_paper_is_refused_at_the_door(mark: str, wrap: Callable[[str], bytes], service: Service) -> None:
    with pytest.raises(SecretMark, match=f"có dấu {mark}"):
        service.accept(GUEST, io.BytesIO(wrap(SECRET.format(mark=mark))), name="Phương án.txt", how="web")
    assert _held(service)["documents"] == 0
    assert list(checking.check(service)) == []


def test_a_paper_that_speaks_of_secrecy_is_taken(service: Service, add: Callable[..., str]) -> None:
    document = add(SPEAKS)
    assert service.findings.cards(GUEST, [document])[document].state == State.SEARCHABLE


def test_a_mark_that_only_the_worker_sees_withdraws_the_paper(service: Service) -> None:
    """As for a scan, whose mark is known only once it is recognised: it came past the door."""
    stream = io.BytesIO(SECRET.format(mark="MẬT").encode())
    document = accept.accept(service.archive, GUEST, stream, name="Bản quét.txt", how="web").document
    worker.run(service, forever=False)
    card = service.findings.cards(GUEST, [document])[document]
    assert (card.state, card.number, card.title) == (State.REFUSED, None, None)
    assert "đã được xóa khỏi kho" in (card.reason or "")
    assert not service.archive.store.place(document).exists()
    assert service.search(SYSTEM, "công trình phòng thủ", filters=Filters(), limit=5).total == 0
    assert list(checking.check(service)) == []
    everything = b"".join(p.read_bytes() for p in service.settings.data.rglob("*") if p.is_file())
    assert "công trình phòng thủ".encode() not in everything


@pytest.mark.parametrize("wrap", [lambda: _zip(a=PLAN, b=DIRECTIVE), lambda: _message(PLAN)])
def test_what_came_inside_a_file_becomes_papers_of_their_own(wrap: Callable[[], bytes], service: Service) -> None:
    container = service.accept(GUEST, io.BytesIO(wrap()), name="Hồ sơ", how="web").document
    worker.run(service, forever=False)
    view = service.findings.document(GUEST, container)
    assert view is not None
    assert "05-KH/HU" in {card.number for card in view.parts}
    plan = next(card.document for card in view.parts if card.number == "05-KH/HU")
    inside = service.findings.document(GUEST, plan)
    assert inside is not None and inside.came_in is not None and inside.came_in.document == container
    assert [card.document for card in service.findings.identify(GUEST, "05-KH/HU")] == [plan]
    service.read_again({container})
    assert _held(service)["documents"] == 1 + len(view.parts)
    assert list(checking.check(service)) == []


def _everywhere(service: Service) -> str:
    """All that the catalogue and the derived tables say, and all bytes of the data folder."""
    said = []
    with reader(service.archive.engine) as connection:
        for name in sa.inspect(connection).get_table_names():
            said += [str(tuple(row)) for row in connection.execute(sa.text(f'SELECT * FROM "{name}"'))]
    files = [path for path in service.settings.data.rglob("*") if path.is_file()]
    return "\n".join([*said, *(path.read_bytes().decode("utf-8", "ignore") for path in files)])


def test_of_a_paper_that_was_found_and_linked_no_word_stays_when_it_is_withdrawn(service: Service) -> None:
    report = REPORT.replace("Quỹ khuyến học", "Quỹ khuyếnmật học")
    said = {"name": "báo cáo khuyếnmật.txt", "how": "test"}
    one = accept.accept(service.archive, GUEST, io.BytesIO(report.encode()), **said).document
    for text in (DIRECTIVE, PLAN):
        accept.accept(service.archive, GUEST, io.BytesIO(text.encode()), name="x.txt", how="test")
    worker.run(service, forever=False)
    assert service.search(GUEST, "khuyếnmật", filters=Filters(), limit=5).total == 1
    assert "khuyếnmật" in _everywhere(service)
    original = service.archive.store.original(one, 1)
    withdrawing.withdraw(service, one, original)
    withdrawing.withdraw(service, one, original)
    worker.run(service, forever=False)
    found = _everywhere(service)
    assert "khuyếnmật" not in found and "khuyenmat" not in found
    assert service.search(GUEST, "khuyến học", filters=Filters(), limit=5).total == 2
    assert list(checking.check(service)) == []
