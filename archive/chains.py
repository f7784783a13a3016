"""Chains of certificates (chuỗi chứng thư): from a signer to an installed root, as of a moment.

The only module that names the path validator. Nothing is fetched; what revokes a certificate is in `revocation`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy

from archive.trust import Trust

_MOST = 200
"""Certificates taken from one file to build chains of: no honest file has more."""
_ANY_ALGORITHM = DisallowWeakAlgorithmsPolicy(frozenset(), rsa_key_size_threshold=512, dsa_key_size_threshold=512)
"""Weak algorithms get a verdict of their own, so they must not look like a missing chain."""
_NO_PAPERS = {
    ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING,
    ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING,
}  # fmt: skip
"""Purposes of machines and programs: a certificate that has no other is for no paper."""


@dataclass(frozen=True, slots=True)
class Chain:
    """How far a certificate leads."""

    certificates: tuple[x509.Certificate, ...] = ()
    """From the signer's up to the root; empty when no installed root is reached."""
    in_time: bool = False
    """Every certificate was within its validity at the moment asked."""
    problem: str | None = None
    """Why no root is reached, in Vietnamese."""

    @property
    def known(self) -> bool:
        """Whether an installed root is reached at all."""
        return bool(self.certificates)


def build(leaf: x509.Certificate, helpers: Iterable[bytes], trust: Trust, *, at: dt.datetime) -> Chain:
    """The chain of `leaf` as of `at`; `helpers` are certificates in DER that came with it."""
    if not trust.roots:
        return Chain(problem="chưa cài gốc tin cậy nào")
    others = _parsed(dict.fromkeys([*list(helpers)[:_MOST], *trust.others]))
    path, problem = _path(leaf, others, trust, at)
    if path:
        return Chain(path, in_time=True)
    margin = dt.timedelta(seconds=1)
    for moment in (leaf.not_valid_after_utc - margin, leaf.not_valid_before_utc + margin):
        path, _ = _path(leaf, others, trust, moment)
        if path:
            return Chain(path, in_time=False)
    return Chain(problem=problem)


def _path(
    leaf: x509.Certificate, others: list[asn1_x509.Certificate], trust: Trust, at: dt.datetime
) -> tuple[tuple[x509.Certificate, ...], str | None]:
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root) for root in trust.roots],
        other_certs=others,
        moment=at,
        allow_fetching=False,
        algorithm_usage_policy=_ANY_ALGORITHM,
    )
    validator = CertificateValidator(asn1_x509.Certificate.load(der(leaf)), validation_context=context)
    try:
        found = asyncio.run(validator.async_validate_path())
        path = [leaf]
        for certificate in reversed(list(found)):
            loaded = x509.load_der_x509_certificate(certificate.dump())
            if loaded != path[-1]:
                path.append(loaded)
    except (PathError, ValidationError, ValueError, TypeError, KeyError):
        return (), _unfounded(leaf, [*trust.roots, *(one.dump() for one in others)])
    return tuple(path), None


def _unfounded(leaf: x509.Certificate, known: Iterable[bytes]) -> str:
    """Why a certificate leads nowhere."""
    issuers = [one for one in map(x509.load_der_x509_certificate, known) if one.subject == leaf.issuer]
    if leaf.issuer == leaf.subject:
        return "chứng thư tự ký, không do nơi cấp nào bảo đảm"
    if not issuers:
        return "chuỗi chứng thư không dẫn đến gốc tin cậy nào đã cài"
    if not any(_issued(leaf, one) for one in issuers):
        return "chứng thư mang tên một nơi cấp đã biết nhưng không phải do nơi đó cấp"
    if not any(_authority(one) for one in issuers):
        return "chứng thư do một chứng thư không có quyền cấp ký ra"
    return "chuỗi chứng thư không dẫn đến gốc tin cậy nào đã cài"


def _issued(leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = _extension(certificate, x509.BasicConstraints)
    except ValueError:
        return False
    return constraints is None or constraints.ca


def _parsed(ders: Iterable[bytes]) -> list[asn1_x509.Certificate]:
    found = []
    for one in ders:
        try:
            x509.load_der_x509_certificate(one)  # one reader lets pass what another stumbles over later
            certificate = asn1_x509.Certificate.load(one)
            _ = certificate.subject.hashable, certificate.issuer.hashable, certificate.key_identifier
            found.append(certificate)
        except (ValueError, TypeError, KeyError):
            continue
    return found


def der(certificate: x509.Certificate) -> bytes:
    """The certificate's bytes."""
    return certificate.public_bytes(Encoding.DER)


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether it was issued to sign documents (RFC 5280: digitalSignature or nonRepudiation; no machine's purpose)."""
    try:
        usage = _extension(certificate, x509.KeyUsage)
        purposes = set(_extension(certificate, x509.ExtendedKeyUsage) or ())
    except ValueError:
        return False
    if purposes and purposes <= _NO_PAPERS:
        return False
    return usage is None or usage.digital_signature or usage.content_commitment


def _extension(certificate: x509.Certificate, kind: Any) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def may_stamp(certificate: x509.Certificate) -> bool:
    """Whether it is a time-stamping authority's (RFC 3161, 2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage
