"""Why a document is cited (quan hệ giữa các văn bản), from the words around its mention; DOMAIN §3.1.

Effects (replace, repeal, amend …) are stated only where the grammar leaves no doubt that this document has them:
a wrong one puts a warning on a document in force.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.mentions import Mention
from corpus.model import Heading, Kind, Role, Span

REACH = 700
"""Characters of a sentence that are looked at on either side."""
PREAMBLE = 3500
"""Characters after the title in which the grounds stand when no section begins."""

EFFECTS = (Role.AMENDS, Role.REPLACES, Role.REPEALS, Role.CORRECTS, Role.RECALLS)
# Types that cannot end or change another document, only speak of it.
_POWERLESS = frozenset(
    {
        Kind.REPORT, Kind.PROPOSAL, Kind.OFFICIAL_LETTER, Kind.MINUTES, Kind.INVITATION, Kind.COMMUNIQUE,
        Kind.TRANSMITTAL_SLIP, Kind.FORWARDING_SLIP, Kind.ADVICE_SLIP, Kind.OPEN_LETTER, Kind.CONSOLIDATED,
    }
)  # fmt: skip
_LETTERS = frozenset({None, Kind.OFFICIAL_LETTER, Kind.TELEGRAM, Kind.NOTICE, Kind.REPORT, Kind.PROPOSAL})

_BREAK = re.compile(
    r"[.!?;:](?=\s|\Z)|\n[ \t]*\n|\n(?=[ \t]*(?:[-+•*–]\s|\d{1,2}(?:\.\d{1,2})*[.)]\s|[a-zđ]\)"
    r"|\(?(?:ban hành )?kèm theo"
    r"|căn cứ\b|theo đề nghị\b|xét\b|thực hiện\b|điều \d|phúc đáp\b|kính gửi\b|[ivx]{1,5}\.\s))"
)
_MARKER = re.compile(r"\W*(?:(?:điều\s+\d+[a-z]?|\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[ivx]{1,4})\s?[.)]\s*)?[\s\-+•*–“\"|]*")
_DRAFTING = re.compile(
    r"\b(?:đề nghị|kiến nghị|dự thảo|xem xét|nghiên cứu|tham mưu|khi|nếu|trường hợp|đề xuất|hoặc|không|chưa|trình"
    r"|được|bị|sẽ|cần|phải|xây dựng|góp ý|đang|sau khi|trước khi|cho đến)\b"
)
_OURS = re.compile(
    r"(?:quyết định|nghị định|thông tư(?: liên tịch)?|luật|bộ luật|pháp lệnh|nghị quyết|chỉ thị|quy định|quy chế"
    r"|kế hoạch|hướng dẫn|kết luận|chương trình|đề án|văn bản|thông báo|thông tri|công văn|công điện|quy trình"
    r"|phương án)\s+này\b"
)
_SOFT = (
    r"(?:\s+(?:các|những|nghiêm túc|nghiêm|tốt|nội dung|tinh thần|đồng bộ|đầy đủ|có hiệu quả|hiệu quả|kịp thời"
    r"|việc)\b)*"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the roles of one document's citations depend on."""

    text: str
    lower: str
    heading: Heading
    title: Span | None
    preamble: Span
    """From the end of the title to the first section."""
    breaks: tuple[int, ...]
    """Where sentences begin."""

    def sentence(self, at: int) -> int:
        """Where the sentence around `at` begins, not farther than `REACH`."""
        index = bisect_right(self.breaks, at) - 1
        begin = self.breaks[index] if index >= 0 else 0
        return max(begin, at - REACH)

    def stop(self, at: int) -> int:
        """Where the sentence around `at` ends."""
        index = bisect_right(self.breaks, at)
        return min(self.breaks[index] if index < len(self.breaks) else len(self.lower), at + REACH)


def setting(text: str, lower: str, heading: Heading, title: Span | None, first_section: int | None) -> Setting:
    """Prepare a text; `first_section` is where its first section begins."""
    limit = min(len(text), heading.end + PREAMBLE)
    stop = first_section if first_section is not None and heading.end < first_section < limit else limit
    breaks = tuple(match.end() for match in _BREAK.finditer(lower))
    return Setting(text, lower, heading, title, Span(heading.end, stop), breaks)


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


