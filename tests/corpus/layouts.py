"""The layouts in which flattened pages show one paper (thể thức), and what scans and fonts do to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


@dataclass(frozen=True)
class Paper:
    """The cells of one paper as printed, and what its heading must say."""

    left: tuple[str, ...]
    serial: str
    """The whole line: «Số: 12/BC-HKH»."""
    day: str
    kind: str | None
    subject: tuple[str, ...]
    """Lines of the title, or of «V/v …»."""
    opening: str
    recipients: tuple[str, ...]
    signing: tuple[str, ...]
    expected: dict[str, object] = field(default_factory=dict)
    to: tuple[str, ...] = ()
    """Lines of «Kính gửi»."""
    right: tuple[str, ...] = (STATE, MOTTO)

    @property
    def party(self) -> bool:
        return self.right[0] == PARTY


def _columns(left: Sequence[str], right: Sequence[str], gap: str) -> list[str]:
    return [
        gap.join(cell for cell in row if cell) if gap == " " else gap.join(row).rstrip()
        for row in zip_longest(left, right, fillvalue="")
    ]


def _left(paper: Paper) -> list[str]:
    about = [] if paper.kind else list(paper.subject)
    return [*paper.left, *(["*"] if paper.party else []), paper.serial, *about]


def _right(paper: Paper) -> list[str]:
    return [*paper.right, paper.day]


def left_first(paper: Paper) -> list[str]:
    return [*_left(paper), *_right(paper)]


def right_first(paper: Paper) -> list[str]:
    return [*_right(paper)[:-1], *_left(paper), _right(paper)[-1]]


def state_above(paper: Paper) -> list[str]:
    return [*_right(paper), *_left(paper)]


def tabs(paper: Paper) -> list[str]:
    return _columns(_left(paper), _right(paper), "\t")


def wide(paper: Paper) -> list[str]:
    rows = zip_longest(_left(paper), _right(paper), fillvalue="")
    return [f"{a:<42}     {b}".rstrip() for a, b in rows]


def glued(paper: Paper) -> list[str]:
    """Rows of the table as a plain reader flattens them."""
    about = [] if paper.kind else list(paper.subject)
    left = [*paper.left, *(["*"] if paper.party else [])]
    right = list(paper.right)
    rows = _columns(left, right, " ")
    return [*rows, f"{paper.serial} {paper.day}", *about]


def ruled(paper: Paper) -> list[str]:
    return [
        *paper.left,
        "-------",
        paper.serial,
        *([] if paper.kind else paper.subject),
        "",
        *paper.right,
        "---------------",
        "",
        paper.day,
        "",
    ]


def cells(paper: Paper) -> list[str]:
    """Each cell of the table on one line, as word processors' files are often read."""
    return [" ".join(_left(paper)) + "\t" + " ".join(_right(paper))]


def two_rows(paper: Paper) -> list[str]:
    """Names in the first row of the table, number and day in the second."""
    about = [] if paper.kind else list(paper.subject)
    return [
        " ".join(paper.left) + "\t" + " ".join(paper.right),
        "\t".join([" ".join([paper.serial, *about]), paper.day]),
    ]


HEADS: tuple[Callable[[Paper], list[str]], ...] = (
    left_first,
    right_first,
    state_above,
    tabs,
    wide,
    glued,
    ruled,
    cells,
    two_rows,
)


def _listed(paper: Paper) -> list[str]:
    last = len(paper.recipients) - 1
    comma = "," if paper.party else ";"
    return ["Nơi nhận:", *(f"- {name}{'.' if i == last else comma}" for i, name in enumerate(paper.recipients))]


def list_first(paper: Paper) -> list[str]:
    return [*_listed(paper), *paper.signing[:-1], "", "", paper.signing[-1]]


def signed_first(paper: Paper) -> list[str]:
    return [*paper.signing[:-1], "", "(Đã ký)", "", paper.signing[-1], *_listed(paper)]


def closing_glued(paper: Paper) -> list[str]:
    listed, signing = _listed(paper), list(paper.signing)
    room = max(len(listed) - len(signing), 0)
    return _columns(listed, [*signing[:-1], *[""] * room, signing[-1]], " ")


