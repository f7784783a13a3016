"""Fields of a dossier's metadata: Nghị định 30/2020/NĐ-CP, Phụ lục VI, and what an archive adds."""

from __future__ import annotations

from corpus.metadata import Field, Home, Kind

_FIXED = Home.FIXED

FIELDS = (
    Field("FileCode.OrganId", "Mã định danh của cơ quan lập danh mục hồ sơ", Kind.TEXT, 13, _FIXED),
    Field("FileCode.FileCatalog", "Năm hình thành hồ sơ", Kind.NUMBER, 4, _FIXED),
    Field("FileCode.FileNotation", "Số và ký hiệu hồ sơ", Kind.TEXT, 20, _FIXED),
    Field("Title", "Tiêu đề hồ sơ", Kind.TEXT, 500, _FIXED),
    Field("Maintenance", "Thời hạn bảo quản", Kind.TEXT, 30, _FIXED),
    Field("Rights", "Chế độ sử dụng", Kind.TEXT, 30, _FIXED),
    Field("Creator", "Người lập hồ sơ", Kind.TEXT, 30, _FIXED),
    Field("Language", "Ngôn ngữ", Kind.TEXT, 50, _FIXED),
    Field("StartDate", "Thời gian bắt đầu", Kind.DATE, 10, _FIXED),
    Field("EndDate", "Thời gian kết thúc", Kind.DATE, 10, _FIXED),
    Field("DocTotal", "Tổng số văn bản trong hồ sơ", Kind.NUMBER, 4, _FIXED),
    Field("PageTotal", "Tổng số trang của hồ sơ", Kind.NUMBER, 4, _FIXED),
    Field("Description", "Ghi chú", Kind.LONG, 500, _FIXED),
    Field("SheetTotal", "Tổng số tờ của hồ sơ", Kind.NUMBER, 4, _FIXED, added=True),
    Field("Heading", "Đề mục", Kind.LONG, 500, _FIXED, added=True),
    Field("State", "Tình trạng hồ sơ", Kind.TEXT, 30, _FIXED, added=True),
    Field("LastDay", "Bảo quản đến hết ngày", Kind.DATE, 10, _FIXED, added=True),
)
