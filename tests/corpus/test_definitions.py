"""Words a text defines mean afterwards what it said: documents and bodies."""

from __future__ import annotations

import time

import pytest

from corpus import definitions
from corpus.analyse import analyse
from corpus.model import Analysis, Body

PLAN = """ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN YÊN HÀ\tĐộc lập - Tự do - Hạnh phúc
Số: 31/KH-UBND\tYên Hà, ngày 08 tháng 5 năm 2017

KẾ HOẠCH
Phát triển thư viện cơ sở

{text}

Nơi nhận:\tTM. ỦY BAN NHÂN DÂN
- Lưu: VT.\tCHỦ TỊCH
\tTrần Quang Minh
"""


def read(text: str) -> Analysis:
    return analyse(Body(PLAN.format(text=text), media_type="text/plain", source="text"))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Đề án phát triển thư viện (sau đây gọi tắt là Đề án) gồm", ["Đề án"]),
        ("Kế hoạch số 5/KH-UBND (sau đây gọi là Kế hoạch tỉnh);", ["Kế hoạch tỉnh"]),
        ("thủ tục hành chính (viết tắt là TTHC)", ["TTHC"]),
        ("Hội đồng thẩm định (sau đây được viết tắt là “HĐTĐ”)", ["HĐTĐ"]),
        ("Ban Chỉ đạo (dưới đây gọi chung là Ban)", ["Ban"]),
        ("Ban Quản lý quỹ, sau đây gọi tắt là Ban Quản lý, có trách nhiệm", ["Ban Quản lý"]),
        ("người đại diện gọi là trưởng thôn", []),  # no definition: it says what somebody is called
        ("các quy định sau đây: (1) gửi báo cáo", []),
        ("nêu tại khoản sau đây.", []),
        ("cách viết tắt: viết bằng chữ in hoa", []),
    ],
)
def test_definitions_are_found(text: str, terms: list[str]) -> None:
    found = definitions.find(text)
    assert [definition.term for definition in found] == terms
    assert all(definition.term in " ".join(definition.span.of(text).split()) for definition in found)


def cited(text: str) -> list[tuple[str, str | None]]:
    return [(citation.text, citation.number) for citation in read(text).citations]


def test_a_defined_name_means_the_document_it_was_given_to() -> None:
    found = cited(
        "Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2017 của Ủy ban nhân dân tỉnh Lam Giang về thư viện công cộng "
        "(sau đây gọi là Kế hoạch tỉnh), Ủy ban nhân dân huyện lập kế hoạch:\n\nI. Mục tiêu\n\n"
        "1. Đạt các chỉ tiêu của Kế hoạch tỉnh; vượt mục II.3 Kế hoạch tỉnh."
    )
    assert found[1:] == [("Kế hoạch tỉnh", "12/KH-UBND"), ("Kế hoạch tỉnh", "12/KH-UBND")]


def test_the_scheme_a_decision_approves_goes_by_its_number() -> None:
    text = (
        "Thực hiện Quyết định số 329/QĐ-TTg ngày 15/3/2017 của Thủ tướng Chính phủ phê duyệt Đề án phát triển văn hóa "
        "đọc (sau đây gọi tắt là Đề án), Ủy ban nhân dân huyện lập kế hoạch:\n\nI. Mục tiêu\n\n"
        "1. Tuyên truyền nội dung của Đề án.\n"
        "2. Thẩm định các Đề án, xây dựng Đề án phát triển chợ; Ban Chỉ đạo Đề án họp."
    )
    analysis = read(text)
    assert [(c.text, c.number, c.section) for c in analysis.citations[1:]] == [("Đề án", "329/QĐ-TTg", "i.1")]
    assert analysis.citations[0].title == "phê duyệt Đề án phát triển văn hóa đọc"


def test_a_name_given_to_the_document_itself_means_no_other() -> None:
    assert cited(
        "Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2017 của Ủy ban nhân dân tỉnh Lam Giang, Ủy ban nhân dân huyện "
        "ban hành Kế hoạch phát triển thư viện cơ sở (sau đây gọi tắt là Kế hoạch):\n\nI. Mục tiêu\n\n"
        "1. Kế hoạch được thực hiện ở các xã."
    ) == [("Kế hoạch số 12/KH-UBND ngày 05/01/2017 của Ủy ban nhân dân tỉnh Lam Giang", "12/KH-UBND")]


def test_a_defined_body_is_named_in_full_as_the_one_who_leads() -> None:
    tasks = read(
        "I. Nhiệm vụ\n\n"
        "1. Ban Chỉ đạo phát triển văn hóa đọc huyện (sau đây gọi tắt là Ban Chỉ đạo) chủ trì kiểm tra các xã.\n\n"
        "2. Ban Chỉ đạo tổ chức sơ kết trước ngày 30/12/2017.\n\n"
        "3. Phòng Văn hóa và Thông tin huyện (viết tắt là VHTT) chủ trì, phối hợp với Ban Chỉ đạo tập huấn."
    ).tasks
    full = "Ban Chỉ đạo phát triển văn hóa đọc huyện"
    assert [(task.lead, task.partners) for task in tasks] == [
        ((full,), ()), ((full,), ()), (("Phòng Văn hóa và Thông tin huyện",), (full,))
    ]  # fmt: skip


def test_a_class_of_bodies_stays_as_the_text_calls_it() -> None:
    assert not definitions.bodies("Ủy ban nhân dân các tỉnh (gọi tắt là tỉnh), Bộ Nội vụ và các bộ (gọi tắt là bộ)")


def test_hostile_text_takes_linear_time() -> None:
    def seconds(size: int) -> float:
        text = "Kế hoạch số 1/KH-UBND (sau đây gọi là Kế hoạch tỉnh) Kế hoạch tỉnh " * size
        start = time.process_time()
        analyse(Body(text, media_type="text/plain", source="text"))
        return time.process_time() - start

    seconds(50)
    assert seconds(1600) < 10 * max(seconds(400), 0.05)
