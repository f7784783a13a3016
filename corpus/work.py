"""What counts as work in a sentence, and what is only comment, closing formula or attribute of a task."""

from __future__ import annotations

import re
from functools import cache

from corpus.assignees import Reading, alternation, lexicon
from corpus.text import CAPITALS, fold

ATTRIBUTE = re.compile(
    r"(?:các\s)?(?P<who>(?:cơ quan|đơn vị|bộ phận|người|phòng|ban|cấp|cơ quan,\sđơn vị)?\s?"
    r"(?P<lead>chủ trì|thực hiện|đầu mối|chịu trách nhiệm|phụ trách|tham mưu)"
    r"|(?:cơ quan|đơn vị|cơ quan,\sđơn vị)?\s?(?P<partners>phối hợp|tham gia))"
    r"(?:\s(?:thực hiện|chính|chủ trì|tham mưu))?\s?:"
    r"|(?P<due>(?:thời gian|thời hạn|tiến độ|hạn)"
    r"(?:\s(?:thực hiện|hoàn thành|triển khai|tổ chức|gửi|báo cáo|thực hiện và hoàn thành))?)\s?:"
    r"|(?P<product>(?:dự kiến\s)?(?:sản phẩm|kết quả|đầu ra)"
    r"(?:\s(?:dự kiến|đầu ra|hoàn thành|thực hiện|cần đạt|công việc))?)\s?:"
)


TOLD = re.compile(r"[\"“]|ngày\s\d{1,2}[/\s]")
"""A quotation, or the day something happened: told, not ordered."""
PERSON = re.compile(rf"\s{{0,3}}(?:Ông|Bà|Đồng chí|đồng chí|Đ/c)\s+[{CAPITALS}]")
"""After a body and a colon: a list of members."""
CANNOT = re.compile(r"\s*(?:sẽ\s)?không\s(?:thể|còn)(?!\w)")
"""What a body can no longer do is a consequence."""
_HOLDERS = re.compile(rf"\w\s?:\s(?:Ông|Bà|Đồng chí|Đ/c)\s[{CAPITALS}]")
"""«Chủ tịch: Bà …; Phó Chủ tịch: Ông …»: who holds which office."""
_STEP = re.compile(r"bước\s\d{1,2}\s?:\s[^.;:]{0,60}")
"""The title of a step, over what is to be done in it."""
_CONTACT = re.compile(r"(?:điện thoại|email|website|fax)\s?:[^.;]{0,80}(?:điện thoại|email|website|fax)\s?:")
_NUMBER = re.compile(r"(?<![\w/-])\d+(?:[.,/-]\d+)*%?(?![\w/-])")
"""A figure or a whole date, and not the serial of a symbol."""
_INFORMS = re.compile(r"[^.;]{0,90}thông báo (?:để|cho|đến|tới)\s[^.;]{0,160}(?:được\s)?biết(?!\w)[^.;]{0,60}[./;\s]*$")
"""«… thông báo để Hội … biết.»: the letter does it by itself."""
_OF_ITSELF = re.compile(
    r"(?:kế hoạch|chương trình|chỉ thị|quyết định|nghị quyết|thông báo|công văn|kết luận|hướng dẫn|đề án"
    r"|quy chế|văn bản)\snày\s(?:thay\s(?:thế|cho)|bãi bỏ|có hiệu lực|được|gồm|áp dụng|là|có giá trị)(?!\w)"
)
"""«Kế hoạch này thay thế …»: a document about itself."""
CHAIRED = re.compile(
    r"\s*(?:đã\s|đồng\s)?chủ trì\s{1,2}(?:cuộc họp|buổi|hội nghị|phiên|họp|giao ban|kết luận)"
)


@cache
def _appeal() -> frozenset[str]:
    return frozenset(fold(word) for word in lexicon()["orders"]["appeal"])


def idle(work: str) -> bool:
    """«nghiêm túc triển khai thực hiện Kế hoạch này./.»: an appeal, not a piece of work."""
    words = re.findall(r"[^\W_]+", fold(work[:400]))
    return len(words) < 40 and all(word in _appeal() for word in words)


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(alternation(lexicon()["closing"]["phrases"]))


@cache
def _judged() -> re.Pattern[str]:
    return re.compile(alternation(lexicon()["closing"]["judged"]))


def comments(line: Reading) -> bool:
    """Closing formulas, notes in brackets, judgements: about the work, not work."""
    stop = re.search(r"[.;]\s", line.text)
    first = line.marked[: stop.start() if stop else None]
    if line.text.startswith("(") and line.text.rstrip(" ./").endswith(")"):
        return True
    if len(_NUMBER.findall(line.text)) * 4 > len(line.text.split()) + 4:
        return True  # a line of a table that lost its columns
    return (
        line.text.isupper()
        or len(_HOLDERS.findall(line.text)) > 1
        or bool(_STEP.fullmatch(line.marked))
        or bool(_CONTACT.search(line.marked))
        or bool(_closing().search(first))
        or bool(_judged().match(line.marked))
        or bool(_OF_ITSELF.match(line.marked))
        or bool(_INFORMS.match(line.marked))
        or bool(ATTRIBUTE.match(line.marked))
    )


@cache
def _actions() -> re.Pattern[str]:
    action = lexicon()["action"]
    words = (*action["verbs"], *action["leading"], *action["starts"], *lexicon()["orders"]["duties"])
    return re.compile(rf"[\"“\s]*{alternation(fold(word) for word in words)}")


def tells_work(line: Reading) -> bool:
    """Whether an item under a named body holds a verb near its beginning."""
    return len(line.text) > 12 and (begins_with_action(line) or _verb().search(line.bare, 0, 160) is not None)


@cache
def _verb() -> re.Pattern[str]:
    verbs = (fold(word) for word in lexicon()["action"]["verbs"] if " " in word)
    return re.compile(r"(?<!\w)" + alternation(verbs))


_NOUN = re.compile(r"\W*(?:dự thảo|dự án|báo cáo số|quyết định số|kế hoạch số)\s")
"""Words that look like verbs and name a paper."""


def begins_with_action(line: Reading) -> bool:
    return bool(_actions().match(line.bare)) and not _NOUN.match(line.marked)


@cache
def _products() -> re.Pattern[str]:
    products = lexicon()["products"]
    return re.compile(
        rf"(?<!\w){alternation(products['makers'])}\s(?:các\s|\d{{1,3}}\s|một\s|những\s|dự thảo\s)?"
        rf"(?P<product>{alternation(products['nouns'])}[^.,;:()\"]{{0,90}}?)"
        r"(?=\s(?:để|nhằm|trước|trong|gửi|và|cho|theo|với|báo cáo|trình|hoàn thành)(?!\w)|[.,;:()\"]|$)"
    )


def deliverable(line: Reading) -> str | None:
    """What is to be made: «kế hoạch tuyên truyền», «báo cáo về …»; None when no product is named."""
    found = _products().search(line.marked)
    if not found:
        return None
    return " ".join(line.text[found.start("product") : found.end("product")].split())
