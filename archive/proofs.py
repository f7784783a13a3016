"""The proofs that were kept with a document at its receipt: of help to whoever judges its signatures again."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography import x509

from archive import annex
from archive.objects import object_id, ours
from archive.trust import Trust
from archive.verdicts import Report

if TYPE_CHECKING:
    from archive.archive import Archive


def kept(archive: Archive, document: str) -> Report | None:
    """The report on a document's signatures as found at its receipt; None when none was kept."""
    data = archive.store.attached(object_id(document), ours(annex.SIGNATURES))
    try:
        return Report.from_json(json.loads(data)) if data else None
    except (ValueError, KeyError, TypeError):
        return None  # written by hand or by something else; `fixity` vouches for its bytes only


def helped(trust: Trust, report: Report | None) -> Trust:
    """What is trusted, with the chain and the revocation data of a report; no root comes from there."""
    signatures = report.signatures if report else ()
    chain = [base64.b64decode(one) for signature in signatures for one in signature.chain]
    proofs = [base64.b64decode(one) for signature in signatures for one in signature.proofs]
    crls = [data for data in proofs if _is_crl(data)]
    return replace(
        trust,
        others=tuple(dict.fromkeys((*trust.others, *(one for one in chain if one not in trust.roots)))),
        # The lists kept come last: those the operator installed are newer.
        crls=tuple(dict.fromkeys((*trust.crls, *crls))),
        ocsps=tuple(dict.fromkeys((*trust.ocsps, *(data for data in proofs if data not in crls)))),
    )


def _is_crl(data: bytes) -> bool:
    try:
        x509.load_der_x509_crl(data)
    except ValueError:
        return False
    return True
