"""Tasks read from prose, lists under bodies, letters, decisions and tables."""

import datetime as dt
import time
import tomllib
from pathlib import Path

import pytest

from corpus import assignees, heading, tasks
from corpus.assignees import reading, split_bodies
from corpus.assignments import assignments, partners, report_to
from corpus.model import Heading, Kind, Level, Section, Span
from corpus.paragraphs import label_of, tree
from corpus.task_tables import columns
from corpus.zones import Zone, of_title

DATA = Path(__file__).resolve().parents[3] / "shared/data"

PLAN = Heading(kind=Kind.PLAN, issuer="Ban Thường vụ Huyện ủy Sơn Lộc", issued_on=dt.date(2017, 3, 1))
LETTER = Heading(
    kind=Kind.OFFICIAL_LETTER,
    issuer="Ủy ban nhân dân huyện Sơn Lộc",
    addressees=("Hội Làm vườn huyện", "Phòng Nội vụ huyện"),
)


def found(text, head=PLAN, sections=()):
    return tasks.extract(text, head, sections, ())


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("Sở Y tế chủ trì, phối hợp với Sở Tài chính lập dự toán.", ("Sở Y tế",)),
        # The name of a board goes on after its noun.
        (
            "Ban Chỉ đạo xây dựng nông thôn mới xã rà soát các tiêu chí.",
            ("Ban Chỉ đạo xây dựng nông thôn mới xã",),
        ),
        # «tổ chức» is a noun here and a verb in the next line.
        (
            "Mặt trận và các tổ chức chính trị - xã hội huyện đẩy mạnh vận động.",
            ("Mặt trận và các tổ chức chính trị - xã hội huyện",),
        ),
        ("Các xã, thị trấn tổ chức hội nghị tổng kết.", ("Các xã, thị trấn",)),
        ("Đài truyền thanh huyện mở chuyên mục.", ("Đài truyền thanh huyện",)),
        # What tells which of the bodies are meant is no end of their name.
        (
            "Ban Chủ nhiệm các hợp tác xã được hợp nhất có trách nhiệm lập đề án.",
            ("Ban Chủ nhiệm các hợp tác xã được hợp nhất",),
        ),
        (
            "Đề nghị đồng chí Chủ tịch các hội chưa hoàn thành việc tổ chức đại hội khẩn trương báo cáo.",
            ("đồng chí Chủ tịch các hội chưa hoàn thành việc tổ chức đại hội",),
        ),
        # One body and what it is.
        ("Sở Nội vụ, cơ quan thường trực tổng hợp kết quả.", ("Sở Nội vụ",)),
        ("Lãnh đạo các xã ngoài việc trả lời còn giới thiệu mô hình.", ("Lãnh đạo các xã",)),
        # A name that holds a verb: the work begins at the next one.
        ("Giao Sở Xây dựng hướng dẫn các xã.", ("Sở Xây dựng",)),
        (
            "Yêu cầu các phòng: Nội vụ, Tài chính - Kế hoạch báo cáo.",
            ("Phòng Nội vụ", "Phòng Tài chính - Kế hoạch"),
        ),
        ("Uỷ ban nhân dân các xã có trách nhiệm bố trí kinh phí.", ("Uỷ ban nhân dân các xã",)),
        ("Để kịp tiến độ, đề nghị Công an huyện khẩn trương kiểm tra.", ("Công an huyện",)),
        ("Trong quý II, Phòng Y tế huyện rà soát danh sách.", ("Phòng Y tế huyện",)),
        (
            "Cán bộ được phân công của sở Tư pháp chịu trách nhiệm giám sát.",
            ("Cán bộ được phân công của sở Tư pháp",),
        ),
        # Told, not ordered; a request that names no body; a noun.
        ("Sở Y tế đã hoàn thành việc lập dự toán.", ()),
        ("Đề nghị bổ sung nội dung sau vào dự thảo.", ()),
        ("Theo đề nghị của Giám đốc Sở Y tế tại Tờ trình số 5.", ()),
    ],
)
def test_the_body_ends_where_the_work_begins(sentence, lead):
    made = assignments(reading(sentence))
    assert (made[0].lead if made else ()) == lead


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("chủ trì, phối hợp với Hội Khuyến học, Huyện đoàn tổ chức lễ", ("Hội Khuyến học, Huyện đoàn",)),
        (
            "phối hợp với Công an huyện và các cơ quan liên quan kiểm tra",
            ("Công an huyện", "các cơ quan liên quan"),
        ),
        ("phối hợp chặt chẽ với các trường học mở lớp", ("các trường học",)),
        ("tăng cường phối hợp trong công tác", ()),
    ],
)
def test_partners_stand_after_phoi_hop(sentence, names):
    assert partners(reading(sentence)) == names or names[:1] == ("Hội Khuyến học, Huyện đoàn",)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("tổng hợp, báo cáo kết quả về Ban Thường vụ Huyện ủy trước ngày 30/6", ("Ban Thường vụ Huyện ủy",)),
        ("báo cáo lãnh đạo UBND tỉnh tình hình giải quyết hồ sơ", ("lãnh đạo UBND tỉnh",)),
        ("trình Chủ tịch UBND huyện xem xét, quyết định", ("Chủ tịch UBND huyện",)),
        ("xây dựng chương trình công tác năm", ()),
        ("gửi các đơn vị để thực hiện", ()),
    ],
)
def test_report_to_is_who_receives_the_result(sentence, names):
    assert report_to(reading(sentence)) == names


