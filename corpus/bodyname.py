"""Names of bodies (cơ quan, tổ chức) as prose writes them: opened, with proper capitals and place."""

from __future__ import annotations

import re
from functools import cache

from corpus import lexicon, offices
from corpus import text as letters

# Opened in names, with the letters as printed on letterheads. GD&ĐT and GD-ĐT are one.
_OPENED = {
    "ubnd": "Ủy ban nhân dân",
    "hdnd": "Hội đồng nhân dân",
    "ubmttq": "Ủy ban Mặt trận Tổ quốc",
    "gddt": "Giáo dục và Đào tạo",
    "ubmttqvn": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "mttq": "Mặt trận Tổ quốc",
    "bch": "Ban Chấp hành",
    "btv": "Ban Thường vụ",
    "ubkt": "Ủy ban Kiểm tra",
    "vp": "Văn phòng",
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
    "tw": "Trung ương",
    "tnmt": "Tài nguyên và Môi trường",
    "nnptnt": "Nông nghiệp và Phát triển nông thôn",
    "khcn": "Khoa học và Công nghệ",
    "khdt": "Kế hoạch và Đầu tư",
    "ldtbxh": "Lao động - Thương binh và Xã hội",
    "hcm": "Hồ Chí Minh",
    "thcs": "Trung học cơ sở",
    "thpt": "Trung học phổ thông",
    "tncs": "Thanh niên Cộng sản",
    "qlda": "Quản lý dự án",
    "bql": "Ban Quản lý",
    "bqlda": "Ban Quản lý dự án",
    "kcn": "khu công nghiệp",
    "vhtt": "Văn hóa - Thông tin",
    "vhttdl": "Văn hóa, Thể thao và Du lịch",
    "tttt": "Thông tin và Truyền thông",
    "gtvt": "Giao thông vận tải",
    "nnmt": "Nông nghiệp và Môi trường",
    "tand": "Tòa án nhân dân",
    "tandtc": "Tòa án nhân dân tối cao",
    "vksnd": "Viện kiểm sát nhân dân",
    "vksndtc": "Viện kiểm sát nhân dân tối cao",
    "bhxh": "Bảo hiểm xã hội",
    "ldld": "Liên đoàn Lao động",
    "lhpn": "Liên hiệp Phụ nữ",
    "ccb": "Cựu chiến binh",
    "kbnn": "Kho bạc Nhà nước",
    "chqs": "Chỉ huy quân sự",
    "ctcp": "Công ty cổ phần",
    "gdnngdtx": "Giáo dục nghề nghiệp - Giáo dục thường xuyên",
    "gdtx": "Giáo dục thường xuyên",
    "pccc": "phòng cháy chữa cháy",
}
_ABBREVIATION = re.compile(r"(?<![\w&])(?:[A-ZĐƯ]{2,}(?:[&-][A-ZĐ]{1,5})*)\.?(?![\w&])")
_PRIMARY = re.compile(r"(?<=TRƯỜNG )TH(?![\w&])|(?<=TRƯỜNG )MN(?![\w&])")
_LINKING = {"và", "của", "về", "các", "với", "cho", "tại", "thuộc", "trực", "ở", "trong", "theo"}
_LEVEL = re.compile(
    r"\b(tỉnh|thành phố|huyện|quận|thị xã|xã(?!\s+hội\b)|phường|thị trấn|đặc khu)\s+"
    r"(?!(?:ủy|uỷ|đoàn|trực thuộc)\b)"
    r"((?:[^\W\d_]+|\d{1,2})(?:[\s-](?!và\b|tỉnh\b|huyện\b|thành phố\b|quận\b)[^\W\d_]+){0,4}"
    r"(?: [-–] [^\W\d_]+ [^\W\d_]+(?=$|,))?)",
    re.IGNORECASE,
)
_SCHOOL = re.compile(r"(?:Tiểu học|Mầm non|cơ sở|phổ thông)$")
_COMMITTEE = re.compile(r"\b(tỉnh|thành|huyện|quận|thị|đảng)\s+(?:ủy|uỷ)\b", re.IGNORECASE)


