"""Proposed answers to tasks, the hard negatives that are left alone, and the states of tasks."""

import datetime as dt
import time

import pytest

from corpus import statements, tasks
from corpus.concern import Concern, concern
from corpus.fulfilment import Answering, Assigning, propose, related, standing
from corpus.model import Citation, Due, FulfilmentStatus, Heading, Kind, Level, Section, Span, Task
from corpus.periods import issued
from corpus.similarity import below_target, names_another, restates
from corpus.statements import Told

PLAN_HEADING = Heading(
    kind=Kind.PLAN,
    kind_printed="Kế hoạch",
    number="18-KH/HU",
    issued_on=dt.date(2017, 3, 1),
    issuer="Huyện ủy Sơn Lộc",
    title="phát triển văn hóa đọc giai đoạn 2017-2020",
)
PLAN_TEXT = """III. Tổ chức thực hiện
1. Phòng Văn hóa và Thông tin xây dựng kế hoạch luân chuyển sách giữa các thư viện trước ngày 30/6/2017.
2. Hội Khuyến học huyện vận động thành lập tủ sách dòng họ, phấn đấu đạt 100% thôn có tủ sách.
3. Đài Truyền thanh huyện mở chuyên mục giới thiệu sách hay trên sóng phát thanh.
4. Đảng ủy các xã, thị trấn lãnh đạo sửa chữa nhà văn hóa thôn, bố trí phòng đọc.
5. Ban Tuyên giáo Huyện ủy theo dõi, tổng hợp, báo cáo kết quả về Ban Thường vụ Huyện ủy.
"""
PLAN = Assigning("plan", PLAN_HEADING, tasks.extract(PLAN_TEXT, PLAN_HEADING, (), ()))

REPORT = """Thực hiện Kế hoạch số 18-KH/HU ngày 01/3/2017, Ban Tuyên giáo Huyện ủy báo cáo như sau:
I. Kết quả thực hiện
1. Phòng Văn hóa và Thông tin đã ban hành Kế hoạch số 12/KH-VHTT về luân chuyển sách giữa các thư viện xã.
2. Đến nay đã thành lập được 45 tủ sách dòng họ tại 38/60 thôn, đạt 63,3% số thôn có tủ sách.
3. Công tác thi đua được quan tâm, nhiều tập thể được khen thưởng.
II. Phương hướng, nhiệm vụ thời gian tới
1. Mở chuyên mục giới thiệu sách hay trên sóng phát thanh huyện.
"""


def report(text=REPORT, *, cites=True, earlier=(), **fields):
    values = {
        "kind": Kind.REPORT,
        "number": "40-BC/BTGHU",
        "issued_on": dt.date(2017, 12, 20),
        "issuer": "Ban Tuyên giáo Huyện ủy Sơn Lộc",
        "title": "kết quả phát triển văn hóa đọc năm 2017",
    }
    return Answering("report", Heading(**(values | fields)), text, (), (), cites, earlier)


def answered(paper, plan=PLAN):
    starts = [task.span.start for task in plan.tasks]
    found = {}
    for one in propose(plan, paper):
        found.setdefault(starts.index(one.task_start) + 1, []).append(one)
    return found


def test_what_was_done_is_proposed_for_the_task_it_answers():
    found = answered(report())
    assert "Kế hoạch số 12/KH-VHTT" in found[1][0].quote
    assert found[1][0].status is FulfilmentStatus.FULFILS
    assert "45 tủ sách dòng họ" in found[2][0].quote


def test_less_than_the_target_is_partial():
    assert answered(report())[2][0].status is FulfilmentStatus.PARTIAL


def test_what_is_only_planned_is_not_proposed():
    assert 3 not in answered(report())


def test_the_report_itself_answers_the_duty_to_report():
    (opening, *_) = answered(report())[5]
    assert opening.quote.startswith("Thực hiện Kế hoạch số 18-KH/HU") or "báo cáo như sau" in opening.quote


def test_the_reason_is_told_in_words():
    reason = answered(report())[2][0].reason
    assert "dẫn Kế hoạch 18-KH/HU" in reason
    assert "số liệu" in reason


def test_the_quote_stands_at_its_span():
    for one in propose(PLAN, report()):
        assert one.quote == " ".join(one.span.of(REPORT).split())


def test_proposals_name_the_innermost_section():
    start = REPORT.index("1. Phòng")
    inner = Section("i.1", "1", Level.CLAUSE, "", Span(start, REPORT.index("2. Đến nay")), "i")
    outer = Section("i", "I", Level.ROMAN, "", Span(REPORT.index("I. Kết quả"), REPORT.index("II. Ph")))
    paper = Answering("report", report().heading, REPORT, (outer, inner), (), True)
    assert answered(paper)[1][0].section == "i.1"