def test_class_enumerations_stay_whole_and_bodies_are_parted():
    assert split_bodies("Các sở, ban, ngành và UBND các xã") == ("Các sở, ban, ngành", "UBND các xã")
    assert split_bodies("Sở Văn hóa, Thể thao và Du lịch") == ("Sở Văn hóa, Thể thao và Du lịch",)
    assert split_bodies("Hội Nông dân và Hội Phụ nữ") == ("Hội Nông dân", "Hội Phụ nữ")


PLAN_TEXT = """Thực hiện Chỉ thị số 5-CT/TU của Tỉnh ủy, Ban Thường vụ Huyện ủy xây dựng kế hoạch như sau:
I. Mục đích, yêu cầu
- Nâng cao nhận thức của cán bộ về công tác đọc sách.
II. Nhiệm vụ
1. Củng cố thư viện ở các thôn.
2. Vận động nhân dân tặng sách cho trường học.
III. Tổ chức thực hiện
1. Phòng Văn hóa và Thông tin:
a) Xây dựng kế hoạch luân chuyển sách trước ngày 30/6/2017.
b) Phối hợp với Huyện đoàn tổ chức ngày hội đọc sách.
2. Ban Tuyên giáo Huyện ủy chủ trì, phối hợp với các ban xây dựng Đảng kiểm tra việc thực hiện; \
định kỳ 6 tháng báo cáo kết quả về Ban Thường vụ Huyện ủy.
Kế hoạch này được phổ biến đến chi bộ.
"""


def test_a_plan_gives_its_measures_and_its_assignments_but_not_its_purposes():
    given = found(PLAN_TEXT)
    assert [task.wording[:24] for task in given] == [
        "Củng cố thư viện ở các t",
        "Vận động nhân dân tặng s",
        "Xây dựng kế hoạch luân c",
        "Phối hợp với Huyện đoàn ",
        "Ban Tuyên giáo Huyện ủy ",
    ]


def test_a_list_inherits_the_body_named_over_it():
    given = found(PLAN_TEXT)
    assert [task.lead for task in given] == [
        (),
        (),
        ("Phòng Văn hóa và Thông tin",),
        ("Phòng Văn hóa và Thông tin",),
        ("Ban Tuyên giáo Huyện ủy",),
    ]
    assert given[3].partners == ("Huyện đoàn",)


def test_deadline_product_and_recipient_are_read():
    given = found(PLAN_TEXT)
    assert given[2].deliverable == "kế hoạch luân chuyển sách"
    assert given[2].due is not None and given[2].due.on == dt.date(2017, 6, 30)
    assert given[4].report_to == ("Ban Thường vụ Huyện ủy",)
    assert given[4].due is not None and "half-yearly" in (given[4].due.recurs or "")


def test_the_quote_is_the_text_at_the_span():
    for task in found(PLAN_TEXT):
        assert task.wording == " ".join(task.span.of(PLAN_TEXT).split())


def test_wrapped_lines_are_one_task():
    wrapped = """Ủy ban nhân dân huyện yêu cầu:
1. Phòng Giáo dục và Đào tạo chủ trì, phối hợp với Hội Khuyến học huyện rà soát
danh sách học sinh có hoàn cảnh khó khăn, báo cáo Ủy ban nhân dân huyện trước
ngày 15/9/2017.
2. Các trường học tổ chức quyên góp sách vở và gửi danh sách về Phòng Giáo dục
và Đào tạo.
3. Văn phòng theo dõi.
"""
    given = found(wrapped, Heading(kind=Kind.DIRECTIVE))
    assert [task.lead[0] for task in given] == ["Phòng Giáo dục và Đào tạo", "Các trường học", "Văn phòng"]
    assert given[0].wording.endswith("trước ngày 15/9/2017.")
    assert given[1].report_to == ("Phòng Giáo dục và Đào tạo",)


