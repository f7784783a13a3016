"""Who signed and when, and whether that is proved: certificate, chain, time stamp, revocation."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509

from archive import chains, cms, revocation
from archive.chains import Chain
from archive.settings import HANOI
from archive.trust import Trust
from archive.verdicts import Verdict

_NAME = x509.NameOID
_EARLY, _LATE = dt.timedelta(days=1), dt.timedelta(hours=1)
"""How far a signer's clock may be before and after its time stamp without a word."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What chains and revocation are judged by: the installed trust, and what came with the file."""

    trust: Trust
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The signer's side of a signature; the verdict is the one of a file that was not changed."""

    verdict: Verdict = Verdict.UNCHECKED
    reason: str = ""
    signer: str | None = None
    organisation: str | None = None
    serial: str | None = None
    issuer: str | None = None
    signed_at: dt.datetime | None = None
    timestamped: bool = False
    trusted: bool = False
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    proved_at: dt.datetime | None = None
    notes: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Revoked:
    """What is known of the revocation of a chain."""

    at: dt.datetime | None
    checked_at: dt.datetime | None
    used: tuple[bytes, ...]


def judge(signed: cms.Signed, claimed: dt.datetime | None, moment: dt.datetime, evidence: Evidence) -> Judged:
    """Judge the signer of a genuine signature that is proved to have existed at `moment`."""
    claimed = signed.signed_at or claimed
    stamp, doubt = _stamp(signed, moment, evidence)
    gathered, weak = _gathered(signed, evidence), signed.weak
    if stamp and stamp.weak:
        doubt = f"dấu thời gian tính trên {stamp.weak} nên không còn chứng minh được gì"
        without = settle(signed.certificate, gathered, weak=weak, claimed=claimed, proved=moment, doubt=doubt)
        if without.verdict is Verdict.VALID:
            return without
        weak = weak or stamp.weak
    return settle(
        signed.certificate, gathered, weak=weak, claimed=claimed, proved=min(moment, stamp.at) if stamp else moment,
        stamped_at=stamp.at if stamp else None, doubt=doubt,
    )  # fmt: skip


def settle(
    certificate: x509.Certificate, evidence: Evidence, *, weak: str | None, claimed: dt.datetime | None,
    proved: dt.datetime, stamped_at: dt.datetime | None = None, doubt: str | None = None,
) -> Judged:  # fmt: skip
    """The verdict on a certificate that signed by `proved` at the latest; `doubt`: what is wrong with a time stamp."""
    chain = chains.build(certificate, evidence.certificates, evidence.trust, at=proved)
    revoked = _revocation(chain, evidence)
    verdict, reason = _verdict(certificate, chain, revoked, weak, proved, stamped_at)
    doubt = "; ".join(filter(None, (doubt, _clock(certificate, claimed, stamped_at)))) or None
    notes = (*((doubt,) if doubt else ()), _revocation_note(chain, revoked))
    return Judged(
        verdict=verdict,
        reason="; ".join(part for part in (reason, doubt) if part),
        signer=_named(certificate.subject, _NAME.COMMON_NAME),
        organisation=_named(certificate.subject, _NAME.ORGANIZATION_NAME, _NAME.ORGANIZATIONAL_UNIT_NAME),
        serial=f"{certificate.serial_number:X}",
        issuer=_named(certificate.issuer, _NAME.COMMON_NAME, _NAME.ORGANIZATION_NAME),
        signed_at=stamped_at or claimed,
        timestamped=stamped_at is not None,
        trusted=chain.known,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        proved_at=proved,
        notes=tuple(note for note in notes if note),
        chain=tuple(_text(chains.der(one)) for one in chain.certificates or (certificate,)),
        proofs=tuple(_text(one) for one in dict.fromkeys(revoked.used)),
    )


def stamp_trusted(signed: cms.Signed, moment: dt.datetime, evidence: Evidence) -> bool:
    """Whether a time stamp is one of an authority under an installed root, good at `moment`."""
    if signed.weak or not chains.may_stamp(signed.certificate):
        return False
    gathered = _gathered(signed, evidence)
    chain = chains.build(signed.certificate, gathered.certificates, evidence.trust, at=moment)
    revoked = _revocation(chain, gathered)
    return chain.in_time and not (revoked.at and revoked.at <= moment)


def _stamp(signed: cms.Signed, moment: dt.datetime, evidence: Evidence) -> tuple[cms.Stamp | None, str | None]:
    """The time stamp where it proves something; otherwise what is wrong with it."""
    if signed.token is None:
        return None, None
    try:
        stamp = cms.stamp(signed.token, signed.value)
    except cms.Unparsed as problem:
        return None, f"dấu thời gian chưa đọc được: {problem}"
    if stamp is None:
        return None, "dấu thời gian không khớp với chữ ký"
    if stamp.at > moment + dt.timedelta(minutes=5):
        return None, "dấu thời gian ghi một lúc chưa tới"
    if not stamp_trusted(stamp.signed, moment, evidence):
        return None, "dấu thời gian của nơi cấp chưa được tin cậy nên không tính"
    return stamp, None


