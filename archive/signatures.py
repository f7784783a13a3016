"""Digital signatures of a file (chữ ký số): three layers to one verdict, never «valid» without proof.

The layers are the file's structure (`pades`), its bytes (`byteranges`) and its pictures (`shadow`); who
signed and when is asked of `chains`, `revocation` and `moments`. Reads only what it is given, fetches nothing.
"""

from __future__ import annotations

import datetime as dt
import mmap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive import amendments, byteranges, cms, opc_signatures, pades, signers, verdicts
from archive.byteranges import Raw
from archive.moments import Moments
from archive.pades import Structure, Structures
from archive.settings import HANOI
from archive.shadow import Compare, NotCompared, objections
from archive.signers import Evidence, Judged
from archive.trust import Trust
from archive.verdicts import Changes, Report, Signature, Verdict

_PDF = b"%PDF-"
_MOST = 200
"""Byte ranges looked at in one file: each costs a sum over all of it."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OLE_SIGNED = ("_signatures".encode("utf-16-le"), "_xmlsignatures".encode("utf-16-le"))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a verdict is given on."""

    trust: Trust
    at: dt.datetime
    """Now, or the moment asked about; aware."""
    known_since: dt.datetime | None = None
    """When the archive received these very bytes: proof that the signatures existed then."""
    compare: Compare | None = None
    """Pictures of the signed revision against the file; without it, no file with later revisions is valid."""


def verify(path: Path, terms: Terms) -> Report:
    """Everything there is to say of the signatures of a file; raises only for what the disk does."""
    with path.open("rb") as stream:
        if not stream.seek(0, 2):
            return Report(Verdict.UNSIGNED, (), terms.at)
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if _PDF in data[:1024]:
                return _pdf(bytes(data), terms)
            if data[:4] == _ZIP:
                return opc_signatures.verify(path, terms.trust, at=terms.at, known_since=terms.known_since)
            if data[:4] == _OLE and any(data.find(name) >= 0 for name in _OLE_SIGNED):
                return Report(Verdict.UNCHECKED, (), terms.at, "chưa biết kiểm tra chữ ký trong tệp Office đời cũ")
    return Report(Verdict.UNSIGNED, (), terms.at)


def _pdf(data: bytes, terms: Terms) -> Report:
    before, ranges = data.index(_PDF), byteranges.find(data)
    if before and any(byteranges.check(data, numbers).genuine for numbers in ranges[:_MOST]):
        reason = f"phần đã ký nguyên vẹn và gồm cả {before} byte đứng trước phần PDF"
        return Report(Verdict.UNCHECKED, (), terms.at, f"{reason}; chưa chắc mọi trình đọc hiểu tệp như nhau")
    data = data[before:]
    structures = pades.read(data)
    if len(ranges) + len(structures.found) > _MOST:
        reason = f"tệp ghi hơn {_MOST} phạm vi ký (ByteRange) nên chưa kiểm tra được"
        return Report(Verdict.UNCHECKED, (), terms.at, reason)
    # Several fields may name one range: the one whose own digits lie in the gap is the signature.
    known = {one.range: one for one in sorted(structures.found, key=lambda one: one.revision)}
    raws = {numbers: byteranges.check(data, numbers) for numbers in dict.fromkeys([*ranges, *known]) if numbers}
    file = _File(data, terms, structures, raws, before)
    in_order = sorted(raws.items(), key=lambda one: one[1].end or 0)
    pairs = [(raw, known.get(numbers)) for numbers, raw in in_order]
    found = [_signature(file, raw, structure) for raw, structure in pairs if _counts(file, raw, structure)]
    found += [_empty(one, Verdict.UNCHECKED, _NOTHING) for one in structures.found if not one.range]
    found += [_empty(one, Verdict.CHANGED, _COPIED) for one in structures.found if _copied(one, known)]
    if not found and (ranges or (structures.problem and byteranges.traces(data))):
        reason = structures.problem or "biểu mẫu của tệp không còn trường chữ ký"
        return Report(Verdict.UNCHECKED, (), terms.at, f"có dấu vết chữ ký số nhưng chưa đọc được: {reason}")
    return Report(verdicts.worst(tuple(found)), tuple(found), terms.at)


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    terms: Terms
    structures: Structures
    raws: dict[tuple[int, ...], Raw]
    before: int
    """Bytes in front of the PDF; places are counted from its header on."""

    @property
    def evidence(self) -> Evidence:
        return Evidence(
            self.terms.trust, self.structures.certificates, self.structures.crls, self.structures.ocsps
        )

    @property
    def moments(self) -> Moments:
        placed = {one.range for one in self.structures.found}
        stamps = tuple(raw for numbers, raw in self.raws.items() if raw.stamp and numbers in placed)
        return Moments(self.terms.at, self.terms.known_since, self.evidence, stamps)