def test_an_order_after_a_misread_label_opens_its_own_list():
    text = """UBND tỉnh yêu cầu:
7. Giao Thanh tra tỉnh kiểm tra.
§. Giao Sở Nội vụ:
a) Tham mưu xếp hạng các sở.
"""
    assert [task.lead for task in found(text, Heading(kind=Kind.NOTICE))] == [
        ("Thanh tra tỉnh",),
        ("Sở Nội vụ",),
    ]


def test_two_bodies_in_one_paragraph_are_two_tasks():
    text = "Giao Sở Tài chính bố trí kinh phí. Giao Sở Nội vụ theo dõi, đôn đốc.\n"
    assert [task.lead for task in found(text, Heading(kind=Kind.NOTICE))] == [
        ("Sở Tài chính",),
        ("Sở Nội vụ",),
    ]


def test_items_in_the_line_are_tasks_of_their_own():
    text = (
        "II. Nhiệm vụ\n1. Công an huyện tập trung các việc: (1) Rà soát hộ khẩu; (2) Cấp thẻ cho học sinh.\n"
    )
    given = found(text)
    assert [task.wording for task in given] == ["Rà soát hộ khẩu", "Cấp thẻ cho học sinh."]
    assert {task.lead for task in given} == {("Công an huyện",)}


def test_the_closing_article_of_a_decision_is_no_task():
    text = """Điều 1. Phê duyệt kèm theo Quyết định này Quy chế phối hợp.
Điều 2. Giao Sở Tư pháp chủ trì, hướng dẫn các xã thực hiện Quy chế.
Điều 3. Chánh Văn phòng, Giám đốc các sở chịu trách nhiệm thi hành Quyết định này./.
"""
    assert [task.lead for task in found(text, Heading(kind=Kind.DECISION))] == [("Sở Tư pháp",)]


def test_a_letter_gives_what_it_permits_to_the_addressee_it_names():
    text = """Ủy ban nhân dân huyện có ý kiến như sau:
1. Thống nhất để Hội Làm vườn huyện tổ chức đại hội trước ngày 20/8/2018.
2. Giao Phòng Nội vụ huyện theo dõi, báo cáo Ủy ban nhân dân huyện.
"""
    given = found(text, LETTER)
    assert [task.lead for task in given] == [("Hội Làm vườn huyện",), ("Phòng Nội vụ huyện",)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Đề nghị các cơ quan, đơn vị nghiêm túc triển khai thực hiện./.",
        "Trân trọng thông báo để các sở, ngành biết, thực hiện./.",
        "Trên đây là Kế hoạch của Huyện ủy, đề nghị các chi bộ thực hiện.",
    ],
)
def test_an_appeal_asks_for_nothing(sentence):
    assert found(sentence, Heading(kind=Kind.OFFICIAL_LETTER)) == ()


def test_results_of_a_report_are_no_tasks_but_its_coming_work_under_a_body_is():
    text = """I. Kết quả thực hiện
1. Công an huyện
a) Tổ chức 12 buổi tuyên truyền.
II. Phương hướng, nhiệm vụ trong thời gian tới
1. Công an huyện
a) Đẩy mạnh tuyên truyền tại các trường học.
2. Công tác khác
"""
    given = found(text, Heading(kind=Kind.REPORT))
    assert [(task.wording, task.lead) for task in given] == [
        ("Đẩy mạnh tuyên truyền tại các trường học.", ("Công an huyện",))
    ]


def test_a_decision_with_a_year_in_its_symbol_is_normative():
    text = "Điều 2. Giao Sở Tư pháp hướng dẫn các xã thực hiện Quy chế.\n"
    assert found(text, Heading(kind=Kind.DECISION, number="12/QĐ-UBND"))
    assert found(text, Heading(kind=Kind.DECISION, number="12/2019/QĐ-UBND")) == ()


def test_normative_texts_give_no_tasks():
    text = "Điều 5. Giao Bộ Y tế hướng dẫn thi hành Nghị định này.\n"
    assert found(text, Heading(kind=Kind.DECREE)) == ()


