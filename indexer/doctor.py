"""What is missing or set wrongly on this machine, and what is lost by it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import checkpoint, rounds, trust
from archive.archive import open_copy
from archive.errors import ArchiveError
from archive.settings import HANOI
from indexer import rebuilding
from indexer.engines import choice

if TYPE_CHECKING:
    from indexer.wiring import Service

_OFFICE = (
    ("libswlo.so", "libreoffice-writer-nogui", "DOC, RTF, ODT"),
    ("libsclo.so", "libreoffice-calc-nogui", "XLS, ODS"),
    ("libsdlo.so", "libreoffice-impress-nogui", "PPT, ODP"),
)
_ROOM = 5  # per cent of the disk below which an archive should not go on growing


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing looked at."""

    what: str
    good: bool
    detail: str
    """What is lost and what to do, or what was found."""


def examine(service: Service) -> Iterator[Remark]:
    """Look at programs, disk, index and trust; nothing is changed."""
    yield from _programs()
    yield _disk(service.settings.data)
    yield from _index(service)
    yield _roots(service.settings.trust)
    yield from _originals(service)
    yield from _rounds(service)


def _programs() -> Iterator[Remark]:
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        yield Remark("tesseract", False, "không nhận dạng được bản quét; cài gói tesseract-ocr và tesseract-ocr-vie")
    else:
        known = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
        detail = "đọc được bản quét tiếng Việt" if "vie" in known else "thiếu tiếng Việt; cài gói tesseract-ocr-vie"
        yield Remark("tesseract", "vie" in known, detail)
    office = shutil.which("soffice")
    if office is None:
        yield Remark("libreoffice", False, "không đọc được DOC, RTF, ODT, XLS; cài gói libreoffice-writer-nogui")
        return
    home = Path(office).resolve().parent
    for library, package, formats in _OFFICE:
        there = (home / library).exists()
        yield Remark(
            f"libreoffice: {formats}", there, "đọc được" if there else f"chờ công cụ; cài gói {package} nếu cần"
        )


def _disk(folder: Path) -> Remark:
    room = shutil.disk_usage(folder)
    share = 100 * room.free // room.total
    return Remark("ổ đĩa", share >= _ROOM, f"còn trống {room.free >> 30} GB, {share} %")


def _index(service: Service) -> Iterator[Remark]:
    state = rebuilding.state(service)
    yield Remark("chỉ mục", state == "sound", "đọc được" if state == "sound" else f"{state}; chạy “vankho reindex”")
    passages = service.findings.passages()
    many = passages >= choice.MANY and service.engine_name == "whoosh"
    advice = f"{passages} đoạn; nên đổi: “vankho reindex --engine tantivy”" if many else ""
    yield Remark("bộ tìm kiếm", not many, advice or f"{service.engine_name}, {passages} mục")


def _roots(folder: Path) -> Remark:
    try:
        count = len(trust.load(folder).roots)
    except ArchiveError as error:
        return Remark("gốc tin cậy", False, str(error))
    if not count:
        return Remark("gốc tin cậy", False, f"chưa có chứng thư gốc nào trong {folder}; chữ ký chỉ đọc là «nguyên vẹn»")
    return Remark("gốc tin cậy", True, f"{count} chứng thư gốc trong {folder}")


def _originals(service: Service) -> Iterator[Remark]:
    """Where the originals lie, and the second copy of them."""
    settings = service.settings
    if settings.originals:
        alone = "dịch vụ không có ghi kèm điều kiện; chỉ một máy được ghi vào kho này"
        detail = "dùng được" if service.archive.store.decides else alone
        yield Remark("kho bản gốc", True, f"{settings.originals}; {detail}")
    if settings.copy:
        try:
            with closing(open_copy(settings, settings.copy)) as second:
                there = second.ready
        except ArchiveError as error:
            yield Remark("bản thứ hai", False, str(error))
        else:
            yield Remark("bản thứ hai", there, settings.copy if there else f"không có kho OCFL ở {settings.copy}")


def _rounds(service: Service) -> Iterator[Remark]:
    """When everything was checked last."""
    done, settings = rounds.last(service.archive), service.settings
    if not settings.patrol_hours:
        yield Remark("kiểm tra hằng đêm", False, "đã tắt; đặt VANKHO_PATROL_HOURS lớn hơn 0 để bật")
    problems = len(done.files.details["problems"]) if done.files else 0
    yield Remark("kiểm tra tệp", not problems, _last(done.files, f"{problems} chỗ sai; xem “vankho check”"))
    changed = done.signatures.details["changed"] if done.signatures else 0
    yield Remark("kiểm tra chữ ký", True, _last(done.signatures, f"{changed} kết luận đổi"))
    yield Remark("mốc sổ sự kiện", True, _last(done.checkpoint, "đã lập"))
    if settings.tsa:
        one = checkpoint.newest(service.archive.store)
        stamped = one is None or checkpoint.stamped(service.archive.store, one)
        detail = "mốc mới nhất có dấu" if stamped else "mốc mới nhất chưa có dấu; mỗi giờ xin lại một lần"
        yield Remark("dấu thời gian", stamped, f"{settings.tsa}: {detail}")


def _last(one: rounds.Round | None, found: str) -> str:
    return f"xong lần cuối {one.at.astimezone(HANOI):%H:%M ngày %d/%m/%Y}: {found}" if one else "chưa xong lần nào"
