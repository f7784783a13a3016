"""Papers of a fictional district, and the site that shows them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from archive import accept
from archive.settings import Settings
from archive.viewer import GUEST
from indexer.wiring import Service

PLAN = """HUYỆN ỦY YÊN HÀ\tĐẢNG CỘNG SẢN VIỆT NAM
*\tYên Hà, ngày 30 tháng 9 năm 2016
Số 05-KH/HU

KẾ HOẠCH
về xây dựng xã hội học tập giai đoạn 2016-2020

Thực hiện Chỉ thị số 19-CT/TU ngày 24/8/2016 của Ban Thường vụ Tỉnh ủy về xây dựng xã hội học tập,
Ban Thường vụ Huyện ủy ban hành Kế hoạch như sau:

I. MỤC ĐÍCH
1. Mọi người dân hiểu học tập là quyền lợi và trách nhiệm của mình.
II. NHIỆM VỤ
1. Các chi bộ học tập lại Chỉ thị số 11-CT/TW ngày 13/4/2007 của Bộ Chính trị.
2. Giao Hội Khuyến học huyện chủ trì, phối hợp với Phòng Giáo dục và Đào tạo phát triển
tổ chức hội ở cơ sở, phấn đấu 95% thôn, khu phố có chi hội khuyến học, hoàn thành trước ngày 31/12/2017.
III. TỔ CHỨC THỰC HIỆN
1. Giao Ủy ban nhân dân huyện kiện toàn Ban Chỉ đạo xây dựng xã hội học tập,
hoàn thành trước ngày 30/11/2016.

Nơi nhận:
- Thường trực Tỉnh ủy (để b/c),
- Lưu VPHU.
T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ
Trần Văn Lực
"""
DIRECTIVE = """TỈNH ỦY LAM GIANG\tĐẢNG CỘNG SẢN VIỆT NAM
*\tLam Giang, ngày 24 tháng 8 năm 2016
Số 19-CT/TU

CHỈ THỊ
về xây dựng xã hội học tập

Ban Thường vụ Tỉnh ủy yêu cầu các cấp ủy thực hiện tốt công tác khuyến học, khuyến tài.

T/M BAN THƯỜNG VỤ
BÍ THƯ
Lê Minh Quang
"""
REPORT = """UBND HUYỆN YÊN HÀ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HỘI KHUYẾN HỌC\tĐộc lập - Tự do - Hạnh phúc
Số: 12/BC-HKH\tYên Hà, ngày 05 tháng 12 năm 2017

BÁO CÁO
Kết quả công tác khuyến học, khuyến tài năm 2017

Thực hiện Kế hoạch số 05-KH/HU ngày 30/9/2016 của Ban Thường vụ Huyện ủy,
Hội Khuyến học huyện báo cáo như sau:

I. KẾT QUẢ
1. Đến nay toàn huyện có 68/74 thôn, khu phố đã thành lập chi hội khuyến học với 9.412 hội viên,
phát triển tổ chức hội ở cơ sở đạt 91,9%.
2. Quỹ khuyến học đạt 412 triệu đồng.

CHỦ TỊCH
Nguyễn Thị Hoa
"""
TODAY = "2018-01-15"
HOSTILE_NAME = 'x"><script>alert(1)</script>.txt'
HOSTILE = "Biên bản họp thôn <b>đậm</b> & <script>alert('chữ')</script> về đường làng."


@dataclass(frozen=True, slots=True)
class Site:
    """The site under test and the ids of its papers."""

    service: Service
    client: FlaskClient
    plan: str
    directive: str
    report: str
    hostile: str
    unreadable: str


def accepted(service: Service, name: str, data: bytes) -> str:
    """Hand a file in; its document's id."""
    return accept.accept(service.archive, GUEST, io.BytesIO(data), name=name, how="test").document


def settings_in(folder: Path) -> Settings:
    """Settings of a fresh archive."""
    database = f"sqlite:///{folder / 'catalogue.sqlite'}"
    return Settings(data=folder, database=database, max_upload=2, today=TODAY)