def open_abbreviations(name: str) -> str:
    """Put full words for the abbreviations of a letterhead.

    >>> open_abbreviations("UBND TỈNH LÂM ĐỒNG")
    'Ủy ban nhân dân TỈNH LÂM ĐỒNG'
    """

    def opened(match: re.Match[str]) -> str:
        word = match.group()
        found = _OPENED.get(lexicon.code_key(word)) if word != "TƯ" else None
        if found is None or (word.rstrip(".") == "TT" and not word.endswith(".")):
            return word
        return found + (" " if word.endswith(".") else "")

    name = _PRIMARY.sub(lambda match: "Tiểu học" if match.group() == "TH" else "Mầm non", name)
    return " ".join(_ABBREVIATION.sub(opened, name).split())


def key(name: str) -> str:
    """What two spellings of one name share: abbreviations, case, place of the tone mark; marks count.

    >>> key("UBND huyện Yên Hà") == key("Uỷ ban nhân dân HUYỆN YÊN HÀ"), key("xã Yên Hà") == key("xã Yên Hạ")
    (True, False)
    """
    words = letters.normalise(open_abbreviations(name)).casefold().split()
    return " ".join(letters.tone_key(word) for word in words)


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    """Folded names with their proper letters, by first syllable, the longest first."""
    names = {name for body in lexicon.body_codes() for name in (*body.names, *body.aliases) if " " in name}
    names |= {str(entry) for entry in offices.table()["proper"]}
    by_first: dict[str, list[str]] = {}
    for name in names:
        if not re.search(r"[A-ZĐ]{2}|/|,.*\(", name):
            by_first.setdefault(letters.tone_key(name.split()[0]), []).append(name)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in by_first.items()}


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


def _phrase_at(words: list[str], index: int) -> list[str] | None:
    for phrase in _phrases().get(letters.tone_key(words[index].strip(",;-")), ()):
        parts = phrase.split()
        here = words[index : index + len(parts)]
        keys = [letters.tone_key(word.strip(",;")) for word in here]
        if keys == [letters.tone_key(part.strip(",;")) for part in parts]:
            # The capitals of the list, the tone places as printed.
            return [
                _capital(word) if part[0].isupper() else word.lower() for part, word in zip(parts, here, strict=True)
            ]
    return None


def _cased(words: list[str]) -> list[str]:
    cased: list[str] = []
    index, fresh, named = 0, True, False
    while index < len(words):
        if named:  # a school's name: every syllable
            cased.append(_titled(words[index]))
            index += 1
            continue
        phrase = _phrase_at(words, index)
        if phrase:
            cased += phrase
            index += len(phrase)
            fresh, named = True, _SCHOOL.search(" ".join(phrase)) is not None
            continue
        if index == 0 and (count := offices.opening(" ".join(words), "bodies")):
            cased += [_capital(words[0]), *(word.lower() for word in words[1:count])]
            index = count
            continue
        word = words[index]
        plain = letters.fold(word)
        if word.lower() in _LINKING and cased:
            cased.append(word.lower())
            fresh = word.lower() in ("và", "về")
        elif word.isupper() and 1 < len(word) < 9 and plain.isalpha() and not letters.is_syllable(word):
            named = _names_school(cased, words[index + 1 :])
            cased.append(word)  # an abbreviation
            fresh = True
        elif not plain.isalpha() and not plain.rstrip(",;").isalpha():
            named = "&" in word and _names_school(cased, words[index + 1 :])
            cased.append(word)
            fresh = True
        else:
            cased.append(_capital(word) if fresh or not cased else word.lower())
            fresh = word.endswith((",", "-"))
        index += 1
    return cased


def _names_school(before: list[str], after: list[str]) -> bool:
    """The level of a school is abbreviated, and its own name follows: «Trường TH&THCS Lê Lợi»."""
    return before == ["Trường"] and bool(after) and _phrase_at(after, 0) is None