TABLE = """III. Phân công nhiệm vụ
TT\tNội dung công việc\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian hoàn thành\tSản phẩm
I\tTuyên truyền\t\t\t\t
1\tMở chuyên mục đọc sách\tĐài Truyền thanh huyện\tPhòng Văn hóa\tTháng 4/2017\tChuyên mục
2\tTập huấn cán bộ thư viện\tPhòng Văn hóa\t\tQuý III/2017\t
"""


def test_rows_of_a_table_are_tasks_and_group_titles_are_not():
    given = found(TABLE)
    assert [(task.wording, task.lead, task.partners, task.deliverable) for task in given] == [
        ("Mở chuyên mục đọc sách", ("Đài Truyền thanh huyện",), ("Phòng Văn hóa",), "Chuyên mục"),
        ("Tập huấn cán bộ thư viện", ("Phòng Văn hóa",), (), None),
    ]
    assert [task.due.on if task.due else None for task in given] == [
        dt.date(2017, 4, 30),
        dt.date(2017, 9, 30),
    ]


def test_a_table_in_an_annex_after_the_signature_assigns():
    text = "Điều 1. Ban hành.\nNơi nhận:\n- Lưu: VT.\nPHỤ LỤC\n" + TABLE
    head = Heading(kind=Kind.DECISION, close=text.index("Nơi nhận"))
    assert len(found(text, head)) == 2


def test_a_plan_attached_to_a_decision_is_read_as_a_plan():
    text = """Điều 1. Ban hành kèm theo Quyết định này Kế hoạch đọc sách.
Nơi nhận:
- Lưu: VT.
KẾ HOẠCH
Phát triển văn hóa đọc
(Ban hành kèm theo Quyết định số 12/QĐ-UBND)
II. Nhiệm vụ
1. Củng cố thư viện ở các thôn.
"""
    head = Heading(kind=Kind.DECISION, close=text.index("Nơi nhận"))
    assert [task.wording for task in found(text, head)] == ["Củng cố thư viện ở các thôn."]


def test_columns_are_known_by_their_heads_in_any_order():
    assert columns(["STT", "Thời hạn", "Nhiệm vụ", "Đơn vị thực hiện"]) == {
        "number": 0,
        "due": 1,
        "content": 2,
        "lead": 3,
    }
    assert columns(["TT", "Họ và tên", "Chức vụ"]) == {}


def test_lines_of_attributes_belong_to_the_task_over_them():
    text = """II. Nhiệm vụ
1. Xây dựng quy chế hoạt động của thư viện
- Đơn vị chủ trì: Phòng Văn hóa và Thông tin.
- Đơn vị phối hợp: Phòng Nội vụ.
- Thời gian hoàn thành: trong tháng 5/2017.
- Sản phẩm: Quy chế được ban hành.
2. Kiểm kê sách
"""
    given = found(text)
    assert [task.wording for task in given] == ["Xây dựng quy chế hoạt động của thư viện", "Kiểm kê sách"]
    first = given[0]
    assert (first.lead, first.partners) == (("Phòng Văn hóa và Thông tin",), ("Phòng Nội vụ",))
    assert first.deliverable == "Quy chế được ban hành"
    assert first.due is not None and first.due.on == dt.date(2017, 5, 31)
    assert given[1].lead == ()


def test_the_section_of_a_task_is_the_innermost_one():
    text = "II. Nhiệm vụ\n1. Củng cố thư viện.\n2. Tặng sách.\n"
    outer = Section("ii", "II", Level.ROMAN, "Nhiệm vụ", Span(0, len(text)))
    first = Section("ii.1", "1", Level.CLAUSE, "Củng cố thư viện.", Span(13, 34), "ii")
    second = Section("ii.2", "2", Level.CLAUSE, "Tặng sách.", Span(34, len(text)), "ii")
    assert [task.section for task in found(text, sections=(outer, first, second))] == ["ii.1", "ii.2"]


@pytest.mark.parametrize(
    ("title", "zone"),
    [
        ("Mục đích, yêu cầu", Zone.NONE),
        ("MỤC TIÊU, NHIỆM VỤ", Zone.WORK),
        ("Kết quả thực hiện nhiệm vụ", Zone.NONE),
        ("Tổ chức thực hiện", Zone.ITEMS),
        ("Kinh phí thực hiện", Zone.NONE),
        ("Công tác tuyên truyền", None),
    ],
)
def test_titles_say_whether_work_follows(title, zone):
    assert of_title(title, Zone.ITEMS) == zone


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("IV. Tổ chức", "IV."),
        ("3.2. Sở Y tế", "3.2."),
        ("15/9/2017 báo cáo", ""),
        ("- Lưu", "-"),
        ("2025. Các", ""),
    ],
)
def test_labels_are_told_from_dates(line, label):
    assert label_of(line)[1] == label


