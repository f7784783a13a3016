"""When a signature is proved to have existed: receipt by the archive, time stamps over it, now at the latest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from archive import cms, signers
from archive.byteranges import Raw
from archive.signers import Evidence


@dataclass(frozen=True, slots=True)
class Moments:
    """Proofs of existence that hold for a file."""

    at: dt.datetime
    known_since: dt.datetime | None
    evidence: Evidence
    stamps: tuple[Raw, ...] = ()
    """Time stamps over the document as a whole."""

    def of(self, raw: Raw) -> dt.datetime:
        """The earliest moment proved for a signature without looking at its own time stamp.

        A later stamp proves that an earlier one existed, so that its authority need only have been good by then.
        """
        moment = min(self.at, self.known_since or self.at)
        later = [one for one in self.stamps if one.end and raw.end and one.end > raw.end and one.genuine]
        for one in sorted(later, key=lambda stamp: stamp.end or 0, reverse=True):
            assert one.signed is not None
            algorithm, _, at = cms.stamp_digest(one.signed)
            if cms.weak_hash(algorithm) is None and signers.stamp_trusted(one.signed, moment, self.evidence):
                moment = min(moment, at)
        return moment