@pytest.mark.parametrize(
    ("why", "paper"),
    [
        ("older than the plan", report(issued_on=dt.date(2016, 12, 20))),
        ("another body, no citation", report(cites=False, issuer="Sở Y tế", title="công tác dân số")),
        ("another period, no citation", report(cites=False, title="kết quả văn hóa đọc năm 2012")),
        ("the plan's own text", Answering("plan", PLAN_HEADING, PLAN_TEXT, (), (), False)),
    ],
)
def test_papers_that_cannot_answer_propose_nothing(why, paper):
    assert propose(PLAN, paper) == (), why
    assert not related(PLAN, paper), why


def test_a_report_that_cites_the_plan_is_related_to_it():
    assert related(PLAN, report())


def test_a_paper_the_plan_cites_is_older_though_its_date_is_blank():
    cited = Citation(Span(0, 1), "Báo cáo 40", number="40-BC/BTGHU")
    plan = Assigning("plan", PLAN_HEADING, PLAN.tasks, PLAN_TEXT, (cited,))
    assert propose(plan, report(issued_on=None)) == ()


def test_a_sentence_copied_from_an_earlier_report_proves_nothing():
    earlier = "I. Kết quả\n" + REPORT.splitlines()[3]
    found = answered(report(earlier=(earlier,)))
    assert 2 not in found
    assert 1 in found


def test_a_task_repeated_as_a_task_is_not_its_result():
    repeated = "I. Nội dung\n1. Mở chuyên mục giới thiệu sách hay trên sóng phát thanh.\n"
    assert answered(report(repeated, issuer="Đài Truyền thanh huyện Sơn Lộc")) == {}


def test_the_same_words_about_another_society_are_not_proposed():
    head = Heading(kind=Kind.OFFICIAL_LETTER, issuer="Ủy ban nhân dân huyện", issued_on=dt.date(2018, 1, 5))
    text = "1. Yêu cầu Hội Làm vườn huyện hoàn thành tổ chức đại hội nhiệm kỳ trước ngày 30/6/2018.\n"
    plan = Assigning("letter", head, tasks.extract(text, head, (), ()))
    for society, expected in (("Hội Làm vườn", True), ("Hội Sinh vật cảnh", False)):
        told = f"Tại đại hội ngày 12/5/2018, {society} huyện đã thông qua Điều lệ và bầu Ban Chấp hành.\n"
        paper = Answering(
            "paper",
            Heading(
                kind=Kind.PROPOSAL,
                issuer="Phòng Nội vụ huyện",
                issued_on=dt.date(2018, 5, 20),
                title=f"kết quả đại hội {society} huyện",
            ),
            told,
            (),
            (),
            False,
        )
        assert bool(propose(plan, paper)) is expected


def test_a_commune_answers_what_was_asked_of_all_communes():
    told = "I. Kết quả\n1. Đảng ủy xã đã lãnh đạo sửa chữa 5 nhà văn hóa thôn, bố trí 5 phòng đọc.\n"
    found = answered(report(told, issuer="Đảng ủy xã An Bình", title="kết quả văn hóa đọc năm 2017"))
    assert set(found) == {4}


@pytest.mark.parametrize(
    ("named", "body", "expected"),
    [
        ("các sở, ban, ngành", "Sở Y tế", Concern.CLASS),
        ("Cấp ủy các TCCSĐ", "Đảng ủy xã An Bình", Concern.CLASS),
        ("UBND các xã, thị trấn", "Ủy ban nhân dân xã An Bình", Concern.CLASS),
        ("Ủy ban nhân dân huyện", "Ủy ban nhân dân huyện Sơn Lộc", Concern.SAME),
        ("Trung tâm CNTT", "Trung tâm Công nghệ thông tin", Concern.SAME),
        ("Giám đốc Sở Y tế", "Sở Y tế", Concern.SAME),
        ("Sở Nội vụ", "Sở Y tế", Concern.NONE),
        ("Đoàn", "Đoàn Thanh niên huyện", Concern.NONE),
    ],
)
def test_bodies_concern_a_task_as_themselves_or_as_members_of_a_class(named, body, expected):
    assert concern(named, body) is expected


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Đã tổ chức 12 lớp tập huấn cho cán bộ thư viện.", Told.DONE),
        ("Đã tổ chức tập huấn, tuy nhiên còn 3 xã chưa hoàn thành.", Told.PART),
        ("Sẽ tổ chức 12 lớp tập huấn cho cán bộ thư viện.", Told.PLANNED),
        ("Giao Phòng Nội vụ tổ chức tập huấn cho cán bộ.", Told.PLANNED),
        ("Giải pháp khắc phục: Phòng Nội vụ tập huấn thêm.", Told.PLANNED),
        ("Theo đề nghị của các xã, đã cấp 300 cuốn sách.", Told.DONE),
        ("Đề nghị UBND tỉnh cấp thêm kinh phí mua sách.", Told.PLANNED),
    ],
)
def test_a_sentence_tells_what_is_done_or_to_come(sentence, told):
    (found,) = statements.read(sentence, Heading(kind=Kind.REPORT))
    assert found.told is told