def proper(name: str) -> str:
    """The name in the letters of running prose, with the place in capitals.

    >>> proper("UBND TỈNH LÂM ĐỒNG"), proper("SỞ GIÁO DỤC VÀ ĐÀO TẠO")
    ('Ủy ban nhân dân tỉnh Lâm Đồng', 'Sở Giáo dục và Đào tạo')
    >>> proper("HUYỆN UỶ THANH OAI"), proper("TRƯỜNG ĐẠI HỌC CÔNG THƯƠNG")
    ('Huyện uỷ Thanh Oai', 'Trường Đại học Công Thương')
    """
    opened = open_abbreviations(name)
    place = _LEVEL.search(opened)
    if _prose(name) and not (place and place[2][0].islower()):
        return opened
    head = opened[: place.start()] if place else opened
    tail = opened[place.end() :] if place else ""
    said = " ".join(_cased(head.split()))
    committee = _COMMITTEE.search(said)
    if committee and committee.end() < len(said):
        owner = said[committee.end() :].strip()
        owned = offices.opening(owner, "bodies") > 0
        said = f"{said[: committee.end()]} {owner if owned else _titled(owner)}"
    if place:
        name_of_place = place[2]
        said = f"{said} {place[1].lower()} {_titled(name_of_place)}".strip()
        said += f" {_tail(tail)}" if tail.strip() else ""
    if (province := _province_at_end(said)) and not place:
        said = said[: len(said) - len(province)] + province
    return said[:1].upper() + said[1:]


def _tail(words: str) -> str:
    """What follows the first place of a name, which may be a larger one: «… huyện Thanh Sơn, tỉnh Phú Thọ»."""
    place = _LEVEL.match(words.strip())
    return f"{place[1].lower()} {_titled(place[2])}" if place else " ".join(_cased(words.split()))


def _joined(own: str, parent: str) -> str:
    """Both names, with words that end one and begin the other said once: «Văn phòng Đảng ủy / Đảng ủy xã …»."""
    mine, whole = own.split(), parent.split()
    for count in range(min(len(mine), len(whole)), 1, -1):
        if letters.fold(" ".join(mine[-count:])) == letters.fold(" ".join(whole[:count])):
            return " ".join([*mine, *whole[count:]])
    return f"{own} {parent}"


def _prose(name: str) -> bool:
    """Printed with capitals where prose has them, so nothing is to be put right."""
    capitals = sum(c.isupper() for c in name)
    return name[:1].isupper() and capitals * 2 < sum(c.isalpha() for c in name)


def _titled(place: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda match: _capital(match.group()), place)


def place_of(name: str) -> str | None:
    """The place a proper name carries, with its level: «tỉnh Lâm Đồng».

    >>> place_of("Ủy ban nhân dân tỉnh Lâm Đồng"), place_of("Thành ủy Hà Nội"), place_of("Bộ Nội vụ")
    ('tỉnh Lâm Đồng', None, None)
    """
    found = list(_LEVEL.finditer(name))
    return found[-1].group().strip() if found and not found[-1][2][0].islower() else None


def in_full(own: str, parent: str | None) -> str:
    """The body with the place that its parent's name gives, where its own gives none.

    >>> in_full("Sở Nội vụ", "Ủy ban nhân dân tỉnh Lâm Đồng"), in_full("Ban Tổ chức", "Thành ủy Hà Nội")
    ('Sở Nội vụ tỉnh Lâm Đồng', 'Ban Tổ chức Thành ủy Hà Nội')
    >>> in_full("Ban Thường vụ", "Liên đoàn Luật sư Việt Nam")
    'Ban Thường vụ Liên đoàn Luật sư Việt Nam'
    """
    if parent is None or place_of(own) or not offices.opening(own, "dependent"):
        return own
    organ = offices.opening(own, "organs") == len(own.split())
    committee = _COMMITTEE.match(parent)
    if committee and letters.fold(own).endswith((" tinh", " huyen", " xa", " phuong", " thanh pho")):
        # «Ban cán sự đảng UBND tỉnh» under «Tỉnh ủy …»
        level = own.rsplit(" ", 1)
        return f"{level[0]} {level[1].lower()}{parent[committee.end() :]}"
    council = parent.startswith("Hội đồng nhân dân") and own.startswith("Ban ")
    if organ or council or committee:
        return own if letters.fold(parent) in letters.fold(own) else _joined(own, parent)
    place = place_of(parent)
    if place is None:
        province = _province_at_end(parent) if parent.startswith("Sở ") else None
        return f"{own} {province}" if province and letters.fold(province) not in letters.fold(own) else own
    bare = place.split(" ", 1)[1]
    if letters.fold(bare) in letters.fold(own):
        return own
    level = place.split()[0]
    if letters.fold(own).endswith((" " + letters.fold(level), " thanh pho")):
        return f"{own} {bare.removeprefix('phố ')}"
    return f"{own} {place}"