def _gathered(signed: cms.Signed, evidence: Evidence) -> Evidence:
    return Evidence(
        evidence.trust,
        (*signed.others, *evidence.certificates),
        (*evidence.trust.crls, *signed.crls, *evidence.crls),
        (*evidence.trust.ocsps, *signed.ocsps, *evidence.ocsps),
    )


def _revocation(chain: Chain, evidence: Evidence) -> _Revoked:
    pairs = list(zip(chain.certificates, chain.certificates[1:], strict=False))
    found = [revocation.standing(one, issuer, crls=evidence.crls, ocsps=evidence.ocsps) for one, issuer in pairs]
    return _Revoked(
        at=min((one.revoked_at for one in found if one.revoked_at), default=None),
        checked_at=found[0].checked_at if found else None,
        used=tuple(data for one in found for data in one.used),
    )


def _verdict(
    certificate: x509.Certificate, chain: Chain, revoked: _Revoked, weak: str | None, proved: dt.datetime,
    stamped_at: dt.datetime | None,
) -> tuple[Verdict, str]:  # fmt: skip
    if not chain.known:
        if weak:
            return Verdict.WEAK, f"{_weakly(weak)}; {chain.problem}"
        ends = certificate.not_valid_after_utc
        late = f"; chứng thư hết hạn {_day(ends)}" if proved > ends else ""
        return Verdict.UNKNOWN_SIGNER, f"phần đã ký nguyên vẹn; {chain.problem}{late}"
    if revoked.at and revoked.at <= proved:
        return Verdict.EXPIRED, f"chứng thư bị thu hồi từ {_day(revoked.at)}, không có bằng chứng đã ký trước đó"
    if not chain.in_time:
        return Verdict.EXPIRED, _out_of_time(chain.certificates, proved)
    weak = weak or next(filter(None, map(cms.weak_certificate, chain.certificates[:-1])), None)
    if weak:
        return Verdict.WEAK, _weakly(weak)
    if not chains.may_sign(certificate):
        return Verdict.UNKNOWN_SIGNER, "phần đã ký nguyên vẹn, nhưng chứng thư không được cấp để ký văn bản"
    return Verdict.VALID, _proof(chain, revoked, proved, stamped_at)


def _clock(certificate: x509.Certificate, claimed: dt.datetime | None, stamped_at: dt.datetime | None) -> str | None:
    """What is wrong with the time that the signer's own clock says."""
    if claimed is None:
        return None
    said = f"giờ máy của người ký ghi {_day(claimed)}"
    if not certificate.not_valid_before_utc <= claimed <= certificate.not_valid_after_utc:
        return f"{said}, ngoài thời hạn chứng thư, nên không đáng tin"
    if stamped_at and not -_EARLY <= claimed - stamped_at <= _LATE:
        return f"{said}, lệch với dấu thời gian"
    return None


def _weakly(weak: str) -> str:
    return f"phần đã ký nguyên vẹn nhưng ký bằng {weak}, nay không còn đủ an toàn"


def _out_of_time(certificates: Sequence[x509.Certificate], proved: dt.datetime) -> str:
    for one in certificates:
        if proved > one.not_valid_after_utc:
            return f"chứng thư hết hạn {_day(one.not_valid_after_utc)}, không có bằng chứng đã ký trước đó"
        if proved < one.not_valid_before_utc:
            return f"chứng thư chỉ có hạn từ {_day(one.not_valid_before_utc)}, sau lúc ký"
    return "chứng thư không trong thời hạn"


def _proof(chain: Chain, revoked: _Revoked, proved: dt.datetime, stamped_at: dt.datetime | None) -> str:
    root = _named(chain.certificates[-1].subject, _NAME.COMMON_NAME, _NAME.ORGANIZATION_NAME)
    time = f"còn hạn lúc ký ({_day(stamped_at)}, có dấu thời gian)" if stamped_at else f"còn hạn {_day(proved)}"
    words = [f"phần đã ký nguyên vẹn; chứng thư dẫn đến gốc tin cậy «{root}», {time}"]
    if revoked.at:
        words.append(f"bị thu hồi từ {_day(revoked.at)}, sau lúc ký đã được chứng minh")
    elif revoked.checked_at is None:
        words.append("chưa có dữ liệu thu hồi để đối chiếu")
    return "; ".join(words)


def _revocation_note(chain: Chain, revoked: _Revoked) -> str | None:
    if not chain.known:
        return None
    if revoked.checked_at is None:
        return "chưa có dữ liệu thu hồi để đối chiếu"
    return None if revoked.at else f"không bị thu hồi theo dữ liệu {_day(revoked.checked_at)}"


def common_name(certificate: x509.Certificate) -> str | None:
    """Whom a certificate names."""
    return _named(certificate.subject, _NAME.COMMON_NAME)


def _named(name: x509.Name, *kinds: x509.ObjectIdentifier) -> str | None:
    for kind in kinds:
        values = name.get_attributes_for_oid(kind)
        if values:
            return str(values[-1].value).strip() or None
    return None


def _day(at: dt.datetime) -> str:
    return f"ngày {at.astimezone(HANOI):%d/%m/%Y}"


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode("ascii")