def _counts(file: _File, raw: Raw, structure: Structure | None) -> bool:
    """Whether it is listed: leftovers that hold for nothing are not, nor are sound time stamps beside signatures."""
    if structure is None:
        return raw.genuine is True or bool(file.structures.problem)
    return not (raw.stamp and raw.genuine and _signed_too(file))


def _signed_too(file: _File) -> bool:
    """Whether the form holds a signature beside time stamps, or a field that claims to."""
    return any(one.range not in file.raws or not file.raws[one.range].stamp for one in file.structures.found)


def _copied(structure: Structure, known: Mapping[tuple[int, ...], Structure]) -> bool:
    """Whether a field holds a copy of another's signature, put in to look like one more."""
    other = known.get(structure.range)
    return bool(structure.range) and other is not structure and not (structure.revision or structure.problem)


_NOTHING = "chữ ký thiếu phạm vi ký hoặc nội dung chữ ký nên không kiểm tra được"
_COPIED = "ô này chép lại phạm vi ký của một chữ ký khác, bản thân nó không ký gì"


def _empty(structure: Structure, verdict: Verdict, reason: str) -> Signature:
    return Signature(
        signer=None, organisation=None, serial=None, signed_at=structure.claimed_at, timestamped=False,
        intact=None, trusted=False, coverage=None, changes=Changes.UNKNOWN, verdict=verdict,
        reason=_sentence(reason), field=structure.name,
    )  # fmt: skip


def _signature(file: _File, raw: Raw, structure: Structure | None) -> Signature:
    claimed = structure.claimed_at if structure else None
    judged = signers.judge(raw.signed, claimed, file.moments.of(raw), file.evidence) if raw.signed else Judged()
    if raw.stamp and raw.genuine:
        judged = _only_stamped(judged, raw)
    whole = raw.end is not None and not file.before and byteranges.tail(file.data, raw.end) == 0
    changes, objection = _changes(file, raw, structure) if raw.genuine else (Changes.UNKNOWN, None)
    verdict, reason = objection or (judged.verdict, judged.reason)
    if not raw.genuine:
        verdict = Verdict.BROKEN if raw.genuine is False else Verdict.UNCHECKED
        reason = raw.problem or ""
    sound = raw.genuine and structure and not whole
    notes = amendments.noted(file.structures, file.raws, structure) if sound and structure else ()
    if verdict is Verdict.VALID and notes:
        reason = "; ".join((reason, *notes))
    return Signature(
        signer=judged.signer, organisation=judged.organisation, serial=judged.serial,
        signed_at=judged.signed_at or claimed, timestamped=judged.timestamped, intact=raw.intact,
        trusted=judged.trusted,
        coverage=None if raw.end is None else "whole-file" if whole else "revision",
        changes=changes, verdict=verdict, reason=_sentence(reason), field=structure.name if structure else None,
        signed_bytes=None if file.before else raw.end, issuer=judged.issuer,
        not_before=judged.not_before, not_after=judged.not_after,
        proved_at=judged.proved_at, notes=(*notes, *judged.notes), chain=judged.chain, proofs=judged.proofs,
    )  # fmt: skip


def _only_stamped(judged: Judged, raw: Raw) -> Judged:
    """A time stamp alone proves since when the file is what it is, and that nobody signed it."""
    if judged.verdict not in (Verdict.VALID, Verdict.UNKNOWN_SIGNER) or raw.signed is None:
        return judged
    algorithm, _, at = cms.stamp_digest(raw.signed)
    weak = cms.weak_hash(algorithm)
    words = f"từ dấu thời gian {at.astimezone(HANOI):%d/%m/%Y %H:%M}, nhưng không có chữ ký của người hay cơ quan nào"
    if weak:
        return replace(judged, verdict=Verdict.WEAK, reason=f"tệp chưa thấy đổi {words}; tính trên {weak}")
    return replace(judged, verdict=Verdict.UNKNOWN_SIGNER, reason=f"tệp nguyên vẹn {words}", signed_at=at)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