def closing_tabs(paper: Paper) -> list[str]:
    listed, signing = _listed(paper), list(paper.signing)
    room = max(len(listed) - len(signing), 0)
    return _columns(listed, [*signing[:-1], *[""] * room, signing[-1]], "\t")


def closing_wide(paper: Paper) -> list[str]:
    return [
        f"{a:<44}    {b}".rstrip()
        for a, b in zip_longest(_listed(paper), [*paper.signing[:-1], "", "", paper.signing[-1]], fillvalue="")
    ]


def closing_cells(paper: Paper) -> list[str]:
    return [" ".join(_listed(paper)) + "\t" + " ".join(paper.signing)]


CLOSINGS: tuple[Callable[[Paper], list[str]], ...] = (
    list_first,
    signed_first,
    closing_glued,
    closing_tabs,
    closing_wide,
    closing_cells,
)


Layout = Callable[[Paper], list[str]]


def page(paper: Paper, head: Layout, close: Layout) -> str:
    """The whole text of a paper, its letterhead and its closing block laid out in given ways."""
    kind = [paper.kind, *paper.subject] if paper.kind else []
    middle = [
        "I. TÌNH HÌNH CHUNG",
        "1. Các đơn vị chủ động triển khai, báo cáo kết quả trước ngày 20/12 hằng năm.",
        "2. Giao Văn phòng theo dõi, đôn đốc./.",
    ]
    return "\n".join([*head(paper), *kind, *paper.to, paper.opening, *middle, *close(paper)]) + "\n"


def _shouts(line: str) -> bool:
    upper = sum(map(str.isupper, line))
    return upper > 6 and sum(map(str.islower, line)) <= upper * 0.12


def lowered(text: str) -> str:
    """Capitals that were only in the font (.VnTimeH) come out small."""
    return "\n".join(line.lower() if _shouts(line) and "/" not in line else line for line in text.split("\n"))


def scanned(text: str) -> str:
    """Dashes grow, symbols spread, rules leave strokes."""
    loose = re.sub(r"(\d)/([A-ZĐ])", r"\1 /\2", text.replace(" - ", " — ").replace("Số:", "Số :"))
    lines = loose.split("\n")
    return "\n".join([*lines[:2], "———=", *lines[2:4], "_—", *lines[4:]])


def spaced(text: str) -> str:
    """Every line break doubled."""
    return "\n\n".join(text.split("\n"))


def starred(text: str) -> str:
    """Bold kept as asterisks."""
    return "\n".join(f"**{line}**" if _shouts(line) else line for line in text.split("\n"))


def stamped(text: str) -> str:
    """The appearance of an electronic signature above the letterhead."""
    stamp = "Ký bởi: Văn thư\nEmail: vanthu@coquan.gov.vn\nCơ quan: Sở A\nThời gian ký: 03.02.2021 08:15:10 +07:00\n"
    return stamp + text


def received(text: str) -> str:
    """The stamp of the office that received it."""
    return "CÔNG VĂN ĐẾN\nSố: 1203\nNgày: 12/9/2020\nChuyển: P.TH\n" + text


def numbered(text: str) -> str:
    """Page numbers between the lines."""
    return text.replace("\nI. TÌNH", "\n1\nI. TÌNH").replace("Nơi nhận", "2\nNơi nhận")


def wide_dates(text: str) -> str:
    """Gaps in the line of the day, as forms leave them."""
    return re.sub(r"ngày (\d+) tháng (\d+) năm (\d{4})", r"ngày  \1  tháng  \2  năm  \3", text, count=1)


def other_tones(text: str) -> str:
    """The other placing of tone marks."""
    for one, other in (("ủy", "uỷ"), ("ỦY", "UỶ"), ("òa", "oà"), ("ÒA", "OÀ")):
        text = text.replace(one, other)
    return text


DAMAGES: tuple[Callable[[str], str], ...] = (
    lowered, scanned, spaced, starred, stamped, received, numbered, wide_dates, other_tones,
)  # fmt: skip
