"""What can be said of the digital signatures (chữ ký số) of one file: separate facts and a verdict, kept as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from archive.settings import HANOI


class Verdict(StrEnum):
    """The words of `vankho verify`; the order is from best to worst."""

    UNSIGNED = "unsigned"
    VALID = "valid"
    """Proved: intact, strong, chain to an installed root, certificate good at a proven time, no change that matters."""
    UNKNOWN_SIGNER = "intact-unknown-signer"
    """Intact, but no chain leads to an installed root."""
    WEAK = "weak-algorithm"
    """Intact as far as a broken algorithm can tell."""
    EXPIRED = "expired-or-revoked"
    """Intact and the chain is known, but no proof that it was signed while the certificate was good."""
    UNCHECKED = "could-not-check"
    """We do not know; never said of a signature proved false."""
    CHANGED = "changed-after-signing"
    """The signature holds for what was signed, and the file now says or shows something else."""
    BROKEN = "broken"
    """Proved not to be the signature of these bytes."""


_SEVERITY = tuple(Verdict)


class Changes(StrEnum):
    """What was added after the signed revision."""

    NONE = "none"
    LTA = "lta"
    """Proofs for the long term: certificates, revocation lists, time stamps."""
    FORM = "form"
    """Fields filled in or further signatures."""
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature and everything found about it. None: not known."""

    signer: str | None
    """Common name of the certificate."""
    organisation: str | None
    serial: str | None
    """Of the certificate, hexadecimal."""
    signed_at: dt.datetime | None
    """Proved by a time stamp when `timestamped`, else as the signer's own clock says."""
    timestamped: bool
    intact: bool | None
    """What was signed is what the signed bytes are now. None: could not be worked out."""
    trusted: bool
    """A chain leads to a root that the operator installed."""
    coverage: str | None
    """`whole-file` or `revision`: bytes follow that the signature does not cover."""
    changes: Changes
    verdict: Verdict
    reason: str
    """Why, in Vietnamese."""
    field: str | None = None
    """Name of the form field, or of the package part, that holds it."""
    signed_bytes: int | None = None
    """Length of the signed revision: the file's first so many bytes are what was signed."""
    issuer: str | None = None
    """Common name of the authority that issued the certificate."""
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    proved_at: dt.datetime | None = None
    """Earliest instant at which the signature is proved to have existed."""
    notes: tuple[str, ...] = ()
    """Further facts for people: fields filled in, later signatures, revocation data used."""
    chain: tuple[str, ...] = ()
    """Certificates from the signer up to the root, base64 of DER, to be kept as proof."""
    proofs: tuple[str, ...] = ()
    """CRLs and OCSP answers that were used, base64 of DER."""

    def public(self) -> dict[str, Any]:
        """As `verify --json` prints it."""
        shown = (
            "signer", "organisation", "serial", "signed_at", "timestamped", "intact", "trusted", "coverage",
            "changes", "verdict", "reason",
        )  # fmt: skip
        return {name: _plain(getattr(self, name)) for name in shown}


@dataclass(frozen=True, slots=True)
class Report:
    """The signatures of one version as seen at one time."""

    verdict: Verdict
    """The worst of its signatures."""
    signatures: tuple[Signature, ...] = ()
    checked_at: dt.datetime | None = None
    reason: str | None = None
    """Why nothing can be said of the file as a whole; None when the signatures speak for themselves."""

    def public(self, file: str) -> dict[str, Any]:
        """As `verify --json` prints it."""
        return {
            "file": file,
            "verdict": str(self.verdict),
            "signatures": [signature.public() for signature in self.signatures],
        }

    def to_json(self) -> dict[str, Any]:
        """Everything, of plain JSON values; `from_json` gives the same report back."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Report:
        """The report that `to_json` wrote. KeyError, ValueError and TypeError when it is none.

        >>> report = Report(Verdict.UNSIGNED, (), dt.datetime(2024, 5, 1, tzinfo=HANOI))
        >>> Report.from_json(report.to_json()) == report
        True
        """
        return cls(
            verdict=Verdict(value["verdict"]),
            signatures=tuple(_signature(one) for one in value["signatures"]),
            checked_at=_instant(value["checked_at"]),
            reason=value["reason"],
        )


def worst(signatures: tuple[Signature, ...]) -> Verdict:
    """The verdict on a file with these signatures.

    >>> str(worst(()))
    'unsigned'
    """
    return max((one.verdict for one in signatures), key=_SEVERITY.index, default=Verdict.UNSIGNED)


def _signature(value: Mapping[str, Any]) -> Signature:
    known = {one.name: value[one.name] for one in fields(Signature)}
    for name in ("signed_at", "not_before", "not_after", "proved_at"):
        known[name] = _instant(known[name])
    for name in ("notes", "chain", "proofs"):
        known[name] = tuple(known[name])
    known["changes"], known["verdict"] = Changes(known["changes"]), Verdict(known["verdict"])
    return Signature(**known)


def _instant(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(HANOI).isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
