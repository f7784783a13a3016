"""What was done to a signed PDF afterwards, called what it is, in Vietnamese: for the reasons and notes of verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive import signers
from archive.byteranges import Raw
from archive.pades import Structure, Structures
from archive.shadow import pages
from archive.updates import Update
from archive.verdicts import Changes

ALLOWED = {
    1: "người ký chứng nhận và không cho phép thay đổi gì về sau",
    2: "người ký chứng nhận và chỉ cho phép điền ô, ký vào ô có sẵn",
    3: "người ký chứng nhận và chỉ cho phép điền ô, ký vào ô có sẵn, thêm ghi chú",
}
Raws = Mapping[tuple[int, ...], Raw]


def named(structures: Structures, raws: Raws, structure: Structure) -> str:
    """The change that matters."""
    update = structure.update
    found = _altered(update)
    if structure.allows and update.signed and not found:
        return _sealed_later(structures, raws, structure)
    if not found and update.filled:
        found.append(f"có điền ô mà chữ ký đã khóa: {_listed(update.filled)}")
    if not found and update.signed:
        found.append(f"có thêm ô chữ ký ngoài những gì được phép: {_listed(update.signed)}")
    if not structure.revision:
        found.append("chữ ký không bao trùm trọn bản sửa đổi chứa nó")
    return "sau khi ký: " + "; ".join(found or ["tệp có thay đổi ngoài những gì được phép"])


def _altered(update: Update) -> list[str]:
    found = []
    if update.pages:
        found.append(f"số trang đổi từ {update.pages[0]} thành {update.pages[1]}")
    on_pages = (
        (update.content, "nội dung {} bị sửa"),
        (update.comments, "có ghi chú hoặc hình vẽ thêm hoặc sửa ở {}"),
        (update.removed, "ghi chú hoặc hình vẽ ở {} bị gỡ"),
        (update.links, "liên kết ở {} bị thêm, sửa hoặc gỡ"),
        (update.shape, "khổ giấy, vùng cắt hoặc chiều xoay của {} bị đổi"),
        (update.resources, "phông chữ, hình hoặc lớp dùng ở {} bị thay"),
    )
    found += [words.format(pages(numbers)) for numbers, words in on_pages if numbers]
    on_fields = (
        (update.overwritten, "ô đã có giá trị hoặc đang hiện chữ khi ký bị thay: {}"),
        (update.restyled, "cách hiện của ô đã có giá trị bị đổi: {}"),
        (update.reworked, "vị trí hoặc thao tác của ô bị đổi: {}"),
        (update.added, "có ô biểu mẫu thêm vào: {}"),
    )
    found += [words.format(_listed(names)) for names, words in on_fields if names]
    if update.parts:
        found.append("bị thêm hoặc sửa: " + ", ".join(update.parts[:5]))
    return found


def _sealed_later(structures: Structures, raws: Raws, structure: Structure) -> str:
    """A paper certified first and sealed after: nothing of it is false, only the order of signing is not allowed."""
    later = [_by(structures, raws, name) for name in structure.update.signed[:5]]
    added = f"sau đó có thêm {len(structure.update.signed)} chữ ký vào ô mới: {', '.join(later)}"
    said = [f"{ALLOWED[structure.allows or 1]}; {added}", *_counted((), structure.update.filled)]
    advice = "để hợp lệ, cần tạo sẵn ô cho con dấu rồi mới ký chứng nhận"
    return "; ".join([*said, "chữ và hình trên các trang đã ký không đổi", advice])


def _by(structures: Structures, raws: Raws, field: str) -> str:
    """Who signed a field, as far as its certificate says."""
    found = [raws[one.range] for one in structures.found if one.name == field and one.range in raws]
    names = [signers.common_name(raw.signed.certificate) for raw in found if raw.signed]
    return f"«{field}» của {names[0]}" if names and names[0] else f"«{field}»"


def noted(structures: Structures, raws: Raws, structure: Structure) -> tuple[str, ...]:
    """What was added and is allowed."""
    update = structure.update
    stamps = {one.name for one in structures.found if one.range in raws and raws[one.range].stamp}
    signed = [name for name in update.signed if name not in stamps]
    found = _counted(signed, update.filled)
    if update.proofs or len(signed) < len(update.signed):
        found.append("sau khi ký có thêm dữ liệu xác minh lâu dài hoặc dấu thời gian")
    if update.about:
        found.append("sau khi ký có sửa thông tin mô tả tệp (tiêu đề, tác giả), không sửa nội dung trang")
    if not found and structure.changes in (Changes.NONE, Changes.LTA):
        found.append("sau khi ký có bản sửa đổi không thay gì trong nội dung hiện ra")
    return tuple(found) or ("sau khi ký có thay đổi",)


def _counted(signed: Sequence[str], filled: Sequence[str]) -> list[str]:
    found = []
    if filled:
        found.append("sau khi ký có điền ô biểu mẫu " + _listed(filled))
    if signed:
        found.append(f"sau khi ký có thêm {len(signed)} chữ ký")
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"«{name}»" for name in names[:5])