# In folded letters: a name that ends with its place, so that what follows is another name.
_PLACED = re.compile(
    r"(?:^|\s)(?:(?:tinh|thanh pho|tp\.?|huyen|quan|thi xa|xa|phuong|thi tran|dac khu"
    r"|(?:tinh|thanh|huyen|quan|thi|dang) uy)"
    r"(?: (?!uy\b)[a-z]+){1,4}|(?:quan|phuong|quan khu) \d{1,2})$"
)
_LOWEST = re.compile(r"(?:HẠT|TRẠM|CHI CỤC|BỆNH VIỆN|TRUNG TÂM)\s")


def parted(line: str) -> list[str]:
    """The names of one flattened line: «UBND TỈNH LÂM ĐỒNG SỞ NỘI VỤ» holds two.

    >>> parted("UBND TỈNH LÂM ĐỒNG SỞ NỘI VỤ"), parted("BỘ TÀI CHÍNH TỔNG CỤC THUẾ")
    (['UBND TỈNH LÂM ĐỒNG', 'SỞ NỘI VỤ'], ['BỘ TÀI CHÍNH', 'TỔNG CỤC THUẾ'])
    >>> parted("VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH HÀ NAM"), parted("UBND THÀNH PHỐ HỘI AN")
    (['VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH HÀ NAM'], ['UBND THÀNH PHỐ HỘI AN'])
    """
    names, rest = [], line
    while at := _second_name(rest):
        names.append(rest[:at].rstrip())
        rest = rest[at:]
    return [*names, rest]


def _second_name(line: str) -> int:
    """Where a second name begins; 0 where the line holds one."""
    folded = letters.fold(line)
    loose = 0
    for match in re.finditer(r"\s(?=[^\W\d_]{2})", line):
        before, after = folded[: match.start()], line[match.end() :]
        if " " not in after or before.endswith(_OPEN):
            continue
        known = offices.opening(after, "bodies") or offices.opening(after, "bodies", folded=True)
        if not known or _LEVEL_ONLY.match(after):
            continue
        if _whole(before, line[: match.start()], after):
            return match.end()
        loose = loose or (match.end() if _PLACED.search(before) else 0)
    return loose


def _whole(before: str, printed: str, after: str) -> bool:
    """What stands before is a whole name: with its province, known without a place, or above what follows."""
    ends = before.split()
    if any(offices.is_province(" ".join(ends[-count:])) for count in (2, 3, 4) if len(ends) > count):
        return True
    if lexicon.name_key(printed) in _whole_names():
        return True
    party = before.startswith(("dang bo", "dang uy")) and _PARTY_BELOW.match(after)
    below = party or _LOWEST.match(after) or ("tong cuc" in before and after.startswith("CỤC "))
    return len(ends) > 2 and bool(below or before.endswith(_NATIONAL))


_NATIONAL = ("viet nam", "toi cao", "trung uong")
_PARTY_BELOW = re.compile(r"(?:ĐẢNG|HUYỆN|THỊ|THÀNH|QUẬN) (?:ỦY|UỶ)\s|CHI BỘ\s")
_OPEN = (" va", " cac", " cua", "-", "–", "—", ",", " cho", " ve")
_LEVEL_ONLY = re.compile(r"(?:huyện|thị xã|thành phố|quận)\s(?!ủy|uỷ|đoàn)", re.IGNORECASE)


@cache
def _whole_names() -> frozenset[str]:
    """Keys of bodies that are named without a place, or whose place their parent gives."""
    names = (name for body in lexicon.body_codes() for name in body.names)
    return frozenset(lexicon.name_key(name) for name in names if name.split()[0] in _WHOLE and " " in name)


_WHOLE = frozenset({"Bộ", "Sở", "Tổng", "Phòng", "Ngân", "Bảo", "Kho", "Tòa", "Viện", "Tập"})


def _province_at_end(name: str) -> str | None:
    """The province with which a name ends that does not say «tỉnh»: «Sở Y tế Quảng Nam»."""
    words = name.split()
    ends = (" ".join(words[-count:]) for count in (4, 3, 2) if len(words) > count + 1)
    return next((_titled(end) for end in ends if offices.is_province(letters.fold(end))), None)
