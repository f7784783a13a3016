"""PDF signatures by their bytes alone: which stretch is signed, what was left out, whether the sum is right.

Needs no PDF parser, so the file's structure cannot lead it astray; what that says is another layer's work.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from mmap import mmap

from archive import cms

Bytes = bytes | mmap
Range = tuple[int, int, int, int]

_RANGE = re.compile(rb"/ByteRange[\x00\t\n\x0c\r ]{0,64}\[([\x00\t\n\x0c\r 0-9]{7,400})\]")
_TRACE = re.compile(
    rb"/SubFilter[\x00\t\n\x0c\r ]{0,64}/(?:adbe\.|ETSI\.)"
    rb"|/FT[\x00\t\n\x0c\r ]{0,64}/Sig\b|/SigFlags[\x00\t\n\x0c\r ]{1,64}[1-9]"
)
_HEX = re.compile(rb"<[0-9A-Fa-f\x00\t\n\x0c\r ]*>")
WRAPPED = "phần chừa ra ngoài chữ ký không chỉ là chữ ký: có nội dung được gói vào đó"
UNUSUAL = "phạm vi ký (ByteRange) bất thường, không bao trùm từ đầu tệp"
CHANGED_BYTES = "nội dung đã ký bị sửa: giá trị băm không khớp"
FORGED = "giá trị chữ ký không phải do khóa của chứng thư này tạo ra"
EXCHANGED = "chứng thư kèm theo không phải chứng thư mà người ký đã ghi trong chữ ký"
_SPACE = b"\x00\t\n\x0c\r "
_END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
_BLOCK = 1 << 20
_LONGEST = 16 << 20
"""Bytes of hexadecimal digits a signature may have."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What the bytes say of one signature."""

    range: tuple[int, ...]
    end: int | None
    """Where the signed revision ends; None when the range is no range of this file."""
    signed: cms.Signed | None
    intact: bool | None
    """The signed stretch has the digest that was signed. None: could not be computed, `problem` says why."""
    genuine: bool | None
    """`intact`, and the signature value is that of the key in the certificate."""
    problem: str | None = None
    """Why it is not genuine or could not be computed, in Vietnamese."""
    wrapped: bool = False
    """What the range leaves out is more than the signature's own digits."""
    variant: bool = False
    """Genuine in a form that not every reader accepts; see `cms.Outcome`."""

    @property
    def stamp(self) -> bool:
        """A time stamp over the document (RFC 3161), not the signature of a person or a body."""
        return self.signed is not None and self.signed.content_type == "tst_info"


def find(data: Bytes) -> tuple[tuple[int, ...], ...]:
    """The byte ranges written in the file, each once, in order of their end."""
    found = {tuple(map(int, match.group(1).split()))[:16] for match in _RANGE.finditer(data)}
    return tuple(sorted((one for one in found if any(one)), key=lambda one: (one[-2:], one)))


def traces(data: Bytes) -> bool:
    """Whether the bytes name a kind of PDF signature at all."""
    return _TRACE.search(data) is not None


def check(data: Bytes, numbers: tuple[int, ...]) -> Raw:
    """Compute the signature with this byte range again."""
    if len(numbers) != 4 or numbers[0] != 0 or not 0 < numbers[1] < numbers[2]:
        return Raw(numbers, None, None, None, None, UNUSUAL)
    placed: Range = (numbers[0], numbers[1], numbers[2], numbers[3])
    end = placed[2] + placed[3]
    if end > len(data):
        short = f"tệp thiếu {end - len(data)} byte so với phần đã ký"
        return Raw(numbers, None, None, False, False, f"{short}: bị cắt cụt hoặc đã được ghi lại bằng phần mềm khác")
    if placed[2] - placed[1] > _LONGEST:
        return Raw(numbers, None, None, None, None, "phần chừa ra ngoài chữ ký lớn bất thường")
    gap = data[placed[1] : placed[2]]
    held = _HEX.match(gap)
    named = data[max(0, placed[1] - 80) : placed[1]].rstrip(_SPACE).endswith(b"/Contents")
    wrapped = held is None or held.end() != len(gap) or not named
    try:
        signed = cms.parse(bytes.fromhex(_digits(held.group() if held else b"")))
        return _computed(data, placed, signed, wrapped=wrapped)
    except cms.Unparsed as problem:
        return Raw(numbers, end, None, None, None, WRAPPED if wrapped else str(problem), wrapped)


def _digits(gap: bytes) -> str:
    digits = gap[1:-1].translate(None, _SPACE).decode("ascii")
    return digits + "0" * (len(digits) % 2)


def _computed(data: Bytes, placed: Range, signed: cms.Signed, *, wrapped: bool) -> Raw:
    end = placed[2] + placed[3]
    if signed.content_type == "tst_info":
        algorithm, imprint, _ = cms.stamp_digest(signed)
        content, outcome = digest(data, placed, algorithm) == imprint, cms.holds_inside(signed)
    elif signed.content is not None:  # adbe.pkcs7.sha1: the SHA-1 of the range lies inside
        content, outcome = digest(data, placed, "sha1") == signed.content, cms.holds_inside(signed)
    elif signed.digest not in cms.HASHES:
        return Raw(placed, end, signed, None, None, f"thuật toán băm {signed.digest} chưa tính được")
    else:
        outcome = cms.holds(signed, digest(data, placed, signed.digest))
        content = outcome.content
    genuine = content and bool(outcome)
    problem = None if genuine else CHANGED_BYTES if not content else EXCHANGED if outcome.exchanged else FORGED
    return Raw(placed, end, signed, content, genuine, problem, wrapped, outcome.variant)


def digest(data: Bytes, placed: Range, algorithm: str) -> bytes:
    """The digest of the signed stretch."""
    made = hashlib.new(algorithm.replace("sha3_", "sha3-"), usedforsecurity=False)
    start, before, after, rest = placed
    with memoryview(data) as view:
        for begin, stop in ((start, start + before), (after, after + rest)):
            for at in range(begin, stop, _BLOCK):
                made.update(view[at : min(at + _BLOCK, stop)])
    return made.digest()


def tail(data: Bytes, end: int) -> int:
    """Bytes after the signed revision; the line end that belongs to its last line does not count.

    >>> tail(b"... %%EOF\\r\\n", 9), tail(b"... %%EOF\\n\\n", 9)
    (0, 2)
    """
    left = data[end : end + 3]
    ended = bytes(data[max(0, end - 5) : end]) == b"%%EOF"
    return 0 if ended and left in (b"\n", b"\r", b"\r\n") else len(data) - end


def after_last(data: Bytes, start: int) -> int:
    """Bytes after the end mark (%%EOF) that closes the newest revision; `start` is where its table ends."""
    found = _END.search(data, start)
    return len(data) - found.end() if found else len(data) - start
