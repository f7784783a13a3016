"""What revokes a certificate (thu hồi): lists (CRL) and answers (OCSP) that lie at hand, however old.

A revocation stays true after the list that says so has run out; only its being *newest* needs a fresh list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

_MOST = 50
"""Answers looked at for one certificate, and lists of its issuer's: those of others do not push them out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the data at hand say of one certificate."""

    revoked_at: dt.datetime | None = None
    checked_at: dt.datetime | None = None
    """As of when the newest list or answer speaks; None when there is none."""
    used: tuple[bytes, ...] = ()
    """The lists and answers that speak of it, DER."""


def standing(
    certificate: x509.Certificate, issuer: x509.Certificate, *, crls: Iterable[bytes], ocsps: Iterable[bytes]
) -> Standing:
    """What is known of a certificate; only data signed by its issuer, or by whom the issuer named, count."""
    found = [*_lists(certificate, issuer, crls), *_answers(certificate, issuer, ocsps)]
    revoked = [at for at, _, _ in found if at is not None]
    return Standing(
        revoked_at=min(revoked, default=None),
        checked_at=max((as_of for _, as_of, _ in found), default=None),
        used=tuple(data for _, _, data in found),
    )


Word = tuple[dt.datetime | None, dt.datetime, bytes]


def _lists(certificate: x509.Certificate, issuer: x509.Certificate, crls: Iterable[bytes]) -> Iterator[Word]:
    looked_at = 0
    for data in crls:
        try:
            crl = x509.load_der_x509_crl(data)
            if crl.issuer != certificate.issuer or looked_at >= _MOST:
                continue
            looked_at += 1
            if not crl.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
                continue
            entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue  # a list that cannot be read says nothing
        yield _revoked(entry), crl.last_update_utc, data


def _revoked(entry: x509.RevokedCertificate | None) -> dt.datetime | None:
    if entry is None:
        return None
    try:
        for extension in entry.extensions:
            value = extension.value
            if isinstance(value, x509.CRLReason) and value.reason is x509.ReasonFlags.remove_from_crl:
                return None
            if isinstance(value, x509.InvalidityDate):
                return min(value.invalidity_date_utc, entry.revocation_date_utc)
    except ValueError:
        pass  # extensions that cannot be read take nothing from the entry
    return entry.revocation_date_utc


def _answers(certificate: x509.Certificate, issuer: x509.Certificate, ocsps: Iterable[bytes]) -> Iterator[Word]:
    for data in list(ocsps)[:_MOST]:
        try:
            response = ocsp.load_der_ocsp_response(data)
            if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL or not _speaks(response, issuer):
                continue
            for one in response.responses:
                if _about(one, certificate, issuer) and one.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN:
                    yield one.revocation_time_utc, one.this_update_utc, data
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue  # an answer that cannot be read says nothing


def _about(one: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    made = hashes.Hash(one.hash_algorithm)
    made.update(issuer.subject.public_bytes())
    return one.serial_number == certificate.serial_number and one.issuer_name_hash == made.finalize()


def _speaks(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Whether the issuer signed the answer, or one it issued for that purpose (RFC 6960, 4.2.2.2)."""
    if _signed_by(response, issuer):
        return True
    for delegate in response.certificates:
        try:
            delegate.verify_directly_issued_by(issuer)
            usage = delegate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        if ExtendedKeyUsageOID.OCSP_SIGNING in usage and _signed_by(response, delegate):
            return True
    return False


def _signed_by(response: ocsp.OCSPResponse, certificate: x509.Certificate) -> bool:
    key, algorithm = certificate.public_key(), response.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