def test_targets_and_restatements():
    assert below_target("đạt 100% thôn", "đạt 63,3%")
    assert not below_target("đạt 50%", "đạt 63,3%")
    assert restates("Mở chuyên mục giới thiệu sách hay", "Mở chuyên mục giới thiệu sách.")
    assert not restates(
        "Mở chuyên mục", "Mở chuyên mục, phát 24 số, mỗi số giới thiệu 3 cuốn sách mới của tỉnh"
    )
    assert names_another("Hội Làm vườn tổ chức đại hội", ("Hội Làm vườn",), "Hội Sinh vật cảnh đã đại hội")
    assert not names_another("Hội Làm vườn tổ chức đại hội", ("Hội Làm vườn",), "Hội Làm vườn đã đại hội")


def test_a_blank_day_still_gives_the_month():
    period = issued(Heading(kind=Kind.PLAN), "Sơn Lộc, ngày      tháng 2 năm 2020")
    assert period is not None
    assert (period.first, period.last) == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))


DUE = Due("trước ngày 30/6/2017", on=dt.date(2017, 6, 30))
HALF = Due("định kỳ 6 tháng", recurs="half-yearly", days=((6, 20), (12, 10)))
ON_TIME, LATE, TODAY = dt.date(2017, 6, 1), dt.date(2017, 7, 10), dt.date(2017, 7, 20)
FULFILS, PARTIAL, MENTIONS = FulfilmentStatus.FULFILS, FulfilmentStatus.PARTIAL, FulfilmentStatus.MENTIONS


@pytest.mark.parametrize(
    ("due", "evidence", "state"),
    [
        (DUE, (), ("overdue", 20)),
        (DUE, ((FULFILS, ON_TIME, None),), ("done", 0)),
        (DUE, ((FULFILS, LATE, None),), ("done-late", 10)),
        (DUE, ((FULFILS, LATE, None), (FULFILS, ON_TIME, None)), ("done", 0)),
        (DUE, ((PARTIAL, ON_TIME, None),), ("partial", 0)),
        (DUE, ((MENTIONS, ON_TIME, None),), ("overdue", 20)),
        # What a person confirmed stands before what is only proposed.
        (DUE, ((FULFILS, ON_TIME, None), (PARTIAL, ON_TIME, "lan")), ("partial", 0)),
        (Due("quý III/2017", on=dt.date(2017, 9, 30)), (), ("not-due", 0)),
        (Due("quý III/2017", on=dt.date(2017, 9, 30)), ((MENTIONS, ON_TIME, None),), ("ongoing", 0)),
        (Due("thường xuyên", recurs="continuous"), (), ("ongoing", 0)),
        (None, (), ("no-due", 0)),
        (None, ((FULFILS, None, None),), ("done", 0)),
        # The period of 20 June closed on TODAY; the report of 1 June was in it, the next is due in December.
        (HALF, ((FULFILS, ON_TIME, None),), ("ongoing", 0)),
        (HALF, ((FULFILS, LATE, None),), ("done", 0)),
        (HALF, ((FULFILS, dt.date(2016, 12, 1), None),), ("overdue", 30)),
    ],
)
def test_the_state_follows_from_deadline_evidence_and_today(due, evidence, state):
    task = Task("iii.1", "Xây dựng kế hoạch", Span(0, 1), due=due)
    assert standing(task, evidence, TODAY) == state


def test_one_report_against_three_hundred_tasks_is_quick():
    lines = [
        f"{number}. Phòng số {number} rà soát danh mục {number * 7} sách, thư viện và kho của thôn {number}."
        for number in range(1, 301)
    ]
    given = tuple(
        Task("iii", line, Span(at * 200, at * 200 + 1), lead=("các phòng, ban",))
        for at, line in enumerate(lines)
    )
    told = "I. Kết quả\n" + "\n".join(f"{line} Đã hoàn thành {at} danh mục." for at, line in enumerate(lines))
    paper = report(told, issuer="Phòng Văn hóa huyện")
    started = time.perf_counter()
    propose(Assigning("plan", PLAN_HEADING, given), paper)
    # The target is 0.3 s; a shared machine gets room.
    assert time.perf_counter() - started < 3
