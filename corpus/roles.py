"""Why a document is cited (quan hệ giữa các văn bản), from the words around its mention; DOMAIN §3.1.

What a document does to another (replaces, repeals, amends it …) is read in `acts`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.acts import EFFECTS, OURS, effect
from corpus.mentions import Mention
from corpus.model import Kind, Role
from corpus.setting import Setting

_LETTERS = frozenset({None, Kind.OFFICIAL_LETTER, Kind.TELEGRAM, Kind.NOTICE, Kind.REPORT, Kind.PROPOSAL})

_MARKER = re.compile(r"\W*(?:(?:điều\s+\d+[a-z]?|\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[ivx]{1,4})\s?[.)]\s*)?[\s\-+•*–“\"|]*")
_SOFT = (
    r"(?:\s+(?:các|những|nghiêm túc|nghiêm|tốt|nội dung|tinh thần|đồng bộ|đầy đủ|có hiệu quả|hiệu quả|kịp thời"
    r"|việc)\b)*"
)


def roles(here: Setting, mentions: Sequence[Mention], starts: Sequence[int]) -> list[Role]:
    """The role of each mention; `starts` says where each begins with the words of its place."""
    found: list[Role] = []
    for index, mention in enumerate(mentions):
        previous = mentions[index - 1] if index else None
        joined = previous is not None and _joined(here, previous, mention, starts[index])
        if mention.how == "self":
            found.append(Role.MENTIONS)
        elif previous is not None and joined and _passes(here, found[-1], previous, mention):
            found.append(found[-1])
        else:
            found.append(_role(here, mention, starts[index], previous))
    return found


_BETWEEN = re.compile(
    r"\s{0,3}(?:\([^()\n]{0,80}\))?\s{0,3}(?:(?:,|;|và|hoặc|cùng với|cùng|[-+–]|[a-zđ]\)|\d\.)\s{0,3}){0,4}"
    r"(?:các\s{1,3}|số\s{0,2}){0,2}"
)
_LISTED = re.compile(r"(?:[;,]|\bvà|\bvà các|[;,]\s{0,3}và)\s{0,3}(?:\n\s{0,4})?(?:[-+–]\s{0,3}|[a-zđ]\)\s{0,3})?\Z")


# «Xét đề nghị của Hội tại Công văn … và ý kiến của Sở Nội vụ tại Tờ trình …»
_AND_OPINION = re.compile(r"[^.;:]{0,400}\bvà\s+(?:ý kiến|đề nghị|kiến nghị)\s[^.;:]{2,80}?\stại\s*")


def _after_title(between: str, previous: Mention) -> bool:
    """«Thực hiện Nghị quyết số … ban hành Chương trình X, Quyết định số …»: nothing but the subject and a comma."""
    words = " ".join(between.split())
    return previous.title is not None and words.endswith(",") and words[:-1].endswith(previous.title.lower())


def _joined(here: Setting, previous: Mention, mention: Mention, start: int) -> bool:
    """Whether two mentions are members of one list, not one inside the subject of the other."""
    if start <= previous.span.end:
        return start == previous.span.end
    if start - previous.span.end > 600:
        return False
    between = here.lower[previous.span.end : start]
    if _BETWEEN.fullmatch(between):
        return True
    if (between.endswith("tại ") and _AND_OPINION.fullmatch(between)) or _after_title(between, previous):
        return True
    if ". " in between or "\n\n" in between:
        return False
    return bool(_LISTED.search(between)) and (between.rstrip(" \n-+–").endswith(";") or previous.kind == mention.kind)


def _passes(here: Setting, role: Role, previous: Mention, mention: Mention) -> bool:
    """Whether a role said of one member of a list holds for the next."""
    if role is Role.MENTIONS:
        return False
    if role in EFFECTS:
        return previous.kind == mention.kind and not re.search(
            r"được\s|sửa đổi|\bbởi\b", here.lower[previous.span.end : mention.span.start]
        )
    return True


def _role(here: Setting, mention: Mention, start: int, previous: Mention | None) -> Role:
    begin = here.sentence(start)
    in_title = here.title is not None and here.title.start <= start < here.title.end
    if in_title and here.title:
        begin = max(here.title.start, begin) if begin > here.title.start else here.title.start
    before = here.lower[begin:start]
    marker = _MARKER.match(before)
    bare = " ".join(before[marker.end() if marker else 0 :].split())  # lines of a PDF break between any two words
    nested = previous is not None and previous.span.start >= begin and previous.how != "self"
    if _PASSIVE.search(bare[-160:]):
        return Role.MENTIONS
    act = effect(here, mention, bare, start, in_title=in_title, nested=nested)
    if act:
        return act
    if not in_title and _APPENDED.search(bare) and "(" in before:
        return Role.APPROVES
    clause = bare
    if nested and previous is not None:  # only a clause that opens after the other mention has a verb of its own
        between = " ".join(here.lower[previous.span.end : start].split())
        clause = "căn cứ" if between.endswith("và căn cứ") else between.rpartition(", ")[2] if ", " in between else ""
    if in_title and nested:
        return Role.MENTIONS
    soft = _in_title(here, bare) if in_title else _in_text(here, mention, clause, begin, nested=nested)
    return soft or Role.MENTIONS


# What others did to another document: «được sửa đổi, bổ sung bởi Y».
_PASSIVE = re.compile(
    r"\b(?:được|bị)\s+(?:sửa đổi|bổ sung|thay thế|bãi bỏ|đính chính|thu hồi|hủy bỏ)\b[^.;:]{0,90}?"
    r"\b(?:bởi|tại|theo|bằng)\b(?:\s+(?:các|những))?\s*\Z"
)

# -- what is done with the document

_APPENDED = re.compile(r"(?:\A|\()\s*(?:(?:được\s+)?ban hành\s+)?kèm theo\s*\Z")
_CONTINUING = re.compile(rf"\btiếp tục\s+(?:triển khai\s+)?thực hiện{_SOFT}\s*\Z")
_REPORTING = re.compile(
    rf"\b(?:báo cáo|sơ kết|tổng kết|kết quả|tình hình|đánh giá)\b[^.;:]{{0,90}}?"
    rf"(?:thực hiện|triển khai|thi hành){_SOFT}\s*(?:tại\s*)?\Z"
    r"|\b(?:sơ kết|tổng kết)\s+(?:\d{1,2}|\w+)\s+năm\s*\Z"
)
_GUIDING = re.compile(
    rf"\bhướng dẫn(?:\s+(?:việc\s+)?(?:tổ chức\s+|triển khai\s+)?(?:thực hiện|thi hành|áp dụng))?{_SOFT}"
    r"(?:\s+(?:một số|các)\s+(?:điều|nội dung|quy định)[^.;:]{0,40}?(?:của|tại))?\s*\Z"
    r"|\bquy định chi tiết\b[^.;:]{0,110}?\Z|\bbiện pháp(?:\s+để\s+(?:tổ chức, )?hướng dẫn)?\s+thi hành\s*\Z"
)
_GUIDES_FIRST = re.compile(r"(?:hướng dẫn|quy định chi tiết)\b")
# «nhắc nhở tại Thông báo X» says where it was said, not of what.
_REMINDING = re.compile(r"\b(?:đôn đốc|nhắc)\b[^.;:]{0,60}?(?<!tại)(?<!tại )\Z")
_IMPLEMENTING = re.compile(
    rf"\b(?:thực hiện|triển khai|thi hành|quán triệt|cụ thể hóa|cụ thể hoá|chấp hành){_SOFT}"
    r"(?:\s+(?:(?:ý kiến\s+)?(?:chỉ đạo|kết luận|đề nghị|yêu cầu|nhiệm vụ|nội dung|chủ trương|sự chỉ đạo)\b"
    r"[^.;:]{0,90}?(?:tại|theo|trong|của)))?(?:\s*các)?\s*\Z"
)
# «thực hiện nhiệm vụ theo quy định tại X», «văn bản hướng dẫn thi hành X»: rules, not work.
_RULED = re.compile(
    r"\bquy định(?:\s+(?:tại|của|trong|ở))?(?:\s+các)?\s*\Z"
    r"|\b(?:văn bản|quy định|chi tiết|biện pháp|hướng dẫn)\s[^.;:,]{0,40}?thi hành\s*\Z"
)
_OPINION = re.compile(r"\bý kiến (?:chỉ đạo )?(?:của [^.;:]{2,80} )?tại\s*\Z")
_GROUNDS = re.compile(r"(?:\A|,\s|\bvà )(?:căn cứ|theo|xét|trên cơ sở|theo đề nghị|thừa ủy quyền)\b")
_ANSWERING = re.compile(r"(?:\A|\bv/v |\bvề việc )(?:trả lời|phúc đáp)\b[^.;:]{0,100}?\Z")
_RECEIVED = re.compile(
    r"\A(?:(?:ngày [\d/.-]+,?\s*)?[^.;:]{0,60}?(?:nhận được|nghiên cứu|xem xét)|về việc)\b[^.;:]{0,140}?\Z"
)
_ANSWERS = re.compile(r"có ý kiến|trả lời|phúc đáp")
_REPORTS_NOW = re.compile(r"\bbáo cáo\b[^.;]{0,80}như sau")


def _in_title(here: Setting, bare: str) -> Role | None:
    kind = here.heading.kind
    tries = (
        (Role.ANSWERS, _ANSWERING), (Role.CONTINUES, _CONTINUING), (Role.REMINDS, _REMINDING),
        (Role.REPORTS, _REPORTING), (Role.GUIDES, _GUIDING), (Role.IMPLEMENTS, _IMPLEMENTING),
    )  # fmt: skip
    for role, pattern in tries:
        if pattern.search(bare[-160:]):
            if role is Role.IMPLEMENTS and kind is Kind.REPORT:
                return Role.REPORTS
            if role is Role.REPORTS and kind in (Kind.PLAN, Kind.GUIDANCE, Kind.DIRECTIVE):
                return Role.IMPLEMENTS
            return role
    return None


def _in_text(here: Setting, mention: Mention, clause: str, begin: int, *, nested: bool) -> Role | None:
    preamble = here.preamble.start <= mention.span.start < here.preamble.end
    near = clause[-160:]
    opening = begin <= here.heading.end + 400
    if preamble and not nested:
        answered = _first_sentence(here, mention, near, opening=opening)
        if answered:
            return answered
    if preamble and _GROUNDS.match(clause) and not _IMPLEMENTING.search(near):
        return Role.BASIS
    if here.heading.kind is Kind.REPORT and _REPORTING.search(near) and not nested:
        return Role.REPORTS
    if not nested and _guides(here, clause):
        return Role.GUIDES
    if opening and not nested and here.heading.kind in _LETTERS and _REMINDING.search(near):
        return Role.REMINDS
    if _RULED.search(near):
        return None
    if nested:
        return Role.IMPLEMENTS if preamble and _IMPLEMENTING.match(clause.lstrip()) else None
    said = _IMPLEMENTING.search(near) if preamble else _IMPLEMENTING.fullmatch(near)
    if not preamble and here.lower[begin - 1 : begin] == ":" and "\n" not in here.lower[begin : mention.span.start]:
        return None  # «Kết nạp đảng viên: thực hiện điểm 3.8 Hướng dẫn …» says which rule holds
    # «Sở Nội vụ xây dựng kế hoạch thực hiện X» orders another to carry X out; this document only speaks of it.
    return Role.IMPLEMENTS if said else None


def _first_sentence(here: Setting, mention: Mention, near: str, *, opening: bool) -> Role | None:
    if not opening or here.heading.kind not in _LETTERS:
        return None
    after = " ".join(here.lower[mention.span.end : here.stop(mention.span.end)].split())
    if _ANSWERING.search(near):
        return Role.ANSWERS
    if _IMPLEMENTING.search(near) and _REPORTS_NOW.search(after):
        return Role.REPORTS
    if here.heading.kind not in (None, Kind.OFFICIAL_LETTER, Kind.NOTICE):
        return None
    if _OPINION.search(near):
        return Role.ANSWERS
    return Role.ANSWERS if _RECEIVED.search(near) and _ANSWERS.search(after) else None


def _guides(here: Setting, clause: str) -> bool:
    """«Thông tư này hướng dẫn …»: only the document's own guidance."""
    said = _GUIDING.search(clause[-200:])
    if said is None:
        return False
    if here.heading.kind in (Kind.CIRCULAR, Kind.JOINT_CIRCULAR, Kind.GUIDANCE) and _GUIDES_FIRST.match(clause):
        return True
    prefix = clause[: len(clause) - len(clause[-200:]) + said.start()]
    ours = OURS.search(prefix)
    return ours is not None and not prefix[: ours.start()].strip() and len(prefix) < 120