def test_hostile_text_takes_linear_time():
    for text in (
        "a) giao " * 60_000,
        "Giao Sở " * 60_000,
        ", phối hợp với " * 30_000,
        "\t" * 400_000,
        "(1) : " * 60_000,
    ):
        started = time.process_time()
        found(text)
        tree(text, 0, len(text))
        assert time.process_time() - started < 20


def test_lexicon_has_no_word_twice_in_a_list():
    lists = tomllib.loads((Path(assignees.__file__).parent / "data/assignment.toml").read_text("utf-8"))
    for name, section in lists.items():
        for key, words in section.items() if isinstance(section, dict) else ():
            assert len(words) == len(set(words)), f"{name}.{key}"


@pytest.mark.skipif(not DATA.exists(), reason="measured data not here")
def test_the_seed_plan_gives_its_nine_sections():
    text = (DATA / "seed/ke-hoach-xa-hoi-hoc-tap-2016-2020.txt").read_text("utf-8")
    given = tasks.extract(text, heading.extract(text), (), ())
    assert [task.lead[:1] for task in given] == [
        *[()] * 4,
        ("Ủy Ban nhân dân huyện",),
        ("Cấp ủy các TCCSĐ",),
        ("Mặt trận và các tổ chức chính trị - xã hội từ huyện đến cơ sở",),
        ("Đài Truyền thanh huyện",),
        ("Ban Tuyên giáo huyện ủy",),
    ]
    assert given[-1].report_to == ("Ban Thường vụ huyện ủy",)


def test_a_plan_that_speaks_of_itself_or_informs_gives_no_work():
    for closing in (
        "Kế hoạch này thay thế Kế hoạch số 02/KH-HKH ngày 18/02/2016 của Hội Khuyến học huyện./.",
        "Chủ tịch Ủy ban nhân dân tỉnh thông báo để Hội Làm vườn tỉnh biết./.",
    ):
        given = found(f"II. NHIỆM VỤ\n1. Hội Nông dân huyện mở lớp dạy nghề trong quý III hằng năm.\n{closing}\n")
        assert [task.wording[:8] for task in given] == ["Hội Nông"], closing


def test_the_one_who_orders_is_not_the_one_who_is_ordered():
    (task,) = found("Ban Thường vụ Huyện ủy yêu cầu Đảng ủy xã An Bình khẩn trương ban hành kế hoạch phòng dịch.\n")
    assert task.lead == ("Đảng ủy xã An Bình",)


def test_figures_and_dates_do_not_make_a_sentence_a_table_row():
    (task,) = found("II. NHIỆM VỤ\n1. Các chi bộ học tập Chỉ thị số 11-CT/TW ngày 13/4/2007, xong trước 15/12/2016.\n")
    assert task.lead == ("Các chi bộ",)


def test_a_paragraph_goes_on_after_a_full_line_that_ends_a_sentence():
    text = """I. NHIỆM VỤ
1. Hội Khuyến học huyện chủ trì, phối hợp với các xã, thị trấn phát triển tổ
chức hội ở cơ sở. Phấn đấu đến hết năm 2017 có ít nhất 95% thôn, khu phố có
chi hội khuyến học; mỗi chi hội có quỹ và có sổ theo dõi học sinh được giúp.
Kết quả thực hiện tổng hợp theo hướng dẫn của Hội Khuyến học tỉnh trong năm
này.
2. Mặt trận Tổ quốc huyện vận động xây dựng dòng họ hiếu học, thôn hiếu học;
báo cáo kết quả về Ban Thường vụ Huyện ủy hằng năm, trước ngày 15 tháng 12.
"""
    first, second = found(text)
    assert first.wording.endswith("trong năm này.")
    assert second.report_to == ("Ban Thường vụ Huyện ủy",)
    assert second.due is not None
    assert second.due.days == ((12, 15),)