def _joined(here: Setting, previous: Mention, mention: Mention, start: int) -> bool:
    """Whether two mentions are members of one list, not one inside the subject of the other."""
    if start <= previous.span.end:
        return start == previous.span.end
    if start - previous.span.end > 600:
        return False
    between = here.lower[previous.span.end : start]
    if _BETWEEN.fullmatch(between):
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
    effect = _effect(here, mention, bare, start, in_title=in_title, nested=nested)
    if effect:
        return effect
    if not in_title and _APPENDED.search(bare) and "(" in before:
        return Role.APPROVES
    clause = bare
    if nested and previous is not None:  # only a clause that opens after the other mention has a verb of its own
        between = " ".join(here.lower[previous.span.end : start].split())
        clause = between.rsplit(", ", 1)[1] if ", " in between else ""
    if in_title and nested:
        return Role.MENTIONS
    soft = _in_title(here, bare) if in_title else _in_text(here, mention, clause, begin, nested=nested)
    return soft or Role.MENTIONS


# What others did to another document: «được sửa đổi, bổ sung bởi Y».
_PASSIVE = re.compile(
    r"\b(?:được|bị)\s+(?:sửa đổi|bổ sung|thay thế|bãi bỏ|đính chính|thu hồi|hủy bỏ)\b[^.;:]{0,90}?"
    r"\b(?:bởi|tại|theo|bằng)\b(?:\s+(?:các|những))?\s*\Z"
)

# -- effects

_REPLACING = re.compile(r"\bthay thế(?:\s+cho)?\s*(?:toàn bộ\s*)?(?:các\s*|:\s*)?\Z|\bthay cho\s*(?:các\s*)?\Z")
_REPEALING = re.compile(r"\b(?:bãi bỏ|hủy bỏ|huỷ bỏ)\s*(?:toàn bộ\s*)?(?:các\s*|hiệu lực (?:của\s*)?)?\Z")
_AMENDING = re.compile(
    r"(?:\bsửa đổi(?:\s*,\s*|\s+và\s+)?(?:bổ sung)?(?:\s*,?\s*(?:thay thế|bãi bỏ))*|\bbổ sung"
    r"|\bđiều chỉnh(?:\s*,\s*bổ sung)?|\bbãi bỏ|\bthay thế)"
    r"\s*(?:(?:một số|các)\s+(?:điều|khoản|điểm|nội dung|quy định|phụ lục|mẫu|cụm từ)\b[^.;:()]{0,40}?)?"
    r"(?:\s*(?:của|tại|trong|(?:ban hành\s+)?kèm theo)\s*)?(?:các\s*)?\Z"
)
_CORRECTING = re.compile(
    r"\bđính chính\s*(?:(?:một số|các)?\s*(?:sai sót|lỗi|nội dung)?[^.;:()]{0,30}?(?:tại|của|trong)\s*)?\Z"
)
_RECALLING = re.compile(r"\bthu hồi\s*(?:và hủy bỏ\s*)?(?:các\s*)?\Z")
_DIRECT = (
    (Role.REPLACES, _REPLACING), (Role.REPEALS, _REPEALING), (Role.AMENDS, _AMENDING),
    (Role.CORRECTS, _CORRECTING), (Role.RECALLS, _RECALLING),
)  # fmt: skip
_ENDS = re.compile(
    r"\s*(?:thì\s+)?hết hiệu lực(?:\s+thi hành)?"
    r"(?P<own>\s*(?:,\s*)?(?:kể\s+)?từ (?:ngày|khi|thời điểm)\s+[^.;,\d]{0,30}này có hiệu lực)?"
    r"(?P<day>\s*(?:kể\s+)?từ (?:ngày|khi))?"
)
_ENDED = re.compile(r"hết hiệu lực")
_SINCE = re.compile(r"(?:(?:kể )?từ ngày [^.;]{0,40}này có hiệu lực(?: thi hành)?,?\s*)?(?:thì\s*|các\s*)?\Z")


def _effect(here: Setting, mention: Mention, bare: str, start: int, *, in_title: bool, nested: bool) -> Role | None:
    if here.heading.kind in _POWERLESS and here.heading.kind is not Kind.OFFICIAL_LETTER:
        return None
    for role, pattern in _DIRECT:
        said = pattern.search(bare[-140:])
        if said:
            prefix = bare[: len(bare) - len(bare[-140:]) + said.start()]
            if role is Role.AMENDS and _place_less_whole(said.group()):
                return None
            ours = not nested and _ours(here, prefix, mention, role, in_title=in_title)
            return role if ours else None
    if not bare.strip() or _SINCE.fullmatch(bare):
        return _under_lead(here, start) or (None if nested and bare.strip() else _expiring(here, mention))
    return None


