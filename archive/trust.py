"""Roots that the operator installed (gốc tin cậy): a folder of certificates and revocation lists, nothing else.

Nothing is shipped and nothing is fetched. A certificate that is not its own issuer helps to build chains
but is no root, however it came into the folder.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from archive.errors import Unreadable

_LARGEST = 64 << 20  # bytes; revocation lists of a large authority have some MiB
_PEM = re.compile(rb"-----BEGIN (?:X509 CRL|CERTIFICATE)-----[A-Za-z0-9+/=\s]+-----END [A-Z0-9 ]{3,30}-----")


@dataclass(frozen=True, slots=True)
class Root:
    """One installed root, as the administrator sees it."""

    name: str
    fingerprint: str
    """SHA-256 of the certificate, hexadecimal."""
    not_after: dt.datetime


@dataclass(frozen=True, slots=True)
class Trust:
    """What chains may end in and be built of; certificates and lists in DER."""

    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    """Intermediate certificates: of help, not trusted."""
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    """Answers of authorities, as kept with documents; none are read from the folder."""
    unread: tuple[str, ...] = ()
    """Files of the folder that are neither certificate nor list."""

    def listed(self) -> tuple[Root, ...]:
        """The roots with their fingerprints, for the administrator to compare with what the authority prints."""
        return tuple(_listed(x509.load_der_x509_certificate(root)) for root in self.roots)


def load(folder: Path) -> Trust:
    """The trust of a folder (DER or PEM); an absent folder trusts nobody. Raises Unreadable."""
    roots: list[bytes] = []
    others: list[bytes] = []
    crls: list[bytes] = []
    unread: list[str] = []
    for path in _files(folder):
        certificates, lists = _read(path)
        for certificate in certificates:
            kept = roots if _own_issuer(certificate) else others
            kept.append(certificate.public_bytes(Encoding.DER))
        crls += lists
        if not certificates and not lists:
            unread.append(path.name)
    return Trust(
        tuple(dict.fromkeys(roots)), tuple(dict.fromkeys(others)), tuple(dict.fromkeys(crls)), unread=tuple(unread)
    )


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise Unreadable(path=folder, reason=problem.strerror) from problem


def _read(path: Path) -> tuple[list[x509.Certificate], list[bytes]]:
    try:
        if path.stat().st_size > _LARGEST:
            return [], []
        data = path.read_bytes()
    except OSError as problem:
        raise Unreadable(path=path, reason=problem.strerror) from problem
    blocks = _PEM.findall(data)
    certificates: list[x509.Certificate] = []
    lists: list[bytes] = []
    for block in blocks or [data]:
        certificate = _certificate(block)
        if certificate is not None:
            certificates.append(certificate)
            continue
        crl = _crl(block)
        if crl is not None:
            lists.append(crl.public_bytes(Encoding.DER))
    return certificates, lists


def _certificate(data: bytes) -> x509.Certificate | None:
    loader = x509.load_pem_x509_certificate if data.startswith(b"-") else x509.load_der_x509_certificate
    try:
        return loader(data)
    except ValueError:
        return None


def _crl(data: bytes) -> x509.CertificateRevocationList | None:
    loader = x509.load_pem_x509_crl if data.startswith(b"-") else x509.load_der_x509_crl
    try:
        return loader(data)
    except ValueError:
        return None


def _own_issuer(certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _listed(certificate: x509.Certificate) -> Root:
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return Root(name, certificate.fingerprint(hashes.SHA256()).hex(), certificate.not_valid_after_utc)
