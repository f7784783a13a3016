"""What a document does to another: replaces, repeals, amends, corrects or recalls it; DOMAIN §3.1.

Stated only where the grammar leaves no doubt that this document does it: a wrong act puts a warning on a
document in force.
"""

from __future__ import annotations

import re

from corpus.mentions import Mention
from corpus.model import Kind, Role
from corpus.setting import Setting
from corpus.text import fold

EFFECTS = (Role.AMENDS, Role.REPLACES, Role.REPEALS, Role.CORRECTS, Role.RECALLS)
# Types that cannot end or change another document, only speak of it.
_POWERLESS = frozenset(
    {
        Kind.REPORT, Kind.PROPOSAL, Kind.OFFICIAL_LETTER, Kind.MINUTES, Kind.INVITATION, Kind.COMMUNIQUE,
        Kind.TRANSMITTAL_SLIP, Kind.FORWARDING_SLIP, Kind.ADVICE_SLIP, Kind.OPEN_LETTER, Kind.CONSOLIDATED,
    }
)  # fmt: skip

DRAFTING = re.compile(
    r"\b(?:đề nghị|kiến nghị|dự thảo|xem xét|nghiên cứu|tham mưu|khi|nếu|trường hợp|đề xuất|hoặc|không|chưa|trình"
    r"|được|bị|sẽ|cần|phải|xây dựng|góp ý|đang|sau khi|trước khi|cho đến)\b"
)
OURS = re.compile(
    r"(?:quyết định|nghị định|thông tư(?: liên tịch)?|luật|bộ luật|pháp lệnh|nghị quyết|chỉ thị|quy định|quy chế"
    r"|kế hoạch|hướng dẫn|kết luận|chương trình|đề án|văn bản|thông báo|thông tri|công văn|công điện|quy trình"
    r"|phương án)\s+này\b"
)

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


def effect(here: Setting, mention: Mention, bare: str, start: int, *, in_title: bool, nested: bool) -> Role | None:
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
        if DRAFTING.search(prefix):
            return False
        return kind is not None and (kind is not Kind.PLAN or mention.kind is Kind.PLAN)
    plain = " ".join(prefix.split())
    if role is Role.AMENDS and _gives_words(here, mention) and (not plain or _issuer_speaks(here, plain)):
        return kind is not None
    if not plain:
        return kind is not None and kind is not Kind.PLAN
    last = next(iter(reversed(list(OURS.finditer(plain)))), None)
    if last is None or DRAFTING.search(plain.replace("được ban hành", "")):
        return False
    rest = plain[last.end() :]
    return not re.search(r"\d[/-]|\bcác (?:quy định|văn bản)\b", rest) and len(rest) < 160 and _own_subject(plain, last)


_AS_FOLLOWS = re.compile(r"[^.;:]{0,300}\bnhư sau\s*:")
_ORGAN = re.compile(r"(?:ban thuong vu|ban chap hanh|thuong truc|chu tich)\s+")


def _gives_words(here: Setting, mention: Mention) -> bool:
    """«Sửa đổi, bổ sung mục II Kế hoạch số … như sau:» makes the change here; without it a plan only orders one."""
    return _AS_FOLLOWS.match(here.lower, mention.span.end) is not None


def _issuer_speaks(here: Setting, plain: str) -> bool:
    """«Ban Thường vụ Huyện ủy sửa đổi, bổ sung …»: the subject is who issues this document."""
    who = _ORGAN.sub("", re.sub(r"\s+(?:quyet dinh|thong nhat|ban hanh)\Z", "", fold(plain)))
    return len(who) > 3 and who in fold(f"{here.heading.parent_issuer or ''} {here.heading.issuer or ''}")


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
    if here.heading.kind in _POWERLESS or DRAFTING.search(words.replace("được ban hành", "")):
        return None
    ours = OURS.search(words)
    if re.search(r"(?:sau|sau đây|dưới đây)\s+hết hiệu lực", words) and ours:
        return Role.REPEALS
    if ours and re.search(r"\bthay thế(?: các[^:]{0,60})?\s*:\s*\Z", words):
        return Role.REPLACES
    opening = re.match(r"\s*(?:(?:điều \d+\.|\d+\.)\s*)?bãi bỏ", words)
    if re.search(r"\bbãi bỏ(?: toàn bộ)?(?: (?:các|\d+|những)[^:]{0,80})?\s*:\s*\Z", words) and (ours or opening):
        return Role.REPEALS
    return None