Objection = tuple[Verdict, str] | None


def _changes(file: _File, raw: Raw, structure: Structure | None) -> tuple[Changes, Objection]:
    """What came after a genuine signature, and what that means for it."""
    if raw.wrapped:
        return Changes.OTHER, (Verdict.CHANGED, byteranges.WRAPPED)
    extra = byteranges.tail(file.data, raw.end or 0)
    if structure is None or (structure.problem and extra):
        return Changes.UNKNOWN, _unplaced(file, structure, extra)
    if structure.genuine is False and not raw.variant:
        return Changes.UNKNOWN, (Verdict.UNCHECKED, "hai cách tính chữ ký cho kết quả khác nhau")
    if file.before:
        return Changes.OTHER, (Verdict.CHANGED, f"có {file.before} byte thêm vào trước đầu tệp sau khi ký")
    if not extra:
        return Changes.NONE, None
    table = file.structures.last_table
    if structure.newest and table is not None and table > (raw.end or 0):
        return Changes.OTHER, (Verdict.CHANGED, "đối tượng chữ ký bị ghi lại trong một bản sửa đổi sau khi ký")
    if structure.newest:
        return Changes.OTHER, _appended(extra)
    if table is not None:
        extra = byteranges.after_last(file.data, table)
        if extra:
            return Changes.OTHER, _appended(extra)
    against = _against(file, raw, structure)
    changes = Changes.OTHER if against and against[0] is Verdict.CHANGED and structure.permitted else structure.changes
    return changes, against


def _unplaced(file: _File, structure: Structure | None, extra: int) -> Objection:
    problem = structure.problem if structure else file.structures.problem
    if problem:
        return Verdict.UNCHECKED, f"phần đã ký nguyên vẹn, nhưng chưa loại trừ được thay đổi về sau: {problem}"
    if not extra and not file.before:
        words = "phần đã ký nguyên vẹn, nhưng chữ ký không nằm trong ô chữ ký nào (như chữ ký cấp quyền cho trình đọc)"
        return Verdict.UNCHECKED, words
    return Verdict.CHANGED, "chữ ký đã bị gỡ khỏi biểu mẫu của tệp sau khi ký"


def _appended(extra: int) -> Objection:
    return Verdict.CHANGED, f"có {extra} byte nối thêm vào cuối tệp sau khi ký, không thuộc bản sửa đổi nào"


def _against(file: _File, raw: Raw, structure: Structure) -> Objection:
    """What speaks against the later revisions, the surest first."""
    update = structure.update
    if structure.changes is Changes.OTHER or update.overwritten or update.restyled or not structure.revision:
        return Verdict.CHANGED, amendments.named(file.structures, file.raws, structure)
    if not structure.permitted:
        allowed = amendments.ALLOWED.get(structure.allows or 1, amendments.ALLOWED[1])
        noted = amendments.noted(file.structures, file.raws, structure)
        return Verdict.CHANGED, f"{allowed}, nhưng " + "; ".join(noted)
    if update.unclear or file.terms.compare is None:
        return Verdict.UNCHECKED, "phần đã ký nguyên vẹn, nhưng chưa so được hình ảnh của bản đã ký với tệp hiện tại"
    unsound = {name for name in update.signed if not _sound(file, name)}
    refused = {area for name, area in update.signature_areas if name in unsound}
    areas = [area for area in update.areas if area not in refused]
    try:
        seen = objections(file.terms.compare(file.data[: raw.end], file.data, areas))
    except NotCompared as problem:
        return Verdict.UNCHECKED, f"phần đã ký nguyên vẹn, nhưng chưa so được hình ảnh với bản đã ký: {problem}"
    return (Verdict.CHANGED, "nội dung hiện ra đã bị thay sau khi ký: " + "; ".join(seen)) if seen else None


def _sound(file: _File, field: str) -> bool:
    ranges = [one.range for one in file.structures.found if one.name == field]
    return any(numbers in file.raws and file.raws[numbers].genuine for numbers in ranges)