def _place_less_whole(said: str) -> bool:
    """«bãi bỏ», «thay thế» before a mere «của»: the object was something else."""
    return bool(re.match(r"(?:bãi bỏ|thay thế)\s*(?:của|tại|trong|kèm)", said))


def _ours(here: Setting, prefix: str, mention: Mention, role: Role, *, in_title: bool) -> bool:
    """Whether the subject of the verb that ends at the mention is this document."""
    kind = here.heading.kind
    if kind is Kind.OFFICIAL_LETTER and role not in (Role.CORRECTS, Role.RECALLS):
        return False
    if in_title:
        if _DRAFTING.search(prefix):
            return False
        return kind is not None and (kind is not Kind.PLAN or mention.kind is Kind.PLAN)
    plain = " ".join(prefix.split())
    if not plain:
        return kind is not None and kind is not Kind.PLAN
    last = next(iter(reversed(list(_OURS.finditer(plain)))), None)
    if last is None or _DRAFTING.search(plain.replace("được ban hành", "")):
        return False
    rest = plain[last.end() :]
    return not re.search(r"\d[/-]|\bcác (?:quy định|văn bản)\b", rest) and len(rest) < 160 and _own_subject(plain, last)


def _own_subject(plain: str, ours: re.Match[str]) -> bool:
    """«Quyết định này …», not «quy định tại Quyết định này …»."""
    lead = plain[: ours.start()].strip()
    return not lead or bool(re.fullmatch(r"(?:kể )?từ ngày|.{0,30}hiệu lực(?: thi hành)?\W*", lead))


def _expiring(here: Setting, mention: Mention) -> Role | None:
    """«X hết hiệu lực kể từ ngày Quyết định này có hiệu lực»."""
    after = " ".join(here.lower[mention.span.end : here.stop(mention.span.end)].split())
    said = _ENDED.search(after)
    if said is None:
        return None
    ends = _ENDS.match(after, said.start())
    gap = after[: said.start()]
    if ends is None or re.search(r"\b(?:đã|chưa|khi|nếu|không|trường hợp|trước|còn|được)\s*\Z|\bnày\b", gap):
        return None
    if ends["own"]:
        return Role.REPEALS
    return Role.REPLACES if ends["day"] and here.heading.kind and here.heading.kind is mention.kind else None


_LEAD_LINE = re.compile(r"[^\n]{0,400}:\s*\Z")
_ITEM = re.compile(r"\s*(?:(?P<letter>[a-zđ])\)|(?P<digit>\d{1,2}(?:\.\d{1,2})*)[.)]|(?P<dash>[-+•–]))")


def _under_lead(here: Setting, start: int) -> Role | None:
    """The role a list's opening line gives to the document its item begins with."""
    line = here.lower.rfind("\n", 0, start) + 1
    own = _ITEM.match(here.lower, line)
    if own is None or here.lower[own.end() : start].strip():
        return None
    for _ in range(40):
        if line == 0:
            return None
        above = here.lower.rfind("\n", 0, line - 1) + 1
        words = here.lower[above : line - 1]
        mark = _ITEM.match(words)
        if (mark and mark.lastgroup != own.lastgroup) or not mark:
            return _lead_role(here, words) if words.rstrip().endswith(":") else None
        line = above
    return None


def _lead_role(here: Setting, words: str) -> Role | None:
    if here.heading.kind in _POWERLESS or _DRAFTING.search(words.replace("được ban hành", "")):
        return None
    ours = _OURS.search(words)
    if re.search(r"(?:sau|sau đây|dưới đây)\s+hết hiệu lực", words) and ours:
        return Role.REPEALS
    if ours and re.search(r"\bthay thế(?: các[^:]{0,60})?\s*:\s*\Z", words):
        return Role.REPLACES
    opening = re.match(r"\s*(?:điều \d+\.|\d+\.)?\s*bãi bỏ", words)
    if re.search(r"\bbãi bỏ(?: toàn bộ)?(?: (?:các|\d+|những)[^:]{0,80})?\s*:\s*\Z", words) and (ours or opening):
        return Role.REPEALS
    return None


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
    ours = _OURS.search(prefix)
    return ours is not None and not prefix[: ours.start()].strip() and len(prefix) < 120