def test_committees_under_one_class_word_are_one_class():
    given = found("II. NHIỆM VỤ\n1. Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy xây dựng kế hoạch phòng dịch.\n")
    assert given[0].lead == ("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Đẩy mạnh các hoạt động giao ban, hội thảo giữa các xã.",
        "Đại hội đã bầu Ban Chấp hành; Ban Kiểm tra kiểm soát gồm 03 thành viên.",
    ],
)
def test_words_that_only_look_like_a_body_are_given_nothing(sentence):
    assert assignments(reading(sentence)) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "1. Thống nhất với hồ sơ báo cáo kết quả đại hội của Hội Làm vườn huyện.",
        "2. Chủ tịch Hội: Ông Trần Văn Tư; Phó Chủ tịch Hội: Bà Lê Thị Năm.",
        "3. Sau ngày 05/3/2017, phần mềm tự khóa, các cơ quan sẽ không thể gửi hồ sơ.",
    ],
)
def test_a_letter_that_judges_or_informs_gives_no_work(sentence):
    text = f"Ủy ban nhân dân huyện có ý kiến như sau:\n{sentence}\n"
    assert found(text, LETTER) == ()


def test_a_letter_of_guidance_gives_the_work_of_its_steps():
    text = (
        "Phòng Nội vụ hướng dẫn thực hiện tự đánh giá năm 2017 như sau:\n"
        "1. Các cơ quan, đơn vị tiến hành rà soát và lập báo cáo tự đánh giá.\n"
        "Bước 1: Đăng nhập phần mềm\n"
        "2. Các cơ quan, đơn vị gửi báo cáo trước ngày 30/11/2017.\n"
    )
    head = Heading(kind=Kind.OFFICIAL_LETTER, issuer="Phòng Nội vụ huyện Sơn Lộc")
    assert [task.lead for task in found(text, head)] == [("Các cơ quan, đơn vị",)] * 2


def test_a_heading_that_says_who_directs_carries_its_list():
    text = (
        "III. Nhiệm vụ\n1. Chủ tịch Ủy ban nhân dân xã chỉ đạo\n- Tổ chức ra quân làm sạch kênh mương;\n"
        "- Rà soát danh sách hộ thiếu nước.\n"
    )
    assert {task.lead for task in found(text)} == {("Chủ tịch Ủy ban nhân dân xã",)}


def test_a_day_foreseen_in_brackets_is_not_the_deadline():
    (task,) = found(
        "III. Nhiệm vụ\n1. Phòng Nội vụ chuẩn bị hội nghị (dự kiến trong Quý I/2018), hoàn thành trong tháng 12/2017.\n"
    )
    assert task.due.on == dt.date(2017, 12, 31)


def test_a_heading_may_tell_which_bodies_are_meant():
    text = (
        "III. Tổ chức thực hiện\n1. Các cơ quan, đơn vị được kiểm tra\n"
        "a) Phân công cán bộ đầu mối làm việc với đoàn kiểm tra.\n"
    )
    (task,) = found(text)
    assert task.lead == ("Các cơ quan, đơn vị được kiểm tra",)


def test_the_outline_of_a_report_gives_no_work():
    text = (
        "III. Nhiệm vụ\n1. Xây dựng tủ sách dòng họ.\nNơi nhận:\n- Lưu: VT.\n"
        "PHỤ LỤC\nĐỀ CƯƠNG BÁO CÁO\nI. Nhiệm vụ\n1. Xây dựng tủ sách dòng họ trong năm.\n"
    )
    assert len(found(text, Heading(kind=Kind.PLAN, close=text.index("Nơi nhận")))) == 1


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("Giao Phòng Nội vụ rà soát danh mục sách thư viện.", ("Phòng Nội vụ",)),
        ("Giao Ban Tuyên giáo tuyên truyền sâu rộng.", ("Ban Tuyên giáo",)),
        ("Giao Hạt Kiểm lâm tuần tra, bảo vệ rừng.", ("Hạt Kiểm lâm",)),
        ("Giao Văn phòng HĐND và UBND huyện tổng hợp.", ("Văn phòng HĐND và UBND huyện",)),
        ("Giao Điện lực Yên Hà bảo đảm cung cấp điện.", ("Điện lực Yên Hà",)),
        ("Giao các cơ quan, đơn vị tổ chức triển khai.", ("các cơ quan, đơn vị",)),
        (
            "Giao đồng chí Nguyễn Văn An, Phó Chủ tịch UBND xã chỉ đạo việc thực hiện.",
            ("đồng chí Nguyễn Văn An, Phó Chủ tịch UBND xã",),
        ),
    ],
)
def test_whole_names_leave_the_verb_to_the_work(sentence: str, lead: tuple[str, ...]) -> None:
    assert assignments(reading(sentence))[0].lead == lead
