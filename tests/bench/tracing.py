"""How well proposals answer tasks that people judged; and a plan of 300 tasks with 200 reports on it: how fast."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from archive import accept, settings
from archive.archive import Archive
from archive.database import reader, writer
from archive.verdicts import Report, Verdict
from archive.viewer import SYSTEM
from corpus.model import Body
from indexer import proposals
from indexer.findings import Findings
from indexer.pipeline import Steps, Stopwatch, understand
from tests.bench import judged

TASKS, REPORTS, TOLD = 300, 200, 30
Row = tuple[str, object, str]
def _body(text: str) -> Body:
    return Body(text, media_type="text/plain", source="text")


_UNSIGNED = Report(Verdict.UNSIGNED)
_STEPS = Steps(
    read=lambda _path, _progress: _body(""), verify=lambda *_: _UNSIGNED, segment=lambda _text: ()
)
_OFFICES = (
    "Phòng Giáo dục và Đào tạo", "Phòng Nội vụ", "Phòng Tài chính - Kế hoạch", "Phòng Văn hóa và Thông tin",
    "Hội Khuyến học huyện", "Hội Nông dân huyện", "Đài Truyền thanh huyện", "Ban Tuyên giáo Huyện ủy",
)  # fmt: skip
_VERBS = (
    "rà soát", "mở lớp tập huấn về", "sửa chữa", "vận động xây dựng", "thành lập", "kiểm tra", "lắp đặt", "khảo sát",
    "phát chuyên mục về", "tổ chức thi tìm hiểu về",
)  # fmt: skip
_OBJECTS = (
    "danh mục sách thư viện", "kỹ thuật trồng tiêu", "nhà văn hóa thôn", "tổ hợp tác chăn nuôi bò", "quỹ khuyến học",
    "cụm loa truyền thanh", "hồ sơ lưu trữ", "lịch sử đảng bộ", "trung tâm học tập cộng đồng", "dòng họ hiếu học",
    "học bổng cho học sinh nghèo", "nước sạch nông thôn", "đường giao thông nội đồng", "an toàn thực phẩm",
    "bình đẳng giới", "phòng cháy rừng", "cải cách hành chính", "bảo hiểm y tế", "di tích lịch sử", "giống lúa mới",
    "vệ sinh trường học", "dịch vụ công trực tuyến", "hợp tác xã kiểu mới", "chợ phiên cuối tuần",
    "đội bóng thiếu niên", "nhà trẻ công lập", "kênh mương cấp ba", "rác thải sinh hoạt", "hộ nghèo đa chiều",
    "lao động đi xuất khẩu",
)  # fmt: skip


def run() -> Iterator[Row]:
    """Rows (what, figure, target)."""
    yield from _quality()
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(replace(settings.load(Path(folder) / "kho", environ={}), today="2018-01-15"))
        findings = Findings(archive)
        findings.prepare()
        findings.prepared()
        try:
            yield from _measured(archive, findings)
        finally:
            archive.close()


def _quality() -> Iterator[Row]:
    """Precision and recall over the three judged sets, and their curves over how strict the rule is."""
    with judged.holding(sorted(judged.SAMPLES.iterdir()), by_number=True) as held:
        yield from _curve(held, "sample district", judged.sample(), "≥ 0.92 / 0.86")
    if not (judged.DATA / "tracing").is_dir():
        yield "pairs over real papers", "no papers beside the project", ""
        return
    real, shared, answers = judged.real(), judged.shared(), judged.answers()
    with judged.holding(judged.files_of([*real, *shared, *answers])) as held:
        yield from _curve(held, "real papers, gathered with it", shared, "≥ 0.92 / 0.86")
        yield from _curve(held, "real papers, judged for this bench", real, "≥ 0.92 /")
        for name, half in (("rules made with", False), ("put by at first", True)):
            (point,) = judged.curve(held, [pair for pair in real if pair.held is half], (1.0,))
            yield f"  of these, {name}: precision / recall", str(point), ""
        said = judged.answered(held, answers)
        share = said["right"] / max(1, said["right"] + said["wrong"])
        words = ", ".join(f"{said[label]} {label}" for label in ("right", "doubtful", "wrong", "not judged"))
        yield "real papers, everything called an answer: right of right and wrong", f"{share:.2f} ({words})", "≥ 0.90"


def _curve(held: judged.Held, name: str, pairs: Sequence[judged.Pair], target: str) -> Iterator[Row]:
    points = judged.curve(held, pairs)
    for point in points:
        standing = point.strictness == 1.0
        yield f"{name}, strictness {point.strictness:g}: P / R", str(point), target if standing else ""
    yield f"{name}: average precision", round(judged.average_precision(points), 3), ""


def _measured(archive: Archive, findings: Findings) -> Iterator[Row]:
    chance = random.Random(1)
    plan = _record(archive, findings, _plan())
    reports = [_record(archive, findings, _report(chance, number)) for number in range(REPORTS)]
    with writer(archive.engine) as connection:
        start = time.perf_counter()
        count = proposals.propose(connection, {(plan, report) for report in reports})
        seconds = time.perf_counter() - start
    yield f"proposals, {TASKS} tasks × {REPORTS} reports, s", round(seconds, 1), "≤ 60"
    yield "passages proposed", count, ""
    start = time.perf_counter()
    _record(archive, findings, _report(chance, REPORTS))
    yield "one more report, understood and recorded, s", round(time.perf_counter() - start, 2), "≤ 2"
    # Processor time: on a busy machine the clock measures the neighbours.
    times = [_page(findings, plan) for _ in range(7)]
    yield "the plan with its evidence, ms (median)", round(1000 * statistics.median(times)), "≤ 150"
    times = [_tree(findings, plan) for _ in range(7)]
    yield "the tree below it with the states of its tasks, ms (median)", round(1000 * statistics.median(times)), "≤ 150"
    start = time.perf_counter()
    with reader(archive.engine) as connection:
        proposals.affected(connection, reports[0], ())
    yield "papers that may answer, found for one, ms", round(1000 * (time.perf_counter() - start)), ""


def _page(findings: Findings, plan: str) -> float:
    start = time.process_time()
    findings.plan(SYSTEM, plan)
    return time.process_time() - start


def _tree(findings: Findings, plan: str) -> float:
    start = time.process_time()
    view = findings.plan(SYSTEM, plan, outline=True)
    assert view is not None
    findings.chains(SYSTEM, [plan], known={plan: view.summary})
    return time.process_time() - start


def _record(archive: Archive, findings: Findings, text: str) -> str:
    document = accept.accept(archive, SYSTEM, BytesIO(text.encode()), name="van-ban.txt", how="bench").document
    prepared = understand(
        _STEPS, _body(text), _UNSIGNED, document=document, version=f"{document}v1", watch=Stopwatch()
    )
    findings.record(prepared)
    return document


def _head(number: str, day: str, office: str, kind: str, title: str) -> str:
    return (
        f"{office.upper()}\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {number}\tYên Hà, ngày {day}\n\n{kind}\n{title}\n\n"
    )


def _assigned(number: int) -> tuple[str, str]:
    """Whom and what the task of this number is about; no two tasks are the same."""
    work = f"{_VERBS[number % len(_VERBS)]} {_OBJECTS[number // len(_VERBS) % len(_OBJECTS)]}"
    return _OFFICES[number * 7 % len(_OFFICES)], work


def _plan() -> str:
    issuer = "Ủy ban nhân dân huyện Yên Hà"
    lines = [_head("05/KH-UBND", "10 tháng 01 năm 2017", issuer, "KẾ HOẠCH", "học tập suốt đời"), "I. Nhiệm vụ\n"]
    for number in range(1, TASKS + 1):
        office, work = _assigned(number)
        lines.append(
            f"{number % 99 + 1}. {office} chủ trì {work}, "
            f"hoàn thành trước ngày {number % 27 + 1}/{number % 12 + 1}/2017.\n"
        )
    return "".join(lines)


def _report(chance: random.Random, number: int) -> str:
    office = chance.choice(_OFFICES)
    own = [work for body, work in map(_assigned, range(1, TASKS + 1)) if body == office]
    day = f"{number % 27 + 1} tháng 12 năm 2017"
    lines = [
        _head(f"{number + 1}/BC-X{number}", day, office, "BÁO CÁO", "Kết quả năm 2017"),
        f"Thực hiện Kế hoạch số 05/KH-UBND ngày 10/01/2017 của Ủy ban nhân dân huyện Yên Hà, {office} báo cáo:\n",
        "I. Kết quả thực hiện\n",
    ]
    for line in range(1, TOLD + 1):
        work = chance.choice(own)
        lines.append(f"{line}. Đến nay đã {work} tại {chance.randrange(1, 13)} xã, đạt {chance.randrange(100)}%.\n")
    return "".join(lines)
